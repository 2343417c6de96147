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

use super::ReportError;
use super::data::ReportData;
use super::numbers::Numbers;
use super::page::Section;
use super::render::Frame;

/// The schemes that have a section of their own.
const OWN_SECTION: [&str; 3] = ["rfm-11", "abc", "lifecycle"];

/// All sections that have something to show, in the order of the page.
pub fn all(data: &ReportData, language: Language) -> Result<(Frame, Vec<Section>), ReportError> {
    let numbers = Numbers::new(language, data.currency.clone(), data.facts.revenue);
    let n = &numbers;
    let sections = [
        Some(summary::section(data, n)?),
        rfm::section(data, n)?,
        abc::section(data, n)?,
        concentration::section(data, n)?,
        lifecycle::section(data, n),
        cohorts::section(data, n),
        personas::section(data, n),
        drivers::section(data, n),
        movement::section(data, n),
        schemes::section(data, n),
        quality::section(data, n),
    ];
    Ok((summary::frame(data, n), sections.into_iter().flatten().collect()))
}

/// A curve in words: its axes and what it says.
fn label(up: &str, across: &str, says: &str, n: &Numbers) -> String {
    n.language.pick(format!("{up} / {across}. {says}"), format!("{up}／{across}。{says}"))
}

#[cfg(test)]
mod insight_tests;
#[cfg(test)]
mod tests;
