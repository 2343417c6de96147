//! The metrics and schemes that a workspace knows, checked and ready to compute.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_model::spec::Questionnaire;
use clientele_model::{MetricId, SchemeId};

use crate::classify::compile::{Compiled, compile};
use crate::classify::cuts::SchemeCuts;
use crate::classify::registry::SchemeRegistry;
pub use crate::error::CatalogueError;
use crate::library::{Document, DocumentKind, LibraryError, built_in, nearest, own, questionnaires};
use crate::measure::registry::MetricRegistry;
use crate::workspace::Workspace;

/// The metrics and schemes that a workspace knows.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Those that questionnaires bring with them are among them.
    pub metrics: MetricRegistry,
    pub schemes: SchemeRegistry,
    /// By id.
    pub questionnaires: BTreeMap<String, Questionnaire>,
}

impl Catalogue {
    /// Reads the built-in library and the workspace's own.
    ///
    /// # Errors
    /// The first document with a mistake, or a folder that cannot be read.
    pub fn load(workspace: Option<&Workspace>) -> Result<Catalogue, CatalogueError> {
        let own = match workspace {
            Some(workspace) => own_documents(workspace)?,
            None => Default::default(),
        };
        Catalogue::build(own)
    }

    fn build([questionnaires, metrics, schemes]: OwnDocuments) -> Result<Catalogue, CatalogueError> {
        // Those of the workspace come later and so replace built-in ones of the same id.
        let with =
            |shelf, own: Vec<Document>| -> Vec<Document> { built_in(shelf).into_iter().chain(own).collect() };
        let (questionnaires, answers) =
            self::questionnaires(&with(DocumentKind::Questionnaires, questionnaires))?;
        let documents: Vec<_> = answers.into_iter().chain(with(DocumentKind::Metrics, metrics)).collect();
        let metrics = MetricRegistry::build(&documents)?;
        let schemes = SchemeRegistry::build(&with(DocumentKind::Schemes, schemes), &metrics)?;
        Ok(Catalogue { metrics, schemes, questionnaires })
    }

    /// Only the named schemes and what they need, with `more` metrics; everything, when no scheme is
    /// named.
    pub fn only(&self, schemes: &[SchemeId], more: &[MetricId]) -> Result<Catalogue, CatalogueError> {
        if schemes.is_empty() {
            return Ok(self.clone());
        }
        for scheme in schemes {
            if self.schemes.get(scheme.as_str()).is_none() {
                return Err(CatalogueError::UnknownScheme {
                    name: scheme.to_string(),
                    nearest: self.schemes.nearest(scheme.as_str()).map(str::to_owned),
                });
            }
        }
        let schemes = self.schemes.only(&schemes.iter().cloned().collect());
        if let Some(unknown) = more.iter().find(|m| self.metrics.get(m).is_none()) {
            return Err(CatalogueError::UnknownMetric {
                name: unknown.to_string(),
                nearest: nearest(unknown.as_str(), self.metrics.ids().into_iter()).map(str::to_owned),
            });
        }
        let wanted = schemes.metrics().into_iter().chain(more.iter().cloned()).collect();
        let metrics = self.metrics.only(&wanted);
        Ok(Catalogue { metrics, schemes, questionnaires: self.questionnaires.clone() })
    }
}

/// A workspace's own documents: of questionnaires, of metrics, and of schemes.
type OwnDocuments = [Vec<Document>; 3];

fn own_documents(workspace: &Workspace) -> Result<OwnDocuments, LibraryError> {
    let folder = workspace.folder();
    Ok([
        own(DocumentKind::Questionnaires, folder)?,
        own(DocumentKind::Metrics, folder)?,
        own(DocumentKind::Schemes, folder)?,
    ])
}

/// A workspace's catalogue, kept in memory and made anew when a document of its own has changed.
#[derive(Default)]
pub struct KeptCatalogue {
    made: Option<(OwnDocuments, Arc<Catalogue>)>,
}

impl KeptCatalogue {
    /// The catalogue as it stands. The workspace's own documents are read each time, which takes less than
    /// parsing them and misses no change; the built-in ones cannot change.
    ///
    /// # Errors
    /// As with [`Catalogue::load`].
    pub fn read(&mut self, workspace: &Workspace) -> Result<Arc<Catalogue>, CatalogueError> {
        let own = own_documents(workspace)?;
        if let Some((made_of, catalogue)) = &self.made
            && *made_of == own
        {
            return Ok(Arc::clone(catalogue));
        }
        let catalogue = Arc::new(Catalogue::build(own.clone())?);
        self.made = Some((own, Arc::clone(&catalogue)));
        Ok(catalogue)
    }
}

/// Compiles every scheme with its cuts.
pub fn compile_all(catalogue: &Catalogue, cuts: &BTreeMap<SchemeId, SchemeCuts>) -> Vec<Compiled> {
    let units = catalogue.metrics.units();
    let none = SchemeCuts::new();
    catalogue
        .schemes
        .iter()
        .map(|s| compile(&s.spec, cuts.get(&s.spec.id).unwrap_or(&none), &units))
        .collect()
}
