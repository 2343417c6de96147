//! The colours of tiers.

use serde::Serialize;

/// How many colours there are from the best tier to the worst.
pub const SHADES: usize = 12;

/// The colour of a tier, the same all over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shade {
    /// From 0, the best, to [`SHADES`] − 1.
    Tier(usize),
    /// Customers who cannot be placed.
    Unknown,
    /// The one colour of what has no rank.
    Accent,
}

impl Shade {
    /// The colour of the tier at `place` of `count`, best first.
    pub fn of(place: Option<usize>, count: usize, ranked: bool) -> Shade {
        match place {
            None => Shade::Unknown,
            Some(_) if !ranked => Shade::Accent,
            Some(place) => {
                let last = count.saturating_sub(1).max(1);
                Shade::Tier((place.min(last) * (SHADES - 1) + last / 2) / last)
            }
        }
    }

    /// The name of the colour in the style sheet.
    pub fn name(self) -> String {
        match self {
            Shade::Tier(shade) => format!("t{shade}"),
            Shade::Unknown => "t-unknown".to_owned(),
            Shade::Accent => "t-accent".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_spread_over_the_shades() {
        let shades = |count| (0..count).map(|i| Shade::of(Some(i), count, true)).collect::<Vec<_>>();
        assert_eq!(shades(1), [Shade::Tier(0)]);
        assert_eq!(shades(2), [Shade::Tier(0), Shade::Tier(11)]);
        assert_eq!(shades(3), [Shade::Tier(0), Shade::Tier(6), Shade::Tier(11)]);
        assert_eq!(Shade::of(Some(3), 4, false), Shade::Accent);
        assert_eq!(Shade::of(None, 4, true), Shade::Unknown);
    }
}
