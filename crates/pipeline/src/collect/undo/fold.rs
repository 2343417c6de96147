//! Histories of records without one batch.

use std::collections::{BTreeMap, HashMap};

use clientele_engine::Transaction;
use clientele_engine::arrow::array::{RecordBatch, UInt32Array};
use clientele_engine::arrow::compute::take_record_batch;
use clientele_model::BatchId;

use super::super::batches::number;
use super::super::error::ImportError;
use super::super::hash::Hashes;
use super::super::history::{
    Ids, Kind, Says, add_rows, as_given, contents, fold_lines, joined, retell_stages, seeds, with_texts,
    without,
};
use super::super::lake_rows::{LakeReader, ints, text_at, texts};
use super::super::rows::content::{LINE, with_lines};
use super::super::tables::{CONFIRMATIONS, OPPORTUNITIES, OPPORTUNITY_STAGES};
use super::keys::FirstSeen;
use super::outcome::{Outcome, Versions, lines_of_versions};
use super::write::write;
use super::{drop_files, split, tables};

/// What became of records.
#[derive(Debug, Default)]
pub struct Done {
    pub kept: u64,
    pub restored: u64,
}

/// A batch held a record: which, and the row of what it said.
struct Entry {
    batch: BatchId,
    version: usize,
}

/// Takes a batch out of all records of a kind.
pub async fn take_out(
    transaction: &mut Transaction,
    reader: &LakeReader,
    kind: &Kind,
    batch: &BatchId,
    says: &Says,
    imported: &BTreeMap<String, i64>,
    first_seen: &mut FirstSeen,
) -> Result<Done, ImportError> {
    let entangled = entangled(reader, kind, batch).await?;
    if entangled.is_empty() {
        if kind.live == OPPORTUNITIES {
            drop_files(transaction, reader, OPPORTUNITY_STAGES, batch).await?;
        }
        for (live, _) in tables(kind) {
            drop_files(transaction, reader, live, batch).await?;
        }
        return Ok(Done::default());
    }
    let is_out = |hash: u128| entangled.contains(&hash);
    // Rows of entangled records are collected from everywhere; all other rows of the batch go
    // with its files.
    let mut gathered: Vec<Vec<RecordBatch>> = Vec::new();
    for (live, superseded) in tables(kind) {
        let (own, others) = split(reader.files(live).await?, batch);
        let mut rows = pick(reader, live, &own, kind.ids, &is_out).await?;
        transaction.remove(live, own)?;
        rows.extend(without(transaction, reader, live, &others, kind.ids, &is_out).await?.rows);
        if let Some(table) = kind.own {
            let (own, others) = split(reader.files(table).await?, batch);
            let mut given = pick(reader, table, &own, kind.ids, &is_out).await?;
            transaction.remove(table, own)?;
            given.extend(without(transaction, reader, table, &others, kind.ids, &is_out).await?.rows);
            rows = as_given(&rows, given, kind.ids)?;
        }
        let mut rows = rows
            .iter()
            .map(|r| with_texts(r, "superseded_by", vec![""; r.num_rows()]))
            .collect::<Result<Vec<_>, _>>()?;
        let old = reader.files(superseded).await?;
        rows.extend(without(transaction, reader, superseded, &old, kind.ids, &is_out).await?.rows);
        gathered.push(rows);
    }
    let lines = gathered.get(1).map_or(Ok(None), |rows| joined(rows))?;
    let rows = joined(&gathered[0])?.map(|rows| says.own(&rows)).transpose()?;
    let versions = versions(kind, rows, lines.as_ref(), says)?;
    let confirmations = confirmations(transaction, reader, kind, &is_out).await?;
    let outcome = without_batch(&versions, &confirmations, batch, says);
    let live = || outcome.live.iter().map(|(version, home)| (*version, home));
    // Lines come back from under a file of orders too, but only where lines went.
    let of_lines = says.is_lines(batch.as_str());
    let under = || outcome.under.iter().filter(|_| of_lines).map(|(version, home, _)| (*version, home));
    let went_on =
        |(v, home): &(usize, &String)| versions.batches[*v] == batch.as_str() && *home != batch.as_str();
    let done = Done {
        kept: live().chain(under()).filter(went_on).count() as u64,
        restored: live()
            .chain(under())
            .filter(|(v, home)| was_superseded_by(&versions, *v, home, batch))
            .count() as u64,
    };
    write(transaction, kind, &versions, lines.as_ref(), &outcome, says, first_seen)?;
    if kind.live == OPPORTUNITIES {
        let live = outcome.live.iter().map(|(version, home)| (*version, home.as_str(), ""));
        let old = outcome.superseded.iter().map(|(version, home, by)| (*version, home.as_str(), by.as_str()));
        let told: Vec<_> = live.chain(old).collect();
        retell_stages(transaction, reader, batch, versions.rows.as_ref(), &told, imported).await?;
    }
    Ok(done)
}

fn was_superseded_by(versions: &Versions, version: usize, home: &str, batch: &BatchId) -> bool {
    let by = versions.rows.as_ref().and_then(|rows| texts(rows, "superseded_by").ok());
    home == versions.batches[version] && by.is_some_and(|by| text_at(&by, version) == batch.as_str())
}

/// Records with more than one entry in their history, one of them the batch's.
async fn entangled(reader: &LakeReader, kind: &Kind, batch: &BatchId) -> Result<Hashes, ImportError> {
    let mut found = Hashes::default();
    let rest = format!("where batch = '{batch}' or superseded_by = '{batch}'");
    for rows in reader.all(kind.superseded, &kind.ids.columns(), &rest).await? {
        found.extend(kind.ids.hashes(&rows)?);
    }
    let rest = format!("where kind = '{}' and (batch = '{batch}' or confirms = '{batch}')", kind.name);
    for rows in reader.all(CONFIRMATIONS, "source, id", &rest).await? {
        let (sources, ids) = (texts(&rows, "source")?, texts(&rows, "id")?);
        let confirmed = |row| kind.ids.confirmed(text_at(&sources, row), text_at(&ids, row));
        found.extend((0..rows.num_rows()).map(confirmed));
    }
    Ok(found)
}

/// The rows of some records in files that are about to go.
async fn pick(
    reader: &LakeReader,
    table: &'static str,
    files: &[clientele_engine::DataFile],
    ids: Ids,
    is_out: &(dyn Fn(u128) -> bool + Sync),
) -> Result<Vec<RecordBatch>, ImportError> {
    let mut found = Vec::new();
    let Some(mut stream) = reader.stream(table, files, "*", "").await? else { return Ok(found) };
    while let Some(rows) = stream.next().await? {
        let hashes = ids.hashes(&rows)?;
        let wanted: Vec<u32> =
            (0..rows.num_rows() as u32).filter(|row| is_out(hashes[*row as usize])).collect();
        if !wanted.is_empty() {
            found.push(take_record_batch(&rows, &UInt32Array::from(wanted))?);
        }
    }
    Ok(found)
}

fn versions(
    kind: &Kind,
    rows: Option<RecordBatch>,
    lines: Option<&RecordBatch>,
    says: &Says,
) -> Result<Versions, ImportError> {
    let Some(rows) = rows else {
        return Ok(Versions { rows: None, hashes: vec![], batches: vec![], contents: vec![] });
    };
    let hashes = kind.ids.hashes(&rows)?;
    let owners = texts(&rows, "batch")?;
    let batches: Vec<String> = (0..rows.num_rows()).map(|row| text_at(&owners, row).to_owned()).collect();
    let mut own = contents(&rows, &kind.content, seeds(&rows, kind, says)?)?;
    if let Some(lines) = lines {
        let by_version = lines_of_versions(lines)?;
        let found = contents(lines, LINE, vec![0; lines.num_rows()])?;
        let numbers = ints(lines, "line_no")?;
        for (version, content) in own.iter_mut().enumerate() {
            if let Some(places) = by_version.get(&(hashes[version], batches[version].clone())) {
                let mut parts: Vec<(i32, u64)> =
                    places.iter().map(|&at| (numbers.value(at as usize), found[at as usize])).collect();
                *content = with_lines(*content, fold_lines(&mut parts));
            }
        }
    }
    Ok(Versions { rows: Some(rows), hashes, batches, contents: own })
}

/// Takes the confirmations of the records out of their table: hash, batch, holder.
async fn confirmations(
    transaction: &mut Transaction,
    reader: &LakeReader,
    kind: &Kind,
    is_out: &(dyn Fn(u128) -> bool + Sync),
) -> Result<Vec<(u128, String, String)>, ImportError> {
    let mut found = Vec::new();
    let mut rest = Vec::new();
    for file in reader.files(CONFIRMATIONS).await? {
        let rows = reader.collect(CONFIRMATIONS, std::slice::from_ref(&file), "*", "").await?;
        let mut touched = false;
        let mut kept = Vec::new();
        for rows in &rows {
            let (kinds, sources, ids) = (texts(rows, "kind")?, texts(rows, "source")?, texts(rows, "id")?);
            let (batches, holders) = (texts(rows, "batch")?, texts(rows, "confirms")?);
            let mut stays = Vec::new();
            for row in 0..rows.num_rows() {
                let hash = kind.ids.confirmed(text_at(&sources, row), text_at(&ids, row));
                if text_at(&kinds, row) == kind.name && is_out(hash) {
                    found.push((hash, text_at(&batches, row).to_owned(), text_at(&holders, row).to_owned()));
                    touched = true;
                } else {
                    stays.push(row as u32);
                }
            }
            if !stays.is_empty() {
                kept.push(take_record_batch(rows, &UInt32Array::from(stays))?);
            }
        }
        if touched {
            transaction.remove(CONFIRMATIONS, vec![file])?;
            rest.extend(kept);
        }
    }
    add_rows(transaction, CONFIRMATIONS, &rest)?;
    Ok(found)
}

/// Tells each history again without the batch.
fn without_batch(
    versions: &Versions,
    confirmations: &[(u128, String, String)],
    batch: &BatchId,
    says: &Says,
) -> Outcome {
    // An order has a history of files of orders and one of files of lines.
    let mut histories: BTreeMap<(u128, bool), Vec<Entry>> = BTreeMap::new();
    let mut place: HashMap<(u128, &str), usize> = HashMap::new();
    for (version, hash) in versions.hashes.iter().enumerate() {
        let owner = versions.batches[version].as_str();
        place.insert((*hash, owner), version);
        let history = histories.entry((*hash, says.is_lines(owner))).or_default();
        history.push(Entry { batch: BatchId::new(owner), version });
    }
    for (hash, by, holder) in confirmations {
        if let Some(&version) = place.get(&(*hash, holder.as_str())) {
            let history = histories.entry((*hash, says.is_lines(by))).or_default();
            history.push(Entry { batch: BatchId::new(by), version });
        }
    }
    let mut out = Outcome::default();
    // Of each order, that of files of orders comes first.
    let mut upper: Option<(u128, usize, String)> = None;
    for ((hash, _), mut history) in histories {
        history.retain(|entry| entry.batch != *batch);
        history.sort_by_key(|entry| number(&entry.batch));
        let mut current: Option<Entry> = None;
        let mut told = Vec::new();
        for entry in history {
            current = Some(match current {
                None => {
                    told.push(entry.version);
                    entry
                }
                Some(held) if versions.contents[held.version] == versions.contents[entry.version] => {
                    out.confirmed.push((held.version, entry.batch.to_string(), held.batch.to_string()));
                    held
                }
                Some(held) => {
                    out.superseded.push((held.version, held.batch.to_string(), entry.batch.to_string()));
                    told.push(entry.version);
                    entry
                }
            });
        }
        if let Some(held) = current {
            if told.len() > 1 {
                out.told.insert(held.version, told);
            }
            match &upper {
                Some((of, over, home)) if *of == hash => {
                    out.fills.insert(*over, held.version);
                    out.under.push((held.version, held.batch.to_string(), home.clone()));
                }
                _ => {
                    upper = Some((hash, held.version, held.batch.to_string()));
                    out.live.push((held.version, held.batch.to_string()));
                }
            }
        }
    }
    out
}
