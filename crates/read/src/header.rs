//! Column names: which line holds them, and what they are.

use rustc_hash::FxHashMap;

use super::error::FileProblem;
use super::options::{Limits, OpenOptions};
use super::records::{Dialect, RecordEnd};
use super::sample::{Sample, SampleRecord};

/// Records looked at to tell titles above the table from the table.
const RECORDS: usize = 50;
/// Most title lines above a header.
const MAX_TITLES: usize = 10;

/// The header of a delimited text.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    /// The line of the names; `None` where they are made up.
    pub(super) line: Option<u64>,
    /// Where the first data record starts, in bytes of the sample.
    pub(super) skip: usize,
    /// The line where it starts.
    pub(super) first_line: u64,
}

/// Finds the header at the top of a delimited text.
pub(super) fn find(sample: &Sample, dialect: &Dialect, options: &OpenOptions) -> Result<Header, FileProblem> {
    let (records, stopped) = sample.records(dialect, RECORDS);
    if records.is_empty() {
        return Err(match stopped {
            None => FileProblem::Empty,
            Some(RecordEnd::InQuote) if sample.whole => {
                FileProblem::UnclosedQuote { line: 1, quote: dialect.quote.map_or('"', char::from) }
            }
            Some(_) => FileProblem::RecordTooLong { line: 1, limit: Sample::BYTES },
        });
    }
    let titles = count_titles(&records, dialect);
    let first = records[titles];
    let fields = dialect.split(text_of(&first)?);
    check_count(first.line, fields.len(), &options.limits)?;
    let has_names = options.header.unwrap_or_else(|| !all_figures(&fields));
    if has_names {
        let (skip, first_line) = (first.next, first.next_line);
        return Ok(Header { names: names(fields)?, line: Some(first.line), skip, first_line });
    }
    let (skip, first_line) = match titles.checked_sub(1).map(|last| records[last]) {
        Some(title) => (title.next, title.next_line),
        None => (0, 1),
    };
    Ok(Header { names: names(vec![String::new(); fields.len()])?, line: None, skip, first_line })
}

/// Lines above the table: one text alone, while the table has at least three columns.
fn count_titles(records: &[SampleRecord<'_>], dialect: &Dialect) -> usize {
    let filled: Vec<usize> = records
        .iter()
        .map(|record| {
            let fields = dialect.split(&String::from_utf8_lossy(record.content));
            fields.iter().filter(|field| !field.trim().is_empty()).count()
        })
        .collect();
    let wide = filled.iter().filter(|&&n| n >= 3).count();
    let titles = filled.iter().take(MAX_TITLES).take_while(|&&n| n <= 1).count();
    if wide * 2 > filled.len() && titles < filled.len() { titles } else { 0 }
}

fn text_of<'a>(record: &SampleRecord<'a>) -> Result<&'a str, FileProblem> {
    let bad = |detail: String| FileProblem::BadHeader { line: record.line, detail };
    let text = std::str::from_utf8(record.content).map_err(|error| bad(error.to_string()))?;
    match text.find('\0') {
        Some(at) => Err(bad(format!("a NUL byte at position {at}"))),
        None => Ok(text),
    }
}

pub(super) fn check_count(line: u64, found: usize, limits: &Limits) -> Result<(), FileProblem> {
    let limit = limits.max_columns;
    if found > limit { Err(FileProblem::TooManyColumns { line, found, limit }) } else { Ok(()) }
}

/// Whether a first line holds figures and dates only, so that it is data and not names.
pub(super) fn all_figures(fields: &[String]) -> bool {
    let is_figure = |field: &str| {
        field.bytes().any(|byte| byte.is_ascii_digit())
            && field.bytes().all(|byte| byte.is_ascii_digit() || b".,+-/:TZ %".contains(&byte))
    };
    let mut filled = fields.iter().map(|field| field.trim()).filter(|field| !field.is_empty()).peekable();
    filled.peek().is_some() && filled.all(is_figure)
}

/// Trims names, makes up missing ones (`column_3`), and refuses the same name twice.
pub(super) fn names(fields: Vec<String>) -> Result<Vec<String>, FileProblem> {
    let mut names: Vec<String> = fields.iter().map(|field| field.trim().to_owned()).collect();
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(first) = seen.insert(name.clone(), at + 1) {
            return Err(FileProblem::DuplicateHeader { name: name.clone(), first, second: at + 1 });
        }
    }
    for (at, name) in names.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
        let mut made_up = format!("column_{}", at + 1);
        while seen.contains_key(&made_up) {
            made_up.push('_');
        }
        seen.insert(made_up.clone(), at + 1);
        *name = made_up;
    }
    Ok(names)
}
