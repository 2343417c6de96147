//! The quality report of a batch: shown, and kept with it.

use clientele_model::Language;
use serde::{Deserialize, Serialize};

use super::quality::Figures;
use super::rules::{Outcome, Rule};

/// A row that broke a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The data row, from 1 for the first after the header.
    pub row: u64,
    /// The field to blame, when one is.
    pub field: Option<String>,
    /// The value as it stands in the file.
    pub value: String,
}

/// How often a rule was broken, with the first examples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    pub rule: Rule,
    /// Rows.
    pub count: u64,
    pub examples: Vec<Example>,
}

impl RuleCount {
    /// What became of the rows.
    pub fn outcome(&self) -> Outcome {
        self.rule.outcome()
    }
}

/// What the file says in total, before anything is judged: for comparing with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Rows.
    pub rows: u64,
    /// Distinct order numbers.
    pub orders: u64,
    /// Distinct customer ids.
    pub customers: u64,
    /// Rows that name no customer.
    pub rows_without_customer: u64,
    /// Rows of credit notes, cancelled or returned orders.
    pub cancellation_rows: u64,
    /// The sum of all amounts, exact, as a decimal number.
    pub control_sum: String,
    /// The first and the last time in the file.
    pub first_at: Option<String>,
    pub last_at: Option<String>,
}

/// How good a batch is.
///
/// `rows_read = accepted + unchanged + duplicates + rejected`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct QualityReport {
    /// Rows in the file.
    pub rows_read: u64,
    /// Rows taken into the lake by this batch.
    pub accepted: u64,
    /// Of the accepted rows, those with a value written differently.
    pub changed: u64,
    /// Rows in quarantine.
    pub rejected: u64,
    /// Rows that the lake holds already, word for word.
    pub unchanged: u64,
    /// Rows that repeat another row of the file, word for word.
    pub duplicates: u64,
    /// Orders or customers that the accepted rows make.
    pub records: u64,
    /// Of these, those that replace an earlier version.
    pub updated: u64,
    /// Credit notes whose order was found.
    pub credit_notes_matched: u64,
    /// Credit notes whose order was not found.
    pub credit_notes_unmatched: u64,
    pub rules: Vec<RuleCount>,
    pub totals: Totals,
    pub figures: Figures,
}

impl QualityReport {
    /// How often a rule was broken.
    pub fn count(&self, rule: Rule) -> u64 {
        self.rules.iter().find(|r| r.rule == rule).map_or(0, |r| r.count)
    }

    /// Whether every row is accounted for.
    pub fn adds_up(&self) -> bool {
        self.rows_read == self.accepted + self.unchanged + self.duplicates + self.rejected
    }

    /// A sentence about the batch.
    pub fn summary(&self, language: Language) -> String {
        match language {
            Language::En => format!(
                "{} rows read: {} accepted ({} changed), {} unchanged, {} repeated, {} rejected",
                self.rows_read, self.accepted, self.changed, self.unchanged, self.duplicates, self.rejected
            ),
            Language::Zh => format!(
                "读取 {} 行：接受 {} 行（其中 {} 行经规范化），未变 {} 行，重复 {} 行，拒绝 {} 行",
                self.rows_read, self.accepted, self.changed, self.unchanged, self.duplicates, self.rejected
            ),
        }
    }
}
