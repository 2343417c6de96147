//! Settling batches that are too old to be taken back.
//!
//! Such a batch need not be told from others of its kind any more. Its rows go to the oldest
//! settled batch that says the same things (its *home*), and files of one home and bucket are put
//! together. What only an undo would need goes: versions that a settled batch replaced, and
//! confirmations of what a settled batch holds.
//!
//! Two kinds of records are left as they are. A customer's row is told from all versions, since
//! each may have a cell that later ones lack; the stages of an opportunity are told from its
//! versions and their times of import.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use clientele_engine::arrow::array::{Array as _, BooleanArray, RecordBatch, StringArray};
use clientele_engine::arrow::compute::filter_record_batch;
use clientele_engine::{DataFile, Lake, Transaction};

use super::batches::{self, BatchInfo};
use super::error::ImportError;
use super::history::{Kind, Says, add_rows, with_text, with_texts};
use super::lake_rows::{LakeReader, text_at, texts};
use super::tables::{BATCHES, CONFIRMATIONS, CUSTOMER_KEYS, CUSTOMERS, OPPORTUNITIES};
use crate::workspace::Keep;

/// How many batches a settling should take at least: fewer wait for more, so that files are not put
/// together every day anew.
pub const TOGETHER: usize = 16;

/// From how many files on the list of batches is put together.
const LISTS: usize = 8;

/// What settling did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// Batches that were settled.
    pub batches: u64,
    /// Files that were put together, and into how many.
    pub files: u64,
    pub into: u64,
    /// Superseded versions and confirmations that were dropped.
    pub dropped: u64,
}

/// How many batches a settling would settle.
pub async fn due(lake: &Lake, keep: &Keep, now: NaiveDateTime, at_least: usize) -> Result<u64, ImportError> {
    let all = batches::list(&LakeReader::new(lake.clone()).await?).await?;
    Ok(Old::of(&all, keep, now, at_least).map_or(0, |old| old.fresh.len() as u64))
}

/// Settles batches that were imported so long ago that the settings do not let them be undone.
/// A batch is only settled with all before it, and none when fewer than `at_least` wait for it.
pub async fn settle(
    transaction: &mut Transaction,
    lake: &Lake,
    keep: &Keep,
    now: NaiveDateTime,
    at_least: usize,
) -> Result<Settled, ImportError> {
    let reader = LakeReader::new(lake.clone()).await?;
    let all = batches::list(&reader).await?;
    let Some(old) = Old::of(&all, keep, now, at_least) else {
        let files = reader.files(BATCHES).await?.len();
        if files < LISTS {
            return Ok(Settled::default());
        }
        batches::write_all(transaction, &reader, &all).await?;
        return Ok(Settled { files: files as u64, into: 1, ..Settled::default() });
    };
    let mut done = Settled { batches: old.fresh.len() as u64, ..Settled::default() };
    let says = Says::of(&all);
    let homes = old.homes(&says);
    for kind in Kind::all().iter().filter(|kind| ![CUSTOMERS, OPPORTUNITIES].contains(&kind.live)) {
        for (live, superseded) in [(kind.live, kind.superseded)].into_iter().chain(kind.lines) {
            put_together(transaction, &reader, live, &homes, &old.fresh, &mut done).await?;
            let under = |owner: &str, by: &str| kind.lines.is_some() && says.is_under(owner, by);
            drop_versions(transaction, &reader, superseded, &homes, &old, &under, &mut done).await?;
        }
    }
    if let Some(first) = old.all.iter().find(|info| info.undone_at.is_none()) {
        let home = first.batch.to_string();
        let homes = old.all.iter().map(|info| (info.batch.to_string(), home.clone())).collect();
        put_together(transaction, &reader, CUSTOMER_KEYS, &homes, &old.fresh, &mut done).await?;
    }
    drop_confirmations(transaction, &reader, &old, &mut done).await?;
    let mut listed = all.clone();
    for info in listed.iter_mut().filter(|info| old.fresh.contains(info.batch.as_str())) {
        info.settled_at = Some(now);
    }
    batches::write_all(transaction, &reader, &listed).await?;
    Ok(done)
}

/// The batches that are too old to be undone.
struct Old<'a> {
    all: &'a [BatchInfo],
    names: BTreeSet<String>,
    /// Those that are not settled yet.
    fresh: BTreeSet<String>,
}

impl<'a> Old<'a> {
    /// None when too few of them are not settled yet.
    fn of(all: &'a [BatchInfo], keep: &Keep, now: NaiveDateTime, at_least: usize) -> Option<Self> {
        let until = all.iter().take_while(|info| !keep.can_undo(info.imported_at, now)).count();
        let all = &all[..until];
        let is_fresh = |info: &&BatchInfo| info.settled_at.is_none();
        let fresh: BTreeSet<String> =
            all.iter().filter(is_fresh).map(|info| info.batch.to_string()).collect();
        let names = all.iter().map(|info| info.batch.to_string()).collect();
        (fresh.len() >= at_least.max(1)).then_some(Old { all, names, fresh })
    }

    /// Where the rows of each batch go: to the oldest batch of the same source and grain that, where
    /// files of orders and of their lines fill each other, brings the same columns. It stays the
    /// oldest for ever, as nothing can be imported before it or undone any more.
    fn homes(&self, says: &Says) -> BTreeMap<String, String> {
        let mut homes = BTreeMap::new();
        let mut oldest = BTreeMap::new();
        for info in self.all.iter().filter(|info| info.undone_at.is_none()) {
            let name = info.batch.to_string();
            let class = (&info.grain, &info.source, says.brings(&name));
            homes.insert(name.clone(), oldest.entry(class).or_insert(name).clone());
        }
        homes
    }
}

/// The files of one bucket and home.
#[derive(Default)]
struct Together {
    /// Of newly settled batches.
    fresh: Vec<DataFile>,
    earlier: Vec<DataFile>,
}

/// Puts the files of newly settled batches together, one for each bucket and home, and with them
/// those of earlier settlings that are not much larger: so there are few, and no row is written
/// often.
async fn put_together(
    transaction: &mut Transaction,
    reader: &LakeReader,
    table: &'static str,
    homes: &BTreeMap<String, String>,
    fresh: &BTreeSet<String>,
    done: &mut Settled,
) -> Result<(), ImportError> {
    let mut groups: BTreeMap<(Option<String>, &str), Together> = BTreeMap::new();
    for file in reader.files(table).await? {
        let Some(batch) = file.partitions.get("batch") else { continue };
        let Some(home) = homes.get(batch) else { continue };
        let group = groups.entry((file.partitions.get("bucket").cloned(), home.as_str())).or_default();
        if fresh.contains(batch) { group.fresh.push(file) } else { group.earlier.push(file) }
    }
    for ((_, home), Together { fresh: mut files, mut earlier }) in groups {
        if files.is_empty() {
            continue;
        }
        let mut bytes: u64 = files.iter().map(|file| file.size).sum();
        earlier.sort_by(|a, b| (a.size, &a.path).cmp(&(b.size, &b.path)));
        for file in earlier {
            if file.size <= 2 * bytes {
                bytes += file.size;
                files.push(file);
            }
        }
        if files.len() == 1 && files[0].partitions.get("batch").is_some_and(|batch| batch == home) {
            continue;
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let rows = reader.collect(table, &files, "*", "").await?;
        let rows: Vec<RecordBatch> =
            rows.iter().map(|rows| with_text(rows, "batch", home)).collect::<Result<_, _>>()?;
        add_rows(transaction, table, &rows)?;
        done.files += files.len() as u64;
        done.into += 1;
        transaction.remove(table, files)?;
    }
    Ok(())
}

/// Drops versions that settled batches replaced, and moves those that stay to their homes. The
/// row that an order's lines make is out of sight, not out of date, and stays.
async fn drop_versions(
    transaction: &mut Transaction,
    reader: &LakeReader,
    table: &'static str,
    homes: &BTreeMap<String, String>,
    old: &Old<'_>,
    is_under: &(dyn Fn(&str, &str) -> bool + Sync),
    done: &mut Settled,
) -> Result<(), ImportError> {
    let (mut stay, mut gone) = (Vec::new(), Vec::new());
    for file in reader.files(table).await? {
        let mut is_touched = false;
        let mut kept = Vec::new();
        for rows in reader.collect(table, std::slice::from_ref(&file), "*", "").await? {
            let (owners, by) = (texts(&rows, "batch")?, texts(&rows, "superseded_by")?);
            let stays: Vec<bool> = (0..rows.num_rows())
                .map(|row| {
                    let (owner, by) = (text_at(&owners, row), text_at(&by, row));
                    !old.names.contains(by) || is_under(owner, by)
                })
                .collect();
            let dropped = stays.iter().filter(|stays| !**stays).count();
            done.dropped += dropped as u64;
            let (homes_of_owners, homes_of_by) = (moved(homes, &owners), moved(homes, &by));
            let is_moved = |column: &StringArray, homes: &[&str]| {
                (0..rows.num_rows()).any(|row| text_at(column, row) != homes[row])
            };
            let is_moved = is_moved(&owners, &homes_of_owners) || is_moved(&by, &homes_of_by);
            is_touched |= dropped > 0 || is_moved;
            let rows = with_texts(&rows, "batch", homes_of_owners)?;
            let rows = with_texts(&rows, "superseded_by", homes_of_by)?;
            kept.push(filter_record_batch(&rows, &BooleanArray::from(stays))?);
        }
        if is_touched {
            gone.push(file);
            stay.extend(kept);
        }
    }
    if !gone.is_empty() {
        add_rows(transaction, table, &stay)?;
        transaction.remove(table, gone)?;
    }
    Ok(())
}

/// The home of each batch in a column; a batch without one is its own.
fn moved<'a>(homes: &'a BTreeMap<String, String>, column: &'a StringArray) -> Vec<&'a str> {
    let home = |batch: &'a str| homes.get(batch).map_or(batch, String::as_str);
    (0..column.len()).map(|row| home(text_at(column, row))).collect()
}

/// Drops the confirmations of what settled batches hold: it stays, whoever confirmed it.
async fn drop_confirmations(
    transaction: &mut Transaction,
    reader: &LakeReader,
    old: &Old<'_>,
    done: &mut Settled,
) -> Result<(), ImportError> {
    let (mut stay, mut gone) = (Vec::new(), Vec::new());
    for file in reader.files(CONFIRMATIONS).await? {
        let mut dropped = 0;
        let mut kept = Vec::new();
        for rows in reader.collect(CONFIRMATIONS, std::slice::from_ref(&file), "*", "").await? {
            let holders = texts(&rows, "confirms")?;
            let stays: BooleanArray =
                (0..rows.num_rows()).map(|row| Some(!old.names.contains(text_at(&holders, row)))).collect();
            dropped += stays.false_count();
            kept.push(filter_record_batch(&rows, &stays)?);
        }
        if dropped > 0 {
            done.dropped += dropped as u64;
            gone.push(file);
            stay.extend(kept);
        }
    }
    if !gone.is_empty() {
        add_rows(transaction, CONFIRMATIONS, &stay)?;
        transaction.remove(CONFIRMATIONS, gone)?;
    }
    Ok(())
}
