//! The base in memory, one number a customer and metric: just what the cut points need.

use std::collections::BTreeMap;

use clientele_engine::arrow::array::{Array, AsArray, RecordBatch};
use clientele_engine::{EngineError, Session};
use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::Rule;
use clientele_model::{MetricId, SchemeId};
use futures::future::{try_join, try_join_all};

use super::cluster;
use super::compile::{Units, cut_requests, ident};
use super::cuts::{Cut, CutRequest, Entry, SchemeCuts, cut};
use super::ordered::{self, Scale};
use super::sketch;

/// Computes everything that these schemes need to know of the base in `table`. `before` gives the numbers
/// of a scheme's earlier run, by which clusters keep their numbers. A base that is not to be held in memory
/// is not cut exactly but from a sketch of it.
pub async fn cut_all<'a>(
    session: &Session,
    table: &str,
    schemes: impl Iterator<Item = &'a Scheme>,
    units: &dyn Units,
    before: &(dyn Fn(&SchemeId) -> Option<&'a SchemeCuts> + Sync),
    is_exact: bool,
) -> Result<BTreeMap<SchemeId, SchemeCuts>, EngineError> {
    let (mut places, mut requests, mut clusters) = (Vec::new(), Vec::new(), Vec::new());
    for scheme in schemes {
        for request in cut_requests(scheme) {
            places.push((scheme.id.clone(), request.key.clone()));
            requests.push(request);
        }
        if let Rule::Cluster(clustering) = &scheme.rule {
            let (among, earlier) = (scheme.population.as_deref(), before(&scheme.id));
            clusters.push(async move {
                let found = cluster::find(session, table, clustering, among, earlier).await?;
                Ok::<_, EngineError>((scheme.id.clone(), found))
            });
        }
    }
    // Clusters are mostly sought on one thread; the cuts need not wait for them.
    let cuts = async {
        match is_exact {
            true => cuts(session, table, &requests, units).await,
            false => sketch::cuts(session, table, &requests, units).await,
        }
    };
    let (clusters, answers) = try_join(try_join_all(clusters), cuts).await?;
    let mut all: BTreeMap<SchemeId, SchemeCuts> = clusters.into_iter().collect();
    for ((scheme, key), answer) in places.into_iter().zip(answers) {
        all.entry(scheme).or_default().insert(key, answer);
    }
    Ok(all)
}

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

    // Requests over the same values share them; each group of them is a piece of work.
    let mut groups: BTreeMap<(&MetricId, Option<&str>), Vec<usize>> = BTreeMap::new();
    for (i, request) in requests.iter().enumerate() {
        groups.entry((&request.metric, request.population.as_deref())).or_default().push(i);
    }
    let work: Vec<Work> = groups
        .into_iter()
        .map(|((metric, population), requests)| Work {
            metric: metrics.iter().position(|m| *m == metric).unwrap_or_default(),
            members: population.and_then(|p| populations.iter().position(|q| *q == p)),
            scale: Scale::of(units.unit(metric)),
            requests,
        })
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(work.len());
    let mut answers = vec![Vec::new(); requests.len()];
    let (base, work) = (&base, &work);
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || base.answer(work.iter().skip(first).step_by(threads), requests)))
            .collect();
        for part in parts {
            match part.join() {
                Ok(part) => part.into_iter().for_each(|(i, answer)| answers[i] = answer),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    Ok(answers)
}

/// Requests that cut the same values.
struct Work {
    metric: usize,
    members: Option<usize>,
    scale: Scale,
    /// Places in the list of requests.
    requests: Vec<usize>,
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

    /// The cuts of each request in `work`, with its place.
    fn answer<'a>(
        &self,
        work: impl Iterator<Item = &'a Work>,
        requests: &[CutRequest],
    ) -> Vec<(usize, Vec<Cut>)> {
        let mut answers = Vec::new();
        for work in work {
            let entries = self.entries(work.metric, work.members);
            for &i in &work.requests {
                let id = |row: u32| self.ids.get(row);
                answers.push((i, cut(&requests[i].method, work.scale, entries.clone(), &id)));
            }
        }
        answers
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
