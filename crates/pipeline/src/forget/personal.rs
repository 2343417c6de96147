//! How each table of the lake knows a customer, and what becomes of its rows when one is forgotten: the one
//! place that says so. A table that is not here stops [`super::forget`] before anything is done.

use crate::classify::overrides;
use crate::collect::records::RECORDS;
use crate::collect::tables;
use crate::results::LABELS;
use crate::understand::segment_tables as segments;

/// What a table holds of single customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonalData {
    pub table: &'static str,
    pub knows: Knows,
    pub becomes: Becomes,
    /// Columns in which people wrote freely: where such a text of somebody else's names the customer, by
    /// e-mail, phone, full name or a telling id, that part is taken out.
    pub free_text: &'static [&'static str],
}

/// By what a row is known to be about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knows {
    /// By the column `source` and one of these columns, which hold ids of customers.
    Ids(&'static [&'static str]),
    /// By `customer_key`, the customer's number, as the metrics of the same run have it.
    KeyOfRun,
    /// By the order that it belongs to.
    Order,
    /// By the record that it confirms.
    Record,
    /// By what the row says, which is as a file had it.
    Row,
    /// By ids, and by what an uploaded list said.
    List,
    /// By the customers' ids that part equal values at cut points.
    Ties,
    /// By the examples of its quality report.
    Examples,
    /// Nothing but what people may have written freely.
    Text,
    /// It holds nothing of single customers, for this reason.
    Nobody(&'static str),
}

/// What becomes of rows that are about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    /// They go.
    Removed,
    /// They stay without what leads to the customer, so that totals hold; or go when that is asked for.
    Remainder(&'static Remainder),
    /// They stay, told without the customer.
    Retold,
}

/// Every column of a table whose rows may stay as remainders.
#[derive(Debug, PartialEq, Eq)]
pub struct Remainder {
    /// Stay as they are.
    pub kept: &'static [&'static str],
    /// Are empty afterwards.
    pub blanked: &'static [&'static str],
    /// Order numbers: others, made up, take their place, the same for the same order.
    pub renumbered: &'static [&'static str],
    /// Times: only the day stays.
    pub days: &'static [&'static str],
}

/// What stays of an order: what it came to, what for, on which day and by which way.
pub static ORDER: Remainder = Remainder {
    kept: &[
        "bucket",
        "batch",
        "source",
        "status",
        "own_status",
        "gross",
        "discount",
        "refunded",
        "amount",
        "cost",
        "currency",
        "channel",
        "payment_method",
        "shop",
        "category",
        "original_amount",
        "original_currency",
        "superseded_by",
    ],
    blanked: &["customer_key", "customer_id", "paid_at", "region", "staff", "attributes"],
    renumbered: &["order_id", "refunds_order_id"],
    days: &["ordered_at"],
};

/// What stays of an order line.
pub static ORDER_LINE: Remainder = Remainder {
    kept: &[
        "bucket",
        "batch",
        "source",
        "line_no",
        "status",
        "product_id",
        "product_name",
        "category",
        "quantity",
        "unit_price",
        "discount",
        "amount",
        "cost",
        "superseded_by",
    ],
    blanked: &["customer_key"],
    renumbered: &["order_id"],
    days: &["ordered_at"],
};

const ID: Knows = Knows::Ids(&["customer_id"]);

const fn table(table: &'static str, knows: Knows, becomes: Becomes) -> PersonalData {
    PersonalData { table, knows, becomes, free_text: &[] }
}

const fn with_text(data: PersonalData, free_text: &'static [&'static str]) -> PersonalData {
    PersonalData { free_text, ..data }
}

/// All tables, in the order in which they are looked through: what later ones need to know of a customer is
/// found in earlier ones.
pub fn all() -> Vec<PersonalData> {
    use Becomes::{Remainder, Removed, Retold};
    let mut all = vec![
        table(tables::CUSTOMER_KEYS, ID, Removed),
        table(tables::CUSTOMERS, ID, Removed),
        table(tables::OWN_CUSTOMERS, ID, Removed),
        table(tables::SUPERSEDED_CUSTOMERS, ID, Removed),
        table(tables::ORDERS, ID, Remainder(&ORDER)),
        table(tables::SUPERSEDED_ORDERS, ID, Remainder(&ORDER)),
        table(tables::ORDER_LINES, Knows::Order, Remainder(&ORDER_LINE)),
        table(tables::SUPERSEDED_ORDER_LINES, Knows::Order, Remainder(&ORDER_LINE)),
    ];
    for facts in RECORDS {
        for name in [facts.name, facts.superseded] {
            all.push(facts_of(name, facts.name));
        }
    }
    all.extend([
        table(tables::CONFIRMATIONS, Knows::Record, Removed),
        with_text(table(tables::QUARANTINE, Knows::Row, Removed), &["file"]),
        with_text(table(tables::BATCHES, Knows::Examples, Retold), &["file"]),
        table("metrics", ID, Removed),
        table(LABELS, ID, Removed),
        table("graph", Knows::KeyOfRun, Removed),
        table("category_prices", Knows::Nobody("it has medians of all lines of a category"), Retold),
        with_text(table(overrides::TABLE, ID, Removed), &["reason"]),
        table("dropped_runs", Knows::Nobody("it has the days of runs that are gone"), Retold),
        table("scheme_versions", Knows::Nobody("it has the documents of schemes"), Retold),
        with_text(
            table(segments::SEGMENTS, Knows::Text, Retold),
            &["name_en", "name_zh", "rule", "tree", "note"],
        ),
        with_text(table(segments::EVALUATIONS, Knows::Text, Retold), &["message_en", "message_zh"]),
        table(segments::LISTS, Knows::List, Removed),
        table(segments::MEMBERS, ID, Removed),
        table(segments::MOVES, ID, Removed),
        table("runs", Knows::Ties, Retold),
    ]);
    all
}

/// A table of facts. A relation is about both of its ends.
fn facts_of(name: &'static str, live: &'static str) -> PersonalData {
    let removed = |knows| table(name, knows, Becomes::Removed);
    match live {
        tables::RELATIONS => removed(Knows::Ids(&["customer_id", "to_id"])),
        tables::TICKETS | tables::INTERACTIONS | tables::RESPONSES => with_text(removed(ID), &["text"]),
        _ => removed(ID),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::runs::RESULTS;

    #[test]
    fn every_table_says_how_it_knows_a_customer() {
        let said: Vec<&str> = all().iter().map(|data| data.table).collect();
        let once: BTreeSet<&str> = said.iter().copied().collect();
        assert_eq!(once.len(), said.len(), "a table is there twice");
        let known: BTreeSet<&str> =
            tables::ALL.into_iter().chain(RESULTS).chain([overrides::TABLE]).collect();
        assert_eq!(once, known);
    }

    #[test]
    fn what_stays_of_an_order_is_said_of_every_column() {
        for (table, remainder) in [
            (tables::ORDERS, &ORDER),
            (tables::SUPERSEDED_ORDERS, &ORDER),
            (tables::ORDER_LINES, &ORDER_LINE),
            (tables::SUPERSEDED_ORDER_LINES, &ORDER_LINE),
        ] {
            let Remainder { kept, blanked, renumbered, days } = remainder;
            let said: Vec<&str> = [*kept, *blanked, *renumbered, *days].concat();
            let once: BTreeSet<&str> = said.iter().copied().collect();
            assert_eq!(once.len(), said.len(), "{table}");
            let schema = tables::schema_of(table);
            let columns: BTreeSet<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
            let missing: Vec<_> = columns.difference(&once).collect();
            assert!(missing.is_empty(), "{table}: nothing is said of {missing:?}");
            assert!(once.difference(&columns).all(|name| *name == "superseded_by"), "{table}");
        }
    }

    #[test]
    fn ids_and_texts_are_columns_of_their_tables() {
        for data in all().into_iter().filter(|data| tables::ALL.contains(&data.table)) {
            let schema = tables::schema_of(data.table);
            let ids = match data.knows {
                Knows::Ids(ids) => ids,
                _ => &[],
            };
            for column in ids.iter().chain(data.free_text) {
                assert!(schema.field_with_name(column).is_ok(), "{}.{column}", data.table);
            }
        }
    }
}
