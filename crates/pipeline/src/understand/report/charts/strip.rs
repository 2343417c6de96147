//! Shares side by side in one thin bar.

use super::svg::Svg;
use crate::understand::report::page::Shade;

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 12.0;

/// Draws parts, each with its name and size, as one bar.
pub fn strip(parts: &[(String, f64, Shade)]) -> String {
    let total: f64 = parts.iter().map(|p| p.1.max(0.0)).sum();
    let mut svg = Svg::new(WIDTH, HEIGHT);
    let mut x = 0.0;
    for (name, size, shade) in parts.iter().filter(|p| p.1 > 0.0) {
        let wide = size / total * WIDTH;
        // A hair of paper between neighbours.
        let seam = if wide > 3.0 { 1.0 } else { 0.0 };
        svg.rect(x, 0.0, (wide - seam).max(0.4), HEIGHT, *shade, name);
        x += wide;
    }
    svg.finish()
}
