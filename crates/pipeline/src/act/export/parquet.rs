//! Parquet.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::arrow::datatypes::SchemaRef;
use clientele_engine::parquet::arrow::ArrowWriter;
use clientele_engine::parquet::basic::{Compression, ZstdLevel};
use clientele_engine::parquet::errors::ParquetError;
use clientele_engine::parquet::file::properties::WriterProperties;

use super::error::at;
use super::{ExportError, Target};

const ROWS_A_GROUP: usize = 256 * 1024;

/// A Parquet file being written.
pub struct Parquet {
    path: PathBuf,
    writer: ArrowWriter<BufWriter<File>>,
}

impl Parquet {
    pub fn start(file: File, path: &Path, schema: &SchemaRef) -> Result<Self, ExportError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
            .set_max_row_group_row_count(Some(ROWS_A_GROUP))
            .build();
        let file = BufWriter::with_capacity(1 << 18, file);
        let writer = ArrowWriter::try_new(file, Arc::clone(schema), Some(properties));
        Ok(Parquet { path: path.to_path_buf(), writer: writer.map_err(|error| failed(path, &error))? })
    }
}

impl Target for Parquet {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ExportError> {
        self.writer.write(batch).map_err(|error| failed(&self.path, &error))
    }

    fn finish(self: Box<Self>) -> Result<File, ExportError> {
        let file = self.writer.into_inner().map_err(|error| failed(&self.path, &error))?;
        file.into_inner().map_err(|error| at(&self.path)(error.into_error()))
    }
}

fn failed(path: &Path, error: &ParquetError) -> ExportError {
    ExportError::Format { file: path.to_path_buf(), cause: error.to_string() }
}
