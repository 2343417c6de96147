//! Who is meant.

use std::collections::BTreeSet;

use clientele_model::spec::Scheme;
use clientele_model::{Text, TierId};

use super::InsightError;
use crate::classify::compile::tier_column;
use crate::quote;
use crate::understand::{RunView, ViewError};

/// The base of every question: each customer once, `m` with figures, `l` with labels.
pub const BASE: &str = "metrics m JOIN labels l ON m.customer_key = l.customer_key";

/// A group of customers of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// As people name it: `abc=a`, or a segment's id.
    pub id: String,
    pub name: Text,
    /// True for its customers, as SQL over [`BASE`].
    condition: String,
    /// The metrics and schemes that its rule is about. That it stands out in these is no news.
    pub(super) made_of: BTreeSet<String>,
}

/// How large a group is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupSize {
    pub customers: u64,
    /// All customers of the run.
    pub base: u64,
    /// Net revenue in ten-thousandths of the currency's unit.
    pub revenue: i128,
    pub base_revenue: i128,
    /// Whether there are enough others to compare with.
    pub compared: bool,
}

impl GroupSize {
    /// Of all customers, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.base == 0 { 0.0 } else { self.customers as f64 / self.base as f64 }
    }

    /// Of all net revenue; 0 when there is none.
    pub fn revenue_share(&self) -> f64 {
        if self.base_revenue == 0 { 0.0 } else { self.revenue as f64 / self.base_revenue as f64 }
    }
}

impl Group {
    /// The customers for whom a condition holds: SQL in which `m` has the run's metrics and `l` its labels. For what
    /// people write, see segments; this takes any SQL.
    pub fn of_condition(id: &str, name: Text, condition: &str, made_of: BTreeSet<String>) -> Group {
        Group { id: id.to_owned(), name, condition: condition.to_owned(), made_of }
    }

    /// Named customers.
    pub fn of_customers(id: &str, name: Text, keys: &[i32]) -> Group {
        let list: Vec<String> = keys.iter().map(i32::to_string).collect();
        let condition = match list.is_empty() {
            true => "false".to_owned(),
            false => format!("m.customer_key IN ({})", list.join(", ")),
        };
        Group::of_condition(id, name, &condition, BTreeSet::new())
    }

    /// Whether a customer is in it, as SQL over [`BASE`]; never unknown.
    pub fn sql(&self) -> String {
        format!("COALESCE(({}), false)", self.condition)
    }

    /// Every customer's key with whether it is in the group (`here`), as a query.
    pub(in crate::understand) fn members(&self) -> String {
        format!("SELECT m.customer_key, {} AS here FROM {BASE}", self.sql())
    }
}

impl RunView {
    /// The customers of a tier.
    pub fn tier_group(&self, scheme: &Scheme, tier: &str) -> Result<Group, ViewError> {
        if scheme.position(tier).is_none() && tier != TierId::UNKNOWN {
            let known = scheme.tiers.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(", ");
            return Err(ViewError::UnknownTier {
                scheme: scheme.id.to_string(),
                name: tier.to_owned(),
                known,
            });
        }
        let mut made_of: BTreeSet<String> = [scheme.id.to_string()].into();
        if let Some(registered) = self.catalogue.schemes.get(scheme.id.as_str()) {
            made_of.extend(registered.metrics.iter().map(ToString::to_string));
        }
        let (of, tier_name) = (&scheme.name, scheme.tier_name(tier));
        let name = Text::new(format!("{}: {}", of.en, tier_name.en), format!("{}：{}", of.zh, tier_name.zh));
        let condition = format!("l.{} = {}", tier_column(&scheme.id), quote::text(tier));
        Ok(Group::of_condition(&format!("{}={tier}", scheme.id), name, &condition, made_of))
    }

    /// Refuses groups that are too small to speak of.
    pub(super) fn refuse_small(&self, group: &Group, customers: u64) -> Result<(), InsightError> {
        let (name, minimum) = (group.id.clone(), self.minimum_group());
        match customers {
            0 => Err(InsightError::Nobody { group: name }),
            few if few < minimum => Err(InsightError::TooFew { group: name, minimum }),
            _ => Ok(()),
        }
    }
}
