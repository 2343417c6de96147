//! `clientele alerts`: which movements of a run the alerts ask for.

use clap::Args;
use clientele_model::RunId;
use clientele_pipeline::learn::alerts::{Raised, raised};
use clientele_pipeline::understand::RunView;
use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::json::RunJson;
use crate::output::table::{count, share};

#[derive(Debug, Args)]
pub struct Alerts {
    /// The run, such as r0003 [default: the last]
    #[arg(long)]
    pub run: Option<String>,
}

#[derive(Serialize)]
struct Document {
    run: RunJson,
    alerts: Vec<AlertJson>,
}

#[derive(Serialize)]
struct AlertJson {
    alert: String,
    scheme: String,
    from: Option<String>,
    to: Option<String>,
    since: String,
    customers: i64,
    of: i64,
    share: f64,
    examples: Vec<String>,
}

pub async fn run(context: &Context, args: Alerts) -> Result<(), Failure> {
    let run = args.run.map(RunId::new);
    let mut view = context.view(run.as_ref()).await?;
    let found = raised(&context.workspace().await?, &mut view).await?;
    let document = Document {
        run: RunJson::new(&view.run),
        alerts: found
            .iter()
            .map(|raised| AlertJson {
                alert: raised.alert.id.clone(),
                scheme: raised.alert.scheme.to_string(),
                from: raised.alert.from.as_ref().map(ToString::to_string),
                to: raised.alert.to.as_ref().map(ToString::to_string),
                since: raised.since.id.to_string(),
                customers: raised.customers,
                of: raised.of,
                share: raised.share(),
                examples: raised.examples.clone(),
            })
            .collect(),
    };
    context.output.result(&document, || match found.is_empty() {
        true => context.pick(
            format!("No alert in run {}.", view.run.id),
            format!("刷新 {} 没有触发预警。", view.run.id),
        ),
        false => found.iter().map(|r| sentence(context, &view, r)).collect::<Vec<_>>().join("\n"),
    })
}

/// An alert in a sentence or two.
pub fn sentence(context: &Context, view: &RunView, raised: &Raised) -> String {
    let Raised { alert, since, customers, of, examples } = raised;
    let scheme = view.scheme(alert.scheme.as_str()).ok();
    let name = |tier: &Option<clientele_model::TierId>, any: &str| {
        let named = tier.as_ref().and_then(|t| Some(scheme?.tier_name(t.as_str())));
        named.map_or_else(|| any.to_owned(), |n| n.get(context.language).to_owned())
    };
    let any = context.pick("any tier", "任意层级");
    let other = context.pick("another tier", "其他层级");
    let (from, to) = (name(&alert.from, any), name(&alert.to, other));
    let (moved, all, part) = (count(*customers), count(*of), share(raised.share()));
    let (title, who) = (alert.name.get(context.language), examples.join(context.pick(", ", "、")));
    context.pick(
        format!(
            "{title}: {moved} of {all} ({part}) went from {from} to {to} since {}; for example {who}.",
            since.as_of
        ),
        format!(
            "{title}：自 {} 以来，{all} 位中有 {moved} 位（{part}）从{from}到{to}；例如 {who}。",
            since.as_of
        ),
    )
}
