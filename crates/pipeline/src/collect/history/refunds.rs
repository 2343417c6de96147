//! What an order has of refunds, by files that know of them and files that do not.
//!
//! A list of orders without a column of refunds says nothing of them, and one without a status nothing of that: both
//! stay as older files of the order, or its lines, tell them. Amount, status and refund have to agree, so a completed
//! order of which refunds are known is returned in parts, or as a whole. What the file itself says is then kept in
//! `own_status`, by which the row can be told without the others again.

use std::sync::Arc;

use clientele_engine::arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, RecordBatch, StringArray};
use clientele_engine::arrow::compute::cast;
use clientele_engine::arrow::datatypes::Decimal128Type;
use clientele_model::spec::source::OrderStatus;

use super::super::error::ImportError;
use super::super::lake_rows::{text_at, texts};
use super::super::tables::OWN_STATUS;

/// Which of the two a file has a column for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brings {
    pub status: bool,
    pub refunded: bool,
}

/// An order's status, and its refund in ten-thousandths.
type Standing = (OrderStatus, i128);

/// What the row of a file says by itself; see [`super::super::map`].
fn own((status, refunded): Standing, amount: i128, brings: Brings) -> Standing {
    // A credit note has no amount, and its refund is all that it says.
    match (brings.refunded || amount == 0, status) {
        (true, _) => (status, refunded),
        (false, OrderStatus::Returned) => (status, amount),
        (false, _) => (status, 0),
    }
}

/// What the order has, with what was known of it before.
fn told((status, refunded): Standing, amount: i128, brings: Brings, before: Standing) -> Standing {
    if amount == 0 || (brings.status && brings.refunded) {
        return (status, refunded);
    }
    let known = if brings.refunded || before.1 == 0 { refunded } else { before.1 };
    let given = match (brings.status, before.0) {
        (true, _) => status,
        (false, lapsed @ (OrderStatus::Cancelled | OrderStatus::Pending)) => lapsed,
        // The newest word on refunds decides whether anything is returned.
        (false, _) if brings.refunded => OrderStatus::Completed,
        (false, before) => before,
    };
    let status = match given {
        OrderStatus::Completed if known > 0 && known >= amount => OrderStatus::Returned,
        OrderStatus::Completed if known > 0 => OrderStatus::PartlyReturned,
        given => given,
    };
    (status, known)
}

/// The columns of orders that stand for this, taken out of rows.
struct Columns {
    status: StringArray,
    own_status: StringArray,
    amount: Decimal128Array,
    refunded: Decimal128Array,
}

impl Columns {
    fn of(rows: &RecordBatch) -> Result<Columns, ImportError> {
        let money = |name: &'static str| -> Result<Decimal128Array, ImportError> {
            let column = rows.column_by_name(name).ok_or_else(|| ImportError::Lake {
                table: super::super::tables::ORDERS,
                cause: format!("the column {name} is missing"),
            })?;
            Ok(column.as_primitive::<Decimal128Type>().clone())
        };
        Ok(Columns {
            status: texts(rows, "status")?,
            own_status: texts(rows, OWN_STATUS)?,
            amount: money("amount")?,
            refunded: money("refunded")?,
        })
    }

    fn amount(&self, row: usize) -> i128 {
        if self.amount.is_valid(row) { self.amount.value(row) } else { 0 }
    }

    fn standing(&self, row: usize) -> Standing {
        let refunded = if self.refunded.is_valid(row) { self.refunded.value(row) } else { 0 };
        (status(text_at(&self.status, row)), refunded)
    }

    /// As its own file says it.
    fn own(&self, row: usize, brings: Brings) -> Standing {
        let (given, refunded) = self.standing(row);
        let given = match text_at(&self.own_status, row) {
            "" => given,
            word => status(word),
        };
        own((given, refunded), self.amount(row), brings)
    }
}

fn status(word: &str) -> OrderStatus {
    OrderStatus::ALL.into_iter().find(|status| status.word() == word).unwrap_or(OrderStatus::Completed)
}

/// Rows of orders with status and refund as their own files and what was known before tell them. `brings` is `None`
/// for rows that stay as they are; `partner` is the row of `before` that the same order had.
pub fn filled(
    rows: &RecordBatch,
    brings: &[Option<Brings>],
    before: Option<&RecordBatch>,
    partner: &[Option<usize>],
) -> Result<RecordBatch, ImportError> {
    let columns = Columns::of(rows)?;
    let known = before.map(Columns::of).transpose()?;
    let (mut statuses, mut own_statuses) = (Vec::new(), Vec::new());
    let mut refunds = Vec::with_capacity(rows.num_rows());
    for row in 0..rows.num_rows() {
        let Some(brings) = brings[row] else {
            statuses.push(text_at(&columns.status, row));
            own_statuses.push(Some(text_at(&columns.own_status, row)).filter(|word| !word.is_empty()));
            refunds.push(columns.refunded.is_valid(row).then(|| columns.refunded.value(row)));
            continue;
        };
        let own = columns.own(row, brings);
        let before = known.as_ref().zip(partner[row]).map(|(known, at)| known.standing(at));
        let found = before.map_or(own, |before| told(own, columns.amount(row), brings, before));
        statuses.push(found.0.word());
        own_statuses.push((found.0 != own.0).then(|| own.0.word()));
        refunds.push(Some(found.1));
    }
    let refunds = Decimal128Array::from(refunds).with_data_type(columns.refunded.data_type().clone());
    let made: [(&str, ArrayRef); 3] = [
        ("status", Arc::new(StringArray::from(statuses))),
        (OWN_STATUS, Arc::new(StringArray::from(own_statuses))),
        ("refunded", Arc::new(refunds)),
    ];
    let mut all = rows.columns().to_vec();
    for (name, column) in made {
        if let Some(place) = rows.schema().fields().iter().position(|field| field.name() == name) {
            all[place] = cast(&column, rows.schema().field(place).data_type())?;
        }
    }
    Ok(RecordBatch::try_new(rows.schema(), all)?)
}

#[cfg(test)]
mod tests {
    use super::{Brings, own, told};
    use OrderStatus::{Cancelled, Completed, PartlyReturned, Returned};
    use clientele_model::spec::source::OrderStatus;

    const NONE: Brings = Brings { status: false, refunded: false };
    const STATUS: Brings = Brings { status: true, refunded: false };
    const REFUNDS: Brings = Brings { status: false, refunded: true };

    #[test]
    fn a_list_without_refunds_keeps_those_that_are_known() {
        assert_eq!(told((Completed, 0), 10, NONE, (PartlyReturned, 3)), (PartlyReturned, 3));
        assert_eq!(told((Completed, 0), 10, STATUS, (PartlyReturned, 3)), (PartlyReturned, 3));
        assert_eq!(told((Completed, 0), 10, STATUS, (Returned, 10)), (Returned, 10));
        assert_eq!(told((Completed, 0), 10, NONE, (Cancelled, 0)), (Cancelled, 0));
        // It says itself that all went back.
        assert_eq!(told((Returned, 10), 10, STATUS, (Completed, 0)), (Returned, 10));
        assert_eq!(told((Cancelled, 0), 10, STATUS, (Completed, 0)), (Cancelled, 0));
        // A credit note is what it is.
        assert_eq!(told((Returned, 7), 0, NONE, (Completed, 0)), (Returned, 7));
    }

    #[test]
    fn a_list_with_refunds_has_the_last_word_on_them() {
        assert_eq!(told((Completed, 0), 10, REFUNDS, (PartlyReturned, 3)), (Completed, 0));
        assert_eq!(told((PartlyReturned, 2), 10, REFUNDS, (Returned, 10)), (PartlyReturned, 2));
        assert_eq!(told((Completed, 0), 10, REFUNDS, (Cancelled, 0)), (Cancelled, 0));
        let both = Brings { status: true, refunded: true };
        assert_eq!(told((Completed, 0), 10, both, (PartlyReturned, 3)), (Completed, 0));
    }

    #[test]
    fn what_a_file_says_itself_is_told_from_what_stands() {
        for (given, amount, brings) in [
            ((Completed, 0), 10, NONE),
            ((Completed, 0), 10, STATUS),
            ((Returned, 10), 10, STATUS),
            ((PartlyReturned, 0), 10, STATUS),
            ((Cancelled, 0), 10, STATUS),
            ((Returned, 7), 0, NONE),
            ((PartlyReturned, 4), 10, REFUNDS),
        ] {
            for before in [(Completed, 0), (PartlyReturned, 3), (Returned, 10), (Cancelled, 0)] {
                let (_, refunded) = told(given, amount, brings, before);
                // The status is kept beside.
                assert_eq!(own((given.0, refunded), amount, brings), given, "{before:?}");
            }
        }
    }
}
