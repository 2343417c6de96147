//! `clientele persona`: what a group is like.

mod habits;
mod sections;
mod shown;

use clap::Args;
use clientele_model::RunId;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::persona::Group;
use clientele_present::persona::Persona as Document;

use crate::context::{Context, money};
use crate::failure::Failure;
use crate::output::table::share;

#[derive(Debug, Args)]
pub struct Persona {
    /// The group: a tier, as in rfm-11=champions, or a segment
    #[arg(value_name = "SCHEME=TIER | SEGMENT")]
    pub group: String,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = crate::args::run_id)]
    pub run: Option<RunId>,
}

pub async fn run(context: &Context, args: Persona) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let group = group(&view, &args.group).await?;
    let persona = view.persona(&group).await?;
    let document = Document::new(&view, &persona, context.language);
    context.output.result(&document, || {
        let size = &persona.size;
        let currency = &view.settings.currency;
        let (customers, part) = (context.customers(size.customers), share(size.share()));
        let mut head = context.pick(format!("{customers}, {part} of all"), format!("{customers}，占 {part}"));
        if view.knows_revenue() {
            let (revenue, part) = (money(size.revenue, currency), share(size.revenue_share()));
            head += &context
                .pick(format!("; net revenue {revenue}, {part}"), format!("；净收入 {revenue}，占 {part}"));
        }
        let title = format!(
            "{} ({}) · {} · {}\n{head}",
            persona.name.get(context.language),
            persona.group,
            view.run.id,
            view.run.as_of
        );
        let parts = sections::all(context, &view, &persona);
        [title].into_iter().chain(parts).collect::<Vec<_>>().join("\n\n")
    })
}

/// The group that a text names: `SCHEME=TIER`, or a segment.
pub async fn group(view: &RunView, text: &str) -> Result<Group, Failure> {
    match text.split_once('=') {
        Some((scheme, tier)) => Ok(view.tier_group(view.scheme(scheme.trim())?, tier.trim())?),
        None => Ok(view.segment_group(text.trim()).await?),
    }
}
