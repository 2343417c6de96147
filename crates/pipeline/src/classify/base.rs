//! The base in memory, one number a customer and metric: just what the cut points need.

use std::collections::BTreeMap;

use clientele_engine::arrow::array::{Array, AsArray, RecordBatch};
use clientele_engine::{EngineError, Session};
use clientele_model::MetricId;

use super::compile::{Units, ident};
use super::cuts::{Cut, CutRequest, Entry, cut};
use super::ordered::{self, Scale};

/// Computes the cuts of all requests in one scan of `table`; answers are in the requests' order.
pub async fn cuts(
    session: &Session,
    table: &str,
    requests: &[CutRequest],
    units: &dyn Units,
) -> Result<Vec<Vec<Cut>>, EngineError> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let mut metrics: Vec<&MetricId> = requests.iter().map(|r| &r.metric).collect();
    metrics.sort();
    metrics.dedup();
    let mut populations: Vec<&str> = requests.iter().filter_map(|r| r.population.as_deref()).collect();
    populations.sort_unstable();
    populations.dedup();
    let base = Base::read(session, table, &metrics, &populations).await?;

    let mut known: BTreeMap<(&MetricId, Option<&str>), Vec<Entry>> = BTreeMap::new();
    let mut answers = Vec::new();
    for request in requests {
        let population = request.population.as_deref();
        let key = (&request.metric, population);
        let entries = known.entry(key).or_insert_with(|| {
            let metric = metrics.iter().position(|m| **m == request.metric).unwrap_or_default();
            let members = population.and_then(|p| populations.iter().position(|q| *q == p));
            base.entries(metric, members)
        });
        let scale = Scale::of(units.unit(&request.metric));
        answers.push(cut(&request.method, scale, entries.clone(), &|row| base.ids.get(row)));
    }
    Ok(answers)
}

struct Base {
    ids: Ids,
    /// Per metric, per row.
    values: Vec<Vec<Option<i64>>>,
    /// Per population, per row.
    members: Vec<Vec<bool>>,
}

impl Base {
    async fn read(
        session: &Session,
        table: &str,
        metrics: &[&MetricId],
        populations: &[&str],
    ) -> Result<Base, EngineError> {
        let columns = metrics.iter().map(|m| ident(m.as_str()));
        let conditions = populations.iter().map(|p| format!("COALESCE(({p}), false)"));
        let list: Vec<String> = columns.chain(conditions).collect();
        let sql = format!("SELECT customer_id, {} FROM {table}", list.join(", "));
        let mut base = Base {
            ids: Ids::default(),
            values: vec![Vec::new(); metrics.len()],
            members: vec![Vec::new(); populations.len()],
        };
        let mut stream = session.sql(&sql).await?.stream().await?;
        while let Some(batch) = stream.next().await? {
            base.append(&batch, metrics.len());
        }
        Ok(base)
    }

    fn append(&mut self, batch: &RecordBatch, metrics: usize) {
        self.ids.append(batch);
        for (values, column) in self.values.iter_mut().zip(&batch.columns()[1..=metrics]) {
            ordered::append(column, values);
        }
        for (members, column) in self.members.iter_mut().zip(&batch.columns()[1 + metrics..]) {
            let column = column.as_boolean();
            members.extend((0..column.len()).map(|row| column.value(row)));
        }
    }

    fn entries(&self, metric: usize, population: Option<usize>) -> Vec<Entry> {
        self.values[metric]
            .iter()
            .enumerate()
            .filter(|(row, _)| population.is_none_or(|p| self.members[p][*row]))
            .filter_map(|(row, value)| Some(((*value)?, row as u32)))
            .collect()
    }
}

/// Customer ids, end to end.
#[derive(Default)]
struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    fn append(&mut self, batch: &RecordBatch) {
        let column = batch.column(0);
        let mut push = |id: Option<&str>| {
            self.text.push_str(id.unwrap_or_default());
            self.ends.push(self.text.len());
        };
        if let Some(ids) = column.as_string_view_opt() {
            ids.iter().for_each(&mut push);
        } else if let Some(ids) = column.as_string_opt::<i32>() {
            ids.iter().for_each(&mut push);
        } else {
            (0..column.len()).for_each(|_| push(None));
        }
    }

    fn get(&self, row: u32) -> &str {
        let row = row as usize;
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}
