//! Columns of orders, their lines and opportunities.

use super::{FactColumn, age, between, column, daypart, exact, plain, seen};

/// Orders. An order counts (`is_order`) when it was not cancelled, is not waiting for payment and
/// has an amount; a credit note has none and is a return only. `payment_delay_days` runs from the
/// order to the payment.
pub const ORDERS: &[FactColumn] = &[
    plain("order_id"),
    plain("ordered_at"),
    column("day", "CAST(ordered_at AS DATE)"),
    column("age_days", age!("ordered_at")),
    column("hour", "date_part('hour', ordered_at)"),
    column("weekday", "date_part('isodow', ordered_at)"),
    column("daypart", daypart!("ordered_at")),
    plain("status"),
    column("is_order", "(status IN ('completed', 'returned', 'partly_returned') AND amount > 0)"),
    column("is_completed", "(status = 'completed')"),
    column("is_return", "(status IN ('returned', 'partly_returned'))"),
    column("is_cancelled", "(status = 'cancelled')"),
    plain("gross"),
    plain("discount"),
    plain("refunded"),
    plain("amount"),
    column("net", "(amount - refunded)"),
    plain("cost"),
    plain("channel"),
    plain("payment_method"),
    plain("shop"),
    plain("region"),
    plain("staff"),
    plain("category"),
    column("paid_at", seen!("paid_at")),
    column("payment_delay_days", between!("ordered_at", seen!("paid_at"), "86400000000.0")),
];

/// Order lines.
pub const ORDER_LINES: &[FactColumn] = &[
    plain("order_id"),
    plain("ordered_at"),
    column("day", "CAST(ordered_at AS DATE)"),
    column("age_days", age!("ordered_at")),
    plain("status"),
    column("is_order_line", "(status IN ('completed', 'returned', 'partly_returned') AND quantity > 0)"),
    plain("product_id"),
    plain("product_name"),
    plain("category"),
    plain("quantity"),
    plain("unit_price"),
    plain("discount"),
    plain("amount"),
    plain("cost"),
];

/// What is only known once a possible sale is decided, where that is still to come.
macro_rules! unless_decided_later {
    ($value:literal) => {
        concat!("CASE WHEN closed_at >= {midnight} THEN NULL ELSE ", $value, " END")
    };
}

/// Possible sales. One that is decided later than the day that is looked from is open on that day,
/// and at which stage it then was is not known. `days_to_expected` is below zero when overdue.
pub const OPPORTUNITIES: &[FactColumn] = &[
    plain("opportunity_id"),
    plain("created_at"),
    column("day", "CAST(created_at AS DATE)"),
    column("age_days", age!("created_at")),
    column("stage", unless_decided_later!("stage")),
    column("stage_rank", unless_decided_later!("stage_rank")),
    plain("amount"),
    column("probability", exact!(unless_decided_later!("probability"))),
    plain("expected_close"),
    column("closed_at", seen!("closed_at")),
    column("outcome", "CASE WHEN closed_at >= {midnight} THEN 'open' ELSE outcome END"),
    column(
        "is_open",
        "CASE WHEN closed_at IS NULL THEN COALESCE(outcome, 'open') = 'open' \
         WHEN closed_at >= {midnight} THEN true ELSE outcome = 'open' END",
    ),
    column("is_won", "CASE WHEN closed_at >= {midnight} THEN false ELSE outcome = 'won' END"),
    column("is_lost", "CASE WHEN closed_at >= {midnight} THEN false ELSE outcome = 'lost' END"),
    column("days_to_close", between!("created_at", seen!("closed_at"), "86400000000.0")),
    column("days_to_expected", "(CAST(arrow_cast(expected_close, 'Int32') AS BIGINT) - {today})"),
    plain("owner"),
    plain("product"),
    plain("attributes"),
];
