//! Segments on the shop of twenty customers, whose answers are worked by hand in its README.

use clientele_engine::EngineSettings;
use clientele_model::Language;
use clientele_pipeline::understand::segments::{
    self, Counter, Evaluation, Kind, ListRequest, Outcome, RowProblem, SegmentError, SegmentRegistry,
    SegmentRequest, State,
};

use crate::support::{Base, now};

const SCHEMES: [&str; 3] = ["lifecycle", "rfm-11", "abc"];

/// The shop, refreshed on the first day of its README, or on both.
async fn shop(days: usize) -> Base {
    let base = Base::tiny_shop().await;
    for day in ["2025-07-01", "2025-08-01"].into_iter().take(days) {
        base.refresh(day, &SCHEMES).await;
    }
    base
}

async fn counter(base: &Base) -> Counter {
    Counter::open(&base.workspace, &EngineSettings::default()).await.expect("a counter")
}

/// How many customers each rule describes, from memory and from files.
async fn agrees(base: &Base, expected: &[(&str, u64)]) {
    let (memory, mut files) = (counter(base).await, counter(base).await);
    files.from_files();
    for (text, wanted) in expected {
        let rule = memory.rule(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let found = memory.count(&rule).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((found.customers, found.of), (*wanted, 20), "{text}");
        let found = files.count(&rule).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(found.customers, *wanted, "{text}, from files");
    }
}

async fn set(base: &Base, id: &str, rule: &str) -> Result<(), SegmentError> {
    let wish = SegmentRequest {
        id: id.into(),
        rule: rule.into(),
        name_en: None,
        name_zh: None,
        note: None,
        now: now(),
    };
    segments::define(&base.workspace, wish).await.map(|_| ())
}

async fn evaluate(base: &Base, named: &[&str]) -> Vec<Evaluation> {
    let named: Vec<String> = named.iter().map(|id| (*id).to_owned()).collect();
    let made = segments::evaluate(&base.workspace, &EngineSettings::default(), &named, now()).await;
    made.expect("an evaluation")
}

/// The ids of a segment's members, and how many entered and left with its last evaluation.
async fn members(base: &Base, id: &str) -> (String, [u64; 2]) {
    let (standing, members) = segments::members(&base.view(None).await, id, 100).await.expect("members");
    let mut ids: Vec<String> = members.into_iter().map(|m| m.customer_id).collect();
    ids.sort();
    let last = standing.last.expect("an evaluation");
    assert_eq!(last.members, ids.len() as u64);
    (ids.join(" "), [last.entered, last.left])
}

async fn state(base: &Base, id: &str) -> State {
    SegmentRegistry::open(&base.workspace).await.expect("a book").states()[id]
}

#[tokio::test]
async fn rules_count_what_was_worked_by_hand() {
    let base = shop(1).await;
    agrees(
        &base,
        &[
            ("monetary > 1000", 5),
            ("monetary >= 1000", 6),
            ("monetary > 999.99999", 6),
            ("frequency > 7.5", 2),
            ("frequency between 2 and 4", 7),
            ("frequency not between 2 and 4", 13),
            ("frequency in (8, 9, 1.5)", 2),
            ("lifecycle = active", 8),
            ("lifecycle = 活跃 or lifecycle = Prospect", 9),
            ("monetary > 1000 and lifecycle = active", 3),
            ("not lifecycle = active", 12),
            ("lifecycle not in (active, new)", 11),
            ("rfm-11 in (champions, loyal)", 5),
            ("rfm_11 is unknown", 1),
            ("rfm_11 is known and abc = a", 5),
            // C20 never ordered: how long ago is not known, so nothing that is said of it is true.
            ("recency_days > 100", 8),
            ("not recency_days > 100", 12),
            ("recency_days <= 100", 11),
            ("recency_days is unknown", 1),
            ("city = 'york'", 7),
            ("city != york and city in ('HULL', 'Leeds')", 13),
            ("email is known", 20),
            ("email = 'ADA.BYRON@example.com'", 1),
            ("customer_id in (C01, C20, C99)", 2),
            ("country = 'UK' or country is known", 0),
            ("registered_at >= 2024-01-11", 10),
            ("registered_at between 2024-01-01 and 2024-01-02", 2),
            ("orders(30) >= 1", 6),
            ("orders(60) >= 2", 3),
            ("orders(30) = 0", 14),
            // No events were ever brought in: nobody can be said to have had none.
            ("events(cart, 30) = 0", 0),
            ("not events(cart, 30) > 0", 20),
            // Everyone was there when the scheme was first applied.
            ("entered(lifecycle, active)", 0),
            ("moved(lifecycle, any -> active)", 0),
            ("monetary < -1", 0),
            ("monetary > 1000 and (lifecycle = silent or not (abc = a and city = york))", 3),
        ],
    )
    .await;
}

#[tokio::test]
async fn changes_of_tier_count_from_the_run_that_saw_them() {
    let base = shop(2).await;
    agrees(
        &base,
        &[
            ("lifecycle = silent", 4),
            ("moved(lifecycle, active -> silent)", 4),
            ("moved(lifecycle, active -> silent, 1)", 4),
            ("moved(lifecycle, any -> churned, 30)", 3),
            ("moved(lifecycle, new -> any)", 1),
            ("moved(lifecycle, any -> any)", 8),
            ("entered(lifecycle, silent, 30)", 4),
            ("entered(lifecycle, churned)", 3),
            ("entered(lifecycle, active)", 1),
            ("moved(lifecycle, silent -> active)", 0),
        ],
    )
    .await;
}

#[tokio::test]
async fn members_enter_and_leave_with_runs_and_definitions() {
    let base = shop(1).await;
    set(&base, "win-back", "lifecycle = silent").await.expect("a segment");
    set(&base, "vip", "monetary > 1000").await.expect("a segment");
    set(&base, "win-back", "segment(vip) and lifecycle in (silent, churned)").await.expect("a segment");
    set(&base, "nobody", "monetary < -1").await.expect("a segment");
    assert_eq!(state(&base, "win-back").await, State::Stale);

    // Those that are named come first, though their names come later.
    let made: Vec<String> = evaluate(&base, &[]).await.into_iter().map(|e| e.segment).collect();
    assert_eq!(made, ["nobody", "vip", "win-back"]);
    assert_eq!(members(&base, "vip").await, ("C01 C02 C06 C10 C16".into(), [5, 0]));
    assert_eq!(members(&base, "win-back").await, ("C10 C16".into(), [2, 0]));
    assert_eq!(members(&base, "nobody").await, (String::new(), [0, 0]));
    for id in ["vip", "win-back", "nobody"] {
        assert_eq!(state(&base, id).await, State::Fresh, "{id}");
    }
    assert!(evaluate(&base, &[]).await.is_empty(), "what is fresh is left alone");
    agrees(&base, &[("segment(win-back)", 2), ("not segment(vip)", 15), ("segment(nobody)", 0)]).await;

    // A month later C01 and C02 have fallen silent, and the refresh has seen to it.
    base.refresh("2025-08-01", &SCHEMES).await;
    assert_eq!(state(&base, "win-back").await, State::Fresh);
    assert_eq!(members(&base, "win-back").await, ("C01 C02 C10 C16".into(), [2, 0]));
    assert_eq!(members(&base, "vip").await, ("C01 C02 C06 C10 C16".into(), [0, 0]));

    // A definition that others name makes them stale too.
    set(&base, "vip", "monetary > 2000").await.expect("a segment");
    assert_eq!(state(&base, "win-back").await, State::Stale);
    agrees(&base, &[("segment(win-back)", 2), ("segment(vip)", 2)]).await;
    evaluate(&base, &["win-back"]).await;
    assert_eq!(members(&base, "vip").await, ("C01 C10".into(), [0, 3]));
    assert_eq!(members(&base, "win-back").await, ("C01 C10".into(), [0, 2]));

    let history = segments::history(&base.workspace, Some(&base.view(None).await), "win-back", 100)
        .await
        .expect("a history");
    assert_eq!(history.definitions.iter().map(|d| d.version).collect::<Vec<_>>(), [1, 2]);
    let changes: Vec<String> = history
        .changes
        .iter()
        .map(|c| format!("{} {} {} {}", c.customer_id, c.change, c.run, c.as_of))
        .collect();
    let told = [
        "C02 left r0002 2025-08-01",
        "C16 left r0002 2025-08-01",
        "C01 entered r0002 2025-08-01",
        "C02 entered r0002 2025-08-01",
        "C10 entered r0001 2025-07-01",
        "C16 entered r0001 2025-07-01",
    ];
    assert_eq!(changes, told);

    let in_use = segments::remove(&base.workspace, "vip", now()).await;
    assert!(matches!(in_use, Err(SegmentError::InUse { users, .. }) if users == ["win-back"]));
    segments::remove(&base.workspace, "win-back", now()).await.expect("a removal");
    segments::remove(&base.workspace, "vip", now()).await.expect("a removal");
    let book = SegmentRegistry::open(&base.workspace).await.expect("a book");
    assert_eq!(book.current().into_keys().collect::<Vec<_>>(), ["nobody"]);
    assert_eq!(
        segments::history(&base.workspace, Some(&base.view(None).await), "vip", 1)
            .await
            .expect("a history")
            .definitions
            .len(),
        3
    );
}

#[tokio::test]
async fn circles_and_strangers_are_refused() {
    let base = shop(1).await;
    set(&base, "a", "monetary > 1000").await.expect("a segment");
    set(&base, "b", "segment(a)").await.expect("a segment");
    match set(&base, "a", "monetary > 1000 or not segment(b)").await {
        Err(SegmentError::Cycle { path }) => assert_eq!(path, ["a", "b", "a"]),
        other => panic!("{other:?}"),
    }
    assert!(matches!(set(&base, "a", "segment(a)").await, Err(SegmentError::Cycle { .. })));
    let zh = |error: SegmentError| error.problem().sentence(Language::Zh);
    for (rule, told) in [
        ("monetray > 5", "是不是 monetary？"),
        ("lifecycle = silnt", "是不是 silent？"),
        ("segment(c) and segment(bb)", "没有客群 bb"),
        ("monetary > 1; drop table metrics", "规则中不能出现 ;"),
    ] {
        let error = zh(set(&base, "c", rule).await.expect_err("a refusal"));
        assert!(error.contains(told), "{error}");
    }
    assert!(matches!(set(&base, "Big Spenders", "monetary > 5").await, Err(SegmentError::BadId { .. })));
    let unknown = segments::evaluate(&base.workspace, &EngineSettings::default(), &["d".into()], now()).await;
    assert!(matches!(unknown, Err(SegmentError::Unknown { .. })));
}

#[tokio::test]
async fn a_segment_that_cannot_be_evaluated_fails_alone() {
    let base = shop(1).await;
    set(&base, "fine", "monetary > 1000").await.expect("a segment");
    // The run was of a few schemes only, so this was not computed.
    set(&base, "broken", "return_rate > 20%").await.expect("a segment");
    set(&base, "upon", "segment(broken)").await.expect("a segment");
    let made = evaluate(&base, &[]).await;
    let outcomes: Vec<(&str, Outcome)> = made.iter().map(|e| (e.segment.as_str(), e.outcome)).collect();
    assert_eq!(outcomes, [("broken", Outcome::Failed), ("fine", Outcome::Done), ("upon", Outcome::Failed)]);
    let message = made[0].message.as_ref().expect("a message");
    assert!(message.en.contains("did not compute return_rate"), "{}", message.en);
    assert!(message.zh.contains("没有计算 return_rate"), "{}", message.zh);
    assert_eq!(state(&base, "broken").await, State::Failed);
    assert_eq!(state(&base, "fine").await, State::Fresh);
}

#[tokio::test]
async fn large_rules_count_like_small_ones() {
    let base = shop(1).await;
    let values: Vec<String> = (0..10_000).map(|i| format!("'C{i:02}'")).collect();
    let any = (0..1000).map(|i| format!("frequency = {i}")).collect::<Vec<_>>().join(" or ");
    let all = (0..1000).map(|i| format!("frequency != {}", i + 3)).collect::<Vec<_>>().join(" and ");
    let mut nested = "frequency = 1".to_owned();
    for depth in 0..9 {
        nested = format!("not ({nested} and frequency >= 0 or frequency = {})", depth + 100);
    }
    let in_list = format!("customer_id in ({})", values.join(", "));
    agrees(
        &base,
        &[
            (any.as_str(), 20),
            // C20 with none, seven customers with 1 and four with 2 (C05, C08, C09, C15).
            (all.as_str(), 12),
            (nested.as_str(), 13),
            (in_list.as_str(), 20),
        ],
    )
    .await;
    let counter = counter(&base).await;
    let many = vec!["frequency = 1"; 10_000].join(" or ");
    assert!(matches!(counter.rule(&many), Err(SegmentError::Rule(_))));
}

#[tokio::test]
async fn lists_match_as_imports_write() {
    let base = shop(1).await;
    let upload = async |name: &str, text: &str, column: Option<&str>| {
        let file = base.folder.path().join(name);
        std::fs::write(&file, text).expect("a file");
        let wish = ListRequest {
            id: "newsletter".into(),
            file,
            column: column.map(str::to_owned),
            by: None,
            name_en: None,
            name_zh: None,
            note: None,
            now: now(),
        };
        segments::upload(&base.workspace, wish).await
    };
    let done = upload(
        "list.csv",
        "who,Email\nx, ADA.Byron@Example.com \ny,nobody@example.com\nz,\nx,ada.byron@example.com\nw,not an address\n",
        None,
    );
    let done = done.await.expect("a list");
    assert_eq!((done.rows, done.matched, done.customers, done.repeated), (5, 2, 1, 1));
    let unmatched: Vec<(u64, &str, RowProblem)> =
        done.unmatched.iter().map(|u| (u.row, u.value.as_str(), u.problem)).collect();
    let told = [
        (2, "nobody@example.com", RowProblem::Nobody),
        (3, "", RowProblem::Empty),
        (5, "not an address", RowProblem::NoEmail),
    ];
    assert_eq!(unmatched, told);

    // A plain list without a header: its first line is a customer too.
    let done = upload("list.txt", "C05\nC10\nC16\nC99\nben.cole@example.com\n", None).await.expect("a list");
    assert_eq!((done.rows, done.matched, done.customers), (5, 4, 4));
    assert_eq!(done.definition.version, 2);
    evaluate(&base, &[]).await;
    assert_eq!(members(&base, "newsletter").await.0, "C02 C05 C10 C16");
    agrees(&base, &[("segment(newsletter) and monetary > 1000", 3), ("not segment(newsletter)", 16)]).await;
    assert!(matches!(set(&base, "newsletter", "monetary > 5").await, Err(SegmentError::IsList { .. })));
    set(&base, "fans", "segment(newsletter) and lifecycle = active").await.expect("a segment");
    evaluate(&base, &["fans"]).await;
    assert_eq!(members(&base, "fans").await.0, "C02 C05");

    let strange = upload("wide.csv", "a,b\n1,2\n3,4\n", None).await;
    assert!(matches!(strange, Err(SegmentError::NoColumn { .. })), "{strange:?}");
    let strange = upload("wide.csv", "a,b\n1,2\n3,4\n", Some("c")).await;
    assert!(matches!(strange, Err(SegmentError::UnknownColumn { .. })), "{strange:?}");
    let book = SegmentRegistry::open(&base.workspace).await.expect("a book");
    assert_eq!(book.definition("newsletter").map(|d| (d.version, d.kind)).expect("a list"), (2, Kind::List));
}

#[tokio::test]
async fn a_base_of_one_and_one_without_a_run() {
    let base = Base::new(7).await;
    base.import_text("one.csv", "customer_id,name,email\nA1,Ann,ann@example.com\n").await;
    set(&base, "all", "customer_id is known").await.expect("a segment");
    assert_eq!(state(&base, "all").await, State::Stale);
    let none = segments::evaluate(&base.workspace, &EngineSettings::default(), &[], now()).await;
    assert!(matches!(none, Err(SegmentError::View(_))), "there is no run");
    base.refresh("2025-07-01", &["lifecycle"]).await;
    assert_eq!(members(&base, "all").await, ("A1".into(), [1, 0]));
    let counter = counter(&base).await;
    for (text, wanted) in [("lifecycle = prospect", 1), ("name is unknown", 0), ("not segment(all)", 0)] {
        let rule = counter.rule(text).expect("a rule");
        assert_eq!(counter.count(&rule).await.expect("a count").customers, wanted, "{text}");
    }
}
