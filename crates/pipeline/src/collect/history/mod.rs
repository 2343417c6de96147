//! Versions of records: what the lake holds, what a batch replaces, what comes back on undo.
//!
//! Each record has a history: the batches whose files held it, in order, with what they said.
//! The newest version is live. A version that was replaced is in a `superseded_…` table with
//! the batch that replaced it. A batch that only repeated the live version leaves a row in
//! `confirmations`. So taking out any batch is taking it out of the histories.
//!
//! Where a newer file leaves a customer's cell empty, the live row keeps what older files say: see
//! `kept`.
//!
//! An order has two histories, one of files of orders and one of files of order lines: see `join`. What a newer file of
//! orders has no column for stays as older ones, or the lines, tell it: see `says` and `refunds`.

mod compare;
mod content;
mod identity;
mod join;
mod kept;
mod record;
mod refunds;
mod rewrite;
mod says;
mod stages;
mod text_column;

pub use compare::{compare, customer_keys, holds_records, seeds};
pub use content::{contents, fold_lines, record_hashes};
pub use identity::Ids;
pub use join::without_column;
pub use kept::{as_given, together};
pub use record::record;
pub use rewrite::{Waiting, add_rows, joined, take_out, without};
pub use says::Says;
pub use stages::retell as retell_stages;
pub use text_column::{with_text, with_texts};

use clientele_model::spec::source::Grain;

use super::records::{RECORDS, RecordTable};
use super::rows::content as columns;
use super::tables::{
    CUSTOMERS, ORDER_LINES, ORDERS, OWN_CUSTOMERS, SUPERSEDED_CUSTOMERS, SUPERSEDED_ORDER_LINES,
    SUPERSEDED_ORDERS,
};

/// A kind of record that has versions.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its name in `confirmations`.
    pub name: &'static str,
    pub live: &'static str,
    pub superseded: &'static str,
    /// The tables of its lines, live and superseded.
    pub lines: Option<(&'static str, &'static str)>,
    /// Where the newest file's own rows are, where live rows keep cells of older files.
    pub own: Option<&'static str>,
    /// What tells its records apart.
    pub ids: Ids,
    /// The columns that make its content.
    pub content: Vec<&'static str>,
    /// The column of the time that facts are sorted by.
    pub at: Option<&'static str>,
}

impl Kind {
    /// Orders, with their lines.
    pub fn orders() -> Self {
        Kind {
            name: "order",
            live: ORDERS,
            superseded: SUPERSEDED_ORDERS,
            lines: Some((ORDER_LINES, SUPERSEDED_ORDER_LINES)),
            own: None,
            ids: Ids::Column("order_id"),
            content: columns::ORDER.to_vec(),
            at: None,
        }
    }

    /// Customers.
    pub fn customers() -> Self {
        Kind {
            name: "customer",
            live: CUSTOMERS,
            superseded: SUPERSEDED_CUSTOMERS,
            lines: None,
            own: Some(OWN_CUSTOMERS),
            ids: Ids::Column("customer_id"),
            content: columns::CUSTOMER.to_vec(),
            at: None,
        }
    }

    /// Facts of a table.
    pub fn facts(table: &'static RecordTable) -> Self {
        Kind {
            name: table.grain.name(),
            live: table.name,
            superseded: table.superseded,
            lines: None,
            own: None,
            ids: Ids::Facts(table),
            content: table.content(),
            at: Some(table.at),
        }
    }

    /// The kind of record that files of a grain bring.
    pub fn of(grain: Grain) -> Self {
        match RecordTable::of(grain) {
            Some(table) => Self::facts(table),
            None if grain == Grain::Customer => Self::customers(),
            None => Self::orders(),
        }
    }

    /// All kinds.
    pub fn all() -> Vec<Self> {
        let own = [Self::orders(), Self::customers()];
        own.into_iter().chain(RECORDS.map(Self::facts)).collect()
    }

    /// Whether batches of a grain, by its name, hold records of this kind.
    pub fn is_of(&self, grain: &str) -> bool {
        self.name == grain || self.lines.is_some() && grain == Grain::OrderLine.name()
    }
}
