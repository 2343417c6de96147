//! Why a customer is in a tier.

use clientele_model::{Unit, UnitFormat};
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::receipt::{self, KnownCustomer};
use serde::Serialize;

use crate::overrides::Override;
use crate::playbook::Playbook;
use crate::run::RunReference;
use crate::value::Value;

/// What `explain` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Receipts {
    pub run: RunReference,
    pub customer: CustomerReference,
    pub receipts: Vec<Receipt>,
}

/// A customer, as the source names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerReference {
    pub source: String,
    pub customer_id: String,
}

/// Why a customer is in a tier of one scheme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Receipt {
    pub scheme: String,
    pub version: u32,
    pub tier: String,
    /// What the rule alone says, where that is not the tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed: Option<String>,
    /// Who set the tier by hand, why and until when.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub by: Option<Override>,
    /// The day since when the customer is in the tier.
    pub since: Value,
    /// The tier before.
    pub previous: Option<String>,
    pub inputs: Vec<Input>,
    /// The facts whose absence makes the tier unknown.
    pub missing: Vec<String>,
    /// Metrics that decided and are not shown to who asks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
    /// The receipt for people, in the language that was asked for.
    pub sentences: Vec<String>,
    /// What to do for the tier; nothing is said for `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playbook: Option<Playbook>,
}

/// A figure that the rule read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Input {
    pub metric: String,
    pub unit: Unit,
    pub value: Value,
}

impl Receipts {
    /// The receipts of one customer of a run.
    pub fn new(
        view: &RunView,
        customer: &KnownCustomer,
        receipts: &[receipt::Receipt],
        format: &UnitFormat,
    ) -> Self {
        Receipts {
            run: (&view.run).into(),
            customer: CustomerReference { source: customer.source.clone(), customer_id: customer.id.clone() },
            receipts: receipts.iter().map(|receipt| Receipt::new(receipt, format)).collect(),
        }
    }
}

impl Receipt {
    /// A receipt, with sentences and playbook in the format's language.
    pub fn new(receipt: &receipt::Receipt, format: &UnitFormat) -> Self {
        let tier = receipt.scheme.tiers.iter().find(|t| t.id.as_str() == receipt.tier);
        let input = |input: &receipt::Input| Input {
            metric: input.metric.to_string(),
            unit: input.unit,
            value: (&input.value).into(),
        };
        Receipt {
            scheme: receipt.scheme.id.to_string(),
            version: receipt.scheme.version,
            tier: receipt.tier.clone(),
            computed: Some(receipt.computed.clone()).filter(|tier| *tier != receipt.tier),
            by: receipt.by.as_ref().map(Override::from),
            since: (&receipt.since).into(),
            previous: receipt.previous.clone(),
            inputs: receipt.inputs.iter().map(input).collect(),
            missing: receipt.missing.iter().map(ToString::to_string).collect(),
            hidden: receipt.hidden.iter().map(ToString::to_string).collect(),
            sentences: receipt.sentences(format),
            playbook: tier.map(|tier| Playbook::new(&tier.playbook, format.language)),
        }
    }
}
