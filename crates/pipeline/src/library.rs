//! What the product knows, as files: the built-in library, and a workspace's own beside it.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clientele_model::problem::kinds::documents::LIBRARY_UNREADABLE;
use clientele_model::spec::questionnaire::MetricDocument;
use clientele_model::spec::source::SourceLayout;
use clientele_model::spec::{Questionnaire, SpecError};
use clientele_model::{Language, Problem};
use include_dir::{Dir, include_dir};
use thiserror::Error;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../library");

/// A folder or file of a workspace's own library that cannot be read.
#[derive(Debug, Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub struct LibraryError {
    pub place: PathBuf,
    pub cause: std::io::Error,
}

impl LibraryError {
    /// What is told of it.
    pub fn problem(&self) -> Problem {
        LIBRARY_UNREADABLE.problem().with("cause", &self.cause).in_file(&self.place)
    }
}

/// A document of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where it is: `library/schemes/abc.toml`, or a path in the workspace.
    pub name: String,
    pub text: String,
}

impl Document {
    /// Whether it came with the product; the workspace's own lie in the workspace's folder.
    pub fn is_built_in(&self) -> bool {
        self.name.starts_with("library/")
    }
}

/// A folder of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    Alerts,
    Sources,
    Metrics,
    Questionnaires,
    Schemes,
}

impl DocumentKind {
    /// The folder's name.
    pub fn folder(self) -> &'static str {
        match self {
            DocumentKind::Alerts => "alerts",
            DocumentKind::Sources => "sources",
            DocumentKind::Metrics => "metrics",
            DocumentKind::Questionnaires => "questionnaires",
            DocumentKind::Schemes => "schemes",
        }
    }
}

/// The built-in documents of a shelf, by name.
pub fn built_in(shelf: DocumentKind) -> Vec<Document> {
    let mut documents: Vec<Document> = BUILT_IN
        .get_dir(shelf.folder())
        .into_iter()
        .flat_map(Dir::files)
        .filter(|file| file.path().extension().is_some_and(|e| e == "toml"))
        .filter_map(|file| {
            Some(Document {
                name: format!("library/{}", file.path().display()),
                text: file.contents_utf8()?.to_owned(),
            })
        })
        .collect();
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    documents
}

/// The built-in documents and then those in `library/` of the workspace folder, which come later and
/// so replace built-in ones of the same id.
///
/// # Errors
/// A folder or file that is there and cannot be read.
pub fn with_own(shelf: DocumentKind, workspace: Option<&Path>) -> Result<Vec<Document>, LibraryError> {
    let mut documents = built_in(shelf);
    if let Some(workspace) = workspace {
        documents.extend(own(shelf, workspace)?);
    }
    Ok(documents)
}

/// The documents in `library/` of the workspace folder, by name; none where there is no such folder.
///
/// # Errors
/// A folder or file that is there and cannot be read.
pub fn own(shelf: DocumentKind, workspace: &Path) -> Result<Vec<Document>, LibraryError> {
    let folder = workspace.join("library").join(shelf.folder());
    let failed = |place: &Path| {
        let place = place.to_owned();
        move |cause| LibraryError { place, cause }
    };
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(failed(&folder)(cause)),
    };
    let mut paths: Vec<_> =
        entries.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>().map_err(failed(&folder))?;
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
        Ok(Document { name: path.display().to_string(), text })
    };
    paths.into_iter().map(read).collect()
}

/// The source layouts in some documents, in the order of their ids. Of documents with the same id the last
/// counts.
///
/// # Errors
/// The first mistake: with the file, the line and the cure.
pub fn layouts(documents: &[Document]) -> Result<Vec<SourceLayout>, SpecError> {
    let mut read = BTreeMap::new();
    for document in documents {
        let layout = SourceLayout::parse(&document.name, &document.text)?;
        read.insert(layout.id.clone(), layout);
    }
    Ok(read.into_values().collect())
}

/// The questionnaires in some documents, and the metric documents that they bring with them. Of documents
/// with the same id the last counts.
///
/// # Errors
/// The first mistake: with the file, the line and the cure.
pub fn questionnaires(
    documents: &[Document],
) -> Result<(BTreeMap<String, Questionnaire>, Vec<Document>), SpecError> {
    let mut read = BTreeMap::new();
    for document in documents {
        let questionnaire = Questionnaire::parse(&document.name, &document.text)?;
        read.insert(questionnaire.id.clone(), (questionnaire, document));
    }
    let metrics = read
        .values()
        .flat_map(|(questionnaire, document)| {
            let of = |metric: MetricDocument| Document { name: document.name.clone(), text: metric.text };
            questionnaire.metrics().into_iter().map(of)
        })
        .collect();
    Ok((read.into_iter().map(|(id, (questionnaire, _))| (id, questionnaire)).collect(), metrics))
}

/// The built-in questionnaires, by id.
///
/// # Errors
/// As [`questionnaires`].
pub fn built_in_questionnaires() -> Result<Vec<Questionnaire>, SpecError> {
    let (found, _) = questionnaires(&built_in(DocumentKind::Questionnaires))?;
    Ok(found.into_values().collect())
}

/// The candidate that a misspelt name most likely means.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 2 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}
