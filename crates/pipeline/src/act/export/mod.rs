//! A run's metrics or labels, or the customers of a segment, as a file for other programs.
//!
//! Rows are in the order of customer ids and columns in that of their names, so the same run gives
//! the same bytes, whatever engine read it. The file appears under its name only when it is complete.

mod csv;
mod error;
mod parquet;
mod xlsx;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::arrow::compute::{BatchCoalescer, cast};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use clientele_model::progress::{Progress, ProgressUnit};

pub use error::ExportError;

use crate::classify::compile::ident;
use crate::classify::labels::{Companion, companion};
use crate::understand::RunView;
use crate::understand::segments::members;
use error::at;

/// What the progress is told under.
pub const STAGE: &str = "export";

/// Rows are handed on in pieces of this size, however the engine cuts them: the pages of a Parquet
/// file depend on it.
const PIECE: usize = 8192;

/// What is exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A row a customer, a column a metric.
    Metrics,
    /// A row a customer; per scheme the tier, the code, since when, and the tier before.
    Labels,
    /// A row a customer of a segment, with how to reach them and since when they are in it.
    Segment(String),
}

impl What {
    /// The name of a workbook's sheet.
    fn sheet(&self) -> &str {
        match self {
            What::Metrics => "metrics",
            What::Labels => "labels",
            What::Segment(_) => "segment",
        }
    }
}

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            What::Metrics => f.write_str("metrics"),
            What::Labels => f.write_str("labels"),
            What::Segment(id) => write!(f, "segment:{id}"),
        }
    }
}

impl FromStr for What {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "metrics" => Ok(What::Metrics),
            "labels" => Ok(What::Labels),
            other => match other.strip_prefix("segment:").map(str::trim) {
                Some(id) if !id.is_empty() => Ok(What::Segment(id.to_owned())),
                _ => Err(format!("`{other}` cannot be exported; use metrics, labels or segment:NAME")),
            },
        }
    }
}

/// The format of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// UTF-8; with a byte order mark, Excel reads it as such.
    Csv {
        byte_order_mark: bool,
    },
    Parquet,
    Xlsx,
}

impl ExportFormat {
    /// The format that a file's name asks for.
    ///
    /// # Errors
    /// Another ending than `.csv`, `.parquet` or `.xlsx`.
    pub fn of(file: &Path, byte_order_mark: bool) -> Result<Self, ExportError> {
        let ending = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Ok(ExportFormat::Csv { byte_order_mark }),
            "parquet" => Ok(ExportFormat::Parquet),
            "xlsx" => Ok(ExportFormat::Xlsx),
            _ => Err(ExportError::UnknownFormat(file.to_path_buf())),
        }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    pub file: PathBuf,
    pub rows: u64,
    pub columns: usize,
    pub bytes: u64,
}

/// Takes the rows of an export.
trait Target {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ExportError>;
    /// Writes the end and gives the file back.
    fn finish(self: Box<Self>) -> Result<File, ExportError>;
}

/// Writes a run's metrics or labels, or a segment, to `file`; one that is there is replaced.
///
/// # Errors
/// Nothing is left behind and a file that was there stays as it was.
pub async fn export(
    view: &RunView,
    what: What,
    file: &Path,
    format: ExportFormat,
    progress: &Arc<dyn Progress>,
) -> Result<Exported, ExportError> {
    if format == ExportFormat::Xlsx && xlsx::MOST_ROWS < view.run.customers {
        return Err(ExportError::TooManyRows { rows: view.run.customers, most: xlsx::MOST_ROWS });
    }
    let (sql, columns) = query(view, &what).await?;
    let mut stream = view.session.sql(&sql).await?.stream().await?;
    let schema = plain(&stream.schema());

    let folder = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let passing = passing_file(folder).map_err(at(file))?;
    let open = passing.reopen().map_err(at(file))?;
    let mut target: Box<dyn Target + Send> = match format {
        ExportFormat::Csv { byte_order_mark } => {
            Box::new(csv::Csv::start(open, file, &schema, byte_order_mark)?)
        }
        ExportFormat::Parquet => Box::new(parquet::Parquet::start(open, file, &schema)?),
        ExportFormat::Xlsx => Box::new(xlsx::Xlsx::start(open, file, &schema, what.sheet())?),
    };
    let mut pieces = BatchCoalescer::new(Arc::clone(&schema), PIECE);
    let mut rows = 0;
    while let Some(batch) = stream.next().await? {
        rows += batch.num_rows() as u64;
        pieces.push_batch(fit(&batch, &schema)?)?;
        while let Some(piece) = pieces.next_completed_batch() {
            target.write(&piece)?;
        }
        progress.at(STAGE, rows, view.run.customers, ProgressUnit::Rows);
    }
    pieces.finish_buffered_batch()?;
    while let Some(piece) = pieces.next_completed_batch() {
        target.write(&piece)?;
    }
    let written = target.finish()?;
    written.sync_all().map_err(at(file))?;
    let bytes = written.metadata().map_err(at(file))?.len();
    passing.persist(file).map_err(|error| at(file)(error.error))?;
    progress.finished(STAGE);
    Ok(Exported { file: file.to_path_buf(), rows, columns, bytes })
}

/// The query that yields the rows, and how many columns it has.
async fn query(view: &RunView, what: &What) -> Result<(String, usize), ExportError> {
    if let What::Segment(id) = what {
        return segment(view, id).await;
    }
    let columns = columns(view, what).await?;
    let list: Vec<String> = columns.iter().map(|name| ident(name)).collect();
    let (list, table) = (list.join(", "), what.sheet());
    Ok((format!("SELECT {list} FROM {table} ORDER BY customer_id, source"), columns.len()))
}

/// The members of a segment as of its last evaluation.
async fn segment(view: &RunView, id: &str) -> Result<(String, usize), ExportError> {
    let found = members::find(view, id).await.map_err(Box::new)?;
    let Some(members) = found.members else {
        let columns = ["customer_id", "source", "name", "email", "phone", "since"];
        let is_shown = |name: &&str| view.shown("customers", name).is_some();
        let columns: Vec<&str> = columns.into_iter().filter(is_shown).collect();
        let list: Vec<String> =
            columns.iter().map(|name| format!("CAST(NULL AS VARCHAR) AS {name}")).collect();
        let list = list.join(", ");
        return Ok((format!("SELECT * FROM (SELECT {list}) WHERE false"), columns.len()));
    };
    let has_profiles = view.has("customers").await?;
    let profile = ["name", "email", "phone"].into_iter().filter_map(|field| {
        let shown = view.shown("customers", field)?;
        Some(match has_profiles {
            true => format!(", c.{shown} AS {field}"),
            false => format!(", CAST(NULL AS VARCHAR) AS {field}"),
        })
    });
    let profile: Vec<String> = profile.collect();
    let join = match has_profiles {
        true => " LEFT JOIN customers c ON s.source = c.source AND s.customer_id = c.customer_id",
        false => "",
    };
    let sql = format!(
        "SELECT s.customer_id, s.source{}, s.since FROM {members} s{join} ORDER BY s.customer_id, s.source",
        profile.concat(),
    );
    Ok((sql, 3 + profile.len()))
}

/// The run's columns, by name; a table has those of other runs too.
async fn columns(view: &RunView, what: &What) -> Result<Vec<String>, ExportError> {
    let mut columns = vec!["customer_id".to_owned(), "source".to_owned()];
    match what {
        What::Segment(_) => {}
        What::Metrics => columns.extend(view.run.metrics.keys().cloned()),
        What::Labels => {
            let there = |name: &String| view.has_label(name);
            for scheme in view.run.schemes.keys() {
                let id = clientele_model::SchemeId::new(scheme);
                let companions = [Companion::Code, Companion::Since, Companion::Previous];
                let beside = companions.map(|what| companion(&id, what));
                columns.extend([id.column()].into_iter().chain(beside).filter(there));
            }
        }
    }
    Ok(columns)
}

/// The schema with text in its usual layout.
fn plain(schema: &SchemaRef) -> SchemaRef {
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|field| match field.data_type() {
            DataType::Utf8View | DataType::LargeUtf8 | DataType::Dictionary(..) => {
                Field::new(field.name(), DataType::Utf8, true)
            }
            other => Field::new(field.name(), other.clone(), true),
        })
        .collect();
    Arc::new(Schema::new(fields))
}

fn fit(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ExportError> {
    let columns = batch
        .columns()
        .iter()
        .zip(schema.fields())
        .map(|(column, field)| cast(column, field.data_type()))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// A file beside the target, gone when dropped. It gets the permissions of any new file.
fn passing_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".clientele-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
