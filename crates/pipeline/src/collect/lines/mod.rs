//! Orders put together from their lines.

mod book;
mod credit;
mod finish;

pub use book::{Line, OrderBook, vocabularies};
pub use credit::LineSpool;
pub use finish::shape as order_shape_of_lines;
