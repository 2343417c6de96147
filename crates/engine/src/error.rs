//! What can go wrong, in kinds a caller can match on.

use std::error::Error as StdError;
use std::io::ErrorKind;

use datafusion::error::DataFusionError;
use deltalake_core::DeltaTableError;

use crate::integrity::Damage;

/// A result of this crate.
pub type Result<T, E = EngineError> = std::result::Result<T, E>;

/// An error of the session or the lake. Every message says what failed, where, and what to do.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EngineError {
    /// The lake, table, file or generation does not exist.
    #[error("{what} was not found at {at}; check the path")]
    NotFound { what: String, at: String },
    /// Something of that name is there already.
    #[error("{what} already exists at {at}; choose another name or open the one that is there")]
    AlreadyExists { what: String, at: String },
    /// The place holds what is somebody else's. `found` names some of it.
    #[error("{at} holds other things: {found}; nothing was touched, choose an empty place or move them away")]
    Occupied { at: String, found: String },
    /// A commit failed, and whether it counts could not be found out.
    #[error(
        "it is not known whether the change of {at} was made: {cause}; once the place can be reached again, \
         look whether it is there before you try again"
    )]
    Unsure { at: String, cause: String },
    /// The lake was written by a later release.
    #[error(
        "the lake at {at} has format {found}, this program reads up to format {supported}; \
         install a newer release"
    )]
    NewerVersion { at: String, found: u32, supported: u32 },
    /// Another writer holds the lake. `by` is what that writer left about itself.
    #[error(
        "the lake at {at} is being written by {by}; wait for it to finish and try again, or use --wait 2m"
    )]
    Locked { at: String, by: String },
    /// Another writer committed first; nothing of this transaction is visible.
    #[error("another writer changed {at} in the meantime; nothing was written, try again")]
    Conflict { at: String },
    /// The place cannot be written to.
    #[error("{at} cannot be written: {cause}; check the permissions")]
    ReadOnly { at: String, cause: String },
    /// No room is left on the disk or in the quota.
    #[error("the disk is full while writing {at}; free some space and try again")]
    DiskFull { at: String },
    /// The query needs more memory than the limit and cannot spill.
    #[error("the query needs more memory than its limit: {cause}; raise the memory limit")]
    OutOfMemory { cause: String },
    /// A server does not answer.
    #[error("{url} cannot be reached: {cause}; check the address and that the server runs")]
    Unreachable { url: String, cause: String },
    /// The cluster's scheduler answers, but nobody is there to run queries.
    #[error("the cluster at {url} has no executor; start one and try again")]
    NoExecutors { url: String },
    /// The cluster took the query and failed it.
    #[error("the cluster at {url} failed the query: {cause}; look at its executors and try again")]
    Cluster { url: String, cause: String },
    /// A data file or a log entry is not what was written; told when it is read.
    #[error("{0}; see `clientele doctor --deep` for the cure")]
    Damaged(Damage),
    /// Data on disk is not what was written.
    #[error("{at} is damaged: {cause}; restore it from a backup")]
    Corrupt { at: String, cause: String },
    /// The SQL is wrong or failed while running.
    #[error("the query failed: {cause}")]
    Query { cause: String, sql: String },
    /// A setting or an address is wrong.
    #[error("{what}: {cause}")]
    Setting { what: String, cause: String },
    /// A change counts, but could not be brought to its end.
    #[error(
        "the change of the lake at {at} counts but is not finished: {cause}; remove the cause, then run the \
         command again: the rest is done then"
    )]
    Unfinished { at: String, cause: String },
    /// Rows do not fit the table.
    #[error("the rows do not fit the table {table}: {cause}")]
    Schema { table: String, cause: String },
    /// Reading or writing failed for another reason.
    #[error("reading or writing {at} failed: {cause}; check that it can be reached, and try again")]
    Io { at: String, cause: String },
}

impl EngineError {
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
            E::NotFound { .. } => Self::NotFound { what: "the file".into(), at },
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
                Self::NotFound { what: "the table".into(), at }
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
        ErrorKind::NotFound => EngineError::NotFound { what: "the file".into(), at },
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
