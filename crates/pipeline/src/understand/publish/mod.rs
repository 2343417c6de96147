//! Publishing a scheme: checked, compared with the version that counts, and shown on the last run's
//! customers before anybody moves.

mod error;
mod file;
mod shift;

use std::path::PathBuf;

use clientele_engine::EngineSettings;
use clientele_model::spec::Scheme;
use clientele_model::{AsOf, MetricId, RunId, Text};

use super::view::{RunView, ViewError};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::classify::check;
use crate::classify::registry::SchemeRegistry;
use crate::library::Document;
use crate::session::session;
use crate::trial;
use crate::workspace::Workspace;
pub use error::PublishError;
pub use shift::{Example, Shift};

/// What a publication changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    pub scheme: Scheme,
    /// The version that it replaces; none for a scheme that is new.
    pub replaces: Option<u32>,
    /// Who would move, on the customers of the last run.
    pub preview: Preview,
    /// Where the document is now; nowhere after a dry run.
    pub place: Option<PathBuf>,
    /// Where the document that it replaced is kept.
    pub kept: Option<PathBuf>,
}

/// The tiers of the last run's customers, before and after.
#[derive(Debug, Clone, PartialEq)]
pub enum Preview {
    /// Nothing has been computed yet.
    NoRun,
    /// The last run did not compute these metrics, which the scheme reads.
    Missing { run: RunId, metrics: Vec<MetricId> },
    /// How many customers go from where to where, and the first of those who move.
    Shifts { run: RunId, as_of: AsOf, shifts: Vec<Shift>, examples: Vec<Example> },
}

/// Publishes a scheme document, or shows what publishing would do.
///
/// # Errors
/// A mistake in the document, a version number that does not follow, a scheme that leaves customers out, a
/// file that cannot be written. Nothing has changed then.
pub async fn publish(
    workspace: &Workspace,
    engine: &EngineSettings,
    document: &Document,
    dry_run: bool,
) -> Result<Publication, PublishError> {
    file::refuse_published(workspace, document)?;
    let catalogue = Catalogue::load(Some(workspace))?;
    let scheme = Scheme::parse(&document.name, &document.text).map_err(CatalogueError::from)?;
    let published = catalogue.schemes.get(scheme.id.as_str());
    if published.is_some_and(|p| p.document.text == document.text) {
        return Err(PublishError::Unchanged { scheme: scheme.id.to_string(), version: scheme.version });
    }
    let next = published.map_or(1, |p| p.spec.version + 1);
    if scheme.version != next {
        let problem = match published {
            Some(p) => Text::new(
                format!("version {} is published, so this must be version {next}", p.spec.version),
                format!("已发布版本 {}，所以此处须为版本 {next}", p.spec.version),
            ),
            None => Text::new("a new scheme starts with version 1", "新方案从版本 1 开始"),
        };
        let cure = (format!("write version = {next}"), format!("请写 version = {next}"));
        let error = Scheme::error(&document.name, &document.text, "version", problem, cure);
        return Err(CatalogueError::from(error).into());
    }
    let with = with(&catalogue, document)?;
    prove(&with, &scheme, document).await?;

    let preview = match RunView::open(workspace, engine, None).await {
        Err(ViewError::NoRun) => Preview::NoRun,
        Err(error) => return Err(error.into()),
        Ok(view) => shift::preview(&view, &with, &scheme).await?,
    };
    let replaces = published.map(|p| p.spec.version);
    let (place, kept) = match dry_run {
        true => (None, None),
        false => {
            let (place, kept) = file::write(workspace, &scheme, document, published.map(|p| &p.document))?;
            (Some(place), kept)
        }
    };
    Ok(Publication { scheme, replaces, preview, place, kept })
}

/// The catalogue with the document in the place of the scheme that it replaces.
fn with(catalogue: &Catalogue, document: &Document) -> Result<Catalogue, CatalogueError> {
    let documents = catalogue.schemes.iter().map(|s| &s.document);
    let documents: Vec<Document> = documents.chain([document]).cloned().collect();
    let schemes = SchemeRegistry::build(&documents, &catalogue.metrics)?;
    Ok(Catalogue { schemes, ..catalogue.clone() })
}

/// Refuses what a refresh would refuse.
async fn prove(catalogue: &Catalogue, scheme: &Scheme, document: &Document) -> Result<(), PublishError> {
    let only = catalogue.only(std::slice::from_ref(&scheme.id), &[])?;
    let session = session(&EngineSettings::default()).await.map_err(CatalogueError::from)?;
    // Any day will do: nothing is computed.
    trial::run(&session, &only, AsOf::new(chrono::NaiveDate::default())).await?;
    let report = check::check(document, &catalogue.schemes, &catalogue.metrics).await?;
    match report.is_sound() {
        true => Ok(()),
        false => Err(PublishError::Unsound { file: document.name.clone() }),
    }
}
