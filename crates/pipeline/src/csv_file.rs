//! Writing CSV that people open in spreadsheets.
//!
//! A spreadsheet runs a cell that begins like a formula. Such a text gets a `'` before it, as a person would write
//! it; an import takes it off again.

use std::borrow::Cow;
use std::io::{Result, Write};

use csv::{Terminator, Writer, WriterBuilder};

/// The mark that tells spreadsheets that a file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A CSV file being written: commas, quotes where they are needed, lines that end as RFC 4180 wants it.
pub struct CsvFile<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> CsvFile<W> {
    /// Begins a file, with a byte order mark if it is wanted.
    pub fn new(mut to: W, byte_order_mark: bool) -> Result<Self> {
        if byte_order_mark {
            to.write_all(BYTE_ORDER_MARK.as_bytes())?;
        }
        let writer =
            WriterBuilder::new().terminator(Terminator::CRLF).buffer_capacity(1 << 18).from_writer(to);
        Ok(CsvFile { writer })
    }

    /// Writes a text, which cannot become a formula.
    pub fn text(&mut self, cell: &str) -> Result<()> {
        self.plain(&guarded(cell))
    }

    /// Writes a cell of a file whose columns have no types: a number stays one, also with a sign.
    pub fn untyped(&mut self, cell: &str) -> Result<()> {
        if is_number(cell) { self.plain(cell) } else { self.text(cell) }
    }

    /// Writes what is no text: numbers, times.
    pub fn plain(&mut self, cell: &str) -> Result<()> {
        Ok(self.writer.write_field(cell)?)
    }

    /// Ends a row.
    pub fn end_row(&mut self) -> Result<()> {
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    /// Writes the rest and gives back what was written to.
    pub fn finish(self) -> Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

fn guarded(cell: &str) -> Cow<'_, str> {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

/// Digits with a sign, points and commas, of which a spreadsheet makes a number and nothing else.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b".,".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(write: impl Fn(&mut CsvFile<Vec<u8>>) -> Result<()>) -> String {
        let mut file = CsvFile::new(Vec::new(), false).expect("a file");
        write(&mut file).expect("a cell");
        file.end_row().expect("a row");
        String::from_utf8(file.finish().expect("bytes")).expect("a text")
    }

    #[test]
    fn no_text_is_a_formula() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+44", "'+44"),
            ("-x", "'-x"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("plain = text", "plain = text"),
            ("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\""),
        ] {
            assert_eq!(row(|file| file.text(text)), format!("{cell}\r\n"), "{text}");
        }
    }

    #[test]
    fn numbers_of_untyped_files_stay_numbers() {
        for number in ["-12.50", "+3", "-1,234.5", "0"] {
            assert_eq!(
                row(|file| file.untyped(number)),
                match number.contains(',') {
                    true => format!("\"{number}\"\r\n"),
                    false => format!("{number}\r\n"),
                }
            );
        }
        for text in ["-1+cmd|' /C calc'!A0", "-", "+.5", "-(1)", "--1", "=1"] {
            assert_eq!(row(|file| file.untyped(text)), format!("'{text}\r\n"), "{text}");
        }
    }

    #[test]
    fn what_needs_quotes_has_them() {
        assert_eq!(
            row(|file| ["a,b", "say \"so\"", "two\nlines", ""].iter().try_for_each(|cell| file.text(cell))),
            "\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",\r\n"
        );
    }

    #[test]
    fn a_mark_comes_first() {
        let file = CsvFile::new(Vec::new(), true).expect("a file");
        assert_eq!(file.finish().expect("bytes"), "\u{feff}".as_bytes());
    }
}
