//! `clientele vacuum`: what goes, and taking it away.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};
use clientele_engine::lake::{self, Vacuumed};
use clientele_engine::{DataFile, EngineError, EngineSettings, Lake, Session};
use clientele_model::RunId;
use clientele_model::progress::{Progress, ProgressUnit};

use super::error::KeepError;
use super::which;
use crate::collect::{SETTLED_TOGETHER, Settled, due_to_settle, settle};
use crate::runs::{self, Run, dropped};
use crate::session::session;
use crate::workspace::Workspace;

/// How long what was dropped stays for those who opened it before, unless told otherwise.
pub const DEFAULT_GRACE: TimeDelta = TimeDelta::hours(1);

/// The tables whose files belong to one run each.
const OF_RUNS: [&str; 4] = ["metrics", "labels", "graph", "category_prices"];

/// From how many files on the records of runs are put together.
const RECORDS: usize = 8;

/// What a vacuum is asked for.
#[derive(Debug, Clone)]
pub struct VacuumRequest {
    /// The wall-clock time of the workspace, from which ages are counted.
    pub now: NaiveDateTime,
    /// How long what was dropped stays for those who opened it before, by the clock of the lake's place.
    pub grace: TimeDelta,
    /// Only tell what would go.
    pub dry_run: bool,
    pub engine: EngineSettings,
}

/// What a vacuum did, or would do.
#[derive(Debug, Clone, PartialEq)]
pub struct VacuumReport {
    pub dry_run: bool,
    /// The settings that it went by.
    pub keep_runs: String,
    pub keep_undo: String,
    pub kept: Vec<RunId>,
    pub dropped: Vec<RunId>,
    /// What became of batches that cannot be undone any more. A dry run tells their number only.
    pub settled: Settled,
    /// Data files that went, and their bytes.
    pub files: u64,
    pub bytes: u64,
    /// Files of logs that went, and their bytes.
    pub log_files: u64,
    pub log_bytes: u64,
    /// Data files that only wait for the grace to be over, and their bytes.
    pub held_files: u64,
    pub held_bytes: u64,
    /// For how long they wait, in seconds.
    pub grace_seconds: i64,
}

/// Drops runs that the settings do not keep, and removes what nothing needs any more.
///
/// # Errors
/// What has been done until then is sound; run again, a vacuum goes on from there.
pub async fn vacuum(
    workspace: &Workspace,
    request: &VacuumRequest,
    progress: Arc<dyn Progress>,
) -> Result<VacuumReport, KeepError> {
    let session = session(&EngineSettings::default()).await?;
    let keep = workspace.settings().keep();
    let mut report = VacuumReport {
        dry_run: request.dry_run,
        keep_runs: keep.runs.to_string(),
        keep_undo: keep.undo(),
        kept: Vec::new(),
        dropped: Vec::new(),
        settled: Settled::default(),
        files: 0,
        bytes: 0,
        log_files: 0,
        log_bytes: 0,
        held_files: 0,
        held_bytes: 0,
        grace_seconds: request.grace.num_seconds(),
    };
    if request.dry_run {
        let lake = workspace.lake().await?;
        session.register_location(lake.location())?;
        let runs = runs::list(&lake, &session).await?;
        let (kept, gone) = parted(&runs, &which::kept(&runs, &keep.runs, request.now));
        report.name(&kept, &gone);
        let needed = kept.iter().map(|run| run.inputs.clone()).collect();
        let mut released = BTreeSet::new();
        for table in OF_RUNS {
            released
                .extend(of_runs(&lake, table, &gone).await?.into_iter().map(|f| (table.to_owned(), f.path)));
        }
        let asked = lake::VacuumRequest { needed, grace: request.grace, released };
        report.count(lake.vacuumable(&asked).await?);
        report.settled.batches = due_to_settle(&lake, &keep, request.now, SETTLED_TOGETHER).await?;
        return Ok(report);
    }
    tidy(workspace, request, &session, &mut report).await?;
    let vacuum = workspace.lake().await?.vacuum().await?;
    // Whoever opened a run that has been dropped since may still be reading.
    let mut needed = inputs(vacuum.lake(), &session).await?;
    needed.extend(inputs(&vacuum.oldest_open(request.grace).await?, &session).await?);
    let asked = lake::VacuumRequest { needed, grace: request.grace, released: BTreeSet::new() };
    let heard = |done, total| progress.at("vacuum", done, total, ProgressUnit::Steps);
    report.count(vacuum.run(&asked, &heard).await?);
    progress.finished("vacuum");
    Ok(report)
}

impl VacuumReport {
    fn name(&mut self, kept: &[&Run], gone: &[&Run]) {
        self.kept = kept.iter().map(|run| run.id.clone()).collect();
        self.dropped = gone.iter().map(|run| run.id.clone()).collect();
    }

    fn count(&mut self, done: Vacuumed) {
        let Vacuumed { files, bytes, log_files, log_bytes, held_files, held_bytes } = done;
        (self.files, self.bytes) = (files, bytes);
        (self.log_files, self.log_bytes) = (log_files, log_bytes);
        (self.held_files, self.held_bytes) = (held_files, held_bytes);
    }
}

/// Takes runs that are not kept out of all tables, puts the records of the others together, and
/// settles batches that are too old to be undone.
async fn tidy(
    workspace: &Workspace,
    request: &VacuumRequest,
    session: &Session,
    report: &mut VacuumReport,
) -> Result<(), KeepError> {
    // The lock comes first: what is read afterwards stays true until the commit.
    let mut transaction = workspace.lake().await?.begin().await?;
    let lake = workspace.lake().await?;
    session.register_location(lake.location())?;
    let runs = runs::list(&lake, session).await?;
    let (kept, gone) = parted(&runs, &which::kept(&runs, &workspace.settings().keep().runs, request.now));
    report.name(&kept, &gone);
    let settled =
        settle(&mut transaction, &lake, &workspace.settings().keep(), request.now, SETTLED_TOGETHER).await?;
    report.settled = settled;
    let records = lake.files("runs").await?;
    if gone.is_empty() && records.len() < RECORDS && settled == Settled::default() {
        transaction.discard().await?;
        return Ok(());
    }
    for table in OF_RUNS {
        let files = of_runs(&lake, table, &gone).await?;
        if !files.is_empty() {
            transaction.remove(table, files)?;
        }
    }
    dropped::note(&mut transaction, &gone, request.now)?;
    if !records.is_empty() {
        transaction.remove("runs", records)?;
        runs::append_all(&mut transaction, &kept)?;
    }
    let message = format!("vacuum: {} of {} runs are kept", kept.len(), runs.len());
    let now = workspace.settings().instant(request.now);
    transaction.commit_at(&message, now).await?;
    Ok(())
}

/// The runs that are kept, and those that are not.
fn parted<'r>(runs: &'r [Run], kept: &BTreeSet<RunId>) -> (Vec<&'r Run>, Vec<&'r Run>) {
    runs.iter().partition(|run| kept.contains(&run.id))
}

/// The files of some runs in a table.
async fn of_runs(lake: &Lake, table: &str, runs: &[&Run]) -> Result<Vec<DataFile>, EngineError> {
    let ids: BTreeSet<&str> = runs.iter().map(|run| run.id.as_str()).collect();
    let mut files = lake.files(table).await?;
    files.retain(|file| file.partitions.get("run").is_some_and(|run| ids.contains(run.as_str())));
    Ok(files)
}

/// The versions that the runs of a lake read.
async fn inputs(lake: &Lake, session: &Session) -> Result<Vec<BTreeMap<String, u64>>, KeepError> {
    session.register_location(lake.location())?;
    let runs = runs::list(lake, session).await?;
    Ok(runs.into_iter().map(|run| run.inputs).collect())
}
