//! What becomes of the rows of a data file.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::arrow::array::{
    Array, ArrayRef, AsArray as _, BooleanArray, Int64Array, RecordBatch, StringArray,
};
use clientele_engine::arrow::compute::{cast, filter_record_batch, not, nullif};
use clientele_engine::arrow::datatypes::DataType;

use super::ForgetError;
use super::people::People;
use super::personal::{Becomes, Knows, PersonalData, Remainder};
use crate::clean::QualityReport;
use crate::collect::lake_rows::{ints, longs, text_at, texts};
use crate::understand::segment_tables as segments;

const DAY_US: i64 = 86_400_000_000;

/// A text told without the people; none when it does not tell of them.
type Retelling<'a> = dyn Fn(usize, &str) -> Option<String> + 'a;

/// Rows of a file as they are kept.
pub struct Treated {
    pub rows: RecordBatch,
    /// How many rows are about the people, and went or stay without them.
    pub about: u64,
    /// How many rows of others were told without the people.
    pub retold: u64,
}

/// The columns that [`treat`] looks at, but for those that only stay.
pub fn looks_at(data: &PersonalData) -> Vec<&'static str> {
    let own: &[&str] = match data.knows {
        Knows::Ids(ids) => ids,
        Knows::KeyOfRun => &["customer_key"],
        Knows::Order => &["order_id", "customer_key"],
        Knows::Record => &["kind", "id"],
        Knows::Row => &["row", "value", "message", "raw"],
        Knows::List => &["customer_id", "given"],
        Knows::Ties => &["record"],
        Knows::Examples => &["report"],
        Knows::Text | Knows::Nobody(_) => &[],
    };
    ["source"].iter().chain(own).chain(data.free_text).copied().collect()
}

/// Rows of a file, of all its columns or those of [`looks_at`], as they are kept. `partitions` are the
/// values that all of them have. With `drops_totals` no remainder stays.
pub fn treat(
    data: &PersonalData,
    rows: &RecordBatch,
    partitions: &BTreeMap<String, String>,
    people: &People,
    drops_totals: bool,
) -> Result<Treated, ForgetError> {
    let about = about(data, rows, partitions, people)?;
    let found = about.true_count() as u64;
    let kept = match data.becomes {
        _ if found == 0 => rows.clone(),
        // What a remainder's order was confirmed by keeps its number.
        Becomes::Removed if data.knows == Knows::Record && !drops_totals => confirmed(rows, &about, people)?,
        Becomes::Remainder(remainder) if !drops_totals => remain(rows, &about, remainder, people)?,
        _ => filter_record_batch(rows, &not(&about)?)?,
    };
    let (kept, retold) = retell(data, kept, partitions, people)?;
    Ok(Treated { rows: kept, about: found, retold })
}

/// Which rows are about the people.
pub fn about(
    data: &PersonalData,
    rows: &RecordBatch,
    partitions: &BTreeMap<String, String>,
    people: &People,
) -> Result<BooleanArray, ForgetError> {
    let count = rows.num_rows();
    let all = |is: &mut dyn FnMut(usize) -> bool| (0..count).map(|row| Some(is(row))).collect();
    let partition = |name: &str| partitions.get(name).map(String::as_str).unwrap_or_default();
    Ok(match data.knows {
        Knows::Ids(columns) => {
            let sources = texts(rows, "source")?;
            let ids = columns.iter().map(|name| text_of(rows, name)).collect::<Result<Vec<_>, _>>()?;
            all(&mut |row| {
                let source = text_at(&sources, row);
                ids.iter().any(|ids| ids.is_valid(row) && people.has(source, ids.value(row)))
            })
        }
        Knows::KeyOfRun => {
            let keys = ints(rows, "customer_key")?;
            let own = people.keys_of_run.get(partition("run"));
            all(&mut |row| keys.is_valid(row) && own.is_some_and(|own| own.contains(&keys.value(row))))
        }
        Knows::Order => {
            let (sources, orders) = (texts(rows, "source")?, texts(rows, "order_id")?);
            let keys = ints(rows, "customer_key")?;
            let is_order = |row| {
                let order = (text_at(&sources, row).to_owned(), text_at(&orders, row).to_owned());
                people.orders.contains_key(&order)
            };
            all(&mut |row| keys.is_valid(row) && people.keys.contains(&keys.value(row)) && is_order(row))
        }
        Knows::Record => {
            let columns = ["kind", "source", "id"].map(|name| texts(rows, name));
            let [kinds, sources, ids] = columns;
            let (kinds, sources, ids) = (kinds?, sources?, ids?);
            all(&mut |row| {
                let (kind, source) = (text_at(&kinds, row), text_at(&sources, row));
                let id = text_at(&ids, row);
                match kind {
                    "customer" => people.has(source, id),
                    "order" => people.orders.contains_key(&(source.to_owned(), id.to_owned())),
                    _ => people.records.contains(&(kind.to_owned(), id.to_owned())),
                }
            })
        }
        Knows::Row => {
            let numbers = longs(rows, "row")?;
            let columns = ["value", "message", "raw"].map(|name| text_of(rows, name));
            let [values, messages, raws] = columns;
            let (values, messages, raws) = (values?, messages?, raws?);
            let batch = partition("batch");
            all(&mut |row| {
                let is_known = || people.refused.contains(&(batch.to_owned(), numbers.value(row)));
                is_known()
                    || people.are_in(text_at(&values, row))
                    || people.are_in(text_at(&messages, row))
                    || people.are_in_row(batch, text_at(&raws, row))
            })
        }
        Knows::List => {
            let (sources, ids) = (text_of(rows, "source")?, text_of(rows, "customer_id")?);
            let given = text_of(rows, "given")?;
            all(&mut |row| match ids.is_valid(row) {
                true => people.has(text_at(&sources, row), ids.value(row)),
                false => {
                    let given = text_at(&given, row).trim();
                    people.has_id(given) || people.are_in(given)
                }
            })
        }
        Knows::Ties | Knows::Examples | Knows::Text | Knows::Nobody(_) => all(&mut |_| false),
    })
}

/// Rows of orders or lines, those of the people without what leads to them.
fn remain(
    rows: &RecordBatch,
    about: &BooleanArray,
    remainder: &Remainder,
    people: &People,
) -> Result<RecordBatch, ForgetError> {
    let sources = texts(rows, "source")?;
    let schema = rows.schema();
    let columns = schema.fields().iter().zip(rows.columns()).map(|(field, column)| {
        let name = field.name().as_str();
        if remainder.blanked.contains(&name) {
            return Ok(nullif(column, about)?);
        }
        if remainder.renumbered.contains(&name) {
            return renumbered(column, &sources, about, people);
        }
        if remainder.days.contains(&name) {
            let times = longs(rows, name)?;
            let days: Int64Array = (0..times.len())
                .map(|row| {
                    let time = times.is_valid(row).then(|| times.value(row))?;
                    Some(if about.value(row) { time - time.rem_euclid(DAY_US) } else { time })
                })
                .collect();
            return Ok(cast(&days, field.data_type())?);
        }
        Ok(Arc::clone(column))
    });
    let columns = columns.collect::<Result<Vec<ArrayRef>, ForgetError>>()?;
    Ok(RecordBatch::try_new(schema, columns)?)
}

/// Order numbers, the people's replaced by made-up ones. Among rows that are about them, a number that is
/// none of theirs is left out.
fn renumbered(
    numbers: &ArrayRef,
    sources: &StringArray,
    about: &BooleanArray,
    people: &People,
) -> Result<ArrayRef, ForgetError> {
    let texts = cast(numbers, &DataType::Utf8)?;
    let texts = texts.as_string::<i32>();
    let number = |row: usize| {
        let number = texts.is_valid(row).then(|| texts.value(row))?;
        if !about.value(row) {
            return Some(number);
        }
        let order = (text_at(sources, row).to_owned(), number.to_owned());
        people.orders.get(&order).map(String::as_str)
    };
    let renumbered: StringArray = (0..texts.len()).map(number).collect();
    Ok(cast(&renumbered, numbers.data_type())?)
}

/// Confirmations: those of the people's orders with the number of the remainder, others of theirs not.
fn confirmed(rows: &RecordBatch, about: &BooleanArray, people: &People) -> Result<RecordBatch, ForgetError> {
    let kinds = texts(rows, "kind")?;
    let is_order: BooleanArray =
        (0..rows.num_rows()).map(|row| Some(text_at(&kinds, row) == "order")).collect();
    let stays: BooleanArray =
        (0..rows.num_rows()).map(|row| Some(!about.value(row) || is_order.value(row))).collect();
    let own: BooleanArray =
        (0..rows.num_rows()).map(|row| Some(about.value(row) && is_order.value(row))).collect();
    let sources = texts(rows, "source")?;
    let schema = rows.schema();
    let columns =
        schema.fields().iter().zip(rows.columns()).map(|(field, column)| match field.name().as_str() {
            "id" => renumbered(column, &sources, &own, people),
            _ => Ok(Arc::clone(column)),
        });
    let columns = columns.collect::<Result<Vec<ArrayRef>, ForgetError>>()?;
    Ok(filter_record_batch(&RecordBatch::try_new(schema, columns)?, &stays)?)
}

/// Rows that stay, told without the people; and how many were told anew.
fn retell(
    data: &PersonalData,
    rows: RecordBatch,
    partitions: &BTreeMap<String, String>,
    people: &People,
) -> Result<(RecordBatch, u64), ForgetError> {
    let batch = partitions.get("batch").map(String::as_str).unwrap_or_default();
    // Batches that share a file say themselves which they are.
    let ids = rows.column_by_name("id").map(|_| texts(&rows, "id")).transpose()?;
    let batch_of = |row: usize| match ids.as_ref().map(|ids| text_at(ids, row)) {
        Some(id) if !id.is_empty() => id,
        _ => batch,
    };
    let mask = |_: usize, text: &str| match data.table {
        segments::SEGMENTS => without_people_in_rule(text, people),
        _ => people.own_marks.masked(text, "…"),
    };
    let examples = |row: usize, text: &str| without_examples(text, batch_of(row), people);
    let ties = |_: usize, text: &str| without_ties(text, people);
    let mut told: Vec<(&str, &Retelling<'_>)> = Vec::new();
    for column in data.free_text {
        told.push((column, &mask));
    }
    match data.knows {
        Knows::Examples => told.push(("report", &examples)),
        Knows::Ties => told.push(("record", &ties)),
        _ => {}
    }
    let mut retold = vec![false; rows.num_rows()];
    let (schema, mut columns) = (rows.schema(), rows.columns().to_vec());
    for (name, tell) in told {
        let Ok(at) = schema.index_of(name) else { continue };
        let was = texts(&rows, name)?;
        let now: Vec<Option<String>> = (0..was.len())
            .map(|row| was.is_valid(row).then(|| tell(row, was.value(row))).flatten())
            .collect();
        if now.iter().all(Option::is_none) {
            continue;
        }
        let values: StringArray = now
            .iter()
            .enumerate()
            .map(|(row, now)| now.as_deref().or_else(|| was.is_valid(row).then(|| was.value(row))))
            .collect();
        now.iter().zip(&mut retold).for_each(|(now, retold)| *retold |= now.is_some());
        columns[at] = cast(&values, schema.field(at).data_type())?;
    }
    let count = retold.iter().filter(|retold| **retold).count() as u64;
    match count {
        0 => Ok((rows, 0)),
        _ => Ok((RecordBatch::try_new(schema, columns)?, count)),
    }
}

/// A rule, or its tree, that names none of the people; it can still be read.
fn without_people_in_rule(text: &str, people: &People) -> Option<String> {
    const INSTEAD: &str = "forgotten";
    let masked = people.own_marks.masked(text, INSTEAD);
    let told = masked.as_deref().unwrap_or(text);
    if !told.contains("customer_id") {
        return masked;
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let (mut out, mut word, mut has_changed) = (String::new(), String::new(), false);
    for c in told.chars().map(Some).chain([None]) {
        if let Some(c) = c.filter(|c| is_part(*c)) {
            word.push(c);
            continue;
        }
        // An id that somebody of another source has too may be meant.
        let is_own = people.before.contains_key(&word);
        has_changed |= is_own;
        out.push_str(if is_own { INSTEAD } else { &word });
        out.extend(c);
        word.clear();
    }
    if has_changed { Some(out) } else { masked }
}

/// A quality report without examples of the people's rows; counts stay.
fn without_examples(text: &str, batch: &str, people: &People) -> Option<String> {
    let mut report: QualityReport = serde_json::from_str(text).ok()?;
    let mut has_changed = false;
    let source = people.batches.get(batch).map(|(source, _)| source.as_str()).unwrap_or_default();
    for rule in &mut report.rules {
        let before = rule.examples.len();
        rule.examples.retain(|example| {
            let row = i64::try_from(example.row).unwrap_or_default();
            !people.refused.contains(&(batch.to_owned(), row))
                && !people.are_in(&example.value)
                && !people.has(source, example.value.trim())
                && !people.orders.contains_key(&(source.to_owned(), example.value.trim().to_owned()))
        });
        has_changed |= rule.examples.len() != before;
    }
    if !has_changed {
        return None;
    }
    serde_json::to_string(&report).ok()
}

/// The record of a run whose cut points name none of the people: where one parts equal values, the one
/// before among the others parts them in the same way.
fn without_ties(text: &str, people: &People) -> Option<String> {
    let mut record: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut has_changed = false;
    replace_ties(&mut record, people, &mut has_changed);
    if !has_changed {
        return None;
    }
    serde_json::to_string(&record).ok()
}

fn replace_ties(value: &mut serde_json::Value, people: &People, has_changed: &mut bool) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                let before = value.as_str().filter(|_| key == "tie").and_then(|tie| people.before.get(tie));
                match before {
                    Some(before) => {
                        *value = before.clone().into();
                        *has_changed = true;
                    }
                    None => replace_ties(value, people, has_changed),
                }
            }
        }
        serde_json::Value::Array(values) => {
            values.iter_mut().for_each(|value| replace_ties(value, people, has_changed));
        }
        _ => {}
    }
}

/// A column of texts; a file leaves one out in which it has nothing.
fn text_of(rows: &RecordBatch, name: &str) -> Result<StringArray, ForgetError> {
    match rows.column_by_name(name) {
        Some(_) => Ok(texts(rows, name)?),
        None => Ok(StringArray::new_null(rows.num_rows())),
    }
}
