//! Clientele: customer records, orders and events to tiers that everyone can trust.
//!
//! The one binary. It reads the command line, calls the pipeline and shows what came out: results on
//! stdout, everything else on stderr.

mod allocator;
mod args;
mod cli;
mod commands;
mod context;
mod failure;
mod output;
mod settings;
mod text;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};
use crate::context::Context;
use crate::failure::Failure;

/// What a thread may take for calls within calls, in bytes. A query over some hundred metrics nests so
/// deep that reading its plan takes more than the usual 2 MiB in a build without optimisation.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    allocator::keep_memory();
    // Wrong usage ends here, with exit code 2 and the way to help.
    let cli = Cli::parse();
    start_log();
    let context = match Context::new(&cli.global) {
        Ok(context) => context,
        Err(failure) => return end(Err(failure), settings::language_of_system()),
    };
    let language = context.language;
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return end(Err(Failure::Start(error)), language),
    };
    // A part of a cluster ends in its own way.
    if !cli.command.is_server() {
        runtime.spawn(stop_when_asked(language));
    }
    let ended = runtime.block_on(run(context, cli.command));
    // Work that was given up on, as a server that is stopped, is not waited for.
    runtime.shutdown_background();
    end(ended, language)
}

/// Ends the program when somebody presses Ctrl-C. A commit that is under way is brought to its end first;
/// pressing it again ends the program at once. What was begun besides is removed by the next writer.
async fn stop_when_asked(language: clientele_model::Language) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    tokio::select! {
        _ = tokio::task::spawn_blocking(clientele_engine::io::finish_commits) => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    output::complain(&Failure::Stopped, language);
    // As the shell tells of a program that was interrupted.
    std::process::exit(130);
}

async fn run(context: Context, command: Command) -> Result<(), Failure> {
    let context = &context;
    match command {
        Command::Init(args) => commands::init::run(context, args).await,
        Command::Import(args) => commands::import::run(context, args).await,
        Command::Batches => commands::batches::run(context).await,
        Command::Undo(args) => commands::undo::run(context, args).await,
        Command::Forget(args) => commands::forget::run(context, args).await,
        Command::Quarantine(args) => commands::quarantine::run(context, args).await,
        Command::Refresh(args) => commands::refresh::run(context, args).await,
        Command::Tiers(args) => commands::tiers::run(context, args).await,
        Command::Customers(args) => commands::customers::run(context, args).await,
        Command::Explain(args) => commands::explain::run(context, args).await,
        Command::Movement(args) => commands::movement::run(context, args).await,
        Command::Alerts(args) => commands::alerts::run(context, args).await,
        Command::Persona(args) => commands::persona::run(context, args).await,
        Command::Drivers(args) => commands::drivers::run(context, args).await,
        Command::Crosstab(args) => commands::crosstab::run(context, args).await,
        Command::Demand(args) => commands::demand::run(context, args).await,
        Command::Satisfaction(args) => commands::satisfaction::run(context, args).await,
        Command::Ask(args) => commands::ask::run(context, args).await,
        Command::Report(args) => commands::report::run(context, args).await,
        Command::Export(args) => commands::export::run(context, args).await,
        Command::Schemes(args) => commands::schemes::run(context, args).await,
        Command::Segments(args) => commands::segments::run(context, args).await,
        Command::Override(args) => commands::overrides::run(context, args).await,
        Command::Metrics(args) => commands::metrics::run(context, args).await,
        Command::Generate(args) => commands::generate::run(context, args).await,
        #[cfg(feature = "cluster")]
        Command::Cluster(args) => commands::cluster::run(context, args).await,
        Command::Demo(args) => commands::demo::run(context, args).await,
        Command::Vacuum(args) => commands::vacuum::run(context, args).await,
        Command::Backup(args) => commands::backup::backup(context, args).await,
        Command::Restore(args) => commands::backup::restore(context, args).await,
        Command::Doctor(args) => commands::doctor::run(context, &args).await,
    }
}

/// Reports how it ended: 0 done, 1 failed.
fn end(ended: Result<(), Failure>, language: clientele_model::Language) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough, as `head` does.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure, language);
            ExitCode::FAILURE
        }
    }
}

/// Writes a log to stderr when `CLIENTELE_LOG` asks for one, as in `CLIENTELE_LOG=debug`.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CLIENTELE_LOG");
    let Ok(filter) = filter else { return };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
