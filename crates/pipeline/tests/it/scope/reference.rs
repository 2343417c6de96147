//! A lake that holds only what a scope allows: a copy whose files were written again without the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use clientele_engine::arrow::array::{ArrayRef, RecordBatch, StringArray, new_null_array};
use clientele_engine::arrow::datatypes::DataType;
use clientele_engine::arrow::util::display::array_value_to_string;
use clientele_engine::{DataFile, EngineSettings, FunctionSet, Lake, Session, Transaction};
use clientele_model::{FieldClass, Sight};
use clientele_pipeline::understand::{RunView, Scope};
use clientele_pipeline::{Run, Workspace};

use crate::support::Base;

/// Amounts, by the tables that have them; the questions of these tests read no other classes.
const MONEY: [(&str, &[&str]); 5] = [
    ("orders", &["gross", "discount", "refunded", "amount", "cost", "original_amount"]),
    ("order_lines", &["unit_price", "discount", "amount", "cost"]),
    ("events", &["value"]),
    ("opportunities", &["amount"]),
    ("service_costs", &["amount"]),
];

/// The base, cut to some customers and to the classes that a scope shows.
pub async fn cut(base: &Base, whole: &RunView, scope: &Scope, customers: &BTreeSet<String>) -> Base {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&base.folder.path().join("base"), &folder.path().join("base"));
    let workspace = Workspace::open(&folder.path().join("base")).await.expect("a workspace");
    let lake = workspace.lake().await.expect("a lake");
    let session =
        Session::open(&EngineSettings::default(), &FunctionSet::default()).await.expect("a session");
    let keys = keys(&lake, &session, customers).await;
    let mut transaction = lake.begin().await.expect("a transaction");
    let is_hidden = |class| scope.fields.get(&class).is_some_and(|sight: &Sight| *sight != Sight::Shown);
    let mut rewritten = BTreeSet::new();
    let tables: Vec<String> = lake.snapshot().tables().map(|(name, _)| name.to_owned()).collect();
    for table in tables.iter().filter(|table| *table != "runs") {
        let empty: &[&str] = &[];
        let money = MONEY.iter().find(|(of, _)| of == table).map_or(empty, |(_, columns)| columns);
        let money = if is_hidden(FieldClass::Money) { money } else { empty };
        for file in lake.files(table).await.expect("files") {
            let batch = read(&lake, &session, table, &file).await;
            let kept: Vec<usize> =
                (0..batch.num_rows()).filter(|row| is_kept(&batch, *row, customers, &keys)).collect();
            if kept.len() < batch.num_rows() || !money.is_empty() {
                write(&mut transaction, table, &file, &batch, &kept, money);
                rewritten.insert(table.clone());
            }
        }
    }
    let versions: BTreeMap<String, u64> = lake.snapshot().tables().map(|(t, v)| (t.to_owned(), v)).collect();
    let hides = |run: &Run| {
        let mut run = run.clone();
        run.customers = customers.len() as u64;
        for (table, version) in &mut run.inputs {
            *version = versions[table] + u64::from(rewritten.contains(table));
        }
        let class_of = |id: &str| {
            let found = whole.catalogue.metrics.iter().find(|metric| metric.spec.id.as_str() == id);
            found.map(|metric| metric.spec.class())
        };
        run.metrics.retain(|id, _| !class_of(id).is_some_and(is_hidden));
        run
    };
    // What the whole base has on record of runs, of which some metrics are told no more.
    let session = session.empty().expect("a session");
    let files = lake.files("runs").await.expect("files");
    let mut runs = Vec::new();
    for file in &files {
        let batch = read(&lake, &session, "runs", file).await;
        let place = batch.schema().index_of("record").expect("records");
        for row in 0..batch.num_rows() {
            let text = array_value_to_string(batch.column(place), row).expect("a text");
            runs.push(hides(&serde_json::from_str(&text).expect("a run")));
        }
    }
    transaction.remove("runs", files).expect("removed");
    let texts = |of: &dyn Fn(&Run) -> String| {
        Arc::new(StringArray::from_iter_values(runs.iter().map(of))) as ArrayRef
    };
    let columns = vec![
        texts(&|run| run.id.to_string()),
        texts(&|run| run.as_of.to_string()),
        texts(&|run| serde_json::to_string(run).expect("a record")),
    ];
    let schema = lake.schema("runs").await.expect("a schema").expect("a schema");
    let batch = RecordBatch::try_new(schema, columns).expect("rows");
    let mut writer = transaction.writer("runs", &[]).expect("a writer");
    writer.write(&batch).expect("written");
    let file = writer.finish().expect("a file");
    transaction.add("runs", vec![file]).expect("added");
    transaction.commit("cut").await.expect("a commit");
    Base { folder, workspace }
}

/// The keys of some customers.
async fn keys(lake: &Lake, session: &Session, customers: &BTreeSet<String>) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for file in lake.files("customer_keys").await.expect("files") {
        let batch = read(lake, session, "customer_keys", &file).await;
        for row in 0..batch.num_rows() {
            if customers.contains(&cell(&batch, "customer_id", row).expect("an id")) {
                keys.insert(cell(&batch, "customer_key", row).expect("a key"));
            }
        }
    }
    keys
}

fn cell(batch: &RecordBatch, column: &str, row: usize) -> Option<String> {
    let column = batch.column_by_name(column)?;
    Some(array_value_to_string(column, row).expect("a text"))
}

fn is_kept(batch: &RecordBatch, row: usize, customers: &BTreeSet<String>, keys: &BTreeSet<String>) -> bool {
    let is_known = |id: Option<String>, among: &BTreeSet<String>| id.is_none_or(|id| among.contains(&id));
    is_known(cell(batch, "customer_id", row), customers)
        && is_known(cell(batch, "to_id", row), customers)
        && is_known(cell(batch, "customer_key", row), keys)
}

async fn read(lake: &Lake, session: &Session, table: &str, file: &DataFile) -> RecordBatch {
    let schema = lake.schema(table).await.expect("a schema").expect("a schema");
    let partitions = lake.partition_columns(table).await.expect("partitions");
    let type_of = |name: &String| {
        schema.field_with_name(name).map_or(DataType::Utf8, |field| field.data_type().clone())
    };
    let partitions: Vec<(&str, DataType)> = partitions.iter().map(|n| (n.as_str(), type_of(n))).collect();
    session.register_location(lake.location()).expect("a place");
    session.register_files("file", schema, std::slice::from_ref(file), &partitions).expect("a table");
    let frame = session.sql("SELECT * FROM file").await.expect("a query");
    let batches = frame.collect().await.expect("rows");
    clientele_engine::arrow::compute::concat_batches(&frame.schema(), &batches).expect("one batch")
}

fn write(
    transaction: &mut Transaction,
    table: &str,
    file: &DataFile,
    batch: &RecordBatch,
    kept: &[usize],
    money: &[&str],
) {
    transaction.remove(table, vec![file.clone()]).expect("removed");
    if kept.is_empty() {
        return;
    }
    let rows =
        clientele_engine::arrow::array::UInt32Array::from_iter_values(kept.iter().map(|row| *row as u32));
    let batch = clientele_engine::arrow::compute::take_record_batch(batch, &rows).expect("rows");
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(field, column)| {
        match money.contains(&field.name().as_str()) {
            true => new_null_array(field.data_type(), column.len()),
            false => Arc::clone(column),
        }
    });
    let inside: Vec<usize> = (0..schema.fields().len())
        .filter(|at| !file.partitions.contains_key(schema.field(*at).name()))
        .collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns.collect()).expect("rows");
    let batch = batch.project(&inside).expect("columns");
    let partitions: Vec<(&str, &str)> =
        file.partitions.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let mut writer = transaction.writer(table, &partitions).expect("a writer");
    writer.write(&batch).expect("written");
    let file = writer.finish().expect("a file");
    transaction.add(table, vec![file]).expect("added");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a type").is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a copy")),
        }
    }
}
