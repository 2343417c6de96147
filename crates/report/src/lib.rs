//! A report: the document of everything that its page shows, and the page as HTML.
//!
//! Who has the figures makes a [`Page`] of them; this crate knows no figures of its own, reads nothing and
//! asks no clock. The HTML needs no network, no script and no font of its own, and the same page gives the
//! same bytes.

pub mod charts;
pub mod page;
mod render;
pub mod shade;

pub use page::Page;
pub use render::{RenderError, html};
