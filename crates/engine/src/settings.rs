//! How and where queries run.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

use crate::error::{EngineError, Result};

/// The port of a cluster's scheduler unless another is given.
pub const SCHEDULER_PORT: u16 = 50050;

/// Where queries run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum EngineUrl {
    /// In this process.
    #[default]
    Local,
    /// On the cluster with this scheduler, `df://host:port`.
    Cluster(Url),
}

impl FromStr for EngineUrl {
    type Err = EngineError;

    fn from_str(text: &str) -> Result<Self> {
        if text == "local" {
            return Ok(Self::Local);
        }
        let wrong = |cause: &str| EngineError::Setting {
            what: format!("the engine {text:?} cannot be used"),
            cause: format!("{cause}; give local or df://host:port"),
        };
        let mut url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        if url.scheme() != "df" {
            return Err(wrong("it is no df:// URL"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("it names no host"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() {
            return Err(wrong("nothing may follow the port"));
        }
        url.set_path("");
        if url.port().is_none() {
            url.set_port(Some(SCHEDULER_PORT)).map_err(|()| wrong("it has no port"))?;
        }
        Ok(Self::Cluster(url))
    }
}

impl fmt::Display for EngineUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("local"),
            Self::Cluster(url) => url.fmt(f),
        }
    }
}

/// The settings of a session.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// Where queries run.
    pub engine: EngineUrl,
    /// What the queries of the session may hold in memory together, in bytes; beyond it they
    /// spill to disk. None: no limit. A cluster's executors have limits of their own.
    pub memory_limit_bytes: Option<u64>,
    /// Where to spill; none: the system's folder for temporary files.
    pub spill_dir: Option<PathBuf>,
    /// Into how many parts a query is split to run at the same time, at least 1.
    pub target_partitions: usize,
    /// Rows that operators hand on at a time.
    pub batch_size: usize,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            engine: EngineUrl::Local,
            memory_limit_bytes: None,
            spill_dir: None,
            target_partitions: std::thread::available_parallelism().map_or(1, usize::from),
            batch_size: 8192,
        }
    }
}
