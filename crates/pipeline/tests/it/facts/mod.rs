//! What metrics see of each kind of fact, over a few records that are worked out by hand.
//!
//! Records are written into the lake as they are, so that nothing here depends on how files are
//! read. Every shop has buckets of two customers.

mod behaviour;
mod customers;
mod graph;
mod library;
mod prices;
mod questionnaires;
mod sales;
mod service;
mod stages;
mod unknown;

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::arrow::datatypes::{DataType, TimeUnit};
use clientele_engine::{EngineSettings, Session};
use clientele_model::RunId;
use clientele_model::progress::{Progress, Quiet};
use clientele_pipeline::collect::tables;
use clientele_pipeline::library::Document;
use clientele_pipeline::measure::registry::MetricRegistry;
use clientele_pipeline::measure::{self, Plan};
use clientele_pipeline::session;
use clientele_pipeline::understand::rows::{Value, rows, text};

use crate::support::Base;

const BUCKET: i32 = 2;

/// A base whose tables are filled directly.
struct Shop {
    base: Base,
    session: Session,
}

/// A metric: id, unit, expression, filter.
type Wanted<'a> = (&'a str, &'a str, &'a str, &'a str);

impl Shop {
    /// A shop with customers of the source `shop`, whose keys follow their order.
    async fn with(customers: &[&str]) -> Shop {
        let base = Base::new(BUCKET).await;
        let session = session::session(&EngineSettings::default()).await.expect("a session");
        let shop = Shop { base, session };
        let keys: Vec<String> =
            customers.iter().enumerate().map(|(key, id)| format!("('{key}', '{id}')")).collect();
        let named = format!("(VALUES {}) v(customer_key, customer_id)", keys.join(", "));
        shop.session.deregister("known").expect("no table");
        let sql = format!(
            "SELECT CAST(customer_key AS INT) AS customer_key, 'shop' AS source, customer_id FROM {named}"
        );
        let known = shop.session.sql(&sql).await.expect("keys").collect().await.expect("keys");
        shop.session.register_batches("known", known[0].schema(), known).expect("keys");
        shop.write(tables::CUSTOMER_KEYS, "SELECT * FROM known", &[("batch", "b0001")]).await;
        shop
    }

    /// Adds records: the names of their columns, the first of which is the customer's id, and their
    /// values as text, where nothing means null.
    async fn add(&self, table: &str, columns: &str, records: &[&str]) {
        let schema = tables::schema_of(table);
        let columns: Vec<&str> = columns.split_whitespace().collect();
        let values: Vec<String> = records
            .iter()
            .map(|record| {
                let values: Vec<String> = record.split('|').map(|v| literal(v.trim())).collect();
                assert_eq!(values.len(), columns.len(), "{record}");
                format!("({})", values.join(", "))
            })
            .collect();
        let typed: Vec<String> = columns[1..]
            .iter()
            .map(|name| {
                let field = schema.field_with_name(name).unwrap_or_else(|_| panic!("{table}.{name}"));
                format!("CAST(v.{name} AS {}) AS {name}", sql_type(field.data_type()))
            })
            .collect();
        let sql = format!(
            "SELECT k.customer_key, k.source, {}{} FROM (VALUES {}) v({}) \
             JOIN known k ON k.customer_id = v.{}",
            if schema.field_with_name("customer_id").is_ok() { "k.customer_id, " } else { "" },
            typed.join(", "),
            values.join(", "),
            columns.join(", "),
            columns[0],
        );
        let in_buckets = tables::partitions_of(table).contains(&"bucket");
        for bucket in 0..if in_buckets { 4 } else { 1 } {
            let number = bucket.to_string();
            let mut partitions = vec![("batch", "b0001")];
            let mut where_bucket = String::new();
            if in_buckets {
                partitions.push(("bucket", &number));
                where_bucket = format!(" WHERE customer_key / {BUCKET} = {bucket}");
            }
            let sql = format!("SELECT * FROM ({sql}){where_bucket}");
            self.write(table, &sql, &partitions).await;
        }
    }

    async fn write(&self, table: &str, sql: &str, partitions: &[(&str, &str)]) {
        let lake = self.base.workspace.lake().await.expect("a lake");
        let mut transaction = lake.begin().await.expect("a transaction");
        if !transaction.has_table(table) {
            let columns = tables::partitions_of(table);
            transaction.create_table(table, tables::schema_of(table), columns).expect("a table");
        }
        let mut writer = transaction.writer(table, partitions).expect("a file");
        let count = self.session.write_query(sql, &mut writer).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        if count > 0 {
            let file = writer.finish().expect("a file");
            transaction.add(table, vec![file]).expect("the file is added");
        }
        transaction.commit("test").await.expect("a commit");
    }

    /// Measures documents; the values by customer, in the order of the metrics' ids.
    async fn measure(&self, as_of: &str, documents: &[Document]) -> BTreeMap<String, Vec<Value>> {
        let registry = MetricRegistry::build(documents).unwrap_or_else(|error| panic!("{error}"));
        let as_of = as_of.parse().expect("a day");
        let lake = self.base.workspace.lake().await.expect("a lake");
        let mut transaction = lake.begin().await.expect("a transaction");
        measure::prepare(&mut transaction, &lake, &registry).await.expect("a table");
        let mut plan = Plan::new(&self.session, &lake, BUCKET).await.expect("a plan");
        plan.threads = 2;
        let (run, progress) = (RunId::new("r0001"), Arc::new(Quiet) as Arc<dyn Progress>);
        plan.survey(&registry, as_of, &run, &mut transaction).await.expect("a survey of everybody");
        let files = plan.measure(&registry, as_of, &run, &transaction.stager(), &progress).await;
        let files = files.unwrap_or_else(|error| panic!("{error}"));
        let schema = Arc::new(measure::sql::schema(&registry));
        self.session.register_files("metrics", schema, &files, &[]).expect("metrics");
        let mut ids: Vec<&str> = registry.ids();
        ids.sort_unstable();
        let sql = format!("SELECT customer_id, {} FROM metrics", ids.join(", "));
        let batches = self.session.sql(&sql).await.expect("a query").collect().await.expect("metrics");
        let found = rows(&batches).map(|mut row| (text(&row[0]), row.split_off(1))).collect();
        transaction.discard().await.expect("nothing is kept");
        found
    }

    /// Measures one figure a column or function, and compares them for some customers.
    async fn gives(&self, as_of: &str, source: &str, wanted: &[Wanted<'_>], expected: &[(&str, &[&str])]) {
        let documents: Vec<Document> = wanted.iter().map(|w| document(source, w, "unknown")).collect();
        let found = self.measure(as_of, &documents).await;
        let mut ids: Vec<&str> = wanted.iter().map(|w| w.0).collect();
        ids.sort_unstable();
        for (place, (id, ..)) in wanted.iter().enumerate() {
            let at = ids.iter().position(|i| i == id).expect("the metric");
            for (customer, values) in expected {
                assert_eq!(shown(&found[*customer][at]), values[place], "{source}: {id} of {customer}");
            }
        }
    }
}

/// A value as tests write it; nothing for an unknown one.
fn shown(value: &Value) -> String {
    match value {
        Value::Unknown => String::new(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Float(f) => f.to_string(),
        Value::Money(m) => (*m as f64 / 10_000.0).to_string(),
        Value::Date(d) => d.to_string(),
        Value::Time(t) => t.to_string(),
        Value::Text(t) => t.clone(),
    }
}

fn literal(value: &str) -> String {
    if value.is_empty() { "NULL".to_owned() } else { format!("'{}'", value.replace('\'', "''")) }
}

fn sql_type(kind: &DataType) -> &'static str {
    match kind {
        DataType::Utf8 => "VARCHAR",
        DataType::Int32 => "INT",
        DataType::Int64 => "BIGINT",
        DataType::Float64 => "DOUBLE",
        DataType::Date32 => "DATE",
        DataType::Timestamp(TimeUnit::Microsecond, None) => "TIMESTAMP",
        DataType::Decimal128(18, 4) => "DECIMAL(18,4)",
        other => panic!("{other} has no name here"),
    }
}

/// A metric document.
fn document(source: &str, (id, unit, expression, filter): &Wanted<'_>, absent: &str) -> Document {
    let filter = if filter.is_empty() { String::new() } else { format!("filter = \"{filter}\"\n") };
    let both = "{ en = \"a\", zh = \"甲\" }";
    let text = format!(
        "id = \"{id}\"\nversion = 1\nunit = \"{unit}\"\nsource = \"{source}\"\nexpression = \"{expression}\"\n\
         {filter}absent = \"{absent}\"\ndirection = \"none\"\nname = {both}\nmeaning = {both}\n\
         formula = {both}\nabsent_means = {both}\n"
    );
    Document { name: format!("{id}.toml"), text }
}
