//! How and where queries run.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clientele_model::Text;
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

/// That an engine cannot be used.
pub(crate) fn unusable(engine: &str) -> Text {
    Text::new(format!("the engine {engine} cannot be used"), format!("无法使用计算引擎 {engine}"))
}

impl FromStr for EngineUrl {
    type Err = EngineError;

    fn from_str(text: &str) -> Result<Self> {
        if text == "local" {
            return Ok(Self::Local);
        }
        let wrong = |cause: Text| {
            EngineError::wrong_setting(
                unusable(&format!("{text:?}")),
                cause,
                ("give local or df://host:port", "请写 local 或 df://主机:端口"),
            )
        };
        let mut url = Url::parse(text).map_err(|error| wrong(Text::same(error.to_string())))?;
        if url.scheme() != "df" {
            return Err(wrong(("it is no df:// URL", "它不是 df:// 地址").into()));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(wrong(("it names no host", "没有写主机").into()));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() {
            return Err(wrong(("nothing may follow the port", "端口之后不能有其他内容").into()));
        }
        url.set_path("");
        if url.port().is_none() {
            url.set_port(Some(SCHEDULER_PORT)).map_err(|()| wrong(("it has no port", "没有端口").into()))?;
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
