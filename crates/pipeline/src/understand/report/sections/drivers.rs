//! What goes along with outcomes: importance against performance.

use clientele_report::charts::{Chart, Dot, Scatter};
use clientele_report::page::{Block, Cell, Section, Table, TableColumn};
use clientele_report::shade::Shade;

use super::super::data::ReportData;
use super::super::data::insight::OUTCOMES;
use super::super::numbers::Numbers;
use super::{facts, personas};
use crate::understand::drivers::{DriverAnalysis, MetricDriver, Quadrant};

/// The section; `None` without customers.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    if data.customers == 0 || data.insight.drivers.is_empty() {
        return None;
    }
    let title = l.pick("What goes along with success", "关键驱动因素");
    let mut section = Section::new("drivers", title);
    section.question = Some(
        l.pick(
            "What has most to do with an outcome, and where is there room to do better?",
            "什么与结果关系最大，哪里还有改进空间？",
        )
        .to_owned(),
    );
    let answers = OUTCOMES.iter().zip(&data.insight.drivers);
    section.parts = answers
        .map(|(outcome, answer)| {
            let part = Section::new(format!("drivers-{outcome}"), name(outcome, n));
            match answer {
                Ok(analysis) => full(part, analysis, n),
                Err(_) if *outcome == "satisfaction" && facts::no_answers(&data.insight.absent) => {
                    part.note(facts::import_answers(n))
                }
                Err(why) => part.note(personas::withheld(why.get(l), n)),
            }
        })
        .collect();
    Some(section.note(l.pick(
        "What goes along with an outcome need not cause it: it may follow from it, or both from something else. \
         Importance is the share of what all of these together explain (relative weights), with its \
         95\u{a0}% interval: where two overlap, which is more important is not sure. Performance is where customers \
         stand on average between the lowest and the highest 5 %. Advice is only given on what the company can move, and \
         only towards the end that is good in itself.",
        "与结果相关并不等于导致结果：也可能由结果带来，或两者同出一因。重要性是各项在全部解释力中的占比（相对权重），附 95% 区间；两项区间重叠时，孰轻孰重并不确定。表现是客户均值在最低与最高 5% 之间的位置。只对企业能够改变的指标给出建议，且只建议向本身有利的方向改进。",
    )))
}

fn name(outcome: &str, n: &Numbers) -> &'static str {
    let (en, zh) = match outcome {
        "repeat" => ("Repeat purchase", "复购"),
        "satisfaction" => ("Satisfaction", "满意度"),
        _ => ("Churn", "流失"),
    };
    n.language.pick(en, zh)
}

fn full(part: Section, analysis: &DriverAnalysis, n: &Numbers) -> Section {
    let l = n.language;
    let says = says(analysis, n);
    let of = n.customers(i64::try_from(analysis.customers).unwrap_or(i64::MAX));
    let asked = n.customers(i64::try_from(analysis.asked).unwrap_or(i64::MAX));
    let meaning = analysis.outcome.meaning.get(l);
    let mut part = part.says(&says).with(drawing(analysis, &says, n)).note(l.pick(
        format!(
            "Outcome: {meaning}. Computed on {of} of whom all these figures are known, of {asked} with an outcome."
        ),
        format!("结果：{meaning}。按各项指标齐全的 {of}计算；有结果的共 {asked}。"),
    ));
    if analysis.thin {
        part = part.note(l.pick(
            "There are fewer than 10 customers for each figure: the shares are rough.",
            "平均每项指标不足 10 位客户：占比只是粗略估计。",
        ));
    }
    part
}

fn says(analysis: &DriverAnalysis, n: &Numbers) -> String {
    let l = n.language;
    let explained = n.share(analysis.r_squared.clamp(0.0, 1.0));
    if !analysis.explains() {
        return l.pick(
            format!(
                "These figures explain {explained} of the differences between customers, no more than chance would: \
                 which of them is more important means nothing."
            ),
            format!("这些指标只解释了客户差异的 {explained}，不超出偶然：各项的重要性没有意义。"),
        );
    }
    let Some(first) = analysis.drivers.first() else { return String::new() };
    let begin = analysis.drivers.iter().find(|d| d.quadrant() == Some(Quadrant::Improve));
    let begin = begin.map_or_else(String::new, |d| {
        let name = n.named(d.name.get(l));
        l.pick(
            format!(" Begin with {name}: it matters, and customers stand low in it."),
            format!("优先改进{name}：重要，而目前表现偏低。"),
        )
    });
    let (name, share) = (n.named(first.name.get(l)), n.share(first.driver.share));
    l.pick(
        format!(
            "These figures explain {explained} of the differences between customers; {name} has most to do with it \
             ({share} of what is explained).{begin}"
        ),
        format!("这些指标解释了客户差异的 {explained}，其中{name}关系最大（占 {share}）。{begin}"),
    )
}

/// The share of what all explain, with its interval below.
fn importance(driver: &MetricDriver, n: &Numbers) -> Cell {
    let range = driver.interval.map_or_else(String::new, |(low, high)| {
        n.language.pick(
            format!("{} to {}", n.share(low), n.share(high)),
            format!("{} 至 {}", n.share(low), n.share(high)),
        )
    });
    Cell::new(n.share(driver.driver.share)).with_small(range)
}

fn quadrant(quadrant: Quadrant, n: &Numbers) -> &'static str {
    let (en, zh) = match quadrant {
        Quadrant::Improve => ("Improve first", "优先改进"),
        Quadrant::Keep => ("Keep up", "继续保持"),
        Quadrant::Watch => ("Watch", "留意观察"),
        Quadrant::Enough => ("Good enough", "已经足够"),
    };
    n.language.pick(en, zh)
}

fn shade(driver: &MetricDriver) -> Shade {
    match driver.quadrant() {
        Some(Quadrant::Improve) => Shade::Accent,
        Some(Quadrant::Keep) => Shade::Tier(5),
        Some(Quadrant::Watch | Quadrant::Enough) | None => Shade::Unknown,
    }
}

fn drawing(analysis: &DriverAnalysis, says: &str, n: &Numbers) -> Block {
    let l = n.language;
    let average = 1.0 / analysis.drivers.len().max(1) as f64;
    let dots: Vec<Dot> = analysis
        .drivers
        .iter()
        .map(|d| Dot { name: d.name.get(l).to_owned(), x: d.performance, y: d.driver.share, shade: shade(d) })
        .collect();
    // Where nothing is advised, the quarters mean nothing.
    let is_advised = analysis.drivers.iter().any(|d| d.quadrant().is_some());
    let names = [Quadrant::Improve, Quadrant::Keep, Quadrant::Watch, Quadrant::Enough]
        .map(|q| if is_advised { quadrant(q, n).to_owned() } else { String::new() });
    let (across, up) = (l.pick("Performance", "表现"), l.pick("Importance", "重要性"));
    let chart = Chart::Scatter(Scatter {
        across: across.to_owned(),
        up: up.to_owned(),
        middle: (0.5, average),
        names,
        dots,
    });
    let rows = analysis.drivers.iter().map(|d| {
        let with = match d.driver.correlation >= 0.0 {
            true => l.pick("more of it, more of the outcome", "越多，结果越多"),
            false => l.pick("more of it, less of the outcome", "越多，结果越少"),
        };
        vec![
            Cell::new(d.name.get(l)).with_small(with),
            importance(d, n),
            Cell::new(n.share(d.performance)),
            Cell::new(n.mean(d.mean, d.unit)),
            Cell::new(format!("{:+.2}", d.driver.correlation)),
            match d.advice {
                Ok(advice) => Cell::new(quadrant(advice, n)),
                Err(why) => Cell::new("–").with_small(why.text().get(l)),
            },
        ]
    });
    let table = Table {
        caption: l.pick("Importance and performance", "重要性与表现").to_owned(),
        columns: vec![
            TableColumn::text(l.pick("Figure", "指标")),
            TableColumn::number(up),
            TableColumn::number(across),
            TableColumn::number(l.pick("Mean", "均值")),
            TableColumn::number(l.pick("Correlation", "相关系数")),
            TableColumn::text(l.pick("So", "建议")),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    Block::Chart { chart, label: super::label(up, across, says, n), table }
}
