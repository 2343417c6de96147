//! CSV, TSV and their relatives.

use std::path::{Path, PathBuf};

use super::dialect;
use super::error::{FileProblem, InFile, ReadError};
use super::header::{self, Header};
use super::options::OpenOptions;
use super::parse::{Shape, parse};
use super::plan::{Emit, Plan, Task};
use super::records::Dialect;
use super::stream::TextSource;
use super::text_file::{Blocks, Start, TextFile};

/// A delimited text whose dialect and header are known.
pub(super) struct Delimited {
    path: PathBuf,
    source: TextSource,
    shape: Shape,
    start: Start,
}

/// Finds dialect and header.
pub(super) fn plan(
    path: &Path,
    text: TextFile,
    options: &OpenOptions,
) -> Result<(Delimited, Dialect, Header), FileProblem> {
    let dialect = dialect::detect(&text.sample, options.delimiter)?;
    let header = header::find(&text.sample, &dialect, options)?;
    let plan = Delimited {
        path: path.to_owned(),
        source: text.source,
        shape: Shape {
            dialect,
            columns: header.names.len(),
            max_field_bytes: options.limits.max_field_bytes,
        },
        start: Start { skip: header.skip, line: header.first_line },
    };
    Ok((plan, dialect, header))
}

impl Plan for Delimited {
    fn feed(&self, block_bytes: usize, emit: Emit<'_>) -> Result<(), ReadError> {
        let mut blocks = Blocks::open(&self.path, &self.source, self.shape.dialect, self.start, block_bytes)
            .in_file(&self.path)?;
        while let Some(block) = blocks.next().in_file(&self.path)? {
            let shape = self.shape;
            let task = Task { bytes: blocks.bytes_read(), parse: Box::new(move || Ok(parse(block, &shape))) };
            if emit(task).is_break() {
                break;
            }
        }
        Ok(())
    }
}
