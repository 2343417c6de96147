//! Files that were written for other programs: which there are, so that nobody who is forgotten stays in them.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clientele_engine::EngineSettings;
use clientele_model::progress::Progress;
use clientele_model::{BatchId, Language, RunId};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::ForgetError;
use super::people::People;
use super::unpack;
use crate::act::export::{ExportFormat, What, export};
use crate::collect::quarantine::quarantine_export;
use crate::understand::RunView;
use crate::understand::report::{ReportFormat, report};
use crate::workspace::{Workspace, WorkspaceError};

/// The workspace's list of files that it wrote for others, a JSON object a line.
pub const LIST: &str = "exports.jsonl";

/// A file that was written for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    file: PathBuf,
    what: Content,
    /// The fingerprint of its bytes, by which one that somebody has changed since is told.
    fingerprint: String,
}

/// What such a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// `metrics`, `labels` or `segment:NAME` of a run.
    Export { what: String, run: RunId, byte_order_mark: bool },
    /// The refused rows of a batch.
    Quarantine { batch: BatchId },
    /// The report of a run.
    Report { run: RunId, is_chinese: bool },
}

/// What became of a file that holds somebody who is forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportDone {
    pub file: PathBuf,
    pub fate: Fate,
}

/// See [`ExportDone`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was made anew from what is left.
    Remade,
    /// It was removed, as it cannot be made any more.
    Removed,
    /// Somebody has changed it since, so it was left as it is.
    Changed,
}

/// Notes a file that was written for others.
///
/// # Errors
/// The list or the file cannot be read or written.
pub fn note(workspace: &Workspace, file: &Path, what: Content) -> Result<(), WorkspaceError> {
    let list = workspace.folder().join(LIST);
    let failed = |cause| WorkspaceError::Io { place: list.clone(), cause };
    let full =
        fs::canonicalize(file).map_err(|cause| WorkspaceError::Io { place: file.to_owned(), cause })?;
    let fingerprint =
        fingerprint(&full).map_err(|cause| WorkspaceError::Io { place: full.clone(), cause })?;
    let kept = Kept { file: full, what, fingerprint };
    let line = serde_json::to_string(&kept).map_err(|error| failed(error.into()))?;
    let mut open = OpenOptions::new().create(true).append(true).open(&list).map_err(failed)?;
    writeln!(open, "{line}").map_err(failed)
}

fn fingerprint(file: &Path) -> std::io::Result<String> {
    let (mut open, mut hash) = (fs::File::open(file)?, Xxh3::new());
    let mut buffer = vec![0; 1 << 20];
    loop {
        match open.read(&mut buffer)? {
            0 => return Ok(format!("{:032x}", hash.digest128())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// The files that are still there, each as it was noted last.
fn noted(workspace: &Workspace) -> Result<Vec<Kept>, WorkspaceError> {
    let list = workspace.folder().join(LIST);
    let text = match fs::read_to_string(&list) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(WorkspaceError::Io { place: list, cause }),
    };
    let mut last: BTreeMap<PathBuf, Kept> = BTreeMap::new();
    // A line that was cut off when the disk was full names a file that nothing is known of.
    for kept in text.lines().filter_map(|line| serde_json::from_str::<Kept>(line).ok()) {
        last.insert(kept.file.clone(), kept);
    }
    Ok(last.into_values().filter(|kept| kept.file.is_file()).collect())
}

/// The noted files that hold some of the people.
pub fn holding(workspace: &Workspace, people: &People) -> Result<Vec<PathBuf>, WorkspaceError> {
    let all = noted(workspace)?.into_iter().map(|kept| kept.file);
    Ok(all.filter(|file| fs::read(file).is_ok_and(|bytes| unpack::holds(file, bytes, people))).collect())
}

/// Makes the noted files anew that hold some of the people; the lake holds them no more.
pub async fn remake(
    workspace: &Workspace,
    people: &People,
    progress: &Arc<dyn Progress>,
) -> Result<Vec<ExportDone>, ForgetError> {
    let mut done = Vec::new();
    let mut list = Vec::new();
    for mut kept in noted(workspace)? {
        let Ok(bytes) = fs::read(&kept.file) else { continue };
        let is_unchanged = fingerprint(&kept.file).is_ok_and(|found| found == kept.fingerprint);
        if !unpack::holds(&kept.file, bytes, people) {
            list.push(kept);
            continue;
        }
        let fate = match is_unchanged {
            false => Fate::Changed,
            true => match make(workspace, &kept, progress).await {
                true => Fate::Remade,
                false => {
                    fs::remove_file(&kept.file).map_err(|cause| ForgetError::Left {
                        file: kept.file.clone(),
                        cause: cause.to_string(),
                    })?;
                    Fate::Removed
                }
            },
        };
        done.push(ExportDone { file: kept.file.clone(), fate });
        if fate == Fate::Remade
            && let Ok(found) = fingerprint(&kept.file)
        {
            kept.fingerprint = found;
        }
        if fate != Fate::Removed {
            list.push(kept);
        }
    }
    if !done.is_empty() {
        write(workspace, &list)?;
    }
    Ok(done)
}

fn write(workspace: &Workspace, list: &[Kept]) -> Result<(), WorkspaceError> {
    let place = workspace.folder().join(LIST);
    let failed = |cause| WorkspaceError::Io { place: place.clone(), cause };
    let mut passing = tempfile::NamedTempFile::new_in(workspace.folder()).map_err(failed)?;
    for kept in list {
        let line = serde_json::to_string(kept).map_err(|error| failed(error.into()))?;
        writeln!(passing, "{line}").map_err(failed)?;
    }
    passing.persist(&place).map(|_| ()).map_err(|error| failed(error.error))
}

/// Whether a file could be made anew.
async fn make(workspace: &Workspace, kept: &Kept, progress: &Arc<dyn Progress>) -> bool {
    let view = |run: RunId| async move {
        RunView::open(workspace, &EngineSettings::default(), Some(&run)).await.ok()
    };
    match &kept.what {
        Content::Quarantine { batch } => quarantine_export(workspace, batch, &kept.file).await.is_ok(),
        Content::Export { what, run, byte_order_mark } => {
            let (Ok(what), Ok(format)) =
                (what.parse::<What>(), ExportFormat::of(&kept.file, *byte_order_mark))
            else {
                return false;
            };
            match view(run.clone()).await {
                Some(view) => export(&view, what, &kept.file, format, progress).await.is_ok(),
                None => false,
            }
        }
        Content::Report { run, is_chinese } => {
            let language = if *is_chinese { Language::Zh } else { Language::En };
            let Some(view) = view(run.clone()).await else { return false };
            match report(&view, language, ReportFormat::of(&kept.file)).await {
                Ok(page) => fs::write(&kept.file, page).is_ok(),
                Err(_) => false,
            }
        }
    }
}
