//! The typical member of a group, and how far others are from it.

use clientele_model::{Text, Unit};
use clientele_predict::stats::quantile;

use super::{Figure, InsightError, Trait, TraitOf};
use crate::quote::ident;
use crate::understand::RunView;
use crate::understand::groups::Sides;
use crate::understand::minimum::Minimum;
use crate::understand::rows::{rows, text};

/// Figures whose spread is shown.
const MOST_FIGURES: usize = 12;
/// Figures by which the nearest member is found.
const MOST_COMPARED: usize = 8;
/// A value that more than such a share of all members have is typical of them.
const TYPICAL_SHARE: f64 = 0.5;

/// What a member is like who is in the middle in everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Typical {
    /// Middle and spread of the figures that tell the group apart, or of the first ones when none does; of those that
    /// are known of four times the smallest group, as in a smaller one they would be the values of single people.
    pub spreads: Vec<Spread>,
    /// The values that more than half of all members have: attribute, value, share of all members.
    pub values: Vec<(Text, Text, f64)>,
    /// Whether a spread is left out for that, or tenths are.
    pub few: bool,
    /// The member nearest to the middle: source and id. None where no spread is told. It is for those who may see
    /// customers anyway, as on the command line; what is passed on, as the report, does not name it.
    pub nearest: Option<(String, String)>,
}

/// How a figure is spread over the group.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    pub metric: String,
    pub name: Text,
    pub unit: Unit,
    /// A tenth of the members have less. None where it is known of fewer than ten times the smallest group.
    pub p10: Option<f64>,
    /// A quarter have less.
    pub p25: f64,
    pub median: f64,
    pub p75: f64,
    /// Likewise, more.
    pub p90: Option<f64>,
}

/// `figures` and `traits` in the order in which they tell the group apart.
pub(super) async fn typical(
    view: &RunView,
    sides: &Sides,
    figures: &[Figure],
    traits: &[Trait],
) -> Result<Typical, InsightError> {
    let telling = figures.iter().filter(|f| f.verdict.is_some_and(|v| v.tells));
    let mut chosen: Vec<&Figure> = telling.take(MOST_FIGURES).collect();
    if chosen.is_empty() {
        chosen = figures.iter().take(MOST_FIGURES).collect();
    }
    let spreads = spreads(view, sides, &chosen).await?;
    let few = spreads.len() < chosen.len() || spreads.iter().any(|s| s.p10.is_none());
    let nearest = nearest(view, sides, &spreads).await?;
    Ok(Typical { spreads, values: values(traits), few, nearest })
}

/// Quantiles are exact.
async fn spreads(view: &RunView, sides: &Sides, chosen: &[&Figure]) -> Result<Vec<Spread>, InsightError> {
    let (mut found, minimum) = (Vec::with_capacity(chosen.len()), view.minimum());
    for figure in chosen {
        let numbers = view.numbers("metrics", &column(&figure.metric)).await?;
        let own = members(sides).filter_map(|key| numbers.get(key).copied());
        found.extend(spread(figure, own.filter(|number| !number.is_nan()).collect(), minimum));
    }
    Ok(found)
}

fn column(metric: &str) -> String {
    format!("CAST({} AS DOUBLE)", ident(metric))
}

/// The keys of the group.
fn members(sides: &Sides) -> impl Iterator<Item = usize> {
    sides.iter().filter(|(_, side)| *side == Sides::HERE).map(|(key, _)| key)
}

fn spread(figure: &Figure, mut values: Vec<f64>, minimum: Minimum) -> Option<Spread> {
    let known = values.len() as u64;
    if !minimum.has_quarters(known) {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    let tenth = |share: f64| quantile(&values, share).filter(|_| minimum.has_tenths(known));
    Some(Spread {
        metric: figure.metric.clone(),
        name: figure.name.clone(),
        unit: figure.unit,
        p10: tenth(0.10),
        p25: quantile(&values, 0.25)?,
        median: quantile(&values, 0.50)?,
        p75: quantile(&values, 0.75)?,
        p90: tenth(0.90),
    })
}

fn values(traits: &[Trait]) -> Vec<(Text, Text, f64)> {
    let own = |t: &&Trait| matches!(t.of, TraitOf::Metric(_)) && t.share > TYPICAL_SHARE;
    traits.iter().filter(own).map(|t| (t.name.clone(), t.value_name.clone(), t.share)).collect()
}

/// The member whose figures are nearest to the medians, each measured in widths of the middle half.
async fn nearest(
    view: &RunView,
    sides: &Sides,
    spreads: &[Spread],
) -> Result<Option<(String, String)>, InsightError> {
    let mut compared = Vec::new();
    for spread in spreads.iter().filter(|s| s.p75 > s.p25).take(MOST_COMPARED) {
        compared.push((spread, view.numbers("metrics", &column(&spread.metric)).await?));
    }
    if compared.is_empty() {
        return Ok(None);
    }
    let distance = |key: usize| {
        let parts = compared.iter().map(|(spread, numbers)| {
            // Who has no figure is as far away as one at the end of the middle half.
            let known = numbers.get(key).copied().filter(|number| !number.is_nan());
            known.map_or(1.0, |number| (number - spread.median).abs() / (spread.p75 - spread.p25))
        });
        // In billionths: what is nearer by less is as near.
        (parts.sum::<f64>() * 1e9).round()
    };
    let nearest = members(sides).min_by(|a, b| distance(*a).total_cmp(&distance(*b)).then(a.cmp(b)));
    let Some(nearest) = nearest else { return Ok(None) };
    let sql = format!("SELECT source, customer_id FROM metrics WHERE customer_key = {nearest}");
    let batches = view.session.sql(&sql).await?.collect().await?;
    Ok(rows(&batches).next().map(|r| (text(&r[0]), text(&r[1]))))
}

#[cfg(test)]
mod tests {
    use clientele_model::{Text, Unit};

    use super::{Figure, Minimum, spread};

    #[test]
    fn quarters_and_tenths_hold_the_smallest_group() {
        let figure = Figure {
            metric: "age".into(),
            name: Text::new("Age", "年龄"),
            unit: Unit::Count,
            known: 50,
            mean: 0.0,
            deviation: 0.0,
            base_mean: None,
            index: None,
            index_range: None,
            verdict: None,
            by_rule: false,
        };
        let told = |people: u32| {
            let values = (1..=people).rev().map(f64::from).collect();
            spread(&figure, values, Minimum::new(5)).map(|s| (s.p10, s.median, s.p90))
        };
        assert_eq!(told(19), None);
        assert_eq!(told(49), Some((None, 25.0, None)));
        // Of 1 to 51 a tenth of the 50 steps is 5.
        assert_eq!(told(51), Some((Some(6.0), 26.0, Some(46.0))));
    }
}
