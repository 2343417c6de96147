//! The page over bases of every size.

use clientele_model::spec::Scheme;
use clientele_model::{AsOf, Currency, Language, RunId};

use super::super::data::cohorts::Cohort;
use super::super::data::concentration::Concentration;
use super::super::data::facts::{Facts, Month, MonthNumber, SourceOrders};
use super::super::data::grid::GridCell;
use super::super::data::insight::Insight;
use super::super::data::moves::Moves;
use super::super::data::quality::BatchQuality;
use super::super::data::{ReportData, SchemeData};
use crate::clean::QualityReport;
use crate::library::{DocumentKind, built_in};
use crate::understand::movement::{Direction, Flow, Movement};
use crate::understand::staleness::Staleness;
use crate::understand::tiers::{SchemeTiers, TierSize};

pub(super) fn scheme(id: &str) -> Scheme {
    let document = built_in(DocumentKind::Schemes)
        .into_iter()
        .find(|d| d.name.ends_with(&format!("/{id}.toml")))
        .expect("a built-in scheme");
    Scheme::parse(&document.name, &document.text).expect("a sound scheme")
}

/// A scheme with (tier, customers, revenue).
pub(super) fn sized(scheme: Scheme, tiers: &[(&str, i64, i128)]) -> SchemeData {
    let everyone: i64 = tiers.iter().map(|t| t.1).sum();
    let total: i128 = tiers.iter().map(|t| t.2).sum();
    let part = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let tiers = tiers.iter().map(|&(tier, customers, revenue)| TierSize {
        tier: tier.to_owned(),
        customers,
        customer_share: part(customers as f64, everyone as f64),
        revenue: revenue * 10_000,
        revenue_share: part(revenue as f64, total as f64),
    });
    let sizes = SchemeTiers { scheme: scheme.id.to_string(), version: 1, tiers: tiers.collect() };
    SchemeData { scheme, sizes, movement: None, moves: Moves::default(), missing: Vec::new(), parting: None }
}

pub(super) fn day(text: &str) -> chrono::NaiveDate {
    text.parse::<AsOf>().expect("a day").date()
}

/// A workspace without an order.
pub(super) fn empty() -> ReportData {
    ReportData {
        run: "r0001".into(),
        as_of: AsOf::new(day("2011-12-10")),
        stale: None,
        previous: None,
        currency: Currency::try_from("GBP".to_owned()).expect("a currency"),
        customers: 0,
        facts: Facts::default(),
        months: Vec::new(),
        sources: Vec::new(),
        schemes: Vec::new(),
        grid: Vec::new(),
        concentration: None,
        cohorts: Vec::new(),
        batches: Vec::new(),
        insight: Insight::default(),
    }
}

pub(super) fn full() -> ReportData {
    let rfm = [("champions", 118, 4_130), ("loyal", 300, 2_000), ("lost", 3_920, 3_870)];
    let abc = [("a", 1_000, 7_000), ("b", 900, 2_000), ("c", 2_438, 1_000)];
    let lifecycle =
        [("active", 1_000, 5_000), ("new", 200, 500), ("silent", 700, 1_500), ("churned", 2_438, 3_000)];
    let mut rfm = sized(scheme("rfm-11"), &rfm);
    let flow = |from: Option<&str>, to: Option<&str>, customers, direction| Flow {
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        customers,
        direction,
    };
    rfm.movement = Some(Movement {
        scheme: "rfm-11".into(),
        from: RunId::new("r0001"),
        to: RunId::new("r0002"),
        flows: vec![
            flow(Some("champions"), Some("champions"), 100, Direction::Stayed),
            flow(Some("champions"), Some("lost"), 20, Direction::Down),
            flow(Some("lost"), Some("champions"), 18, Direction::Up),
            flow(None, Some("loyal"), 300, Direction::New),
        ],
    });
    let month = |m| MonthNumber(2011 * 12 + m);
    ReportData {
        run: "r0002".into(),
        previous: Some(("r0001".into(), AsOf::new(day("2011-11-10")))),
        customers: 4_338,
        facts: Facts {
            orders: 18_532,
            buyers: 4_338,
            revenue: 100_000_000,
            refunded: 5_000_000,
            period: Some((day("2010-12-01"), day("2011-12-09"))),
        },
        months: (0..12)
            .map(|m| Month { month: month(m), orders: 100 + m, revenue: i128::from(m + 1) * 1_000_000 })
            .collect(),
        sources: vec![SourceOrders {
            source: "online-retail".into(),
            orders: 18_532,
            customers: 4_338,
            revenue: 100_000_000,
        }],
        schemes: vec![
            sized(scheme("abc"), &abc),
            sized(scheme("lifecycle"), &lifecycle),
            rfm,
            sized(scheme("channel"), &[("unknown", 4_338, 10_000)]),
            sized(scheme("variety"), &[("broad", 38, 9_000), ("unknown", 4_300, 1_000)]),
        ],
        grid: (1..=5)
            .flat_map(|r| (1..=5).map(move |f| (r, f)))
            .map(|(recency, frequency)| GridCell {
                recency,
                frequency,
                customers: i64::from(recency * frequency),
                revenue: 10_000,
            })
            .collect(),
        concentration: Some(Concentration {
            customers: 4_300,
            revenue: 100_000_000,
            curve: vec![(0.0, 0.0), (0.1, 0.6), (0.5, 0.9), (1.0, 1.0)],
            tops: vec![(43, 0.3), (215, 0.5), (430, 0.6), (860, 0.75)],
            gini: 0.76,
            half: 215,
        }),
        cohorts: (0..3)
            .map(|m| Cohort {
                month: month(8 + m),
                customers: 100,
                ordered: (0..=(3 - m)).map(|since| if since == 0 { 100 } else { 25 - since }).collect(),
                first_of_all: m == 0,
            })
            .collect(),
        batches: vec![BatchQuality {
            batch: "b0001".into(),
            file: "online_retail.parquet".into(),
            source: "online-retail".into(),
            report: QualityReport { rows_read: 541_909, accepted: 541_909, ..QualityReport::default() },
        }],
        ..empty()
    }
}

pub(super) fn page(data: &ReportData, language: Language) -> String {
    clientele_report::html(&super::page(data, language)).expect("a page")
}

#[test]
fn the_page_needs_nothing_from_outside() {
    for language in [Language::En, Language::Zh] {
        let html = page(&full(), language);
        for needle in ["src=", "<script", "<link", "@import", "@font-face", "url("] {
            assert!(!html.contains(needle), "{needle}");
        }
        // The only addresses are those of places in the page and the name of the SVG form.
        let outside = html.replace("http://www.w3.org/2000/svg", "");
        assert!(!outside.contains("http"), "an address");
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    assert_eq!(page(&full(), Language::En), page(&full(), Language::En));
}

#[test]
fn sentences_say_the_numbers() {
    let html = page(&full(), Language::En).replace('\u{a0}', " ").replace('\u{2011}', "-");
    for sentence in [
        "4,338 customers placed 18,532 orders between 2010-12-01 and 2011-12-09 and brought £10,000.00 net of refunds.",
        "The 118 customers in “Champions”, 2.7 % of all, brought 41.3 % of revenue; the largest tier is “Lost” with 3,920 customers (90.4 %).",
        "“A”: 1,000 customers (23.1 % of all) brought 70.0 % of revenue. “C”: 2,438 customers (56.2 %) brought 10.0 %.",
        "The top 10 % (430 customers) brought 60.0 % of revenue, and half of it came from 5.0 % of the customers",
        "On average 24.0 % of new customers order in the month after their first order",
        "In “11 RFM segments”, 38 of 138 customers (27.5 %) changed tier: 18 moved up, 20 down; 300 are new.",
        "Of 541,909 rows read, 541,909 (100.0 %) were accepted; none had to be set aside.",
        "Of 5 classifications 3 place every customer, 1 place some, and 1 place nobody yet, for lack of facts.",
    ] {
        assert!(html.contains(sentence), "{sentence}");
    }
}

#[test]
fn tiny_bases_have_a_page_too() {
    for language in [Language::En, Language::Zh] {
        page(&empty(), language);
    }
    let mut one = empty();
    one.customers = 1;
    one.schemes = vec![sized(scheme("rfm-11"), &[("champions", 1, 50)])];
    one.grid = vec![GridCell { recency: 5, frequency: 5, customers: 1, revenue: 500_000 }];
    one.concentration = Some(Concentration {
        customers: 1,
        revenue: 500_000,
        curve: vec![(0.0, 0.0), (1.0, 1.0)],
        tops: vec![(1, 1.0); 4],
        gini: 0.0,
        half: 1,
    });
    let html = page(&one, Language::En);
    assert!(html.contains("The one customer is in “Champions”."));
    assert!(html.contains("One customer brought all of the revenue."));
    assert!(html.contains("There is one buyer so far."));
    one.customers = 5;
    one.schemes = vec![sized(scheme("rfm-11"), &[("champions", 5, 0)])];
    assert!(page(&one, Language::Zh).contains("5 位客户全部属于“冠军客户”"));
}

#[test]
fn texts_from_files_cannot_become_markup() {
    let mut data = full();
    let evil = "<script>alert(1)</script>\"'&";
    for data in &mut data.schemes {
        data.scheme.name = clientele_model::Text::new(evil, evil);
        data.scheme.question = clientele_model::Text::new(evil, evil);
        data.scheme.rule_text = clientele_model::Text::new(evil, evil);
        for tier in &mut data.scheme.tiers {
            tier.name = clientele_model::Text::new(evil, evil);
            let play = &mut tier.playbook;
            for text in [&mut play.goal, &mut play.offer, &mut play.kpi, &mut play.actions[0].text] {
                *text = clientele_model::Text::new(evil, evil);
            }
            play.talk = vec![clientele_model::Text::new(evil, evil)];
        }
    }
    data.sources[0].source = evil.into();
    data.batches[0].file = evil.into();
    let html = page(&data, Language::En);
    assert!(!html.contains("<script"), "{}", &html[html.find("<script").unwrap_or(0)..][..80]);
    assert!(html.contains("&lt;script&gt;"));
    assert!(!html.contains("alert(1)</script>\"'&\""), "a quote ends an attribute");
}

#[test]
fn places_have_one_name_and_links_lead_somewhere() {
    let mut data = full();
    // A scheme of the workspace's own that is called like a section.
    data.schemes.push(sized(Scheme { id: "summary".into(), ..scheme("variety") }, &[("broad", 5, 5)]));
    let html = page(&data, Language::En);
    let values = |attribute: &str| -> Vec<String> {
        let start = format!(" {attribute}=\"");
        let pieces = html.split(start.as_str()).skip(1);
        pieces.filter_map(|piece| piece.split('"').next()).map(str::to_owned).collect()
    };
    let ids = values("id");
    let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    for link in values("href") {
        assert!(ids.contains(&link.trim_start_matches('#').to_owned()), "{link}");
    }
}

#[test]
fn a_report_of_what_has_changed_since_says_so_first() {
    let mut data = full();
    let fresh = page(&data, Language::En);
    assert!(!fresh.contains("have changed since"));
    data.stale =
        Some(Staleness { undone: vec!["b0002".into()], imported: Vec::new(), overrides: false, fresh: None });
    let html = page(&data, Language::En);
    let told = "The data have changed since run r0002 (b0002 taken back, of which this still speaks): run";
    let (told, summary) = (html.find(told).expect("the sentence"), html.find("placed").expect("the summary"));
    assert!(told < summary);
    assert!(page(&data, Language::Zh).contains("批次 b0002 已撤销"));
}
