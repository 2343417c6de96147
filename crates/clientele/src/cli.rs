//! The command line: what there is to do.

use clap::{Parser, Subcommand};

use crate::args::Global;
use crate::{args, commands};

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

/// Whether documents are asked for, in words that are no command.
#[expect(clippy::disallowed_methods, reason = "here the command line is read")]
pub fn asks_for_json() -> bool {
    std::env::args_os().any(|word| word == "--json")
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a workspace
    Init(args::Init),
    /// Bring in files: CSV, TSV, XLSX, Parquet, JSON lines, also packed with gzip or zstd
    Import(args::Import),
    /// List what was brought in
    Batches,
    /// Take a batch back
    Undo(args::Undo),
    /// Forget customers: they leave every table, all versions, results and exports, for good
    Forget(commands::forget::Forget),
    /// List or export the rows that were refused
    Quarantine(args::Quarantine),
    /// Measure and classify every customer
    Refresh(args::Refresh),
    #[command(flatten)]
    Question(Question),
    /// Answer questions of another program: a line of JSON in for each, a line of JSON out
    Ask(commands::ask::Ask),
    /// Write the report: one HTML page with charts
    Report(args::Report),
    /// Write metrics, labels or a segment to a file
    Export(args::Export),
    /// List, show, check and publish schemes
    Schemes(args::Schemes),
    /// Set a customer's tier by hand, list what was set, and end it
    Override(commands::overrides::Overrides),
    /// List and show metrics
    Metrics(args::Metrics),
    /// Write synthetic customers, orders and order lines, for benchmarks and trials
    Generate(args::Generate),
    /// Run a part of a cluster
    #[cfg(feature = "cluster")]
    Cluster(args::Cluster),
    /// Drop what the settings do not keep: old runs, and files that nothing needs any more
    Vacuum(commands::vacuum::Vacuum),
    /// Copy the workspace to an empty place, while it is in use
    Backup(commands::backup::Backup),
    /// Make a workspace out of a backup
    Restore(commands::backup::Restore),
    /// Check that everything is in order
    Doctor(args::Doctor),
    /// Make a workspace with real data, refresh it and write its report
    Demo(args::Demo),
}

/// What is asked about a run. Of segments it is the one that may change them, too.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// Show sizes, shares and revenue of tiers
    Tiers(args::Tiers),
    /// List the customers of a tier
    Customers(args::Customers),
    /// Say why a customer is in a tier, and what would move them up
    Explain(args::Explain),
    /// Show who moved from where to where between two runs
    Movement(args::Movement),
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
}

impl Question {
    /// Whether it changes nothing.
    pub fn only_reads(&self) -> bool {
        if let Question::Segments(args) = self { args.only_reads() } else { true }
    }
}

impl Command {
    /// Whether it runs until it is told to stop.
    pub fn is_server(&self) -> bool {
        #[cfg(feature = "cluster")]
        return matches!(self, Command::Cluster(_));
        #[cfg(not(feature = "cluster"))]
        false
    }
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
