//! Movement with causes: each base below differs from one run to the next in one thing, and the last in all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clientele_model::{BatchId, Language, SchemeId, TierId};
use clientele_pipeline::act::overrides::{self, OverrideRequest};
use clientele_pipeline::collect::undo;
use clientele_pipeline::learn::alerts::{RunAlerts, Stranger, raised};
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::movement::{Cause, Direction, MoveRates};

use crate::support::{Base, now, tiers_of};

/// A scheme document of the test's own.
pub fn scheme(id: &str, version: u32, kind: &str, keys: &str, tiers: &[(&str, &str)]) -> String {
    let mut text = format!(
        "id = \"{id}\"\nversion = {version}\nkind = \"{kind}\"\nname = {{ en = \"{id}\", zh = \"方案\" }}\n\
         question = {{ en = \"Who?\", zh = \"谁？\" }}\norigin = {{ en = \"A test.\", zh = \"测试。\" }}\n\
         rule = {{ en = \"As below.\", zh = \"如下。\" }}\n{keys}\n"
    );
    for (tier, keys) in tiers {
        let both = "{ en = \"Keep.\", zh = \"保持。\" }";
        write!(
            text,
            "[[tiers]]\nid = \"{tier}\"\nname = {{ en = \"{tier}\", zh = \"层\" }}\n{keys}\ngoal = {both}\n\
             owner = \"sales\"\nactions = [{{ en = \"Call.\", zh = \"致电。\", channel = \"phone\", \
             cadence = \"monthly\" }}]\noffer = {both}\nkpi = {both}\n"
        )
        .expect("text");
    }
    text
}

/// Many orders or few; from `least` on they are many.
fn by_orders(version: u32, least: u32) -> String {
    let tiers = [
        ("many", format!("min = {least}")),
        ("few", format!("min = 1\nbelow = {least}")),
        ("none", "below = 1".into()),
    ];
    let tiers: Vec<(&str, &str)> = tiers.iter().map(|(id, keys)| (*id, keys.as_str())).collect();
    scheme("by-orders", version, "bands", "metric = \"frequency\"", &tiers)
}

fn by_recency() -> String {
    let tiers = [("fresh", "below = 60"), ("stale", "min = 60")];
    scheme("by-recency", 1, "bands", "metric = \"recency_days\"", &tiers)
}

fn by_half() -> String {
    scheme("by-half", 1, "quantiles", "metric = \"monetary\"", &[("upper", ""), ("lower", "")])
}

/// Orders as (customer, day, amount).
pub fn file(first: usize, orders: &[(&str, &str, u32)]) -> String {
    let mut text = "order_id,customer_id,ordered_at,amount\n".to_owned();
    for (i, (customer, day, amount)) in orders.iter().enumerate() {
        writeln!(text, "O{:03},{customer},{day} 10:00:00,{amount}", first + i).expect("text");
    }
    text
}

pub async fn base() -> Base {
    let base = Base::new(2).await;
    base.document("schemes", "by-orders.toml", &by_orders(1, 3));
    base.document("schemes", "by-recency.toml", &by_recency());
    base.document("schemes", "by-half.toml", &by_half());
    let orders = [
        ("A", "2025-05-01", 10),
        ("A", "2025-06-01", 10),
        ("B", "2025-05-01", 30),
        ("B", "2025-05-20", 30),
        ("C", "2025-06-20", 50),
        ("D", "2025-04-01", 70),
        ("D", "2025-04-02", 70),
        ("D", "2025-06-25", 70),
    ];
    base.import_text("first.csv", &file(0, &orders)).await;
    base
}

const SCHEMES: [&str; 3] = ["by-orders", "by-recency", "by-half"];

/// The moves of the last run in a scheme, as `from>to` and cause; checks that the parts add up.
pub async fn moves(view: &RunView, scheme: &str) -> BTreeMap<(String, Cause), i64> {
    let scheme = view.scheme(scheme).expect("a scheme").clone();
    let movement = view.movement(&scheme, None).await.expect("an answer").expect("two runs");
    let flows = view.causes(&scheme, &movement).await.expect("causes");
    assert_eq!(flows.len(), movement.flows.len());
    let mut found = BTreeMap::new();
    for caused in flows {
        let whole = if caused.flow.direction == Direction::Stayed { 0 } else { caused.flow.customers };
        assert_eq!(caused.causes.values().sum::<i64>(), whole, "{caused:?}");
        let tier = |tier: &Option<String>| tier.clone().unwrap_or_else(|| "-".to_owned());
        let name = format!("{}>{}", tier(&caused.flow.from), tier(&caused.flow.to));
        found.extend(caused.causes.into_iter().map(|(cause, n)| ((name.clone(), cause), n)));
    }
    found
}

pub fn only(moves: &[(&str, Cause, i64)]) -> BTreeMap<(String, Cause), i64> {
    moves.iter().map(|(name, cause, n)| (((*name).to_owned(), *cause), *n)).collect()
}

async fn all(base: &Base) -> [BTreeMap<(String, Cause), i64>; 3] {
    let view = base.view(None).await;
    [moves(&view, SCHEMES[0]).await, moves(&view, SCHEMES[1]).await, moves(&view, SCHEMES[2]).await]
}

#[tokio::test]
async fn nothing_happened() {
    let base = base().await;
    base.refresh("2025-07-01", &SCHEMES).await;
    base.refresh("2025-07-01", &SCHEMES).await;
    assert_eq!(all(&base).await, [only(&[]), only(&[]), only(&[])]);
}

#[tokio::test]
async fn new_orders_are_behaviour_and_shift_the_base_for_others() {
    let base = base().await;
    base.refresh("2025-07-01", &SCHEMES).await;
    let upper = tiers_of(&base.view(None).await, "by-half").await;
    // 20, 60, 50, 210: B and D are the upper half.
    assert_eq!(
        upper.iter().filter(|(_, t)| *t == "upper").map(|(c, _)| c.as_str()).collect::<String>(),
        "BD"
    );
    // A buys once more, and so much that B is not in the upper half any more. E is new.
    base.import_text("second.csv", &file(100, &[("A", "2025-07-05", 500), ("E", "2025-07-06", 1)])).await;
    base.refresh("2025-07-10", &SCHEMES).await;
    let [orders, recency, half] = all(&base).await;
    assert_eq!(orders, only(&[("few>many", Cause::Behaviour, 1), ("->few", Cause::Behaviour, 1)]));
    assert_eq!(recency, only(&[("->fresh", Cause::Behaviour, 1)]));
    // 520, 60, 50, 210, 1: of five the lower half has three.
    assert_eq!(
        half,
        only(&[
            ("lower>upper", Cause::Behaviour, 1),
            ("upper>lower", Cause::BaseShift, 1),
            ("->lower", Cause::Behaviour, 1)
        ])
    );
}

#[tokio::test]
async fn time_alone_is_ageing() {
    let base = base().await;
    base.refresh("2025-07-01", &SCHEMES).await;
    base.refresh("2025-08-01", &SCHEMES).await;
    let [orders, recency, half] = all(&base).await;
    assert_eq!((orders, half), (only(&[]), only(&[])));
    // A (61 days) and B (73) were fresh at 30 and 42.
    assert_eq!(recency, only(&[("fresh>stale", Cause::Ageing, 2)]));
    // B comes back: out of the last tier, so it has returned.
    base.import_text("back.csv", &file(400, &[("B", "2025-08-02", 1)])).await;
    base.refresh("2025-08-03", &SCHEMES).await;
    let view = base.view(None).await;
    let scheme = view.scheme("by-recency").expect("a scheme").clone();
    let rates: Vec<MoveRates> =
        view.periods(&scheme).await.expect("periods").into_iter().map(|p| p.rates).collect();
    let both = MoveRates { before: 4, after: 4, ..MoveRates::default() };
    assert_eq!(rates, [MoveRates { down: 2, lost: 2, ..both }, MoveRates { up: 1, returned: 1, ..both }]);
}

#[tokio::test]
async fn late_records_are_data() {
    let base = base().await;
    base.refresh("2025-07-01", &SCHEMES).await;
    base.import_text("late.csv", &file(200, &[("B", "2025-06-28", 1), ("F", "2025-01-01", 5)])).await;
    base.refresh("2025-07-01", &SCHEMES).await;
    let [orders, recency, half] = all(&base).await;
    assert_eq!(orders, only(&[("few>many", Cause::Data, 1), ("->few", Cause::Data, 1)]));
    assert_eq!(recency, only(&[("->stale", Cause::Data, 1)]));
    // 20, 61, 50, 210, 5: of five the lower half has three, and B and D stay where they were.
    assert_eq!(half, only(&[("->lower", Cause::Data, 1)]));
}

#[tokio::test]
async fn another_rule_is_definition() {
    let base = base().await;
    base.refresh("2025-07-01", &SCHEMES).await;
    base.document("schemes", "by-orders.toml", &by_orders(2, 2));
    base.refresh("2025-07-01", &SCHEMES).await;
    let [orders, recency, half] = all(&base).await;
    assert_eq!(orders, only(&[("few>many", Cause::Definition, 2)]));
    assert_eq!((recency, half), (only(&[]), only(&[])));
}

pub fn wish(customer: &str, scheme: &str, tier: &str, until: Option<&str>) -> OverrideRequest {
    OverrideRequest {
        customer: customer.to_owned(),
        scheme: SchemeId::new(scheme),
        tier: TierId::new(tier),
        reason: "the owner's word".to_owned(),
        method: None,
        by: Some("Li".to_owned()),
        since: None,
        until: until.map(|day| day.parse().expect("a day")),
        now: now(),
    }
}

#[tokio::test]
async fn a_persons_word_and_its_end_are_people() {
    let base = base().await;
    base.refresh("2025-07-01", &SCHEMES).await;
    overrides::set(&base.workspace, wish("A", "by-orders", "many", Some("2025-07-02")))
        .await
        .expect("an override");
    base.refresh("2025-07-02", &SCHEMES).await;
    assert_eq!(all(&base).await[0], only(&[("few>many", Cause::People, 1)]));
    base.refresh("2025-07-05", &SCHEMES).await;
    assert_eq!(all(&base).await[0], only(&[("many>few", Cause::People, 1)]));
}

#[tokio::test]
async fn all_at_once_adds_up() {
    let base = base().await;
    base.refresh("2025-07-01", &SCHEMES).await;
    base.import_text(
        "more.csv",
        &file(
            300,
            &[("A", "2025-07-05", 5), ("C", "2025-06-21", 1), ("C", "2025-06-22", 1), ("G", "2025-07-20", 9)],
        ),
    )
    .await;
    overrides::set(&base.workspace, wish("D", "by-orders", "none", None)).await.expect("an override");
    base.document("schemes", "by-orders.toml", &by_orders(2, 2));
    base.refresh("2025-08-10", &SCHEMES).await;
    let [orders, recency, _] = all(&base).await;
    // A reached three orders by buying and two would do now: buying came last of what moved it. B has two
    // all along: the rule. C's orders came late. D was set by hand. G is new.
    assert_eq!(
        orders,
        only(&[
            ("few>many", Cause::Behaviour, 1),
            ("few>many", Cause::Definition, 1),
            ("few>many", Cause::Data, 1),
            ("many>none", Cause::People, 1),
            ("->few", Cause::Behaviour, 1),
        ])
    );
    // B was last seen 82 days ago; the others within 60.
    assert_eq!(recency, only(&[("fresh>stale", Cause::Ageing, 1), ("->fresh", Cause::Behaviour, 1)]));
}

#[tokio::test]
async fn what_was_referred_before_and_told_late_is_data() {
    let base = base().await;
    let tiers = [("host", "min = 1"), ("quiet", "below = 1")];
    base.document(
        "schemes",
        "by-guests.toml",
        &scheme("by-guests", 1, "bands", "metric = \"referrals_made\"", &tiers),
    );
    let relations = |rows: &str| format!("referrer,referred customer,relation type,since\n{rows}");
    base.import_text("ties.csv", &relations("D,C,referral,2025-03-01\n")).await;
    base.refresh("2025-07-01", &["by-guests"]).await;
    base.import_text("more.csv", &relations("A,B,referral,2025-05-01\nC,B,referral,2025-07-05\n")).await;
    base.refresh("2025-07-10", &["by-guests"]).await;
    // A referred B in May, C in July.
    let found = moves(&base.view(None).await, "by-guests").await;
    assert_eq!(found, only(&[("quiet>host", Cause::Data, 1), ("quiet>host", Cause::Behaviour, 1)]));
}

#[tokio::test]
async fn causes_are_told_forwards_only() {
    let base = base().await;
    let first = base.refresh("2025-07-01", &SCHEMES).await;
    let second = base.refresh("2025-08-01", &SCHEMES).await;
    let view = base.view(Some(&first.id)).await;
    let scheme = view.scheme("by-recency").expect("a scheme").clone();
    let back = view.movement(&scheme, Some(&second.id)).await.expect("an answer").expect("flows");
    let up: i64 = back.flows.iter().filter(|f| f.direction == Direction::Up).map(|f| f.customers).sum();
    assert_eq!(up, 2, "A and B were fresh a month before");
    let error = view.causes(&scheme, &back).await.expect_err("time does not run back");
    assert_eq!(
        error.to_string(),
        "run r0002 looks from 2025-08-01, after run r0001, which looks from 2025-07-01; why somebody moved can only \
         be told forwards: swap the two, or leave out the causes with --no-causes"
    );
    assert!(error.problem().sentence(Language::Zh).contains("对调两次刷新"));
}

#[tokio::test]
async fn facts_are_read_through_only_when_somebody_is_new() {
    let base = base().await;
    let events = "event_id,customer_id,event_time,event_type\nE1,A,2025-06-01 10:00:00,view\n";
    base.import_text("events.csv", events).await;
    base.refresh("2025-07-01", &SCHEMES).await;
    base.refresh("2025-08-01", &SCHEMES).await;
    let view = base.view(None).await;
    let scheme = view.scheme("by-recency").expect("a scheme").clone();
    let movement = view.movement(&scheme, None).await.expect("an answer").expect("two runs");
    // Nobody is new, and no rule reads events: they may be as large as they want, or not there.
    let inputs = base.workspace.lake().await.expect("a lake").with_versions(&view.run.inputs);
    let files = inputs.files("events").await.expect("files");
    assert_eq!(files.len(), 1);
    std::fs::remove_file(files[0].url.to_file_path().expect("a path")).expect("the file is gone");
    let causes = view.causes(&scheme, &movement).await.expect("causes");
    assert_eq!(causes.iter().filter_map(|c| c.causes.get(&Cause::Ageing)).sum::<i64>(), 2);
}

#[tokio::test]
async fn alerts_speak_of_customers_who_left_and_of_none_that_never_were() {
    let base = base().await;
    let about = |customer: &str| {
        format!(
            "[[alerts]]\nid = \"about-{}\"\nname = {{ en = \"X\", zh = \"某\" }}\nscheme = \"by-recency\"\n\
             customer = \"{customer}\"\n",
            customer.to_lowercase()
        )
    };
    base.document("alerts", "mine.toml", &["Z", "N", "A"].map(about).concat());
    base.import_text("more.csv", &file(500, &[("N", "2025-06-30", 1)])).await;
    base.refresh("2025-07-01", &SCHEMES).await;
    undo(&base.workspace, &BatchId::new("b0002"), now()).await.expect("an undo");
    base.refresh("2025-08-01", &SCHEMES).await;
    let told = raised(&base.workspace, &base.view(None).await).await.expect("alerts");
    assert_eq!(told.strangers, [Stranger { alert: "about-z".to_owned(), customer: "Z".to_owned() }]);
    let found: Vec<(&str, i64, i64, i64)> =
        told.raised.iter().map(|r| (r.alert.id.as_str(), r.customers, r.of, r.gone)).collect();
    // N left with the batch, A went stale.
    assert_eq!(found, [("about-n", 1, 1, 1), ("about-a", 1, 1, 0)]);
}

#[tokio::test]
async fn alerts_tell_what_was_asked_for() {
    let base = base().await;
    base.document(
        "alerts",
        "mine.toml",
        "[[alerts]]\nid = \"gone-stale\"\nname = { en = \"Stale\", zh = \"沉寂\" }\nscheme = \"by-recency\"\n\
         from = \"fresh\"\nto = \"stale\"\nmore_than = 0.4\n\
         [[alerts]]\nid = \"most-stale\"\nname = { en = \"Most\", zh = \"大半\" }\nscheme = \"by-recency\"\n\
         from = \"fresh\"\nmore_than = 0.5\n\
         [[alerts]]\nid = \"b-leaves\"\nname = { en = \"B\", zh = \"B\" }\nscheme = \"by-recency\"\n\
         from = \"fresh\"\ncustomer = \"B\"\n",
    );
    base.refresh("2025-07-01", &SCHEMES).await;
    let view = base.view(None).await;
    assert_eq!(
        raised(&base.workspace, &view).await.expect("alerts"),
        RunAlerts::default(),
        "one run has no movement"
    );
    base.refresh("2025-08-01", &SCHEMES).await;
    let view = base.view(None).await;
    let found = raised(&base.workspace, &view).await.expect("alerts");
    let told: Vec<(&str, i64, i64, String)> =
        found.raised.iter().map(|r| (r.alert.id.as_str(), r.customers, r.of, r.examples.concat())).collect();
    // Two of four are half: more than 0.4, not more than 0.5.
    assert_eq!(told, [("gone-stale", 2, 4, "AB".to_owned()), ("b-leaves", 1, 1, "B".to_owned())]);
    for (wrong, cure) in [
        ("scheme = \"by-recenci\"\nfrom = \"fresh\"", "there is no scheme `by-recenci`"),
        ("scheme = \"by-recency\"\nfrom = \"frash\"", "did you mean `fresh`?"),
    ] {
        let text = format!("[[alerts]]\nid = \"x\"\nname = {{ en = \"X\", zh = \"X\" }}\n{wrong}\n");
        base.document("alerts", "wrong.toml", &text);
        let error = raised(&base.workspace, &view).await.expect_err("a mistake");
        assert!(error.to_string().contains(cure), "{error}");
    }
}
