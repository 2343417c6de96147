//! Writing what the histories of records come to without one batch.

use std::sync::Arc;

use clientele_engine::Transaction;
use clientele_engine::arrow::array::{Array as _, ArrayRef, RecordBatch, StringArray, UInt32Array};
use clientele_engine::arrow::compute::take_record_batch;

use super::super::error::ImportError;
use super::super::history::{Ids, Kind, Says, add_rows, together, with_texts, without_column};
use super::super::lake_rows::{ints, text_at, texts};
use super::super::tables::{CONFIRMATIONS, partitions_of, schema_of};
use super::keys::{FirstSeen, note};
use super::outcome::{Outcome, Versions, lines_of_versions};

/// Writes what the histories come to.
pub fn write(
    transaction: &mut Transaction,
    kind: &Kind,
    versions: &Versions,
    lines: Option<&RecordBatch>,
    outcome: &Outcome,
    says: &Says,
    first_seen: &mut FirstSeen,
) -> Result<(), ImportError> {
    let Some(rows) = &versions.rows else { return Ok(()) };
    let keys = ints(rows, "customer_key")?;
    let live = outcome.live.iter().map(|(version, home)| (*version, home.as_str(), ""));
    let superseded =
        outcome.superseded.iter().map(|(version, home, by)| (*version, home.as_str(), by.as_str()));
    let under = outcome.under.iter().map(|(version, home, by)| (*version, home.as_str(), by.as_str()));
    for (version, home, _) in live.clone().chain(superseded.clone()).chain(under.clone()) {
        // The orders of a forgotten customer are nobody's.
        if keys.is_valid(version) {
            note(first_seen, keys.value(version), home);
        }
    }
    let live: Vec<_> = live.collect();
    let superseded: Vec<_> = superseded.collect();
    let under: Vec<_> = under.collect();
    let in_sight = live.iter().map(|(v, home, by)| (*v as u32, *home, *by));
    match kind.own {
        None => put(transaction, kind.live, &filled(rows, outcome, says)?, in_sight)?,
        Some(own) => {
            let (shown, is_filled) = shown(rows, outcome)?;
            put(transaction, kind.live, &shown, in_sight.clone())?;
            put(transaction, own, rows, in_sight.filter(|(version, ..)| is_filled[*version as usize]))?;
        }
    }
    let out_of_sight = superseded.iter().chain(&under);
    put(transaction, kind.superseded, rows, out_of_sight.map(|(v, home, by)| (*v as u32, *home, *by)))?;
    if let (Some((live_lines, superseded_lines)), Some(lines)) = (kind.lines, lines) {
        let by_version = lines_of_versions(lines)?;
        let in_sight: Vec<_> = live.iter().chain(&under).copied().collect();
        for (table, chosen) in [(live_lines, &in_sight), (superseded_lines, &superseded)] {
            let mut picked = Vec::new();
            for (version, home, by) in chosen {
                let at = (versions.hashes[*version], versions.batches[*version].clone());
                let places = by_version.get(&at).map(Vec::as_slice).unwrap_or_default();
                picked.extend(places.iter().map(|row| (*row, *home, *by)));
            }
            put(transaction, table, lines, picked.into_iter())?;
        }
    }
    if outcome.confirmed.is_empty() {
        return Ok(());
    }
    let places: Vec<u32> = outcome.confirmed.iter().map(|(version, _, _)| *version as u32).collect();
    let of = take_record_batch(rows, &UInt32Array::from(places))?;
    let sources = texts(&of, "source")?;
    let ids: StringArray = match kind.ids {
        Ids::Column(id) => texts(&of, id)?,
        ids => outcome.confirmed.iter().map(|(v, ..)| Some(ids.text(versions.hashes[*v], ""))).collect(),
    };
    let columns: [(&str, ArrayRef, bool); 2] =
        [("source", Arc::new(sources), true), ("id", Arc::new(ids), true)];
    let base = RecordBatch::try_from_iter_with_nullable(columns)?;
    let base = with_texts(&base, "kind", vec![kind.name; base.num_rows()])?;
    let base = with_texts(&base, "batch", outcome.confirmed.iter().map(|(_, by, _)| by.as_str()).collect())?;
    let base =
        with_texts(&base, "confirms", outcome.confirmed.iter().map(|(_, _, of)| of.as_str()).collect())?;
    add_rows(transaction, CONFIRMATIONS, &[base])
}

/// The rows, those of live orders filled from older files of orders and from what their lines make.
fn filled(rows: &RecordBatch, outcome: &Outcome, says: &Says) -> Result<RecordBatch, ImportError> {
    let owners = texts(rows, "batch")?;
    let mut homes: Vec<&str> = (0..rows.num_rows()).map(|row| text_at(&owners, row)).collect();
    for (version, home) in &outcome.live {
        homes[*version] = home;
    }
    for (version, home, _) in &outcome.superseded {
        homes[*version] = home;
    }
    let told = with_texts(rows, "batch", homes)?;
    let own = |version| outcome.told.get(&version).cloned().unwrap_or_else(|| vec![version]);
    let sequences: Vec<Vec<usize>> = (0..rows.num_rows()).map(own).collect();
    says.told(&told, &sequences, Some(rows), |row| outcome.fills.get(&row).copied())
}

/// The rows of customers, live ones with what older versions say; and which of them got any.
fn shown(rows: &RecordBatch, outcome: &Outcome) -> Result<(RecordBatch, Vec<bool>), ImportError> {
    let told = |version| outcome.told.get(&version).cloned().unwrap_or_else(|| vec![version]);
    let versions: Vec<Vec<usize>> = (0..rows.num_rows()).map(told).collect();
    together(rows, &versions)
}

/// Writes chosen rows with the batch they belong to and the batch that replaced them.
fn put<'a>(
    transaction: &mut Transaction,
    table: &'static str,
    rows: &RecordBatch,
    chosen: impl Iterator<Item = (u32, &'a str, &'a str)>,
) -> Result<(), ImportError> {
    let chosen: Vec<_> = chosen.collect();
    if chosen.is_empty() {
        return Ok(());
    }
    if !transaction.has_table(table) {
        transaction.create_table(table, schema_of(table), partitions_of(table))?;
    }
    let places: Vec<u32> = chosen.iter().map(|(row, _, _)| *row).collect();
    let part = take_record_batch(rows, &UInt32Array::from(places))?;
    let part = with_texts(&part, "batch", chosen.iter().map(|(_, home, _)| *home).collect())?;
    let keeps = schema_of(table).field_with_name("superseded_by").is_ok();
    let part = if keeps {
        with_texts(&part, "superseded_by", chosen.iter().map(|(_, _, by)| *by).collect())?
    } else {
        without_column(&part, "superseded_by")?
    };
    add_rows(transaction, table, &[part])
}
