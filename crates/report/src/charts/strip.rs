//! Shares side by side in one thin bar.

use clientele_model::figure::told;
use serde::Serialize;

use super::svg::Svg;
use crate::shade::Shade;

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 12.0;

/// Shares side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Strip {
    pub parts: Vec<Part>,
}

/// A share of a strip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    pub name: String,
    #[serde(serialize_with = "told")]
    pub size: f64,
    pub shade: Shade,
}

/// Draws parts as one bar.
pub fn draw(Strip { parts }: &Strip) -> String {
    let total: f64 = parts.iter().map(|p| p.size.max(0.0)).sum();
    let mut svg = Svg::new(WIDTH, HEIGHT);
    let mut x = 0.0;
    for Part { name, size, shade } in parts.iter().filter(|p| p.size > 0.0) {
        let wide = size / total * WIDTH;
        // A hair of paper between neighbours.
        let seam = if wide > 3.0 { 1.0 } else { 0.0 };
        svg.rect(x, 0.0, (wide - seam).max(0.4), HEIGHT, *shade, name);
        x += wide;
    }
    svg.finish()
}
