//! The functions that expressions in metric and scheme files may call.

use clientele_engine::expr::AllowedFunctions;

/// Aggregates, for metric expressions only.
const AGGREGATES: &[&str] =
    &["avg", "count", "favourite", "max", "median", "min", "order_gaps", "stddev_samp", "sum"];

/// Functions of one row.
const SCALARS: &[&str] = &[
    "abs",
    "ceil",
    "coalesce",
    "date_part",
    "date_trunc",
    "floor",
    "greatest",
    "least",
    "lower",
    "nullif",
    "round",
    "upper",
];

/// What the expression of a metric over facts may call.
pub const OVER_FACTS: AllowedFunctions<'static> =
    AllowedFunctions { scalars: SCALARS, aggregates: AGGREGATES };

/// What a condition, or an expression over one customer's metrics, may call.
pub const OVER_METRICS: AllowedFunctions<'static> = AllowedFunctions { scalars: SCALARS, aggregates: &[] };
