//! From a command's words to what does it.

use std::pin::Pin;

use clap::Parser as _;
use clientele_model::problem::kinds::command::ONLY_QUESTIONS;
use clientele_present::RunReference;
use clientele_present::ask::{LastRun, nothing};
use serde_json::value::{RawValue, to_raw_value};

use crate::cli::{Cli, Command, Question};
use crate::commands;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Output;

/// Does what a command says.
pub async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Init(args) => commands::init::run(context, args).await,
        Command::Import(args) => commands::import::run(context, args).await,
        Command::Batches => commands::batches::run(context).await,
        Command::Undo(args) => commands::undo::run(context, args).await,
        Command::Forget(args) => commands::forget::run(context, args).await,
        Command::Quarantine(args) => commands::quarantine::run(context, args).await,
        Command::Refresh(args) => commands::refresh::run(context, args).await,
        Command::Question(asked) => question(context, asked).await,
        Command::Ask(args) => commands::ask::run(context, args, answer).await,
        Command::Report(args) => commands::report::run(context, args).await,
        Command::Export(args) => commands::export::run(context, args).await,
        Command::Schemes(args) => commands::schemes::run(context, args).await,
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

/// Answers a question.
async fn question(context: &Context, asked: Question) -> Result<(), Failure> {
    match asked {
        Question::Tiers(args) => commands::tiers::run(context, args).await,
        Question::Customers(args) => commands::customers::run(context, args).await,
        Question::Explain(args) => commands::explain::run(context, args).await,
        Question::Movement(args) => commands::movement::run(context, args).await,
        Question::Alerts(args) => commands::alerts::run(context, args).await,
        Question::Persona(args) => commands::persona::run(context, args).await,
        Question::Drivers(args) => commands::drivers::run(context, args).await,
        Question::Crosstab(args) => commands::crosstab::run(context, args).await,
        Question::Demand(args) => commands::demand::run(context, args).await,
        Question::Satisfaction(args) => commands::satisfaction::run(context, args).await,
        Question::Segments(args) => commands::segments::run(context, args).await,
    }
}

/// The document with which a question is answered; see [`commands::ask`].
fn answer(
    context: Context,
    words: Vec<String>,
) -> Pin<Box<dyn Future<Output = Result<Box<RawValue>, Failure>> + Send>> {
    Box::pin(async move {
        if words.is_empty() {
            let view = context.view(None).await?;
            let last = LastRun { run: RunReference::from(&view.run) };
            return to_raw_value(&last).map_err(|error| Failure::Output(error.into()));
        }
        let words = ["clientele".to_owned()].into_iter().chain(words);
        let cli = Cli::try_parse_from(words).map_err(|error| Failure::words(&error))?;
        let asked = match cli.command {
            Command::Question(asked) if asked.only_reads() => asked,
            _ => return Err(ONLY_QUESTIONS.problem().with_list("known", &QUESTIONS).into()),
        };
        let (output, kept) = Output::kept();
        question(&Context { output, ..context }, asked).await?;
        Ok(kept.take().unwrap_or_else(nothing))
    })
}

/// The commands that only read.
const QUESTIONS: [&str; 15] = [
    "tiers",
    "customers",
    "explain",
    "movement",
    "alerts",
    "persona",
    "drivers",
    "crosstab",
    "demand",
    "satisfaction",
    "segments list",
    "segments show",
    "segments count",
    "segments members",
    "segments history",
];
