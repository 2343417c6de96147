//! The schemes that have no section of their own.

use super::super::data::{ReportData, SchemeData};
use super::super::numbers::Numbers;
use super::super::page::Section;
use super::{OWN_SECTION, scheme};

/// The section; `None` when the run applied no other schemes.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    let other = |s: &&SchemeData| !OWN_SECTION.contains(&s.scheme.id.as_str());
    let (blind, seeing): (Vec<&SchemeData>, Vec<&SchemeData>) =
        data.schemes.iter().filter(other).partition(|s| scheme::is_blind(s));
    if blind.is_empty() && seeing.is_empty() {
        return None;
    }
    let mut section = Section::new("schemes", l.pick("More ways to divide the base", "更多分层方案"));
    section.parts = seeing.iter().map(|s| scheme::part(s, n)).collect();
    if !blind.is_empty() && data.customers > 0 {
        let names: Vec<&str> = blind.iter().map(|s| s.scheme.name.get(l)).collect();
        section = section.note(l.pick(
            format!("Left out, because the data lack what they need: {}.", names.join(", ")),
            format!("以下方案因数据中没有所需资料而未显示：{}。", names.join("、")),
        ));
    }
    Some(section)
}
