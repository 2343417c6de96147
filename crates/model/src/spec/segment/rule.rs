//! The rule tree of a segment, as it is stored and as an editor handles it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{MetricId, SchemeId, TierId};

/// Who belongs to a segment: groups of conditions over one customer.
///
/// A comparison with something unknown is false, and `not` of it is true, so a rule and its opposite
/// part the base in two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentRule {
    /// All of them hold. Never empty.
    All(Vec<SegmentRule>),
    /// At least one holds. Never empty.
    Any(Vec<SegmentRule>),
    /// It does not hold.
    Not(Box<SegmentRule>),
    /// A condition holds.
    When(Condition),
}

/// One condition over a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// `spend_365d > 1000`
    Compare { field: Field, is: Comparison, value: Value },
    /// `country in ('UK', 'IE')`, or `not in`.
    OneOf { field: Field, values: Vec<Value>, negated: bool },
    /// `recency_days between 30 and 90`, both ends included.
    Between { field: Field, low: Value, high: Value, negated: bool },
    /// `email is known`, or `is unknown`.
    Known { field: Field, known: bool },
    /// `segment(vip)`: a member of another segment.
    Segment { id: String },
    /// `moved(lifecycle, active -> silent, 30)`: the last change of tier was this one, at most so many
    /// days ago. An end that is none stands for any tier.
    Moved { scheme: SchemeId, from: Option<TierId>, to: Option<TierId>, days: Option<u32> },
    /// `entered(rfm-11, champions, 30)`: is in the tier, and came to it at most so many days ago. Whoever
    /// was there when the scheme was first applied has not come to it.
    Entered { scheme: SchemeId, tier: TierId, days: Option<u32> },
    /// `events(cart, 30) >= 2`: how many facts there are of the last so many days.
    Happened { what: FactTable, kind: Option<String>, days: u32, is: Comparison, count: f64 },
}

/// What is looked at in a customer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Metric(MetricId),
    /// The customer's tier in a scheme.
    Scheme(SchemeId),
    /// A field of the profile; see [`PROFILE`].
    Profile(String),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "!=")]
    NotEqual,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = ">")]
    More,
    #[serde(rename = ">=")]
    AtLeast,
}

impl Comparison {
    /// As it is written in rules; the same in SQL but for `!=`, which both know.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::More => ">",
            Comparison::AtLeast => ">=",
        }
    }

    /// Whether the values must have an order.
    pub fn is_ordering(self) -> bool {
        !matches!(self, Comparison::Equal | Comparison::NotEqual)
    }
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// At most 15 digits, so that it is exactly what was written.
    Number(f64),
    Text(String),
    YesNo(bool),
    Date(NaiveDate),
    Tier(TierId),
}

/// Facts that can be counted in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactTable {
    /// Behaviour events; those of one kind, when it is named.
    Events,
    /// Orders that count: neither cancelled nor pending.
    Orders,
    /// Service tickets; those of one kind, when it is named.
    Tickets,
}

impl FactTable {
    pub const ALL: [FactTable; 3] = [FactTable::Events, FactTable::Orders, FactTable::Tickets];

    /// As it is written in rules.
    pub fn word(self) -> &'static str {
        match self {
            FactTable::Events => "events",
            FactTable::Orders => "orders",
            FactTable::Tickets => "tickets",
        }
    }

    /// Whether its facts have kinds.
    pub fn has_kinds(self) -> bool {
        self != FactTable::Orders
    }
}

/// The kind of values that a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    Number,
    Text,
    YesNo,
    Date,
    Tier,
}

/// The fields of the profile that rules may use.
pub const PROFILE: [(&str, ValueKind); 17] = [
    ("customer_id", ValueKind::Text),
    ("source", ValueKind::Text),
    ("name", ValueKind::Text),
    ("email", ValueKind::Text),
    ("phone", ValueKind::Text),
    ("kind", ValueKind::Text),
    ("gender", ValueKind::Text),
    ("birth_date", ValueKind::Date),
    ("company", ValueKind::Text),
    ("occupation", ValueKind::Text),
    ("country", ValueKind::Text),
    ("province", ValueKind::Text),
    ("city", ValueKind::Text),
    ("address", ValueKind::Text),
    ("postcode", ValueKind::Text),
    ("registered_at", ValueKind::Date),
    ("source_channel", ValueKind::Text),
];

impl SegmentRule {
    /// All conditions, in the order of the text.
    pub fn conditions(&self) -> Vec<&Condition> {
        let (mut found, mut open) = (Vec::new(), vec![self]);
        while let Some(rule) = open.pop() {
            match rule {
                SegmentRule::All(parts) | SegmentRule::Any(parts) => open.extend(parts.iter().rev()),
                SegmentRule::Not(part) => open.push(part),
                SegmentRule::When(condition) => found.push(condition),
            }
        }
        found
    }

    /// The segments that the rule names.
    pub fn segments(&self) -> std::collections::BTreeSet<&str> {
        let ids = self.conditions().into_iter().filter_map(|condition| match condition {
            Condition::Segment { id } => Some(id.as_str()),
            _ => None,
        });
        ids.collect()
    }
}
