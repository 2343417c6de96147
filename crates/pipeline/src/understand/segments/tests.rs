//! In which order segments are evaluated, and what is fresh.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use clientele_model::spec::segment::{Vocabulary, parse};
use clientele_model::{RunId, Text};

use super::definition::{Definition, Kind};
use super::order::{order, users};
use super::state::{Evaluation, Outcome, State, states};
use super::{SegmentError, given};

fn at() -> chrono::NaiveDateTime {
    NaiveDate::from_ymd_opt(2025, 7, 1).and_then(|d| d.and_hms_opt(12, 0, 0)).expect("a time")
}

/// Segments with the rules that they have: `a` names `b` and `c` as `("a", "b c")`.
fn definitions(named: &[(&str, &str)]) -> Vec<Definition> {
    let names = Vocabulary {
        segments: named.iter().map(|(id, _)| (*id).to_owned()).collect(),
        ..Vocabulary::default()
    };
    let definition = |(id, others): &(&str, &str)| {
        let conditions = others.split_whitespace().map(|other| format!("segment({other})"));
        let rule =
            std::iter::once("name is known".to_owned()).chain(conditions).collect::<Vec<_>>().join(" and ");
        Definition {
            id: (*id).to_owned(),
            version: 1,
            kind: Kind::Rule,
            name: Text::new(*id, *id),
            tree: Some(parse(&rule, &names).expect("a rule")),
            rule: Some(rule),
            note: None,
            made_at: at(),
            listed: None,
        }
    };
    named.iter().map(definition).collect()
}

fn by_id(all: &[Definition]) -> BTreeMap<&str, &Definition> {
    all.iter().map(|d| (d.id.as_str(), d)).collect()
}

fn wanted(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn segments_come_after_those_that_they_name() {
    let all = definitions(&[("a", "b c"), ("b", "d"), ("c", "b"), ("d", ""), ("e", "")]);
    let all = by_id(&all);
    assert_eq!(order(&all, wanted(&["a"])).expect("an order"), ["d", "b", "c", "a"]);
    assert_eq!(order(&all, wanted(&["e", "c", "a"])).expect("an order"), ["e", "d", "b", "c", "a"]);
    assert_eq!(users(&all, "b"), ["a", "c"]);
}

#[test]
fn circles_are_named() {
    for (named, path) in [
        (&[("a", "a")][..], &["a", "a"][..]),
        (&[("a", "b"), ("b", "c"), ("c", "a")], &["a", "b", "c", "a"]),
        (&[("a", "b"), ("b", "c"), ("c", "b")], &["b", "c", "b"]),
    ] {
        let all = definitions(named);
        match order(&by_id(&all), wanted(&["a"])) {
            Err(SegmentError::Cycle { path: found }) => assert_eq!(found, path),
            other => panic!("{other:?}"),
        }
    }
    // A long chain is no circle, and no recursion.
    let ids: Vec<String> = (0..5000).map(|i| format!("s{i}")).collect();
    let chain: Vec<(&str, &str)> = ids
        .iter()
        .enumerate()
        .map(|(i, id)| (id.as_str(), ids.get(i + 1).map_or("", String::as_str)))
        .collect();
    let all = definitions(&chain);
    assert_eq!(order(&by_id(&all), wanted(&["s0"])).expect("an order").len(), 5000);
}

fn evaluation(number: u64, segment: &str, run: &str, outcome: Outcome) -> Evaluation {
    Evaluation {
        number,
        segment: segment.into(),
        version: 1,
        run: RunId::new(run),
        as_of: "2025-07-01".into(),
        outcome,
        message: None,
        started_at: at(),
        finished_at: None,
        members: 0,
        entered: 0,
        left: 0,
    }
}

#[test]
fn what_is_fresh_depends_on_run_definition_and_what_is_named() {
    use Outcome::{Done, Failed, Running};
    let mut all = definitions(&[("a", "b"), ("b", ""), ("c", ""), ("d", "")]);
    let run = RunId::new("r0002");
    let made = [
        evaluation(1, "c", "r0001", Done),
        evaluation(2, "a", "r0002", Done),
        evaluation(2, "b", "r0002", Done),
    ];
    let state = |all: &[Definition], made: &[Evaluation], written: bool, id: &str| {
        states(&by_id(all), made, Some(&run), written)[id]
    };
    assert_eq!(state(&all, &made, false, "a"), State::Fresh);
    assert_eq!(state(&all, &made, false, "c"), State::Stale, "there is a newer run");
    assert_eq!(state(&all, &made, false, "d"), State::Stale, "it was never evaluated");

    let later = [&made[..], &[evaluation(3, "b", "r0002", Done)]].concat();
    assert_eq!(state(&all, &later, false, "a"), State::Stale, "what it names was evaluated later");
    let running = [&made[..], &[evaluation(3, "b", "r0002", Running)]].concat();
    assert_eq!(state(&all, &running, true, "b"), State::Running);
    assert_eq!(state(&all, &running, false, "b"), State::Failed, "nobody is at it any more");
    let failed = [&made[..], &[evaluation(3, "b", "r0002", Failed)]].concat();
    assert_eq!(state(&all, &failed, false, "b"), State::Failed);
    assert_eq!(state(&all, &failed, false, "a"), State::Stale);

    all[1].version = 2;
    assert_eq!(state(&all, &made, false, "b"), State::Stale, "there is a newer definition");
    assert_eq!(state(&all, &made, false, "a"), State::Stale, "what it names has one");
}

#[test]
fn cells_are_read_as_imports_read_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("list.csv");
    let text = "mobile\n138 0013 8000\n+86 138 0013 8000\n\n12\nnone at all\n";
    std::fs::write(&path, text).expect("a file");
    let rows = given::read(&path, None, None, Some(rlibphonenumber::Region::CN)).expect("rows");
    let found: Vec<_> = rows.iter().map(|g| (g.phone.as_deref(), g.repeats.is_some(), g.problem)).collect();
    assert_eq!(found[0], (Some("+8613800138000"), false, None));
    assert_eq!(found[1], (Some("+8613800138000"), true, None));
    assert!(found.contains(&(Some("12"), false, None)), "{found:?}");
    assert_eq!(found.last(), Some(&(None, false, Some(given::RowProblem::NoPhone))));
}
