//! JSON lines: one object a line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::chunk::{BadRow, TextChunk};
use super::error::{FileProblem, InFile, ReadError};
use super::header::check_count;
use super::json::flatten;
use super::options::OpenOptions;
use super::parse::Block;
use super::plan::{Emit, Plan, Task};
use super::reason::BadReason;
use super::records::{Dialect, RecordEnd};
use super::sample::Sample;
use super::stream::TextSource;
use super::text_file::{Blocks, Start, TextFile};

/// Holds, as a JSON object, the keys of a line that none of the first lines had.
const OTHER: &str = "_other";
/// Records whose keys make the columns.
const RECORDS: usize = 1000;

/// A JSON-lines text whose columns are known.
pub(super) struct JsonLines {
    path: PathBuf,
    source: TextSource,
    columns: Arc<Columns>,
}

/// Which key goes into which column. The last column is for all others.
struct Columns {
    by_key: FxHashMap<String, usize>,
    max_field_bytes: usize,
}

/// Whether a text holds JSON; a JSON document over several lines is refused.
pub(super) fn is_json(sample: &Sample, options: &OpenOptions) -> Result<bool, FileProblem> {
    let text = sample.text.trim_ascii_start();
    if options.delimiter.is_some() || !matches!(text.first(), Some(b'{' | b'[')) {
        return Ok(false);
    }
    let inner = text.get(1..).unwrap_or_default().trim_ascii_start().first().copied();
    if text.starts_with(b"[") {
        return if inner == Some(b'{') { Err(FileProblem::JsonNotLines) } else { Ok(false) };
    }
    let (records, _) = sample.records(&Dialect::LINES, 2);
    let parses = |content: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(content);
    let first = records.first().map(|record| parses(record.content));
    match first {
        Some(Ok(_)) => Ok(true),
        Some(Err(error)) if error.is_eof() && inner == Some(b'"') && records.len() > 1 => {
            Err(FileProblem::JsonNotLines)
        }
        Some(Err(_)) => Ok(inner == Some(b'"')),
        None => Ok(inner == Some(b'"')),
    }
}

/// Finds the columns: the keys of the first lines, in order of appearance.
pub(super) fn plan(
    path: &Path,
    text: TextFile,
    options: &OpenOptions,
) -> Result<(JsonLines, Vec<String>), FileProblem> {
    let (records, _) = text.sample.records(&Dialect::LINES, RECORDS);
    let mut header: Vec<String> = Vec::new();
    let mut by_key: FxHashMap<String, usize> = FxHashMap::default();
    for record in &records {
        let Ok(line) = std::str::from_utf8(record.content) else { continue };
        let mut keys = Vec::new();
        // A line that is no JSON brings no columns; it becomes a bad row when it is read.
        let read = flatten(line, |key, _| {
            keys.push(key.to_owned());
            Ok(())
        });
        for key in read.map(|()| keys).unwrap_or_default() {
            if !by_key.contains_key(&key) {
                by_key.insert(key.clone(), header.len());
                header.push(if key.is_empty() { format!("column_{}", header.len() + 1) } else { key });
            }
        }
        check_count(record.line, header.len(), &options.limits)?;
    }
    let mut other = OTHER.to_owned();
    while header.contains(&other) {
        other.push('_');
    }
    header.push(other);
    let columns = Columns { by_key, max_field_bytes: options.limits.max_field_bytes };
    Ok((JsonLines { path: path.to_owned(), source: text.source, columns: Arc::new(columns) }, header))
}

impl Plan for JsonLines {
    fn feed(&self, block_bytes: usize, emit: Emit<'_>) -> Result<(), ReadError> {
        let start = Start { skip: 0, line: 1 };
        let mut blocks =
            Blocks::open(&self.path, &self.source, Dialect::LINES, start, block_bytes).in_file(&self.path)?;
        while let Some(block) = blocks.next().in_file(&self.path)? {
            let columns = Arc::clone(&self.columns);
            let task =
                Task { bytes: blocks.bytes_read(), parse: Box::new(move || Ok(columns.parse(&block))) };
            if emit(task).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// The values of one line; kept between lines to reuse their memory.
#[derive(Default)]
struct Slots {
    values: Vec<String>,
    seen: Vec<bool>,
    other: String,
}

impl Columns {
    fn parse(&self, block: &Block) -> TextChunk {
        let known = self.by_key.len();
        let mut chunk = TextChunk::new(block.first_row, block.first_line, known + 1);
        let mut slots = Slots { values: vec![String::new(); known], ..Slots::default() };
        let (mut row, mut line, mut start) = (block.first_row, block.first_line, 0);
        while let RecordEnd::At(next) = Dialect::LINES.record_end(&block.text, start) {
            let record = Dialect::LINES.content(&block.text[start..next]);
            if !Dialect::LINES.is_blank(record) {
                match self.read(record, block.offset + start as u64, &mut slots) {
                    Ok(()) => {
                        let values = slots.values.iter().chain([&slots.other]);
                        chunk.columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
                        chunk.end_row(row, line);
                    }
                    Err(reason) => chunk.reject_row(BadRow::new(row, line, record, reason)),
                }
                row += 1;
            }
            line += 1;
            start = next;
        }
        chunk
    }

    fn read(&self, record: &[u8], offset: u64, slots: &mut Slots) -> Result<(), BadReason> {
        let text = std::str::from_utf8(record)
            .map_err(|error| BadReason::NotText { offset: offset + error.valid_up_to() as u64 })?;
        slots.values.iter_mut().for_each(String::clear);
        slots.seen.clear();
        slots.seen.resize(self.by_key.len(), false);
        slots.other.clear();
        flatten(text, |key, value| {
            let column = self.by_key.get(key).copied();
            if value.contains('\0') {
                return Err(BadReason::Nul { offset });
            }
            if value.len() > self.max_field_bytes {
                let column = column.unwrap_or(self.by_key.len()) + 1;
                return Err(BadReason::FieldTooLong {
                    column,
                    bytes: value.len(),
                    limit: self.max_field_bytes,
                });
            }
            match column {
                Some(at) if slots.seen[at] => return Err(BadReason::KeyTwice { key: key.to_owned() }),
                Some(at) => {
                    slots.seen[at] = true;
                    slots.values[at].push_str(value);
                }
                None => append(&mut slots.other, key, value),
            }
            Ok(())
        })?;
        if !slots.other.is_empty() {
            slots.other.push('}');
        }
        Ok(())
    }
}

/// Appends a field to a JSON object that is not closed yet.
fn append(object: &mut String, key: &str, value: &str) {
    object.push(if object.is_empty() { '{' } else { ',' });
    object.push_str(&serde_json::Value::from(key).to_string());
    object.push(':');
    object.push_str(&serde_json::Value::from(value).to_string());
}
