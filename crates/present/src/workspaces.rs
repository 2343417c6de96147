//! Workspaces that were made, and whether everything is in order.

use serde::Serialize;

use crate::tiers::Tiers;

/// What `init` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewWorkspace {
    /// Its folder.
    pub workspace: String,
    pub currency: String,
    pub timezone: String,
    /// `en` or `zh`.
    pub language: &'static str,
    /// Where its lake is, as the settings say it.
    pub lake: String,
}

/// What `demo` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Demo {
    /// Its folder.
    pub workspace: String,
    /// The report's file.
    pub report: String,
    pub tiers: Tiers,
    /// A receipt, in the language that was asked for.
    pub example: String,
}

/// What `doctor` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checklist {
    /// Whether everything is in order.
    pub ok: bool,
    pub checks: Vec<Check>,
}

/// One line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at; a word for programs.
    pub name: &'static str,
    pub ok: bool,
    /// What was found, in the language that was asked for; for a fault, with the cure.
    pub detail: String,
}

impl Checklist {
    /// All checks.
    pub fn new(checks: Vec<Check>) -> Self {
        Checklist { ok: checks.iter().all(|check| check.ok), checks }
    }
}
