//! `clientele explain`: the receipt.

use clientele_model::UnitFormat;
use clientele_model::spec::Scheme;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::receipt::{KnownCustomer, Receipt};
use serde::Serialize;

use crate::args::Explain;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::json::{self, RunJson};
use crate::output::overrides::OverrideJson;
use crate::output::playbook::PlaybookJson;

#[derive(Serialize)]
struct Document {
    run: RunJson,
    customer: CustomerJson,
    receipts: Vec<ReceiptJson>,
}

#[derive(Serialize)]
struct CustomerJson {
    source: String,
    customer_id: String,
}

#[derive(Serialize)]
struct ReceiptJson {
    scheme: String,
    version: u32,
    tier: String,
    /// What the rule alone says, where that is not the tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    computed: Option<String>,
    /// Who set the tier by hand, why and until when.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    by: Option<OverrideJson>,
    since: serde_json::Value,
    previous: Option<String>,
    inputs: Vec<InputJson>,
    /// The facts whose absence makes the tier unknown.
    missing: Vec<String>,
    sentences: Vec<String>,
    /// What to do for the tier; nothing is said for `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    playbook: Option<PlaybookJson>,
}

#[derive(Serialize)]
struct InputJson {
    metric: String,
    unit: serde_json::Value,
    value: serde_json::Value,
}

pub async fn run(context: &Context, args: Explain) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let customer = view.customer(&args.customer).await?;
    let schemes: Vec<&Scheme> = match &args.scheme {
        Some(scheme) => vec![view.scheme(scheme.as_str())?],
        None => view.schemes().collect(),
    };
    let receipts = receipts(&view, &customer, &schemes).await?;
    let format = context.format(&view.settings.currency);
    let document = Document {
        run: RunJson::new(&view.run),
        customer: CustomerJson { source: customer.source.clone(), customer_id: customer.id.clone() },
        receipts: receipts.iter().map(|receipt| json(context, receipt, &format)).collect(),
    };
    context.output.result(&document, || {
        let texts: Vec<String> = receipts.iter().map(|receipt| text(receipt, &format)).collect();
        texts.join("\n\n")
    })
}

/// The receipts of a customer in several schemes.
pub async fn receipts(
    view: &RunView,
    customer: &KnownCustomer,
    schemes: &[&Scheme],
) -> Result<Vec<Receipt>, Failure> {
    let mut receipts = Vec::new();
    for scheme in schemes {
        receipts.push(view.explain(customer, scheme).await?);
    }
    Ok(receipts)
}

/// A receipt as a paragraph, one sentence a line.
pub fn text(receipt: &Receipt, format: &UnitFormat) -> String {
    receipt.sentences(format).join("\n  ")
}

fn json(context: &Context, receipt: &Receipt, format: &UnitFormat) -> ReceiptJson {
    let tier = receipt.scheme.tiers.iter().find(|t| t.id.as_str() == receipt.tier);
    ReceiptJson {
        scheme: receipt.scheme.id.to_string(),
        version: receipt.scheme.version,
        tier: receipt.tier.clone(),
        computed: Some(receipt.computed.clone()).filter(|tier| *tier != receipt.tier),
        by: receipt.by.as_ref().map(OverrideJson::new),
        since: json::value(&receipt.since),
        previous: receipt.previous.clone(),
        inputs: receipt
            .inputs
            .iter()
            .map(|input| InputJson {
                metric: input.metric.to_string(),
                unit: serde_json::to_value(input.unit).unwrap_or_default(),
                value: json::value(&input.value),
            })
            .collect(),
        missing: receipt.missing.iter().map(ToString::to_string).collect(),
        sentences: receipt.sentences(format),
        playbook: tier.map(|tier| PlaybookJson::new(&tier.playbook, context.language)),
    }
}
