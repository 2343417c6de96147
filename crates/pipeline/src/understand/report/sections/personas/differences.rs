//! The differences that set a group apart, as bars and as a table.

use std::collections::BTreeSet;

use clientele_predict::stats::{Lift, Magnitude};
use clientele_report::charts::{Chart, Difference, Effects};
use clientele_report::page::{Block, Cell, Table, TableColumn};

use super::super::super::numbers::{Numbers, dash};
use crate::understand::persona::{Figure, Persona, Trait, Verdict};

/// So many figures, and so many traits, are drawn.
const MOST_FIGURES: usize = 7;
const MOST_TRAITS: usize = 5;

/// A difference ready to be shown.
pub(super) struct TellingDifference {
    pub name: String,
    pub here: String,
    pub all: String,
    /// `index 320`, or `2.4 times`.
    ratio: String,
    verdict: Verdict,
}

/// The largest differences beyond the group's own rule; of those that tell the same in several ways, one.
pub(super) fn told(persona: &Persona, n: &Numbers) -> Vec<TellingDifference> {
    let mut families = BTreeSet::new();
    let figures = persona.telling_figures().filter(|f| families.insert(family(&f.metric).to_owned()));
    let figures = figures.take(MOST_FIGURES).filter_map(|f| of_figure(f, n));
    let mut told: Vec<TellingDifference> = figures.collect();
    let mut attributes = BTreeSet::new();
    let traits = persona.telling_traits().filter(|t| attributes.insert(&t.of));
    told.extend(traits.take(MOST_TRAITS).filter_map(|t| of_trait(t, n)));
    told.sort_by(|a, b| b.verdict.effect.size.abs().total_cmp(&a.verdict.effect.size.abs()));
    told
}

/// What figures of several windows have in common: `orders` of `orders_90d`.
fn family(metric: &str) -> &str {
    let days = |end: &str| end.strip_suffix('d').is_some_and(|n| n.parse::<u32>().is_ok());
    metric.rsplit_once('_').filter(|(_, end)| days(end)).map_or(metric, |(start, _)| start)
}

fn of_figure(figure: &Figure, n: &Numbers) -> Option<TellingDifference> {
    let l = n.language;
    Some(TellingDifference {
        name: figure.name.get(l).to_owned(),
        here: n.mean(figure.mean, figure.unit),
        all: figure.base_mean.map_or_else(dash, |base| n.mean(base, figure.unit)),
        ratio: figure.index.map_or_else(dash, |index| {
            let range = figure.index_range.map(|(low, high)| format!("{}–{}", whole(low), whole(high)));
            let (en, zh) = match range {
                Some(range) => (format!(" ({range})"), format!("（{range}）")),
                None => Default::default(),
            };
            l.pick(format!("index {}{en}", whole(index)), format!("指数 {}{zh}", whole(index)))
        }),
        verdict: figure.verdict?,
    })
}

/// Without digits after the point; a little below nothing is nothing, without a sign.
fn whole(index: f64) -> String {
    format!("{}", index.round() + 0.0)
}

fn of_trait(one: &Trait, n: &Numbers) -> Option<TellingDifference> {
    let l = n.language;
    let (name, value) = (one.name.get(l), one.value_name.get(l));
    Some(TellingDifference {
        name: l.pick(format!("{name}: {value}"), format!("{name}：{value}")),
        here: n.share(one.share),
        all: one.base_share.map_or_else(dash, |base| n.share(base)),
        ratio: one.lift.as_ref().map_or_else(dash, |lift| times(lift, n)),
        verdict: one.verdict?,
    })
}

fn times(lift: &Lift, n: &Numbers) -> String {
    let digits = |v: f64| if v < 1.0 { format!("{v:.2}") } else { format!("{v:.1}") };
    let high = if lift.high.is_finite() { digits(lift.high) } else { "∞".to_owned() };
    let (ratio, interval) = (digits(lift.ratio), format!("{}–{high}", digits(lift.low)));
    n.language.pick(format!("{ratio} times ({interval})"), format!("{ratio} 倍（{interval}）"))
}

fn magnitude(verdict: &Verdict, n: &Numbers) -> &'static str {
    let (en, zh) = match verdict.magnitude {
        Magnitude::Negligible => ("negligible", "可忽略"),
        Magnitude::Small => ("small", "小"),
        Magnitude::Medium => ("medium", "中"),
        Magnitude::Large => ("large", "大"),
    };
    n.language.pick(en, zh)
}

/// The bars of the differences.
pub(super) fn drawing(told: &[TellingDifference], says: &str, n: &Numbers) -> Block {
    let l = n.language;
    let differences: Vec<Difference> = told
        .iter()
        .map(|t| Difference {
            name: t.name.clone(),
            size: t.verdict.effect.size,
            low: t.verdict.effect.low,
            high: t.verdict.effect.high,
            note: t.ratio.clone(),
            title: l.pick(
                format!("{}: {} against {}", t.name, t.here, t.all),
                format!("{}：{}，全体 {}", t.name, t.here, t.all),
            ),
        })
        .collect();
    let chart = Chart::Effects(Effects {
        less: l.pick("less than the others", "少于其他客户").to_owned(),
        more: l.pick("more than the others, in standard deviations", "多于其他客户（标准差）").to_owned(),
        differences,
    });
    let rows = told.iter().map(|t| {
        let effect = &t.verdict.effect;
        let interval = match effect.low.is_finite() && effect.high.is_finite() {
            true => l.pick(
                format!("{:+.2} to {:+.2}", effect.low, effect.high),
                format!("{:+.2} 至 {:+.2}", effect.low, effect.high),
            ),
            false => String::new(),
        };
        vec![
            Cell::new(&t.name),
            Cell::new(&t.here),
            Cell::new(&t.all),
            Cell::new(&t.ratio),
            Cell::new(format!("{:+.2} {}", effect.size, magnitude(&t.verdict, n))).with_small(interval),
            Cell::new(n.chance(t.verdict.adjusted)),
        ]
    });
    let table = Table {
        caption: l
            .pick(
                "Means, and shares of all members and of all customers; index 100 is everybody; ratios and differences \
                 among those of whom it is known, differences in standard deviations, with 95 % intervals.",
                "均值，以及占全体成员、全体客户的比例；指数 100 为全体；比值与差异只比较有记录的客户，差异以标准差计，附 95% 区间。",
            )
            .to_owned(),
        columns: vec![
            TableColumn::text(l.pick("What", "项目")),
            TableColumn::number(l.pick("Here", "本群体")),
            TableColumn::number(l.pick("All", "全体")),
            TableColumn::number(l.pick("Ratio", "比值")),
            TableColumn::number(l.pick("Difference", "差异")),
            TableColumn::number(l.pick("Chance", "偶然概率")),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    let label = l.pick(
        format!("Bars to the left and right of a middle line, one a difference. {says}"),
        format!("中线左右的条形，每条一项差异。{says}"),
    );
    Block::Chart { chart, label, table }
}
