//! Reading the tables of records back.

use clientele_engine::arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, Int64Array, RecordBatch, StringArray,
};
use clientele_engine::arrow::compute::cast;
use clientele_engine::arrow::datatypes::{DataType, Int32Type, Int64Type};
use clientele_engine::{BatchStream, DataFile, EngineSettings, FunctionSet, Lake, Session};

use super::error::ImportError;
use super::tables::{partition_type, partitions_of, schema_of};

/// Reads tables of a lake at one generation.
pub struct LakeReader {
    session: Session,
    lake: Lake,
}

impl LakeReader {
    /// A reader of a lake.
    pub async fn new(lake: Lake) -> Result<Self, ImportError> {
        // Local, whatever the workspace's engine: what is read here goes back into files here.
        let session = Session::open(&EngineSettings::default(), &FunctionSet::default()).await?;
        session.register_location(lake.location())?;
        Ok(LakeReader { session, lake })
    }

    /// The files of a table.
    pub async fn files(&self, table: &str) -> Result<Vec<DataFile>, ImportError> {
        Ok(self.lake.files(table).await?)
    }

    /// Streams rows of some files of a table; `None` when there are no files. `query` is what
    /// follows FROM's table, with the columns before: `("a, b", "where a > 1")`.
    pub async fn stream(
        &self,
        table: &str,
        files: &[DataFile],
        columns: &str,
        rest: &str,
    ) -> Result<Option<BatchStream>, ImportError> {
        if files.is_empty() {
            return Ok(None);
        }
        let partitions: Vec<(&str, DataType)> =
            partitions_of(table).iter().map(|column| (*column, partition_type(column))).collect();
        self.session.register_files(table, schema_of(table), files, &partitions)?;
        let sql = format!("select {columns} from {table} {rest}");
        Ok(Some(self.session.sql_partitioned(&sql, 1).await?.stream().await?))
    }

    /// All rows of a query; see [`Self::stream`].
    pub async fn collect(
        &self,
        table: &str,
        files: &[DataFile],
        columns: &str,
        rest: &str,
    ) -> Result<Vec<RecordBatch>, ImportError> {
        let mut batches = Vec::new();
        if let Some(mut stream) = self.stream(table, files, columns, rest).await? {
            while let Some(batch) = stream.next().await? {
                batches.push(batch);
            }
        }
        Ok(batches)
    }

    /// All rows of a query over a whole table.
    pub async fn all(&self, table: &str, columns: &str, rest: &str) -> Result<Vec<RecordBatch>, ImportError> {
        let files = self.files(table).await?;
        self.collect(table, &files, columns, rest).await
    }
}

fn column(batch: &RecordBatch, name: &str, kind: &DataType) -> Result<ArrayRef, ImportError> {
    let array = batch.column_by_name(name).ok_or_else(|| ImportError::Lake {
        table: "of a query",
        cause: format!("the column {name} is missing"),
    })?;
    Ok(cast(array, kind)?)
}

/// A column of texts.
pub fn texts(batch: &RecordBatch, name: &str) -> Result<StringArray, ImportError> {
    Ok(column(batch, name, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// A column of whole numbers.
pub fn ints(batch: &RecordBatch, name: &str) -> Result<Int32Array, ImportError> {
    Ok(column(batch, name, &DataType::Int32)?.as_primitive::<Int32Type>().clone())
}

/// A column of large whole numbers, or of times in microseconds.
pub fn longs(batch: &RecordBatch, name: &str) -> Result<Int64Array, ImportError> {
    Ok(column(batch, name, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
}

/// The text at a row; empty when there is none.
pub fn text_at(column: &StringArray, row: usize) -> &str {
    if column.is_null(row) { "" } else { column.value(row) }
}
