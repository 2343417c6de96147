//! Drawings of a report, as SVG that takes its colours and fonts from the page.
//!
//! The library that draws them wants colours as numbers. It gets stand-ins, which are replaced by
//! the style sheet's variables afterwards, so a drawing follows the page into dark mode.

mod axis;
mod columns;
mod curve;
mod paint;
mod tiles;

pub use columns::columns;
pub use curve::{Curve, Line, Point, curve};
pub use tiles::{Tile, tiles};
