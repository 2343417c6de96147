//! Measuring bucket by bucket.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clientele_engine::arrow::array::{AsArray, RecordBatch};
use clientele_engine::arrow::datatypes::{Int64Type, Schema, SchemaRef};
use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, EngineError, Lake, Session, Transaction, with_views};
use clientele_model::progress::Progress;
use clientele_model::spec::MetricSource;
use clientele_model::{AsOf, MetricId, RunId};

use super::registry::MetricRegistry;
use super::sql::PresentFacts;
use super::{FactWindow, facts, prices, sql};
use crate::by_bucket::{BucketJob, BucketStage, Question, together};
use crate::quote::ident;

/// The files and columns of one kind of fact.
#[derive(Clone)]
pub(super) struct FactTable {
    pub schema: SchemaRef,
    pub files: Vec<DataFile>,
}

/// What there is to measure.
pub struct Plan {
    session: Session,
    pub(super) facts: BTreeMap<MetricSource, FactTable>,
    /// What columns of facts are read from beside them, by table; maybe without files.
    pub(super) beside: BTreeMap<&'static str, FactTable>,
    /// How many customer keys were given out.
    pub customers: i64,
    pub(super) bucket_customers: i64,
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
        let mut beside = BTreeMap::new();
        for (table, schema) in super::tables_beside() {
            let is_recorded = table != prices::TABLE && lake.schema(table).await?.is_some();
            let files = if is_recorded { lake.files(table).await? } else { Vec::new() };
            beside.insert(table, FactTable { schema, files });
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
            beside,
            customers,
            bucket_customers: i64::from(bucket_customers),
            threads: 1,
        })
    }

    /// The metrics that nobody has a value of, as there is no record anywhere of what they are about: they
    /// are not written.
    pub fn unsaid(&self, registry: &MetricRegistry) -> BTreeSet<MetricId> {
        sql::unsaid(registry, &self.facts.keys().copied().collect())
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
        let buckets = self.buckets();
        let unsaid = &self.unsaid(registry);
        let never = &self.never_brought(registry).await?;
        let jobs = buckets.chunks(together(buckets.len(), self.threads));
        let jobs = jobs.map(|some| self.job(registry, FactWindow::at(as_of), some, unsaid, never));
        stage.write(buckets.len(), jobs).await
    }

    fn buckets(&self) -> Vec<i64> {
        (0..(self.customers + self.bucket_customers - 1) / self.bucket_customers).collect()
    }

    /// Asks something of the figures without keeping them: `question` makes a SELECT out of the SQL
    /// of the figures of some buckets; all buckets' answers are returned.
    pub async fn ask(
        &self,
        registry: &MetricRegistry,
        looking: FactWindow,
        question: &(dyn Fn(&str) -> String + Sync),
    ) -> Result<Vec<RecordBatch>, EngineError> {
        let mut answers = Vec::new();
        let buckets = self.buckets();
        let never = self.never_brought(registry).await?;
        for some in buckets.chunks(together(buckets.len(), 1)) {
            let job = self.job(registry, looking, some, &BTreeSet::new(), &never).await?;
            for Question { sql, .. } in &job.questions {
                answers.extend(job.session.sql(&question(sql)).await?.collect().await?);
            }
        }
        Ok(answers)
    }

    /// The metrics that ask for something of which no record has anything. One record that has is enough, and files
    /// without any are passed over by their bounds.
    async fn never_brought(&self, registry: &MetricRegistry) -> Result<BTreeSet<MetricId>, EngineError> {
        let mut found: BTreeMap<(MetricSource, &str), bool> = BTreeMap::new();
        let mut never = BTreeSet::new();
        for metric in registry.iter().map(|m| &m.spec) {
            let (source, Some(name)) = (metric.source, facts::table(metric.source)) else { continue };
            let Some(table) = self.facts.get(&source).filter(|_| !metric.brought.is_empty()) else {
                continue;
            };
            for column in &metric.brought {
                let is_there = match found.get(&(source, column.as_str())) {
                    Some(is_there) => *is_there,
                    None => {
                        let session = self.session.detached()?;
                        session.register_files(name, Arc::clone(&table.schema), &table.files, &[])?;
                        let sql = format!("SELECT 1 FROM {name} WHERE {} > 0 LIMIT 1", ident(column));
                        let batches = session.sql(&sql).await?.collect().await?;
                        batches.iter().any(|batch| batch.num_rows() > 0)
                    }
                };
                found.insert((source, column.as_str()), is_there);
                if !is_there {
                    never.insert(metric.id.clone());
                }
            }
        }
        Ok(never)
    }

    pub(super) fn knows(&self, source: MetricSource) -> bool {
        self.facts.contains_key(&source)
    }

    /// A session that knows the facts of all buckets.
    pub async fn facts(&self) -> Result<Session, EngineError> {
        let session = self.session.detached()?;
        for (source, table) in &self.facts {
            if let Some(name) = facts::table(*source) {
                session.register_files(name, Arc::clone(&table.schema), &table.files, &[])?;
            }
        }
        for (name, table) in &self.beside {
            session.register_files(name, Arc::clone(&table.schema), &table.files, &[])?;
        }
        Ok(session)
    }

    /// The figures of buckets that follow each other, but for the metrics in `left_out`.
    async fn job(
        &self,
        registry: &MetricRegistry,
        looking: FactWindow,
        buckets: &[i64],
        left_out: &BTreeSet<MetricId>,
        never: &BTreeSet<MetricId>,
    ) -> Result<BucketJob, EngineError> {
        let session = self.session.detached()?;
        let mut known = PresentFacts {
            anywhere: self.facts.keys().copied().collect(),
            never: never.clone(),
            ..PresentFacts::default()
        };
        for (source, table) in &self.facts {
            let Some(name) = facts::table(*source) else { continue };
            let files: Vec<DataFile> = table.files.iter().filter(|f| may_hold(f, buckets)).cloned().collect();
            if files.is_empty() {
                continue;
            }
            session.register_files(name, with_views(&table.schema), &files, &[])?;
            known.here.insert(*source, facts::has_later(*source, &files, looking.before));
        }
        for (name, table) in &self.beside {
            let files: Vec<DataFile> = table.files.iter().filter(|f| may_hold(f, buckets)).cloned().collect();
            if files.is_empty() {
                continue;
            }
            session.register_files(name, with_views(&table.schema), &files, &[])?;
            known.beside.insert(name);
        }
        let (first, last) = (buckets.first().unwrap_or(&0), buckets.last().unwrap_or(&-1));
        let keys = first * self.bucket_customers..(last + 1) * self.bucket_customers;
        Ok(BucketJob {
            session,
            questions: vec![Question {
                sql: sql::bucket_query(registry, looking, &known, keys, left_out),
                finish: None,
            }],
            buckets: buckets.to_vec(),
            bucket_customers: self.bucket_customers,
        })
    }
}

/// Whether a file can have rows of some buckets: by its partition, when it has one.
fn may_hold(file: &DataFile, buckets: &[i64]) -> bool {
    let bucket = file.partitions.get("bucket");
    bucket.is_none_or(|bucket| bucket.parse().is_ok_and(|bucket| buckets.contains(&bucket)))
}
