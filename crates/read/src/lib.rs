//! Files → chunks of text columns.
//!
//! [`open`] looks at what a file holds (never at its name alone), finds encoding, delimiter, quote
//! and header, and gives a [`TableFile`]. [`TableFile::for_each_chunk`] then streams it: one thread
//! reads and cuts the text at record ends, worker threads parse, and the results come out in file
//! order with a bounded number of chunks in memory, whatever the size of the file.
//!
//! ```text
//! file ─► unpack (gzip, zstd) ─► decode to UTF-8 ─► cut at record ends ─► parse, map ─► sink
//!         └──────────────── reading thread ───────────────────────────┘   workers      caller
//! ```
//!
//! A row whose shape is wrong is never dropped and never guessed: it comes out as a [`BadRow`]
//! with its place, its text and the reason. A file that cannot be read as a table at all gives a
//! [`ReadError`] with the place and the cure.

mod chunk;
mod delimited;
mod dialect;
mod encoding;
mod error;
mod file;
mod file_problem;
mod header;
mod info;
mod json;
mod json_lines;
mod magic;
mod numbers;
mod options;
mod parquet_file;
mod parquet_text;
mod parse;
mod plan;
mod reason;
mod records;
mod sample;
mod source;
mod stream;
mod text_file;
mod workers;
mod xlsx;
mod xlsx_cells;
mod xlsx_guard;

#[cfg(test)]
mod tests;

pub use chunk::{BadRow, TextChunk, TextColumn};
pub use error::{FileProblem, ReadError};
pub use file::{FileTotals, Progress, TableFile, open};
pub use info::{Compression, FileInfo, Format};
pub use options::{Limits, OpenOptions};
pub use reason::BadReason;
