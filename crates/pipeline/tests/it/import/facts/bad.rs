//! Facts that cannot be true: refused with rule and cure, listed, corrected, imported again.

use clientele_model::{BatchId, Language};
use clientele_pipeline::clean::{Outcome, Rule};
use clientele_pipeline::collect::ImportError;
use clientele_pipeline::collect::quarantine::{quarantine_export, quarantine_list};

use super::super::fixture::Shop;

/// A file with one sound row first, and the rules that its other rows break, in their order.
const FILES: &[(&str, &[Rule])] = &[
    (
        "customer_id,event_time,event_type\na,2025-01-01,view\na,soon,view\na,2031-01-01,view\n,2025-01-01,view\na,,view\na,2025-01-01,\na,2025-01-01\n",
        &[
            Rule::BadDate,
            Rule::FutureDate,
            Rule::MissingCustomer,
            Rule::MissingTime,
            Rule::MissingValue,
            Rule::BadShape,
        ],
    ),
    (
        "ticket_id,customer_id,opened_at,closed_at,status,satisfaction,reopened\n\
         T1,a,2025-01-02,2025-01-03,closed,5,0\nT2,a,2025-01-02,2025-01-01,closed,,\nT3,a,2025-01-02,,open,6,\n\
         T4,a,2025-01-02,,open,0,\nT5,a,2025-01-02,,asleep,,\nT6,a,2025-01-02,,open,good,\nT7,a,2025-01-02,,open,,-1\n\
         ,a,2025-01-02,,open,,\nT8,a,2025-01-02,later,open,,\nT9,a,2025-01-02,,open,,1.5\n",
        &[
            Rule::EndBeforeStart,
            Rule::OffScale,
            Rule::OffScale,
            Rule::UnknownStatus,
            Rule::BadNumber,
            Rule::NegativeValue,
            Rule::MissingValue,
            Rule::BadDate,
            Rule::BadNumber,
        ],
    ),
    (
        "customer_id,answered_at,survey,question,value,scale_min,scale_max\n\
         a,2025-01-01,nps,nps,10,,\na,2025-01-02,nps,nps,11,,\na,2025-01-01,csat,csat,0,,\na,2025-01-01,ces,ces,8,,\n\
         a,2025-01-01,own,x,5,1,4\na,2025-01-01,own,y,,1,4\n",
        &[Rule::OffScale, Rule::OffScale, Rule::OffScale, Rule::OffScale, Rule::MissingValue],
    ),
    (
        "opportunity_id,customer_id,created_at,stage,probability,outcome,closed_at\n\
         O1,a,2025-01-01,Proposal,0.5,open,\nO2,a,2025-01-01,Proposal,-0.1,open,\nO3,a,2025-01-01,Proposal,150%,open,\n\
         O4,a,2025-01-01,Proposal,0.5,maybe,\nO5,a,2025-01-02,Lost,0,lost,2025-01-01\nO6,a,,Proposal,,,\n",
        &[Rule::BadShare, Rule::BadShare, Rule::UnknownOutcome, Rule::EndBeforeStart, Rule::MissingTime],
    ),
    ("from,to,relation\na,b,knows\na,a,knows\na,,knows\n", &[Rule::SelfRelation, Rule::MissingValue]),
    (
        "customer_id,channel,consent status,changed_at\na,email,yes,2025-01-01\na,email,perhaps,2025-01-02\n",
        &[Rule::UnknownConsent],
    ),
    (
        "customer_id,date,cost type,cost\na,2025-01-01,support,5\na,2025-01-01,support,-5\na,2025-01-01,support,much\n",
        &[Rule::NegativeValue, Rule::BadNumber],
    ),
    (
        "customer_id,programme,joined_at,expires_at\na,club,2025-01-01,2030-01-01\na,club,2025-01-02,2024-01-01\n",
        &[Rule::EndBeforeStart],
    ),
    (
        "customer_id,contacted at,contact type,staff,minutes\na,2025-01-01,call,Kim,5\na,2025-01-01,call,Kim,-5\n",
        &[Rule::NegativeValue],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_has_its_row_and_its_cure() {
    for (file, rules) in FILES {
        let shop = Shop::new("CNY").await;
        let report = shop.import("a.csv", file).await;
        let listed = quarantine_list(&shop.workspace, None, 100).await.expect("a list");
        let found: Vec<&str> = listed.iter().map(|row| row.rule.as_str()).collect();
        let mut expected: Vec<&str> = rules.iter().map(|rule| rule.id()).collect();
        let mut sorted = found.clone();
        sorted.sort_unstable();
        expected.sort_unstable();
        assert_eq!(sorted, expected, "{file}");
        assert_eq!((report.report.accepted, report.report.rejected), (1, rules.len() as u64), "{file}");
        for rule in *rules {
            assert_eq!(rule.outcome(), Outcome::Rejected);
            for language in [Language::En, Language::Zh] {
                assert!(!rule.name(language).is_empty() && !rule.cure(language).is_empty());
            }
        }
        assert!(listed.iter().all(|row| row.message.len() > 20), "{listed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn corrected_rows_can_be_imported() {
    let shop = Shop::new("CNY").await;
    shop.import("a.csv", FILES[2].0).await;
    let path = shop.folder.path().join("fix.csv");
    quarantine_export(&shop.workspace, &BatchId::new("b0001"), &path).await.expect("an export");
    let text = std::fs::read_to_string(&path).expect("the export");
    let fixed: String = text
        .lines()
        .filter(|line| line.contains("customer_id") || line.contains(",11,"))
        .map(|line| format!("{}\n", line.replace(",11,", ",1,")))
        .collect();
    let report = shop.import("fixed.csv", fixed).await;
    assert_eq!(report.layout, "generic-responses");
    assert_eq!((report.report.accepted, report.report.rejected), (1, 0), "{:?}", report.report);
    assert_eq!(shop.rows("responses", "survey, value").await, ["nps|1.0", "nps|10.0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn percentages_of_a_whole_column_are_shares() {
    let shop = Shop::new("CNY").await;
    let report = shop
        .import(
            "a.csv",
            "opportunity_id,customer_id,created_at,stage,probability\nO1,a,2025-01-01,Proposal,1\nO2,a,2025-01-01,Proposal,40\n",
        )
        .await;
    assert_eq!(report.report.count(Rule::Percent), 2);
    assert_eq!(shop.rows("opportunities", "opportunity_id, probability").await, ["O1|0.01", "O2|0.4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_file_lacks_is_named() {
    let shop = Shop::new("CNY").await;
    let path = shop.file("a.csv", "ticket_id,who,opened_at\nT1,a,2025-01-01\n");
    let mut request = shop.request(path);
    request.source = Some("generic-tickets".into());
    let error = shop.run(&request).await.expect_err("no customer");
    assert!(matches!(error, ImportError::MissingField { .. }), "{error}");
    assert!(error.to_string().contains("--map customer_id=COLUMN"), "{error}");
    request.by_hand.set("customer_id", "who").expect("a field");
    request.dry_run = true;
    let report = shop.run(&request).await.expect("a dry run");
    assert_eq!(report.report.accepted, 1);
    assert_eq!(shop.workspace.lake().await.expect("a lake").snapshot().generation(), 0);
    let path = shop.file("b.csv", "customer_id,answered_at,q1\na,2025-01-01,3\n");
    let mut request = shop.request(path);
    request.source = Some("generic-answer-sheets".into());
    assert!(shop.run(&request).await.is_err());
}
