//! A run, opened for questions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clientele_engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use clientele_engine::{DataFile, EngineError, EngineSettings, Lake, Session};
use clientele_model::spec::{Scheme, SpecError};
use clientele_model::{AsOf, Language, MetricId, RunId};
use thiserror::Error;

use super::movement::KnownBefore;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::classify::compile::ident;
use crate::classify::versions;
use crate::results::PARTITIONS;
use crate::runs::{self, Run};
use crate::session::session;
use crate::workspace::{Settings, Workspace};

/// Why a question about a run has no answer.
#[derive(Debug, Error)]
pub enum ViewError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("nothing has been computed yet; run `clientele refresh`")]
    NoRun,
    #[error("there is no run `{name}`; the runs are {known}")]
    UnknownRun { name: String, known: String },
    #[error("run {run} has no scheme `{name}`; {}", nearest.as_ref().map_or_else(|| "see `clientele schemes list`, or refresh".to_owned(), |n| format!("did you mean `{n}`?")))]
    UnknownScheme { run: String, name: String, nearest: Option<String> },
    #[error("scheme {scheme} has no tier `{name}`; its tiers are {known}")]
    UnknownTier { scheme: String, name: String, known: String },
    #[error("there is no customer `{name}` in run {run}; check the id, or import and refresh first")]
    UnknownCustomer { name: String, run: String },
    #[error("`{name}` is a customer of several sources ({sources}); write SOURCE:ID, as in {example}")]
    AmbiguousCustomer { name: String, sources: String, example: String },
    #[error(
        "run {from} looks from {}, after run {to}, which looks from {}; why somebody moved can only be told \
         forwards: swap the two, or leave out the causes with --no-causes", days[0], days[1]
    )]
    LooksBack { from: RunId, to: RunId, days: [AsOf; 2] },
}

impl ViewError {
    /// The message in a language; messages of the engine stay in English.
    pub fn message(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        match self {
            ViewError::Catalogue(error) => error.message(language),
            ViewError::Engine(error) => error.to_string(),
            ViewError::NoRun => "还没有计算结果；请先运行 clientele refresh".to_owned(),
            ViewError::UnknownRun { name, known } => format!("没有刷新 {name}；已有的刷新：{known}"),
            ViewError::UnknownScheme { run, name, nearest } => {
                let hint = nearest.as_ref().map(|n| format!("是不是 {n}？"));
                let hint = hint.unwrap_or("可用 clientele schemes list 查看，或重新刷新".into());
                format!("刷新 {run} 中没有分层方案 {name}；{hint}")
            }
            ViewError::UnknownTier { scheme, name, known } => {
                format!("分层方案 {scheme} 没有层级 {name}；它的层级有：{known}")
            }
            ViewError::UnknownCustomer { name, run } => {
                format!("刷新 {run} 中没有客户 {name}；请检查编号，或先导入并刷新")
            }
            ViewError::AmbiguousCustomer { name, sources, example } => {
                format!("多个来源都有客户 {name}（{sources}）；请写成 来源:编号，例如 {example}")
            }
            ViewError::LooksBack { from, to, days } => format!(
                "刷新 {from} 的统计日（{}）晚于刷新 {to}（{}）；迁移原因只能从早到晚说明：请对调两次刷新，或用 \
                 --no-causes 不列原因",
                days[0], days[1]
            ),
        }
    }
}

/// A run with everything that questions about it need: a session that knows its tables as
/// `metrics`, `labels`, `previous_labels`, and the facts that it read as `orders`, `order_lines`,
/// `customers` and `customer_keys` (only those that exist).
pub struct RunView {
    pub session: Session,
    pub run: Run,
    /// The run that it follows: made before it, and as of no later day.
    pub previous: Option<Run>,
    /// All runs, oldest first.
    pub runs: Vec<Run>,
    pub catalogue: Catalogue,
    pub settings: Settings,
    /// The lake as of now: it holds the run's results.
    pub lake: Lake,
    /// The lake as the run read it.
    pub inputs: Lake,
    tables: BTreeSet<String>,
    /// The columns of the labels table.
    labels: BTreeSet<String>,
    /// Schemes of the run whose documents of then cannot be read any more.
    outdated: BTreeMap<String, SpecError>,
    pub(super) known_before: KnownBefore,
}

impl RunView {
    /// Opens a run; the last one, when none is named.
    pub async fn open(
        workspace: &Workspace,
        engine: &EngineSettings,
        run: Option<&RunId>,
    ) -> Result<RunView, ViewError> {
        let mut catalogue = Catalogue::load(Some(workspace))?;
        let session = session(engine).await?;
        let lake = workspace.lake().await?;
        session.register_location(lake.location())?;
        let runs = runs::list(&lake, &session).await?;
        session.deregister("runs")?;
        let place = match run {
            None => runs.len().checked_sub(1).ok_or(ViewError::NoRun)?,
            Some(run) => runs.iter().position(|r| r.id == *run).ok_or_else(|| {
                let known = runs.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", ");
                ViewError::UnknownRun { name: run.to_string(), known }
            })?,
        };
        let opened = runs[place].clone();
        let inputs = lake.at(opened.generation).await?;
        let outdated = as_applied(&mut catalogue, &opened, &lake, &session).await?;
        let schema = lake.schema("labels").await?;
        let labels = schema.iter().flat_map(|s| s.fields().iter().map(|f| f.name().clone())).collect();
        let mut view = RunView {
            session,
            previous: runs::before(&runs[..place], opened.as_of, None).cloned(),
            run: opened,
            runs,
            catalogue,
            settings: workspace.settings().clone(),
            lake,
            inputs,
            tables: BTreeSet::new(),
            labels,
            outdated,
            known_before: KnownBefore::default(),
        };
        view.register_results("metrics", "metrics", &view.run.id.clone()).await?;
        view.register_results("labels", "labels", &view.run.id.clone()).await?;
        if let Some(previous) = view.previous.clone() {
            view.register_results("labels", "previous_labels", &previous.id).await?;
        }
        for table in ["orders", "order_lines", "customers", "customer_keys"] {
            view.register_facts(table).await?;
        }
        Ok(view)
    }

    /// Whether the session knows a table.
    pub fn has(&self, table: &str) -> bool {
        self.tables.contains(table)
    }

    /// Whether the labels table has a column; companions of a scheme's tier need not be there.
    pub fn has_label(&self, column: &str) -> bool {
        self.labels.contains(column)
    }

    /// The columns of the labels table.
    pub fn label_columns(&self) -> &BTreeSet<String> {
        &self.labels
    }

    /// The day that the run looks from.
    pub fn as_of(&self) -> AsOf {
        self.run.as_of
    }

    /// A scheme that the run applied, as it was then.
    pub fn scheme(&self, id: &str) -> Result<&Scheme, ViewError> {
        if let Some(error) = self.outdated.get(id) {
            return Err(ViewError::Catalogue(CatalogueError::Spec(error.clone())));
        }
        let known = self.run.schemes.contains_key(id);
        match self.catalogue.schemes.get(id).filter(|_| known) {
            Some(scheme) => Ok(&scheme.spec),
            None => Err(ViewError::UnknownScheme {
                run: self.run.id.to_string(),
                name: id.to_owned(),
                nearest: self.catalogue.schemes.nearest(id).map(str::to_owned),
            }),
        }
    }

    /// The schemes that the run applied, by id.
    pub fn schemes(&self) -> impl Iterator<Item = &Scheme> {
        self.catalogue
            .schemes
            .iter()
            .map(|s| &s.spec)
            .filter(|s| self.run.schemes.contains_key(s.id.as_str()))
    }

    /// Names a run's results in the session.
    pub async fn register_results(&mut self, table: &str, name: &str, run: &RunId) -> Result<(), ViewError> {
        if let Some((schema, files)) = self.results(table, run).await? {
            self.session.register_files(name, schema, &files, &[])?;
            self.tables.insert(name.to_owned());
        }
        Ok(())
    }

    /// The columns of a table of results, and a run's files in the order of their buckets.
    async fn results(
        &self,
        table: &str,
        run: &RunId,
    ) -> Result<Option<(SchemaRef, Vec<DataFile>)>, ViewError> {
        let Some(schema) = self.lake.schema(table).await? else { return Ok(None) };
        let mut files = self.lake.files(table).await?;
        files.retain(|f| f.partitions.get("run").is_some_and(|r| r == run.as_str()));
        sort_by_bucket(&mut files);
        Ok(Some((without_partitions(&schema), files)))
    }

    /// Names the run's labels with the bucket of each customer.
    pub(super) async fn register_buckets(&self, name: &str) -> Result<(), ViewError> {
        if let Some((schema, files)) = self.results("labels", &self.run.id).await? {
            self.session.register_files(name, schema, &files, &[("bucket", DataType::Int64)])?;
        }
        Ok(())
    }

    /// A session in which `metrics` and `labels` are those of one bucket: of one customer it answers many
    /// times faster than where every file is opened.
    pub(super) async fn in_bucket(&self, bucket: i64) -> Result<Session, ViewError> {
        let session = self.session.detached().await?;
        for table in ["metrics", "labels"] {
            if let Some((schema, mut files)) = self.results(table, &self.run.id).await? {
                files.retain(|f| bucket_of(f) == Some(bucket));
                session.register_files(table, schema, &files, &[])?;
            }
        }
        Ok(session)
    }

    /// Names a table of the facts that the run read, if there is one.
    pub(crate) async fn register_facts(&mut self, table: &str) -> Result<(), ViewError> {
        let Some(schema) = self.inputs.schema(table).await? else { return Ok(()) };
        let mut files = self.inputs.files(table).await?;
        if files.is_empty() {
            return Ok(());
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let partitions = self.inputs.partition_columns(table).await?;
        let partitions: Vec<_> = partitions
            .iter()
            .filter_map(|name| Some((name.as_str(), schema.field_with_name(name).ok()?.data_type().clone())))
            .collect();
        self.session.register_files(table, schema, &files, &partitions)?;
        self.tables.insert(table.to_owned());
        Ok(())
    }

    /// The metrics and schemes as another run applied them, without those whose document of then
    /// cannot be read any more.
    pub async fn catalogue_of(&self, run: &Run) -> Result<Catalogue, ViewError> {
        let mut catalogue = self.catalogue.clone();
        as_applied(&mut catalogue, run, &self.lake, &self.session).await?;
        Ok(catalogue)
    }

    /// The net revenue of each customer, as SQL over `metrics`: 0 when the run did not measure it.
    pub fn revenue(&self) -> String {
        match self.run.metrics.contains_key("monetary") {
            true => format!("COALESCE({}, CAST(0 AS DECIMAL(18,4)))", ident("monetary")),
            false => "CAST(0 AS DECIMAL(18,4))".to_owned(),
        }
    }
}

/// Puts the schemes as the run applied them in the place of those of today, with the names that clusters
/// had. Returns those whose document of then cannot be read with the metrics of today.
async fn as_applied(
    catalogue: &mut Catalogue,
    run: &Run,
    lake: &Lake,
    session: &Session,
) -> Result<BTreeMap<String, SpecError>, EngineError> {
    let changed: BTreeMap<&str, &str> = run
        .schemes
        .iter()
        .map(|(id, applied)| (id.as_str(), applied.document.as_str()))
        .filter(|(id, document)| {
            let today = catalogue.schemes.get(id).map(|s| versions::fingerprint(&s.document));
            !document.is_empty() && today.as_deref() != Some(document)
        })
        .collect();
    let documents = versions::documents(lake, session, &changed.values().copied().collect()).await?;
    let mut outdated = BTreeMap::new();
    for (id, fingerprint) in changed {
        let Some(document) = documents.get(fingerprint) else { continue };
        if let Err(error) = catalogue.schemes.replace(document, &catalogue.metrics) {
            catalogue.schemes.remove(id);
            outdated.insert(id.to_owned(), error);
        }
    }
    for (id, applied) in &run.schemes {
        let name = |metric: &MetricId| catalogue.metrics.get(metric).map(|m| m.spec.name.clone());
        catalogue.schemes.name_clusters(id, &applied.cuts, &|metric| name(metric).unwrap_or_default());
    }
    Ok(outdated)
}

/// Files in the order of their buckets, so that results come in the order of customer keys.
fn sort_by_bucket(files: &mut [DataFile]) {
    files.sort_by_key(bucket_of);
}

fn bucket_of(file: &DataFile) -> Option<i64> {
    file.partitions.get("bucket").and_then(|b| b.parse().ok())
}

fn without_partitions(schema: &SchemaRef) -> SchemaRef {
    let fields: Vec<Arc<Field>> =
        schema.fields().iter().filter(|f| !PARTITIONS.contains(&f.name().as_str())).cloned().collect();
    Arc::new(Schema::new(fields))
}
