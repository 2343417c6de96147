//! A run, opened for questions.

mod cut;
mod error;
mod fields;
mod kept;
mod names;
mod open;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use clientele_engine::arrow::datatypes::SchemaRef;
use clientele_engine::{EngineError, EngineSettings, Lake, Session};
use clientele_model::spec::{Scheme, SpecError};
use clientele_model::{AsOf, FieldClass, MetricId, RunId, Sight, TierId};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::classify::compile::ident;
use crate::classify::overrides::{self, Override};
use crate::classify::versions;
use crate::library::nearest;
use crate::runs::Run;
use crate::workspace::{Settings, Workspace};
use cut::CutTables;
pub(in crate::understand) use cut::{Cut, Reached};
pub use error::ViewError;
pub use fields::Sights;
use kept::AtHand;
pub(crate) use names::{LABELS_IN_BUCKETS, labels_of, list_of, members_of, metrics_of, moves_of, viewed};
pub use open::RunViews;
use tables::ViewTables;

/// A run with everything that questions about it need. It never changes and is cheap to clone, so any number
/// of questions can be asked side by side.
#[derive(Clone)]
pub struct RunView {
    opened: Arc<OpenedRun>,
}

impl Deref for RunView {
    type Target = OpenedRun;

    fn deref(&self) -> &OpenedRun {
        &self.opened
    }
}

/// What a [`RunView`] holds.
pub struct OpenedRun {
    /// Knows the run's `metrics` and `labels`, the facts that it read by the names of their tables, and what
    /// [`tables`] gives names for. A table is opened when a query first names it. Nothing is named in this
    /// session by a question: what one needs for itself, it names in a session of its own.
    pub session: Session,
    pub run: Run,
    /// The run that it follows: made before it, and as of no later day.
    pub previous: Option<Run>,
    /// All runs, oldest first.
    pub runs: Arc<Vec<Run>>,
    /// With the schemes as the run applied them.
    pub catalogue: Arc<Catalogue>,
    pub settings: Settings,
    whole: Arc<Whole>,
    /// What may be seen; everything, when there is none.
    cut: Option<Arc<Cut>>,
    /// The columns of the labels table.
    labels: BTreeSet<String>,
    /// Schemes of the run whose documents of then cannot be read any more.
    outdated: Arc<BTreeMap<String, SpecError>>,
    kept: AtHand,
}

/// The run without anything held back: for changes of the workspace, and for figures that only all customers
/// together give. Of what is read here nothing is told but of customers and columns that the view shows.
pub(in crate::understand) struct Whole {
    /// The lake as of now: it holds the run's results.
    pub lake: Lake,
    /// The lake as the run read it.
    pub inputs: Lake,
    /// Knows what the view's session knows, whole.
    pub session: Session,
    /// How many customers the run classified.
    pub customers: u64,
}

impl RunView {
    /// Opens a run; the last one, when none is named. Who opens many asks [`RunViews`].
    pub async fn open(
        workspace: &Workspace,
        engine: &EngineSettings,
        run: Option<&RunId>,
    ) -> Result<RunView, ViewError> {
        RunViews::new(workspace.clone(), engine.clone()).open(run).await
    }
}

impl RunView {
    /// The run as somebody may see it. What was worked out for all is not handed on.
    pub(in crate::understand) fn cut_to(&self, cut: Cut, customers: u64) -> Result<RunView, EngineError> {
        let of = &self.opened;
        let cut = Arc::new(cut);
        // How many of another run are within reach is not counted, and how many there are in all is not told.
        let reaches_all = cut.reached.is_none();
        let seen = |run: &Run| {
            let mut run = Run { customers: if reaches_all { run.customers } else { 0 }, ..run.clone() };
            run.metrics.retain(|id, _| cut.sights.of_metric(&of.catalogue, id) == Sight::Shown);
            run.schemes.retain(|id, _| cut.sights.of_scheme(&of.catalogue, id) == Sight::Shown);
            run
        };
        let runs = match cut.sights.is_everything() && reaches_all {
            true => Arc::clone(&of.runs),
            false => Arc::new(of.runs.iter().map(seen).collect()),
        };
        let labels = of.labels.iter().filter(|column| cut.sight("labels", column) == Sight::Shown);
        let tables = ViewTables::new(&of.whole.lake, &of.whole.inputs, &of.run.id);
        let opened = OpenedRun {
            session: session(tables, &of.session, Some(&cut))?,
            run: Run { customers, ..seen(&of.run) },
            previous: of.previous.as_ref().map(seen),
            runs,
            catalogue: Arc::clone(&of.catalogue),
            settings: of.settings.clone(),
            whole: Arc::clone(&of.whole),
            labels: labels.cloned().collect(),
            outdated: Arc::clone(&of.outdated),
            cut: Some(cut),
            kept: AtHand::default(),
        };
        Ok(RunView { opened: Arc::new(opened) })
    }
}

impl OpenedRun {
    /// Whether there are records of a kind among those that the run read.
    pub async fn has(&self, table: &str) -> Result<bool, EngineError> {
        Ok(self.session.schema_of(table).await?.is_some())
    }

    /// The columns of a kind of records, or of `metrics` or `labels`; nothing when there are none of it.
    pub async fn columns_of(&self, table: &str) -> Result<Option<SchemaRef>, EngineError> {
        self.session.schema_of(table).await
    }

    /// The run without anything held back; see [`Whole`].
    pub(in crate::understand) fn whole(&self) -> &Whole {
        &self.whole
    }

    /// What is held back; nothing, when there is none.
    pub(in crate::understand) fn cut(&self) -> Option<&Cut> {
        self.cut.as_deref()
    }

    /// Whether some customers are beyond reach.
    pub(in crate::understand) fn reaches_all(&self) -> bool {
        self.cut.as_ref().is_none_or(|cut| cut.reached.is_none())
    }

    /// Whether a class of fields is shown.
    pub fn shows(&self, class: FieldClass) -> bool {
        self.cut().is_none_or(|cut| cut.sights.of(class) == Sight::Shown)
    }

    /// That a class of fields is shown, for answers that say nothing true without it.
    pub(in crate::understand) fn needs(&self, class: FieldClass) -> Result<(), ViewError> {
        if self.shows(class) { Ok(()) } else { Err(ViewError::ClassNotShown { class }) }
    }

    /// How a column of a table is seen.
    pub fn sight(&self, table: &str, column: &str) -> Sight {
        self.cut.as_ref().map_or(Sight::Shown, |cut| cut.sight(table, column))
    }

    /// A column as it may be shown, as SQL over its table; nothing when it is hidden. One that is masked may be
    /// shown and nothing else.
    pub fn shown(&self, table: &str, column: &str) -> Option<String> {
        match self.sight(table, column) {
            Sight::Shown => Some(ident(column)),
            Sight::Masked => Some(ident(&fields::masked_name(column))),
            Sight::Hidden => None,
        }
    }

    /// The tiers that people set by hand, as the run knew them, oldest first.
    pub(in crate::understand) async fn overrides(&self) -> Result<Vec<Override>, EngineError> {
        match self.has(overrides::TABLE).await? {
            true => overrides::listed(&self.session).await,
            false => Ok(Vec::new()),
        }
    }

    /// Why a run cannot be opened: there never was such a run, or it is not kept any more.
    pub(in crate::understand) async fn unknown_run(&self, run: &RunId) -> Result<ViewError, EngineError> {
        open::unknown_run(run, &self.runs, &self.whole.lake, &self.session).await
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
                nearest: nearest(id, self.schemes().map(|s| s.id.as_str())).map(str::to_owned),
            }),
        }
    }

    /// That a scheme has a tier of that name; `unknown` is one of every scheme.
    pub(in crate::understand) fn check_tier(&self, scheme: &Scheme, tier: &str) -> Result<(), ViewError> {
        if scheme.position(tier).is_some() || tier == TierId::UNKNOWN {
            return Ok(());
        }
        let known = scheme.tiers.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(", ");
        Err(ViewError::UnknownTier { scheme: scheme.id.to_string(), name: tier.to_owned(), known })
    }

    /// The schemes that the run applied, by id.
    pub fn schemes(&self) -> impl Iterator<Item = &Scheme> {
        self.catalogue
            .schemes
            .iter()
            .map(|s| &s.spec)
            .filter(|s| self.run.schemes.contains_key(s.id.as_str()))
    }

    /// A session in which `metrics`, `labels` and facts are those of one bucket: of one customer it answers
    /// many times faster than where every file is opened.
    pub(super) fn in_bucket(&self, bucket: i64) -> Result<Session, EngineError> {
        let tables = ViewTables::new(&self.whole.lake, &self.whole.inputs, &self.run.id).in_bucket(bucket);
        session(tables, &self.session, self.cut.as_ref())
    }

    /// The buckets that hold customers of the run.
    pub(super) async fn buckets(&self) -> Result<Vec<i64>, EngineError> {
        let files = self.whole.lake.files_where("labels", "run", self.run.id.as_str()).await?;
        let mut buckets: Vec<i64> = files.iter().filter_map(tables::bucket_of).collect();
        buckets.sort_unstable();
        buckets.dedup();
        Ok(buckets)
    }

    /// The metrics and schemes as another run applied them, without those whose document of then
    /// cannot be read any more.
    pub async fn catalogue_of(&self, run: &Run) -> Result<Catalogue, ViewError> {
        let mut catalogue = Catalogue::clone(&self.catalogue);
        as_applied(&mut catalogue, run, &self.whole.lake, &self.session).await?;
        Ok(catalogue)
    }

    /// Whether the run knows what each customer brought, and may tell.
    pub fn knows_revenue(&self) -> bool {
        self.run.metrics.contains_key("monetary")
    }

    /// The net revenue of each customer, as SQL over `metrics`: 0 when the run did not measure it.
    pub fn revenue(&self) -> String {
        match self.knows_revenue() {
            true => format!("COALESCE({}, CAST(0 AS DECIMAL(18,4)))", ident("monetary")),
            false => "CAST(0 AS DECIMAL(18,4))".to_owned(),
        }
    }
}

/// A session that knows the tables of a view and no others, cut to what may be seen. Engine, functions and memory
/// are those of another.
fn session(tables: ViewTables, like: &Session, cut: Option<&Arc<Cut>>) -> Result<Session, EngineError> {
    let whole = like.over(Arc::new(tables))?;
    match cut {
        None => Ok(whole),
        Some(cut) => like.over(Arc::new(CutTables::new(&whole, Arc::clone(cut))?)),
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
