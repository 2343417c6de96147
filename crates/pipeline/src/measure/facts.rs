//! The columns that metric expressions may use, per kind of fact, and the SELECT that makes them.

use clientele_model::AsOf;
use clientele_model::spec::MetricSource;

/// A column of a fact table as metric expressions see it.
pub struct FactColumn {
    pub name: &'static str,
    /// Its SQL over the lake table; `{as_of}` stands for the run's midnight in microseconds.
    sql: &'static str,
}

const fn column(name: &'static str, sql: &'static str) -> FactColumn {
    FactColumn { name, sql }
}

const fn plain(name: &'static str) -> FactColumn {
    FactColumn { name, sql: name }
}

const AGE: &str = "(({as_of} - arrow_cast(ordered_at, 'Int64')) / 86400000000)";
const DAYPART: &str = "CASE WHEN date_part('hour', ordered_at) < 6 THEN 'night' \
     WHEN date_part('hour', ordered_at) < 12 THEN 'morning' \
     WHEN date_part('hour', ordered_at) < 18 THEN 'afternoon' ELSE 'evening' END";

/// Orders. An order counts (`is_order`) when it was not cancelled, is not waiting for payment and
/// has an amount; a credit note has none and is a return only.
pub const ORDERS: &[FactColumn] = &[
    plain("order_id"),
    plain("ordered_at"),
    column("day", "CAST(ordered_at AS DATE)"),
    column("age_days", AGE),
    column("hour", "date_part('hour', ordered_at)"),
    column("weekday", "date_part('isodow', ordered_at)"),
    column("daypart", DAYPART),
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
];

/// Order lines.
pub const ORDER_LINES: &[FactColumn] = &[
    plain("order_id"),
    plain("ordered_at"),
    column("day", "CAST(ordered_at AS DATE)"),
    column("age_days", AGE),
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

/// What sources say of a customer.
pub const CUSTOMERS: &[FactColumn] = &[
    plain("registered_at"),
    plain("birth_date"),
    plain("kind"),
    plain("gender"),
    plain("country"),
    plain("province"),
    plain("city"),
    plain("occupation"),
    plain("source_channel"),
];

/// The columns of a source; none for derived metrics, which see other metrics.
pub fn columns(source: MetricSource) -> &'static [FactColumn] {
    match source {
        MetricSource::Orders => ORDERS,
        MetricSource::OrderLines => ORDER_LINES,
        MetricSource::Customers => CUSTOMERS,
        MetricSource::Derived => &[],
    }
}

/// The SELECT that yields `used` columns of a source's lake table, facts before `as_of` only.
pub fn select(source: MetricSource, table: &str, used: &[&str], as_of: AsOf) -> String {
    let midnight = i64::from(as_of.epoch_days()) * 86_400_000_000;
    let mut columns = vec!["customer_key".to_owned()];
    for column in self::columns(source).iter().filter(|c| used.contains(&c.name)) {
        let sql = column.sql.replace("{as_of}", &midnight.to_string());
        columns.push(if sql == column.name { sql } else { format!("{sql} AS {}", column.name) });
    }
    let seen = match source {
        MetricSource::Orders | MetricSource::OrderLines => {
            format!(" WHERE ordered_at < TIMESTAMP '{as_of}T00:00:00'")
        }
        _ => String::new(),
    };
    format!("SELECT {} FROM {table}{seen}", columns.join(", "))
}
