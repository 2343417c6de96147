//! The order of the stages: a refresh from facts to labels.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDateTime;
use clientele_engine::{DataFile, EngineError, EngineSettings, Lake, Session, Transaction};
use clientele_model::problem::kinds::questions as kinds;
use clientele_model::progress::{Progress, Step};
use clientele_model::{AsOf, Language, MetricId, Problem, RunId, SchemeId, Text};
use thiserror::Error;

use crate::catalogue::{Catalogue, CatalogueError, compile_all};
use crate::classify::cuts::SchemeCuts;
use crate::classify::{base, label, overrides, versions};
use crate::measure;
use crate::results::LABELS;
use crate::runs::{self, Run, SchemeOfRun};
use crate::session::session;
use crate::trial;
use crate::understand::segments;
use crate::workspace::Workspace;

/// What a refresh is asked for.
#[derive(Debug, Clone)]
pub struct RefreshRequest {
    /// The day to look from.
    pub as_of: AsOf,
    /// When the run is made; only recorded.
    pub now: NaiveDateTime,
    /// Schemes to apply; all, when empty.
    pub schemes: Vec<SchemeId>,
    /// Metrics to compute beyond those that the named schemes read.
    pub metrics: Vec<MetricId>,
    pub engine: EngineSettings,
    /// How many buckets are computed at a time.
    pub threads: usize,
}

/// Why a refresh failed.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum RefreshError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    Empty,
    /// A run cannot be made again as it was.
    NotAgain {
        run: RunId,
        why: Text,
    },
    /// The run counts; only what comes after it failed.
    Segments {
        run: RunId,
        cause: String,
    },
}

impl RefreshError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        match self {
            RefreshError::Catalogue(error) => error.problem(),
            RefreshError::Empty => kinds::NOTHING_IMPORTED.problem(),
            RefreshError::NotAgain { run, why } => {
                kinds::NOT_AGAIN.problem().with("run", run).with_text("why", why.clone())
            }
            RefreshError::Segments { run, cause } => {
                kinds::SEGMENTS_FAILED.problem().with("run", run).with("cause", cause)
            }
        }
    }
}

impl From<EngineError> for RefreshError {
    fn from(error: EngineError) -> Self {
        RefreshError::Catalogue(error.into())
    }
}

/// Measures and classifies every customer as of a day, and records the run.
///
/// # Errors
/// Nothing is recorded then: the workspace stays as it was. Only with [`RefreshError::Segments`] the run
/// counts.
pub async fn refresh(
    workspace: &Workspace,
    request: &RefreshRequest,
    progress: Arc<dyn Progress>,
) -> Result<Run, RefreshError> {
    progress.step(Step::Prepare);
    let catalogue = Catalogue::load(Some(workspace))?.only(&request.schemes, &request.metrics)?;
    let session = session(&request.engine).await?;
    trial::run(&session, &catalogue, request.as_of).await?;
    // The lock comes first: what is read afterwards stays true until the commit.
    let mut transaction = workspace.lake().await?.begin().await?;
    let lake = workspace.lake().await?;
    session.register_location(lake.location())?;
    let history = runs::list(&lake, &session).await?;
    let run = RunId::new(format!("r{:04}", history.last().map_or(0, |r| r.number()) + 1));
    let inputs: BTreeMap<String, u64> = lake
        .snapshot()
        .tables()
        .filter(|(table, _)| !runs::RESULTS.contains(table))
        .map(|(table, version)| (table.to_owned(), version))
        .collect();

    let work = Work {
        workspace,
        session: &session,
        lake: &lake,
        tables: &lake,
        catalogue: &catalogue,
        history: &history,
        run: &run,
        as_of: request.as_of,
        threads: request.threads.max(1),
    };
    let Worked { customers, cuts, files } = work.out(&mut transaction, &progress).await?;

    progress.step(Step::Record);
    let record = Run {
        id: run.clone(),
        as_of: request.as_of,
        made_at: request.now,
        generation: lake.snapshot().generation(),
        customers,
        inputs,
        metrics: catalogue.metrics.iter().map(|m| (m.spec.id.to_string(), m.spec.version)).collect(),
        schemes: catalogue
            .schemes
            .iter()
            .map(|s| {
                let cuts = cuts.get(&s.spec.id).cloned().unwrap_or_default();
                let document = versions::fingerprint(&s.document);
                (s.spec.id.to_string(), SchemeOfRun { version: s.spec.version, cuts, document })
            })
            .collect(),
    };
    for (table, files) in files {
        transaction.add(table, files)?;
    }
    let documents: Vec<_> = catalogue.schemes.iter().map(|s| &s.document).collect();
    versions::keep(&mut transaction, &lake, &session, &documents).await?;
    runs::append(&mut transaction, &record)?;
    transaction.commit_at(&format!("refresh {}", record.id), request.now.and_utc()).await?;
    progress.step(Step::Segments);
    match segments::after_refresh(workspace, &request.engine, request.now).await {
        Ok(()) => Ok(record),
        Err(error) => Err(RefreshError::Segments { run: record.id, cause: error.to_string() }),
    }
}

/// What a run is worked out from.
pub(crate) struct Work<'a> {
    pub workspace: &'a Workspace,
    pub session: &'a Session,
    /// The lake as the run sees it.
    pub lake: &'a Lake,
    /// The lake whose tables of results the files are for.
    pub tables: &'a Lake,
    pub catalogue: &'a Catalogue,
    /// The runs before it, oldest first.
    pub history: &'a [Run],
    pub run: &'a RunId,
    pub as_of: AsOf,
    pub threads: usize,
}

/// What a run consists of, written but not committed.
pub(crate) struct Worked {
    pub customers: u64,
    pub cuts: BTreeMap<SchemeId, SchemeCuts>,
    /// The files of each table of results.
    pub files: Vec<(&'static str, Vec<DataFile>)>,
}

impl Work<'_> {
    /// Measures and classifies everybody, from facts to the files of metrics and labels.
    pub async fn out(
        &self,
        transaction: &mut Transaction,
        progress: &Arc<dyn Progress>,
    ) -> Result<Worked, RefreshError> {
        let Work { session, lake, catalogue, history, run, as_of, threads, .. } = *self;
        let settings = self.workspace.settings();
        measure::prepare(transaction, self.tables, &catalogue.metrics).await?;
        let set = overrides::list(lake, session).await?;
        let set = overrides::applicable(&set, as_of, &catalogue.schemes);
        let overridden = set.iter().map(|o| o.scheme.clone()).collect();
        label::prepare(transaction, self.tables, &catalogue.schemes, &overridden).await?;
        runs::prepare(transaction)?;

        let mut plan = measure::Plan::new(session, lake, settings.bucket_customers).await?;
        plan.threads = threads;
        if plan.customers == 0 {
            return Err(RefreshError::Empty);
        }
        progress.step(Step::Graph);
        let mut files = plan.survey(&catalogue.metrics, as_of, run, transaction).await?;
        progress.step(Step::Measure);
        let measured = plan.measure(&catalogue.metrics, as_of, run, &transaction.stager(), progress).await;
        let metrics = match measured {
            Ok(metrics) => metrics,
            Err(error @ EngineError::Query { .. }) => {
                let culprit = trial::blame(&plan.facts().await?, &catalogue.metrics, as_of).await;
                return Err(culprit.map_or(error.into(), |culprit| CatalogueError::Spec(culprit).into()));
            }
            Err(error) => return Err(error.into()),
        };

        progress.step(Step::CutPoints);
        let customers: u64 = metrics.iter().filter_map(|f| f.rows).sum();
        let is_exact = customers <= settings.exact_customers;
        let cuts = cut_base(session, catalogue, &metrics, history, as_of, is_exact).await?;
        progress.step(Step::Classify);
        let compiled = compile_all(catalogue, &cuts);
        let previous = catalogue.schemes.iter().filter_map(|s| {
            let run = runs::before(history, as_of, Some(s.spec.id.as_str()))?;
            Some((s.spec.id.clone(), run.id.clone()))
        });
        let held = overrides::held(session, &set).await?;
        let stage = label::Stage {
            session,
            metrics: &catalogue.metrics,
            schemes: &catalogue.schemes,
            compiled: &compiled,
            previous: previous.collect(),
            unsaid: plan.unsaid(&catalogue.metrics),
            held: &held,
            bucket_customers: i64::from(settings.bucket_customers),
            as_of,
            run,
            threads,
        };
        let labels = stage.label(lake, &metrics, &transaction.stager(), progress).await?;
        files.extend([("metrics", metrics), (LABELS, labels)]);
        Ok(Worked { customers, cuts, files })
    }
}

/// Computes the cut points of all schemes over the run's metrics.
async fn cut_base(
    session: &Session,
    catalogue: &Catalogue,
    metrics: &[DataFile],
    history: &[Run],
    as_of: AsOf,
    is_exact: bool,
) -> Result<BTreeMap<SchemeId, SchemeCuts>, EngineError> {
    let schema = Arc::new(measure::sql::schema(&catalogue.metrics));
    session.register_files("base", schema, metrics, &[])?;
    let schemes = catalogue.schemes.iter().map(|s| &s.spec);
    let before = |scheme: &SchemeId| {
        let run = runs::before(history, as_of, Some(scheme.as_str()))?;
        run.schemes.get(scheme.as_str()).map(|s| &s.cuts)
    };
    let cuts = base::cut_all(session, "base", schemes, &catalogue.metrics.units(), &before, is_exact).await?;
    session.deregister("base")?;
    Ok(cuts)
}
