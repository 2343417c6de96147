//! Differences as bars from a middle line, each with its interval.

use clientele_model::figure::told;
use serde::Serialize;

use super::svg::{Anchor, Svg, TEXT, fitted};
use crate::shade::Shade;

const WIDTH: f64 = 960.0;
/// Room for names, and for what stands at the end of a row.
const NAMES: f64 = 300.0;
const NOTES: f64 = 170.0;
const ROW: f64 = 26.0;
const TOP: f64 = 34.0;
/// Larger differences end at the edge.
const FARTHEST: f64 = 3.0;

/// Differences from everybody else, each with its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effects {
    /// Names of the two directions.
    pub less: String,
    pub more: String,
    pub differences: Vec<Difference>,
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    pub name: String,
    /// In standard deviations; above 0 when the group has more.
    #[serde(serialize_with = "told")]
    pub size: f64,
    /// The ends of its 95 % interval; null where there is none.
    #[serde(serialize_with = "told")]
    pub low: f64,
    #[serde(serialize_with = "told")]
    pub high: f64,
    /// At the end of the row.
    pub note: String,
    /// What it is, for those who point at it.
    pub title: String,
}

/// Draws one row a difference.
pub fn draw(Effects { less, more, differences }: &Effects) -> String {
    let far = differences.iter().flat_map(|d| [d.low.abs(), d.high.abs(), d.size.abs()]);
    let far = far.filter(|v| v.is_finite()).fold(0.5, f64::max).min(FARTHEST);
    let (left, right) = (NAMES, WIDTH - NOTES);
    let middle = (left + right) / 2.0;
    let x = |size: f64| middle + (size / far).clamp(-1.0, 1.0) * (right - left) / 2.0;
    let height = TOP + ROW * differences.len() as f64;
    let mut svg = Svg::new(WIDTH, height + 6.0);
    svg.text(middle - 12.0, 12.0, Anchor::End, "soft", &format!("← {less}"));
    svg.text(middle + 12.0, 12.0, Anchor::Start, "soft", &format!("{more} →"));
    svg.line((middle, TOP - 8.0), (middle, height), "soft", 1.0);
    for (place, one) in differences.iter().enumerate() {
        let y = TOP + ROW * (place as f64 + 0.5);
        let (from, to) = (middle.min(x(one.size)), middle.max(x(one.size)));
        let shade = if one.size < 0.0 { Shade::Tier(10) } else { Shade::Accent };
        svg.text(NAMES - 12.0, y, Anchor::End, "ink", &fitted(&one.name, NAMES - 14.0));
        svg.rect(from, y - TEXT / 2.0, (to - from).max(1.0), TEXT, shade, &one.title);
        if one.low.is_finite() && one.high.is_finite() {
            svg.line((x(one.low), y), (x(one.high), y), "ink", 1.5);
            for end in [one.low, one.high] {
                svg.line((x(end), y - 4.0), (x(end), y + 4.0), "ink", 1.5);
            }
        }
        svg.text(right + 12.0, y, Anchor::Start, "soft", &one.note);
    }
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_go_to_either_side() {
        let one = |size: f64| Difference {
            name: "n".into(),
            size,
            low: size - 0.1,
            high: size + 0.1,
            note: String::new(),
            title: String::new(),
        };
        let svg = draw(&Effects {
            less: "less".into(),
            more: "more".into(),
            differences: vec![one(0.9), one(-0.9)],
        });
        // 490 units for -1 to 1: from the middle at 545 to 765.5, and from 324.5.
        assert!(svg.contains("x=\"545.0\" y=\"40.5\" width=\"220.5\""), "{svg}");
        assert!(svg.contains("x=\"324.5\" y=\"66.5\" width=\"220.5\""), "{svg}");
    }
}
