//! What can go wrong, in kinds a caller can match on.

use std::error::Error as StdError;
use std::io::ErrorKind;

use clientele_model::problem::{self, Problem, kinds::lake as kinds};
use clientele_model::{Language, Text};
use datafusion::error::DataFusionError;
use deltalake_core::DeltaTableError;

use crate::integrity::Damage;

/// A result of this crate.
pub type Result<T, E = EngineError> = std::result::Result<T, E>;

/// What cannot be used, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongSetting {
    pub what: Text,
    pub cause: Text,
    pub cure: Text,
}

/// An error of the session or the lake. Every message says what failed, where, and what to do.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", self.problem().sentence(Language::En))]
pub enum EngineError {
    /// The lake, table, file or generation does not exist.
    NotFound { what: Text, at: String },
    /// Something of that name is there already.
    AlreadyExists { what: Text, at: String },
    /// The place holds what is somebody else's. `found` names some of it.
    Occupied { at: String, found: String },
    /// A commit failed, and whether it counts could not be found out.
    Unsure { at: String, cause: String },
    /// The lake was written by a later release.
    NewerVersion { at: String, found: u32, supported: u32 },
    /// Another writer holds the lake. `by` is what that writer left about itself.
    Locked { at: String, by: String },
    /// Another writer committed first; nothing of this transaction is visible.
    Conflict { at: String },
    /// The place cannot be written to.
    ReadOnly { at: String, cause: String },
    /// No room is left on the disk or in the quota.
    DiskFull { at: String },
    /// The query needs more memory than the limit and cannot spill.
    OutOfMemory { cause: String },
    /// A server does not answer.
    Unreachable { url: String, cause: String },
    /// The cluster's scheduler answers, but nobody is there to run queries.
    NoExecutors { url: String },
    /// The cluster took the query and failed it.
    Cluster { url: String, cause: String },
    /// A data file or a log entry is not what was written; told when it is read.
    Damaged(Damage),
    /// Data on disk is not what was written.
    Corrupt { at: String, cause: String },
    /// The SQL is wrong or failed while running.
    Query { cause: String, sql: String },
    /// A setting or an address is wrong.
    Setting(Box<WrongSetting>),
    /// A change counts, but could not be brought to its end.
    Unfinished { at: String, cause: String },
    /// Rows do not fit the table.
    Schema { table: String, cause: String },
    /// Reading or writing failed for another reason.
    Io { at: String, cause: String },
}

impl EngineError {
    /// A setting or an address that cannot be used, for a reason that another library tells.
    pub(crate) fn setting(what: impl Into<Text>, cause: impl ToString) -> Self {
        Self::wrong_setting(what, Text::same(cause.to_string()), ("correct it", "请更正"))
    }

    /// A setting or an address that cannot be used, why, and what to do.
    pub(crate) fn wrong_setting(
        what: impl Into<Text>,
        cause: impl Into<Text>,
        cure: impl Into<Text>,
    ) -> Self {
        let (what, cause, cure) = (what.into(), cause.into(), cure.into());
        Self::Setting(Box::new(WrongSetting { what, cause, cure }))
    }

    /// What is told of it.
    pub fn problem(&self) -> Problem {
        let at_cause = |kind: &'static problem::ErrorKind, at: &str, cause: &str| {
            kind.problem().with("at", at).with("cause", cause)
        };
        let url_cause = |kind: &'static problem::ErrorKind, url: &str, cause: &str| {
            kind.problem().with("url", url).with("cause", cause)
        };
        match self {
            Self::NotFound { what, at } => {
                kinds::NOT_FOUND.problem().with_text("what", what.clone()).with("at", at)
            }
            Self::AlreadyExists { what, at } => {
                kinds::ALREADY_EXISTS.problem().with_text("what", what.clone()).with("at", at)
            }
            Self::Occupied { at, found } => kinds::OCCUPIED.problem().with("at", at).with("found", found),
            Self::Unsure { at, cause } => at_cause(&kinds::UNSURE, at, cause),
            Self::NewerVersion { at, found, supported } => {
                kinds::TOO_NEW.problem().with("at", at).with("found", found).with("supported", supported)
            }
            Self::Locked { at, by } => kinds::LOCKED.problem().with("at", at).with("by", by),
            Self::Conflict { at } => kinds::CONFLICT.problem().with("at", at),
            Self::ReadOnly { at, cause } => at_cause(&kinds::READ_ONLY, at, cause),
            Self::DiskFull { at } => kinds::DISK_FULL.problem().with("at", at),
            Self::OutOfMemory { cause } => kinds::OUT_OF_MEMORY.problem().with("cause", cause),
            Self::Unreachable { url, cause } => url_cause(&kinds::UNREACHABLE, url, cause),
            Self::NoExecutors { url } => kinds::NO_EXECUTORS.problem().with("url", url),
            Self::Cluster { url, cause } => url_cause(&kinds::CLUSTER_FAILED, url, cause),
            Self::Damaged(damage) => damage.problem(),
            Self::Corrupt { at, cause } => at_cause(&kinds::CORRUPT, at, cause),
            Self::Query { cause, .. } => kinds::QUERY_FAILED.problem().with("cause", cause),
            Self::Setting(wrong) => kinds::SETTING
                .problem()
                .with_text("what", wrong.what.clone())
                .with_text("cause", wrong.cause.clone())
                .with_text("cure", wrong.cure.clone()),
            Self::Unfinished { at, cause } => at_cause(&kinds::UNFINISHED, at, cause),
            Self::Schema { table, cause } => {
                kinds::SCHEMA.problem().with("table", table).with("cause", cause)
            }
            Self::Io { at, cause } => at_cause(&kinds::IO, at, cause),
        }
    }

    /// An I/O error at a place, sorted into its kind.
    pub fn io(at: impl Into<String>, error: &std::io::Error) -> Self {
        classify_io(&at.into(), error, error.to_string())
    }

    pub(crate) fn corrupt(at: impl Into<String>, cause: impl std::fmt::Display) -> Self {
        Self::Corrupt { at: at.into(), cause: without_trace(&cause.to_string()) }
    }

    pub(crate) fn unfinished(at: impl std::fmt::Display, error: &Self) -> Self {
        Self::Unfinished { at: at.to_string(), cause: error.to_string() }
    }

    pub(crate) fn store(at: impl Into<String>, error: &object_store::Error) -> Self {
        use object_store::Error as E;
        let at = at.into();
        if let Some(damage) = damage(error) {
            return Self::Damaged(damage);
        }
        match error {
            E::NotFound { .. } => Self::NotFound { what: ("the file", "文件").into(), at },
            E::AlreadyExists { .. } | E::Precondition { .. } => Self::Conflict { at },
            E::PermissionDenied { .. } | E::Unauthenticated { .. } => {
                Self::ReadOnly { at, cause: error.to_string() }
            }
            _ => by_cause(&at, error),
        }
    }

    pub(crate) fn delta(at: impl Into<String>, error: &DeltaTableError) -> Self {
        use deltalake_core::kernel::transaction::TransactionError as T;
        let at = at.into();
        if let Some(damage) = damage(error) {
            return Self::Damaged(damage);
        }
        match error {
            DeltaTableError::VersionAlreadyExists(_) => Self::Conflict { at },
            DeltaTableError::Transaction {
                source: T::VersionAlreadyExists(_) | T::CommitConflict(_) | T::MaxCommitAttempts(_),
            } => Self::Conflict { at },
            DeltaTableError::NotATable(_) | DeltaTableError::InvalidTableLocation(_) => {
                Self::NotFound { what: ("the table", "数据表").into(), at }
            }
            DeltaTableError::ObjectStore { source } => Self::store(at, source),
            DeltaTableError::InvalidJsonLog { .. }
            | DeltaTableError::InvalidStatsJson { .. }
            | DeltaTableError::Parquet { .. }
            | DeltaTableError::InvalidVersion(_) => Self::corrupt(at, error),
            // What the log library says of a log that it could read, but not make sense of.
            DeltaTableError::KernelError(_)
                if io_cause(error).is_none() && !error.to_string().contains("object store") =>
            {
                Self::corrupt(at, error)
            }
            _ => by_cause(&at, error),
        }
    }

    pub(crate) fn query(sql: &str, error: &DataFusionError) -> Self {
        if let DataFusionError::ResourcesExhausted(cause) = error.find_root() {
            return Self::OutOfMemory { cause: first_lines(cause) };
        }
        // A table that the query names could not be found: the lake has said why.
        if let DataFusionError::External(cause) = error.find_root()
            && let Some(known) = cause.downcast_ref::<EngineError>()
        {
            return known.clone();
        }
        if let Some(damage) = damage(error) {
            return Self::Damaged(damage);
        }
        match io_cause(error) {
            Some(io) => classify_io("the data of the query", io, error.strip_backtrace()),
            None => match store_cause(error) {
                Some(store) => Self::store("the data of the query", store),
                None => Self::Query { cause: error.strip_backtrace(), sql: sql.to_owned() },
            },
        }
    }

    pub(crate) fn parquet(at: &str, error: &datafusion::parquet::errors::ParquetError) -> Self {
        by_cause(at, error)
    }
}

fn by_cause(at: &str, error: &(dyn StdError + 'static)) -> EngineError {
    if let Some(damage) = damage(error) {
        return EngineError::Damaged(damage);
    }
    match io_cause(error) {
        Some(io) => classify_io(at, io, without_trace(&error.to_string())),
        None => EngineError::Io { at: at.to_owned(), cause: without_trace(&error.to_string()) },
    }
}

/// What is told of a file in a chain of causes.
fn damage(error: &(dyn StdError + 'static)) -> Option<Damage> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(damage) = cause.downcast_ref::<Damage>() {
            return Some(damage.clone());
        }
        next = cause.source();
    }
    Damage::in_text(&error.to_string())
}

/// A message without the calls that led to it, which the table library appends.
fn without_trace(text: &str) -> String {
    let is_call = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("at ") || line.split_once(": ").is_some_and(|(n, _)| n.parse::<u32>().is_ok())
    };
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !is_call(line) && !line.trim().eq_ignore_ascii_case("stack backtrace:"))
        .collect();
    lines.join(" ").trim().to_owned()
}

fn classify_io(at: &str, error: &std::io::Error, cause: String) -> EngineError {
    let at = at.to_owned();
    match error.kind() {
        ErrorKind::NotFound => EngineError::NotFound { what: ("the file", "文件").into(), at },
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => EngineError::DiskFull { at },
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => EngineError::ReadOnly { at, cause },
        ErrorKind::ConnectionRefused | ErrorKind::TimedOut | ErrorKind::HostUnreachable => {
            EngineError::Unreachable { url: at, cause }
        }
        _ => EngineError::Io { at, cause },
    }
}

/// The object store's error in a chain of causes, if there is one.
fn store_cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a object_store::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<object_store::Error>() {
            return Some(found);
        }
        // The query engine keeps some of its causes in boxes.
        if let Some(found) = error.downcast_ref::<Box<object_store::Error>>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The I/O error at the bottom of a chain of causes, if there is one.
fn io_cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a std::io::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return Some(io);
        }
        next = error.source();
    }
    None
}

fn first_lines(text: &str) -> String {
    text.lines().take(2).collect::<Vec<_>>().join(" ")
}
