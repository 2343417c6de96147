//! Drawings of a report, as SVG that takes its colours and fonts from the page.
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

pub use columns::columns;
pub use curve::{Curve, Line, Point, curve};
pub use effects::{Difference, effects};
pub use sankey::{Band, End, sankey};
pub use scatter::{Dot, Fields, scatter};
pub use strip::strip;
pub use tiles::{Tile, tiles};
