//! Customer keys after an undo.

use std::collections::{BTreeMap, HashSet};

use clientele_engine::Transaction;
use clientele_engine::arrow::array::{Array as _, UInt32Array};
use clientele_engine::arrow::compute::take_record_batch;
use clientele_model::BatchId;

use super::super::batches::number;
use super::super::error::ImportError;
use super::super::history::{Kind, add_rows, with_texts};
use super::super::lake_rows::{LakeReader, ints, text_at, texts};
use super::super::tables::CUSTOMER_KEYS;
use super::split;

/// The first batch that refers to a customer, by key.
pub type FirstSeen = BTreeMap<i32, BatchId>;

/// Notes that a batch refers to a customer.
pub fn note(first_seen: &mut FirstSeen, key: i32, batch: &str) {
    let batch = BatchId::new(batch);
    let first = first_seen.entry(key).or_insert_with(|| batch.clone());
    if number(&batch) < number(first) {
        *first = batch;
    }
}

/// Hands the keys that the batch gave to the first other batch that refers to them; the rest
/// go. `first_seen` has the references that the undo itself made. Gives how many went.
pub async fn settle(
    transaction: &mut Transaction,
    reader: &LakeReader,
    batch: &BatchId,
    mut first_seen: FirstSeen,
) -> Result<u64, ImportError> {
    let (own, _) = split(reader.files(CUSTOMER_KEYS).await?, batch);
    let rows = reader.collect(CUSTOMER_KEYS, &own, "*", "").await?;
    let mut given = HashSet::new();
    for rows in &rows {
        given.extend(ints(rows, "customer_key")?.values().iter().copied());
    }
    // A batch that brought no new customers has no keys to hand on.
    let kinds = if given.is_empty() { Vec::new() } else { Kind::all() };
    for kind in kinds {
        for table in [kind.live, kind.superseded] {
            let (_, others) = split(reader.files(table).await?, batch);
            let columns = "customer_key, batch";
            let Some(mut stream) = reader.stream(table, &others, columns, "").await? else { continue };
            while let Some(rows) = stream.next().await? {
                let (keys, batches) = (ints(&rows, "customer_key")?, texts(&rows, "batch")?);
                let mut last = None;
                for row in (0..rows.num_rows()).filter(|row| keys.is_valid(*row)) {
                    let key = keys.value(row);
                    if last != Some(key) && given.contains(&key) {
                        note(&mut first_seen, key, text_at(&batches, row));
                        last = Some(key);
                    }
                }
            }
        }
    }
    transaction.remove(CUSTOMER_KEYS, own)?;
    let mut removed = 0;
    let mut kept = Vec::new();
    for rows in &rows {
        let keys = ints(rows, "customer_key")?;
        let stays: Vec<u32> = (0..rows.num_rows() as u32)
            .filter(|row| first_seen.contains_key(&keys.value(*row as usize)))
            .collect();
        removed += (rows.num_rows() - stays.len()) as u64;
        let homes = stays.iter().filter_map(|row| first_seen.get(&keys.value(*row as usize)));
        let homes: Vec<&str> = homes.map(BatchId::as_str).collect();
        if !stays.is_empty() {
            let part = take_record_batch(rows, &UInt32Array::from(stays.clone()))?;
            kept.push(with_texts(&part, "batch", homes)?);
        }
    }
    add_rows(transaction, CUSTOMER_KEYS, &kept)?;
    Ok(removed)
}
