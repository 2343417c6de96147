//! Measuring bucket by bucket.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::arrow::array::{AsArray, RecordBatch};
use clientele_engine::arrow::datatypes::{Int64Type, Schema, SchemaRef};
use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, EngineError, Lake, Session, Transaction};
use clientele_model::spec::MetricSource;
use clientele_model::{AsOf, RunId};

use super::registry::MetricRegistry;
use super::sql::Known;
use super::{Looking, facts, graph, sql};
use crate::by_bucket::{BucketJob, BucketStage};
use crate::progress::Progress;

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
        for source in MetricSource::FACTS.into_iter().filter(|source| *source != MetricSource::Graph) {
            let Some(table) = facts::table(source) else { continue };
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
        let stage =
            BucketStage { name: "measure", table: "metrics", run, stager, threads: self.threads, progress };
        let buckets = (self.customers + self.bucket_customers - 1) / self.bucket_customers;
        let buckets = usize::try_from(buckets).unwrap_or_default();
        stage.write((0..buckets).map(|bucket| self.bucket(registry, Looking::at(as_of), bucket as i64))).await
    }

    /// Works out everybody's place in the graph of relations, when a metric asks for it: what
    /// [`Self::measure`] then reads as [`MetricSource::Graph`]. Writes files of the table
    /// [`graph::TABLE`], made if need be, and returns them for the transaction to add.
    pub async fn connect(
        &mut self,
        registry: &MetricRegistry,
        as_of: AsOf,
        run: &RunId,
        transaction: &mut Transaction,
    ) -> Result<Vec<DataFile>, EngineError> {
        let is_wanted = registry.iter().any(|m| m.spec.source == MetricSource::Graph);
        if !is_wanted || !self.facts.contains_key(&MetricSource::Relations) {
            return Ok(Vec::new());
        }
        let places = graph::places(&self.facts().await?, self.knows(MetricSource::Orders), as_of).await?;
        if places.is_empty() {
            return Ok(Vec::new());
        }
        if !transaction.has_table(graph::TABLE) {
            let schema = with_partitions(graph::schema());
            transaction.create_table(graph::TABLE, Arc::new(schema), &crate::results::PARTITIONS)?;
        }
        let files = graph::write(&places, self.bucket_customers, run, &transaction.stager())?;
        let table = FactTable { schema: Arc::new(graph::schema()), files: files.clone() };
        self.facts.insert(MetricSource::Graph, table);
        Ok(files)
    }

    /// Takes everybody's place in the graph of relations as a run had worked it out, instead of
    /// working it out.
    pub async fn graph_of(&mut self, lake: &Lake, run: &RunId) -> Result<(), EngineError> {
        let mut files = match lake.schema(graph::TABLE).await? {
            Some(_) => lake.files(graph::TABLE).await?,
            None => return Ok(()),
        };
        files.retain(|file| file.partitions.get("run").is_some_and(|r| r == run.as_str()));
        if !files.is_empty() {
            self.facts.insert(MetricSource::Graph, FactTable { schema: Arc::new(graph::schema()), files });
        }
        Ok(())
    }

    /// Asks something of the figures without keeping them: `question` makes a SELECT out of the SQL
    /// of the figures of one bucket; all buckets' answers are returned.
    pub async fn ask(
        &self,
        registry: &MetricRegistry,
        looking: Looking,
        question: &(dyn Fn(&str) -> String + Sync),
    ) -> Result<Vec<RecordBatch>, EngineError> {
        let mut answers = Vec::new();
        let buckets = (self.customers + self.bucket_customers - 1) / self.bucket_customers;
        for bucket in 0..buckets {
            let job = self.bucket(registry, looking, bucket).await?;
            for sql in &job.queries {
                answers.extend(job.session.sql(&question(sql)).await?.collect().await?);
            }
        }
        Ok(answers)
    }

    fn knows(&self, source: MetricSource) -> bool {
        self.facts.contains_key(&source)
    }

    /// A session that knows the facts of all buckets.
    pub async fn facts(&self) -> Result<Session, EngineError> {
        let session = self.session.detached().await?;
        for (source, table) in &self.facts {
            if let Some(name) = facts::table(*source) {
                session.register_files(name, Arc::clone(&table.schema), &table.files, &[])?;
            }
        }
        Ok(session)
    }

    async fn bucket(
        &self,
        registry: &MetricRegistry,
        looking: Looking,
        bucket: i64,
    ) -> Result<BucketJob, EngineError> {
        let session = self.session.detached().await?;
        let mut known = Known { anywhere: self.facts.keys().copied().collect(), ..Known::default() };
        for (source, table) in &self.facts {
            let Some(name) = facts::table(*source) else { continue };
            let files: Vec<DataFile> = table.files.iter().filter(|f| may_hold(f, bucket)).cloned().collect();
            if files.is_empty() {
                continue;
            }
            session.register_files(name, Arc::clone(&table.schema), &files, &[])?;
            known.here.insert(*source);
        }
        let keys = bucket * self.bucket_customers..(bucket + 1) * self.bucket_customers;
        Ok(BucketJob {
            session,
            queries: vec![sql::bucket_query(registry, looking, &known, keys)],
            bucket: bucket.to_string(),
        })
    }
}

/// Whether a file can have rows of a bucket: by its partition, when it has one.
fn may_hold(file: &DataFile, bucket: i64) -> bool {
    file.partitions.get("bucket").is_none_or(|b| *b == bucket.to_string())
}
