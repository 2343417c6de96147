//! `clientele override`: tiers that people set by hand.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use clientele_model::{AsOf, SchemeId, TierId};
use clientele_pipeline::act::overrides::{self, Override, OverrideRequest, State};
use clientele_pipeline::{runs, session};
use clientele_present::overrides::{self as documents, ListedOverride, Overrides as Document};

use crate::args::scheme_and_tier;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table};
use crate::text::Word;

#[derive(Debug, Args)]
pub struct Overrides {
    #[command(subcommand)]
    command: OverridesCommand,
}

#[derive(Debug, Subcommand)]
enum OverridesCommand {
    /// Set a customer's tier; it counts from the next refresh on
    Set {
        /// The customer's id, or SOURCE:ID
        customer: String,
        /// The scheme and the tier, as in social-style=extrovert
        #[arg(value_name = "SCHEME=TIER", value_parser = scheme_and_tier)]
        tier: (SchemeId, String),
        /// Why; receipts show it
        #[arg(long)]
        reason: Option<String>,
        /// How you came to it, such as observation or interview
        #[arg(long)]
        method: Option<String>,
        /// The first day that it holds [default: the day that the last refresh looked from]
        #[arg(long, value_name = "DATE")]
        from: Option<NaiveDate>,
        /// The last day that it holds [default: until it is ended]
        #[arg(long, value_name = "DATE")]
        until: Option<NaiveDate>,
        /// Who sets it [default: the user of this computer]
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List what was set, and whether it holds
    List {
        /// Only those that hold or are to come
        #[arg(long)]
        current: bool,
    },
    /// End one; the rule decides again from the next refresh on
    End {
        /// The override, such as o0003
        id: String,
    },
}

pub async fn run(context: &Context, args: Overrides) -> Result<(), Failure> {
    match args.command {
        OverridesCommand::Set { customer, tier, reason, method, from, until, by } => {
            let workspace = context.workspace().await?;
            let request = OverrideRequest {
                customer,
                scheme: tier.0,
                tier: TierId::new(tier.1),
                reason: reason.unwrap_or_default(),
                method,
                by: by.or_else(user),
                since: from,
                until,
                now: context.now(&workspace),
            };
            let set = overrides::set(&workspace, request).await?;
            context.output.result(&documents::Override::from(&set), || said(context, &set))
        }
        OverridesCommand::List { current } => list(context, current).await,
        OverridesCommand::End { id } => {
            let workspace = context.workspace().await?;
            let ended = overrides::end(&workspace, &id, context.now(&workspace)).await?;
            context.output.result(&documents::Override::from(&ended), || {
                context.pick(
                    format!("Override {id} is ended. The rule decides again.\nNext: clientele refresh"),
                    format!("人工指定 {id} 已结束，之后由规则判断。\n下一步：clientele refresh"),
                )
            })
        }
    }
}

fn said(context: &Context, set: &Override) -> String {
    let until = match set.until {
        Some(day) => context.pick(format!("until {day}"), format!("至 {day}")),
        None => context.pick("until it is ended".to_owned(), "直到被取消".to_owned()),
    };
    let (id, customer, scheme, tier, since) = (&set.id, &set.customer_id, &set.scheme, &set.tier, set.since);
    context.pick(
        format!(
            "Override {id}: customer {customer} is in {scheme}={tier} from {since} {until}.\n\
             Next: clientele refresh"
        ),
        format!("人工指定 {id}：客户 {customer} 自 {since} 起属于 {scheme}={tier}，{until}。\n下一步：clientele refresh"),
    )
}

async fn list(context: &Context, current: bool) -> Result<(), Failure> {
    let workspace = context.workspace().await?;
    let session = session::session(&context.engine()?).await?;
    let lake = workspace.lake().await?;
    session.register_location(lake.location())?;
    let last = runs::list(&lake, &session).await?.pop();
    let day = last.map_or_else(|| context.today(&workspace), |run| run.as_of);
    let all = overrides::list(&lake, &session).await?;
    let states = overrides::states(&all, day);
    let shown =
        all.iter().zip(states).filter(|(_, state)| !current || matches!(state, State::Holds | State::ToCome));
    let listed = shown.map(|(set, state)| ListedOverride { set: set.into(), state }).collect();
    let document = Document { overrides: listed };
    context.output.result(&document, || table(context, &document, day))
}

fn table(context: &Context, document: &Document, day: AsOf) -> String {
    if document.overrides.is_empty() {
        return context.pick("No tier was set by hand.", "没有人工指定的层级。").to_owned();
    }
    let language = context.language;
    let [id, until, state, reason] =
        context.pick(["override", "until", "state", "reason"], ["人工指定", "有效期至", "状态", "理由"]);
    let mut table = Table::new(&[
        (id, Align::Left),
        (Word::Customer.text(language), Align::Left),
        (Word::Scheme.text(language), Align::Left),
        (Word::Tier.text(language), Align::Left),
        (Word::Since.text(language), Align::Left),
        (until, Align::Left),
        (state, Align::Left),
        (reason, Align::Left),
    ]);
    for ListedOverride { set, state } in &document.overrides {
        table.row([
            set.id.clone(),
            set.customer_id.clone(),
            set.scheme.clone(),
            set.tier.clone(),
            set.since.clone(),
            set.until.clone().unwrap_or_default(),
            word(context, *state).to_owned(),
            set.reason.clone(),
        ]);
    }
    let seen = context.pick(format!("Seen from {day}."), format!("截至 {day}。"));
    format!("{}\n{seen}", table.text())
}

fn word(context: &Context, state: State) -> &'static str {
    match state {
        State::Holds => context.pick("holds", "有效"),
        State::ToCome => context.pick("to come", "未生效"),
        State::Over => context.pick("over", "已过期"),
        State::Ended => context.pick("ended", "已取消"),
        State::Replaced => context.pick("replaced", "已被替代"),
    }
}

/// The user of this computer, as the system names them.
#[expect(clippy::disallowed_methods, reason = "who sets a tier is told by the system alone")]
fn user() -> Option<String> {
    ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok()).filter(|name| !name.is_empty())
}
