//! Looking at the quarantine, and taking it out for correction.

use std::fs::File;
use std::path::Path;

use clientele_engine::arrow::array::Array;
use clientele_model::BatchId;

use super::batches;
use super::error::ImportError;
use super::lake_rows::{LakeReader, longs, text_at, texts};
use super::mapping::EXPORT_COLUMNS;
use super::tables::QUARANTINE;
use crate::csv_file::CsvFile;
use crate::workspace::Workspace;

/// A rejected row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedRow {
    pub batch: BatchId,
    pub file: String,
    /// The data row in the file, from 1.
    pub row: u64,
    /// The id of the rule.
    pub rule: String,
    pub field: Option<String>,
    pub value: String,
    /// What is wrong and what to do, in the workspace's language at the time of the import.
    pub message: String,
    /// The row as a JSON object, column name → text.
    pub raw: String,
}

/// The first rejected rows of a batch, or of all batches, by batch and row. A batch that is not
/// there is an error.
pub async fn quarantine_list(
    workspace: &Workspace,
    batch: Option<&BatchId>,
    limit: usize,
) -> Result<Vec<QuarantinedRow>, ImportError> {
    let reader = LakeReader::new(workspace.lake().await?).await?;
    let mut found = Vec::new();
    let all = batches::list(&reader).await?;
    if let Some(batch) = batch
        && !all.iter().any(|info| info.batch == *batch && info.undone_at.is_none())
    {
        return Err(batches::no_such(batch, &all));
    }
    for info in all {
        if info.undone_at.is_some() || batch.is_some_and(|batch| info.batch != *batch) {
            continue;
        }
        if found.len() >= limit {
            break;
        }
        let order = format!("order by \"row\" limit {}", limit - found.len());
        found.extend(rows(&reader, &info.batch, &order).await?);
    }
    Ok(found)
}

async fn rows(reader: &LakeReader, batch: &BatchId, order: &str) -> Result<Vec<QuarantinedRow>, ImportError> {
    let files: Vec<_> = reader
        .files(QUARANTINE)
        .await?
        .into_iter()
        .filter(|file| file.partitions.get("batch").is_some_and(|value| value == batch.as_str()))
        .collect();
    let mut found = Vec::new();
    for rows in reader.collect(QUARANTINE, &files, "*", order).await? {
        let numbers = longs(&rows, "row")?;
        let names = ["file", "rule", "value", "message", "raw"];
        let columns = names.iter().map(|name| texts(&rows, name)).collect::<Result<Vec<_>, _>>()?;
        let fields = texts(&rows, "field")?;
        for row in 0..rows.num_rows() {
            let text = |column: usize| text_at(&columns[column], row).to_owned();
            found.push(QuarantinedRow {
                batch: batch.clone(),
                file: text(0),
                row: u64::try_from(numbers.value(row)).unwrap_or_default(),
                rule: text(1),
                field: fields.is_valid(row).then(|| fields.value(row).to_owned()),
                value: text(2),
                message: text(3),
                raw: text(4),
            });
        }
    }
    Ok(found)
}

/// Writes the rejected rows of a batch as CSV: the file's own columns, then row, rule and
/// message. A row with several wrong answers is there once. Corrected, the file can be imported as
/// it is. Gives the number of rows.
pub async fn quarantine_export(
    workspace: &Workspace,
    batch: &BatchId,
    to: &Path,
) -> Result<u64, ImportError> {
    let reader = LakeReader::new(workspace.lake().await?).await?;
    let all = batches::list(&reader).await?;
    let info = all
        .iter()
        .find(|info| info.batch == *batch && info.undone_at.is_none())
        .ok_or_else(|| batches::no_such(batch, &all))?;
    let rows = rows(&reader, batch, "order by \"row\"").await?;
    let failed = |cause| ImportError::File { file: to.to_owned(), cause };
    let mut out = CsvFile::new(File::create(to).map_err(failed)?, true).map_err(failed)?;
    let header = info.header.iter().map(String::as_str).chain(EXPORT_COLUMNS);
    write_line(&mut out, header).map_err(failed)?;
    let mut written = 0;
    for same in rows.chunk_by(|a, b| a.row == b.row) {
        let Some(row) = same.first() else { continue };
        let raw: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&row.raw)?;
        let broken = raw.get("").and_then(|value| value.as_str());
        let number = row.row.to_string();
        // A row that did not have the table's shape stands in the first column as a whole.
        let cells = info.header.iter().enumerate().map(|(at, name)| match broken {
            Some(line) => {
                if at == 0 {
                    line
                } else {
                    ""
                }
            }
            None => raw.get(name).and_then(|value| value.as_str()).unwrap_or_default(),
        });
        let told = |of: fn(&QuarantinedRow) -> &str| same.iter().map(of).collect::<Vec<_>>().join(" | ");
        let (rules, messages) = (told(|row| &row.rule), told(|row| &row.message));
        let about = [number.as_str(), rules.as_str(), messages.as_str()];
        write_line(&mut out, cells.chain(about)).map_err(failed)?;
        written += 1;
    }
    out.finish().map_err(failed)?;
    Ok(written)
}

fn write_line<'a>(out: &mut CsvFile<File>, mut cells: impl Iterator<Item = &'a str>) -> std::io::Result<()> {
    cells.try_for_each(|cell| out.untyped(cell))?;
    out.end_row()
}
