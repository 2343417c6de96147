//! `clientele alerts`: which movements of a run the alerts ask for.

use clap::Args;
use clientele_model::RunId;
use clientele_pipeline::learn::alerts::{Raised, Stranger, raised};
use clientele_pipeline::understand::RunView;
use clientele_present::alerts::Alerts as Document;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{count, share};

#[derive(Debug, Args)]
pub struct Alerts {
    /// The run, such as r0003 [default: the last]
    #[arg(long)]
    pub run: Option<String>,
}

pub async fn run(context: &Context, args: Alerts) -> Result<(), Failure> {
    let run = args.run.map(RunId::new);
    let view = context.view(run.as_ref()).await?;
    let told = raised(&context.workspace().await?, &view).await?;
    tell_strangers(context, &told.strangers);
    let document = Document::new(&view.run, &told);
    let found = &told.raised;
    context.output.result(&document, || match found.is_empty() {
        true => context.pick(
            format!("No alert in run {}.", view.run.id),
            format!("刷新 {} 没有触发预警。", view.run.id),
        ),
        false => found.iter().map(|r| sentence(context, &view, r)).collect::<Vec<_>>().join("\n"),
    })
}

/// Says beside the result which alerts are about customers who are not known.
pub fn tell_strangers(context: &Context, strangers: &[Stranger]) {
    for Stranger { alert, customer } in strangers {
        context.output.tell(&context.pick(
            format!("Alert {alert}: neither this run nor the one before knows a customer `{customer}`; check the id."),
            format!("预警 {alert}：本次和上一次刷新中都没有客户 {customer}；请检查编号。"),
        ));
    }
}

/// An alert in a sentence or two.
pub fn sentence(context: &Context, view: &RunView, raised: &Raised) -> String {
    let Raised { alert, since, customers, of, gone, examples } = raised;
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
    let gone = match gone {
        0 => String::new(),
        1 => context.pick(" 1 of them is not known any more.", "其中 1 位已不在记录中。").to_owned(),
        n => context.pick(
            format!(" {} of them are not known any more.", count(*n)),
            format!("其中 {} 位已不在记录中。", count(*n)),
        ),
    };
    context.pick(
        format!(
            "{title}: {moved} of {all} ({part}) went from {from} to {to} since {}; for example {who}.{gone}",
            since.as_of
        ),
        format!(
            "{title}：自 {} 以来，{all} 位中有 {moved} 位（{part}）从{from}到{to}；例如 {who}。{gone}",
            since.as_of
        ),
    )
}
