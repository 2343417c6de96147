//! What has to be imported, in words.

use std::collections::BTreeSet;

use clientele_model::spec::MetricSource;

use super::super::numbers::Numbers;

/// The name of a kind of facts.
pub fn name(source: MetricSource, n: &Numbers) -> &'static str {
    let (en, zh) = match source {
        MetricSource::Orders => ("orders", "订单"),
        MetricSource::OrderLines => ("order lines", "订单明细"),
        MetricSource::Customers => ("customer profiles", "客户资料"),
        MetricSource::Events => ("events", "行为事件"),
        MetricSource::Interactions => ("interactions", "互动"),
        MetricSource::Tickets => ("tickets", "工单"),
        MetricSource::Responses => ("survey responses", "问卷答复"),
        MetricSource::Opportunities => ("opportunities", "商机"),
        MetricSource::Relations | MetricSource::Graph => ("relations", "关系"),
        MetricSource::Consents => ("consents", "授权"),
        MetricSource::Memberships => ("memberships", "会员"),
        MetricSource::ServiceCosts => ("costs to serve", "服务成本"),
        MetricSource::Derived => ("other figures", "其他指标"),
    };
    n.language.pick(en, zh)
}

/// Whether there is nothing that satisfaction could be known from.
pub fn no_answers(absent: &BTreeSet<MetricSource>) -> bool {
    absent.contains(&MetricSource::Responses) && absent.contains(&MetricSource::Tickets)
}

/// Says what to import to know how satisfied customers are.
pub fn import_answers(n: &Numbers) -> &'static str {
    n.language.pick(
        "Nothing is known of their satisfaction: import survey responses (NPS, CSAT, CES) or tickets with a rating.",
        "还不知道客户是否满意：请导入问卷答复（NPS、CSAT、CES）或带满意度的工单。",
    )
}
