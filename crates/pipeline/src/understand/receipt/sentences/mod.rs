//! Receipts as sentences.

mod hand;
mod sorts;
mod steps;

use clientele_model::spec::scheme::{Matching, Rule};
use clientele_model::{Language, MetricId, Text, TierId, Unit, UnitFormat};

use super::Receipt;
use crate::understand::rows::Value;

impl Receipt {
    /// The receipt in sentences, for people.
    pub fn sentences(&self, format: &UnitFormat) -> Vec<String> {
        let writer = Writer { receipt: self, format };
        let mut out = vec![writer.headline()];
        out.extend(writer.why_not_computed());
        if !self.hidden.is_empty() {
            out.push(writer.hidden());
        } else if self.computed == TierId::UNKNOWN {
            out.push(writer.missing());
        } else {
            out.extend(self.steps.iter().map(|step| writer.step(step)));
        }
        out.push(writer.rule());
        out.push(writer.since());
        out.extend(writer.change());
        out
    }
}

/// Conditions are shown up to this many letters.
const LONGEST: usize = 240;

struct Writer<'a> {
    receipt: &'a Receipt,
    format: &'a UnitFormat,
}

impl Writer<'_> {
    fn language(&self) -> Language {
        self.format.language
    }

    fn pick(&self, en: String, zh: String) -> String {
        self.language().pick(en, zh)
    }

    fn name(&self, text: &Text) -> String {
        text.get(self.language()).to_owned()
    }

    fn tier(&self, tier: &str) -> String {
        self.name(&self.receipt.scheme.tier_name(tier))
    }

    fn metric(&self, metric: &MetricId) -> String {
        let input = self.receipt.inputs.iter().find(|i| i.metric == *metric);
        input.map_or_else(|| metric.to_string(), |i| self.name(&i.name))
    }

    fn unit(&self, metric: &MetricId) -> Unit {
        let input = self.receipt.inputs.iter().find(|i| i.metric == *metric);
        input.map_or(Unit::Ratio, |i| i.unit)
    }

    fn number(&self, value: f64, metric: &MetricId) -> String {
        self.format.number(value, self.unit(metric))
    }

    fn value(&self, value: &Value, metric: &MetricId) -> String {
        written(value, self.unit(metric), self.format)
    }

    /// Whether tiers are named by their codes: the digits behind them would only confuse.
    fn is_every_code_a_tier(&self) -> bool {
        matches!(&self.receipt.scheme.rule, Rule::Codes { matching: Matching::EveryCode(_), .. })
    }

    fn headline(&self) -> String {
        let r = self.receipt;
        let (tier, scheme) = (self.tier(&r.tier), self.name(&r.scheme.name));
        self.pick(
            format!(
                "Customer {} is in tier “{tier}” of “{scheme}” ({} version {}, run {}, as of {}).",
                r.customer_id, r.scheme.id, r.scheme.version, r.run, r.as_of
            ),
            format!(
                "客户 {} 属于「{scheme}」的「{tier}」层级（{} 第 {} 版，刷新 {}，截至 {}）。",
                r.customer_id, r.scheme.id, r.scheme.version, r.run, r.as_of
            ),
        )
    }

    fn hidden(&self) -> String {
        self.pick(
            "What decided it is made of figures that are not shown to you.".into(),
            "决定依据包含您看不到的数据，因此不逐项列出。".into(),
        )
    }

    fn missing(&self) -> String {
        let names: Vec<String> = self.receipt.missing.iter().map(|m| self.metric(m)).collect();
        match &self.receipt.scheme.rule {
            Rule::Manual => return self.not_set(),
            Rule::Attribute { metric, .. } if names.is_empty() => return self.not_listed(metric),
            _ => {}
        }
        match (&self.receipt.scheme.population, names.is_empty()) {
            (Some(population), true) => {
                let population = self.plain(population);
                self.pick(
                    format!(
                        "The scheme only looks at customers with {population}; this one is not among them."
                    ),
                    format!("该方案只针对满足「{population}」的客户，此客户不在其中。"),
                )
            }
            (None, true) => self.pick(
                "The scheme has no tier for these figures.".into(),
                "该方案没有适用于这些数据的层级。".into(),
            ),
            (_, false) => self.pick(
                format!("These facts are not known for this customer: {}.", names.join(", ")),
                format!("该客户缺少以下事实：{}。", names.join("、")),
            ),
        }
    }

    /// Points as a count, in English.
    fn points(&self, points: f64) -> String {
        let number = self.format.number(points, Unit::Ratio);
        if points == 1.0 { format!("{number} point") } else { format!("{number} points") }
    }

    /// The customer's figures that a condition reads; all that the scheme reads, without one.
    fn facts(&self, condition: Option<&str>) -> String {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words: Vec<&str> = condition.unwrap_or_default().split(|c| !is_word(c)).collect();
        let read =
            self.receipt.inputs.iter().filter(|i| condition.is_none() || words.contains(&i.metric.as_str()));
        let facts: Vec<String> = read
            .map(|i| {
                let (name, value) = (self.name(&i.name), self.value(&i.value, &i.metric));
                self.pick(format!("{name}: {value}"), format!("{name}为 {value}"))
            })
            .collect();
        match facts.is_empty() {
            true => self.pick("no figure counts".into(), "无需任何数据".into()),
            false => facts.join(self.language().pick("; ", "，")),
        }
    }

    /// A condition with the metrics' names instead of their ids.
    fn plain(&self, condition: &str) -> String {
        let mut out = String::new();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut rest = condition;
        while !rest.is_empty() {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            out += match self.receipt.inputs.iter().find(|i| i.metric.as_str() == word) {
                Some(input) => input.name.get(self.language()),
                None => word,
            };
            let skip = after.find(is_word).unwrap_or(after.len());
            out += &after[..skip].replace('"', "");
            rest = &after[skip..];
        }
        // Long lists of words say less than their beginning.
        match out.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &out[..end]),
            None => out,
        }
    }

    fn rule(&self) -> String {
        let rule = self.name(&self.receipt.scheme.rule_text);
        self.pick(format!("The rule: {rule}"), format!("规则：{rule}"))
    }

    fn since(&self) -> String {
        let since = match &self.receipt.since {
            Value::Date(date) => date.to_string(),
            _ => self.receipt.as_of.clone(),
        };
        match &self.receipt.previous {
            Some(previous) => {
                let previous = self.tier(previous);
                self.pick(
                    format!("In this tier since {since}; before that in “{previous}”."),
                    format!("自 {since} 起在本层级；此前为「{previous}」。"),
                )
            }
            None => self.pick(
                format!("In this tier since {since}, the first run that saw the customer in this scheme."),
                format!("自 {since} 起在本层级，这是首次在该方案中为其分层。"),
            ),
        }
    }

    fn change(&self) -> Option<String> {
        let r = self.receipt;
        if !r.scheme.ranked || r.tier == TierId::UNKNOWN || r.kept.is_some() || r.by.is_some() {
            return None;
        }
        if matches!(r.scheme.rule, Rule::Manual | Rule::Questionnaire { .. } | Rule::Attribute { .. }) {
            return None;
        }
        let Some(change) = &r.change else {
            return Some(match r.scheme.is_best(&r.tier) {
                true => self.pick("No tier is better than this one.".into(), "没有更好的层级。".into()),
                false => self.pick(
                    "No change of a single figure would lead to a higher tier.".into(),
                    "仅改变一项数据不足以升级。".into(),
                ),
            });
        };
        let name = self.metric(&change.metric);
        let (from, to) = (self.value(&change.from, &change.metric), self.value(&change.to, &change.metric));
        let tier = self.tier(&change.tier);
        Some(self.pick(
            format!(
                "The nearest way up: {name} of {to} instead of {from} would lead to “{tier}”, all else equal."
            ),
            format!("最近的升级途径：其他不变，{name}由 {from} 变为 {to}，即可升入「{tier}」。"),
        ))
    }
}

/// A value with its unit, for people.
pub fn written(value: &Value, unit: Unit, format: &UnitFormat) -> String {
    match value {
        Value::Unknown => format.language.pick("unknown".into(), "未知".into()),
        Value::Text(text) => text.clone(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.format("%Y-%m-%d %H:%M").to_string(),
        other => other.number().map_or_else(String::new, |n| format.number(n, unit)),
    }
}
