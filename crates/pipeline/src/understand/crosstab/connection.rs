//! What may be told of the test when cells are hidden.

use clientele_model::Language;
use clientele_predict::stats::{Independence, Magnitude};

/// How the two have to do with each other. Of the known values alone: that the same customers are unknown in two
/// schemes often only says that they lack the same facts; counted, it would pass for a connection of the two.
///
/// Where cells are hidden the figures are rounded, as the exact ones together with the sums would tell the cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Connection {
    /// Pearson's chi-square. None where cells are hidden.
    pub statistic: Option<f64>,
    pub freedom: u64,
    pub p: Chance,
    /// Cramér's V, 0 to 1; of two digits after the point where cells are hidden. So is the corrected one, which has no
    /// bias.
    pub cramers_v: f64,
    pub cramers_v_corrected: f64,
    /// By the corrected V.
    pub magnitude: Magnitude,
    /// Share of cells that expect fewer than five. None where cells are hidden.
    pub small_expected_share: Option<f64>,
    /// Whether that share is so large that p is rough.
    pub is_rough: bool,
}

/// The chance that two that have nothing to do with each other look like this.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Chance {
    Exact(f64),
    Below(f64),
    /// At least the last of [`BOUNDS`].
    NotSignificant,
}

/// What a rounded chance is below. The last is the largest at which a connection is taken to be more than chance.
const BOUNDS: [f64; 2] = [0.001, 0.05];

impl Chance {
    fn rounded(p: f64) -> Chance {
        BOUNDS.into_iter().find(|bound| p < *bound).map_or(Chance::NotSignificant, Chance::Below)
    }

    /// Whether the connection is taken to be more than chance.
    pub fn is_significant(self) -> bool {
        match self {
            Chance::Exact(p) => p <= BOUNDS[1],
            Chance::Below(_) => true,
            Chance::NotSignificant => false,
        }
    }

    /// As people read it: `p 0.013`, `p < 0.05`, `p not significant`.
    pub fn text(self, language: Language) -> String {
        match self {
            Chance::Exact(p) if p >= BOUNDS[0] => format!("p {p:.3}"),
            Chance::Exact(_) => format!("p < {}", BOUNDS[0]),
            Chance::Below(bound) => format!("p < {bound}"),
            Chance::NotSignificant => language.pick("p not significant", "p 不显著").to_owned(),
        }
    }
}

impl Connection {
    pub(super) fn new(found: &Independence, hidden: bool) -> Connection {
        let v = |v: f64| if hidden { (v * 100.0).round() / 100.0 } else { v };
        Connection {
            statistic: (!hidden).then_some(found.statistic),
            freedom: found.freedom,
            p: if hidden { Chance::rounded(found.p) } else { Chance::Exact(found.p) },
            cramers_v: v(found.cramers_v),
            cramers_v_corrected: v(found.cramers_v_corrected),
            magnitude: found.magnitude,
            small_expected_share: (!hidden).then_some(found.small_expected_share),
            is_rough: found.is_rough(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clientele_model::Language;
    use clientele_predict::stats::independence;

    use super::{Chance, Connection};

    #[test]
    fn hidden_cells_round_what_would_tell_them() {
        // Expected 25 and 75 in both rows: chi-square 8/3, p 0.1025, V sqrt(8/600) = 0.1155.
        let found = independence(&[30, 70, 20, 80], 2).expect("a test");
        let open = Connection::new(&found, false);
        assert_eq!((open.statistic, open.p), (Some(found.statistic), Chance::Exact(found.p)));
        let hidden = Connection::new(&found, true);
        assert_eq!((hidden.statistic, hidden.small_expected_share), (None, None));
        assert_eq!((hidden.cramers_v, hidden.p), (0.12, Chance::NotSignificant));
        assert_eq!(hidden.p.text(Language::Zh), "p 不显著");
        // Half against half of 200 each way round: chi-square 200.
        let sure = independence(&[100, 0, 0, 100], 2).expect("a test");
        assert_eq!(Connection::new(&sure, true).p, Chance::Below(0.001));
    }

    #[test]
    fn chances_are_told_in_ranges() {
        let said = |p| Chance::rounded(p).text(Language::En);
        assert_eq!(said(0.000_9), "p < 0.001");
        assert_eq!(said(0.001), "p < 0.05");
        assert_eq!(said(0.05), "p not significant");
        assert_eq!(Chance::Exact(0.013).text(Language::En), "p 0.013");
    }
}
