//! The order of the stages: a refresh from facts to labels.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDateTime;
use clientele_engine::{DataFile, EngineError, EngineSettings, FunctionSet, Session};
use clientele_engine::{aggregates, scalars};
use clientele_model::spec::{Questionnaire, SpecError};
use clientele_model::{AsOf, Language, MetricId, RunId, SchemeId};
use thiserror::Error;

use crate::classify::compile::{Compiled, compile};
use crate::classify::cuts::SchemeCuts;
use crate::classify::labels::{Held, HeldTiers};
use crate::classify::overrides::{self, Override};
use crate::classify::registry::SchemeRegistry;
use crate::classify::{base, label, versions};
use crate::library::{Shelf, nearest, questionnaires, with_own};
use crate::measure;
use crate::measure::registry::MetricRegistry;
use crate::progress::{Progress, Step};
use crate::runs::{self, Run, SchemeOfRun};
use crate::trial;
use crate::understand::segments;
use crate::workspace::{Workspace, WorkspaceError};

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
pub enum RefreshError {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error("the workspace's own library cannot be read: {0}; check its permissions")]
    Library(#[from] std::io::Error),
    #[error("there are no customers yet; bring in orders or customers with `clientele import FILE`")]
    Empty,
    #[error("there is no scheme `{name}`; {}", nearest.as_ref().map_or_else(|| "see `clientele schemes list`".to_owned(), |n| format!("did you mean `{n}`?")))]
    UnknownScheme { name: String, nearest: Option<String> },
    #[error("there is no metric `{name}`; {}", nearest.as_ref().map_or_else(|| "see `clientele metrics list`".to_owned(), |n| format!("did you mean `{n}`?")))]
    UnknownMetric { name: String, nearest: Option<String> },
    #[error("the record of runs cannot be read: {0}; the lake was changed by another program")]
    Record(String),
    /// The run counts; only what comes after it failed.
    #[error(
        "run {run} is made, but segments could not be evaluated over it: {cause}; try again with `clientele segments refresh`"
    )]
    Segments { run: RunId, cause: String },
}

impl RefreshError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        match (language, self) {
            (Language::Zh, RefreshError::Workspace(error)) => error.message(language),
            (Language::Zh, RefreshError::Spec(error)) => error.message(language),
            (Language::Zh, RefreshError::Library(cause)) => {
                format!("无法读取工作区自己的 library：{cause}；请检查权限")
            }
            (Language::Zh, RefreshError::Empty) => {
                "还没有客户；请先用 clientele import FILE 导入订单或客户".to_owned()
            }
            (Language::Zh, RefreshError::UnknownScheme { name, nearest }) => {
                let hint = nearest.as_ref().map(|n| format!("是不是 {n}？"));
                format!("没有分层方案 {name}；{}", hint.unwrap_or("可用 clientele schemes list 查看".into()))
            }
            (Language::Zh, RefreshError::UnknownMetric { name, nearest }) => {
                let hint = nearest.as_ref().map(|n| format!("是不是 {n}？"));
                format!("没有指标 {name}；{}", hint.unwrap_or("可用 clientele metrics list 查看".into()))
            }
            (Language::Zh, RefreshError::Segments { run, cause }) => {
                format!(
                    "刷新 {run} 已完成，但未能据此更新客群：{cause}；可用 clientele segments refresh 重试"
                )
            }
            _ => self.to_string(),
        }
    }
}

/// The metrics and schemes that a workspace knows.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Those that questionnaires bring with them are among them.
    pub metrics: MetricRegistry,
    pub schemes: SchemeRegistry,
    /// By id.
    pub questionnaires: BTreeMap<String, Questionnaire>,
}

impl Catalogue {
    /// Reads the built-in library and the workspace's own.
    ///
    /// # Errors
    /// The first document with a mistake, or a folder that cannot be read.
    pub fn load(workspace: Option<&Workspace>) -> Result<Catalogue, RefreshError> {
        let folder = workspace.map(Workspace::folder);
        let (questionnaires, answers) = questionnaires(&with_own(Shelf::Questionnaires, folder)?)?;
        let documents: Vec<_> = answers.into_iter().chain(with_own(Shelf::Metrics, folder)?).collect();
        let metrics = MetricRegistry::build(&documents)?;
        let schemes = SchemeRegistry::build(&with_own(Shelf::Schemes, folder)?, &metrics)?;
        Ok(Catalogue { metrics, schemes, questionnaires })
    }

    /// Only the named schemes and what they need, with `more` metrics; everything, when no scheme is
    /// named.
    pub fn only(&self, schemes: &[SchemeId], more: &[MetricId]) -> Result<Catalogue, RefreshError> {
        if schemes.is_empty() {
            return Ok(self.clone());
        }
        for scheme in schemes {
            if self.schemes.get(scheme.as_str()).is_none() {
                return Err(RefreshError::UnknownScheme {
                    name: scheme.to_string(),
                    nearest: self.schemes.nearest(scheme.as_str()).map(str::to_owned),
                });
            }
        }
        let schemes = self.schemes.only(&schemes.iter().cloned().collect());
        if let Some(unknown) = more.iter().find(|m| self.metrics.get(m).is_none()) {
            return Err(RefreshError::UnknownMetric {
                name: unknown.to_string(),
                nearest: nearest(unknown.as_str(), self.metrics.ids().into_iter()).map(str::to_owned),
            });
        }
        let wanted = schemes.metrics().into_iter().chain(more.iter().cloned()).collect();
        let metrics = self.metrics.only(&wanted);
        Ok(Catalogue { metrics, schemes, questionnaires: self.questionnaires.clone() })
    }
}

/// Opens a session that knows the product's functions.
pub async fn session(settings: &EngineSettings) -> Result<Session, EngineError> {
    Session::open(settings, &functions()).await
}

/// The functions that sessions, schedulers and executors must know.
pub fn functions() -> FunctionSet {
    let aggregates = aggregates::aggregates().iter().map(|f| f.as_ref().clone()).collect();
    FunctionSet { aggregates, scalars: scalars::scalars() }
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

    measure::prepare(&mut transaction, &lake, &catalogue.metrics).await?;
    let set = overrides::list(&lake, &session).await?;
    let set = overrides::applicable(&set, request.as_of, &catalogue.schemes);
    let overridden = set.iter().map(|o| o.scheme.clone()).collect();
    label::prepare(&mut transaction, &lake, &catalogue.schemes, &overridden).await?;
    runs::prepare(&mut transaction)?;

    let mut plan = measure::Plan::new(&session, &lake, workspace.settings().bucket_customers).await?;
    plan.threads = request.threads.max(1);
    if plan.customers == 0 {
        transaction.discard().await?;
        return Err(RefreshError::Empty);
    }
    progress.step(Step::Graph);
    let surveyed = plan.survey(&catalogue.metrics, request.as_of, &run, &mut transaction).await?;
    progress.step(Step::Measure);
    let measured =
        plan.measure(&catalogue.metrics, request.as_of, &run, &transaction.stager(), &progress).await;
    let metrics = match measured {
        Ok(metrics) => metrics,
        Err(error @ EngineError::Query { .. }) => {
            let culprit = trial::blame(&plan.facts().await?, &catalogue.metrics, request.as_of).await;
            return Err(culprit.map_or(error.into(), RefreshError::Spec));
        }
        Err(error) => return Err(error.into()),
    };

    progress.step(Step::CutPoints);
    let customers: u64 = metrics.iter().filter_map(|f| f.rows).sum();
    let is_exact = customers <= workspace.settings().exact_customers;
    let cuts = cut_base(&session, &catalogue, &metrics, &history, request.as_of, is_exact).await?;
    progress.step(Step::Classify);
    let compiled = compile_all(&catalogue, &cuts);
    let previous = catalogue.schemes.iter().filter_map(|s| {
        let run = runs::before(&history, request.as_of, Some(s.spec.id.as_str()))?;
        Some((s.spec.id.clone(), run.id.clone()))
    });
    let held = held(&session, &set).await?;
    let stage = label::Stage {
        session: &session,
        metrics: &catalogue.metrics,
        schemes: &catalogue.schemes,
        compiled: &compiled,
        previous: previous.collect(),
        held: &held,
        bucket_customers: i64::from(workspace.settings().bucket_customers),
        as_of: request.as_of,
        run: &run,
        threads: request.threads.max(1),
    };
    let labels = stage.label(&lake, &metrics, &transaction.stager(), &progress).await?;

    progress.step(Step::Record);
    let record = Run {
        id: run,
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
    for (table, files) in surveyed {
        transaction.add(table, files)?;
    }
    transaction.add("metrics", metrics)?;
    transaction.add("labels", labels)?;
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

/// The overrides of a run by scheme, with the keys that the customers have now.
pub(crate) async fn held(session: &Session, set: &[&Override]) -> Result<HeldTiers, EngineError> {
    let keys = overrides::keys(session, set).await?;
    let mut held = HeldTiers::new();
    for found in set {
        let list = held.entry(found.scheme.clone()).or_default();
        if let Some(key) = keys.get(&(found.source.clone(), found.customer_id.clone())) {
            let (tier, id) = (found.tier.to_string(), found.id.clone());
            list.push(Held { customer_key: *key, tier, id });
        }
    }
    Ok(held)
}

/// Compiles every scheme with its cuts.
pub fn compile_all(catalogue: &Catalogue, cuts: &BTreeMap<SchemeId, SchemeCuts>) -> Vec<Compiled> {
    let units = catalogue.metrics.units();
    let none = SchemeCuts::new();
    catalogue
        .schemes
        .iter()
        .map(|s| compile(&s.spec, cuts.get(&s.spec.id).unwrap_or(&none), &units))
        .collect()
}
