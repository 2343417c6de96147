//! The functions that expressions in metric and scheme files may call.

use clientele_engine::expr::AllowedFunctions;

/// Aggregates, for metric expressions only.
const AGGREGATES: &[&str] = &[
    "avg",
    "bool_and",
    "bool_or",
    "count",
    "favourite",
    "first_value_by",
    "last_value_by",
    "max",
    "median",
    "min",
    "order_gaps",
    "stddev_samp",
    "sum",
    "trend",
];

/// Functions of one row.
const SCALARS: &[&str] = &[
    "abs",
    "attribute",
    "attribute_number",
    "ceil",
    "coalesce",
    "date_part",
    "date_trunc",
    "exp",
    "floor",
    "greatest",
    "least",
    "ln",
    "lower",
    "nullif",
    "power",
    "round",
    "sqrt",
    "upper",
];

/// What the expression of a metric over facts may call.
pub const OVER_FACTS: AllowedFunctions<'static> =
    AllowedFunctions { scalars: SCALARS, aggregates: AGGREGATES };

/// What a condition, or an expression over one customer's metrics, may call.
pub const OVER_METRICS: AllowedFunctions<'static> = AllowedFunctions { scalars: SCALARS, aggregates: &[] };
