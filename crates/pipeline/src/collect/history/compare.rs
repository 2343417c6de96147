//! What the lake holds of a file's records.

use std::collections::HashMap;

use clientele_engine::DataFile;
use clientele_engine::arrow::array::RecordBatch;

use super::super::batches::BatchInfo;
use super::super::error::ImportError;
use super::super::keys::CustomerKeys;
use super::super::known::{Known, StoredVersion};
use super::super::lake_rows::{LakeReader, ints, text_at, texts};
use super::super::map::{MapContext, Tally};
use super::super::rows::content::{LINE, with_lines};
use super::super::sink::IdSet;
use super::super::tables::CUSTOMER_KEYS;
use super::super::values::time::to_datetime;
use super::{Kind, Says, contents, fold_lines, record_hashes};
use crate::results::LABELS;
use clientele_model::spec::source::Grain;

/// The kind of record that a file brings.
pub fn kind_of(cx: &MapContext) -> Kind {
    Kind::of(cx.layout.grain)
}

/// The keys of the source's customers.
pub async fn customer_keys(reader: &LakeReader, cx: &MapContext) -> Result<CustomerKeys, ImportError> {
    let mut keys = CustomerKeys::default();
    let mut next = 0;
    let files = reader.files(CUSTOMER_KEYS).await?;
    let columns = "customer_key, source, customer_id";
    if let Some(mut stream) = reader.stream(CUSTOMER_KEYS, &files, columns, "").await? {
        while let Some(batch) = stream.next().await? {
            let numbers = ints(&batch, "customer_key")?;
            let (sources, ids) = (texts(&batch, "source")?, texts(&batch, "customer_id")?);
            for row in 0..batch.num_rows() {
                let key = numbers.value(row);
                next = next.max(key.saturating_add(1));
                if text_at(&sources, row) == cx.layout.family {
                    let id = text_at(&ids, row);
                    keys.insert_existing(cx.id_hash(id), id, key);
                }
            }
        }
    }
    // What runs say of a customer whom an undo took away is never to be taken for somebody else's.
    for file in reader.files(LABELS).await? {
        let greatest = file.max("customer_key").and_then(|key| i32::try_from(key.as_i64()?).ok());
        next = next.max(greatest.map_or(0, |key| key.saturating_add(1)));
    }
    keys.start_at(next);
    Ok(keys)
}

/// Whether the lake holds records of the file's kind and source, from earlier batches.
pub fn holds_records(earlier: &[BatchInfo], cx: &MapContext) -> bool {
    let kind = kind_of(cx);
    earlier
        .iter()
        .any(|info| info.undone_at.is_none() && info.source == cx.layout.family && kind.is_of(&info.grain))
}

/// Finds the records of the file that the lake holds, with their fingerprints. `tally` is that of
/// the file's rows.
pub async fn compare(
    reader: &LakeReader,
    earlier: &[BatchInfo],
    cx: &MapContext,
    ids: &IdSet,
    tally: &Tally,
    known: &mut Known,
) -> Result<(), ImportError> {
    let kind = kind_of(cx);
    let says = Says::of(earlier);
    let of_lines = cx.layout.grain == Grain::OrderLine;
    let rest = within(&kind, cx, (tally.first_at, tally.last_at));
    let mut places = HashMap::new();
    let mut buckets = Vec::new();
    // What a file says is compared with what files said: own rows come after the live ones.
    let tables = [Some(kind.live), kind.own, kind.lines.map(|_| kind.superseded)];
    for table in tables.into_iter().flatten() {
        let is_superseded = table == kind.superseded;
        for file in kind.ids.near(reader.files(table).await?, tally) {
            // What tells facts apart is nearly all of them: looking ahead would read them twice.
            let looks_ahead = kind.at.is_none();
            if looks_ahead && !holds_any(reader, table, &kind, &file, ids).await? {
                continue;
            }
            let files = std::slice::from_ref(&file);
            let Some(mut stream) = reader.stream(table, files, "*", &rest).await? else { continue };
            while let Some(batch) = stream.next().await? {
                let batch = if kind.lines.is_some() { says.own(&batch)? } else { batch };
                let hashes = kind.ids.hashes(&batch)?;
                let owners = texts(&batch, "batch")?;
                let found = contents(&batch, &kind.content, seeds(&batch, &kind, &says)?)?;
                let by = is_superseded.then(|| texts(&batch, "superseded_by")).transpose()?;
                let homes = kind.lines.map(|_| ints(&batch, "bucket")).transpose()?;
                for (row, (hash, content)) in hashes.into_iter().zip(found).enumerate() {
                    let owner = text_at(&owners, row);
                    let is_out = by.as_ref().is_some_and(|by| !says.is_under(owner, text_at(by, row)));
                    if is_out || !ids.contains(hash)? {
                        continue;
                    }
                    if kind.lines.is_some() && says.is_lines(owner) != of_lines {
                        known.joined.insert(hash);
                        continue;
                    }
                    let batch = *places.entry(owner.to_owned()).or_insert_with(|| {
                        known.batches.push(owner.to_owned());
                        known.batches.len() as u32 - 1
                    });
                    known.held.insert(hash, StoredVersion { content, batch });
                    buckets.extend(homes.as_ref().map(|homes| homes.value(row).to_string()));
                }
            }
            buckets.sort_unstable();
            buckets.dedup();
        }
    }
    if let Some((table, _)) = kind.lines
        && of_lines
    {
        let in_bucket = |file: &DataFile| file.partitions.get("bucket").is_some_and(|b| buckets.contains(b));
        let files: Vec<DataFile> = reader.files(table).await?.into_iter().filter(in_bucket).collect();
        add_lines(reader, table, &files, known).await?;
    }
    Ok(())
}

/// What begins the fingerprints of rows of the lake, as those of a file's rows begin.
pub fn seeds(rows: &RecordBatch, kind: &Kind, says: &Says) -> Result<Vec<u64>, ImportError> {
    let owners = texts(rows, "batch")?;
    let word = |row: usize| if kind.lines.is_some() { says.word(text_at(&owners, row)) } else { 0 };
    let customers = record_hashes(rows, "customer_id")?.into_iter().enumerate();
    Ok(customers.map(|(row, hash)| hash as u64 ^ word(row)).collect())
}

/// Facts without ids that the file repeats are of its time: others need not be looked at.
fn within(kind: &Kind, cx: &MapContext, (first, last): (i64, i64)) -> String {
    let plan = cx.records.as_ref().filter(|plan| !plan.has_ids(&cx.mapping));
    let (Some(plan), Some(at)) = (plan, kind.at) else { return String::new() };
    let is_told_by_time = plan.table.identity().contains(&at);
    let time = |micros| to_datetime(micros).map(|time| time.format("%Y-%m-%dT%H:%M:%S%.6f"));
    match (is_told_by_time && first <= last, time(first), time(last)) {
        (true, Some(first), Some(last)) => {
            format!("where \"{at}\" between timestamp '{first}' and timestamp '{last}'")
        }
        _ => String::new(),
    }
}

async fn holds_any(
    reader: &LakeReader,
    table: &str,
    kind: &Kind,
    file: &DataFile,
    ids: &IdSet,
) -> Result<bool, ImportError> {
    let files = std::slice::from_ref(file);
    let Some(mut stream) = reader.stream(table, files, &kind.ids.columns(), "").await? else {
        return Ok(false);
    };
    while let Some(batch) = stream.next().await? {
        for hash in kind.ids.hashes(&batch)? {
            if ids.contains(hash)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Adds the lines of the held orders to their fingerprints.
async fn add_lines(
    reader: &LakeReader,
    table: &str,
    files: &[DataFile],
    known: &mut Known,
) -> Result<(), ImportError> {
    let mut lines: HashMap<u128, Vec<(i32, u64)>> = HashMap::new();
    let Some(mut stream) = reader.stream(table, files, "*", "").await? else { return Ok(()) };
    while let Some(batch) = stream.next().await? {
        let hashes = record_hashes(&batch, "order_id")?;
        if !hashes.iter().any(|hash| known.held.contains_key(hash)) {
            continue;
        }
        let found = contents(&batch, LINE, vec![0; batch.num_rows()])?;
        let numbers = ints(&batch, "line_no")?;
        for (row, (hash, content)) in hashes.into_iter().zip(found).enumerate() {
            if known.held.contains_key(&hash) {
                lines.entry(hash).or_default().push((numbers.value(row), content));
            }
        }
    }
    for (hash, mut lines) in lines {
        if let Some(held) = known.held.get_mut(&hash) {
            held.content = with_lines(held.content, fold_lines(&mut lines));
        }
    }
    Ok(())
}
