//! Bases that hardly are any, facts of people nobody knows, and schemes that part nobody.

use std::fmt::Write as _;

use clientele_model::Language;
use clientele_pipeline::understand::drivers::SEED;
use clientele_pipeline::understand::persona::InsightError;
use clientele_pipeline::understand::report::{ReportFormat, report};
use clientele_pipeline::understand::rows::text;

use super::library::documents::scheme;
use super::support::{Base, ask, per_customer, tiers_of};

const DAY: &str = "2025-07-01";

/// So many customers with some facts of every kind, all alike.
async fn alike(customers: usize) -> Base {
    let base = Base::new(2).await;
    let files: [(&str, &str, &str); 10] = [
        ("customers.csv", "customer_id,name,gender,city,able_to_pay,need", "#,Name,female,Dover,yes,clear"),
        (
            "orders.csv",
            "order_id,customer_id,ordered_at,amount,cost,category",
            "A#,#,2025-05-01 10:00:00,20,10,tea\nB#,#,2025-06-01 10:00:00,30,15,tea",
        ),
        (
            "events.csv",
            "event_id,customer_id,event_time,event_type,session_id",
            "E#,#,2025-06-20 10:00:00,cart,s#",
        ),
        (
            "interactions.csv",
            "interaction_id,customer_id,contacted_at,contact_type,direction,agent",
            "I#,#,2025-06-02 10:00:00,call,in,Kim",
        ),
        (
            "tickets.csv",
            "ticket_id,customer_id,opened_at,first_response_at,closed_at,type,reason,status,satisfaction",
            "T#,#,2025-06-03 10:00:00,2025-06-03 11:00:00,2025-06-04 10:00:00,complaint,late,closed,4",
        ),
        (
            "responses.csv",
            "customer_id,answered_at,survey,question,value",
            "#,2025-06-05 10:00:00,nps,nps,9\n#,2025-06-05 10:00:00,csat,csat,4\n#,2025-06-05 10:00:00,social-style,q1,4",
        ),
        (
            "opportunities.csv",
            "opportunity_id,customer_id,created_at,stage,amount,probability,expected_close,outcome",
            "P#,#,2025-06-05,Proposal,1000,0.5,2025-08-01,open",
        ),
        (
            "relations.csv",
            "referrer,referred customer,relation type,since",
            "#,someone else,knows,2025-01-01",
        ),
        ("service_costs.csv", "customer_id,date,cost type,cost", "#,2025-06-06,support,2"),
        (
            "memberships.csv",
            "customer_id,programme,level,points,joined_at",
            "#,club,gold,10,2025-01-01 10:00:00",
        ),
    ];
    for (name, header, rows) in files {
        let mut file = format!("{header}\n");
        for i in 0..customers {
            writeln!(file, "{}", rows.replace('#', &format!("C{i}"))).expect("text");
        }
        let imported = base.import_text(name, &file).await.report;
        assert_eq!(imported.rejected, 0, "{name}: {imported:?}");
    }
    base
}

/// Every scheme of the last run with the tiers of all, and that nobody is left out.
async fn all_placed(base: &Base, customers: usize) {
    let view = base.view(None).await;
    assert_eq!(ask(&view, "SELECT customer_id FROM labels").await.len(), customers);
    for scheme in view.schemes() {
        let tiers = tiers_of(&view, scheme.id.as_str()).await;
        assert_eq!(tiers.len(), customers, "{}", scheme.id);
        for tier in tiers.values() {
            assert!(tier == "unknown" || scheme.position(tier).is_some(), "{}: {tier}", scheme.id);
        }
        let sizes = view.tiers(scheme).await.expect("sizes").tiers;
        assert_eq!(sizes.iter().map(|t| t.customers).sum::<i64>(), customers as i64, "{}", scheme.id);
        assert!(sizes.iter().all(|t| t.customer_share.is_finite() && t.revenue_share.is_finite()));
    }
}

/// The report in both languages, without a figure that is none.
async fn reported(base: &Base) {
    for language in [Language::En, Language::Zh] {
        let view = base.view(None).await;
        let page = report(&view, language, ReportFormat::Html).await.expect("a report");
        assert!(page.len() > 5_000);
        for none in [">NaN", ">inf", ">-inf"] {
            assert!(!page.contains(none), "{none} in the report");
        }
    }
}

/// A cluster scheme has nobody to part: all are one group.
async fn unclustered(base: &Base, customer: &str) {
    let view = base.view(None).await;
    let clusters = view.schemes().filter(|s| s.rule.kind() == "cluster").cloned().collect::<Vec<_>>();
    assert!(!clusters.is_empty());
    for scheme in clusters {
        let known = view.customer(customer).await.expect("a customer");
        let receipt = view.explain(&known, &scheme).await.expect("a receipt");
        assert_eq!(receipt.tier, "c1", "{}", scheme.id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_customer_has_every_tier_and_a_report_but_no_persona() {
    let base = alike(1).await;
    base.refresh("2025-06-25", &[]).await;
    base.refresh(DAY, &[]).await;
    // The other end of the relation is nobody's record.
    all_placed(&base, 1).await;
    reported(&base).await;
    unclustered(&base, "C0").await;
    let view = base.view(None).await;
    let nps = view.scheme("nps").expect("the scheme").clone();
    let group = view.tier_group(&nps, "promoter").expect("a group");
    let few = view.persona(&group).await.expect_err("one customer is no group");
    assert!(matches!(few, InsightError::TooFew { minimum: 5, .. }), "{few}");
    let movement = view.movement(&nps, None).await.expect("a movement").expect("a run before");
    assert_eq!(movement.flows.iter().map(|f| f.customers).sum::<i64>(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_who_are_all_alike_are_one_group() {
    let base = alike(5).await;
    base.refresh("2025-06-25", &[]).await;
    base.refresh(DAY, &[]).await;
    all_placed(&base, 5).await;
    reported(&base).await;
    unclustered(&base, "C3").await;

    // All are promoters: there is nobody to compare them with, and nothing tells them apart.
    let view = base.view(None).await;
    let nps = view.scheme("nps").expect("the scheme").clone();
    assert!(tiers_of(&view, "nps").await.values().all(|tier| tier == "promoter"));
    let persona =
        view.persona(&view.tier_group(&nps, "promoter").expect("a group")).await.expect("a persona");
    assert_eq!((persona.size.customers, persona.size.base, persona.size.compared), (5, 5, false));
    assert_eq!((persona.telling_figures().count(), persona.telling_traits().count()), (0, 0));
    let movement = view.movement(&nps, None).await.expect("a movement").expect("a run before");
    let flows: Vec<_> =
        movement.flows.iter().map(|f| (f.from.as_deref(), f.to.as_deref(), f.customers)).collect();
    assert_eq!(flows, [(Some("promoter"), Some("promoter"), 5)]);

    // A tier with nobody in it has a line with 0, no members, and no persona.
    let sizes = view.tiers(&nps).await.expect("sizes").tiers;
    let empty = sizes.iter().find(|t| t.tier == "detractor").expect("a line");
    assert_eq!((empty.customers, empty.customer_share, empty.revenue), (0, 0.0, 0));
    assert_eq!(view.members(&nps, "detractor", 10).await.expect("members").len(), 0);
    let nobody =
        view.persona(&view.tier_group(&nps, "detractor").expect("a group")).await.expect_err("nobody");
    assert!(nobody.to_string().contains("holds nobody"), "{nobody}");
    assert!(nobody.problem().sentence(Language::Zh).contains("没有客户"), "{nobody:?}");

    // What is the same for all neither crosses nor explains, nor can it be explained.
    let crossed = view.cross_table("nps", "satisfaction").await.expect_err("one cell is no table");
    assert!(crossed.to_string().contains("nothing to compare"), "{crossed}");
    let same = view.drivers("monetary", &[], None, SEED).await.expect_err("nothing differs");
    assert!(matches!(same, InsightError::NoPredictors { .. }), "{same}");
    assert!(!same.problem().sentence(Language::Zh).is_empty());
}

#[tokio::test]
async fn a_base_of_nobody_has_no_run_and_so_no_report() {
    let base = Base::new(10).await;
    let empty = base.try_refresh(DAY, &[]).await.expect_err("nobody");
    assert!(empty.to_string().contains("import"), "{empty}");
    assert!(!empty.problem().sentence(Language::Zh).is_ascii(), "{empty:?}");
}

#[tokio::test]
async fn whoever_is_known_from_an_event_alone_is_a_customer_without_orders() {
    let base = Base::tiny_shop().await;
    let events = "event_id,customer_id,event_time,event_type,session_id\n\
                  E1,C04,2025-06-20 10:00:00,view,s1\nE2,stranger,2025-06-21 10:00:00,cart,s2\n";
    let report = base.import_text("events.csv", events).await.report;
    assert_eq!((report.accepted, report.rejected), (2, 0));
    base.refresh(DAY, &["behaviour", "four-types", "abc", "nps"]).await;
    let view = base.view(None).await;
    assert_eq!(ask(&view, "SELECT customer_id FROM labels").await.len(), 21);
    let labels = per_customer(&view, "labels", &["behaviour", "four_types", "abc", "nps"]).await;
    let tiers: Vec<String> = labels["stranger"].iter().map(text).collect();
    assert_eq!(tiers, ["cart_abandoner", "prospect", "unknown", "unknown"]);
    let known = view.customer("stranger").await.expect("a customer");
    let nps = view.scheme("nps").expect("the scheme").clone();
    let receipt = view.explain(&known, &nps).await.expect("a receipt");
    let missing: Vec<&str> = receipt.missing.iter().map(|m| m.as_str()).collect();
    assert_eq!(missing, ["nps_last"]);
}

#[tokio::test]
async fn a_base_that_asks_for_facts_names_those_that_are_missing() {
    let base = Base::tiny_shop().await;
    base.refresh(DAY, &["engagement", "close-time", "influence"]).await;
    let missing = async |scheme: &str| -> Vec<String> {
        let view = base.view(None).await;
        let known = view.customer("C01").await.expect("a customer");
        let receipt = view.explain(&known, view.scheme(scheme).expect("a scheme")).await.expect("a receipt");
        assert_eq!(receipt.tier, "unknown", "{scheme}");
        receipt.missing.iter().map(ToString::to_string).collect()
    };
    assert_eq!(missing("engagement").await, ["events_90d", "inbound_contacts_180d"]);
    assert_eq!(missing("close-time").await, ["days_to_expected_close", "need_state"]);
    assert_eq!(missing("influence").await, ["connections", "follower_count"]);

    // One of the facts is enough: a deal in June, but no word of a need.
    let deals = "opportunity_id,customer_id,created_at,stage,amount,expected_close\nP1,C01,2025-06-01,Proposal,10,2025-07-20\n";
    base.import_text("deals.csv", deals).await;
    base.refresh(DAY, &["close-time"]).await;
    let tiers = tiers_of(&base.view(None).await, "close-time").await;
    assert_eq!((tiers["C01"].as_str(), tiers["C02"].as_str()), ("a", "unknown"));
}

#[tokio::test]
async fn a_figure_that_is_the_same_for_all_parts_by_order_and_moves_nobody() {
    let base = alike(6).await;
    let halves = "kind = \"quantiles\"\nmetric = \"monetary\"\nbest = \"high\"";
    base.document("schemes", "busy.toml", &scheme(halves, &[("more", ""), ("less", "")]));
    base.refresh("2025-06-30", &["busy", "churn-risk"]).await;
    base.refresh(DAY, &["busy", "churn-risk"]).await;
    let view = base.view(None).await;
    // Equal customers are parted by id, the smaller ids in the lower part, and alike every day.
    let tiers: Vec<String> = tiers_of(&view, "busy").await.into_values().collect();
    assert_eq!(tiers, ["less", "less", "less", "more", "more", "more"]);
    for id in ["busy", "churn-risk"] {
        let scheme = view.scheme(id).expect("the scheme").clone();
        let movement = view.movement(&scheme, None).await.expect("a movement").expect("a run before");
        assert!(movement.flows.iter().all(|f| f.from == f.to), "{id}: {:?}", movement.flows);
    }
    let crossed = view.cross_table("monetary", "churn-risk").await.expect_err("one value");
    assert!(matches!(crossed, InsightError::NothingToCross { .. }), "{crossed}");
}
