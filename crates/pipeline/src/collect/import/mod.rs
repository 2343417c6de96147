//! The import of a file.

mod judge;
mod prepare;
mod request;
mod stage;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clientele_model::BatchId;
use clientele_model::spec::source::Grain;

use clientele_model::progress::Progress;
use prepare::Prepared;
pub use request::{ByHand, ImportRequest};

use super::batches::{self, BatchInfo};
use super::error::ImportError;
use super::history;
use super::lake_rows::LakeReader;
use super::mapping::MappingView;
use super::tables;
use crate::clean::QualityReport;
use crate::workspace::Workspace;

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum BatchOutcome {
    /// It is in the lake as this batch.
    Imported { batch: BatchId },
    /// The same file is in the lake already; nothing was changed.
    AlreadyImported { batch: BatchId },
    /// It would be in the lake.
    DryRun,
}

/// What was found out about a file, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchReport {
    pub file: PathBuf,
    pub outcome: BatchOutcome,
    /// The layout, how sure that is (0 to 1), and the next best.
    pub layout: String,
    /// What the rows are.
    pub grain: Grain,
    pub sure: f64,
    pub runner_up: Option<(String, f64)>,
    /// What the user should know about such files, in English and Chinese.
    pub note: Option<(String, String)>,
    pub mapping: MappingView,
    pub report: QualityReport,
}

/// What an import did: the batches of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportReport {
    pub batches: Vec<BatchReport>,
}

/// Imports a file, as several batches where it holds records of several kinds: each is in the lake as a whole
/// or not at all.
///
/// # Errors
/// What is wrong with the file or the lake. Batches of the file that came before stay imported.
pub async fn import(
    workspace: &Workspace,
    request: &ImportRequest,
    progress: Arc<dyn Progress>,
) -> Result<ImportReport, ImportError> {
    let batches = batches_of(workspace, request, &progress).await;
    Ok(ImportReport { batches: batches.map_err(|error| error.of_file(&request.file))? })
}

async fn batches_of(
    workspace: &Workspace,
    request: &ImportRequest,
    progress: &Arc<dyn Progress>,
) -> Result<Vec<BatchReport>, ImportError> {
    let prepared = prepare::prepare(workspace, request, None).await?;
    let (layout, also) = (prepared.recognised.layout.id.clone(), prepared.recognised.layout.also.clone());
    let mut batches = Vec::new();
    batches.extend(import_as(workspace, request, prepared, false, progress).await?);
    for id in &also {
        let prepared = prepare::prepare(workspace, request, Some(id)).await?;
        batches.extend(import_as(workspace, request, prepared, true, progress).await?);
    }
    if batches.is_empty() {
        return Err(ImportError::NothingOfKind { file: request.file.clone(), layout });
    }
    Ok(batches)
}

/// Imports a file by one layout; `None` when none of its rows is of that kind.
async fn import_as(
    workspace: &Workspace,
    request: &ImportRequest,
    prepared: Prepared,
    is_companion: bool,
    progress: &Arc<dyn Progress>,
) -> Result<Option<BatchReport>, ImportError> {
    let settings = workspace.settings();
    let file = prepared.table.info().path.clone();
    let grain = prepared.recognised.layout.grain;
    // The lock comes first: what is read afterwards stays true until the commit.
    let mut transaction = match request.dry_run {
        true => None,
        false => Some(workspace.lake().await?.begin().await?),
    };
    let reader = LakeReader::new(workspace.lake().await?).await?;
    let earlier = batches::list(&reader).await?;
    let batch = batches::next_id(&earlier);
    let may_be_twin = |info: &&BatchInfo| {
        info.undone_at.is_none() && info.file_bytes == prepared.bytes && info.grain == grain.name()
    };
    // Reading a file for its hash takes a while: where nothing depends on it, rows are read meanwhile.
    let hashed = match earlier.iter().any(|info| may_be_twin(&info)) {
        true => {
            let file = file.clone();
            Some(prepare::blocking(move || prepare::fingerprint(&file)).await?)
        }
        false => None,
    };
    let twin = hashed.as_ref().and_then(|(bytes, hash)| {
        let is_same = |info: &&BatchInfo| info.file_hash == *hash && info.file_bytes == *bytes;
        earlier.iter().filter(may_be_twin).find(is_same)
    });
    let mut out = BatchReport {
        file: file.clone(),
        outcome: BatchOutcome::DryRun,
        grain,
        layout: prepared.recognised.layout.id.clone(),
        sure: prepared.recognised.sure,
        runner_up: prepared.recognised.runner_up.clone(),
        note: prepared.recognised.layout.note.clone().map(|note| (note.en, note.zh)),
        mapping: prepared.recognised.mapping.view(&prepared.recognised.header),
        report: QualityReport::default(),
    };
    if let Some(twin) = twin {
        if let Some(transaction) = transaction {
            transaction.discard().await?;
        }
        out.outcome = BatchOutcome::AlreadyImported { batch: twin.batch.clone() };
        out.report = twin.report.repeated();
        return Ok(Some(out));
    }
    if let Some(transaction) = &mut transaction {
        for table in tables::written_by(grain) {
            let schema = tables::schema_of(table);
            if transaction.has_table(table) {
                // A workspace of an earlier release may lack columns.
                let columns: Vec<_> = schema.fields().iter().map(|f| f.as_ref().clone()).collect();
                transaction.widen_table(table, &columns)?;
            } else {
                transaction.create_table(table, schema, tables::partitions_of(table))?;
            }
        }
    }
    let stager = transaction.as_ref().map(|transaction| transaction.stager());
    let run = stage::Stage {
        settings: settings.clone(),
        request: request.clone(),
        batch: batch.as_str().to_owned(),
        earlier,
        stager,
        is_companion,
        hashed,
        progress: Arc::clone(progress),
    };
    let staged = stage::stage(run, prepared, &reader).await?;
    out.report = judge::judge(&staged);
    let is_nothing = out.report.rows_read == 0 && out.report.elsewhere > 0;
    let Some(mut transaction) = transaction else { return Ok((!is_nothing).then_some(out)) };
    if is_nothing {
        transaction.discard().await?;
        return Ok(None);
    }
    let info = BatchInfo {
        batch: batch.clone(),
        file: file_name(&file),
        file_bytes: staged.bytes,
        file_hash: staged.hash.clone(),
        layout: out.layout.clone(),
        source: staged.cx.layout.family.clone(),
        grain: staged.grain().to_owned(),
        imported_at: request.now,
        undone_at: None,
        settled_at: None,
        header: staged.cx.header.clone(),
        mapping: out.mapping.clone(),
        report: out.report.clone(),
    };
    history::record(&mut transaction, &reader, &staged, &info).await?;
    let message = format!("import {} as {batch}", info.file);
    transaction.commit_at(&message, settings.instant(request.now)).await?;
    out.outcome = BatchOutcome::Imported { batch };
    Ok(Some(out))
}

fn file_name(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
