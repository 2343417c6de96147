//! `clientele backup` and `clientele restore`.
//!
//! ```text
//! PLACE/
//!   workspace/     clientele.toml and the workspace's own library
//!   lake/          the lake as of one generation, with all that kept runs read
//!   backup.json    what is there, each file with its fingerprint; written last
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDateTime;
use clientele_engine::lake::{CopiedFile, FORMAT, copy_known};
use clientele_engine::{EngineSettings, Location};
use clientele_model::RunId;
use clientele_model::progress::{Progress, ProgressUnit};
use serde::{Deserialize, Serialize};

use super::error::KeepError;
use crate::runs;
use crate::session::session;
use crate::workspace::{SETTINGS_FILE, Settings, Workspace, lake_location};

/// The file that makes a place a backup.
const LIST: &str = "backup.json";
const LAKE: &str = "lake";
const WORKSPACE: &str = "workspace";
const LIBRARY: &str = "library";

/// What is in a backup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Contents {
    /// The format of the lake.
    format: u32,
    made_at: NaiveDateTime,
    /// The lake's generation.
    generation: u64,
    runs: Vec<RunId>,
    /// Files below `workspace/`.
    workspace: Vec<CopiedFile>,
    /// Files below `lake/`.
    lake: Vec<CopiedFile>,
}

/// What a backup or a restore copied.
#[derive(Debug, Clone, PartialEq)]
pub struct BackupReport {
    /// Where the copy is.
    pub place: String,
    /// When the backup was made.
    pub made_at: NaiveDateTime,
    pub generation: u64,
    pub runs: Vec<RunId>,
    pub files: u64,
    pub bytes: u64,
}

/// Copies a workspace, as it is at one moment, to a place where nothing is yet. Others may ask
/// and write meanwhile; what is committed after the beginning is not in the copy.
///
/// # Errors
/// What was copied until then stays, without `backup.json`, and is taken for no backup.
pub async fn backup(
    workspace: &Workspace,
    to: &Location,
    now: NaiveDateTime,
    progress: Arc<dyn Progress>,
) -> Result<BackupReport, KeepError> {
    let lake = workspace.lake().await?;
    for (inner, outer) in [(to, lake.location()), (lake.location(), to)] {
        if is_within(inner, outer)? {
            return Err(KeepError::Inside { place: to.to_string(), lake: lake.location().to_string() });
        }
    }
    if !to.is_empty().await? {
        return Err(KeepError::NotEmpty { place: to.to_string(), is_lake: false });
    }
    let session = session(&EngineSettings::default()).await?;
    session.register_location(lake.location())?;
    let runs = runs::list(&lake, &session).await?;
    let needed: Vec<BTreeMap<String, u64>> = runs.iter().map(|run| run.inputs.clone()).collect();
    let heard = |done, total| progress.at("backup", done, total, ProgressUnit::Bytes);
    let copied = lake.copy_to(&to.join(LAKE), &needed, &heard).await?;
    progress.finished("backup");
    let mut own = Vec::new();
    for path in own_files(workspace.folder())? {
        let file = workspace.folder().join(&path);
        let bytes = std::fs::read(&file).map_err(|cause| KeepError::File { file, cause })?;
        own.push(known(&path, &bytes));
        to.join(WORKSPACE).write_new(&path, bytes).await?;
    }
    let contents = Contents {
        format: FORMAT,
        made_at: now,
        generation: lake.snapshot().generation(),
        runs: runs.into_iter().map(|run| run.id).collect(),
        workspace: own,
        lake: copied,
    };
    let text = serde_json::to_vec_pretty(&contents)
        .map_err(|cause| KeepError::Damaged { place: to.to_string(), cause: cause.to_string() })?;
    to.write_new(LIST, text).await?;
    Ok(contents.report(to))
}

/// Makes a workspace out of a backup, in a folder where nothing is yet. `lake` is where its lake
/// goes, as in the settings; none: where the settings of the backup say.
///
/// # Errors
/// What was copied until then stays, without `clientele.toml`, and is taken for no workspace.
pub async fn restore(
    from: &Location,
    folder: &Path,
    lake: Option<&str>,
    progress: Arc<dyn Progress>,
) -> Result<BackupReport, KeepError> {
    let Some(text) = from.read(LIST).await? else {
        return Err(KeepError::NoBackup { place: from.to_string(), is_begun: !from.is_empty().await? });
    };
    let damaged = |cause: String| KeepError::Damaged { place: format!("{from} ({LIST})"), cause };
    let contents: Contents = serde_json::from_slice(&text).map_err(|cause| damaged(cause.to_string()))?;
    if FORMAT < contents.format {
        return Err(KeepError::Newer { place: from.to_string(), found: contents.format, supported: FORMAT });
    }
    let mut own = BTreeMap::new();
    for file in &contents.workspace {
        let bytes = from.join(WORKSPACE).read(&file.path).await?;
        let bytes = bytes.ok_or_else(|| damaged(format!("{WORKSPACE}/{} is missing", file.path)))?;
        if known(&file.path, &bytes) != *file {
            return Err(damaged(format!("{WORKSPACE}/{} is not what it was", file.path)));
        }
        own.insert(file.path.clone(), bytes);
    }
    let settings = own.remove(SETTINGS_FILE).ok_or_else(|| damaged(format!("{SETTINGS_FILE} is missing")))?;
    let mut settings = String::from_utf8(settings).map_err(|cause| damaged(cause.to_string()))?;
    if let Some(lake) = lake {
        settings = with_lake(&settings, lake);
    }
    let parsed = Settings::parse(&settings)
        .map_err(|(line, problem)| damaged(format!("{SETTINGS_FILE}, line {line}: {}", problem.en)))?;
    let here = Location::folder(folder)?;
    if !here.is_empty().await? {
        return Err(KeepError::NotEmpty { place: here.to_string(), is_lake: false });
    }
    let place = lake_location(folder, &parsed)?;
    if !place.is_empty().await? {
        return Err(KeepError::NotEmpty { place: place.to_string(), is_lake: true });
    }
    let heard = |done, total| progress.at("restore", done, total, ProgressUnit::Bytes);
    copy_known(&from.join(LAKE), &place, &contents.lake, &heard).await?;
    progress.finished("restore");
    for (path, bytes) in own {
        here.write_new(&path, bytes).await?;
    }
    // Last, so that a folder with settings always has a lake.
    here.write_new(SETTINGS_FILE, settings.into_bytes()).await?;
    Ok(contents.report(&here))
}

impl Contents {
    fn report(&self, place: &Location) -> BackupReport {
        let files = || self.workspace.iter().chain(&self.lake);
        BackupReport {
            place: place.to_string(),
            made_at: self.made_at,
            generation: self.generation,
            runs: self.runs.clone(),
            files: files().count() as u64,
            bytes: files().map(|file| file.bytes).sum(),
        }
    }
}

fn known(path: &str, bytes: &[u8]) -> CopiedFile {
    let hash = format!("{:032x}", xxhash_rust::xxh3::xxh3_128(bytes));
    CopiedFile { path: path.to_owned(), bytes: bytes.len() as u64, hash }
}

fn is_within(inner: &Location, outer: &Location) -> Result<bool, KeepError> {
    Ok(inner.url()?.as_str().starts_with(outer.url()?.as_str()))
}

/// The settings and the library of a workspace, with slashes between folders.
fn own_files(folder: &Path) -> Result<Vec<String>, KeepError> {
    let mut found = vec![SETTINGS_FILE.to_owned()];
    let mut folders = vec![PathBuf::from(LIBRARY)];
    while let Some(next) = folders.pop() {
        let place = folder.join(&next);
        let failed = |cause| KeepError::File { file: place.clone(), cause };
        let entries = match std::fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(cause) => return Err(failed(cause)),
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let path = next.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else {
                let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
                found.push(parts.join("/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Settings with another lake; all else stays as it was written.
fn with_lake(settings: &str, lake: &str) -> String {
    let line = format!("lake = {lake:?}");
    let is_lake = |line: &str| line.split_once('=').is_some_and(|(key, _)| key.trim() == "lake");
    let mut in_table = false;
    let mut is_set = false;
    let mut lines: Vec<String> = Vec::new();
    for written in settings.lines() {
        in_table |= written.trim_start().starts_with('[');
        let is_it = !in_table && is_lake(written);
        is_set |= is_it;
        lines.push(if is_it { line.clone() } else { written.to_owned() });
    }
    if !is_set {
        lines.insert(0, line);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_lake_changes_no_other_line() {
        let text = "# Ours.\ncurrency = \"GBP\"\nlake = \"lake\"\n\n[keep]\nruns = \"all\"\n";
        assert_eq!(with_lake(text, "s3://b/p"), text.replace("\"lake\"", "\"s3://b/p\""));
        let without = "currency = \"GBP\"\n[rates]\nEUR = \"1.2\"\n";
        assert_eq!(with_lake(without, "data"), format!("lake = \"data\"\n{without}"));
    }
}
