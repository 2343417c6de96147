//! Clientele: customer records, orders and events to tiers that everyone can trust.
//!
//! The one binary. It reads the command line, calls the pipeline and shows what came out: results on
//! stdout, everything else on stderr.

mod allocator;
mod args;
mod cli;
mod commands;
mod context;
mod dispatch;
mod failure;
mod output;
mod settings;
mod text;

use std::process::ExitCode;

use clap::Parser as _;
use clientele_model::Language;
use clientele_model::problem::kinds::command::{STOPPED, THREADS};

use crate::cli::Cli;
use crate::context::Context;
use crate::failure::Failure;

/// What a thread may take for calls within calls, in bytes. A query over some hundred metrics nests so
/// deep that reading its plan takes more than the usual 2 MiB in a build without optimisation.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    allocator::keep_memory();
    start_log();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error),
    };
    let context = match Context::new(&cli.global) {
        Ok(context) => context,
        Err(failure) => return end(Err(failure), cli.global.json, settings::language_of_system()),
    };
    let language = context.language;
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            return end(Err(THREADS.problem().with("cause", error).into()), context.output.json, language);
        }
    };
    // A part of a cluster ends in its own way.
    if !cli.command.is_server() {
        runtime.spawn(stop_when_asked(context.output.json, language));
    }
    let ended = runtime.block_on(dispatch::run(&context, cli.command));
    // Work that was given up on, as a server that is stopped, is not waited for.
    runtime.shutdown_background();
    end(ended, context.output.json, language)
}

/// Ends with exit code 2 and the way to help, or with the help that was asked for.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && cli::asks_for_json() {
        return end(Err(Failure::words(error)), true, settings::language_of_system());
    }
    error.exit()
}

/// Ends the program when somebody presses Ctrl-C. A commit that is under way is brought to its end first;
/// pressing it again ends the program at once. What was begun besides is removed by the next writer.
async fn stop_when_asked(is_json: bool, language: Language) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    tokio::select! {
        _ = tokio::task::spawn_blocking(clientele_engine::io::finish_commits) => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    output::complain(&STOPPED.problem(), is_json, language);
    // As the shell tells of a program that was interrupted.
    std::process::exit(130);
}

/// Reports how it ended: 0 done, 1 failed, 2 wrong usage.
fn end(ended: Result<(), Failure>, is_json: bool, language: Language) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough, as `head` does.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            let Some(problem) = failure.problem() else { return ExitCode::FAILURE };
            output::complain(&problem, is_json, language);
            ExitCode::from(problem.kind.exit)
        }
    }
}

/// Writes a log to stderr when `CLIENTELE_LOG` asks for one, as in `CLIENTELE_LOG=debug`.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("CLIENTELE_LOG");
    let Ok(filter) = filter else { return };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
