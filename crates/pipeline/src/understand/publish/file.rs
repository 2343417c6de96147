//! Where published documents lie, and those that they replaced.

use std::fs;
use std::path::{Path, PathBuf};

use clientele_engine::disk;
use clientele_model::spec::Scheme;

use super::PublishError;
use crate::library::{Document, DocumentKind};
use crate::workspace::Workspace;

/// The folder with earlier versions, beside those that count.
const HISTORY: &str = ".history";

/// Refuses a file that counts already by lying where published ones do.
pub(super) fn refuse_published(workspace: &Workspace, document: &Document) -> Result<(), PublishError> {
    let full = |path: &Path| fs::canonicalize(path).ok();
    let file = full(Path::new(&document.name));
    let shelf = full(&workspace.library(DocumentKind::Schemes.folder()));
    match (file, shelf) {
        (Some(file), Some(shelf)) if file.parent() == Some(&shelf) => Err(PublishError::Published(file)),
        _ => Ok(()),
    }
}

/// Writes the document and keeps the one that it replaces; returns where both are.
pub(super) fn write(
    workspace: &Workspace,
    scheme: &Scheme,
    document: &Document,
    replaced: Option<&Document>,
) -> Result<(PathBuf, Option<PathBuf>), PublishError> {
    let shelf = workspace.library(DocumentKind::Schemes.folder());
    let kept = match replaced {
        None => None,
        Some(earlier) => {
            let folder = shelf.join(HISTORY);
            let version = scheme.version.saturating_sub(1);
            let place = folder.join(format!("{}.v{version}.toml", scheme.id));
            put(&folder, &place, &earlier.text)?;
            Some(place)
        }
    };
    let place = shelf.join(format!("{}.toml", scheme.id));
    let is_other = |path: &PathBuf| fs::canonicalize(path).ok() != fs::canonicalize(&place).ok();
    let own = replaced.filter(|d| !d.is_built_in()).map(|d| PathBuf::from(&d.name)).filter(is_other);
    match own {
        None => put(&shelf, &place, &document.text)?,
        // One of the workspace's own under another name: it is never beside the new one, and at no
        // moment is there none.
        Some(earlier) => {
            put(earlier.parent().unwrap_or(&shelf), &earlier, &document.text)?;
            let failed = |cause| PublishError::Io { place: place.clone(), cause };
            disk::rename(&earlier, &place).map_err(failed)?;
        }
    }
    Ok((place, kept))
}

/// Writes a file that appears under its name only when it is complete.
fn put(folder: &Path, place: &Path, text: &str) -> Result<(), PublishError> {
    let failed = |cause: std::io::Error| PublishError::Io { place: place.to_owned(), cause };
    disk::create_dir_all(folder).map_err(failed)?;
    disk::replace(place, text.as_bytes()).map_err(failed)
}
