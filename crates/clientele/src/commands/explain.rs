//! `clientele explain`: the receipt.

use clientele_model::UnitFormat;
use clientele_model::spec::Scheme;
use clientele_pipeline::understand::receipt::Receipt;
use clientele_present::receipt::Receipts;

use crate::args::Explain;
use crate::context::Context;
use crate::failure::Failure;

pub async fn run(context: &Context, args: Explain) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let customer = view.customer(&args.customer).await?;
    let schemes: Vec<&Scheme> = match &args.scheme {
        Some(scheme) => vec![view.scheme(scheme.as_str())?],
        None => view.schemes().collect(),
    };
    let receipts = view.receipts(&customer, &schemes).await?;
    let format = context.format(&view.settings.currency);
    let document = Receipts::new(&view, &customer, &receipts, &format);
    context.output.result(&document, || {
        let texts: Vec<String> = receipts.iter().map(|receipt| text(receipt, &format)).collect();
        texts.join("\n\n")
    })
}

/// A receipt as a paragraph, one sentence a line.
pub fn text(receipt: &Receipt, format: &UnitFormat) -> String {
    receipt.sentences(format).join("\n  ")
}
