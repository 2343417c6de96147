//! The tables of facts that are imported alike: each described once, read, compared and taken
//! back by the same code.
//!
//! What a customer did, said, asked, answered, is offered, is tied to, allowed, belongs to and
//! costs. Orders and customers have paths of their own (`map/orders`, `map/lines`,
//! `map/customers`).

mod behaviour;
mod column;
mod sales;
mod service;
pub mod words;

use clientele_engine::arrow::datatypes::DataType;
use clientele_model::spec::source::{Field, Grain};

pub use column::{Check, ColumnKind, FactColumn, Limits};
pub use sales::{AFTER_CREATION, BEFORE_IMPORT, MADE_STAGE};

/// A table of facts.
#[derive(Debug)]
pub struct RecordTable {
    /// The grain of files that fill it.
    pub grain: Grain,
    /// Its name in the lake.
    pub name: &'static str,
    /// The table of versions that later batches replaced.
    pub superseded: &'static str,
    /// The column of the time that rows are sorted by; its field is required unless the column
    /// says otherwise.
    pub at: &'static str,
    /// The column of a record's own id, where such records have one.
    pub id: Option<&'static str>,
    /// The columns that, with the customer, tell a record from others where it has no id. Empty:
    /// all columns do, and records that are alike in all of them are several records.
    pub key: &'static [&'static str],
    /// Its own columns, after those that all tables of facts have.
    pub columns: &'static [FactColumn],
    /// What no single column can tell.
    pub checks: &'static [Check],
}

/// Tells apart records without id that are alike in everything: 2 for the second, and so on;
/// null for the first.
pub const OCCURRENCE: &str = "occurrence";

/// What else a file says of a record, as a JSON object.
pub const ATTRIBUTES: &str = "attributes";

/// All tables of facts.
pub static RECORDS: [&RecordTable; 10] = [
    &behaviour::EVENTS,
    &behaviour::INTERACTIONS,
    &service::TICKETS,
    &service::RESPONSES,
    &sales::OPPORTUNITIES,
    &sales::OPPORTUNITY_STAGES,
    &sales::RELATIONS,
    &service::CONSENTS,
    &service::MEMBERSHIPS,
    &behaviour::SERVICE_COSTS,
];

impl RecordTable {
    /// The table that files of a grain fill; `None` for orders, their lines and customers.
    pub fn of(grain: Grain) -> Option<&'static RecordTable> {
        RECORDS.into_iter().find(|table| table.grain == grain)
    }

    /// The table of that name, or whose replaced versions have it.
    pub fn named(name: &str) -> Option<&'static RecordTable> {
        RECORDS.into_iter().find(|table| table.name == name || table.superseded == name)
    }

    /// Whether records that are alike in all columns are several records.
    pub fn repeats(&self) -> bool {
        self.key.is_empty()
    }

    /// The field of the main time.
    pub fn at_field(&self) -> Option<Field> {
        self.column(self.at).map(|column| column.field)
    }

    /// One of its own columns.
    pub fn column(&self, name: &str) -> Option<&'static FactColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns that make a record's content: all of its own but the id.
    pub fn content(&self) -> Vec<&'static str> {
        let own = self.columns.iter().map(|column| column.name);
        own.filter(|name| Some(*name) != self.id).chain([ATTRIBUTES]).collect()
    }

    /// The columns that tell a record from others where it has no id.
    pub fn identity(&self) -> Vec<&'static str> {
        if self.repeats() { self.content() } else { self.key.to_vec() }
    }

    /// All columns of the lake's table, with their types.
    pub fn lake_columns(&self) -> Vec<(&'static str, DataType)> {
        let mut columns = vec![
            ("bucket", DataType::Int32),
            ("batch", DataType::Utf8),
            ("customer_key", DataType::Int32),
            ("source", DataType::Utf8),
            ("customer_id", DataType::Utf8),
        ];
        columns.extend(self.columns.iter().map(|column| (column.name, column.kind.data_type())));
        if self.repeats() {
            columns.push((OCCURRENCE, DataType::Int32));
        }
        columns.push((ATTRIBUTES, DataType::Utf8));
        columns
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::rows::content::is_number;
    use super::*;

    #[test]
    fn tables_are_sound() {
        for table in RECORDS {
            assert!(table.column(table.at).is_some(), "{}: its time is a column", table.name);
            let names: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
            assert!(
                table.key.iter().all(|name| names.contains(name) || *name == ATTRIBUTES),
                "{}",
                table.name
            );
            assert!(table.id.is_none_or(|name| names.contains(name)), "{}", table.name);
            for column in table.columns {
                assert!(column.field.grains().contains(&table.grain), "{}.{}", table.name, column.name);
                let is_text = column.kind.data_type() == DataType::Utf8;
                assert_eq!(is_number(column.name), !is_text, "{}.{}", table.name, column.name);
            }
        }
    }

    #[test]
    fn every_grain_has_one_table() {
        for grain in Grain::ALL {
            let is_own = matches!(grain, Grain::Order | Grain::OrderLine | Grain::Customer);
            assert_eq!(RecordTable::of(grain).is_none(), is_own, "{grain:?}");
        }
    }
}
