//! The steps of checklists, questionnaires, clusters, estimates and attributes as sentences.

use clientele_model::{MetricId, Unit};

use super::super::Step;
use super::Writer;
use crate::rows::Value;

impl Writer<'_> {
    /// A step of a kind that sorts customers rather than cuts a figure.
    pub(super) fn sort(&self, step: &Step) -> String {
        match step {
            Step::Check { is_must, name, condition, holds } => {
                self.check(*is_must, self.name(name), condition, *holds)
            }
            Step::Checked { must, signs, grade } => {
                let met = self.pick(
                    format!("{} of {} must-haves and {} of {} signs hold", must.0, must.1, signs.0, signs.1),
                    format!("必要条件满足 {}/{}，迹象满足 {}/{}", must.0, must.1, signs.0, signs.1),
                );
                match grade {
                    Some(grade) => self.pick(
                        format!("{met}; this tier asks for at least {} and {}.", grade.must, grade.signs),
                        format!("{met}；本层级至少要求 {} 项和 {} 项。", grade.must, grade.signs),
                    ),
                    None => self.pick(
                        format!("{met}, less than any other tier asks for."),
                        format!("{met}，未达到其他层级的要求。"),
                    ),
                }
            }
            Step::Dimension { metric, value } => {
                let (name, value) = (self.metric(metric), self.value(value, metric));
                self.pick(format!("{name}: {value}."), format!("{name}：{value}。"))
            }
            Step::Lead { best, by, margin } => self.lead(best, *by, *margin),
            Step::Estimate { metric, value, statement, interval } => {
                let (name, value) = (self.metric(metric), self.value(value, metric));
                let between = interval.as_ref().map(|(low, high)| {
                    let (low, high) = (self.value(low, metric), self.value(high, metric));
                    self.pick(
                        format!(", likely between {low} and {high}"),
                        format!("，大致在 {low} 到 {high} 之间"),
                    )
                });
                let (between, statement) = (between.unwrap_or_default(), self.name(statement));
                self.pick(
                    format!("{name} is estimated at {value}{between}. {statement}"),
                    format!("{name}的估计值为 {value}{between}。{statement}"),
                )
            }
            Step::Feature { metric, value, usual } => {
                let (name, value) = (self.metric(metric), self.value(value, metric));
                let usual = self.number(*usual, metric);
                self.pick(
                    format!("{name} is {value}; {usual} is usual in this cluster."),
                    format!("{name}为 {value}；本群的典型值为 {usual}。"),
                )
            }
            Step::Distance { own, next } => {
                let own = self.format.number(*own, Unit::Ratio);
                match next {
                    Some((name, distance)) => {
                        let (name, distance) = (self.name(name), self.format.number(*distance, Unit::Ratio));
                        self.pick(
                            format!("This centre is the nearest, {own} standard units away; the next is “{name}”, {distance} away."),
                            format!("距本群中心最近，为 {own} 个标准单位；其次是「{name}」，为 {distance}。"),
                        )
                    }
                    None => self.pick("There is only this one cluster.".into(), "只有这一个群。".into()),
                }
            }
            Step::Known { metric, value, is_listed } => {
                let (name, value) = (self.metric(metric), self.value(value, metric));
                match is_listed {
                    true => self.pick(
                        format!("{name} is “{value}”, which this tier lists."),
                        format!("{name}为「{value}」，属于本层级所列的值。"),
                    ),
                    false => self.pick(
                        format!("{name} is “{value}”, which no other tier lists."),
                        format!("{name}为「{value}」，其他层级都未列出。"),
                    ),
                }
            }
            _ => String::new(),
        }
    }

    fn check(&self, is_must: bool, name: String, condition: &str, holds: bool) -> String {
        let kind = match is_must {
            true => self.pick("Must-have".into(), "必要条件".into()),
            false => self.pick("Sign".into(), "迹象".into()),
        };
        let verdict = match holds {
            true => self.pick("yes".into(), "满足".into()),
            false => self.pick("no".into(), "不满足".into()),
        };
        let facts = self.facts(Some(condition));
        self.pick(
            format!("{kind} “{name}”: {verdict} ({facts})."),
            format!("{kind}「{name}」：{verdict}（{facts}）。"),
        )
    }

    fn lead(&self, best: &MetricId, by: f64, margin: f64) -> String {
        let name = self.metric(best);
        let (ahead, least) = (self.format.number(by, Unit::Share), self.format.number(margin, Unit::Share));
        if margin == 0.0 {
            return self.pick(
                format!("“{name}” scores highest, {ahead} ahead of the next."),
                format!("「{name}」得分最高，领先 {ahead}。"),
            );
        }
        // As the rule compares them.
        match by >= margin - 1e-9 {
            true => self.pick(
                format!("“{name}” scores highest, {ahead} ahead of the next; at least {least} is asked for."),
                format!("「{name}」得分最高，领先 {ahead}，不低于要求的 {least}。"),
            ),
            false => self.pick(
                format!("“{name}” scores highest, but only {ahead} ahead of the next; at least {least} is asked for."),
                format!("「{name}」得分最高，但只领先 {ahead}，不足要求的 {least}。"),
            ),
        }
    }

    /// For a scheme that people decide: nobody has.
    pub(super) fn not_set(&self) -> String {
        let scheme = &self.receipt.scheme.id;
        let id = &self.receipt.customer_id;
        self.pick(
            format!(
                "People decide in this scheme, and nobody has for this customer; do so with \
                 `clientele override set {id} {scheme}=TIER --reason …`."
            ),
            format!("该方案由人工判断，此客户尚无人判断；可用 clientele override set {id} {scheme}=层级 --reason …"),
        )
    }

    /// For a scheme by attribute: a value that no tier lists.
    pub(super) fn not_listed(&self, metric: &MetricId) -> String {
        let value = self.receipt.inputs.iter().find(|i| i.metric == *metric);
        let value = self.value(value.map_or(&Value::Unknown, |i| &i.value), metric);
        let name = self.metric(metric);
        self.pick(
            format!("{name} is “{value}”, which no tier lists."),
            format!("{name}为「{value}」，各层级都未列出。"),
        )
    }
}
