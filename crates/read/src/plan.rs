//! How a file is turned into work: the reading thread cuts, worker threads parse.

use std::ops::ControlFlow;

use super::chunk::TextChunk;
use super::error::ReadError;

/// A piece of a file that can be parsed on any thread.
pub(super) struct Task {
    /// Bytes of the file read when this piece was cut.
    pub(super) bytes: u64,
    pub(super) parse: Box<dyn FnOnce() -> Result<TextChunk, ReadError> + Send>,
}

/// Where tasks go, in file order; `Break` ends the reading.
pub(super) type Emit<'a> = &'a mut dyn FnMut(Task) -> ControlFlow<()>;

/// A file that has been looked at and can be read from the start, any number of times.
pub(super) trait Plan: Send + Sync {
    /// Cuts the file into tasks of about `block_bytes` of text.
    fn feed(&self, block_bytes: usize, emit: Emit<'_>) -> Result<(), ReadError>;
}
