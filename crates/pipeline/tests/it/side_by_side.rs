//! Many questions over one run at once are answered as each is alone; and a run that is opened again and again
//! is seen as it is.

use std::fmt::Debug;
use std::sync::Arc;

use clientele_engine::EngineSettings;
use clientele_model::SchemeId;
use clientele_pipeline::Run;
use clientele_pipeline::learn::alerts::raised;
use clientele_pipeline::understand::drivers::SEED;
use clientele_pipeline::understand::segments::{self, Counter, SegmentRequest};
use clientele_pipeline::understand::{RunView, RunViews};

use crate::support::{Base, fixture, now};

const FILES: [&str; 9] = [
    "customers",
    "orders",
    "events",
    "interactions",
    "tickets",
    "responses",
    "relations",
    "consents",
    "memberships",
];

const SCHEMES: [&str; 7] = ["abc", "rfm-11", "rfm-8", "lifecycle", "value-tier", "nps", "engagement"];

/// What is asked about beyond what the schemes read.
const METRICS: [&str; 7] = [
    "frequency",
    "monetary",
    "recency_days",
    "tenure_days",
    "favourite_category",
    "favourite_channel",
    "csat_last",
];

const SEGMENTS: [(&str, &str); 2] = [("often", "frequency >= 5"), ("others", "not segment(often)")];

/// Sixty customers, looked at on two days, with two segments.
pub async fn base() -> Base {
    let base = Base::new(16).await;
    for file in FILES {
        base.import(fixture(&format!("feedback/{file}.csv"))).await;
    }
    for (id, rule) in SEGMENTS {
        let (id, rule) = (id.to_owned(), rule.to_owned());
        let wish = SegmentRequest { id, rule, name_en: None, name_zh: None, note: None, now: now() };
        segments::define(&base.workspace, wish).await.expect("a segment");
    }
    for day in ["2025-07-01", "2026-01-01"] {
        base.refresh_metrics(day, &SCHEMES, &METRICS).await;
    }
    base
}

#[derive(Debug, Clone, Copy)]
pub enum Question {
    Tiers(&'static str),
    Members(&'static str),
    Receipt(&'static str, &'static str),
    SegmentPersona(&'static str),
    TierPersona(&'static str, &'static str),
    SegmentMembers(&'static str),
    CrossTable(&'static str, &'static str),
    Count(&'static str),
    Movement(&'static str),
    Periods(&'static str),
    Causes(&'static str),
    Drivers(&'static str),
    Demand(&'static str),
    Satisfaction(&'static str),
    Alerts,
}

use Question::*;

pub const QUESTIONS: [Question; 64] = [
    SegmentPersona("often"),
    SegmentPersona("others"),
    SegmentMembers("often"),
    SegmentMembers("others"),
    TierPersona("abc", "a"),
    TierPersona("lifecycle", "active"),
    Tiers("abc"),
    Tiers("rfm-11"),
    Tiers("rfm-8"),
    Tiers("lifecycle"),
    Tiers("value-tier"),
    Tiers("nps"),
    Tiers("engagement"),
    Members("abc"),
    Members("lifecycle"),
    Members("rfm-11"),
    Receipt("F001", "abc"),
    Receipt("F001", "rfm-11"),
    Receipt("F002", "abc"),
    Receipt("F002", "lifecycle"),
    Receipt("F003", "rfm-11"),
    Receipt("F003", "value-tier"),
    Receipt("F020", "abc"),
    Receipt("F020", "rfm-11"),
    Receipt("F033", "abc"),
    Receipt("F040", "lifecycle"),
    Receipt("F040", "rfm-11"),
    Receipt("F055", "abc"),
    CrossTable("abc", "lifecycle"),
    CrossTable("rfm-11", "abc"),
    CrossTable("frequency", "abc"),
    CrossTable("monetary", "lifecycle"),
    CrossTable("recency_days", "frequency"),
    CrossTable("favourite_category", "abc"),
    Count("frequency >= 3"),
    Count("frequency >= 3 and abc = a"),
    Count("segment(often)"),
    Count("not segment(often)"),
    Count("segment(others) and monetary > 100"),
    Count("orders(90) >= 1"),
    Count("orders(365) >= 2"),
    Count("events(view, 90) >= 1"),
    Count("tickets(365) >= 1"),
    Count("city is known"),
    Count("moved(lifecycle, any -> any)"),
    Count("lifecycle = churned or abc = c"),
    Count("monetary between 50 and 500"),
    Count("recency_days > 30 and not segment(others)"),
    Movement("abc"),
    Movement("rfm-11"),
    Movement("lifecycle"),
    Movement("value-tier"),
    Movement("rfm-8"),
    Periods("abc"),
    Periods("lifecycle"),
    Causes("abc"),
    Causes("lifecycle"),
    Drivers("repeat"),
    Drivers("spend"),
    Demand("abc"),
    Demand("lifecycle"),
    Satisfaction("abc"),
    Satisfaction("lifecycle"),
    Alerts,
];

/// The answer, or why there is none, as text.
pub async fn answer(base: &Base, view: &RunView, counter: &Counter, question: Question) -> String {
    fn told<T: Debug, E: Debug>(answer: Result<T, E>) -> String {
        format!("{answer:#?}")
    }
    let scheme = |id: &str| view.scheme(id).unwrap_or_else(|error| panic!("{id}: {error}"));
    match question {
        Tiers(id) => told(view.tiers(scheme(id)).await),
        Members(id) => told(view.members(scheme(id), scheme(id).tiers[0].id.as_str(), 50).await),
        Receipt(customer, id) => {
            let known = view.customer(customer).await.unwrap_or_else(|error| panic!("{customer}: {error}"));
            told(view.explain(&known, scheme(id)).await)
        }
        SegmentPersona(id) => told(view.persona(&view.segment_group(id).await.expect("a segment")).await),
        TierPersona(id, tier) => {
            told(view.persona(&view.tier_group(scheme(id), tier).expect("a tier")).await)
        }
        SegmentMembers(id) => told(segments::members(view, id, 100).await),
        CrossTable(a, b) => told(view.cross_table(a, b).await),
        Count(rule) => {
            let rule = counter.rule(rule).unwrap_or_else(|error| panic!("{rule}: {error}"));
            told(counter.count(&rule).await.map(|count| (count.customers, count.of)))
        }
        Movement(id) => told(view.movement(scheme(id), None).await),
        Periods(id) => {
            let periods = view.periods(scheme(id)).await.expect("an answer");
            told(Ok::<_, ()>(periods.into_iter().map(|p| (p.from.id, p.to.id, p.rates)).collect::<Vec<_>>()))
        }
        Causes(id) => {
            let movement = view.movement(scheme(id), None).await.expect("an answer").expect("a run before");
            told(view.causes(scheme(id), &movement).await)
        }
        Drivers(outcome) => told(view.drivers(outcome, &[], None, SEED).await),
        Demand(id) => told(view.demand(scheme(id)).await),
        Satisfaction(id) => told(view.satisfaction(scheme(id)).await),
        Alerts => {
            let mut alerts = raised(&base.workspace, view).await;
            // The run that is compared with is named by its id.
            for one in alerts.iter_mut().flat_map(|told| &mut told.raised) {
                one.since = Run { id: one.since.id.clone(), ..view.run.clone() };
                one.since.inputs.clear();
            }
            told(alerts)
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn questions_side_by_side_are_answered_as_alone() {
    let base = Arc::new(base().await);
    let (alone, counter) = opened(&base).await;
    let mut expected = Vec::new();
    for question in QUESTIONS {
        expected.push(answer(&base, &alone, &counter, question).await);
    }
    // Nothing has been asked over this one, so all have to open what they read.
    let (together, counter) = opened(&base).await;
    let counter = Arc::new(counter);
    let asked: Vec<_> = QUESTIONS
        .into_iter()
        .map(|question| {
            let (base, view, counter) = (Arc::clone(&base), together.clone(), Arc::clone(&counter));
            tokio::spawn(async move { answer(&base, &view, &counter, question).await })
        })
        .collect();
    for ((question, expected), asked) in QUESTIONS.into_iter().zip(expected).zip(asked) {
        let found = asked.await.expect("an answer");
        assert_eq!(found, expected, "{question:?}");
        assert!(!found.starts_with("Err(\n    Engine"), "{question:?}: {found}");
    }
}

async fn opened(base: &Base) -> (RunView, Counter) {
    let view = base.view(None).await;
    let counter = Counter::over(view.clone()).await.expect("a counter");
    (view, counter)
}

#[tokio::test]
async fn a_run_that_is_opened_again_sees_what_has_changed() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["abc", "lifecycle"]).await;
    let views = RunViews::new(base.workspace.clone(), EngineSettings::default());
    let first = views.open(None).await.expect("a run");
    assert!(first.previous.is_none());
    let before = first.tiers(first.scheme("abc").expect("abc")).await.expect("tiers");

    // A document of one's own counts at once, and one that is wrong is told.
    let metric = |expression: &str| {
        format!(
            r#"
id = "my_orders"
version = 1
unit = "count"
source = "orders"
expression = "{expression}"
absent = "zero"
direction = "high"
name = {{ en = "Mine", zh = "我的" }}
meaning = {{ en = "Orders.", zh = "订单数。" }}
formula = {{ en = "number of orders", zh = "订单笔数" }}
absent_means = {{ en = "None.", zh = "没有。" }}
"#
        )
    };
    base.document("metrics", "mine.toml", &metric("count(*)"));
    let with_own = views.open(None).await.expect("a run");
    assert!(with_own.catalogue.metrics.iter().any(|m| m.spec.id.as_str() == "my_orders"));
    assert!(!first.catalogue.metrics.iter().any(|m| m.spec.id.as_str() == "my_orders"));
    base.document("metrics", "mine.toml", &metric("count(*) +"));
    assert!(views.open(None).await.is_err());
    base.document("metrics", "mine.toml", &metric("count(*)"));

    // A later run is the last one; the first is still the same.
    base.refresh("2025-08-01", &["abc", "lifecycle"]).await;
    let second = views.open(None).await.expect("a run");
    assert_eq!((second.run.id.as_str(), second.runs.len()), ("r0002", 2));
    assert_eq!(second.previous.as_ref().map(|run| &run.id), Some(&first.run.id));
    let again = views.open(Some(&first.run.id)).await.expect("a run");
    assert_eq!(again.runs.len(), 2);
    assert_eq!(again.tiers(again.scheme("abc").expect("abc")).await.expect("tiers"), before);
    // What was opened before knows nothing of it, and answers as before.
    assert_eq!(first.runs.len(), 1);
    assert_eq!(first.tiers(first.scheme("abc").expect("abc")).await.expect("tiers"), before);

    // Opened by somebody else, it is the same.
    let anew = base.view(Some(&second.run.id)).await;
    assert_eq!(*anew.runs, *second.runs);
    for id in ["abc", "lifecycle"].map(SchemeId::new) {
        let [one, other] = [&anew, &second].map(|view| view.scheme(id.as_str()).expect("a scheme").clone());
        assert_eq!(one, other);
        assert_eq!(
            anew.movement(&one, None).await.expect("an answer"),
            second.movement(&one, None).await.expect("an answer")
        );
    }
}
