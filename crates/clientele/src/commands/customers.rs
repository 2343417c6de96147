//! `clientele customers`: who is in a tier.

use clientele_present::customers::Customers as Document;

use crate::args::Customers;
use crate::context::{Context, money};
use crate::failure::Failure;
use crate::output::table::{Align, Table};
use crate::text::Word;

pub async fn run(context: &Context, args: Customers) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let (scheme, tier) = &args.tier;
    let scheme = view.scheme(scheme.as_str())?;
    let members = view.members(scheme, tier, args.limit).await?;
    let document = Document::new(&view, scheme.id.as_str(), tier, &members);
    context.output.result(&document, || {
        let language = context.language;
        let mut table = Table::new(&[
            (Word::Customer.text(language), Align::Left),
            (Word::Source.text(language), Align::Left),
            (Word::Revenue.text(language), Align::Right),
            (Word::Since.text(language), Align::Left),
            (Word::Before.text(language), Align::Left),
        ]);
        for (member, shown) in members.iter().zip(&document.customers) {
            let before = member.previous.as_ref().map(|tier| scheme.tier_name(tier).get(language).to_owned());
            table.row([
                member.customer_id.clone(),
                member.source.clone(),
                shown.revenue.map_or("–".to_owned(), |_| money(member.revenue, &view.settings.currency)),
                shown.since.as_str().unwrap_or_default().to_owned(),
                before.unwrap_or_default(),
            ]);
        }
        format!("{} · {}\n{}", scheme.name.get(language), scheme.tier_name(tier).get(language), table.text())
    })
}
