//! Alerts: movements between two runs that somebody wants to hear of.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::document::{Document, SpecError};
use crate::{SchemeId, Text, TierId};

/// A rule of what to tell after a run.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// Its name in lists, as `a-falls`.
    pub id: String,
    pub name: Text,
    pub scheme: SchemeId,
    /// Only customers who were in this tier; of any, without it.
    pub from: Option<TierId>,
    /// Only customers who are in this tier now; in any other, without it.
    pub to: Option<TierId>,
    /// Only this customer: an id, or `source:id`.
    pub customer: Option<String>,
    /// More than this part of those who were in `from` (of everyone, without `from`), 0 to 1.
    pub more_than: Option<f64>,
    /// At least so many customers.
    pub at_least: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    alerts: Vec<Alert>,
}

impl Alert {
    /// Reads and checks a file of alerts. Whether schemes and tiers exist is checked when they are
    /// held against a run.
    ///
    /// # Errors
    /// The first mistake, with its line and cure.
    pub fn parse(file: &str, text: &str) -> Result<Vec<Alert>, SpecError> {
        let document = Document { file, text };
        let Written { alerts } = document.read()?;
        let mut seen = BTreeSet::new();
        for (i, alert) in alerts.iter().enumerate() {
            let error = |leaf: &str, problem: (&str, &str), cure: (&str, &str)| {
                Err(document.error(&format!("alerts[{i}].{leaf}"), problem, cure))
            };
            document.check_id(&format!("alerts[{i}].id"), &alert.id, '-')?;
            if !seen.insert(alert.id.clone()) {
                return Err(document.twice(&format!("alerts[{i}].id"), &alert.id));
            }
            document.both_languages(&format!("alerts[{i}].name"), &alert.name)?;
            if alert.from.is_none() && alert.to.is_none() && alert.customer.is_none() {
                let problem =
                    ("the alert names neither a tier nor a customer", "预警既没有写层级，也没有写客户");
                return error("scheme", problem, ("add from, to or customer", "请加上 from、to 或 customer"));
            }
            if alert.from.is_some() && alert.from == alert.to {
                return error(
                    "to",
                    ("from and to are the same tier", "from 与 to 是同一层级"),
                    ("nobody moves so: change one", "没有人会这样移动：请改其中一个"),
                );
            }
            if alert.more_than.is_some_and(|share| !(0.0..1.0).contains(&share)) {
                return error(
                    "more_than",
                    ("it is not a part of a whole", "这不是占比"),
                    ("write 0.03 for 3 %", "3% 请写 0.03"),
                );
            }
            if alert.more_than.is_some() && alert.customer.is_some() {
                let problem = ("one customer is no part of a tier", "单个客户谈不上层级的占比");
                return error(
                    "more_than",
                    problem,
                    ("remove it, or remove customer", "请删去此项，或删去 customer"),
                );
            }
        }
        Ok(alerts)
    }

    /// An error about the alert in place `i` of its file, found after parsing.
    pub fn error(
        file: &str,
        text: &str,
        i: usize,
        leaf: &str,
        problem: impl Into<Text>,
        cure: impl Into<Text>,
    ) -> SpecError {
        Document { file, text }.error(&format!("alerts[{i}].{leaf}"), problem, cure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = r#"[[alerts]]
id = "a-falls"
name = { en = "A falls to C", zh = "A 类掉到 C 类" }
scheme = "abc"
from = "a"
to = "c"
more_than = 0.03

[[alerts]]
id = "x-leaves"
name = { en = "X leaves", zh = "X 离开" }
scheme = "rfm-11"
from = "champions"
customer = "X"
"#;

    fn refused(from: &str, to: &str) -> String {
        match Alert::parse("alerts.toml", &FINE.replacen(from, to, 1)) {
            Ok(alerts) => panic!("{alerts:?}"),
            Err(error) => error.told_in_both(),
        }
    }

    #[test]
    fn alerts_are_read() {
        let alerts = Alert::parse("alerts.toml", FINE).expect("alerts");
        assert_eq!(alerts.len(), 2);
        assert_eq!(alerts[0].more_than, Some(0.03));
        assert_eq!(alerts[1].customer.as_deref(), Some("X"));
        assert_eq!(Alert::parse("alerts.toml", ""), Ok(Vec::new()));
    }

    #[test]
    fn mistakes_have_their_line_and_cure() {
        assert_eq!(
            refused("0.03", "3"),
            "alerts.toml:7: `alerts[0].more_than`: it is not a part of a whole; write 0.03 for 3 %"
        );
        assert_eq!(
            refused("to = \"c\"", "to = \"a\""),
            "alerts.toml:6: `alerts[0].to`: from and to are the same tier; nobody moves so: change one"
        );
        assert!(refused("x-leaves", "a-falls").contains("`alerts[1].id`: `a-falls` is there twice"));
        assert!(refused("\"x-leaves\"", "\"X!\"").contains("`X!` is not an id"));
        assert!(refused("customer", "client").contains("unknown field `client`"));
        assert!(refused(", zh = \"X 离开\"", "").contains("missing field `zh`"));
    }
}
