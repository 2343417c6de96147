//! The documents of schemes as runs applied them: a receipt of an old run speaks of the rule of then, also
//! when the file has changed since, with or without a new version number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clientele_engine::arrow::array::{ArrayRef, RecordBatch, StringArray};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema};
use clientele_engine::{EngineError, Lake, Session, Transaction};
use xxhash_rust::xxh3::xxh3_128;

use crate::library::Document;
use crate::quote::text as quote;
use crate::rows::{Value, rows, text};

const TABLE: &str = "scheme_versions";

/// What tells one document from another: by its text alone.
pub fn fingerprint(document: &Document) -> String {
    format!("{:032x}", xxh3_128(document.text.as_bytes()))
}

fn schema() -> Schema {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    Schema::new(vec![text("fingerprint"), text("name"), text("text")])
}

/// Keeps documents that the lake does not hold yet.
pub async fn keep(
    transaction: &mut Transaction,
    lake: &Lake,
    session: &Session,
    documents: &[&Document],
) -> Result<(), EngineError> {
    if !transaction.has_table(TABLE) {
        transaction.create_table(TABLE, Arc::new(schema()), &[])?;
    }
    let mut known = BTreeSet::new();
    if let Some(session) = kept(lake, session).await? {
        let sql = format!("SELECT fingerprint FROM {TABLE}");
        let batches = session.sql(&sql).await?.collect().await?;
        known.extend(rows(&batches).map(|r| text(&r[0])));
    }
    let new: Vec<(String, &Document)> = documents
        .iter()
        .map(|document| (fingerprint(document), *document))
        .filter(|(fingerprint, _)| known.insert(fingerprint.clone()))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let column = |of: &dyn Fn(&(String, &Document)) -> String| {
        Arc::new(StringArray::from_iter_values(new.iter().map(of))) as ArrayRef
    };
    let columns =
        vec![column(&|d| d.0.clone()), column(&|d| d.1.name.clone()), column(&|d| d.1.text.clone())];
    let batch = RecordBatch::try_new(Arc::new(schema()), columns)
        .map_err(|error| EngineError::Query { sql: TABLE.to_owned(), cause: error.to_string() })?;
    let mut writer = transaction.writer(TABLE, &[])?;
    writer.write(&batch)?;
    let file = writer.finish()?;
    transaction.add(TABLE, vec![file])
}

/// The documents with these fingerprints, as far as the lake holds them.
pub async fn documents(
    lake: &Lake,
    session: &Session,
    wanted: &BTreeSet<&str>,
) -> Result<BTreeMap<String, Document>, EngineError> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let Some(session) = kept(lake, session).await? else { return Ok(BTreeMap::new()) };
    let list: Vec<String> = wanted.iter().map(|f| quote(f)).collect();
    let sql =
        format!("SELECT fingerprint, name, text FROM {TABLE} WHERE fingerprint IN ({})", list.join(", "));
    let batches = session.sql(&sql).await?.collect().await?;
    let document = |r: Vec<Value>| (text(&r[0]), Document { name: text(&r[1]), text: text(&r[2]) });
    Ok(rows(&batches).map(document).collect())
}

/// A session of its own that knows the documents; none when there are none.
async fn kept(lake: &Lake, session: &Session) -> Result<Option<Session>, EngineError> {
    let files = lake.files(TABLE).await?;
    if files.is_empty() {
        return Ok(None);
    }
    let session = session.empty()?;
    session.register_files(TABLE, Arc::new(schema()), &files, &[])?;
    Ok(Some(session))
}
