//! The arguments of the command line.

mod generate;
mod values;

#[cfg(feature = "cluster")]
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use clientele_model::{AsOf, BatchId, Currency, Language, MetricId, RunId, SchemeId};
use clientele_pipeline::act::export::What;
use serde::Serialize;

pub use generate::{Generate, MoreFacts};
use values::{batch_id, field_and_column, metric_id};
pub use values::{duration, run_id, scheme_and_tier, scheme_id};

/// What every command takes. A value that is not given here comes from the environment variable
/// `CLIENTELE_` and the flag's name, then from `clientele.toml`, then from the defaults.
#[derive(Debug, Clone, Default, Args, Serialize)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// The workspace's folder [default: the folder one stands in; env: CLIENTELE_WORKSPACE]
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<PathBuf>,
    /// Where to compute: local or df://HOST:PORT [default: local; env: CLIENTELE_ENGINE]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The language of texts: en or zh [default: the workspace's; env: CLIENTELE_LANGUAGE]
    #[arg(long, global = true, value_name = "LANGUAGE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Print the result as one JSON document
    #[arg(long, global = true)]
    #[serde(skip)]
    pub json: bool,
    /// Memory for queries, as 512MiB or 4GiB; beyond it they use the disk [default: 4GiB]
    #[arg(long, global = true, value_name = "SIZE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<String>,
    /// How long to wait for another program that writes to the same workspace, as 30s or 2m [default: 0s]
    #[arg(long, global = true, value_name = "TIME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<String>,
    /// Threads for computing [default: one a processor]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<u16>,
}

#[derive(Debug, Args)]
pub struct Init {
    /// The folder; it is made if need be
    pub dir: PathBuf,
    /// The currency of all money, such as GBP or CNY
    #[arg(long)]
    pub currency: Currency,
    /// The timezone of all times, such as Europe/London
    #[arg(long, default_value = "UTC")]
    pub timezone: chrono_tz::Tz,
    /// The country of phone numbers without a prefix, such as GB
    #[arg(long)]
    pub country: Option<String>,
    /// Where to keep the data: a folder in the workspace or s3://BUCKET/PREFIX
    #[arg(long, value_name = "PLACE")]
    pub lake: Option<String>,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The files; each becomes a batch
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The layout, when it is not to be found in the file
    #[arg(long, value_name = "LAYOUT")]
    pub source: Option<String>,
    /// Which column fills which field, as in amount=total,customer_id=buyer
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',', value_parser = field_and_column)]
    pub map: Vec<(String, String)>,
    /// Do everything but keep the result: shows what an import would bring
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Undo {
    /// The batch, such as b0002
    #[arg(value_parser = batch_id)]
    pub batch: BatchId,
}

#[derive(Debug, Args)]
pub struct Quarantine {
    #[command(subcommand)]
    pub command: QuarantineCommand,
}

#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// List refused rows, with what is wrong and the cure
    List {
        /// Only those of this batch
        #[arg(long, value_parser = batch_id)]
        batch: Option<BatchId>,
        /// How many to list
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Write a batch's refused rows to a CSV file, to correct and import again
    Export {
        #[arg(value_parser = batch_id)]
        batch: BatchId,
        /// The file
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Refresh {
    /// The day to look from; orders of that day and later are not seen [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<AsOf>,
    /// Only these schemes, divided by commas
    #[arg(long, value_name = "SCHEMES", value_delimiter = ',', value_parser = scheme_id)]
    pub schemes: Vec<SchemeId>,
    /// With --schemes: these metrics too, beyond what the schemes read, divided by commas
    #[arg(long, value_name = "METRICS", value_delimiter = ',', requires = "schemes", value_parser = metric_id)]
    pub metrics: Vec<MetricId>,
    /// Make the damaged files of this run anew, from what it read then, to the same bytes
    #[arg(long, value_name = "RUN", value_parser = run_id, conflicts_with_all = ["as_of", "schemes", "metrics", "times"])]
    pub again: Option<RunId>,
    /// Tell on stderr how long each step took
    #[arg(long)]
    pub times: bool,
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// Read all data and hold it against what was written down; names what is damaged, and the cure
    #[arg(long)]
    pub deep: bool,
}

#[derive(Debug, Args)]
pub struct Tiers {
    /// The scheme; all of them, when none is named
    #[arg(value_parser = scheme_id)]
    pub scheme: Option<SchemeId>,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = run_id)]
    pub run: Option<RunId>,
}

#[derive(Debug, Args)]
pub struct Customers {
    /// The scheme and its tier, as in rfm-11=champions
    #[arg(long, value_name = "SCHEME=TIER", value_parser = scheme_and_tier)]
    pub tier: (SchemeId, String),
    /// How many to list, those with the most revenue first
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = run_id)]
    pub run: Option<RunId>,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// The customer's id, or SOURCE:ID
    pub customer: String,
    /// The scheme; all of them, when none is named
    #[arg(long, value_parser = scheme_id)]
    pub scheme: Option<SchemeId>,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = run_id)]
    pub run: Option<RunId>,
}

#[derive(Debug, Args)]
pub struct Movement {
    /// The scheme
    #[arg(value_parser = scheme_id)]
    pub scheme: SchemeId,
    /// The earlier run [default: the one before]
    #[arg(long, value_name = "RUN", value_parser = run_id)]
    pub from: Option<RunId>,
    /// The later run [default: the last]
    #[arg(long, value_name = "RUN", value_parser = run_id)]
    pub to: Option<RunId>,
    /// Leave out why they moved, which takes two measurings
    #[arg(long)]
    pub no_causes: bool,
    /// Show the rates of all runs so far instead: up, down, new, lost, returned
    #[arg(long, conflicts_with_all = ["from", "no_causes"])]
    pub periods: bool,
}

#[derive(Debug, Args)]
pub struct Report {
    /// The file [default: report.html in the workspace]; one that ends in .json gets all that the page shows, the
    /// figures behind its charts included, as a document
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = run_id)]
    pub run: Option<RunId>,
}

#[derive(Debug, Args)]
pub struct Demo {
    /// The folder; a demo that is there is made anew
    #[arg(default_value = "clientele-demo")]
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
pub struct Export {
    /// metrics, labels or segment:NAME
    pub what: What,
    /// The file: .csv, .parquet or .xlsx
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = run_id)]
    pub run: Option<RunId>,
    /// Begin a CSV file with a byte order mark, so that Excel reads it as UTF-8
    #[arg(long)]
    pub bom: bool,
}

#[derive(Debug, Args)]
pub struct Schemes {
    #[command(subcommand)]
    pub command: SchemesCommand,
}

#[derive(Debug, Subcommand)]
pub enum SchemesCommand {
    /// List the schemes
    List,
    /// Show a scheme: its question, rule, tiers and what to do for each
    Show {
        #[arg(value_parser = scheme_id)]
        scheme: SchemeId,
    },
    /// Prove that scheme files put everyone in exactly one tier, or show for whom they do not
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Make a scheme file count from the next refresh on, and show who would move
    Publish {
        file: PathBuf,
        /// Only show it
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Args)]
pub struct Metrics {
    #[command(subcommand)]
    pub command: MetricsCommand,
}

#[derive(Debug, Subcommand)]
pub enum MetricsCommand {
    /// List the metrics
    List,
    /// Show a metric: what it measures, its formula and unit
    Show { metric: String },
}

#[cfg(feature = "cluster")]
#[derive(Debug, Args)]
pub struct Cluster {
    #[command(subcommand)]
    pub command: ClusterCommand,
}

#[cfg(feature = "cluster")]
#[derive(Debug, Subcommand)]
pub enum ClusterCommand {
    /// Take queries and hand their parts to executors, until stopped
    Scheduler {
        /// The address to listen at
        #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
        bind: SocketAddr,
    },
    /// Run parts of queries, until stopped
    Executor {
        /// The scheduler's address
        #[arg(long, value_name = "HOST:PORT")]
        scheduler: String,
        /// The address at which others fetch results; port 0 takes any free one
        #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
        bind: SocketAddr,
        /// Where to keep what is computed in between [default: a passing folder]
        #[arg(long, value_name = "DIR")]
        work_dir: Option<PathBuf>,
    },
}
