//! Schemes as earlier releases wrote them: what stands in its place now is said.

use toml::de::{DeTable, DeValue};

use super::{Document, SpecError};
use crate::Text;

/// An action as it is written now.
const EXAMPLE: [&str; 2] = [
    "actions = [{ en = \"Call them.\", zh = \"致电回访。\", channel = \"phone\", cadence = \"monthly\" }]",
    "goal = { en = \"…\", zh = \"…\" }, owner = \"sales\", offer = { … } and kpi = { … }",
];

/// Refuses actions that are a list for each language, as `actions.en = ["…"]`, and actions of no tier. A document that
/// cannot be read is left to who reads it.
pub(super) fn refuse(document: &Document<'_>) -> Result<(), SpecError> {
    let Ok(table) = DeTable::parse(document.text) else { return Ok(()) };
    let table = table.get_ref();
    if get(table, "actions").is_some() {
        let problem = Text::new("actions stand with a tier", "行动应写在各层级之下");
        return Err(former(document, "actions", problem));
    }
    let problem = || {
        Text::new(
            "a list of actions for each language is the form of earlier releases",
            "按语言分列的行动清单是旧版写法",
        )
    };
    for name in ["code_tiers", "cluster_tiers"] {
        if let Some(DeValue::Table(part)) = get(table, name)
            && is_former(part)
        {
            return Err(former(document, &format!("{name}.actions"), problem()));
        }
    }
    let Some(DeValue::Array(tiers)) = get(table, "tiers") else { return Ok(()) };
    for (i, tier) in tiers.iter().enumerate() {
        if let DeValue::Table(tier) = tier.get_ref()
            && is_former(tier)
        {
            return Err(former(document, &format!("tiers[{i}].actions"), problem()));
        }
    }
    Ok(())
}

fn get<'a>(table: &'a DeTable<'a>, name: &str) -> Option<&'a DeValue<'a>> {
    table.iter().find(|(key, _)| **key.get_ref() == *name).map(|(_, value)| value.get_ref())
}

fn is_former(table: &DeTable<'_>) -> bool {
    matches!(get(table, "actions"), Some(DeValue::Table(_)))
}

fn former(document: &Document<'_>, key: &str, problem: Text) -> SpecError {
    let [action, others] = EXAMPLE;
    let cure = Text::new(
        format!("write in each tier, beside {others}, one list with channel and cadence: {action}"),
        format!(
            "请在每个层级内写一份清单，每条带渠道与频率：{action}；并写上 {}",
            others.replace(" and ", "、")
        ),
    );
    document.error(key, problem, cure)
}
