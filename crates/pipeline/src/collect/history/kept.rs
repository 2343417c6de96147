//! What older files say of a customer stays where a newer one says nothing.
//!
//! The live row of a customer has in each cell what the newest file says that says anything there,
//! as a CRM has it: an empty cell of an export, or a column that it lacks, does not erase. Where
//! that makes the live row another than the newest file's own, the own row is kept in
//! `own_customers`. Own rows are what files are compared with, what is superseded, and what an undo
//! tells the history from, so that it brings back each cell as it was.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use clientele_engine::arrow::array::{Array, RecordBatch, StringArray, UInt32Array};
use clientele_engine::arrow::compute::{cast, interleave_record_batch, take, take_record_batch};
use clientele_engine::{DataFile, Transaction};

use super::super::error::ImportError;
use super::super::lake_rows::{LakeReader, text_at, texts};
use super::super::map::merged;
use super::super::records::ATTRIBUTES;
use super::super::staged::Staged;
use super::super::tables::OWN_CUSTOMERS;
use super::text_column::with_text;
use super::{Ids, Kind, Waiting, add_rows, joined, without};

/// Moves what the customers' rows of a batch replace, and fills their empty cells from it. Gives
/// the files of the batch that are to be added as they are.
pub async fn replace(
    transaction: &mut Transaction,
    reader: &LakeReader,
    kind: &Kind,
    staged: &Staged,
    batch: &str,
) -> Result<Vec<(&'static str, DataFile)>, ImportError> {
    let is_out = |hash: u128| staged.passed.updated.contains(&hash);
    let files = reader.files(kind.live).await?;
    let shown = without(transaction, reader, kind.live, &files, kind.ids, &is_out).await?.rows;
    let files = reader.files(OWN_CUSTOMERS).await?;
    let own = without(transaction, reader, OWN_CUSTOMERS, &files, kind.ids, &is_out).await?.rows;
    let mut superseded = Waiting::new(kind.superseded);
    for rows in as_given(&shown, own, kind.ids)? {
        superseded.push(transaction, with_text(&rows, "superseded_by", batch)?)?;
    }
    superseded.finish(transaction)?;
    let older = Older::new(&shown, kind.ids)?;
    let mut own = Waiting::new(OWN_CUSTOMERS);
    let mut untouched = Vec::new();
    for (table, file) in &staged.passed.files {
        let rows = joined(&reader.collect(kind.live, std::slice::from_ref(file), "*", "").await?)?;
        match rows.map(|rows| older.fill(&rows, kind.ids)).transpose()?.flatten() {
            None => untouched.push((*table, file.clone())),
            Some(filled) => {
                add_rows(transaction, kind.live, &[filled.rows])?;
                own.push(transaction, filled.own)?;
            }
        }
    }
    own.finish(transaction)?;
    Ok(untouched)
}

/// Rows with cells of older ones.
struct Filled {
    rows: RecordBatch,
    /// Those that got any, as they were.
    own: RecordBatch,
}

/// The rows that customers had so far.
struct Older<'r> {
    rows: Vec<&'r RecordBatch>,
    places: HashMap<u128, (usize, usize)>,
}

impl<'r> Older<'r> {
    fn new(shown: &'r [RecordBatch], ids: Ids) -> Result<Self, ImportError> {
        let mut places = HashMap::new();
        for (batch, rows) in shown.iter().enumerate() {
            let hashes = ids.hashes(rows)?.into_iter().enumerate();
            places.extend(hashes.map(|(row, hash)| (hash, (batch, row))));
        }
        Ok(Older { rows: shown.iter().collect(), places })
    }

    /// Fills the empty cells of new rows; `None` when there is nothing to fill.
    fn fill(&self, rows: &RecordBatch, ids: Ids) -> Result<Option<Filled>, ImportError> {
        let found: Vec<Option<&(usize, usize)>> =
            ids.hashes(rows)?.iter().map(|hash| self.places.get(hash)).collect();
        let places: Vec<(usize, usize)> = found.iter().flatten().map(|place| **place).collect();
        if places.is_empty() {
            return Ok(None);
        }
        let older = interleave_record_batch(&self.rows, &places)?;
        let Some(both) = joined(&[rows.clone(), older])? else { return Ok(None) };
        let mut next = rows.num_rows();
        let sequences: Vec<Vec<usize>> = found
            .iter()
            .enumerate()
            .map(|(row, place)| match place {
                None => vec![row],
                Some(_) => {
                    next += 1;
                    vec![next - 1, row]
                }
            })
            .collect();
        let (rows, is_filled) = together(&both, &sequences)?;
        let own: Vec<u32> =
            (0..).zip(&is_filled).filter(|(_, filled)| **filled).map(|(row, _)| row).collect();
        if own.is_empty() {
            return Ok(None);
        }
        let own = take_record_batch(&both, &UInt32Array::from(own))?;
        Ok(Some(Filled { rows, own }))
    }
}

/// The rows of customers as the newest files themselves give them: own rows where there are such,
/// else those that are shown.
pub fn as_given(
    shown: &[RecordBatch],
    own: Vec<RecordBatch>,
    ids: Ids,
) -> Result<Vec<RecordBatch>, ImportError> {
    let mut hidden = HashSet::new();
    for rows in &own {
        hidden.extend(ids.hashes(rows)?);
    }
    let mut given = own;
    for rows in shown {
        let hashes = ids.hashes(rows)?.into_iter();
        let stay: Vec<u32> =
            (0..).zip(hashes).filter(|(_, hash)| !hidden.contains(hash)).map(|(row, _)| row).collect();
        if !stay.is_empty() {
            given.push(take_record_batch(rows, &UInt32Array::from(stay))?);
        }
    }
    Ok(given)
}

/// What versions of customers say together. Each sequence names rows, oldest first, and becomes one
/// row: in each cell the newest version that has a value counts, and attributes count one by one.
/// Also says which of them differ from their newest version.
pub fn together(
    rows: &RecordBatch,
    sequences: &[Vec<usize>],
) -> Result<(RecordBatch, Vec<bool>), ImportError> {
    let mut is_filled = vec![false; sequences.len()];
    let mut columns = Vec::with_capacity(rows.num_columns());
    for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
        if field.name() == ATTRIBUTES {
            let given = texts(rows, ATTRIBUTES)?;
            let mut told = Vec::with_capacity(sequences.len());
            for (versions, is_filled) in sequences.iter().zip(&mut is_filled) {
                let mut all = Cow::Borrowed("");
                for version in versions {
                    let newer = text_at(&given, *version);
                    all = merged(&all, newer).map_or(Cow::Borrowed(newer), Cow::Owned);
                }
                let newest = versions.last().map_or("", |version| text_at(&given, *version));
                *is_filled |= all != newest;
                told.push((!all.is_empty()).then_some(all));
            }
            columns.push(cast(&told.into_iter().collect::<StringArray>(), column.data_type())?);
            continue;
        }
        let mut places = Vec::with_capacity(sequences.len());
        for (versions, is_filled) in sequences.iter().zip(&mut is_filled) {
            let newest = versions.last().copied().unwrap_or_default();
            let place = versions.iter().rev().copied().find(|at| column.is_valid(*at)).unwrap_or(newest);
            *is_filled |= place != newest;
            places.push(place as u32);
        }
        columns.push(take(column, &UInt32Array::from(places), None)?);
    }
    Ok((RecordBatch::try_new(rows.schema(), columns)?, is_filled))
}
