//! Finds how a delimited text is written: line end, delimiter and quote.

use super::error::FileProblem;
use super::records::{Dialect, closing_quote};
use super::sample::Sample;

/// In order of preference when two fit equally well.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Records looked at.
const RECORDS: usize = 500;

/// How well a dialect fits a sample.
#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    /// Share of the records that have the most frequent number of fields, 0 to 1.
    share: f64,
    /// That number of fields.
    columns: usize,
}

/// Finds the dialect; a delimiter that the user gave is taken as it is.
pub(super) fn detect(sample: &Sample, delimiter: Option<u8>) -> Result<Dialect, FileProblem> {
    let line_end = if sample.text.contains(&b'\n') || !sample.text.contains(&b'\r') { b'\n' } else { b'\r' };
    if let Some(delimiter) = delimiter {
        let plain =
            !delimiter.is_ascii_alphanumeric() && !matches!(delimiter, b'"' | b'\'' | b'\n' | b'\r' | 0);
        if !plain || !delimiter.is_ascii() {
            return Err(FileProblem::BadDelimiter { byte: delimiter });
        }
        if delimiter == Dialect::BLANKS {
            return Ok(blanks(line_end));
        }
        return Ok(with_quote(sample, delimiter, line_end).0);
    }
    let mut best: Option<(Dialect, Fit)> = None;
    for delimiter in DELIMITERS {
        let (dialect, fit) = with_quote(sample, delimiter, line_end);
        let better = best.is_none_or(|(_, other)| {
            let gain = fit.share - other.share;
            gain > 0.05 || (gain > -0.05 && fit.columns > other.columns)
        });
        if fit.columns >= 2 && better {
            best = Some((dialect, fit));
        }
    }
    let spaced = blanks(line_end);
    let loose = fit(sample, &spaced);
    Ok(match best {
        Some((dialect, fit)) if fit.share >= 0.5 || loose.share < 1.0 => dialect,
        _ if loose.columns >= 2 && loose.share == 1.0 => spaced,
        _ => Dialect { delimiter: b',', quote: Some(b'"'), line_end },
    })
}

fn blanks(line_end: u8) -> Dialect {
    Dialect { delimiter: Dialect::BLANKS, quote: None, line_end }
}

/// The best quote for a delimiter.
fn with_quote(sample: &Sample, delimiter: u8, line_end: u8) -> (Dialect, Fit) {
    let double = Dialect { delimiter, quote: Some(b'"'), line_end };
    let plain = Dialect { quote: None, ..double };
    let quoted = fit(sample, &double);
    let single = Dialect { quote: Some(b'\''), ..double };
    // Single quotes wrap fields only where all do: a leading `'` alone is how spreadsheets mark
    // figures that are text.
    if !sample.text.contains(&b'"') && matches!(quote_use(&sample.text, &single), (2.., 0)) {
        return (single, fit(sample, &single));
    }
    // Tab-separated exports often write quotes as they are. With other delimiters a quote that
    // spoils the table is a fault to be shown, not a habit.
    if delimiter == b'\t' && quote_use(&sample.text, &double).1 > 0 {
        let unquoted = fit(sample, &plain);
        if unquoted.share >= quoted.share {
            return (plain, unquoted);
        }
    }
    (double, quoted)
}

/// How many fields that start with a quote also end with it, on the same line, and how many don't.
fn quote_use(text: &[u8], dialect: &Dialect) -> (usize, usize) {
    let Some(quote) = dialect.quote else { return (0, 0) };
    let is_border = |byte: Option<&u8>| {
        byte.is_none_or(|&byte| byte == dialect.delimiter || matches!(byte, b'\n' | b'\r'))
    };
    let (mut tidy, mut untidy, mut at) = (0, 0, 0);
    while let Some(step) = memchr::memchr(quote, text.get(at..).unwrap_or_default()) {
        at += step + 1;
        if at > 1 && !is_border(text.get(at - 2)) {
            continue;
        }
        match closing_quote(text, at, quote) {
            Some(close) if is_border(text.get(close + 1)) && !text[at..close].contains(&dialect.line_end) => {
                tidy += 1;
                at = close + 1;
            }
            _ => untidy += 1,
        }
    }
    (tidy, untidy)
}

fn fit(sample: &Sample, dialect: &Dialect) -> Fit {
    let (records, _) = sample.records(dialect, RECORDS);
    let mut scratch = String::new();
    let mut counts: Vec<usize> = Vec::with_capacity(records.len());
    for record in &records {
        let mut fields = 0;
        // Only the number of fields matters here, so broken characters do not.
        let text = String::from_utf8_lossy(record.content);
        dialect.fields(&text, &mut scratch, |_| fields += 1);
        counts.push(fields);
    }
    let first = counts.first().copied().unwrap_or(0);
    counts.sort_unstable();
    let (columns, votes) = counts
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0], run.len()))
        .max_by_key(|&(_, votes)| votes)
        .unwrap_or((0, 0));
    let share = votes as f64 / counts.len().max(1) as f64;
    // The header names the columns, so it should have as many as the rows.
    let share = if first == columns { share } else { share * 0.6 };
    Fit { share, columns }
}
