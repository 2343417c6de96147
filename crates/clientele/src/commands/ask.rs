//! `clientele ask`: questions from another program, many over one opened workspace.
//!
//! Each line that comes in is a JSON object: `ask` has the words of a command that only reads, `id` whatever the asker
//! wants back. Each line that goes out is one too, with that `id` and either the document that the command prints with
//! `--json`, as `answer`, or an `error` with its code and its cure. Answers go out as they are ready, so not
//! always in the order of the questions.

use std::io::{BufRead as _, Write as _};
use std::pin::Pin;
use std::sync::Arc;

use clap::Args;
use clientele_model::problem::kinds::command::NO_QUESTION;
use clientele_pipeline::understand::RunViews;
use clientele_present::ask::{Answer, Question, nothing};
use serde_json::value::RawValue;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::context::Context;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub struct Ask {
    /// How many questions are answered at a time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub at_once: u16,
}

/// Answers the words of a question with the document of the command that they name; without any words, with which
/// run is the last.
pub type Answerer =
    fn(Context, Vec<String>) -> Pin<Box<dyn Future<Output = Result<Box<RawValue>, Failure>> + Send>>;

pub async fn run(context: &Context, args: Ask, answerer: Answerer) -> Result<(), Failure> {
    let views = Arc::new(RunViews::new(context.workspace().await?, context.engine()?));
    let turns = Arc::new(Semaphore::new(args.at_once.into()));
    let mut lines = lines();
    let mut asked = JoinSet::new();
    while let Some(line) = lines.recv().await {
        let line = line.map_err(Failure::Output)?;
        if line.trim().is_empty() {
            continue;
        }
        let Ok(turn) = Arc::clone(&turns).acquire_owned().await else { break };
        let context = Context { views: Some(Arc::clone(&views)), ..context.clone() };
        asked.spawn(async move {
            let told = print(&answer(&context, &line, answerer).await);
            drop(turn);
            told
        });
        while let Some(told) = asked.try_join_next() {
            ended(told)?;
        }
    }
    while let Some(told) = asked.join_next().await {
        ended(told)?;
    }
    Ok(())
}

/// The lines of stdin, read on a thread of their own.
fn lines() -> mpsc::Receiver<std::io::Result<String>> {
    let (send, receive) = mpsc::channel(64);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            // Nobody waits for more once the answers have found no reader.
            if send.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receive
}

fn ended(told: Result<Result<(), Failure>, tokio::task::JoinError>) -> Result<(), Failure> {
    told.unwrap_or_else(|error| Err(Failure::Output(std::io::Error::other(error))))
}

async fn answer(context: &Context, line: &str, answerer: Answerer) -> Answer {
    let began = std::time::Instant::now();
    let (id, found) = match serde_json::from_str::<Question>(line) {
        Ok(Question { id, ask }) => (id, answerer(context.clone(), ask).await),
        Err(error) => (nothing(), Err(NO_QUESTION.problem().with("cause", error).into())),
    };
    let milliseconds = (began.elapsed().as_secs_f64() * 1e5).round() / 100.0;
    Answer::new(id, found.map_err(|failure| failure.problem()), context.language, milliseconds)
}

/// Whole lines, whoever else writes.
fn print(answer: &Answer) -> Result<(), Failure> {
    let line = serde_json::to_string(answer).map_err(|error| Failure::Output(error.into()))?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(Failure::Output)
}
