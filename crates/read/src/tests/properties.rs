use proptest::collection::vec;
use proptest::prelude::*;

use super::super::records::Dialect;
use super::*;

/// How a table is written to a file.
#[derive(Debug, Clone)]
struct Style {
    delimiter: u8,
    line_end: &'static str,
    /// Quote every field, not only those that need it.
    quote_all: bool,
    last_line_end: bool,
}

fn style() -> impl Strategy<Value = Style> {
    (
        prop::sample::select(vec![b',', b'\t', b';', b'|']),
        prop::sample::select(vec!["\n", "\r\n"]),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(delimiter, line_end, quote_all, last_line_end)| Style {
            delimiter,
            line_end,
            quote_all,
            last_line_end,
        })
}

/// Texts that make trouble: delimiters, quotes, line ends, other scripts.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z0-9]{0,6}",
        2 => "[ab,;|\t\"\n\r' =é张😀]{0,8}",
        1 => "[^\0]{0,12}",
    ]
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1usize..6).prop_flat_map(|columns| vec(vec(field(), columns), 1..30))
}

fn written(rows: &[Vec<String>], style: &Style) -> Vec<u8> {
    let delimiter = char::from(style.delimiter);
    let mut text =
        (1..=rows[0].len()).map(|i| format!("h{i}")).collect::<Vec<_>>().join(&delimiter.to_string());
    for row in rows {
        text.push_str(style.line_end);
        let blank = row.iter().all(|field| field.trim().is_empty());
        let fields = row.iter().map(|field| {
            let special = |c: char| c == delimiter || matches!(c, '"' | '\n' | '\r');
            if style.quote_all || blank || field.contains(special) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.clone()
            }
        });
        text.push_str(&fields.collect::<Vec<_>>().join(&delimiter.to_string()));
    }
    if style.last_line_end {
        text.push_str(style.line_end);
    }
    text.into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(rows in table(), style in style(), block in 1usize..200) {
        let (_folder, path) = write("table", &written(&rows, &style));
        let options = OpenOptions {
            delimiter: Some(style.delimiter),
            encoding: Some("utf-8".to_owned()),
            header: Some(true),
            ..OpenOptions::default()
        };
        let file = open(&path, &options).unwrap().with_block_bytes(block);
        // A tab-separated file may be taken for one without quotes; the other delimiters never.
        prop_assume!(file.info().quote == Some(b'"'));
        let read = collect(&file, 2).unwrap();
        prop_assert_eq!(&read.bad, &[]);
        let values: Vec<Vec<String>> = read.rows.iter().map(|row| row.2.clone()).collect();
        prop_assert_eq!(values, rows);
        prop_assert!(read.rows.iter().enumerate().all(|(i, row)| row.0 == i as u64 + 1));
    }

    #[test]
    fn a_kept_crate_splits_records_the_same(text in "[ab,;\"\n é]{0,40}") {
        let dialect = Dialect { delimiter: b',', quote: Some(b'"'), line_end: b'\n' };
        let mut text = text;
        text.push('\n');
        let mut ours: Vec<Vec<String>> = Vec::new();
        let mut start = 0;
        while let super::super::records::RecordEnd::At(next) = dialect.record_end(text.as_bytes(), start) {
            let record = &text[start..next - 1];
            if !record.is_empty() {
                ours.push(dialect.split(record));
            }
            start = next;
        }
        // An open quote is an error here, while csv-core takes the rest of the text.
        prop_assume!(start == text.len());
        prop_assert_eq!(ours, by_csv_core(text.as_bytes()));
    }

    #[test]
    fn no_bytes_bring_it_down(bytes in vec(any::<u8>(), 0..600), block in 1usize..64) {
        survives(&bytes, block);
    }

    #[test]
    fn no_text_brings_it_down(text in "[a1,;|\t\"'\n\r\\{\\}:\u{0}\u{FEFF}张 ]{0,80}", block in 1usize..64) {
        survives(text.as_bytes(), block);
        survives(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), block);
    }

    #[test]
    fn blocks_do_not_matter(bytes in "[a,\"\n\r]{1,60}", block in 1usize..20) {
        let (_folder, path) = write("table", format!("x,y\n1,2\n{bytes}").as_bytes());
        let read = |block| {
            let file = open(&path, &OpenOptions::default()).map_err(|error| error.problem().kind.code)?;
            let table = collect(&file.with_block_bytes(block), 2).map_err(|error| error.to_string())?;
            Ok::<_, String>((table.rows, table.bad))
        };
        prop_assert_eq!(read(block), read(1 << 20));
    }
}

fn survives(bytes: &[u8], block: usize) {
    let (_folder, path) = write("table", bytes);
    if let Ok(file) = open(&path, &OpenOptions::default()) {
        let _ = collect(&file.with_block_bytes(block), 2);
    }
}

fn by_csv_core(mut input: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv_core::ReaderBuilder::new().terminator(csv_core::Terminator::Any(b'\n')).build();
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let (mut out, mut ends) = ([0; 1024], [0; 128]);
    loop {
        let (result, read, written, fields) = reader.read_record(input, &mut out, &mut ends);
        input = &input[read..];
        match result {
            csv_core::ReadRecordResult::Record => {
                let mut start = 0;
                for &end in &ends[..fields] {
                    row.push(String::from_utf8(out[start..end].to_vec()).unwrap());
                    start = end;
                }
                assert_eq!(written, start);
                rows.push(std::mem::take(&mut row));
            }
            csv_core::ReadRecordResult::End => return rows,
            _ => {}
        }
    }
}
