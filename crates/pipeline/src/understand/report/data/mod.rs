//! What a report shows, read from a run.

pub mod cohorts;
pub mod concentration;
pub mod facts;
pub mod grid;
pub mod insight;
pub mod missing;
pub mod moves;
pub mod quality;

use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::Rule;
use clientele_model::{AsOf, Currency, FieldClass, TierId};

use super::ReportError;
use crate::understand::clusters::Parting;
use crate::understand::movement::Movement;
use crate::understand::staleness::Staleness;
use crate::understand::tiers::SchemeTiers;
use crate::understand::view::RunView;
use cohorts::Cohort;
use concentration::Concentration;
use facts::{Facts, Month, SourceOrders};
use grid::GridCell;
use insight::Insight;
use missing::Missing;
use moves::Moves;
use quality::BatchQuality;

/// Everything that a report shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportData {
    pub run: String,
    pub as_of: AsOf,
    /// What has changed since the run read it.
    pub stale: Option<Staleness>,
    /// The run before, and the day that it looked from.
    pub previous: Option<(String, AsOf)>,
    pub currency: Currency,
    pub customers: i64,
    pub facts: Facts,
    pub months: Vec<Month>,
    pub sources: Vec<SourceOrders>,
    pub schemes: Vec<SchemeData>,
    /// Buyers by the first two digits of the eleven RFM segments.
    pub grid: Vec<GridCell>,
    /// `None` when nobody has brought anything.
    pub concentration: Option<Concentration>,
    pub cohorts: Vec<Cohort>,
    pub batches: Vec<BatchQuality>,
    pub insight: Insight,
}

/// A scheme with its tiers as of the run.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemeData {
    pub scheme: Scheme,
    pub sizes: SchemeTiers,
    pub movement: Option<Movement>,
    pub moves: Moves,
    /// What those lack who cannot be placed.
    pub missing: Vec<Missing>,
    /// Cluster schemes: how the run came to the clusters.
    pub parting: Option<Parting>,
}

impl SchemeData {
    /// How many customers cannot be placed.
    pub fn unknown(&self) -> i64 {
        self.sizes.tiers.iter().find(|t| t.tier == TierId::UNKNOWN).map_or(0, |t| t.customers)
    }
}

impl ReportData {
    /// A scheme that the run applied.
    pub fn scheme(&self, id: &str) -> Option<&SchemeData> {
        self.schemes.iter().find(|s| s.scheme.id.as_str() == id)
    }
}

/// Reads all of it.
pub async fn load(view: &RunView) -> Result<ReportData, ReportError> {
    view.needs(FieldClass::Money)?;
    let as_of = view.as_of();
    let revenue = view.revenue();
    let (mut facts, mut months, mut sources, mut cohorts) = Default::default();
    if view.has("orders").await? {
        facts = facts::facts(&view.session, as_of).await?;
        months = facts::months(&view.session, as_of).await?;
        sources = facts::sources(&view.session, as_of).await?;
        cohorts = cohorts::cohorts(&view.session, as_of).await?;
    }
    let concentration = match view.knows_revenue() {
        true => concentration::concentration(&view.session, &revenue).await?,
        false => None,
    };
    let schemes: Vec<Scheme> = view.schemes().cloned().collect();
    let rfm = schemes.iter().find(|s| s.id.as_str() == "rfm-11");
    let grid = match rfm.is_some_and(|s| matches!(s.rule, Rule::Codes { .. })) {
        true => grid::grid(&view.session, &revenue).await?,
        false => Vec::new(),
    };
    let sizes = view.tiers_of(&schemes.iter().collect::<Vec<_>>()).await?;
    let mut with_sizes = Vec::with_capacity(schemes.len());
    for (scheme, sizes) in schemes.into_iter().zip(sizes) {
        let movement = view.movement(&scheme, None).await?;
        let (moves, missing) = (Moves::default(), Vec::new());
        let parting = view.parting(scheme.id.as_str());
        with_sizes.push(SchemeData { scheme, sizes, movement, moves, missing, parting });
    }
    let moved: Vec<_> = with_sizes.iter().map(|data| (&data.scheme, data.movement.as_ref())).collect();
    let mut moves = moves::moves(view, &moved).await?;
    for data in &mut with_sizes {
        data.moves = moves.remove(data.scheme.id.as_str()).unwrap_or_default();
        if let Some(movement) = data.movement.as_mut().filter(|_| !data.moves.caused.is_empty()) {
            // Causes tell exactly who only aged, and one page says one thing.
            movement.flows = data.moves.caused.iter().map(|caused| caused.flow.clone()).collect();
        }
    }
    let unplaced: Vec<&Scheme> = with_sizes.iter().filter(|s| s.unknown() > 0).map(|s| &s.scheme).collect();
    let mut missing = missing::missing(view, &unplaced).await?;
    for data in &mut with_sizes {
        data.missing = missing.remove(data.scheme.id.as_str()).unwrap_or_default();
    }
    Ok(ReportData {
        run: view.run.id.to_string(),
        as_of,
        stale: view.staleness().await?,
        previous: view.previous.as_ref().map(|p| (p.id.to_string(), p.as_of)),
        currency: view.settings.currency.clone(),
        customers: i64::try_from(view.run.customers).unwrap_or(i64::MAX),
        facts,
        months,
        sources,
        schemes: with_sizes,
        grid,
        concentration,
        cohorts,
        batches: quality::batches(view).await?,
        insight: insight::insight(view).await?,
    })
}

#[cfg(test)]
mod tests;
