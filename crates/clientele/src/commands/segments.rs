//! `clientele segments`: groups of customers by rule or list.

mod count;
mod history;
mod shown;
mod upload;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clientele_pipeline::understand::segments::{self, By, SegmentRegistry, SegmentRequest, Standing};
use clientele_present::segments::{OneSegment, RemovedSegment};

use crate::context::Context;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub struct Segments {
    #[command(subcommand)]
    command: SegmentsCommand,
}

#[derive(Debug, Subcommand)]
enum SegmentsCommand {
    /// List the segments, how many are in each, and whether that still holds
    List,
    /// Show a segment: its rule, state and size
    Show { segment: String },
    /// Define a segment by a rule, or change it, and evaluate it
    Set {
        /// Its name for commands and rules: lower-case letters, digits and -
        segment: String,
        /// Who belongs to it, as in "spend_365d > 1000 and lifecycle = silent and not segment(vip)"
        #[arg(long)]
        rule: String,
        /// Its name for people, in English
        #[arg(long, value_name = "NAME")]
        name_en: Option<String>,
        /// Its name for people, in Chinese
        #[arg(long, value_name = "NAME")]
        name_zh: Option<String>,
        /// What it is for, or why it was changed
        #[arg(long)]
        note: Option<String>,
    },
    /// Count who rules describe, without keeping them
    Count {
        #[arg(required_unless_present = "rules")]
        rule: Vec<String>,
        /// A file with a rule a line
        #[arg(long, value_name = "FILE")]
        rules: Option<PathBuf>,
    },
    /// Evaluate segments over the last run: those that are not fresh, or the named ones
    Refresh { segments: Vec<String> },
    /// List the customers of a segment
    Members {
        segment: String,
        /// How many to list, those with the most revenue first
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Show what a segment was defined by, and who came and went
    History {
        segment: String,
        /// How many of those who came and went to list, the last first
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Make a segment of the customers that a file names by e-mail, phone or id
    Upload {
        segment: String,
        /// CSV, TXT or XLSX
        file: PathBuf,
        /// The column that tells who is meant [default: found by its name]
        #[arg(long)]
        column: Option<String>,
        /// email, phone or id [default: found by the column's name, else by the values]
        #[arg(long, value_parser = by)]
        by: Option<By>,
        /// Its name for people, in English
        #[arg(long, value_name = "NAME")]
        name_en: Option<String>,
        /// Its name for people, in Chinese
        #[arg(long, value_name = "NAME")]
        name_zh: Option<String>,
        /// What it is for, or where it comes from
        #[arg(long)]
        note: Option<String>,
    },
    /// Take a segment away; its history stays
    Remove { segment: String },
}

impl Segments {
    /// Whether nothing is changed by it, and no file of the asker's is read.
    pub fn only_reads(&self) -> bool {
        match &self.command {
            SegmentsCommand::Count { rules, .. } => rules.is_none(),
            SegmentsCommand::List
            | SegmentsCommand::Show { .. }
            | SegmentsCommand::Members { .. }
            | SegmentsCommand::History { .. } => true,
            SegmentsCommand::Set { .. }
            | SegmentsCommand::Refresh { .. }
            | SegmentsCommand::Upload { .. }
            | SegmentsCommand::Remove { .. } => false,
        }
    }
}

fn by(text: &str) -> Result<By, String> {
    match text {
        "email" => Ok(By::Email),
        "phone" => Ok(By::Phone),
        "id" => Ok(By::Id),
        other => Err(format!("`{other}` tells nobody; use email, phone or id")),
    }
}

pub async fn run(context: &Context, args: Segments) -> Result<(), Failure> {
    match args.command {
        SegmentsCommand::List => shown::list(context, &standings(context).await?),
        SegmentsCommand::Show { segment } => show(context, &book(context).await?.standing(&segment)?),
        SegmentsCommand::Set { segment, rule, name_en, name_zh, note } => {
            let workspace = context.workspace().await?;
            let now = context.now(&workspace);
            let wish = SegmentRequest { id: segment, rule, name_en, name_zh, note, now };
            let made = segments::define(&workspace, wish).await?;
            show(context, &evaluated(context, &made.id).await?)
        }
        SegmentsCommand::Count { rule, rules } => count::run(context, rule, rules).await,
        SegmentsCommand::Refresh { segments } => {
            let workspace = context.workspace().await?;
            let engine = context.engine()?;
            let made = segments::evaluate(&workspace, &engine, &segments, context.now(&workspace)).await?;
            if made.is_empty() {
                context.output.tell(
                    context.pick("Nothing to do: every segment is fresh.", "无需计算：所有客群都是最新的。"),
                );
            }
            shown::list(context, &standings(context).await?)
        }
        SegmentsCommand::Members { segment, limit } => history::members(context, &segment, limit).await,
        SegmentsCommand::History { segment, limit } => history::run(context, &segment, limit).await,
        SegmentsCommand::Upload { segment, file, column, by, name_en, name_zh, note } => {
            let workspace = context.workspace().await?;
            let now = context.now(&workspace);
            let wish = segments::ListRequest { id: segment, file, column, by, name_en, name_zh, note, now };
            let done = segments::upload(&workspace, wish).await?;
            let standing = evaluated(context, &done.definition.id).await?;
            upload::show(context, &done, &standing)
        }
        SegmentsCommand::Remove { segment } => {
            let workspace = context.workspace().await?;
            let made = segments::remove(&workspace, &segment, context.now(&workspace)).await?;
            let document = RemovedSegment { segment: made.id.clone(), version: made.version };
            context.output.result(&document, || {
                context.pick(
                    format!(
                        "Removed segment {}. Its history stays: clientele segments history {}",
                        made.id, made.id
                    ),
                    format!("已删除客群 {}。历史仍可查看：clientele segments history {}", made.id, made.id),
                )
            })
        }
    }
}

async fn standings(context: &Context) -> Result<Vec<Standing>, Failure> {
    Ok(book(context).await?.standings())
}

/// The segments. Their sizes are of the last run, which may not be of what there is now.
async fn book(context: &Context) -> Result<SegmentRegistry, Failure> {
    let book = SegmentRegistry::open(&context.workspace().await?).await?;
    if book.run.is_some() {
        context.view(None).await?;
    }
    Ok(book)
}

/// Evaluates a segment when there is a run, and says how it stands then.
async fn evaluated(context: &Context, id: &str) -> Result<Standing, Failure> {
    let workspace = context.workspace().await?;
    let book = SegmentRegistry::open(&workspace).await?;
    if book.run.is_none() {
        return Ok(book.standing(id)?);
    }
    let named = [id.to_owned()];
    segments::evaluate(&workspace, &context.engine()?, &named, context.now(&workspace)).await?;
    Ok(SegmentRegistry::open(&workspace).await?.standing(id)?)
}

fn show(context: &Context, standing: &Standing) -> Result<(), Failure> {
    let document = OneSegment { segment: standing.into() };
    context.output.result(&document, || shown::text(context, standing))
}
