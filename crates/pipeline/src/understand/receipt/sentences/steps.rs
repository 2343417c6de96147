//! The steps of a decision as sentences.

use clientele_model::Unit;

use super::super::Step;
use super::Writer;

impl Writer<'_> {
    pub(super) fn step(&self, step: &Step) -> String {
        match step {
            Step::Band { metric, value, min, below } => {
                let (name, value) = (self.metric(metric), self.value(value, metric));
                let min = min.map(|m| self.number(m, metric));
                let below = below.map(|b| self.number(b, metric));
                let (en, zh) = match (min, below) {
                    (Some(min), Some(below)) => {
                        (format!("at least {min} and below {below}"), format!("不低于 {min}，低于 {below}"))
                    }
                    (Some(min), None) => (format!("at least {min}"), format!("不低于 {min}")),
                    (None, Some(below)) => (format!("below {below}"), format!("低于 {below}")),
                    (None, None) => ("any value".to_owned(), "任意值".to_owned()),
                };
                self.pick(
                    format!("{name} is {value}; this tier takes {en}."),
                    format!("{name}为 {value}；本层级要求{zh}。"),
                )
            }
            Step::Part { digit, metric, value, part, of, worse, better } => {
                let (name, value) = (self.metric(metric), self.value(value, metric));
                let cuts: Vec<String> =
                    [worse, better].into_iter().flatten().map(|cut| self.number(*cut, metric)).collect();
                let cuts_en = match cuts.is_empty() {
                    true => String::new(),
                    false => match cuts.len() {
                        1 => format!("; the cut point beside it is {}", cuts[0]),
                        _ => format!("; the cut points beside it are {}", cuts.join(" and ")),
                    },
                };
                let cuts_zh = match cuts.is_empty() {
                    true => String::new(),
                    false => format!("，相邻切点为 {}", cuts.join(" 和 ")),
                };
                let score = digit.as_ref().map_or(String::new(), |d| format!("{d} = {part}: "));
                let score_zh = digit.as_ref().map_or(String::new(), |d| format!("{d} = {part}："));
                self.pick(
                    format!("{score}{name} is {value}, in part {part} of {of} (1 is the weakest){cuts_en}."),
                    format!(
                        "{score_zh}{name}为 {value}，在 {of} 等分中排第 {part} 档（1 为最弱）{cuts_zh}。"
                    ),
                )
            }
            Step::Split { digit, metric, value, middle, is_good } => {
                let (name, value) = (self.metric(metric), self.value(value, metric));
                let middle = self.number(*middle, metric);
                let side_en = if *is_good { "on the good side of" } else { "on the weak side of" };
                let side_zh = if *is_good { "优于或等于" } else { "弱于" };
                let grade = self.language().pick(["low", "high"], ["低", "高"])[usize::from(*is_good)];
                self.pick(
                    format!("{digit} {grade}: {name} is {value}, {side_en} the middle, {middle}."),
                    format!("{digit} {grade}：{name}为 {value}，{side_zh}分界值 {middle}。"),
                )
            }
            Step::Digit { digit, metric, value, label } => {
                let (name, value) = (self.metric(metric), self.value(value, metric));
                self.pick(
                    format!("{digit} = {label}: {name} is {value}."),
                    format!("{digit} = {label}：{name}为 {value}。"),
                )
            }
            Step::Code { .. } if self.is_every_code_a_tier() => {
                let tier = self.tier(&self.receipt.tier);
                self.pick(
                    format!("Together they are {tier}, the tier itself."),
                    format!("合在一起即为 {tier}。"),
                )
            }
            Step::Code { code } => self.pick(
                format!("Together the digits are {code}, which belongs to this tier."),
                format!("合在一起的代码是 {code}，归入本层级。"),
            ),
            Step::Cumulative { metric, value, least, until } => {
                let (name, value) = (self.metric(metric), self.value(value, metric));
                let until = self.format.number(*until, Unit::Share);
                let (en, zh) = match least {
                    Some(least) => {
                        let least = self.number(*least, metric);
                        (format!(" It ends at {least}."), format!("本层级止于 {least}。"))
                    }
                    None => (String::new(), String::new()),
                };
                self.pick(
                    format!("{name} is {value}. Counting from the greatest, this tier reaches up to {until} of the total.{en}"),
                    format!("{name}为 {value}。从高到低累计，本层级覆盖到总额的 {until}。{zh}"),
                )
            }
            Step::Condition { condition: Some(condition), number } => {
                let facts = self.facts(Some(condition));
                self.pick(
                    format!(
                        "Rule {number} was the first that held: {}. Here {facts}.",
                        self.plain(condition)
                    ),
                    format!("最先成立的是第 {number} 条规则：{}。本客户{facts}。", self.plain(condition)),
                )
            }
            Step::Condition { condition: None, .. } => {
                let facts = self.facts(None);
                self.pick(
                    format!("No earlier rule held, so the rest applies. The figures: {facts}."),
                    format!("前面的规则都不成立，归入其余。本客户{facts}。"),
                )
            }
            Step::Points { metric, value, condition, points } => {
                let count = self.points(*points);
                let points = self.format.number(*points, Unit::Ratio);
                match (metric, condition) {
                    (_, Some(condition)) => self.pick(
                        format!("{count} for: {}.", self.plain(condition)),
                        format!("{points} 分：{}。", self.plain(condition)),
                    ),
                    (Some(metric), None) => {
                        let (name, value) = (self.metric(metric), self.value(value, metric));
                        self.pick(
                            format!("{count} for {name}, {value}."),
                            format!("{name} {value}，得 {points} 分。"),
                        )
                    }
                    (None, None) => self.pick(format!("{count}."), format!("{points} 分。")),
                }
            }
            Step::Sum { points, least } => {
                let count = self.points(*points);
                let points = self.format.number(*points, Unit::Ratio);
                match least.map(|l| self.format.number(l, Unit::Ratio)) {
                    Some(least) => self.pick(
                        format!("That makes {count}; this tier asks for at least {least}."),
                        format!("合计 {points} 分；本层级要求至少 {least} 分。"),
                    ),
                    None => self.pick(
                        format!("That makes {count}, fewer than any other tier asks for."),
                        format!("合计 {points} 分，未达到其他层级的要求。"),
                    ),
                }
            }
            Step::Check { .. }
            | Step::Checked { .. }
            | Step::Dimension { .. }
            | Step::Lead { .. }
            | Step::Estimate { .. }
            | Step::Feature { .. }
            | Step::Distance { .. }
            | Step::Known { .. } => self.sort(step),
            Step::Crossed { name, tier, .. } => {
                let (name, tier) = (self.name(name), self.name(tier));
                self.pick(
                    format!("In “{name}” the customer is “{tier}”."),
                    format!("在「{name}」中属于「{tier}」。"),
                )
            }
        }
    }
}
