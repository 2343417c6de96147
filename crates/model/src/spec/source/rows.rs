//! Which rows of a file count, and how many records a row makes.

use serde::Deserialize;

/// Rows of a layout, by the value of a column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowFilter {
    /// The column; alternatives are divided by `|`.
    pub column: String,
    /// Its values in rows of the layout, compared like column names; any value, when empty.
    #[serde(default)]
    pub values: Vec<String>,
}

/// An event that a row stands for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emit {
    /// The kind of the event.
    pub kind: String,
    /// Only rows in which this column has a value that is neither zero nor false.
    #[serde(default)]
    pub when: Option<String>,
}
