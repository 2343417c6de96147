//! `clientele tiers`: sizes, shares and revenue of tiers.

use clientele_model::spec::Scheme;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::tiers::SchemeTiers;
use clientele_present::tiers::Tiers as Document;

use crate::args::Tiers;
use crate::context::{Context, money};
use crate::failure::Failure;
use crate::output::table::{Align, Table, count, share};
use crate::text::Word;

pub async fn run(context: &Context, args: Tiers) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let schemes: Vec<&Scheme> = match &args.scheme {
        Some(scheme) => vec![view.scheme(scheme.as_str())?],
        None => view.schemes().collect(),
    };
    let sizes = sizes(&view, &schemes).await?;
    let document = Document::new(&view, &sizes);
    context.output.result(&document, || {
        let tables = schemes.iter().zip(&sizes).map(|(scheme, sizes)| {
            let table = table(context, scheme, sizes, &view);
            match view.parting(scheme.id.as_str()) {
                Some(parting) => format!("{table}\n{}", parting.says(context.language)),
                None => table,
            }
        });
        let run = format!("{} · {}", view.run.id, view.run.as_of);
        [run].into_iter().chain(tables).collect::<Vec<_>>().join("\n\n")
    })
}

/// The tiers of several schemes.
pub async fn sizes(view: &RunView, schemes: &[&Scheme]) -> Result<Vec<SchemeTiers>, Failure> {
    Ok(view.tiers_of(schemes).await?)
}

/// A scheme's tiers as a table under the scheme's name.
pub fn table(context: &Context, scheme: &Scheme, sizes: &SchemeTiers, view: &RunView) -> String {
    let (language, currency) = (context.language, &view.settings.currency);
    let columns = [
        (Word::Tier.text(language), Align::Left),
        (Word::Customers.text(language), Align::Right),
        (Word::ShareOfCustomers.text(language), Align::Right),
        (Word::Revenue.text(language), Align::Right),
        (Word::ShareOfRevenue.text(language), Align::Right),
    ];
    // Where the run does not tell revenue, its columns are not there.
    let mut table = Table::new(if view.knows_revenue() { &columns } else { &columns[..3] });
    for tier in &sizes.tiers {
        table.row([
            named(scheme, &tier.tier, context),
            count(tier.customers),
            share(tier.customer_share),
            money(tier.revenue, currency),
            share(tier.revenue_share),
        ]);
    }
    let everyone: i64 = sizes.tiers.iter().map(|tier| tier.customers).sum();
    let revenue: i128 = sizes.tiers.iter().map(|tier| tier.revenue).sum();
    table.row([
        Word::Total.text(language).to_owned(),
        count(everyone),
        share(if everyone == 0 { 0.0 } else { 1.0 }),
        money(revenue, currency),
        share(if revenue == 0 { 0.0 } else { 1.0 }),
    ]);
    format!("{} ({})\n{}", scheme.name.get(language), scheme.id, table.text())
}

/// A tier's name, and its id where that tells more.
pub fn named(scheme: &Scheme, tier: &str, context: &Context) -> String {
    let name = scheme.tier_name(tier).get(context.language).to_owned();
    let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
    if plain(&name) == plain(tier) { name } else { format!("{name} ({tier})") }
}
