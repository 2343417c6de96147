//! The columns of a table of facts, and what their values must be like.

use clientele_engine::arrow::datatypes::{DataType, TimeUnit};
use clientele_model::spec::source::Field;

use super::super::rows::NumKind;
use super::words::Words;
use crate::clean::Rule;

/// A column and the field that fills it.
#[derive(Debug)]
pub struct FactColumn {
    /// Its name in the lake.
    pub name: &'static str,
    pub field: Field,
    pub kind: ColumnKind,
    /// Whether a record without it is refused.
    pub required: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub enum ColumnKind {
    /// The record's own id.
    Id,
    /// Text of many kinds.
    Text,
    /// Words of few kinds, some of which are known by several names.
    Word(&'static Words),
    /// A time that cannot be in the future.
    Past,
    /// A time that may be in the future.
    Time,
    /// A day that may be in the future.
    Day,
    /// Money, four digits after the point.
    Money(Limits),
    /// A number, four digits after the point, kept as floating point.
    Double(Limits),
    /// A share of one; percentages are taken too.
    Share,
    /// A whole number.
    Count,
    /// A whole number that follows from other columns.
    Rank,
}

/// The bounds of a number, in whole units, and the rule behind them.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub min: i64,
    pub max: i64,
    pub rule: Rule,
}

impl Limits {
    /// Whatever can be read is taken.
    pub const NONE: Limits = Limits { min: i64::MIN, max: i64::MAX, rule: Rule::AbsurdNumber };
}

/// What several columns must agree on.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// The second time is not before the first: otherwise the row is refused.
    Order(&'static str, &'static str),
    /// The second time is not before the first: otherwise it is only mentioned.
    LikelyOrder(&'static str, &'static str),
    /// The customer and the one named here differ.
    NotOneself(&'static str),
    /// The value lies on its scale.
    OnScale,
}

impl ColumnKind {
    /// The type in the lake.
    pub fn data_type(self) -> DataType {
        match self {
            ColumnKind::Id | ColumnKind::Text | ColumnKind::Word(_) => DataType::Utf8,
            ColumnKind::Past | ColumnKind::Time => DataType::Timestamp(TimeUnit::Microsecond, None),
            ColumnKind::Day => DataType::Date32,
            ColumnKind::Money(_) => DataType::Decimal128(18, 4),
            ColumnKind::Double(_) | ColumnKind::Share => DataType::Float64,
            ColumnKind::Count | ColumnKind::Rank => DataType::Int32,
        }
    }

    /// What its whole numbers stand for; `None` where it holds words.
    pub fn number(self) -> Option<NumKind> {
        Some(match self {
            ColumnKind::Id | ColumnKind::Text | ColumnKind::Word(_) => return None,
            ColumnKind::Past | ColumnKind::Time => NumKind::Time,
            ColumnKind::Day => NumKind::Day,
            ColumnKind::Money(_) => NumKind::Decimal,
            ColumnKind::Double(_) | ColumnKind::Share => NumKind::Double,
            ColumnKind::Count | ColumnKind::Rank => NumKind::Int,
        })
    }
}
