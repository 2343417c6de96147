//! A table for SQL made of named files.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{DataFusionError, Result, ScalarValue, Statistics, project_schema};
use datafusion::datasource::TableType;
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use object_store::path::Path;
use url::{Position, Url};

use crate::lake::DataFile;

/// Files whose names, sizes, row counts and partition values are known beforehand, so nothing
/// is listed and no file is opened while planning. DataFusion's own listing table takes
/// partition values from paths below one folder only; here they come from the table's log.
///
/// The plan it makes is the built-in Parquet scan, which any executor can run.
#[derive(Debug, Clone)]
pub(crate) struct FilesTable {
    schema: SchemaRef,
    partition_columns: Vec<String>,
    files: Vec<DataFile>,
}

impl FilesTable {
    /// `schema` has all columns; the partition columns must be the last ones in it.
    pub fn new(schema: SchemaRef, partition_columns: Vec<String>, files: Vec<DataFile>) -> Self {
        let (mut inside, mut last): (Vec<FieldRef>, Vec<FieldRef>) =
            schema.fields().iter().cloned().partition(|field| !partition_columns.contains(field.name()));
        let place = |field: &FieldRef| partition_columns.iter().position(|name| name == field.name());
        last.sort_by_key(place);
        inside.append(&mut last);
        Self { schema: Arc::new(Schema::new(inside)), partition_columns, files }
    }

    #[cfg(feature = "cluster")]
    pub fn partition_columns(&self) -> &[String] {
        &self.partition_columns
    }

    #[cfg(feature = "cluster")]
    pub fn files(&self) -> &[DataFile] {
        &self.files
    }

    fn inner_columns(&self) -> usize {
        self.schema.fields().len() - self.partition_columns.len()
    }

    fn table_schema(&self) -> TableSchema {
        let (inside, last) = self.schema.fields().split_at(self.inner_columns());
        TableSchema::builder(Arc::new(Schema::new(inside.to_vec())))
            .with_table_partition_cols(last.to_vec())
            .build()
    }

    fn partitioned(&self, file: &DataFile) -> Result<PartitionedFile> {
        let path = Path::from_url_path(file.url.path())
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        let mut part = PartitionedFile::new("", file.size);
        part.object_meta.location = path;
        let last = self.schema.fields().iter().skip(self.inner_columns());
        part.partition_values = last
            .map(|field| scalar(file.partitions.get(field.name()), field.data_type()))
            .collect::<Result<_>>()?;
        Ok(part)
    }

    fn known_rows(&self) -> Precision<usize> {
        let rows: Option<u64> = self.files.iter().map(|file| file.rows).sum();
        rows.and_then(|rows| usize::try_from(rows).ok()).map_or(Precision::Absent, Precision::Exact)
    }
}

fn scalar(text: Option<&String>, data_type: &DataType) -> Result<ScalarValue> {
    match text {
        Some(text) => ScalarValue::try_from_string(text.clone(), data_type),
        None => ScalarValue::try_from(data_type),
    }
}

/// The store of a file: scheme and bucket.
fn store_url(url: &Url) -> Result<ObjectStoreUrl> {
    match url.scheme() {
        "file" => Ok(ObjectStoreUrl::local_filesystem()),
        _ => ObjectStoreUrl::parse(&url[..Position::BeforePath]),
    }
}

#[async_trait]
impl TableProvider for FilesTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn statistics(&self) -> Option<Statistics> {
        Some(Statistics::new_unknown(&self.schema).with_num_rows(self.known_rows()))
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(first) = self.files.first() else {
            return Ok(Arc::new(EmptyExec::new(project_schema(&self.schema, projection)?)));
        };
        let files = self.files.iter().map(|file| self.partitioned(file)).collect::<Result<Vec<_>>>()?;
        let groups = FileGroup::new(files).split_files(state.config().target_partitions());
        let options = state.default_table_options().parquet;
        let source = ParquetSource::new(self.table_schema());
        let statistics = Statistics::new_unknown(&self.schema).with_num_rows(self.known_rows());
        let config = FileScanConfigBuilder::new(store_url(&first.url)?, Arc::new(source))
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        ParquetFormat::new().with_options(options).create_physical_plan(state, config).await
    }
}
