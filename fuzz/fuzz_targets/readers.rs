//! Arbitrary bytes as a file: reading ends with rows or with an error, never with a panic, and
//! what comes out has the shape that it claims.

#![no_main]

use std::cell::RefCell;
use std::fs;
use std::panic;
use std::path::PathBuf;

use clientele_fuzz::read::{Limits, OpenOptions, ReadError, TextChunk, open};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static FOLDER: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
}

fuzz_target!(
    init: {
        // Decoders of other people may panic on damaged data; the readers catch that. Panics in
        // our own files are what is looked for.
        panic::set_hook(Box::new(|panic| {
            if panic.location().is_some_and(|place| place.file().contains("crates/read")) {
                eprintln!("{panic}");
                std::process::abort();
            }
        }));
    },
    |data: &[u8]| {
        let path = file();
        fs::write(&path, data).expect("the temporary folder takes a file");
        let limits = Limits { max_field_bytes: 1000, max_record_bytes: 10_000, max_columns: 50, max_uncompressed_bytes: 10 << 20, ..Limits::default() };
        let options = OpenOptions { limits, ..OpenOptions::default() };
        let Ok(file) = open(&path, &options) else { return };
        let columns = file.info().header.len();
        let mut next_row = 1;
        let result = file.for_each_chunk::<_, ReadError>(2, |chunk| chunk, |chunk, _| {
            next_row = check(&chunk, columns, next_row);
            Ok(())
        });
        if let Ok(totals) = result {
            assert_eq!(totals.rows + totals.bad_rows, next_row - 1);
        }
    }
);

/// Checks a chunk that should start at `next_row`; gives the row after it.
fn check(chunk: &TextChunk, columns: usize, next_row: u64) -> u64 {
    assert_eq!(chunk.first_row, next_row);
    assert_eq!(chunk.columns.len(), columns);
    assert!(chunk.columns.iter().all(|column| column.len() == chunk.rows()));
    let mut rows: Vec<u64> = (0..chunk.rows()).map(|i| chunk.row_number(i)).collect();
    rows.extend(chunk.bad.iter().map(|bad| bad.row));
    rows.sort_unstable();
    assert!(rows.iter().enumerate().all(|(i, &row)| row == next_row + i as u64));
    next_row + rows.len() as u64
}

fn file() -> PathBuf {
    FOLDER.with_borrow_mut(|folder| {
        let folder =
            folder.get_or_insert_with(|| tempfile::tempdir().expect("a temporary folder can be made"));
        folder.path().join("table")
    })
}
