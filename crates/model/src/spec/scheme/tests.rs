//! Documents of every kind are read, and each mistake is told with its line and cure.

use super::*;

/// What every scheme says of itself; 7 lines.
pub(super) const HEAD: &str = r#"id = "mine"
version = 1
name = { en = "Mine", zh = "我的" }
question = { en = "Whose?", zh = "谁的？" }
origin = { en = "Ours.", zh = "自有。" }
rule = { en = "As below.", zh = "如下。" }
kind = "#;

/// What to do; five lines.
pub(super) const PLAY: &str = r#"goal = { en = "Keep.", zh = "保持。" }
owner = "sales"
actions = [{ en = "Call.", zh = "致电。", channel = "phone", cadence = "monthly" }]
offer = { en = "No offer: service.", zh = "无优惠：重服务。" }
kpi = { en = "Half stay a year.", zh = "一年留存过半。" }
"#;

fn tier(id: &str, keys: &str) -> String {
    format!("[[tiers]]\nid = \"{id}\"\n{keys}\nname = {{ en = \"{id}\", zh = \"层\" }}\n{PLAY}")
}

pub(super) fn document(kind: &str, keys: &str, tiers: &[(&str, &str)]) -> String {
    let tiers: String = tiers.iter().map(|(id, keys)| tier(id, keys)).collect();
    format!("{HEAD}\"{kind}\"\n{keys}\n{tiers}")
}

pub(super) fn read(text: &str) -> Scheme {
    Scheme::parse("mine.toml", text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub(super) fn refused(text: &str) -> String {
    match Scheme::parse("mine.toml", text) {
        Ok(scheme) => panic!("{scheme:?} was read from\n{text}"),
        Err(error) => error.told_in_both(),
    }
}

const SCORES: &str = r#"[[scores]]
digit = "r"
metric = "recency_days"
method = "bands"
cuts = [30, 90]
best = "low"
labels = ["1", "2", "3"]
[[scores]]
digit = "f"
metric = "frequency"
method = "split"
at = "median"
best = "high"
"#;

const POINTS: &str = r#"[[points]]
metric = "frequency"
method = "bands"
cuts = [2, 4]
points = [0, 1, 2]
weight = 2
[[points]]
when = "monetary > 10"
points = 1.5
"#;

#[test]
fn every_kind_is_read() {
    let bands = document("bands", "metric = \"frequency\"", &[("b", "min = 2"), ("a", "below = 2")]);
    let expected = vec![(Some(2.0), None), (None, Some(2.0))];
    assert_eq!(read(&bands).rule, Rule::Bands { metric: "frequency".into(), bounds: expected });

    let quantiles = document("quantiles", "metric = \"monetary\"\nbest = \"low\"", &[("b", ""), ("a", "")]);
    let rule = Rule::Quantiles { metric: "monetary".into(), best: Best::Low, shares: vec![0.5, 0.5] };
    assert_eq!(read(&quantiles).rule, rule);

    let share = document("share", "metric = \"monetary\"", &[("a", "until = 0.8"), ("b", "until = 1")]);
    assert_eq!(read(&share).rule, Rule::Share { metric: "monetary".into(), until: vec![0.8, 1.0] });

    let rules = document(
        "rules",
        "needs = [\"frequency\"]",
        &[("a", "when = \"frequency > 1\""), ("b", "otherwise = true")],
    );
    let rule = Rule::Rules { needs: vec!["frequency".into()], when: vec!["frequency > 1".into()] };
    assert_eq!(read(&rules).rule, rule);

    let Rule::Scorecard { points, least } =
        read(&document("scorecard", POINTS, &[("a", "min_points = 3"), ("b", "")])).rule
    else {
        panic!("a scorecard is no scorecard")
    };
    assert_eq!((points[0].weight, points[1].weight, least), (2.0, 1.0, vec![3.0]));

    let cells = [("a", "cells = [\"high/low\", \" low / low \"]"), ("b", "cells = [\"low/high\"]")];
    let Rule::Matrix { cells, .. } =
        read(&document("matrix", "rows = \"abc\"\ncolumns = \"life\"", &cells)).rule
    else {
        panic!("a matrix is no matrix")
    };
    assert_eq!(cells[0][1], ("low".to_owned(), "low".to_owned()));

    let codes = [("a", "codes = [\"32\", \"31\"]"), ("b", "codes = [\"22\", \"21\", \"12\", \"11\"]")];
    let Rule::Codes { scores, .. } = read(&document("codes", SCORES, &codes)).rule else {
        panic!("codes are no codes")
    };
    assert_eq!((scores[0].count(), scores[1].count()), (3, 2));
    // The best digit is the lowest band of a metric of which little is good.
    assert_eq!(
        (scores[0].label(3), scores[0].label(1), scores[1].label(2)),
        ("1".into(), "3".into(), "2".into())
    );
}

#[test]
fn a_template_makes_a_tier_of_every_code_best_first() {
    let template = format!("[code_tiers]\ntemplate = \"R{{r}}F{{f}}\"\n{PLAY}");
    let scheme = read(&format!("{HEAD}\"codes\"\n{SCORES}{template}"));
    let ids: Vec<&str> = scheme.tiers.iter().map(|t| t.id.as_str()).collect();
    assert_eq!(ids, ["r1f2", "r1f1", "r2f2", "r2f1", "r3f2", "r3f1"]);
    let Rule::Codes { matching: Matching::EveryCode(codes), .. } = scheme.rule else { panic!("no codes") };
    assert_eq!(codes, ["32", "31", "22", "21", "12", "11"]);
}

#[test]
fn mistakes_in_bands_have_their_line_and_cure() {
    let of = |first: &str, second: &str| {
        refused(&document("bands", "metric = \"frequency\"", &[("a", first), ("b", second)]))
    };
    assert_eq!(
        of("min = 5\nbelow = 5", "below = 5"),
        "mine.toml:11: `tiers[0].min`: min is not less than below; no value fits: change one"
    );
    assert_eq!(
        of("min = 2", "below = nan"),
        "mine.toml:20: `tiers[1].below`: nan is not a number to compare with; write a finite number"
    );
    assert_eq!(
        of("min = inf", "below = 5"),
        "mine.toml:11: `tiers[0].min`: inf is not a number to compare with; write a finite number"
    );
    assert_eq!(
        of("min = 2\nwhen = \"true\"", "below = 2"),
        "mine.toml:12: `tiers[0].when`: belongs to rules, not to bands; remove it, or change kind"
    );
}

#[test]
fn mistakes_in_parts_and_shares_have_their_line_and_cure() {
    let quantiles = document("quantiles", "metric = \"m\"", &[("a", "share = 0.5"), ("b", "share = 0.4")]);
    assert_eq!(
        refused(&quantiles),
        "mine.toml:11: `tiers[0].share`: the shares add up to 0.9; they must be positive and add up to 1"
    );
    let mixed = document("quantiles", "metric = \"m\"", &[("a", "share = 0.5"), ("b", "")]);
    assert_eq!(
        refused(&mixed),
        "mine.toml:18: `tiers[1].share`: some tiers have a share and some have none; give one to each, or to none"
    );
    let falling = document(
        "share",
        "metric = \"m\"",
        &[("a", "until = 0.9"), ("b", "until = 0.7"), ("c", "until = 1.0")],
    );
    assert_eq!(
        refused(&falling),
        "mine.toml:20: `tiers[1].until`: the ends must rise to 1.0; for example 0.7, 0.9, 1.0"
    );
    let open = document("share", "metric = \"m\"", &[("a", "until = 0.9"), ("b", "until = 0.95")]);
    assert!(refused(&open).contains("`tiers[1].until`: the ends must rise to 1.0"));
}

#[test]
fn mistakes_in_codes_have_their_line_and_cure() {
    let of = |scores: &str, codes: &str| {
        refused(&document("codes", scores, &[("a", codes), ("b", "codes = [\"11\"]")]))
    };
    for (codes, wrong) in
        [("[\"42\"]", "42"), ("[\"3\"]", "3"), ("[\"321\"]", "321"), ("[\"3a\"]", "3a"), ("[\"０1\"]", "０1")]
    {
        let told = of(SCORES, &format!("codes = {codes}"));
        let expected = format!(
            "mine.toml:24: `tiers[0].codes`: `{wrong}` is not a code of these scores; one digit a score, from 1 to its count"
        );
        assert_eq!(told, expected);
    }
    assert_eq!(
        of(SCORES, "codes = []"),
        "mine.toml:24: `tiers[0].codes`: the tier has no code; list its codes"
    );
    let twice = SCORES.replace("digit = \"f\"", "digit = \"r\"");
    assert_eq!(
        of(&twice, "codes = [\"32\"]"),
        "mine.toml:16: `scores[1].digit`: `r` is there twice; give each score a letter of its own"
    );
    for digit in ["code", "R", "", "1", "r\\\"; --"] {
        let told = of(&SCORES.replace("digit = \"r\"", &format!("digit = \"{digit}\"")), "codes = [\"32\"]");
        assert!(told.starts_with("mine.toml:9: `scores[0].digit`: "), "{told}");
        assert!(told.ends_with("is not a letter; write one lower-case letter, as r"), "{told}");
    }
    let unsorted = of(&SCORES.replace("[30, 90]", "[90, 30]"), "codes = [\"32\"]");
    assert!(unsorted.starts_with("mine.toml:12: `scores[0].cuts`: one to eight rising cuts"), "{unsorted}");
    let middle = of(&SCORES.replace("\"median\"", "\"mode\""), "codes = [\"32\"]");
    assert_eq!(
        middle,
        "mine.toml:19: `scores[1].at`: no middle to split at; write \"median\", \"mean\" or a number"
    );
}

#[test]
fn mistakes_in_rules_scorecards_and_matrices_have_their_line_and_cure() {
    let rules = |first: &str, last: &str| refused(&document("rules", "", &[("a", first), ("b", last)]));
    assert_eq!(
        rules("when = \"frequency > 1\"", "when = \"frequency > 0\""),
        "mine.toml:20: `tiers[1].when`: the last tier must take the rest; write otherwise = true"
    );
    assert_eq!(
        rules("", "otherwise = true"),
        "mine.toml:9: `tiers[0].when`: the tier has no condition; write when = \"…\""
    );
    let card = |points: &str, first: &str, second: &str| {
        refused(&document("scorecard", points, &[("a", first), ("b", second), ("c", "")]))
    };
    assert!(
        card(POINTS, "min_points = 1", "min_points = 2")
            .contains("`tiers[1].min_points`: min_points must fall")
    );
    assert!(
        card("", "min_points = 2", "min_points = 1")
            .contains("a scorecard wants [[points]]; add at least one")
    );
    let short = POINTS.replace("[0, 1, 2]", "[0, 1]");
    assert!(
        card(&short, "min_points = 2", "min_points = 1")
            .starts_with("mine.toml:12: `points[0].points`: one number a band is wanted")
    );
    let matrix =
        refused(&document("matrix", "rows = \"abc\"\ncolumns = \"x\"", &[("a", "cells = [\"high\"]")]));
    assert_eq!(matrix, "mine.toml:12: `tiers[0].cells`: no cells; write cells = [\"row/column\", …]");
}

#[test]
fn what_every_scheme_needs_is_asked_for() {
    let fine = document("bands", "metric = \"frequency\"", &[("a", "min = 1"), ("b", "below = 1")]);
    read(&fine);
    let change = |from: &str, to: &str| refused(&fine.replacen(from, to, 1));
    assert_eq!(
        change("id = \"mine\"", "id = \"Mine!\""),
        "mine.toml:1: `id`: `Mine!` is not an id; use lower-case letters, digits and -, starting with a letter"
    );
    assert!(change("id = \"mine\"", "id = \"my--scheme\"").starts_with("mine.toml:1: `id`: "));
    assert_eq!(
        change("version = 1", "version = 0"),
        "mine.toml:2: `version`: versions start at 1; write version = 1"
    );
    assert_eq!(
        change("zh = \"我的\"", "zh = \" \""),
        "mine.toml:3: `name`: a language is missing; write both en and zh"
    );
    assert_eq!(
        change(", zh = \"我的\"", ""),
        "mine.toml:3: `name`: missing field `zh`; add it; compare with a file under library/"
    );
    assert!(
        change("kind = \"bands\"", "kind = \"band\"").contains("mine.toml:7: `kind`: unknown variant `band`")
    );
    assert!(change("metric = ", "metrics = ").contains("mine.toml:8: `metrics`: unknown field `metrics`"));
    assert!(
        change("id = \"a\"", "id = \"unknown\"").contains("`unknown` is the product's own tier; remove it")
    );
    assert!(change("id = \"b\"", "id = \"a\"").contains("`tiers[1].id`: `a` is there twice; rename one"));
}

#[test]
fn playbooks_have_all_their_parts() {
    let fine = document("bands", "metric = \"frequency\"", &[("a", "min = 1"), ("b", "below = 1")]);
    let scheme = read(&fine);
    let play = &scheme.tiers[0].playbook;
    assert_eq!((play.owner, play.talk.len()), (Owner::Sales, 0));
    let call =
        Action { text: Text::new("Call.", "致电。"), channel: Channel::Phone, cadence: Cadence::Monthly };
    assert_eq!(play.actions, [call]);
    let change = |from: &str, to: &str| refused(&fine.replacen(from, to, 1));
    assert_eq!(
        change("owner = \"sales\"", "owner = \"sale\""),
        "mine.toml:14: `tiers[0].owner`: `sale` is not an owner; write one of marketing, sales, service, operations, finance, management"
    );
    assert_eq!(
        change("owner = \"sales\"\n", ""),
        "mine.toml:9: `tiers[0].owner`: nobody answers for it; write one of marketing, sales, service, operations, finance, management"
    );
    assert_eq!(
        change("channel = \"phone\"", "channel = \"pigeon\""),
        "mine.toml:15: `tiers[0].actions`: action 1: `pigeon` is not a channel; write one of phone, email, sms, wechat, app, web, store, visit, post, ads, ticket, internal"
    );
    assert!(
        change("cadence = \"monthly\"", "cadence = \"often\"").contains("action 1: `often` is not a cadence")
    );
    assert!(change("zh = \"致电。\"", "zh = \" \"").contains("action 1: it says nothing in a language"));
    assert!(change("zh = \"一年留存过半。\"", "zh = \"\"").contains("`tiers[0].kpi`: a language is missing"));
    let silent = change("offer = { en = \"No offer: service.\", zh = \"无优惠：重服务。\" }\n", "");
    assert!(silent.contains("`tiers[0].offer`: no word on what is offered"), "{silent}");
    let idle =
        change("[{ en = \"Call.\", zh = \"致电。\", channel = \"phone\", cadence = \"monthly\" }]", "[]");
    assert!(idle.contains("`tiers[0].actions`: nothing to do; write actions = ["), "{idle}");
    let old = change("offer = ", "actions.en = [\"Call.\"]\noffer = ");
    assert!(old.starts_with("mine.toml:"), "{old}");
}

#[test]
fn the_former_form_of_actions_is_told_with_an_example_of_the_present_one() {
    let bands = document("bands", "metric = \"frequency\"", &[("a", "min = 2"), ("b", "below = 2")]);
    let now = "actions = [{ en = \"Call.\", zh = \"致电。\", channel = \"phone\", cadence = \"monthly\" }]";
    let then = "actions.en = [\"Call.\"]\nactions.zh = [\"致电。\"]";
    let example = "actions = [{ en = \"Call them.\", zh = \"致电回访。\", channel = \"phone\", cadence = \"monthly\" }]";
    let told = refused(&bands.replacen(now, then, 1));
    assert!(
        told.starts_with("mine.toml:15: `tiers[0].actions`: a list of actions for each language"),
        "{told}"
    );
    assert!(told.ends_with(example), "{told}");
    read(&bands.replace(now, example));
    // Also as one table, in the second tier, and above all tiers.
    let second = bands.replace(now, "actions = { en = [\"Call.\"], zh = [\"致电。\"] }").replacen(
        "actions = { en = [\"Call.\"], zh = [\"致电。\"] }",
        now,
        1,
    );
    assert!(refused(&second).contains("`tiers[1].actions`"));
    let above = bands.replace("metric = ", &format!("{then}\nmetric = "));
    let told = refused(&above);
    assert!(told.starts_with("mine.toml:8: `actions`: actions stand with a tier"), "{told}");
    let Err(error) = Scheme::parse("mine.toml", &above) else { panic!("it was read") };
    let told = error.problem().sentence(crate::Language::Zh);
    assert!(
        told.starts_with("mine.toml 第 8 行：`actions`：行动应写在各层级之下；请") && told.contains(example),
        "{told}"
    );
}

#[test]
fn mistakes_are_told_in_chinese_too() {
    let bands = document("bands", "metric = \"frequency\"", &[("a", "min = 2"), ("b", "below = 2")]);
    let told = |from: &str, to: &str| match Scheme::parse("mine.toml", &bands.replacen(from, to, 1)) {
        Ok(_) => panic!("{to} was read"),
        Err(error) => error.problem().sentence(crate::Language::Zh),
    };
    assert_eq!(
        told("metric = ", "metrik = "),
        "mine.toml 第 8 行：`metrik`：没有 `metrik` 这个键；是不是 `metric`？"
    );
    assert_eq!(
        told("owner = \"sales\"\n", ""),
        "mine.toml 第 9 行：`tiers[0].owner`：没有负责人；请写其中之一：marketing, sales, service, operations, finance, \
         management"
    );
    assert_eq!(
        told(", zh = \"我的\"", ""),
        "mine.toml 第 3 行：`name`：缺少 `zh`；请补上；可参照 library/ 下的文件"
    );
    let whole = bands.replace("version = 1\n", "");
    let Err(error) = Scheme::parse("mine.toml", &whole) else { panic!("it was read") };
    assert_eq!((error.key.as_deref(), error.problem.en.as_str()), (None, "missing field `version`"));
}
