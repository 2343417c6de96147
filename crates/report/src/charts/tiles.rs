//! Tiles whose area is a number.

use charts_rs::{Series, TreemapChart};
use clientele_model::figure::told;
use serde::Serialize;

use super::paint::{Paint, finish, prepare};
use crate::shade::Shade;

/// Tiles whose area is a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tiles {
    pub tiles: Vec<Tile>,
}

/// A tile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tile {
    pub name: String,
    /// What its area stands for; tiles without any are left out.
    #[serde(serialize_with = "told")]
    pub size: f64,
    pub shade: Shade,
}

/// Draws tiles, the largest first.
pub fn draw(Tiles { tiles }: &Tiles) -> Result<String, charts_rs::Error> {
    let shown: Vec<&Tile> = tiles.iter().filter(|t| t.size > 0.0).collect();
    let series = shown.iter().map(|t| Series::new(t.name.clone(), vec![t.size as f32])).collect();
    let mut chart = TreemapChart::new(series);
    prepare(&mut chart.base, 960.0, 340.0);
    chart.margin = 0.0.into();
    chart.series.label.formatter = "{t}".to_owned();
    chart.series.colors = shown.iter().map(|t| Paint::Shade(t.shade).color()).collect();
    Ok(finish(&chart.svg()?))
}
