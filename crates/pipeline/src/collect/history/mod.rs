//! Versions of records: what the lake holds, what a batch replaces, what comes back on undo.
//!
//! Each record has a history: the batches whose files held it, in order, with what they said.
//! The newest version is live. A version that was replaced is in a `superseded_…` table with
//! the batch that replaced it. A batch that only repeated the live version leaves a row in
//! `confirmations`. So taking out any batch is taking it out of the histories.
//!
//! An order has two histories, one of files of orders and one of files of order lines: see `join`.

mod compare;
mod content;
mod join;
mod record;
mod rewrite;
mod says;

pub use compare::{compare, customer_keys, holds_records};
pub use content::{contents, fold_lines, record_hash, record_hashes};
pub use join::without_column;
pub use record::{record, with_texts};
pub use rewrite::{add_rows, joined, without};
pub use says::Says;

use super::rows::content as columns;
use super::tables::{
    CUSTOMERS, ORDER_LINES, ORDERS, SUPERSEDED_CUSTOMERS, SUPERSEDED_ORDER_LINES, SUPERSEDED_ORDERS,
};

/// A kind of record that has versions.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Its name in `confirmations`.
    pub name: &'static str,
    pub live: &'static str,
    pub superseded: &'static str,
    /// The tables of its lines, live and superseded.
    pub lines: Option<(&'static str, &'static str)>,
    /// The column of its id.
    pub id: &'static str,
    /// The columns that make its content.
    pub content: &'static [&'static str],
}

/// Orders, with their lines.
pub const ORDER: Kind = Kind {
    name: "order",
    live: ORDERS,
    superseded: SUPERSEDED_ORDERS,
    lines: Some((ORDER_LINES, SUPERSEDED_ORDER_LINES)),
    id: "order_id",
    content: columns::ORDER,
};

/// Customers.
pub const CUSTOMER: Kind = Kind {
    name: "customer",
    live: CUSTOMERS,
    superseded: SUPERSEDED_CUSTOMERS,
    lines: None,
    id: "customer_id",
    content: columns::CUSTOMER,
};

/// Both kinds.
pub const KINDS: [Kind; 2] = [ORDER, CUSTOMER];
