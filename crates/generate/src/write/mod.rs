//! The tables of a synthetic shop as files.

mod csv;
mod digits;
mod full_rows;
mod other_facts;
mod parquet;
mod render;
mod rows;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::parquet::arrow::ArrowWriter;

pub use other_facts::other_facts;
pub use render::{Block, Renderer};

use super::error::at;
use super::facts::kinds;
use super::tables::{self, Table};
use super::{GenerateError, GenerateRequest};

/// A file format that synthetic data can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Parquet,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "csv" => Ok(Format::Csv),
            "parquet" => Ok(Format::Parquet),
            other => Err(format!("`{other}` is not a format here; use csv or parquet")),
        }
    }
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        }
    }
}

/// Rows that are ready for a file.
pub enum Rendered {
    Csv(Vec<u8>),
    Batch(RecordBatch),
}

/// The tables of orders, their lines and customers that a request asks for.
fn main_tables(request: &GenerateRequest) -> [&'static Table; 3] {
    if request.facts.profiles {
        [&tables::ORDERS, &tables::ORDER_LINES, &tables::CUSTOMERS]
    } else {
        [&rows::ORDERS, &rows::ORDER_LINES, &rows::CUSTOMERS]
    }
}

/// The files that a request makes.
pub fn targets(folder: &Path, request: &GenerateRequest) -> Vec<PathBuf> {
    let name = |table: &Table| folder.join(format!("{}.{}", table.name, request.format.extension()));
    let others = kinds().filter(|kind| (kind.count)(&request.facts) > 0).map(|kind| kind.table);
    main_tables(request)
        .into_iter()
        .filter(|table| request.lines || table.name != rows::ORDER_LINES.name)
        .chain(others)
        .map(name)
        .collect()
}

/// The files being written.
pub struct Tables {
    pub orders: TableFile,
    pub lines: Option<TableFile>,
    pub customers: TableFile,
    /// Those of other facts, and their rows.
    pub facts: Vec<(TableFile, u64)>,
}

impl Tables {
    /// Begins the files in a passing folder.
    pub fn create(passing: &Path, request: &GenerateRequest) -> Result<Self, GenerateError> {
        let [orders, lines, customers] = main_tables(request);
        let create = |table| TableFile::create(passing, table, request.format);
        let lines = request.lines.then(|| create(lines)).transpose()?;
        Ok(Tables { orders: create(orders)?, lines, customers: create(customers)?, facts: Vec::new() })
    }

    /// Appends orders and their lines.
    pub fn append(&mut self, block: Block) -> Result<(), GenerateError> {
        self.orders.append(block.orders)?;
        if let (Some(file), Some(lines)) = (&mut self.lines, block.order_lines) {
            file.append(lines)?;
        }
        Ok(())
    }

    /// Ends the files and moves them to where they belong; returns their bytes.
    pub fn finish(self, folder: &Path) -> Result<u64, GenerateError> {
        let mut ended = Vec::new();
        let facts = self.facts.into_iter().map(|(file, _)| file);
        for file in [Some(self.orders), self.lines, Some(self.customers)].into_iter().flatten().chain(facts) {
            ended.push(file.finish()?);
        }
        let mut bytes = 0;
        for path in ended {
            bytes += path.metadata().map_err(at(&path))?.len();
            let target = folder.join(path.file_name().unwrap_or_default());
            std::fs::rename(&path, &target).map_err(at(&target))?;
        }
        Ok(bytes)
    }
}

/// A file being written.
pub struct TableFile {
    path: PathBuf,
    writer: Writer,
}

enum Writer {
    Csv(BufWriter<File>),
    Parquet(Box<ArrowWriter<BufWriter<File>>>),
}

impl TableFile {
    /// Begins a table's file.
    pub fn create(folder: &Path, table: &Table, format: Format) -> Result<Self, GenerateError> {
        let path = folder.join(format!("{}.{}", table.name, format.extension()));
        let mut file = BufWriter::with_capacity(1 << 18, File::create_new(&path).map_err(at(&path))?);
        let writer = match format {
            Format::Csv => {
                file.write_all(csv::header(table).as_bytes()).map_err(at(&path))?;
                Writer::Csv(file)
            }
            Format::Parquet => Writer::Parquet(Box::new(parquet::writer(&path, file, table)?)),
        };
        Ok(TableFile { path, writer })
    }

    /// The table's name.
    pub fn name(&self) -> String {
        self.path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Appends rows.
    pub fn append(&mut self, rows: Rendered) -> Result<(), GenerateError> {
        match (&mut self.writer, rows) {
            (Writer::Csv(file), Rendered::Csv(bytes)) => file.write_all(&bytes).map_err(at(&self.path)),
            (Writer::Parquet(writer), Rendered::Batch(batch)) => {
                writer.write(&batch).map_err(|error| parquet::failed(&self.path, &error))
            }
            _ => Err(GenerateError::Stopped),
        }
    }

    fn finish(self) -> Result<PathBuf, GenerateError> {
        match self.writer {
            Writer::Csv(mut file) => file.flush().map_err(at(&self.path))?,
            Writer::Parquet(writer) => {
                let mut file = writer.into_inner().map_err(|error| parquet::failed(&self.path, &error))?;
                file.flush().map_err(at(&self.path))?;
            }
        }
        Ok(self.path)
    }
}
