//! The parts about causes, groups, classes and the catalogue.

use std::collections::BTreeMap;

use clientele_model::spec::MetricSource;
use clientele_model::{AsOf, Language, RunId, Text, Unit};
use clientele_predict::stats::{Effect, Magnitude};

use super::super::data::ReportData;
use super::super::data::insight::{GroupPersona, Insight};
use super::super::data::missing::Missing;
use super::tests::{day, empty, full, page, scheme, sized};
use crate::runs::Run;
use crate::understand::demand::{CategoryDemand, ClassDemand, DemandDirection, QuarterDemand, Sold};
use crate::understand::movement::{Cause, CausedFlow, MoveRates, Period};
use crate::understand::persona::{Figure, GroupSize, Persona, PriceLevel, Sparse, Typical, Verdict};
use crate::understand::satisfaction::{ClassSatisfaction, GroupSatisfaction};

fn plain(data: &ReportData) -> String {
    page(data, Language::En).replace('\u{a0}', " ").replace('\u{2011}', "-")
}

fn has(html: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(html.contains(sentence), "{sentence}");
    }
}

/// The movement of [`full`] with its causes.
fn moved() -> ReportData {
    let mut data = full();
    let rfm = data.schemes.iter_mut().find(|s| s.scheme.id.as_str() == "rfm-11").expect("the segments");
    let flows = rfm.movement.clone().expect("a movement").flows;
    let causes: [&[(Cause, i64)]; 4] = [
        &[],
        &[(Cause::Behaviour, 5), (Cause::Ageing, 15)],
        &[(Cause::Behaviour, 18)],
        &[(Cause::Behaviour, 300)],
    ];
    let caused = flows.into_iter().zip(causes);
    let caused = caused.map(|(flow, causes)| CausedFlow { flow, causes: causes.iter().copied().collect() });
    rfm.moves.caused = caused.collect();
    data
}

fn run(id: &str, as_of: &str) -> Run {
    Run {
        id: RunId::new(id),
        as_of: AsOf::new(day(as_of)),
        made_at: day(as_of).into(),
        generation: 1,
        customers: 100,
        inputs: BTreeMap::new(),
        metrics: BTreeMap::new(),
        schemes: BTreeMap::new(),
    }
}

#[test]
fn causes_add_up_and_flows_are_drawn() {
    let html = plain(&moved());
    has(
        &html,
        &[
            "Why 38 customers changed tier: new orders and other facts 60.5 %, time went by 39.5 %.",
            "<title>Champions → Lost: 20 customers</title>",
            "<title>New → Loyal: 300 customers</title>",
            ">Champions 120</text>",
            ">Champions 118</text>",
        ],
    );
    // All 338 who moved: 18 up, 20 down, 300 new.
    let sum = html.split(">All</th>").nth(1).expect("the sum").split("</tr>").next().expect("a row");
    let cells: Vec<&str> =
        sum.split("<td class=\"n\">").skip(1).filter_map(|c| c.split('<').next()).collect();
    assert_eq!(cells, ["338", "18", "20", "300"]);
    assert!(
        page(&moved(), Language::Zh)
            .contains("38 位客户更换层级的原因：新发生的订单等行为 60.5%、时间推移 39.5%。")
    );
}

#[test]
fn rates_are_told_from_three_runs_on() {
    let mut data = moved();
    let rates =
        MoveRates { before: 200, after: 210, up: 20, down: 30, lost: 5, new: 10, ..MoveRates::default() };
    let period = Period { from: run("r0001", "2011-10-10"), to: run("r0002", "2011-11-10"), rates };
    let rfm = data.schemes.iter_mut().find(|s| s.scheme.id.as_str() == "rfm-11").expect("the segments");
    rfm.moves.periods = vec![period.clone()];
    assert!(!plain(&data).contains("Rates from run to run"));
    let rfm = data.schemes.iter_mut().find(|s| s.scheme.id.as_str() == "rfm-11").expect("the segments");
    rfm.moves.periods = vec![period.clone(), period];
    has(
        &plain(&data),
        &["Rates from run to run", "since 2011-10-10", "10.0 %<small>20</small>", "15.0 %<small>30"],
    );
}

fn verdict(size: f64) -> Option<Verdict> {
    let effect = Effect { size, low: size - 0.1, high: size + 0.1 };
    let magnitude = Magnitude::of(size);
    Some(Verdict { effect, magnitude, is_clear: true, p: 1e-9, adjusted: 1e-8, tells: true })
}

fn figure(metric: &str, en: &str, mean: f64, base: f64, size: f64) -> Figure {
    Figure {
        metric: metric.into(),
        name: Text::new(en, en),
        unit: Unit::Count,
        known: 118,
        mean,
        deviation: 1.0,
        base_mean: Some(base),
        index: Some(mean / base * 100.0),
        index_range: Some((mean / base * 100.0 - 10.0, mean / base * 100.0 + 10.0)),
        verdict: verdict(size),
        by_rule: false,
    }
}

fn persona() -> Persona {
    Persona {
        group: "rfm-11=champions".into(),
        name: Text::new("11 RFM segments: Champions", "RFM 十一类：冠军客户"),
        size: GroupSize {
            customers: 118,
            base: 4_338,
            revenue: 413 * 10_000,
            base_revenue: 1_000 * 10_000,
            compared: true,
        },
        figures: vec![
            figure("orders_90d", "Orders, last 90 days", 6.0, 2.0, 1.5),
            figure("orders_30d", "Orders, last 30 days", 3.0, 1.0, 1.2),
            figure("returns", "Returns", 1.0, 4.0, -0.8),
        ],
        traits: Vec::new(),
        sparse: vec![Sparse {
            metric: "favourite_channel".into(),
            name: Text::new("Favourite channel", "常用渠道"),
            known: Some(5),
        }],
        tests: 99,
        typical: Typical {
            nearest: Some(("online-retail".into(), "17314".into())),
            values: vec![(Text::new("Country", "国家"), Text::new("UK", "英国"), 0.75)],
            ..Typical::default()
        },
        categories: Vec::new(),
        price: PriceLevel::default(),
        habits: Vec::new(),
        together: None,
        demand: Vec::new(),
        satisfaction: Vec::new(),
    }
}

#[test]
fn groups_are_described_or_it_is_said_why_not() {
    let mut data = full();
    let group =
        |group: &str, persona| GroupPersona { group: group.into(), name: Text::new("N", "N"), persona };
    let few = Text::new("abc=a holds fewer than 5 customers", "abc=a 不足 5 名客户");
    data.insight.personas = vec![group("rfm-11=champions", Ok(persona())), group("abc=a", Err(few))];
    let html = plain(&data);
    has(
        &html,
        &[
            "They are 118 customers, 2.7 % of all, and brought 41.3 % of revenue.",
            "they differ most in: Orders, last 90 days (6 against 2); Returns (1 against 4).",
            ">index 300 (290–310)</text>",
            "Common to more than half of the members: Country: UK (75.0 %).",
            "Of 118 customers most have no value of: Favourite channel (known of 5).",
            "+1.40 to +1.60",
            "Nothing is said here: abc=a holds fewer than 5 customers.",
        ],
    );
    assert!(!html.contains("Orders, last 30 days"), "one window of a figure is enough");
    assert!(!html.contains("17314"), "the page names no customer");
    assert!(page(&data, Language::Zh).contains("此处没有结果：abc=a 不足 5 名客户。"));
}

#[test]
fn what_is_missing_is_named() {
    let mut data = full();
    let channel = data.schemes.iter_mut().find(|s| s.scheme.id.as_str() == "channel").expect("channels");
    channel.missing = vec![Missing {
        metric: "favourite_channel".into(),
        name: Text::new("Favourite channel", "常用渠道"),
        customers: 4_338,
        absent: Some(MetricSource::Events),
    }];
    data.insight.absent = [MetricSource::Responses, MetricSource::Tickets].into();
    data.insight.drivers = vec![Err(Text::new("why", "原因")), Err(Text::new("why", "原因"))];
    has(
        &plain(&data),
        &[
            "Unknown: 4,338 customers (100.0 %), for lack of “Favourite channel” – import events.",
            "Unknown: 4,300 customers (99.1 %), outside the base that the scheme looks at.",
            "Nothing is known of their satisfaction: import survey responses",
            "Import orders that name a category.",
            "Nothing is said here: why.",
        ],
    );
    assert!(page(&data, Language::Zh).contains("缺少“常用渠道”，请导入行为事件。"));
}

#[test]
fn classes_tell_what_they_think_and_buy() {
    let mut data = full();
    let sold = |buyers, orders| Some(Sold { buyers, orders, revenue: i128::from(orders) * 10_000 });
    let quarter = |quarter: &str, sold| QuarterDemand { quarter: quarter.into(), sold };
    let tea = CategoryDemand {
        category: "Tea <green>".into(),
        quarters: vec![
            quarter("2011-Q1", None),
            quarter("2011-Q2", sold(400, 500)),
            quarter("2011-Q3", sold(250, 300)),
        ],
        change: Some(-0.4),
        revenue_change: Some(-0.4),
        year_change: None,
        adjusted: 0.001,
        direction: DemandDirection::Falls,
    };
    let nps = |mean, score, size| GroupSatisfaction {
        metric: "nps_last".into(),
        name: Text::new("Last NPS answer", "最近一次 NPS"),
        unit: Unit::Count,
        answered: 40,
        mean,
        interval: Some((mean - 0.5, mean + 0.5)),
        nps: Some(score),
        nps_interval: Some((score - 9.0, score + 9.0)),
        verdict: verdict(size),
    };
    let recommends = GroupSatisfaction {
        metric: "recommends".into(),
        name: Text::new("Would recommend", "愿意推荐"),
        unit: Unit::YesNo,
        answered: 36,
        mean: 0.2222,
        interval: Some((0.117, 0.381)),
        nps: None,
        nps_interval: None,
        verdict: verdict(0.0),
    };
    data.insight = Insight {
        demand: vec![ClassDemand { class: "a".into(), categories: vec![tea] }],
        satisfaction: vec![
            ClassSatisfaction { class: "a".into(), measures: vec![nps(9.0, 55.0, 0.9), recommends] },
            ClassSatisfaction { class: "c".into(), measures: vec![nps(6.0, -20.0, -0.9)] },
        ],
        minimum_group: 5,
        ..Insight::default()
    };
    has(
        &plain(&data),
        &[
            "“A” ordered less “Tea &lt;green&gt;” -40.0 %.",
            "▼ falls",
            "(few: of fewer than 5 customers)",
            "Last NPS answer: “A” +55, “C” -20.",
            "“A”, “C” differ from the others by more than chance.",
            "<small>+46 to +64 · 40 answered</small>",
            "22.2 %<small>11.7 %–38.1 % · 36 answered</small>",
        ],
    );
}

#[test]
fn tiers_that_are_treated_alike_are_told_once() {
    let mut bands = scheme("rfm-bands");
    let tiers: Vec<String> = bands.tiers.iter().take(3).map(|t| t.id.to_string()).collect();
    bands.tiers.truncate(3);
    let counted: Vec<(&str, i64, i128)> = tiers.iter().map(|t| (t.as_str(), 10, 10)).collect();
    let mut data = empty();
    data.customers = 30;
    data.schemes = vec![sized(bands, &counted)];
    let html = page(&data, Language::En);
    let playbook = html.split("class=\"playbook\"").nth(1).expect("a playbook");
    assert_eq!(playbook.matches("<dt>").count(), 1);
}
