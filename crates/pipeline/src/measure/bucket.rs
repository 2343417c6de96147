//! Measuring bucket by bucket.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clientele_engine::arrow::array::AsArray;
use clientele_engine::arrow::datatypes::{Int64Type, Schema, SchemaRef};
use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, EngineError, Lake, Session, Transaction};
use clientele_model::spec::MetricSource;
use clientele_model::{AsOf, RunId};
use futures::{StreamExt, TryStreamExt, stream};

use super::registry::MetricRegistry;
use super::sql;
use crate::progress::{Progress, ProgressUnit};

const SOURCES: [MetricSource; 3] = [MetricSource::Orders, MetricSource::OrderLines, MetricSource::Customers];

/// The files and columns of one kind of fact.
#[derive(Clone)]
struct FactTable {
    schema: SchemaRef,
    files: Vec<DataFile>,
}

/// What there is to measure.
pub struct Plan {
    session: Session,
    facts: BTreeMap<MetricSource, FactTable>,
    /// How many customer keys were given out.
    pub customers: i64,
    bucket_customers: i64,
    /// How many buckets are computed at a time.
    pub threads: usize,
}

/// Makes the metrics table, or widens it for metrics that it has no column for yet.
pub async fn prepare(
    transaction: &mut Transaction,
    lake: &Lake,
    registry: &MetricRegistry,
) -> Result<(), EngineError> {
    let schema = with_partitions(sql::schema(registry));
    crate::results::prepare(transaction, lake, "metrics", schema).await
}

/// Adds the partition columns that the tables of results share.
pub fn with_partitions(schema: Schema) -> Schema {
    crate::results::partitioned(schema)
}

impl Plan {
    /// Looks at which facts there are.
    pub async fn new(session: &Session, lake: &Lake, bucket_customers: i32) -> Result<Plan, EngineError> {
        let mut facts = BTreeMap::new();
        for source in SOURCES {
            let Some(table) = sql::table(source) else { continue };
            let (Some(schema), files) = (lake.schema(table).await?, lake.files(table).await?) else {
                continue;
            };
            if !files.is_empty() {
                facts.insert(source, FactTable { schema, files });
            }
        }
        let mut customers = 0;
        if let Some(schema) = lake.schema("customer_keys").await? {
            let files = lake.files("customer_keys").await?;
            session.register_files("customer_keys", schema, &files, &[])?;
            let sql = "SELECT CAST(max(customer_key) AS BIGINT) FROM customer_keys";
            let batches = session.sql(sql).await?.collect().await?;
            let greatest = batches.first().filter(|b| b.num_rows() > 0 && b.column(0).is_valid(0));
            customers = greatest.map_or(0, |b| b.column(0).as_primitive::<Int64Type>().value(0) + 1);
        }
        Ok(Plan {
            session: session.clone(),
            facts,
            customers,
            bucket_customers: i64::from(bucket_customers),
            threads: 1,
        })
    }

    /// Measures every bucket; returns the written files in the buckets' order.
    pub async fn measure(
        &self,
        registry: &MetricRegistry,
        as_of: AsOf,
        run: &RunId,
        stager: &Stager,
        progress: &Arc<dyn Progress>,
    ) -> Result<Vec<DataFile>, EngineError> {
        let buckets = (self.customers + self.bucket_customers - 1) / self.bucket_customers;
        let done = Arc::new(AtomicU64::new(0));
        let jobs = (0..buckets).map(|bucket| {
            let job = self.bucket(registry, as_of, bucket);
            let (stager, run) = (stager.clone(), run.clone());
            let (progress, done) = (Arc::clone(progress), Arc::clone(&done));
            async move {
                let job = job.await?;
                // On a task of its own, so that buckets really run side by side.
                let file = tokio::spawn(async move { job.write(&stager, &run).await });
                let file = file
                    .await
                    .map_err(|e| EngineError::Query { sql: "measure".into(), cause: e.to_string() })??;
                let done = 1 + done.fetch_add(1, Ordering::Relaxed);
                progress.at("measure", done, buckets as u64, ProgressUnit::Steps);
                Ok::<_, EngineError>(file)
            }
        });
        let files = stream::iter(jobs).buffered(self.threads).try_collect().await?;
        progress.finished("measure");
        Ok(files)
    }

    /// A session that knows the facts of all buckets.
    pub async fn facts(&self) -> Result<Session, EngineError> {
        let session = self.session.detached().await?;
        for (source, table) in &self.facts {
            if let Some(name) = sql::table(*source) {
                session.register_files(name, Arc::clone(&table.schema), &table.files, &[])?;
            }
        }
        Ok(session)
    }

    async fn bucket(
        &self,
        registry: &MetricRegistry,
        as_of: AsOf,
        bucket: i64,
    ) -> Result<BucketJob, EngineError> {
        let session = self.session.detached().await?;
        let mut present = BTreeSet::new();
        for (source, table) in &self.facts {
            let Some(name) = sql::table(*source) else { continue };
            let files: Vec<DataFile> = table.files.iter().filter(|f| may_hold(f, bucket)).cloned().collect();
            if files.is_empty() {
                continue;
            }
            session.register_files(name, Arc::clone(&table.schema), &files, &[])?;
            present.insert(*source);
        }
        let keys = bucket * self.bucket_customers..(bucket + 1) * self.bucket_customers;
        Ok(BucketJob { session, sql: sql::bucket_query(registry, as_of, &present, keys), bucket })
    }
}

/// Whether a file can have rows of a bucket: by its partition, when it has one.
fn may_hold(file: &DataFile, bucket: i64) -> bool {
    file.partitions.get("bucket").is_none_or(|b| *b == bucket.to_string())
}

struct BucketJob {
    session: Session,
    sql: String,
    bucket: i64,
}

impl BucketJob {
    async fn write(self, stager: &Stager, run: &RunId) -> Result<DataFile, EngineError> {
        let bucket = self.bucket.to_string();
        let partitions = [("run", run.as_str()), ("bucket", bucket.as_str())];
        let mut writer = stager.writer("metrics", &partitions)?;
        let mut stream = self.session.sql_partitioned(&self.sql, 1).await?.stream().await?;
        while let Some(batch) = stream.next().await? {
            writer.write(&batch)?;
        }
        writer.finish()
    }
}
