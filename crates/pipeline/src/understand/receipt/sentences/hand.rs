//! Why a customer is in another tier than the rule says, as sentences.

use clientele_model::Unit;

use super::super::Kept;
use super::Writer;

impl Writer<'_> {
    /// Who set the tier or which stay rule keeps it, and what the rule alone says.
    pub(super) fn why_not_computed(&self) -> Vec<String> {
        let r = self.receipt;
        let alone = self.tier(&r.computed);
        if let Some(set) = &r.by {
            let until = match set.until {
                Some(day) => self.pick(format!("until {day}"), format!("有效期至 {day}")),
                None => self.pick("until it is ended".into(), "直到被取消".into()),
            };
            let method = set.method.as_ref().map_or(String::new(), |method| {
                self.pick(format!(", after {}", plain(method)), format!("，方法：{}", plain(method)))
            });
            let (day, reason) = (set.set_at.date(), &set.reason);
            let (by, by_zh) = match &set.by {
                Some(who) => (format!("by {who}"), format!("由 {who} ")),
                None => ("by hand".to_owned(), String::new()),
            };
            return vec![
                self.pick(
                    format!("Set {by} on {day}{method} ({}), {until}. Reason: {reason}", set.id),
                    format!("{by_zh}于 {day} 人工指定（{}）{method}，{until}。理由：{reason}", set.id),
                ),
                self.pick(
                    format!("The rule alone says “{alone}”; this is how:"),
                    format!("仅按规则则为「{alone}」，依据如下："),
                ),
            ];
        }
        let Some(kept) = r.kept else { return Vec::new() };
        let why = match kept {
            Kept::Near { share } => {
                let share = self.format.number(share, Unit::Share);
                self.pick(
                    format!("The figure must be past the cut by {share} of its value to leave the tier; it is not."),
                    format!("数值须越过切点达自身的 {share} 才会离开本层级，目前未达到。"),
                )
            }
            Kept::Minimum { days, until } => {
                let days = self.format.number(f64::from(days), Unit::Days);
                self.pick(
                    format!("Nobody falls within {days} of entering a tier; a worse one counts from {until} at the earliest."),
                    format!("进入层级后 {days}内不降级，最早从 {until} 起降级。"),
                )
            }
            Kept::Grace { days, since, until } => {
                let days = self.format.number(f64::from(days), Unit::Days);
                self.pick(
                    format!("A worse tier must last {days} before it counts; it has been due since {since} and counts from {until} on."),
                    format!("更差的层级须持续 {days}才生效；自 {since} 起出现，若持续到 {until} 则降级。"),
                )
            }
        };
        vec![
            self.pick(
                format!("The rule alone says “{alone}”, but the tier is kept. {why}"),
                format!("仅按规则则为「{alone}」，但层级予以保留。{why}"),
            ),
            self.pick("How the rule decides:".into(), "规则的判断：".into()),
        ]
    }
}

fn plain(method: &str) -> String {
    method.replace('_', " ")
}
