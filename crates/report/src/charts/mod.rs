//! Drawings of a report: what they show as data, and as SVG that takes its colours and fonts from the page.
//!
//! The library that draws most of them wants colours as numbers. It gets stand-ins, which are replaced by
//! the style sheet's variables afterwards, so a drawing follows the page into dark mode.

mod axis;
mod columns;
mod curve;
mod effects;
mod paint;
mod sankey;
mod scatter;
mod strip;
mod svg;
mod tiles;

use serde::Serialize;

pub use columns::{Bar, Columns};
pub use curve::{Curve, Curves, LineStyle, Point};
pub use effects::{Difference, Effects};
pub use sankey::{Band, End, Flows};
pub use scatter::{Dot, Scatter};
pub use strip::{Part, Strip};
pub use tiles::{Tile, Tiles};

/// What a drawing shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Chart {
    Columns(Columns),
    Curves(Curves),
    Effects(Effects),
    Flows(Flows),
    Scatter(Scatter),
    Tiles(Tiles),
}

impl Chart {
    /// Draws it.
    ///
    /// # Errors
    /// Those of the library that draws.
    pub fn svg(&self) -> Result<String, charts_rs::Error> {
        Ok(match self {
            Chart::Columns(chart) => columns::draw(chart)?,
            Chart::Curves(chart) => curve::draw(chart)?,
            Chart::Effects(chart) => effects::draw(chart),
            Chart::Flows(chart) => sankey::draw(chart),
            Chart::Scatter(chart) => scatter::draw(chart),
            Chart::Tiles(chart) => tiles::draw(chart)?,
        })
    }
}

impl Strip {
    /// Draws it.
    pub fn svg(&self) -> String {
        strip::draw(self)
    }
}
