//! Who would move: the new version applied to the figures of the last run.

use std::collections::BTreeMap;

use clientele_model::SchemeId;
use clientele_model::spec::Scheme;

use super::{Preview, PublishError};
use crate::catalogue::Catalogue;
use crate::classify::compile::{Compiled, compile, tier_column};
use crate::classify::labels::{self, Before, HeldTiers};
use crate::classify::overrides::held;
use crate::classify::{base, overrides};
use crate::rows::{Value, int, rows, text};
use crate::understand::view::RunView;

/// How many customers go from one tier to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The tier of the last run; none when it did not apply the scheme.
    pub from: Option<String>,
    pub to: String,
    pub customers: i64,
}

/// A customer who would move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub source: String,
    pub customer_id: String,
    pub from: String,
    pub to: String,
}

/// How many examples are given.
const EXAMPLES: usize = 10;

/// Applies the scheme as it is in `catalogue` to the customers of the view's run, as if that run were made
/// once more.
pub(super) async fn preview(
    view: &RunView,
    catalogue: &Catalogue,
    scheme: &Scheme,
) -> Result<Preview, PublishError> {
    let run = view.run.id.clone();
    let wanted = catalogue.only(std::slice::from_ref(&scheme.id), &[])?;
    let measured = &view.run.metrics;
    let missing: Vec<_> =
        wanted.schemes.metrics().into_iter().filter(|m| !measured.contains_key(m.as_str())).collect();
    if !missing.is_empty() {
        return Ok(Preview::Missing { run, metrics: missing });
    }
    let sql = query(view, &wanted).await?;
    let column = tier_column(&scheme.id);
    let was = match view.run.schemes.contains_key(scheme.id.as_str()) {
        true => format!("l.{column}"),
        false => "CAST(NULL AS VARCHAR)".to_owned(),
    };
    let joined = format!(
        "(SELECT n.source, n.customer_id, {was} AS was, n.{column} AS now FROM ({sql}) n \
         JOIN labels l ON n.customer_key = l.customer_key)"
    );
    let session = &view.session;
    let counts = format!("SELECT was, now, count(*) FROM {joined} GROUP BY was, now");
    let counts = session.sql(&counts).await?.collect().await?;
    let some = |t: String| Some(t).filter(|t| !t.is_empty());
    let mut shifts: Vec<Shift> = rows(&counts)
        .map(|r| Shift { from: some(text(&r[0])), to: text(&r[1]), customers: int(&r[2]) })
        .collect();
    let place = |tier: &str| scheme.position(tier).unwrap_or(usize::MAX);
    shifts.sort_by_key(|s| {
        (s.from.as_deref().map_or(usize::MAX, place), s.from.clone(), place(&s.to), s.to.clone())
    });
    let moved = format!(
        "SELECT source, customer_id, was, now FROM {joined} WHERE was <> now \
         ORDER BY customer_id, source LIMIT {EXAMPLES}"
    );
    let moved = session.sql(&moved).await?.collect().await?;
    let example = |r: Vec<Value>| Example {
        source: text(&r[0]),
        customer_id: text(&r[1]),
        from: text(&r[2]),
        to: text(&r[3]),
    };
    let examples = rows(&moved).map(example).collect();
    Ok(Preview::Shifts { run, as_of: view.run.as_of, shifts, examples })
}

/// The labels query of the schemes over the run's metrics, after the run's own labels.
async fn query(view: &RunView, wanted: &Catalogue) -> Result<String, PublishError> {
    let units = wanted.metrics.units();
    let applied = &view.run.schemes;
    let before = |id: &SchemeId| applied.get(id.as_str()).map(|s| &s.cuts);
    let specs = wanted.schemes.iter().map(|s| &s.spec);
    let is_exact = view.run.customers <= view.settings.exact_customers;
    let mut cuts = base::cut_all(&view.session, "metrics", specs, &units, &before, is_exact).await?;
    let compiled: Vec<Compiled> = wanted
        .schemes
        .iter()
        .map(|s| compile(&s.spec, &cuts.remove(&s.spec.id).unwrap_or_default(), &units))
        .collect();
    let mut previous = BTreeMap::new();
    for scheme in wanted.schemes.iter().map(|s| &s.spec) {
        if applied.contains_key(scheme.id.as_str()) && scheme.stay.is_some() {
            let columns = view.label_columns().clone();
            previous.insert(scheme.id.clone(), Before { table: "labels".to_owned(), columns });
        }
    }
    let set = overrides::list(&view.whole().lake, &view.session).await?;
    let set = overrides::applicable(&set, view.run.as_of, &wanted.schemes);
    let held: HeldTiers = held(&view.session, &set).await?;
    Ok(labels::query(&compiled, "metrics", &previous, &held, view.run.as_of))
}
