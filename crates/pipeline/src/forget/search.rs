//! Proving that somebody is gone: every byte of the place is searched, unpacked where it is packed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clientele_engine::Location;
use clientele_engine::lake::search::{Found, Texts, search};

use super::ForgetError;
use super::exports::LIST;
use super::marks::MarkKind;
use super::people::People;
use super::personal;
use super::unpack;
use crate::workspace::{Workspace, WorkspaceError};

/// The columns that hold ids of customers.
const IDS: [&str; 3] = ["customer_id", "to_id", "given"];

/// What a search of the whole place came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// Files that were searched, and their bytes as they are stored.
    pub files: u64,
    pub bytes: u64,
    /// Where something of theirs stands although no row should hold it: nothing, if all is well.
    pub left: Vec<Finding>,
    /// Where rows that are about others say the same: a name or a phone that several have, a text that
    /// somebody wrote, the same id in another source.
    pub others: Vec<Finding>,
    /// Where files of the workspace that are not of the lake hold it.
    pub workspace: Vec<Finding>,
}

/// Something of theirs that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// A column as `table.column`, or a file.
    pub at: String,
    pub kind: MarkKind,
    pub times: u64,
}

/// Searches the lake, and the workspace's folder beside it.
///
/// # Errors
/// A file that cannot be read.
pub async fn prove(workspace: &Workspace, people: &People) -> Result<Proof, ForgetError> {
    let texts = texts(people);
    let lake = workspace.lake().await?;
    let searched = search(lake.location(), &texts).await?;
    let mut proof = Proof { files: searched.files, bytes: searched.bytes, ..Proof::default() };
    let tables: BTreeSet<&str> = personal::all().iter().map(|data| data.table).collect();
    // Bounds of others' values stand in a file's own statistics too.
    let with_column: BTreeSet<(&str, &str)> = searched
        .found
        .iter()
        .filter(|found| found.column.is_some())
        .map(|found| (found.file.as_str(), found.text.as_str()))
        .collect();
    let (mut left, mut others) = (BTreeMap::new(), BTreeMap::new());
    for found in &searched.found {
        let table = found.file.split('/').next().unwrap_or_default();
        let is_row = tables.contains(table) && with_column.contains(&(found.file.as_str(), &found.text));
        let kind = kind_of(people, &found.text);
        match &found.column {
            Some(column) if is_row => {
                *others.entry((format!("{table}.{column}"), kind)).or_default() += found.times
            }
            None if is_row => {}
            // The log tells bounds of what rows hold.
            _ if tables.contains(table) && others_hold(&searched.found, table, &found.text, &tables) => {}
            _ => *left.entry((found.file.clone(), kind)).or_default() += found.times,
        }
    }
    proof.left = findings(left);
    proof.others = findings(others);
    proof.workspace = beside(workspace, lake.location(), people, &texts, &mut proof.files, &mut proof.bytes)?;
    Ok(proof)
}

/// Whether rows of a table still hold a text, so that its log may too.
fn others_hold(found: &[Found], table: &str, text: &str, tables: &BTreeSet<&str>) -> bool {
    found.iter().any(|f| {
        let of = f.file.split('/').next().unwrap_or_default();
        f.column.is_some() && of == table && tables.contains(of) && f.text == text
    })
}

fn findings(found: BTreeMap<(String, MarkKind), u64>) -> Vec<Finding> {
    found.into_iter().map(|((at, kind), times)| Finding { at, kind, times }).collect()
}

fn kind_of(people: &People, text: &str) -> MarkKind {
    people.marks.iter().find(|(_, mark)| *mark == text).map_or(MarkKind::Id, |(kind, _)| kind)
}

fn texts(people: &People) -> Texts {
    let anywhere: Vec<String> = people.marks.iter().map(|(_, text)| text.to_owned()).collect();
    let short = people.ids.values().flatten().filter(|id| !anywhere.contains(id));
    let short: Vec<String> = short.cloned().collect();
    let values =
        if short.is_empty() { Vec::new() } else { IDS.map(|c| (c.to_owned(), short.clone())).into() };
    Texts { anywhere, values }
}

/// Searches the workspace's folder without the lake.
fn beside(
    workspace: &Workspace,
    lake: &Location,
    people: &People,
    texts: &Texts,
    files: &mut u64,
    bytes: &mut u64,
) -> Result<Vec<Finding>, WorkspaceError> {
    let mut found = BTreeMap::new();
    let lake = lake.as_folder().and_then(|folder| fs::canonicalize(folder).ok());
    let mut all = Vec::new();
    walk(workspace.folder(), lake.as_deref(), &mut all)?;
    for file in all {
        let name = file.strip_prefix(workspace.folder()).unwrap_or(&file).display().to_string();
        let read = fs::read(&file).map_err(|cause| WorkspaceError::Io { place: file.clone(), cause })?;
        *files += 1;
        *bytes += read.len() as u64;
        let is_ours = name == LIST;
        let held = !is_ours && unpack::holds(&file, read.clone(), people);
        let looked = unpack::look(&name, read, texts);
        for Found { text, times, .. } in &looked {
            *found.entry((name.clone(), kind_of(people, text))).or_default() += times;
        }
        if held && looked.is_empty() {
            found.insert((name, MarkKind::Id), 1);
        }
    }
    Ok(findings(found))
}

fn walk(folder: &Path, without: Option<&Path>, found: &mut Vec<PathBuf>) -> Result<(), WorkspaceError> {
    let failed = |cause| WorkspaceError::Io { place: folder.to_owned(), cause };
    let mut entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
        if kind.is_dir() {
            if without.is_none_or(|without| fs::canonicalize(&path).ok().as_deref() != Some(without)) {
                walk(&path, without, found)?;
            }
        } else if kind.is_file() {
            found.push(path);
        }
    }
    Ok(())
}
