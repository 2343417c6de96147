//! Opening runs, many times over.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::{EngineError, EngineSettings, Lake, Session};
use clientele_model::RunId;
use clientele_model::spec::SpecError;
use tokio::sync::Mutex;

use super::{AtHand, OpenedRun, RunView, ViewError, ViewTables, Whole, as_applied, session};
use crate::catalogue::{Catalogue, KeptCatalogue};
use crate::runs::{self, KeptRuns, Run};
use crate::session;
use crate::workspace::Workspace;

/// Views that are kept.
const MOST: usize = 8;

/// Opens the runs of a workspace for questions, for programs that answer many. The session, the state of the
/// lake's tables, the record of runs and the catalogue are kept from one opening to the next, each for as
/// long as what it was made from stays the same; the settings are those with which the workspace was opened.
pub struct RunViews {
    workspace: Workspace,
    engine: EngineSettings,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    session: Session,
    lake: Lake,
    runs: KeptRuns,
    catalogue: KeptCatalogue,
    /// Those used last at the end.
    views: Vec<KeptView>,
}

struct KeptView {
    /// The catalogue that the view's was made from.
    today: Arc<Catalogue>,
    view: RunView,
}

impl RunViews {
    /// Nothing is opened yet.
    pub fn new(workspace: Workspace, engine: EngineSettings) -> Self {
        RunViews { workspace, engine, kept: Mutex::new(None) }
    }

    /// The workspace.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Opens a run; the last one, when none is named. It is seen with all that has been committed until now.
    ///
    /// # Errors
    /// There is no such run, a document of the library has a mistake, or the lake cannot be read.
    pub async fn open(&self, run: Option<&RunId>) -> Result<RunView, ViewError> {
        let mut guard = self.kept.lock().await;
        if let Some(kept) = guard.as_mut() {
            kept.lake = kept.lake.newest().await?;
            return kept.open(&self.workspace, run).await;
        }
        let session = session::session(&self.engine).await?;
        let lake = self.workspace.lake().await?;
        session.register_location(lake.location())?;
        let (runs, catalogue) = (KeptRuns::default(), KeptCatalogue::default());
        let kept = guard.insert(Kept { session, lake, runs, catalogue, views: Vec::new() });
        kept.open(&self.workspace, run).await
    }
}

impl Kept {
    async fn open(&mut self, workspace: &Workspace, run: Option<&RunId>) -> Result<RunView, ViewError> {
        let today = self.catalogue.read(workspace)?;
        let runs = self.runs.read(&self.lake, &self.session).await?;
        let place = match run {
            None => runs.len().checked_sub(1).ok_or(ViewError::NoRun)?,
            Some(run) => match runs.iter().position(|r| r.id == *run) {
                Some(place) => place,
                None => return Err(unknown_run(run, &runs, &self.lake, &self.session).await?),
            },
        };
        let run = &runs[place];
        let before = self.views.iter().position(|kept| kept.view.run.id == run.id);
        let before = before.map(|place| self.views.remove(place));
        let before = before.filter(|kept| Arc::ptr_eq(&kept.today, &today) && kept.view.run == *run);
        let view = match before {
            Some(kept) if kept.view.whole.lake.snapshot() == self.lake.snapshot() => kept.view,
            Some(KeptView { view, .. }) => {
                let applied = (Arc::clone(&view.catalogue), Arc::clone(&view.outdated));
                self.view(workspace, &runs, place, applied).await?
            }
            None => {
                let applied = self.applied(&today, run).await?;
                self.view(workspace, &runs, place, applied).await?
            }
        };
        if self.views.len() >= MOST {
            self.views.remove(0);
        }
        self.views.push(KeptView { today, view: view.clone() });
        Ok(view)
    }

    /// The catalogue of today with the schemes as the run applied them.
    async fn applied(
        &self,
        today: &Arc<Catalogue>,
        run: &Run,
    ) -> Result<(Arc<Catalogue>, Arc<BTreeMap<String, SpecError>>), ViewError> {
        let mut catalogue = Catalogue::clone(today);
        let outdated = as_applied(&mut catalogue, run, &self.lake, &self.session).await?;
        Ok((Arc::new(catalogue), Arc::new(outdated)))
    }

    async fn view(
        &self,
        workspace: &Workspace,
        runs: &Arc<Vec<Run>>,
        place: usize,
        (catalogue, outdated): (Arc<Catalogue>, Arc<BTreeMap<String, SpecError>>),
    ) -> Result<RunView, ViewError> {
        let run = runs[place].clone();
        let inputs = self.lake.with_versions(&run.inputs);
        let schema = self.lake.schema("labels").await?;
        let labels = schema.iter().flat_map(|s| s.fields().iter().map(|f| f.name().clone())).collect();
        let tables = ViewTables::new(&self.lake, &inputs, &run.id);
        let session = session(tables, &self.session, None)?;
        let (lake, customers) = (self.lake.clone(), run.customers);
        let opened = OpenedRun {
            session: session.clone(),
            previous: runs::before(&runs[..place], run.as_of, None).cloned(),
            run,
            runs: Arc::clone(runs),
            catalogue,
            settings: workspace.settings().clone(),
            whole: Arc::new(Whole { lake, inputs, session, customers }),
            labels,
            outdated,
            cut: None,
            kept: AtHand::default(),
        };
        Ok(RunView { opened: Arc::new(opened) })
    }
}

/// Why a run cannot be opened: there never was such a run, or it is not kept any more.
pub(super) async fn unknown_run(
    run: &RunId,
    runs: &[Run],
    lake: &Lake,
    session: &Session,
) -> Result<ViewError, EngineError> {
    let number = runs::number(run);
    let Some(dropped) = runs::dropped::list(lake, session).await?.remove(&number).filter(|d| d.id == *run)
    else {
        let known = runs.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", ");
        return Ok(ViewError::UnknownRun { name: run.to_string(), known });
    };
    let before = runs.iter().rev().find(|r| r.number() < number);
    let after = runs.iter().find(|r| number < r.number());
    let near = before.into_iter().chain(after).map(|r| (r.id.clone(), r.as_of)).collect();
    Ok(ViewError::DroppedRun { run: Box::new(dropped), near })
}
