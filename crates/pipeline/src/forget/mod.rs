//! Forgetting customers: they leave every table, in every generation, and all that was made of them.
//!
//! It cannot be undone, and it is no new version on top: history is rewritten. Orders stay as remainders
//! that lead to nobody, so that totals of old days hold, unless they are to go too. Nothing that would know
//! a forgotten customer again is kept, as that would be personal data itself: a file that still holds one
//! brings in a new customer.

mod error;
pub mod exports;
mod marks;
mod meet;
mod people;
pub mod personal;
mod search;
mod survey;
mod treat;
mod unpack;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDateTime;
use clientele_engine::{DataFile, Transaction};
use clientele_model::progress::{Progress, ProgressUnit};

pub use error::ForgetError;
pub use exports::{ExportDone, Fate};
pub use marks::MarkKind;
pub use search::{Finding, Proof};
pub use survey::{Outcome, TableShare};

use crate::understand::segments::given::{self, By};
use crate::workspace::Workspace;
use survey::{STAGE, Survey, survey};
use treat::treat;

/// Who is to be forgotten.
#[derive(Debug, Clone)]
pub struct ForgetRequest {
    /// Ids, or `source:id`.
    pub customers: Vec<String>,
    /// Whether their orders go as well, so that totals of old days get smaller.
    pub drops_totals: bool,
    /// Only recorded.
    pub now: NaiveDateTime,
}

/// What the workspace holds of somebody, and would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgetPlan {
    pub customers: u64,
    pub tables: Vec<TableShare>,
    /// Files that were written for others and hold them.
    pub exports: Vec<PathBuf>,
    /// Other customers with an e-mail or a phone of theirs, as `source:id`: maybe the same people.
    pub alike: Vec<String>,
}

/// What a forgetting did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    pub customers: u64,
    pub tables: Vec<TableShare>,
    pub exports: Vec<ExportDone>,
    pub alike: Vec<String>,
    /// Whether all that happened was that an earlier forgetting, which had been cut off, was brought to its
    /// end.
    pub was_completed: bool,
    /// What a search of every byte found afterwards; none when only an earlier one was completed.
    pub proof: Option<Proof>,
}

/// The ids that a file names: one a row, in the column that holds customers' ids, or in the only one.
///
/// # Errors
/// The file cannot be read, or it is not plain which column is meant.
pub fn ids_of_file(file: &Path) -> Result<Vec<String>, ForgetError> {
    let wrong = |cause: String| ForgetError::File { file: file.to_owned(), cause };
    let rows = given::read(file, None, Some(By::Id), None).map_err(|error| wrong(error.to_string()))?;
    let ids: Vec<String> = rows.into_iter().filter_map(|row| row.id).collect();
    if ids.is_empty() {
        return Err(wrong("it names nobody".to_owned()));
    }
    Ok(ids)
}

/// Tells what [`forget`] would do, and does nothing.
///
/// # Errors
/// See [`forget`].
pub async fn plan(
    workspace: &Workspace,
    request: &ForgetRequest,
    progress: &Arc<dyn Progress>,
) -> Result<ForgetPlan, ForgetError> {
    let (transaction, found) = begin(workspace, request, progress).await?;
    transaction.discard().await?;
    let Some(found) = found? else {
        return Ok(ForgetPlan { customers: 0, tables: Vec::new(), exports: Vec::new(), alike: Vec::new() });
    };
    Ok(ForgetPlan {
        customers: found.people.count(),
        exports: exports::holding(workspace, &found.people)?,
        tables: found.tables,
        alike: found.alike.into_iter().collect(),
    })
}

/// Forgets customers, and proves it. Who is not known stops it before anything is done.
///
/// # Errors
/// Nothing is changed then, but for those that say otherwise; see [`ForgetError`].
pub async fn forget(
    workspace: &Workspace,
    request: &ForgetRequest,
    progress: &Arc<dyn Progress>,
) -> Result<Forgotten, ForgetError> {
    let (transaction, found) = begin(workspace, request, progress).await?;
    let found = match found {
        Ok(Some(found)) => found,
        nobody => {
            transaction.discard().await?;
            nobody?;
            return Ok(Forgotten {
                customers: 0,
                tables: Vec::new(),
                exports: Vec::new(),
                alike: Vec::new(),
                was_completed: true,
                proof: None,
            });
        }
    };
    let replaced = match replace(&transaction, &found, request.drops_totals, progress).await {
        Ok(replaced) => replaced,
        Err(error) => {
            transaction.discard().await?;
            return Err(error);
        }
    };
    let now = workspace.settings().instant(request.now);
    transaction.rewrite(replaced, "forget", now).await?;
    let Survey { people, tables, alike, .. } = found;
    let unproven = |error: ForgetError| ForgetError::Unproven { cause: error.to_string() };
    let exports = exports::remake(workspace, &people, progress).await.map_err(|error| match error {
        left @ ForgetError::Left { .. } => left,
        other => unproven(other),
    })?;
    let proof = search::prove(workspace, &people).await.map_err(unproven)?;
    Ok(Forgotten {
        customers: people.count(),
        tables,
        exports,
        alike: alike.into_iter().collect(),
        was_completed: false,
        proof: Some(proof),
    })
}

type Begun = (Transaction, Result<Option<Survey>, ForgetError>);

/// Takes the lock and looks through the lake. Nothing is found, and that is no mistake, when an earlier
/// forgetting had been cut off and is done now.
async fn begin(
    workspace: &Workspace,
    request: &ForgetRequest,
    progress: &Arc<dyn Progress>,
) -> Result<Begun, ForgetError> {
    if request.customers.is_empty() {
        return Err(ForgetError::Nobody);
    }
    let transaction = workspace.lake().await?.begin().await?;
    let settings = workspace.settings();
    let found = survey(&transaction, settings, &request.customers, request.drops_totals, progress).await;
    let found = match found {
        Ok(found) => Ok(Some(found)),
        Err(ForgetError::Unknown { names })
            if transaction.has_completed_rewriting() && names.len() == request.customers.len() =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    };
    Ok((transaction, found))
}

/// Writes each file anew that holds anything of the people: table, old file and new one.
async fn replace(
    transaction: &Transaction,
    found: &Survey,
    drops_totals: bool,
    progress: &Arc<dyn Progress>,
) -> Result<Vec<(String, DataFile, DataFile)>, ForgetError> {
    let mut replaced = Vec::new();
    let all = found.files.len() as u64;
    for (place, (data, file)) in found.files.iter().enumerate() {
        progress.at(STAGE, place as u64, all, ProgressUnit::Files);
        let partitions: Vec<(&str, &str)> =
            file.partitions.iter().map(|(column, value)| (column.as_str(), value.as_str())).collect();
        let mut writer = transaction.writer(data.table, &partitions)?;
        for rows in transaction.rows(data.table, file, None).await? {
            writer.write(&treat(data, &rows, &file.partitions, &found.people, drops_totals)?.rows)?;
        }
        replaced.push((data.table.to_owned(), file.clone(), writer.finish()?));
    }
    progress.finished(STAGE);
    Ok(replaced)
}
