//! The tables of a view as somebody may see them: fewer rows, fewer columns.
//!
//! This is where rows and columns are held back. A question names a table and gets what the cut leaves of it;
//! it has no way to the table itself.

use std::sync::Arc;

use async_trait::async_trait;
use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::arrow::datatypes::{Field, Schema, SchemaRef};
use clientele_engine::{EngineError, Found, Session, TableSource};
use clientele_model::Sight;

use super::fields::{Sights, mask, masked_name};
use super::names::base_of;
use crate::catalogue::Catalogue;
use crate::collect::tables;
use crate::quote::ident;

/// The table of the customers within reach, in sessions that nobody else gets to.
const REACHED: &str = "customers within reach";

/// What somebody may see of a run.
#[derive(Clone)]
pub(in crate::understand) struct Cut {
    /// The customers within reach; everybody, when there is none.
    pub reached: Option<Reached>,
    pub sights: Sights,
    pub catalogue: Arc<Catalogue>,
}

/// Customers, by key, source and id.
#[derive(Clone)]
pub(in crate::understand) enum Reached {
    /// In memory.
    Rows(SchemaRef, Vec<RecordBatch>),
    /// As a query over the tables of the run: a cluster cannot see what is in memory.
    Query(String),
}

/// Finds the tables of a view, cut to what may be seen.
pub(super) struct CutTables {
    /// Knows the tables as they are.
    whole: Session,
    cut: Arc<Cut>,
}

impl CutTables {
    /// `whole` knows the tables as they are; nothing of it is handed on.
    pub fn new(whole: &Session, cut: Arc<Cut>) -> Result<Self, EngineError> {
        let whole = whole.detached()?;
        if let Some(Reached::Rows(schema, rows)) = &cut.reached {
            whole.register_batches(REACHED, Arc::clone(schema), rows.clone())?;
        }
        Ok(CutTables { whole, cut })
    }
}

#[async_trait]
impl TableSource for CutTables {
    async fn table(&self, name: &str) -> Result<Option<Found>, EngineError> {
        let Some(schema) = self.whole.schema_of(name).await? else { return Ok(None) };
        let Some(sql) = self.cut.select(name, &schema) else { return Ok(None) };
        Ok(Some(Found::Query(Box::new(self.whole.sql(&sql).await?))))
    }
}

impl Cut {
    /// What is left of a table; nothing where its rows cannot be told apart by customer, or no column is shown.
    fn select(&self, name: &str, schema: &Schema) -> Option<String> {
        let base = base_of(name);
        let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let rows = self.rows(base, name, &columns)?;
        let shown: Vec<String> = schema.fields().iter().flat_map(|field| self.shown(base, field)).collect();
        (!shown.is_empty()).then(|| format!("SELECT {} FROM {} t{rows}", shown.join(", "), ident(name)))
    }

    /// A column as it may be seen, as items of a SELECT. What is not shown of records is as if no file had ever
    /// brought it in, so that what is asked about the rest has an answer; a metric or a tier is not there, as in
    /// a run that did not compute it.
    fn shown(&self, table: &str, field: &Field) -> Vec<String> {
        let column = field.name();
        let sight = self.sight(table, column);
        if sight == Sight::Shown {
            return vec![ident(column)];
        }
        let is_result = matches!(table, "metrics" | "labels");
        let none = || format!("NULLIF({0}, {0}) AS {0}", ident(column));
        let masked = || format!("{} AS {}", mask(column), ident(&masked_name(column)));
        let parts = [(!is_result).then(none), (sight == Sight::Masked).then(masked)];
        parts.into_iter().flatten().collect()
    }

    /// How a column of a table is seen.
    pub fn sight(&self, table: &str, column: &str) -> Sight {
        let leads = ["customer_key", "source", "customer_id", "run", "bucket"];
        match table {
            _ if self.sights.is_everything() => Sight::Shown,
            "metrics" | "labels" if leads.contains(&column) => Sight::Shown,
            "metrics" => self.sights.of_metric(&self.catalogue, column),
            "labels" => {
                let column = column.split("__").next().unwrap_or(column);
                let scheme = self.catalogue.schemes.iter().find(|s| s.spec.id.column() == column);
                let id = scheme.map_or("", |scheme| scheme.spec.id.as_str());
                self.sights.of_scheme(&self.catalogue, id)
            }
            _ => self.sights.of_column(table, column),
        }
    }

    /// The condition that leaves the rows of customers within reach; nothing where rows do not say whose they
    /// are.
    fn rows(&self, base: &str, name: &str, columns: &[&str]) -> Option<String> {
        let from = match &self.reached {
            None => return Some(String::new()),
            Some(Reached::Rows(..)) => ident(REACHED),
            Some(Reached::Query(query)) => format!("({query})"),
        };
        let has = |column: &str| columns.contains(&column);
        // The run's own results and the records that it read have its keys; what was written at other times may
        // have others, and is known by ids.
        let is_of_run =
            (base == "metrics" || base == "labels") && !name.contains(" of ") || tables::ALL.contains(&base);
        let by_id = |column: &str| {
            format!(
                "EXISTS (SELECT 1 FROM {from} r WHERE r.source = t.source AND r.customer_id = t.{column})"
            )
        };
        let whose = match is_of_run && has("customer_key") {
            true => format!("t.customer_key IN (SELECT r.customer_key FROM {from} r)"),
            false if has("source") && has("customer_id") => by_id("customer_id"),
            false => return None,
        };
        // A tie between two is seen by those who see both.
        let other = if has("to_id") { format!(" AND {}", by_id("to_id")) } else { String::new() };
        Some(format!(" WHERE {whose}{other}"))
    }
}
