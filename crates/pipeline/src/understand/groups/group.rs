//! Who is meant.

use std::collections::BTreeSet;

use clientele_model::spec::segment::{Condition, Field};
use clientele_model::spec::{MetricSource, Scheme};
use clientele_model::{MetricId, Text};

use super::InsightError;
use crate::classify::compile::tier_column;
use crate::quote;
use crate::understand::segments::members::Found;
use crate::understand::segments::{SegmentError, SegmentRegistry, members};
use crate::understand::{RunView, ViewError};

/// The base of every question: each customer once, `m` with figures, `l` with labels.
const BASE: &str = "metrics m JOIN labels l ON m.customer_key = l.customer_key";

/// A group of customers of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// As people name it: `abc=a`, or a segment's id.
    pub id: String,
    pub name: Text,
    /// Where its condition looks: [`BASE`], only a part of it, or what more it needs to know.
    base: String,
    /// The customer key there.
    key: &'static str,
    /// True for its customers, as SQL over that.
    condition: String,
    /// The metrics and schemes that its rule is about. That it stands out in these is no news.
    made_of: BTreeSet<String>,
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
        let (id, condition) = (id.to_owned(), condition.to_owned());
        Group { id, name, base: BASE.to_owned(), key: "m.customer_key", condition, made_of }
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

    /// Every customer's key with whether it is in the group (`here`), as a query.
    pub(in crate::understand) fn members(&self) -> String {
        let Group { key, base, condition, .. } = self;
        // Never unknown.
        format!("SELECT {key} AS customer_key, COALESCE(({condition}), false) AS here FROM {base}")
    }
}

impl RunView {
    /// The customers of a tier.
    pub fn tier_group(&self, scheme: &Scheme, tier: &str) -> Result<Group, ViewError> {
        self.check_tier(scheme, tier)?;
        let mut made_of: BTreeSet<String> = [scheme.id.to_string()].into();
        if let Some(registered) = self.catalogue.schemes.get(scheme.id.as_str()) {
            made_of.extend(registered.metrics.iter().map(ToString::to_string));
        }
        let (of, tier_name) = (&scheme.name, scheme.tier_name(tier));
        let name = Text::new(format!("{}: {}", of.en, tier_name.en), format!("{}：{}", of.zh, tier_name.zh));
        let condition = format!("l.{} = {}", tier_column(&scheme.id), quote::text(tier));
        let group = Group::of_condition(&format!("{}={tier}", scheme.id), name, &condition, made_of);
        // The labels alone tell.
        Ok(Group { base: "labels l".to_owned(), key: "l.customer_key", ..group })
    }

    /// The members of a segment, as of its last evaluation.
    pub async fn segment_group(&self, id: &str) -> Result<Group, SegmentError> {
        let Found { book, standing, members } = members::find(self, id).await?;
        let (base, condition) = match members {
            Some(members) => (
                format!(
                    "{BASE} LEFT JOIN (SELECT DISTINCT source, customer_id FROM {members}) s \
                     ON m.source = s.source AND m.customer_id = s.customer_id"
                ),
                "s.customer_id IS NOT NULL",
            ),
            None => (BASE.to_owned(), "false"),
        };
        let mut made_of = read_by(&book, id);
        let schemes = self.catalogue.schemes.iter().filter(|s| made_of.contains(s.spec.id.as_str()));
        let metrics: Vec<String> = schemes.flat_map(|s| &s.metrics).map(ToString::to_string).collect();
        made_of.extend(metrics);
        Ok(Group {
            id: id.to_owned(),
            name: standing.definition.name,
            base,
            key: "m.customer_key",
            condition: condition.to_owned(),
            made_of,
        })
    }

    /// The metrics and schemes that the group's rule is about: those that it reads, the metrics derived from these, and
    /// the schemes that read any of them.
    pub(in crate::understand) fn about(&self, group: &Group) -> BTreeSet<String> {
        let mut about = group.made_of.clone();
        let derived: Vec<_> =
            self.catalogue.metrics.iter().filter(|m| m.spec.source == MetricSource::Derived).collect();
        loop {
            let before = about.len();
            let found = derived.iter().filter(|m| m.reads.iter().any(|read| about.contains(read)));
            let found: Vec<String> = found.map(|m| m.spec.id.to_string()).collect();
            about.extend(found);
            if about.len() == before {
                break;
            }
        }
        let read = |metrics: &BTreeSet<MetricId>| metrics.iter().any(|m| about.contains(m.as_str()));
        let schemes = self.catalogue.schemes.iter().filter(|s| read(&s.metrics));
        let schemes: Vec<String> = schemes.map(|s| s.spec.id.to_string()).collect();
        about.extend(schemes);
        about
    }

    /// Refuses groups that are too small to speak of.
    pub(in crate::understand) fn refuse_small(
        &self,
        group: &Group,
        customers: u64,
    ) -> Result<(), InsightError> {
        let (name, minimum) = (group.id.clone(), self.minimum_group());
        match customers {
            0 => Err(InsightError::Nobody { group: name }),
            few if few < minimum => Err(InsightError::TooFew { group: name, minimum }),
            _ => Ok(()),
        }
    }
}

/// The metrics and schemes that a segment's rule looks at, and those of the segments that it names.
fn read_by(book: &SegmentRegistry, id: &str) -> BTreeSet<String> {
    let definitions = book.current();
    let (mut read, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![id];
    while let Some(next) = open.pop() {
        let rule = definitions.get(next).and_then(|definition| definition.tree.as_ref());
        let Some(rule) = rule.filter(|_| seen.insert(next)) else { continue };
        for condition in rule.conditions() {
            match condition {
                Condition::Compare { field, .. }
                | Condition::OneOf { field, .. }
                | Condition::Between { field, .. }
                | Condition::Known { field, .. } => match field {
                    Field::Metric(metric) => read.extend([metric.to_string()]),
                    Field::Scheme(scheme) => read.extend([scheme.to_string()]),
                    Field::Profile(_) => {}
                },
                Condition::Moved { scheme, .. } | Condition::Entered { scheme, .. } => {
                    read.extend([scheme.to_string()]);
                }
                Condition::Segment { id } => open.push(id),
                Condition::Happened { .. } => {}
            }
        }
    }
    read
}
