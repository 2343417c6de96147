//! What only all customers together tell, as of the earlier run's day but by the records of the later run.

use clientele_engine::{EngineSettings, EngineUrl, Lake, Location, Transaction};
use tempfile::TempDir;

use crate::measure::registry::MetricRegistry;
use crate::measure::{Plan, surveys};
use crate::runs::Run;
use crate::session::session;
use crate::understand::view::{RunView, ViewError, Whole};
use crate::workspace::WorkspaceError;

/// The tables that surveys are made from; see [`Plan::survey`].
const READ: [&str; 4] = ["relations", "orders", "order_lines", "customer_keys"];

/// A plan that measures as of an earlier run's day, over the inputs of the view's run. What had to be
/// worked out for that is there as long as this.
pub(super) struct EarlierPlan {
    pub plan: Plan,
    /// Before its folder, so that it ends first.
    _passing: Option<(Transaction, TempDir)>,
}

impl EarlierPlan {
    /// The survey of the earlier run is taken where it was made from the same records, and made again
    /// where metrics ask for it and the records are others.
    pub async fn new(
        view: &RunView,
        earlier: &Run,
        metrics: &MetricRegistry,
    ) -> Result<EarlierPlan, ViewError> {
        let Whole { lake, inputs, .. } = view.whole();
        let is_same = READ.iter().all(|table| view.run.inputs.get(*table) == earlier.inputs.get(*table));
        let is_anew = !is_same && surveys(metrics);
        // A cluster's executors cannot see what is only written here for a while.
        let session = match view.session.engine() {
            EngineUrl::Cluster(_) if is_anew => {
                let session = session(&EngineSettings::default()).await?;
                session.register_location(lake.location())?;
                session
            }
            _ => view.session.detached()?,
        };
        let mut plan = Plan::new(&session, inputs, view.settings.bucket_customers).await?;
        if !is_anew {
            plan.survey_of(lake, &earlier.id).await?;
            return Ok(EarlierPlan { plan, _passing: None });
        }
        let folder = tempfile::tempdir().map_err(|cause| {
            let place = tempfile::env::temp_dir();
            ViewError::Catalogue(WorkspaceError::Io { place, cause }.into())
        })?;
        let location = Location::folder(folder.path())?;
        session.register_location(&location)?;
        let mut transaction = Lake::create(location).await?.begin().await?;
        plan.survey(metrics, earlier.as_of, &earlier.id, &mut transaction).await?;
        Ok(EarlierPlan { plan, _passing: Some((transaction, folder)) })
    }
}
