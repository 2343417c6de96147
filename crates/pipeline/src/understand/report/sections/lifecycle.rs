//! Where in the relationship customers are.

use clientele_report::page::Section;

use super::super::data::{ReportData, SchemeData};
use super::super::numbers::Numbers;
use super::scheme;

/// The section; `None` when the run did not apply the scheme or nobody could be placed.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    let lifecycle = data.scheme("lifecycle").filter(|s| !scheme::is_blind(s))?;
    let mut section = Section::new("lifecycle", lifecycle.scheme.name.get(l));
    section.question = Some(lifecycle.scheme.question.get(l).to_owned());
    let says = says(lifecycle, n).unwrap_or_else(|| scheme::says(lifecycle, n));
    Some(section.says(says).blocks(scheme::details(lifecycle, n)))
}

/// Who is there and who has left; `None` where the workspace's own scheme has other stages, or
/// nearly everyone is in one.
fn says(lifecycle: &SchemeData, n: &Numbers) -> Option<String> {
    let l = n.language;
    let tiers = &lifecycle.sizes.tiers;
    let of = |id: &str| tiers.iter().find(|t| t.tier == id);
    let (active, new, churned) = (of("active")?, of("new")?, of("churned")?);
    let silent = of("silent")?;
    if active.customers + new.customers == 0 || churned.customers + silent.customers == 0 {
        return None;
    }
    let with = active.customers + new.customers;
    let with_share = active.customer_share + new.customer_share;
    let (gone, gone_value) = (n.share(churned.customer_share), n.share(churned.revenue_share));
    Some(l.pick(
        format!(
            "{} ({}) are active or new, {} ({}) have gone silent, and {} ({gone}) have churned; the churned \
             had brought {gone_value} of all revenue.",
            n.customers(with), n.share(with_share), n.count(silent.customers), n.share(silent.customer_share),
            n.count(churned.customers)
        ),
        format!(
            "{}（{}）处于活跃或新客阶段，{} 位（{}）已沉默，{} 位（{gone}）已流失；流失客户过去贡献了 {gone_value} 的收入。",
            n.customers(with), n.share(with_share), n.count(silent.customers), n.share(silent.customer_share),
            n.count(churned.customers)
        ),
    ))
}
