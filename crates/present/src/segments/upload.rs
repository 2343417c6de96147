//! What became of a list file.

use clientele_model::Language;
use clientele_pipeline::understand::segments::{Standing, Uploaded};
use serde::Serialize;

use super::Segment;

/// What `segments upload` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UploadedList {
    pub segment: Segment,
    pub rows: u64,
    /// Rows that mean a customer.
    pub matched: u64,
    /// Customers in the list.
    pub customers: u64,
    /// Rows that mean a customer whom an earlier row means.
    pub repeated: u64,
    /// Rows that mean several customers.
    pub several: u64,
    pub unmatched: Vec<UnmatchedRow>,
}

/// A row that means nobody.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnmatchedRow {
    pub row: u64,
    pub value: String,
    /// A word for programs.
    pub problem: &'static str,
    /// Why, in the language that was asked for.
    pub message: String,
}

impl UploadedList {
    /// What became of a list, and how its segment stands.
    pub fn new(done: &Uploaded, standing: &Standing, language: Language) -> Self {
        UploadedList {
            segment: standing.into(),
            rows: done.rows,
            matched: done.matched,
            customers: done.customers,
            repeated: done.repeated,
            several: done.several,
            unmatched: done
                .unmatched
                .iter()
                .map(|row| UnmatchedRow {
                    row: row.row,
                    value: row.value.clone(),
                    problem: row.problem.word(),
                    message: row.problem.text().get(language).to_owned(),
                })
                .collect(),
        }
    }
}
