//! What a run says of one customer: the row of figures and the row of labels, read once for all receipts.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::{EngineUrl, Session};

use super::KnownCustomer;
use crate::classify::compile::ident;
use crate::understand::rows::{Value, rows};
use crate::understand::view::{RunView, ViewError};

/// A customer's own rows.
pub(super) struct OwnRows {
    pub key: i64,
    /// Knows the customer's figures; on a cluster, those of the whole bucket.
    pub session: Session,
    metrics: BTreeMap<String, Value>,
    labels: BTreeMap<String, Value>,
}

impl OwnRows {
    /// Reads some columns of the customer's rows.
    pub(super) async fn read(
        view: &RunView,
        customer: &KnownCustomer,
        metrics: &BTreeSet<&str>,
        labels: &BTreeSet<String>,
    ) -> Result<OwnRows, ViewError> {
        let bucket = view.in_bucket(customer.bucket)?;
        let key = customer.key;
        let select = |table: &str, columns: &[&str]| {
            let columns: String = columns.iter().map(|column| format!(", {}", ident(column))).collect();
            format!("SELECT customer_key, customer_id{columns} FROM {table} WHERE customer_key = {key}")
        };
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let batches = bucket.sql(&select("labels", &labels)).await?.collect().await?;
        let label_row = rows(&batches).next().unwrap_or_default();
        let columns: Vec<&str> = metrics.iter().copied().collect();
        let frame = bucket.sql(&select("metrics", &columns)).await?;
        let (schema, batches) = (frame.schema(), frame.collect().await?);
        let metric_row = rows(&batches).next().unwrap_or_default();
        // A cluster cannot see what is only in memory.
        let session = match bucket.engine() {
            EngineUrl::Local => {
                let own = bucket.empty()?;
                own.register_batches("metrics", schema, batches)?;
                own
            }
            _ => bucket,
        };
        let named = |names: Vec<&str>, row: Vec<Value>| {
            names.into_iter().map(str::to_owned).zip(row.into_iter().skip(2)).collect()
        };
        Ok(OwnRows { key, session, metrics: named(columns, metric_row), labels: named(labels, label_row) })
    }

    /// A figure of the customer.
    pub(super) fn metric(&self, name: &str) -> Value {
        self.metrics.get(name).cloned().unwrap_or(Value::Unknown)
    }

    /// What a column of labels says of the customer.
    pub(super) fn label(&self, column: &str) -> Value {
        self.labels.get(column).cloned().unwrap_or(Value::Unknown)
    }
}
