//! Labelling bucket by bucket.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clientele_engine::arrow::array::{ArrayRef, RecordBatch, StringViewArray};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema};
use clientele_engine::arrow::error::ArrowError;
use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, EngineError, Lake, Session, Transaction, with_views};
use clientele_model::progress::Progress;
use clientele_model::spec::scheme::Rule;
use clientele_model::{AsOf, MetricId, RunId, SchemeId};

use super::compile::{Compiled, ident};
use super::labels::history::{self, Followers};
use super::labels::{self, Before, HeldTiers, OverriddenTier};
use super::registry::SchemeRegistry;
use crate::by_bucket::{BucketJob, BucketStage, Finish, Question, together};
use crate::measure::registry::MetricRegistry;
use crate::measure::sql::{schema as metric_schema, sql_type};
use crate::results;

/// How many schemes make a query.
const GROUP: usize = 6;

/// How many schemes that are the same for all are put beside at a time: only what an earlier run said of
/// them is read.
const GROUP_OF_SAME: usize = 24;

/// The columns that name a customer, the key first. Only the first query of a job has them all.
const NAMING: [&str; 3] = ["customer_key", "source", "customer_id"];

/// Makes the labels table, or widens it for schemes that it has no column for yet.
pub async fn prepare(
    transaction: &mut Transaction,
    lake: &Lake,
    schemes: &SchemeRegistry,
    overridden: &BTreeSet<SchemeId>,
) -> Result<(), EngineError> {
    let schema = results::partitioned(labels::schema(schemes.iter().map(|s| &s.spec), overridden));
    results::prepare(transaction, lake, "labels", schema).await
}

/// Everything that labelling a run's customers needs.
pub struct Stage<'a> {
    pub session: &'a Session,
    pub metrics: &'a MetricRegistry,
    pub schemes: &'a SchemeRegistry,
    pub compiled: &'a [Compiled],
    /// For each scheme that was applied before, the run that this one follows.
    pub previous: BTreeMap<SchemeId, RunId>,
    /// The metrics that nobody has a value of.
    pub unsaid: BTreeSet<MetricId>,
    /// The tiers that people set, as far as they hold on the day.
    pub held: &'a HeldTiers,
    /// How many customers a bucket has room for.
    pub bucket_customers: i64,
    pub as_of: AsOf,
    pub run: &'a RunId,
    /// How many buckets are labelled at a time.
    pub threads: usize,
}

impl Stage<'_> {
    /// Labels the customers of each metrics file; returns the written files in the same order.
    pub async fn label(
        &self,
        lake: &Lake,
        metrics: &[DataFile],
        stager: &Stager,
        progress: &Arc<dyn Progress>,
    ) -> Result<Vec<DataFile>, EngineError> {
        let before = self.previous_labels(lake).await?;
        let same = &self.same_for_all(metrics).await?;
        let stage = BucketStage {
            name: "classify",
            table: "labels",
            run: self.run,
            stager,
            threads: self.threads,
            progress,
        };
        let jobs = metrics.chunks(together(metrics.len(), self.threads));
        stage.write(metrics.len(), jobs.map(|files| self.job(lake, files, &before, same))).await
    }

    /// The files with the labels of each run that this one follows in some scheme.
    async fn previous_labels(&self, lake: &Lake) -> Result<BTreeMap<&str, Vec<DataFile>>, EngineError> {
        let runs: BTreeSet<&str> = self.previous.values().map(RunId::as_str).collect();
        let mut before = BTreeMap::new();
        for file in lake.files("labels").await? {
            let run = file.partitions.get("run").and_then(|run| runs.get(run.as_str()));
            if let Some(run) = run {
                before.entry(*run).or_insert_with(Vec::new).push(file);
            }
        }
        Ok(before)
    }

    /// The schemes that put everybody in the same tier, with the tier, where that follows from what nobody
    /// has a value of: as a rule `unknown`.
    async fn same_for_all(&self, metrics: &[DataFile]) -> Result<BTreeMap<SchemeId, String>, EngineError> {
        let session = self.session.detached()?;
        session.register_files("metrics", Arc::new(metric_schema(self.metrics)), metrics, &[])?;
        let is_free = |c: &&Compiled| {
            let read = self.schemes.get(c.scheme.as_str()).into_iter().flat_map(|s| &s.metrics);
            let is_alone = c.stay.is_none() && c.code.is_none() && !self.held.contains_key(&c.scheme);
            is_alone
                && !self.crossed().contains(&c.scheme)
                && read.into_iter().any(|m| self.unsaid.contains(m))
        };
        let free: Vec<Compiled> = self.compiled.iter().filter(is_free).cloned().collect();
        let mut same = BTreeMap::new();
        for group in free.chunks(GROUP) {
            let (previous, held) = (BTreeMap::new(), HeldTiers::new());
            let sql =
                labels::unordered(&NAMING[..1], group, &self.reads(group), &previous, &held, self.as_of);
            let constants = session.sql(&sql).await?.constants()?;
            let tiers = group.iter().zip(constants.into_iter().skip(1));
            same.extend(tiers.filter_map(|(scheme, tier)| Some((scheme.scheme.clone(), tier?))));
        }
        Ok(same)
    }

    async fn job(
        &self,
        lake: &Lake,
        metrics: &[DataFile],
        before: &BTreeMap<&str, Vec<DataFile>>,
        same: &BTreeMap<SchemeId, String>,
    ) -> Result<BucketJob, EngineError> {
        let session = self.session.detached()?;
        let bucket_of = |file: &DataFile| file.partitions.get("bucket").and_then(|b| b.parse().ok());
        let buckets: Vec<i64> = metrics.iter().filter_map(bucket_of).collect();
        session.register_files("metrics", Arc::new(metric_schema(self.metrics)), metrics, &[])?;
        let mut tables: BTreeMap<&str, Before> = BTreeMap::new();
        for (run, files) in before {
            let is_here = |file: &&DataFile| bucket_of(file).is_some_and(|bucket| buckets.contains(&bucket));
            let files: Vec<DataFile> = files.iter().filter(is_here).cloned().collect();
            if let Some(schema) = lake.schema("labels").await?.filter(|_| !files.is_empty()) {
                let table = format!("previous_{run}");
                let columns = schema.fields().iter().map(|f| f.name().clone()).collect();
                session.register_files(&table, with_views(&schema), &files, &[])?;
                tables.insert(*run, Before { table, columns });
            }
        }
        let previous = self
            .previous
            .iter()
            .filter_map(|(scheme, run)| Some((scheme.clone(), tables.get(run.as_str())?.clone())));
        let held = self.held_in(&buckets);
        let previous: BTreeMap<SchemeId, Before> = previous.collect();
        let questions = self.groups(same).into_iter().enumerate().map(|(place, group)| {
            let naming = if place == 0 { &NAMING[..] } else { &NAMING[..1] };
            let reads = self.reads(&group.asked);
            let sql = labels::unordered(naming, &group.asked, &reads, &previous, &held, self.as_of);
            let asked = group.asked.iter().map(|c| &c.scheme);
            let followers = followers(asked.chain(group.same.keys()), &previous);
            let (same, as_of) = (group.same, self.as_of);
            let finish = Finish {
                queries: followers.iter().filter_map(Followers::query).collect(),
                with: Box::new(move |labels, earlier| {
                    history::add(&with_same(&labels, &same)?, &followers, &earlier, as_of)
                }),
            };
            Question { sql, finish: Some(finish) }
        });
        Ok(BucketJob {
            questions: questions.collect(),
            session,
            buckets,
            bucket_customers: self.bucket_customers,
        })
    }

    /// The schemes in groups, each of which makes a query: planning takes much longer for a wide query
    /// than for several narrow ones. Schemes that cross others are in one group with them, and those that
    /// need the labels of before come together. Of those that are the same for all there is nothing to ask.
    fn groups(&self, same: &BTreeMap<SchemeId, String>) -> Vec<Group> {
        let crossed = self.crossed();
        let asked = self.compiled.iter().filter(|c| !same.contains_key(&c.scheme));
        let (tied, mut free): (Vec<&Compiled>, Vec<&Compiled>) =
            asked.partition(|c| crossed.contains(&c.scheme));
        free.sort_by_key(|c| c.stay.is_none());
        let own = |group: &[&Compiled]| Group {
            asked: group.iter().map(|c| (*c).clone()).collect(),
            same: BTreeMap::new(),
        };
        let tied = (!tied.is_empty()).then(|| own(&tied));
        let asked = tied.into_iter().chain(free.chunks(GROUP).map(own));
        let same: Vec<(SchemeId, String)> = same.clone().into_iter().collect();
        let same = same
            .chunks(GROUP_OF_SAME)
            .map(|chunk| Group { asked: Vec::new(), same: chunk.iter().cloned().collect() });
        let groups: Vec<Group> = asked.chain(same).collect();
        // Who the customers are is asked all the same.
        if groups.is_empty() { vec![Group::default()] } else { groups }
    }

    /// The schemes that cross others, and those that they cross.
    fn crossed(&self) -> BTreeSet<&SchemeId> {
        let mut crossed = BTreeSet::new();
        for scheme in self.schemes.iter() {
            if let Rule::Matrix { rows, columns, .. } = &scheme.spec.rule {
                crossed.extend([&scheme.spec.id, rows, columns]);
            }
        }
        crossed
    }

    /// The figures that a group of schemes reads, as a table. Of what nobody has a value of, the planner is
    /// told so: schemes that need it come down to a constant.
    fn reads(&self, group: &[Compiled]) -> String {
        let schemes = group.iter().filter_map(|c| self.schemes.get(c.scheme.as_str()));
        let read: BTreeSet<&MetricId> = schemes.flat_map(|scheme| &scheme.metrics).collect();
        let column = |metric: &&MetricId| {
            let name = ident(metric.as_str());
            match self.metrics.get(metric).filter(|_| self.unsaid.contains(*metric)) {
                Some(metric) => format!("CAST(NULL AS {}) AS {name}", sql_type(metric.spec.unit)),
                None => name,
            }
        };
        // Customers of equal figures are told apart by their ids.
        let columns: Vec<String> =
            NAMING.into_iter().map(str::to_owned).chain(read.iter().map(column)).collect();
        format!("(SELECT {} FROM metrics)", columns.join(", "))
    }

    /// What people set for the customers of these buckets.
    fn held_in(&self, buckets: &[i64]) -> HeldTiers {
        let mine =
            |held: &&OverriddenTier| buckets.contains(&(held.customer_key / self.bucket_customers.max(1)));
        let of = |list: &Vec<OverriddenTier>| list.iter().filter(mine).cloned().collect();
        self.held.iter().map(|(scheme, list)| (scheme.clone(), of(list))).collect()
    }
}

/// Schemes that are labelled together.
#[derive(Default)]
struct Group {
    /// Those that have to be asked about.
    asked: Vec<Compiled>,
    /// Those that are the same for all, with the tier.
    same: BTreeMap<SchemeId, String>,
}

/// Schemes by the run that they follow.
fn followers<'a>(
    schemes: impl Iterator<Item = &'a SchemeId>,
    previous: &BTreeMap<SchemeId, Before>,
) -> Vec<Followers> {
    let mut by_table: BTreeMap<Option<&str>, Followers> = BTreeMap::new();
    for scheme in schemes {
        let before = previous.get(scheme);
        let followers = by_table
            .entry(before.map(|before| before.table.as_str()))
            .or_insert_with(|| Followers { schemes: Vec::new(), before: before.cloned() });
        followers.schemes.push(scheme.clone());
    }
    by_table.into_values().collect()
}

/// Puts the tiers that everybody is in beside the labels.
fn with_same(labels: &RecordBatch, same: &BTreeMap<SchemeId, String>) -> Result<RecordBatch, ArrowError> {
    let mut fields: Vec<_> = labels.schema().fields().iter().cloned().collect();
    let mut columns = labels.columns().to_vec();
    let mut made: BTreeMap<&str, ArrayRef> = BTreeMap::new();
    for (scheme, tier) in same {
        let column = made.entry(tier).or_insert_with(|| {
            Arc::new(StringViewArray::from_iter_values(std::iter::repeat_n(tier, labels.num_rows())))
        });
        fields.push(Arc::new(Field::new(scheme.column(), DataType::Utf8View, true)));
        columns.push(Arc::clone(column));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}
