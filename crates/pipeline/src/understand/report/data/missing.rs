//! Why customers cannot be placed: the figures that they lack.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::EngineError;
use clientele_model::spec::scheme::Rule;
use clientele_model::spec::{MetricSource, Scheme};
use clientele_model::{MetricId, Text, TierId};

use crate::classify::compile::tier_column;
use crate::measure::facts;
use crate::quote::{ident, text};
use crate::understand::rows::{int, rows};
use crate::understand::view::RunView;

/// So many facts are named of a scheme.
const MOST: usize = 3;

/// A figure that customers of the tier `unknown` lack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub metric: String,
    pub name: Text,
    /// How many of them lack it.
    pub customers: i64,
    /// The kind of facts that it is made of, when there is none of it in the workspace.
    pub absent: Option<MetricSource>,
}

/// A scheme and one of the metrics that it reads.
struct Asked {
    scheme: String,
    column: String,
    metric: MetricId,
}

/// By scheme the figures that those lack who cannot be placed, those that most of them lack first. What customers
/// lack who are placed all the same is not among them.
pub async fn missing(
    view: &RunView,
    unplaced: &[&Scheme],
) -> Result<BTreeMap<String, Vec<Missing>>, EngineError> {
    let asked: Vec<Asked> = unplaced.iter().flat_map(|scheme| asked(view, scheme)).collect();
    let mut found: BTreeMap<String, Vec<Missing>> = BTreeMap::new();
    if asked.is_empty() {
        return Ok(found);
    }
    let columns: Vec<String> = asked
        .iter()
        .enumerate()
        .map(|(place, a)| {
            let (column, metric) = (&a.column, ident(a.metric.as_str()));
            let unknown = text(TierId::UNKNOWN);
            let lacks = |is: &str| {
                format!("count(*) FILTER (WHERE l.{column} {is} {unknown} AND m.{metric} IS NULL)")
            };
            format!("{} AS c{place}, {} AS d{place}", lacks("="), lacks("<>"))
        })
        .collect();
    let sql = format!(
        "SELECT {} FROM labels l JOIN metrics m ON l.customer_key = m.customer_key",
        columns.join(", ")
    );
    let batches = view.session.sql(&sql).await?.collect().await?;
    let Some(row) = rows(&batches).next() else { return Ok(found) };
    let absent = absent(view).await?;
    for (asked, counts) in asked.into_iter().zip(row.chunks(2)) {
        let [customers, placed] = counts else { continue };
        // Who lacks it and is placed nevertheless shows that it is not what is missing.
        let customers = if int(placed) == 0 { int(customers) } else { 0 };
        let Some(metric) = view.catalogue.metrics.get(&asked.metric).filter(|_| customers > 0) else {
            continue;
        };
        found.entry(asked.scheme).or_default().push(Missing {
            metric: asked.metric.to_string(),
            name: metric.spec.name.clone(),
            customers,
            absent: sources(view, &asked.metric).intersection(&absent).next().copied(),
        });
    }
    for missing in found.values_mut() {
        missing.sort_by(|a, b| b.customers.cmp(&a.customers).then_with(|| a.metric.cmp(&b.metric)));
        missing.truncate(MOST);
    }
    Ok(found)
}

fn asked(view: &RunView, scheme: &Scheme) -> Vec<Asked> {
    let mut ids = vec![scheme.id.as_str()];
    if let Rule::Matrix { rows, columns, .. } = &scheme.rule {
        ids.extend([rows.as_str(), columns.as_str()]);
    }
    let schemes = ids.iter().filter_map(|id| view.catalogue.schemes.get(id));
    let read = schemes.flat_map(|s| match &s.spec.rule {
        Rule::Rules { needs, .. } | Rule::Checklist { needs, .. } if !needs.is_empty() => needs.clone(),
        _ => s.metrics.iter().cloned().collect(),
    });
    let metrics: BTreeSet<MetricId> =
        read.filter(|metric| view.run.metrics.contains_key(metric.as_str())).collect();
    let (id, column) = (scheme.id.to_string(), tier_column(&scheme.id));
    metrics.into_iter().map(|metric| Asked { scheme: id.clone(), column: column.clone(), metric }).collect()
}

/// The kinds of facts that a metric is made of.
fn sources(view: &RunView, metric: &MetricId) -> BTreeSet<MetricSource> {
    let mut found = BTreeSet::new();
    let mut open = vec![metric.clone()];
    while let Some(metric) = open.pop().and_then(|id| view.catalogue.metrics.get(&id)) {
        match metric.spec.source {
            MetricSource::Derived => open.extend(metric.reads.iter().map(MetricId::new)),
            source => {
                found.insert(source);
            }
        }
    }
    found
}

/// The kinds of facts of which the run had none.
pub async fn absent(view: &RunView) -> Result<BTreeSet<MetricSource>, EngineError> {
    let mut absent = BTreeSet::new();
    for source in MetricSource::FACTS {
        let of = if source == MetricSource::Graph { MetricSource::Relations } else { source };
        let Some(table) = facts::table(of) else { continue };
        if !view.has(table).await? {
            absent.insert(source);
        }
    }
    Ok(absent)
}
