//! Tiles whose area is a number.

use charts_rs::{Series, TreemapChart};

use super::paint::{Paint, finish, prepare};
use crate::understand::report::ReportError;
use crate::understand::report::page::Shade;

/// A tile.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    pub name: String,
    /// What its area stands for; tiles without any are left out.
    pub size: f64,
    pub shade: Shade,
}

/// Draws tiles, the largest first.
pub fn tiles(tiles: &[Tile]) -> Result<String, ReportError> {
    let shown: Vec<&Tile> = tiles.iter().filter(|t| t.size > 0.0).collect();
    let series = shown.iter().map(|t| Series::new(t.name.clone(), vec![t.size as f32])).collect();
    let mut chart = TreemapChart::new(series);
    prepare(&mut chart.base, 960.0, 340.0);
    chart.margin = 0.0.into();
    chart.series.label.formatter = "{t}".to_owned();
    chart.series.colors = shown.iter().map(|t| Paint::Shade(t.shade).color()).collect();
    Ok(finish(&chart.svg()?))
}
