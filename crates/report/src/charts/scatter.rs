//! Named points in four fields.

use clientele_model::Figure;
use clientele_model::figure::told;
use serde::{Serialize, Serializer};

use super::axis::axis;
use super::svg::{Anchor, Svg, TEXT, width};
use crate::shade::Shade;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 48.0;
const DOT: f64 = 5.5;

/// A point; both coordinates are shares, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dot {
    pub name: String,
    #[serde(serialize_with = "told")]
    pub x: f64,
    #[serde(serialize_with = "told")]
    pub y: f64,
    pub shade: Shade,
}

/// Named points in four fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scatter {
    /// The horizontal axis.
    pub across: String,
    /// The vertical axis.
    pub up: String,
    /// Where the fields meet, across and up.
    #[serde(serialize_with = "told_both")]
    pub middle: (f64, f64),
    /// Names of the fields: top left, top right, bottom left, bottom right.
    pub names: [String; 4],
    pub dots: Vec<Dot>,
}

fn told_both<S: Serializer>((x, y): &(f64, f64), serializer: S) -> Result<S::Ok, S::Error> {
    (Figure::from(*x), Figure::from(*y)).serialize(serializer)
}

/// A box that a label takes: left, top, right, bottom.
type Taken = (f64, f64, f64, f64);

/// Draws the points with their names. The upper axis ends above the highest point.
pub fn draw(Scatter { across, up, middle, names, dots }: &Scatter) -> String {
    let highest = dots.iter().map(|d| d.y).fold(middle.1 * 1.6, f64::max);
    let scale = axis(&[highest * 105.0]);
    let top = scale.max / 100.0;
    let x = |share: f64| LEFT + share.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT);
    let y = |share: f64| TOP + (1.0 - (share / top).clamp(0.0, 1.0)) * (HEIGHT - TOP - BOTTOM);
    let mut svg = Svg::new(WIDTH, HEIGHT);
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        svg.text(
            x(share),
            HEIGHT - BOTTOM + 16.0,
            Anchor::Middle,
            "soft",
            &format!("{:.0} %", share * 100.0),
        );
    }
    for step in 0..=scale.steps {
        let share = top * step as f64 / scale.steps as f64;
        svg.line((LEFT, y(share)), (WIDTH - RIGHT, y(share)), "line", 1.0);
        svg.text(LEFT - 8.0, y(share), Anchor::End, "soft", &format!("{:.0} %", share * 100.0));
    }
    svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10.0, Anchor::Middle, "soft", across);
    svg.text(LEFT, TOP - 12.0, Anchor::Start, "soft", up);
    let (mx, my) = (x(middle.0), y(middle.1));
    svg.line((mx, TOP), (mx, HEIGHT - BOTTOM), "soft", 1.0);
    svg.line((LEFT, my), (WIDTH - RIGHT, my), "soft", 1.0);
    let mut taken: Vec<Taken> = Vec::new();
    let corners = [
        (LEFT + 8.0, TOP + 12.0, Anchor::Start),
        (WIDTH - RIGHT - 8.0, TOP + 12.0, Anchor::End),
        (LEFT + 8.0, HEIGHT - BOTTOM - 12.0, Anchor::Start),
        (WIDTH - RIGHT - 8.0, HEIGHT - BOTTOM - 12.0, Anchor::End),
    ];
    for ((cx, cy, anchor), name) in corners.into_iter().zip(names) {
        svg.text(cx, cy, anchor, "accent", name);
        taken.push(around(cx, cy, anchor, name));
    }
    taken.extend(dots.iter().map(|d| (x(d.x) - DOT, y(d.y) - DOT, x(d.x) + DOT, y(d.y) + DOT)));
    for dot in dots {
        svg.dot(x(dot.x), y(dot.y), DOT, dot.shade, &dot.name);
        let (at, cy, anchor) = place(x(dot.x), y(dot.y), &dot.name, &taken);
        taken.push(around(at, cy, anchor, &dot.name));
        svg.text(at, cy, anchor, "ink", &dot.name);
    }
    svg.finish()
}

/// Where the name of a point stands: beside it, or as near as is free.
fn place(x: f64, y: f64, name: &str, taken: &[Taken]) -> (f64, f64, Anchor) {
    let beside = DOT + 4.0;
    let steps = [0.0, -11.0, 11.0, -20.0, 20.0, -30.0, 30.0, -42.0, 42.0];
    let right = steps.iter().map(|dy| (x + beside, y + dy, Anchor::Start));
    let left = steps.iter().map(|dy| (x - beside, y + dy, Anchor::End));
    let mut tried: Vec<(f64, f64, Anchor)> = right.zip(left).flat_map(|(a, b)| [a, b]).collect();
    tried.retain(|&(at, cy, anchor)| {
        let (l, t, r, b) = around(at, cy, anchor, name);
        l >= LEFT && r <= WIDTH - 4.0 && t >= TOP && b <= HEIGHT - BOTTOM
    });
    let free = |&&(at, cy, anchor): &&(f64, f64, Anchor)| {
        let (l, t, r, b) = around(at, cy, anchor, name);
        !taken.iter().any(|&(tl, tt, tr, tb)| l < tr && tl < r && t < tb && tt < b)
    };
    let fallback = (x - beside, y, Anchor::End);
    tried.iter().find(free).or(tried.first()).copied().unwrap_or(fallback)
}

fn around(x: f64, y: f64, anchor: Anchor, name: &str) -> Taken {
    let wide = width(name);
    let left = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - wide / 2.0,
        Anchor::End => x - wide,
    };
    (left, y - TEXT * 0.55, left + wide, y + TEXT * 0.55)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_cover_each_other() {
        let taken = [around(109.5, 50.0, Anchor::Start, "first metric")];
        let (at, y, anchor) = place(100.0, 52.0, "second metric", &taken);
        let second = around(at, y, anchor, "second metric");
        assert!(second.1 >= taken[0].3 || second.3 <= taken[0].1 || second.2 <= taken[0].0);
    }
}
