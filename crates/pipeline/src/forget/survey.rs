//! Looking through all tables, in every generation, for what they hold of some customers.

use std::collections::BTreeSet;
use std::sync::Arc;

use clientele_engine::arrow::array::{RecordBatch, new_null_array};
use clientele_engine::{DataFile, Transaction};
use clientele_model::progress::{Progress, ProgressUnit};

use super::ForgetError;
use super::meet::meet;
use super::people::People;
use super::personal::{self, Becomes, Knows, PersonalData};
use super::treat::{about, looks_at, treat};
use crate::collect::history::Kind as RecordKind;
use crate::collect::lake_rows::{ints, longs, text_at, texts};
use crate::collect::mapping::MappingView;
use crate::collect::records::RecordTable;
use crate::collect::tables;
use crate::collect::values::contact::country_of_timezone;
use crate::workspace::Settings;

/// What is told under.
pub const STAGE: &str = "forget";

/// What a table holds of the people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableShare {
    pub table: &'static str,
    /// Rows about them, counted in every version of the table's files.
    pub rows: u64,
    pub outcome: Outcome,
    /// Rows of others that name them.
    pub retold: u64,
    /// Files that hold such rows, and their bytes.
    pub files: u64,
    pub bytes: u64,
}

/// What becomes of the rows about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// They go.
    Removed,
    /// They stay without what leads to a customer.
    Anonymous,
    /// They stay, told without the customer.
    Retold,
}

/// What the lake holds of some customers.
pub struct Survey {
    pub people: People,
    /// The files that hold anything of them.
    pub files: Vec<(PersonalData, DataFile)>,
    pub tables: Vec<TableShare>,
    /// Other customers with an e-mail or a phone of theirs, as `source:id`.
    pub alike: BTreeSet<String>,
}

/// Looks through the lake.
///
/// # Errors
/// A name that is nobody's or several customers', or a table that is not known.
pub async fn survey(
    transaction: &Transaction,
    settings: &Settings,
    names: &[String],
    drops_totals: bool,
    progress: &Arc<dyn Progress>,
) -> Result<Survey, ForgetError> {
    let all = personal::all();
    if let Some((table, _)) =
        transaction.snapshot().tables().find(|(table, _)| all.iter().all(|data| data.table != *table))
    {
        return Err(ForgetError::UnknownTable { table: table.to_owned() });
    }
    let country = settings.country.as_deref().and_then(|code| code.parse().ok());
    let mut people = People {
        country: country.or_else(|| country_of_timezone(settings.timezone.name())),
        remainder: format!("forgotten-{}", transaction.id().get(..12).unwrap_or_default()),
        ..People::default()
    };
    let alike = meet(transaction, names, &mut people).await?;
    batches(transaction, &mut people).await?;
    let mut survey = Survey { people, files: Vec::new(), tables: Vec::new(), alike };
    for (place, data) in all.iter().enumerate() {
        progress.at(STAGE, place as u64, all.len() as u64, ProgressUnit::Steps);
        survey.look_through(transaction, settings, data, drops_totals).await?;
    }
    progress.finished(STAGE);
    Ok(survey)
}

impl Survey {
    async fn look_through(
        &mut self,
        transaction: &Transaction,
        settings: &Settings,
        data: &PersonalData,
        drops_totals: bool,
    ) -> Result<(), ForgetError> {
        if matches!(data.knows, Knows::Nobody(_)) {
            return Ok(());
        }
        let outcome = match data.becomes {
            Becomes::Removed => Outcome::Removed,
            Becomes::Remainder(_) if drops_totals => Outcome::Removed,
            Becomes::Remainder(_) => Outcome::Anonymous,
            Becomes::Retold => Outcome::Retold,
        };
        let mut share = TableShare { table: data.table, rows: 0, outcome, retold: 0, files: 0, bytes: 0 };
        let columns: Vec<&str> = looks_at(data).into_iter().chain(["order_id", "customer_key"]).collect();
        for file in transaction.history(data.table).await? {
            if !may_hold(data, &file, &self.people, settings.bucket_customers) {
                continue;
            }
            let (mut rows, mut retold) = (0, 0);
            for batch in transaction.rows(data.table, &file, Some(&columns)).await? {
                self.note(data, &batch, &file)?;
                let treated = treat(data, &batch, &file.partitions, &self.people, drops_totals)?;
                rows += treated.about;
                retold += treated.retold;
            }
            if rows + retold == 0 {
                continue;
            }
            if let Some(facts) = RecordTable::named(data.table) {
                for batch in transaction.rows(data.table, &file, None).await? {
                    self.note_facts(data, facts, &batch, &file)?;
                }
            }
            share.rows += rows;
            share.retold += retold;
            share.files += 1;
            share.bytes += file.size;
            self.files.push((*data, file));
        }
        if share.files > 0 {
            self.tables.push(share);
        }
        Ok(())
    }

    /// Takes in what later tables know the people by.
    fn note(&mut self, data: &PersonalData, rows: &RecordBatch, file: &DataFile) -> Result<(), ForgetError> {
        let is_order = matches!(data.table, tables::ORDERS | tables::SUPERSEDED_ORDERS);
        if !is_order && !matches!(data.table, "metrics" | tables::QUARANTINE) {
            return Ok(());
        }
        let about = about(data, rows, &file.partitions, &self.people)?;
        if about.true_count() == 0 {
            return Ok(());
        }
        let own = (0..rows.num_rows()).filter(|row| about.value(*row));
        let partition = |name: &str| file.partitions.get(name).cloned().unwrap_or_default();
        if data.table == tables::QUARANTINE {
            let numbers = longs(rows, "row")?;
            self.people.refused.extend(own.map(|row| (partition("batch"), numbers.value(row))));
            return Ok(());
        }
        let keys = ints(rows, "customer_key")?;
        if is_order {
            let (sources, orders) = (texts(rows, "source")?, texts(rows, "order_id")?);
            for row in own {
                self.people.note_order(text_at(&sources, row), text_at(&orders, row));
                self.people.keys.insert(keys.value(row));
            }
        } else {
            let of_run = self.people.keys_of_run.entry(partition("run")).or_default();
            of_run.extend(own.map(|row| keys.value(row)));
        }
        Ok(())
    }

    /// Takes in by what confirmations know their facts.
    fn note_facts(
        &mut self,
        data: &PersonalData,
        facts: &'static RecordTable,
        rows: &RecordBatch,
        file: &DataFile,
    ) -> Result<(), ForgetError> {
        let about = about(data, rows, &file.partitions, &self.people)?;
        let kind = RecordKind::facts(facts);
        let hashes = kind.ids.hashes(&whole(rows, data.table)?)?;
        for (_, hash) in hashes.into_iter().enumerate().filter(|(row, _)| about.value(*row)) {
            self.people.records.insert((kind.name.to_owned(), kind.ids.text(hash, "")));
        }
        Ok(())
    }
}

/// Rows with all columns of a table: a file leaves those out in which it has nothing.
fn whole(rows: &RecordBatch, table: &str) -> Result<RecordBatch, ForgetError> {
    let schema = tables::schema_of(table);
    let columns = schema.fields().iter().map(|field| match rows.column_by_name(field.name()) {
        Some(column) => Arc::clone(column),
        None => new_null_array(field.data_type(), rows.num_rows()),
    });
    let columns: Vec<_> = columns.collect();
    let named =
        schema.fields().iter().zip(columns).map(|(field, column)| (field.name().as_str(), column, true));
    Ok(RecordBatch::try_from_iter_with_nullable(named)?)
}

/// Whether a file can hold rows of the people, by what the log tells of it.
fn may_hold(data: &PersonalData, file: &DataFile, people: &People, bucket_customers: i32) -> bool {
    // What others wrote of them can be anywhere.
    if data.knows != Knows::Ids(&["customer_id"])
        || !(data.free_text.is_empty() || people.own_marks.is_empty())
    {
        return true;
    }
    let bucket = file.partitions.get("bucket").and_then(|bucket| bucket.parse::<i32>().ok());
    let size = bucket_customers.max(1);
    if bucket.is_some_and(|bucket| people.keys.iter().all(|key| key / size != bucket)) {
        return false;
    }
    let bound = |value: Option<serde_json::Value>| value.and_then(|v| v.as_str().map(str::to_owned));
    let (Some(least), Some(greatest)) = (bound(file.min("customer_id")), bound(file.max("customer_id")))
    else {
        return true;
    };
    let is_within = |id: &String| least <= *id && *id <= greatest;
    people.ids.values().flatten().any(is_within)
}

/// Takes in which column of each batch's file names the customer.
async fn batches(transaction: &Transaction, people: &mut People) -> Result<(), ForgetError> {
    for file in transaction.history(tables::BATCHES).await? {
        let Some(batch) = file.partitions.get("batch").cloned() else { continue };
        for rows in transaction.rows(tables::BATCHES, &file, None).await? {
            let (sources, mappings) = (texts(&rows, "source")?, texts(&rows, "mapping")?);
            // Batches that share a file say themselves which they are.
            let ids = rows.column_by_name("id").map(|_| texts(&rows, "id")).transpose()?;
            for row in 0..rows.num_rows() {
                let mapping: MappingView = serde_json::from_str(text_at(&mappings, row)).unwrap_or_default();
                let column = mapping.fields.get("customer_id").cloned();
                let id = ids.as_ref().map(|ids| text_at(ids, row)).filter(|id| !id.is_empty());
                let id = id.map_or_else(|| batch.clone(), str::to_owned);
                people.batches.insert(id, (text_at(&sources, row).to_owned(), column));
            }
        }
    }
    Ok(())
}
