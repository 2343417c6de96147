//! Labels: the table of every customer's tiers, and the SELECT that yields it from the metrics.

pub mod history;
mod query;
mod select;
mod settle;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::arrow::datatypes::{DataType, Field, Schema};
use clientele_model::SchemeId;
use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::Rule;

pub use query::{query, unordered};

/// The name of the column with a scheme's code, previous tier or date since when.
pub fn companion(scheme: &SchemeId, what: Companion) -> String {
    format!("{}__{}", scheme.column(), what.suffix())
}

/// The columns that stand beside a scheme's tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Companion {
    /// The code that decided, as people know it (`545`, `r1f3m1`); code schemes only.
    Code,
    /// What the rule alone says; schemes with stay rules or overrides only.
    Computed,
    /// Since when the rule has said a worse tier than the one that is kept; schemes with stay rules only.
    Pending,
    /// The override that set the tier; schemes with overrides only.
    By,
    /// The first day of the unbroken time in this tier, as far as runs saw it.
    Since,
    /// The tier before this one.
    Previous,
}

impl Companion {
    fn suffix(self) -> &'static str {
        match self {
            Companion::Code => "code",
            Companion::Computed => "computed",
            Companion::Pending => "pending",
            Companion::By => "by",
            Companion::Since => "since",
            Companion::Previous => "previous",
        }
    }
}

/// A tier that a person set for a customer, as a run applies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverriddenTier {
    pub customer_key: i64,
    pub tier: String,
    /// The override's id.
    pub id: String,
}

/// The overrides that hold on the day of a run, by scheme; one a customer at most.
pub type HeldTiers = BTreeMap<SchemeId, Vec<OverriddenTier>>;

/// Where the labels of a scheme's earlier run are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The table's name in the session.
    pub table: String,
    /// Which columns it has.
    pub columns: BTreeSet<String>,
}

/// The columns of the labels table for these schemes, of which people set tiers in `overridden`.
pub fn schema<'a>(schemes: impl Iterator<Item = &'a Scheme>, overridden: &BTreeSet<SchemeId>) -> Schema {
    let mut fields = vec![
        Field::new("customer_key", DataType::Int32, false),
        Field::new("source", DataType::Utf8, false),
        Field::new("customer_id", DataType::Utf8, false),
    ];
    for scheme in schemes {
        fields.push(Field::new(scheme.id.column(), DataType::Utf8, true));
        let mut add = |what, data_type| {
            fields.push(Field::new(companion(&scheme.id, what), data_type, true));
        };
        let is_overridden = overridden.contains(&scheme.id);
        if matches!(scheme.rule, Rule::Codes { .. }) {
            add(Companion::Code, DataType::Utf8);
        }
        if scheme.stay.is_some() || is_overridden {
            add(Companion::Computed, DataType::Utf8);
        }
        if scheme.stay.is_some() {
            add(Companion::Pending, DataType::Date32);
        }
        if is_overridden {
            add(Companion::By, DataType::Utf8);
        }
        add(Companion::Since, DataType::Date32);
        add(Companion::Previous, DataType::Utf8);
    }
    Schema::new(fields)
}
