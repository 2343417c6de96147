//! What a group buys together.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::arrow::datatypes::{Field, Schema, SchemaRef};
use clientele_engine::{DataFile, EngineError, Session};
use clientele_predict::baskets::{Pair, Pairs};
use rustc_hash::FxHashMap;

use super::InsightError;
use super::group::Group;
use crate::results::PARTITIONS;
use crate::understand::RunView;
use crate::understand::demand::lines_seen;
use crate::understand::rows::{int, rows, text};

/// Pairs that are shown.
const MOST: usize = 15;
/// Pairs that are counted at a time; about 150 MB.
const MOST_HELD: usize = 2_000_000;
/// When so many lines have been read, no further bucket is begun: the figures are steady by then.
const ENOUGH_LINES: u64 = 3_000_000;

/// What pairs are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairsOf {
    Products,
    Categories,
}

/// Pairs that are in one order more often than by chance.
#[derive(Debug, Clone, PartialEq)]
pub struct BoughtTogether {
    pub of: PairsOf,
    /// Orders that were looked at.
    pub orders: u64,
    /// Whether these are a part of all, whole buckets of customers.
    pub sampled: bool,
    /// The most frequent first, with the names of both.
    pub pairs: Vec<(String, String, Pair)>,
}

/// Goes through the order lines bucket by bucket, in the order of buckets. None without order lines.
pub(super) async fn together(view: &RunView, group: &Group) -> Result<Option<BoughtTogether>, InsightError> {
    if !view.has("order_lines") {
        return Ok(None);
    }
    let mut buckets: BTreeMap<i64, Vec<DataFile>> = BTreeMap::new();
    for file in view.inputs.files("order_lines").await? {
        let bucket = file.partitions.get("bucket").and_then(|b| b.parse().ok());
        buckets.entry(bucket.unwrap_or_default()).or_default().push(file);
    }
    for of in [PairsOf::Products, PairsOf::Categories] {
        let mut counter = Counter::new(of);
        let mut done = 0;
        for (bucket, files) in &buckets {
            if counter.lines >= ENOUGH_LINES {
                break;
            }
            let session = of_bucket(view, *bucket, files).await?;
            counter.count(view, group, &session).await?;
            done += 1;
        }
        let pairs = counter.top(view.minimum_group());
        if !pairs.is_empty() || of == PairsOf::Categories {
            let (orders, sampled) = (counter.pairs.baskets(), done < buckets.len());
            return Ok((orders > 0).then_some(BoughtTogether { of, orders, sampled, pairs }));
        }
    }
    Ok(None)
}

/// A session that knows one bucket only.
async fn of_bucket(view: &RunView, bucket: i64, lines: &[DataFile]) -> Result<Session, EngineError> {
    let session = view.session.detached().await?;
    let name = bucket.to_string();
    for table in ["metrics", "labels"] {
        let Some(schema) = view.lake.schema(table).await? else { continue };
        let mut files = view.lake.files(table).await?;
        files.retain(|f| {
            let is = |key: &str, value: &str| f.partitions.get(key).is_some_and(|v| v == value);
            is("run", view.run.id.as_str()) && is("bucket", &name)
        });
        session.register_files(table, without(&schema, &PARTITIONS), &files, &[])?;
    }
    if let Some(schema) = view.inputs.schema("order_lines").await? {
        let mut lines = lines.to_vec();
        lines.sort_by(|a, b| a.path.cmp(&b.path));
        session.register_files("order_lines", without(&schema, &["bucket", "batch"]), &lines, &[])?;
    }
    Ok(session)
}

fn without(schema: &SchemaRef, columns: &[&str]) -> SchemaRef {
    let fields: Vec<Arc<Field>> =
        schema.fields().iter().filter(|f| !columns.contains(&f.name().as_str())).cloned().collect();
    Arc::new(Schema::new(fields))
}

/// Orders put together from their lines as they come.
struct Counter {
    of: PairsOf,
    pairs: Pairs,
    numbers: FxHashMap<String, u32>,
    names: Vec<String>,
    lines: u64,
}

impl Counter {
    fn new(of: PairsOf) -> Self {
        let (numbers, names) = (FxHashMap::default(), Vec::new());
        Counter { of, pairs: Pairs::new(MOST_HELD), numbers, names, lines: 0 }
    }

    async fn count(&mut self, view: &RunView, group: &Group, session: &Session) -> Result<(), InsightError> {
        let (item, name) = match self.of {
            PairsOf::Products => {
                ("COALESCE(x.product_id, x.product_name)", "COALESCE(x.product_name, x.product_id)")
            }
            PairsOf::Categories => ("x.category", "x.category"),
        };
        let sql = format!(
            "SELECT x.customer_key, x.source, x.order_id, {item} AS item, {name} AS name FROM order_lines x JOIN ({}) w \
             ON x.customer_key = w.customer_key WHERE w.here AND {} AND {item} IS NOT NULL \
             ORDER BY 1, 2, 3, 4, 5",
            group.members(),
            lines_seen(view, "x."),
        );
        let mut stream = session.sql(&sql).await?.stream().await?;
        let mut order = (0, String::new(), String::new());
        let mut basket: Vec<u32> = Vec::new();
        while let Some(batch) = stream.next().await? {
            for row in rows(std::slice::from_ref(&batch)) {
                self.lines += 1;
                let here = (int(&row[0]), text(&row[1]), text(&row[2]));
                if here != order {
                    self.pairs.add(order.0 as u32, &basket);
                    basket.clear();
                    order = here;
                }
                basket.push(self.number(text(&row[3]), text(&row[4])));
            }
        }
        self.pairs.add(order.0 as u32, &basket);
        Ok(())
    }

    /// The number of an item, which keeps the first name that it is met with.
    fn number(&mut self, item: String, name: String) -> u32 {
        let next = self.names.len() as u32;
        *self.numbers.entry(item).or_insert_with(|| {
            self.names.push(name);
            next
        })
    }

    fn top(&self, least: u64) -> Vec<(String, String, Pair)> {
        let name = |item: u32| self.names.get(item as usize).cloned().unwrap_or_default();
        self.pairs.top(MOST, least).into_iter().map(|pair| (name(pair.a), name(pair.b), pair)).collect()
    }
}
