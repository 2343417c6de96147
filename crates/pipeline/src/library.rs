//! What the product knows, as files: the built-in library, and a workspace's own beside it.

use std::collections::BTreeMap;
use std::path::Path;

use clientele_model::spec::questionnaire::MetricDocument;
use clientele_model::spec::{Questionnaire, SpecError};
use include_dir::{Dir, include_dir};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../library");

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
pub enum Shelf {
    Alerts,
    Sources,
    Metrics,
    Questionnaires,
    Schemes,
}

impl Shelf {
    /// The folder's name.
    pub fn folder(self) -> &'static str {
        match self {
            Shelf::Alerts => "alerts",
            Shelf::Sources => "sources",
            Shelf::Metrics => "metrics",
            Shelf::Questionnaires => "questionnaires",
            Shelf::Schemes => "schemes",
        }
    }
}

/// The built-in documents of a shelf, by name.
pub fn built_in(shelf: Shelf) -> Vec<Document> {
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
/// A folder or file that cannot be read.
pub fn with_own(shelf: Shelf, workspace: Option<&Path>) -> std::io::Result<Vec<Document>> {
    let mut documents = built_in(shelf);
    if let Some(folder) = workspace {
        documents.extend(own(shelf, folder)?);
    }
    Ok(documents)
}

/// The documents in `library/` of the workspace folder, by name.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn own(shelf: Shelf, workspace: &Path) -> std::io::Result<Vec<Document>> {
    let mut documents = Vec::new();
    let folder = workspace.join("library").join(shelf.folder());
    if !folder.is_dir() {
        return Ok(documents);
    }
    let mut paths: Vec<_> =
        std::fs::read_dir(&folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        documents.push(Document { name: path.display().to_string(), text });
    }
    Ok(documents)
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

/// The candidate that a misspelt name most likely means.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 2 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}
