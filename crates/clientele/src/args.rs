//! The command line.

mod values;

#[cfg(feature = "cluster")]
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clientele_model::{AsOf, BatchId, Currency, Language, MetricId, RunId, SchemeId};
use clientele_pipeline::act::export::What;
use clientele_pipeline::generate::Format;
use serde::Serialize;

use crate::commands;
use values::{batch_id, field_and_column, metric_id};
pub use values::{run_id, scheme_and_tier, scheme_id};

/// Turns customer records and orders into tiers that everyone can trust.
///
/// Results go to stdout, messages and progress to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "clientele", version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

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
    /// Threads for computing [default: one a processor]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<u16>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a workspace
    Init(Init),
    /// Bring in files: CSV, TSV, XLSX, Parquet, JSON lines, also packed with gzip or zstd
    Import(Import),
    /// List what was brought in
    Batches,
    /// Take a batch back
    Undo(Undo),
    /// List or export the rows that were refused
    Quarantine(Quarantine),
    /// Measure and classify every customer
    Refresh(Refresh),
    /// Show sizes, shares and revenue of tiers
    Tiers(Tiers),
    /// List the customers of a tier
    Customers(Customers),
    /// Say why a customer is in a tier, and what would move them up
    Explain(Explain),
    /// Show who moved from where to where between two runs
    Movement(Movement),
    /// Tell which movements of the last run the alerts ask for
    Alerts(commands::alerts::Alerts),
    /// Say what a group is like, against everybody: what sets it apart, what it buys, when and where
    Persona(commands::persona::Persona),
    /// Find what goes along with an outcome, and where there is room to do better
    Drivers(commands::drivers::Drivers),
    /// Cross two classifications or attributes, and say whether they have to do with each other
    Crosstab(commands::crosstab::Crosstab),
    /// Show which categories rise and fall in each tier, quarter on quarter
    Demand(commands::demand::Demand),
    /// Group customers by rule or list; count them, list them, see who came and went
    Segments(commands::segments::Segments),
    /// Show how satisfied each tier is
    Satisfaction(commands::satisfaction::Satisfaction),
    /// Answer questions of another program: a line of JSON in for each, a line of JSON out
    Ask(commands::ask::Ask),
    /// Write the report: one HTML page with charts
    Report(Report),
    /// Write metrics, labels or a segment to a file
    Export(Export),
    /// List, show, check and publish schemes
    Schemes(Schemes),
    /// Set a customer's tier by hand, list what was set, and end it
    Override(commands::overrides::Overrides),
    /// List and show metrics
    Metrics(Metrics),
    /// Write synthetic customers, orders and order lines, for benchmarks and trials
    Generate(Generate),
    /// Run a part of a cluster
    #[cfg(feature = "cluster")]
    Cluster(Cluster),
    /// Check that everything is in order
    Doctor,
    /// Make a workspace with real data, refresh it and write its report
    Demo(Demo),
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
    /// Tell on stderr how long each step took
    #[arg(long)]
    pub times: bool,
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
    /// The file [default: report.html in the workspace]
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

#[derive(Debug, Args)]
pub struct Generate {
    /// The folder; it is made if need be
    pub dir: PathBuf,
    /// How many customers; each has an order at least
    #[arg(long, value_name = "N")]
    pub customers: u64,
    /// How many orders in all
    #[arg(long, value_name = "M")]
    pub orders: u64,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// csv or parquet
    #[arg(long, default_value = "csv")]
    pub format: Format,
    /// The currency of amounts
    #[arg(long, default_value = "GBP")]
    pub currency: Currency,
    /// Leave out the order lines, which are two thirds of all bytes
    #[arg(long)]
    pub no_lines: bool,
    #[command(flatten)]
    pub facts: commands::generate::MoreFacts,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
