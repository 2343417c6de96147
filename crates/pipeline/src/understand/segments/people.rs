//! All customers of a run with the columns that rules read, as one table for SQL.
//!
//! Metrics and labels lie in different files, and joining a million rows takes longer than comparing them.
//! So a column that a rule reads is fetched once, put in the order of the customers, and kept in memory:
//! the next rule that reads it costs a few milliseconds. Bases too large for that, and clusters, whose
//! executors cannot see this memory, get a join of the files instead; the rule's SQL is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clientele_engine::arrow::array::{Array, ArrayRef, AsArray, Int32Array, RecordBatch, UInt32Array};
use clientele_engine::arrow::compute::{cast, concat_batches, take};
use clientele_engine::arrow::datatypes::{DataType, Field, Int32Type, Schema};
use clientele_engine::arrow::error::ArrowError;
use clientele_engine::{EngineError, EngineUrl, Session};
use tokio::sync::Mutex;

use super::SegmentError;
use super::columns::{Ground, SegmentColumn, Source};
use super::compile::Compiled;
use crate::quote::ident;

/// The name of the table.
pub const PEOPLE: &str = "people";

/// Customers up to which columns are kept in memory.
const MOST_IN_MEMORY: u64 = 8_000_000;
/// Bytes of columns that are kept; beyond it, all are fetched anew.
const MOST_BYTES: usize = 2 << 30;
/// Rows a piece.
const PIECE: usize = 1 << 16;

/// All customers of a run. What was fetched of them is shared by all rules that look at them side by side.
#[derive(Default)]
pub struct People {
    /// Whether files are read for each rule although memory would do.
    pub from_files: bool,
    fetched: Mutex<Fetched>,
}

/// The columns that were fetched so far.
#[derive(Default)]
struct Fetched {
    order: Option<Arc<Order>>,
    columns: BTreeMap<SegmentColumn, ArrayRef>,
}

/// The order of the customers.
struct Order {
    keys: Int32Array,
    source: ArrayRef,
    customer_id: ArrayRef,
    /// The place of each customer key, from the least on.
    places: Vec<u32>,
    least: i32,
}

impl People {
    /// A session that knows the table of the customers with the columns of a rule and, if `with_ids`, source
    /// and customer id; and what to read there: [`PEOPLE`], or the query that yields it. `session` knows the
    /// view's tables.
    pub async fn table(
        &self,
        ground: &Ground<'_>,
        session: &Session,
        rule: &Compiled,
        with_ids: bool,
    ) -> Result<(Session, String), SegmentError> {
        let session = session.detached()?;
        let is_large = ground.view.run.customers > MOST_IN_MEMORY;
        if self.from_files || is_large || *session.engine() != EngineUrl::Local {
            return Ok((session, joined(ground, &rule.columns)));
        }
        let (order, read) = self.fetch(ground, &session, &rule.columns).await?;
        let mut columns: Vec<(String, ArrayRef)> =
            vec![("customer_key".into(), Arc::new(order.keys.clone()))];
        if with_ids {
            columns.push(("source".into(), Arc::clone(&order.source)));
            columns.push(("customer_id".into(), Arc::clone(&order.customer_id)));
        }
        columns.extend(read);
        let fields: Vec<Field> =
            columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let all = RecordBatch::try_new(Arc::clone(&schema), columns.into_iter().map(|c| c.1).collect());
        let all = all.map_err(|error| failed(&error))?;
        let pieces = (0..all.num_rows()).step_by(PIECE);
        let pieces = pieces.map(|at| all.slice(at, PIECE.min(all.num_rows() - at))).collect();
        session.register_batches(PEOPLE, schema, pieces)?;
        Ok((session, PEOPLE.to_owned()))
    }

    /// The wanted columns. Those that are not there yet are fetched, those of one table together.
    async fn fetch(
        &self,
        ground: &Ground<'_>,
        session: &Session,
        wanted: &BTreeSet<SegmentColumn>,
    ) -> Result<(Arc<Order>, Vec<(String, ArrayRef)>), SegmentError> {
        let mut guard = self.fetched.lock().await;
        let fetched = &mut *guard;
        let order = match &fetched.order {
            Some(order) => Arc::clone(order),
            None => {
                let order = Arc::new(Order::of(session).await?);
                Arc::clone(fetched.order.insert(order))
            }
        };
        let held = fetched.columns.values().map(|column| column.get_array_memory_size()).sum::<usize>();
        if held > MOST_BYTES {
            fetched.columns.clear();
        }
        let mut missing: BTreeMap<String, Vec<(&SegmentColumn, String)>> = BTreeMap::new();
        for column in wanted.iter().filter(|c| !fetched.columns.contains_key(c)) {
            if let Some(Source { from, value }) = column.source(ground) {
                missing.entry(from).or_default().push((column, value));
            }
        }
        for (from, columns) in missing {
            let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
            let found = collect(session, &values, &from).await?;
            let places = order.places_of(&found)?;
            for (place, (column, _)) in columns.into_iter().enumerate() {
                let array = take(found.column(place + 1), &places, None).map_err(|error| failed(&error))?;
                fetched.columns.insert(column.clone(), array);
            }
        }
        let read = wanted.iter().filter_map(|c| Some((c.name(), Arc::clone(fetched.columns.get(c)?))));
        Ok((order, read.collect()))
    }
}

/// A table's customer keys and some expressions over it, in one batch.
async fn collect(session: &Session, values: &[&str], from: &str) -> Result<RecordBatch, SegmentError> {
    let list: Vec<String> = values.iter().enumerate().map(|(i, v)| format!(", {v} AS v{i}")).collect();
    let frame = session.sql(&format!("SELECT customer_key{} FROM {from} t", list.concat())).await?;
    let batches = frame.collect().await?;
    let schema = batches.first().map_or_else(|| frame.schema(), RecordBatch::schema);
    concat_batches(&schema, &batches).map_err(|error| failed(&error))
}

impl Order {
    async fn of(session: &Session) -> Result<Order, SegmentError> {
        let found = collect(session, &["source", "customer_id"], "metrics").await?;
        let keys = keys_of(&found)?;
        let (least, greatest) = keys
            .values()
            .iter()
            .fold((i32::MAX, i32::MIN), |(least, greatest), key| (least.min(*key), greatest.max(*key)));
        let span = if keys.is_empty() { 0 } else { (i64::from(greatest) - i64::from(least)) as usize + 1 };
        let mut places = vec![u32::MAX; span];
        for (place, key) in keys.values().iter().enumerate() {
            places[(i64::from(*key) - i64::from(least)) as usize] = place as u32;
        }
        let (source, customer_id) = (Arc::clone(found.column(1)), Arc::clone(found.column(2)));
        Ok(Order { keys, source, customer_id, places, least })
    }

    /// For each customer, the row of the batch that is theirs.
    fn places_of(&self, found: &RecordBatch) -> Result<UInt32Array, SegmentError> {
        let mut rows: Vec<Option<u32>> = vec![None; self.keys.len()];
        for (row, key) in keys_of(found)?.values().iter().enumerate() {
            let place = usize::try_from(i64::from(*key) - i64::from(self.least)).ok();
            let place = place.and_then(|place| self.places.get(place)).filter(|place| **place != u32::MAX);
            if let Some(slot) = place.and_then(|place| rows.get_mut(*place as usize)) {
                *slot = Some(row as u32);
            }
        }
        Ok(UInt32Array::from(rows))
    }
}

fn keys_of(found: &RecordBatch) -> Result<Int32Array, SegmentError> {
    let keys = cast(found.column(0), &DataType::Int32).map_err(|error| failed(&error))?;
    Ok(keys.as_primitive::<Int32Type>().clone())
}

/// The query that joins the columns from the files, in parentheses and named.
pub fn joined(ground: &Ground<'_>, columns: &BTreeSet<SegmentColumn>) -> String {
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for column in columns {
        if let Some(Source { from, value }) = column.source(ground) {
            tables.entry(from).or_default().push((ident(&column.name()), value));
        }
    }
    let (mut list, mut joins) = (String::new(), String::new());
    for (place, (from, columns)) in tables.iter().enumerate() {
        let table = format!("t{place}");
        let mut values = String::new();
        for (name, value) in columns {
            values += &format!(", {value} AS {name}");
            list += &format!(", {table}.{name}");
        }
        joins += &format!(
            " LEFT JOIN (SELECT customer_key{values} FROM {from} f) {table} \
             ON m.customer_key = {table}.customer_key"
        );
    }
    format!("(SELECT m.customer_key, m.source, m.customer_id{list} FROM metrics m{joins}) {PEOPLE}")
}

fn failed(error: &ArrowError) -> SegmentError {
    EngineError::Query { cause: error.to_string(), sql: PEOPLE.to_owned() }.into()
}
