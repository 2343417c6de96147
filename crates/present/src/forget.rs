//! Customers who left everything.

use clientele_pipeline::forget;
use serde::Serialize;

/// What `forget --dry-run` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForgetPlan {
    pub customers: u64,
    /// What each table holds of them.
    pub tables: Vec<TableShare>,
    /// Files that were written for others and hold them.
    pub exports: Vec<String>,
    /// Other customers with an e-mail or a phone of theirs, as `source:id`: maybe the same people.
    pub alike: Vec<String>,
}

/// What `forget` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    pub customers: u64,
    pub tables: Vec<TableShare>,
    pub exports: Vec<ExportedFile>,
    pub alike: Vec<String>,
    /// Whether all that happened was that an earlier forgetting, which had been cut off, was brought to its
    /// end.
    pub was_completed: bool,
    /// What a search of every byte found afterwards; none when only an earlier one was completed.
    pub proof: Option<Proof>,
}

/// What a table held of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableShare {
    pub table: &'static str,
    /// Rows about them, counted in every version of the table's files.
    pub rows: u64,
    pub outcome: Outcome,
    /// Rows of others that name them.
    pub retold: u64,
    /// Files that hold such rows.
    pub files: u64,
    pub bytes: u64,
}

/// What becomes of the rows about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// They go.
    Removed,
    /// They stay without what leads to a customer.
    Anonymous,
    /// They stay, told without the customer.
    Retold,
}

/// A file that was written for others and held them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedFile {
    pub file: String,
    pub fate: Fate,
}

/// What became of such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It was made anew from what is left.
    Remade,
    /// It was removed, as it cannot be made any more.
    Removed,
    /// Somebody has changed it since, so it was left as it is.
    Changed,
}

/// What a search of the whole workspace came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Files that were searched, and their bytes as they are stored.
    pub files: u64,
    pub bytes: u64,
    /// Where something of theirs stands although no row should hold it: nothing, if all is well.
    pub left: Vec<Finding>,
    /// Where rows that are about others say the same.
    pub others: Vec<Finding>,
    /// Where files of the workspace that are not of the lake hold it.
    pub workspace: Vec<Finding>,
}

/// Something of theirs that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A column as `table.column`, or a file.
    pub at: String,
    pub kind: MarkKind,
    pub times: u64,
}

/// What tells a person in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    Id,
    Name,
    Email,
    Phone,
}

impl From<&forget::ForgetPlan> for ForgetPlan {
    fn from(plan: &forget::ForgetPlan) -> Self {
        ForgetPlan {
            customers: plan.customers,
            tables: plan.tables.iter().map(TableShare::from).collect(),
            exports: plan.exports.iter().map(|file| file.display().to_string()).collect(),
            alike: plan.alike.clone(),
        }
    }
}

impl From<&forget::Forgotten> for Forgotten {
    fn from(done: &forget::Forgotten) -> Self {
        Forgotten {
            customers: done.customers,
            tables: done.tables.iter().map(TableShare::from).collect(),
            exports: done.exports.iter().map(ExportedFile::from).collect(),
            alike: done.alike.clone(),
            was_completed: done.was_completed,
            proof: done.proof.as_ref().map(Proof::from),
        }
    }
}

impl From<&forget::TableShare> for TableShare {
    fn from(share: &forget::TableShare) -> Self {
        TableShare {
            table: share.table,
            rows: share.rows,
            outcome: match share.outcome {
                forget::Outcome::Removed => Outcome::Removed,
                forget::Outcome::Anonymous => Outcome::Anonymous,
                forget::Outcome::Retold => Outcome::Retold,
            },
            retold: share.retold,
            files: share.files,
            bytes: share.bytes,
        }
    }
}

impl From<&forget::ExportDone> for ExportedFile {
    fn from(done: &forget::ExportDone) -> Self {
        ExportedFile {
            file: done.file.display().to_string(),
            fate: match done.fate {
                forget::Fate::Remade => Fate::Remade,
                forget::Fate::Removed => Fate::Removed,
                forget::Fate::Changed => Fate::Changed,
            },
        }
    }
}

impl From<&forget::Proof> for Proof {
    fn from(proof: &forget::Proof) -> Self {
        let findings = |found: &[forget::Finding]| found.iter().map(Finding::from).collect();
        Proof {
            files: proof.files,
            bytes: proof.bytes,
            left: findings(&proof.left),
            others: findings(&proof.others),
            workspace: findings(&proof.workspace),
        }
    }
}

impl From<&forget::Finding> for Finding {
    fn from(found: &forget::Finding) -> Self {
        Finding {
            at: found.at.clone(),
            kind: match found.kind {
                forget::MarkKind::Id => MarkKind::Id,
                forget::MarkKind::Name => MarkKind::Name,
                forget::MarkKind::Email => MarkKind::Email,
                forget::MarkKind::Phone => MarkKind::Phone,
            },
            times: found.times,
        }
    }
}
