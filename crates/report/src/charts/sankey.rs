//! Flows from tiers to tiers: bands as wide as there are customers.
//!
//! The library has such a drawing, but moves its nodes to where bands cross least; here tiers stay in
//! their order on both sides, and those who stayed are paler than those who moved.

use serde::Serialize;

use super::svg::{Anchor, Svg, TEXT, fitted, spread};
use crate::shade::Shade;

const WIDTH: f64 = 960.0;
/// Room for names on either side.
const MARGIN: f64 = 210.0;
const NODE: f64 = 12.0;
const GAP: f64 = 7.0;
const TOP: f64 = 26.0;
/// A band is never drawn thinner than this.
const THIN: f64 = 0.8;

/// Customers between the tiers of two days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flows {
    /// Names of the two sides.
    pub heads: (String, String),
    pub left: Vec<End>,
    pub right: Vec<End>,
    pub bands: Vec<Band>,
}

/// A tier at one of the two ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct End {
    /// Its name with its count.
    pub name: String,
    pub shade: Shade,
}

/// A band between the ends at two places.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band {
    pub from: usize,
    pub to: usize,
    pub customers: i64,
    pub stayed: bool,
    /// What it is, for those who point at it.
    pub title: String,
}

/// Draws the flows.
pub fn draw(Flows { heads, left, right, bands }: &Flows) -> String {
    let most = left.len().max(right.len()) as f64;
    let height = (most * (TEXT + 14.0)).clamp(220.0, 560.0);
    let total = bands.iter().map(|b| b.customers).sum::<i64>().max(1) as f64;
    let scale = (height - (most - 1.0) * GAP) / total;
    let (x0, x1) = (MARGIN + NODE, WIDTH - MARGIN - NODE);
    let of = |end: fn(&Band) -> usize, place| {
        bands.iter().filter(move |b| end(b) == place).map(|b| b.customers).sum::<i64>() as f64 * scale
    };
    let from: fn(&Band) -> usize = |b| b.from;
    let to: fn(&Band) -> usize = |b| b.to;
    let left_tops = tops(left.len(), height, |place| of(from, place));
    let right_tops = tops(right.len(), height, |place| of(to, place));
    let mut svg = Svg::new(WIDTH, TOP + height + 8.0);
    svg.text(MARGIN, 8.0, Anchor::End, "soft", &heads.0);
    svg.text(WIDTH - MARGIN, 8.0, Anchor::Start, "soft", &heads.1);
    // Those who stayed first, so that those who moved lie above them.
    let mut starts = left_tops.clone();
    let mut ends = right_tops.clone();
    let mut laid: Vec<(bool, String, &Band)> = Vec::new();
    for band in bands {
        let (Some(start), Some(end)) = (starts.get_mut(band.from), ends.get_mut(band.to)) else { continue };
        let thick = band.customers as f64 * scale;
        let path = ribbon((x0, *start), (x1, *end), thick.max(THIN));
        *start += thick;
        *end += thick;
        laid.push((!band.stayed, path, band));
    }
    laid.sort_by_key(|(moved, ..)| *moved);
    for (moved, path, band) in &laid {
        let shade = left.get(band.from).map_or(Shade::Unknown, |end| end.shade);
        svg.path(path, shade, if *moved { 0.55 } else { 0.16 }, &band.title);
    }
    side(&mut svg, left, &left_tops, |place| of(from, place), height, Anchor::End);
    side(&mut svg, right, &right_tops, |place| of(to, place), height, Anchor::Start);
    svg.finish()
}

/// Where each node begins, all of them in the middle of the height.
fn tops(count: usize, height: f64, thick: impl Fn(usize) -> f64) -> Vec<f64> {
    let sum: f64 = (0..count).map(&thick).sum::<f64>() + GAP * count.saturating_sub(1) as f64;
    let mut y = TOP + (height - sum).max(0.0) / 2.0;
    (0..count)
        .map(|place| {
            let top = y;
            y += thick(place) + GAP;
            top
        })
        .collect()
}

/// The nodes of one side with their names, which keep apart where nodes are thin.
fn side(
    svg: &mut Svg,
    ends: &[End],
    tops: &[f64],
    thick: impl Fn(usize) -> f64,
    height: f64,
    anchor: Anchor,
) {
    let middles: Vec<f64> = tops.iter().enumerate().map(|(i, top)| top + thick(i) / 2.0).collect();
    let labels = spread(&middles, TEXT + 4.0, TOP + TEXT / 2.0, TOP + height - TEXT / 2.0);
    let (node, beside, at) = match anchor {
        Anchor::End => (MARGIN, MARGIN - 4.0, MARGIN - 16.0),
        _ => (WIDTH - MARGIN - NODE, WIDTH - MARGIN + 4.0, WIDTH - MARGIN + 16.0),
    };
    for (place, end) in ends.iter().enumerate() {
        let (Some(top), Some(middle), Some(label)) = (tops.get(place), middles.get(place), labels.get(place))
        else {
            continue;
        };
        svg.rect(node, *top, NODE, thick(place).max(THIN), end.shade, "");
        if (label - middle).abs() > 1.0 {
            svg.line((beside, *middle), (at, *label), "line", 1.0);
        }
        let gap = if at < node { -3.0 } else { 3.0 };
        svg.text(at + gap, *label, anchor, "ink", &fitted(&end.name, MARGIN - 22.0));
    }
}

/// A band between two heights, level at both ends.
fn ribbon(from: (f64, f64), to: (f64, f64), thick: f64) -> String {
    let ((x0, y0), (x1, y1)) = (from, to);
    let middle = (x0 + x1) / 2.0;
    let (b0, b1) = (y0 + thick, y1 + thick);
    format!(
        "M{x0:.1} {y0:.1}C{middle:.1} {y0:.1} {middle:.1} {y1:.1} {x1:.1} {y1:.1}\
         L{x1:.1} {b1:.1}C{middle:.1} {b1:.1} {middle:.1} {b0:.1} {x0:.1} {b0:.1}Z"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_as_wide_as_there_are_customers() {
        let end = |name: &str| End { name: name.into(), shade: Shade::Accent };
        let band =
            |from, to, customers| Band { from, to, customers, stayed: from == to, title: String::new() };
        let svg = draw(&Flows {
            heads: ("before".into(), "now".into()),
            left: vec![end("a"), end("b")],
            right: vec![end("a"), end("b")],
            bands: vec![band(0, 0, 60), band(0, 1, 20), band(1, 1, 20)],
        });
        // 213 high for 100 customers: nodes of 80 and 20, then 60 and 40.
        for height in ["170.4", "42.6", "127.8", "85.2"] {
            assert!(svg.contains(&format!("height=\"{height}\"")), "{height} in {svg}");
        }
        assert_eq!(svg.matches("<path").count(), 3);
    }
}
