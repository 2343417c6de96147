//! What can be crossed: schemes by their tiers, metrics by their values.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_model::spec::Metric;
use clientele_model::{SchemeId, Text, TierId, Unit};
use clientele_predict::stats::quantile;

use crate::classify::compile::tier_column;
use crate::library::nearest;
use crate::quote::ident;
use crate::understand::RunView;
use crate::understand::columns::Codes;
use crate::understand::groups::InsightError;

/// Values that are crossed, the most frequent ones.
const MOST: usize = 25;
/// Parts that numbers are cut into.
const PARTS: usize = 5;

/// One side of a cross-table.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// The metric or scheme.
    pub id: String,
    pub name: Text,
    /// In the order in which they are shown.
    pub values: Vec<DimensionValue>,
    /// The order of values that have one of their own.
    order: Vec<DimensionValue>,
}

/// A value of it.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionValue {
    /// A tier's id, a text, `true` or `false`; for numbers the part from the lowest, `1` to `5`.
    pub key: String,
    pub name: Text,
    /// For numbers: from, and up to but not including; the ends are open.
    pub range: Option<(Option<f64>, Option<f64>)>,
    /// The unit of these.
    pub unit: Option<Unit>,
    /// Whether it is the tier of those of whom it cannot be said: it is shown, but takes no part in the test.
    pub is_unknown: bool,
}

impl DimensionValue {
    fn plain(key: &str, name: Text) -> Self {
        DimensionValue { key: key.to_owned(), name, range: None, unit: None, is_unknown: false }
    }
}

impl Dimension {
    /// The place of a value.
    pub(super) fn place(&self, key: &str) -> Option<usize> {
        self.values.iter().position(|v| v.key == key)
    }

    /// Settles which values are shown: those with enough customers, in their own order or the most frequent first.
    pub(super) fn keep<'a>(&mut self, counted: impl Iterator<Item = (&'a str, u64)>, minimum: u64) {
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for (key, count) in counted {
            *sums.entry(key).or_default() += count;
        }
        sums.retain(|_, count| *count >= minimum);
        let mut found: Vec<(&str, u64)> = sums.into_iter().collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        found.truncate(MOST);
        let own = |key: &str| self.order.iter().position(|v| v.key == key);
        found.sort_by_key(|(key, _)| own(key).unwrap_or(usize::MAX));
        let value = |key: &str| match own(key) {
            Some(place) => self.order[place].clone(),
            None => DimensionValue::plain(key, Text::new(key, key)),
        };
        self.values = found.into_iter().map(|(key, _)| value(key)).collect();
    }

    /// Keeps the values for which it is said.
    pub(super) fn retain(&mut self, kept: &[bool]) {
        let mut kept = kept.iter();
        self.values.retain(|_| kept.next().copied().unwrap_or(false));
    }
}

/// Finds what is meant by a name: a scheme by its id, or a metric. With the key of everybody's value.
pub(super) async fn resolve(view: &RunView, name: &str) -> Result<(Dimension, Arc<Codes>), InsightError> {
    if let Some(scheme) = view.schemes().find(|s| s.id.as_str() == name) {
        let tier = |id: &str| DimensionValue {
            is_unknown: id == TierId::UNKNOWN,
            ..DimensionValue::plain(id, scheme.tier_name(id))
        };
        let tiers = scheme.tiers.iter().map(|t| t.id.as_str()).chain([TierId::UNKNOWN]);
        let dimension = Dimension {
            id: scheme.id.to_string(),
            name: scheme.name.clone(),
            values: Vec::new(),
            order: tiers.map(tier).collect(),
        };
        return Ok((dimension, texts(view, "labels", tier_column(&SchemeId::new(name))).await?));
    }
    let column = name.replace('-', "_");
    let Some(metric) = view.metrics().find(|m| m.id.as_str() == column) else {
        let metrics = view.metrics().map(|m| m.id.as_str());
        let known: Vec<&str> = metrics.chain(view.schemes().map(|s| s.id.as_str())).collect();
        return Err(InsightError::UnknownDimension {
            name: name.to_owned(),
            run: view.run.id.to_string(),
            nearest: nearest(name, known.into_iter()).map(str::to_owned),
        });
    };
    let quoted = ident(&column);
    let (codes, order) = match metric.unit {
        Unit::Date | Unit::Time => return Err(InsightError::NotCrossed { name: name.to_owned() }),
        Unit::Text => (texts(view, "metrics", quoted).await?, Vec::new()),
        Unit::YesNo => {
            let order = [("true", Text::new("yes", "是")), ("false", Text::new("no", "否"))];
            let order = order.into_iter().map(|(key, name)| DimensionValue::plain(key, name)).collect();
            (texts(view, "metrics", format!("CAST({quoted} AS VARCHAR)")).await?, order)
        }
        _ => parts(view, metric).await?,
    };
    Ok((Dimension { id: column, name: metric.name.clone(), values: Vec::new(), order }, codes))
}

async fn texts(view: &RunView, table: &str, column: String) -> Result<Arc<Codes>, InsightError> {
    Ok(view.codes(table, &[column]).await?.pop().unwrap_or_default())
}

/// Numbers in five parts with about as many customers each. Fewer parts where many have the same number.
async fn parts(view: &RunView, metric: &Metric) -> Result<(Arc<Codes>, Vec<DimensionValue>), InsightError> {
    let column = format!("CAST({} AS DOUBLE)", ident(metric.id.as_str()));
    let numbers = view.numbers("metrics", &column).await?;
    let mut values: Vec<f64> = numbers.iter().copied().filter(|number| !number.is_nan()).collect();
    values.sort_unstable_by(f64::total_cmp);
    let mut cuts: Vec<f64> =
        (1..PARTS).filter_map(|part| quantile(&values, part as f64 / PARTS as f64)).collect();
    cuts.dedup();
    // A cut at the least value would leave nobody below it.
    cuts.retain(|cut| values.first().is_some_and(|least| cut > least));
    let ends: Vec<Option<f64>> =
        [None].into_iter().chain(cuts.iter().copied().map(Some)).chain([None]).collect();
    let order = ends.windows(2).enumerate().map(|(place, ends)| DimensionValue {
        key: (place + 1).to_string(),
        name: Text::default(),
        range: Some((ends[0], ends[1])),
        unit: Some(metric.unit),
        is_unknown: false,
    });
    let order: Vec<DimensionValue> = order.collect();
    let part =
        |number: &f64| (!number.is_nan()).then(|| cuts.iter().take_while(|cut| *number >= **cut).count());
    let names = order.iter().map(|value| value.key.clone()).collect();
    Ok((Arc::new(Codes::of(names, numbers.iter().map(part))), order))
}
