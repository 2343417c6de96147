//! What a table is.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Count,
    /// In hundredths of the currency's unit.
    Money,
    /// A number with two digits after the point.
    Number,
    /// In seconds from the first day's midnight.
    Time,
    Date,
}

/// A table.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
    /// Whether values may be missing.
    pub gaps: bool,
}
