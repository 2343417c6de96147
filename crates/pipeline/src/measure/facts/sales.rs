//! Columns of orders and their lines.

use super::{
    Beside, CATEGORY_PRICES, FactColumn, age, between, column, daypart, days_back, exact, plain, seen,
};

/// The states of orders that were paid for, whatever was given back later; credit notes are among them.
macro_rules! paid {
    () => {
        "status IN ('completed', 'returned', 'partly_returned')"
    };
}

/// What brings or takes revenue: orders that were paid for, and credit notes, as a condition of SQL.
pub const EARNS: &str = paid!();

/// An order that counts, as a condition of SQL; a credit note has no amount of its own.
pub const COUNTS: &str = concat!(paid!(), " AND amount > 0");

/// [`COUNTS`] for a table that the query names: `o.`.
pub fn order_counts(prefix: &str) -> String {
    format!("{prefix}{EARNS} AND {prefix}amount > 0")
}

/// The condition that a line counts, for a table that the query names: `l.`.
pub fn line_counts(prefix: &str) -> String {
    format!("{prefix}{EARNS} AND {prefix}quantity > 0")
}

/// Orders. An order counts (`is_order`) when it was not cancelled, is not waiting for payment and
/// has an amount; a credit note has none and is a return only. `payment_delay_days` runs from the
/// order to the payment.
pub const ORDERS: &[FactColumn] = &[
    plain("order_id"),
    plain("ordered_at"),
    column("day", "CAST(ordered_at AS DATE)"),
    column("age_days", age!("ordered_at")),
    column("days_back", days_back!("ordered_at")),
    column("hour", "date_part('hour', ordered_at)"),
    column("weekday", "date_part('isodow', ordered_at)"),
    column("daypart", daypart!("ordered_at")),
    plain("status"),
    column("is_order", concat!("(", paid!(), " AND amount > 0)")),
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

/// What the whole base usually pays in the category of a line.
pub(super) const LINE_PRICES: Beside = Beside {
    table: CATEGORY_PRICES,
    join: "LEFT JOIN (SELECT category AS priced, price AS category_price FROM category_prices) AS usual \
           ON category = priced",
    nothing: "CAST(NULL AS VARCHAR) AS priced, CAST(NULL AS DOUBLE) AS category_price",
    columns: &["category_price", "price_level"],
};

/// Order lines. `category_price` is the median unit price over the lines of everybody in the line's
/// category, `price_level` the line's unit price as a multiple of it.
pub const ORDER_LINES: &[FactColumn] = &[
    plain("order_id"),
    plain("ordered_at"),
    column("day", "CAST(ordered_at AS DATE)"),
    column("age_days", age!("ordered_at")),
    column("days_back", days_back!("ordered_at")),
    plain("status"),
    column("is_order_line", concat!("(", paid!(), " AND quantity > 0)")),
    plain("product_id"),
    plain("product_name"),
    plain("category"),
    plain("quantity"),
    plain("unit_price"),
    column("category_price", exact!("category_price")),
    column(
        "price_level",
        exact!("CASE WHEN unit_price > 0 THEN CAST(unit_price AS DOUBLE) / category_price END"),
    ),
    plain("discount"),
    plain("amount"),
    plain("cost"),
];
