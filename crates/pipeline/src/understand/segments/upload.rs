//! Static lists: customers that a file names.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDateTime;
use clientele_engine::arrow::array::{ArrayRef, Int32Array};
use clientele_engine::arrow::datatypes::{DataType, Schema};
use clientele_model::spec::segment::is_id;
use serde::Serialize;

use super::SegmentError;
use super::define::SegmentEdit;
use super::definition::{self, Definition, Kind};
use super::given::{self, By, Given, RowProblem};
use super::tables::{self, LISTS, counts, texts};
use crate::collect::values::contact::country_of_timezone;
use crate::rows::{int, rows, text};
use crate::workspace::Workspace;

/// What a person asks for.
#[derive(Debug, Clone)]
pub struct ListRequest {
    pub id: String,
    pub file: PathBuf,
    /// The column that tells who is meant; found by its name, when none is given.
    pub column: Option<String>,
    /// What it tells them by; found by the column's name, when not given.
    pub by: Option<By>,
    pub name_en: Option<String>,
    pub name_zh: Option<String>,
    pub note: Option<String>,
    pub now: NaiveDateTime,
}

/// What became of a list file.
#[derive(Debug, Clone, Serialize)]
pub struct Uploaded {
    pub definition: Definition,
    /// Rows of the file.
    pub rows: u64,
    /// Rows that belong to a customer at least.
    pub matched: u64,
    /// Customers in the list.
    pub customers: u64,
    /// Rows that hold what an earlier one did.
    pub repeated: u64,
    /// Rows that belong to several customers; all of them are in the list.
    pub several: u64,
    /// Rows that belong to nobody.
    pub unmatched: Vec<Unmatched>,
}

/// A row that belongs to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    pub row: u64,
    pub value: String,
    pub problem: RowProblem,
}

/// Makes a segment of the customers that a file names, or replaces the list that is there.
///
/// # Errors
/// The file cannot be read, or no column of it tells who is meant; nothing is written.
pub async fn upload(workspace: &Workspace, wish: ListRequest) -> Result<Uploaded, SegmentError> {
    if !is_id(&wish.id) {
        return Err(SegmentError::BadId { name: wish.id });
    }
    let settings = workspace.settings();
    let country = settings.country.as_deref().and_then(|code| code.parse().ok());
    let country = country.or_else(|| country_of_timezone(settings.timezone.name()));
    let rows = given::read(&wish.file, wish.column.as_deref(), wish.by, country)?;
    let desk = SegmentEdit::open(workspace).await?;
    let has_rule = desk.book.current().get(wish.id.as_str()).is_some_and(|d| d.kind == Kind::Rule);
    let matched = match has_rule {
        true => Err(SegmentError::HasRule { id: wish.id.clone() }),
        false => find(&desk, &rows).await,
    };
    match matched {
        Ok(matched) => write(desk, wish, &rows, &matched).await,
        Err(error) => {
            desk.transaction.discard().await?;
            Err(error)
        }
    }
}

/// A customer that a row means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Customer {
    source: String,
    customer_id: String,
    key: i32,
}

/// The customers that each row means: by id, else by e-mail, else by phone.
async fn find(desk: &SegmentEdit, given: &[Given]) -> Result<BTreeMap<u64, Vec<Customer>>, SegmentError> {
    if !register(desk, "customer_keys").await? {
        return Err(SegmentError::NoCustomers);
    }
    let has_profiles = register(desk, "customers").await?;
    let asked: Vec<&Given> = given.iter().filter(|g| g.problem.is_none()).collect();
    let batch = tables::batch([
        ("row", counts(asked.iter().map(|g| Some(g.row)))),
        ("id", texts(asked.iter().map(|g| g.id.as_ref()))),
        ("email", texts(asked.iter().map(|g| g.email.as_ref()))),
        ("phone", texts(asked.iter().map(|g| g.phone.as_ref()))),
    ])?;
    desk.session.register_batches("given", batch.schema(), vec![batch])?;
    let select =
        "SELECT DISTINCT g.row, k.source, k.customer_id, CAST(k.customer_key AS BIGINT) FROM given g JOIN";
    let mut queries = vec![
        format!("{select} customer_keys k ON g.id = k.customer_id"),
        format!("{select} customer_keys k ON g.id = k.source || ':' || k.customer_id"),
    ];
    if has_profiles {
        queries.push(format!("{select} customers k ON g.email = k.email"));
        queries.push(format!("{select} customers k ON g.phone = k.phone"));
    }
    let mut found: BTreeMap<u64, Vec<Customer>> = BTreeMap::new();
    for sql in queries {
        let mut these: BTreeMap<u64, Vec<Customer>> = BTreeMap::new();
        let batches = desk.session.sql(&sql).await?.collect().await?;
        for row in rows(&batches) {
            let customer =
                Customer { source: text(&row[1]), customer_id: text(&row[2]), key: int(&row[3]) as i32 };
            these.entry(int(&row[0]).unsigned_abs()).or_default().push(customer);
        }
        for (row, mut customers) in these {
            customers.sort();
            customers.dedup_by(|a, b| (&a.source, &a.customer_id) == (&b.source, &b.customer_id));
            found.entry(row).or_insert(customers);
        }
    }
    Ok(found)
}

/// Names a table of the lake in the session, if it has rows.
async fn register(desk: &SegmentEdit, table: &str) -> Result<bool, SegmentError> {
    let files = desk.lake.files(table).await?;
    let (Some(schema), false) = (desk.lake.schema(table).await?, files.is_empty()) else { return Ok(false) };
    let partitions = desk.lake.partition_columns(table).await?;
    let partitions: Vec<(&str, DataType)> = partitions
        .iter()
        .filter_map(|name| {
            Some((name.as_str(), Schema::field_with_name(&schema, name).ok()?.data_type().clone()))
        })
        .collect();
    desk.session.register_files(table, Arc::clone(&schema), &files, &partitions)?;
    Ok(true)
}

async fn write(
    mut desk: SegmentEdit,
    wish: ListRequest,
    given: &[Given],
    matched: &BTreeMap<u64, Vec<Customer>>,
) -> Result<Uploaded, SegmentError> {
    let mut customers: Vec<&Customer> = matched.values().flatten().collect();
    customers.sort();
    customers.dedup();
    let unmatched: Vec<Unmatched> = given
        .iter()
        .filter(|g| !matched.contains_key(&g.row))
        .map(|g| Unmatched {
            row: g.row,
            value: g.value.clone(),
            problem: g.problem.unwrap_or(RowProblem::Nobody),
        })
        .collect();
    let made = Definition {
        version: desk.next_version(&wish.id),
        kind: Kind::List,
        name: desk.name(&wish.id, wish.name_en, wish.name_zh),
        rule: None,
        tree: None,
        note: wish.note,
        made_at: wish.now,
        listed: Some(customers.len() as u64),
        id: wish.id,
    };
    let rows: Vec<(&Given, Option<&Customer>)> = given
        .iter()
        .flat_map(|g| {
            let customers = matched.get(&g.row).map(Vec::as_slice).unwrap_or_default();
            let nobody = customers.is_empty().then_some((g, None));
            customers.iter().map(move |c| (g, Some(c))).chain(nobody)
        })
        .collect();
    let problem = |g: &Given| match matched.contains_key(&g.row) {
        true => None,
        false => Some(g.problem.unwrap_or(RowProblem::Nobody).word()),
    };
    let keys: ArrayRef = Arc::new(rows.iter().map(|(_, c)| c.map(|c| c.key)).collect::<Int32Array>());
    let batch = tables::batch([
        ("row", counts(rows.iter().map(|(g, _)| Some(g.row)))),
        ("given", texts(rows.iter().map(|(g, _)| Some(&g.value)))),
        ("problem", texts(rows.iter().map(|(g, _)| problem(g)))),
        ("customer_key", keys),
        ("source", texts(rows.iter().map(|(_, c)| c.map(|c| &c.source)))),
        ("customer_id", texts(rows.iter().map(|(_, c)| c.map(|c| &c.customer_id)))),
    ])?;
    tables::prepare(&mut desk.transaction, LISTS)?;
    let version = made.version.to_string();
    let mut writer = desk.transaction.writer(LISTS, &[("segment", &made.id), ("version", &version)])?;
    writer.write(&batch)?;
    let file = writer.finish()?;
    desk.transaction.add(LISTS, vec![file])?;
    definition::append(&mut desk.transaction, &made)?;
    let message = format!("list {}, version {}", made.id, made.version);
    desk.transaction.commit_at(&message, wish.now.and_utc()).await?;
    Ok(Uploaded {
        rows: given.len() as u64,
        matched: matched.len() as u64,
        customers: customers.len() as u64,
        repeated: given.iter().filter(|g| g.repeats.is_some()).count() as u64,
        several: matched.values().filter(|c| c.len() > 1).count() as u64,
        unmatched,
        definition: made,
    })
}
