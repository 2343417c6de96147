//! From figures to what the page says: pure functions, one file a section.

mod abc;
mod causes;
mod classes;
mod cohorts;
mod concentration;
mod demand;
mod drivers;
mod facts;
mod flows;
mod groups;
mod lifecycle;
mod movement;
mod periods;
mod personas;
mod quality;
mod rfm;
mod scheme;
mod schemes;
mod summary;

use clientele_model::Language;
use clientele_report::Page;

use super::data::ReportData;
use super::numbers::Numbers;

/// The schemes that have a section of their own.
const OWN_SECTION: [&str; 3] = ["rfm-11", "abc", "lifecycle"];

/// The page: all sections that have something to show, in their order.
pub fn page(data: &ReportData, language: Language) -> Page {
    let numbers = Numbers::new(language, data.currency.clone(), data.facts.revenue);
    let n = &numbers;
    let sections = [
        Some(summary::section(data, n)),
        rfm::section(data, n),
        abc::section(data, n),
        concentration::section(data, n),
        lifecycle::section(data, n),
        cohorts::section(data, n),
        personas::section(data, n),
        drivers::section(data, n),
        movement::section(data, n),
        schemes::section(data, n),
        quality::section(data, n),
    ];
    summary::page(data, sections.into_iter().flatten().collect(), n)
}

/// A curve in words: its axes and what it says.
fn label(up: &str, across: &str, says: &str, n: &Numbers) -> String {
    n.language.pick(format!("{up} / {across}. {says}"), format!("{up}／{across}。{says}"))
}

#[cfg(test)]
mod insight_tests;
#[cfg(test)]
mod tests;
