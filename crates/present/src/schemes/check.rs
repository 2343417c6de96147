//! Whether a scheme puts everyone in exactly one tier.

use clientele_pipeline::classify::check::CheckReport;
use serde::Serialize;

/// What `schemes check` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchemeChecks {
    /// Whether all of them are sound.
    pub ok: bool,
    pub schemes: Vec<SchemeCheck>,
}

/// The proof for one scheme, or what speaks against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchemeCheck {
    pub file: String,
    pub scheme: String,
    pub ok: bool,
    /// How many combinations were looked at.
    pub combinations: usize,
    /// Those that fall in no tier.
    pub gaps: Vec<String>,
    /// Those that fall in several tiers.
    pub overlaps: Vec<Overlap>,
    /// Tiers that nobody can reach.
    pub unreachable: Vec<String>,
}

/// A combination of figures that falls in several tiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overlap {
    pub combination: String,
    pub tiers: Vec<String>,
}

impl SchemeChecks {
    /// The checks of several schemes.
    pub fn new(schemes: Vec<SchemeCheck>) -> Self {
        SchemeChecks { ok: schemes.iter().all(|scheme| scheme.ok), schemes }
    }
}

impl SchemeCheck {
    /// The check of the scheme in a file.
    pub fn new(file: String, report: CheckReport) -> Self {
        let overlap = |(combination, tiers)| Overlap { combination, tiers };
        SchemeCheck {
            file,
            scheme: report.scheme.id.to_string(),
            ok: report.is_sound(),
            combinations: report.combinations,
            overlaps: report.overlaps.into_iter().map(overlap).collect(),
            gaps: report.gaps,
            unreachable: report.unreachable,
        }
    }
}
