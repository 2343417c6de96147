//! Files are written to a folder of their own and read back through the public door.

mod bad_input;
mod delimited;
mod encodings;
mod json;
mod parquet;
mod properties;
mod streaming;
mod xlsx;

use std::path::{Path, PathBuf};

use super::{BadRow, FileInfo, FileTotals, OpenOptions, ReadError, TableFile, open};

/// Where the data sets of the product are, if they are on this machine.
#[expect(clippy::disallowed_methods, reason = "cargo tells tests where they are by the environment")]
fn data(path: &str) -> Option<PathBuf> {
    // Asked for as the tests run: a build cache may be shared by several clones.
    let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR").expect("set while tests run");
    let shared = Path::new(&crate_folder).join("../../../shared/data").join(path);
    shared.exists().then_some(shared)
}

/// Everything that came out of a file.
#[derive(Debug)]
struct Table {
    info: FileInfo,
    /// Row number, line number and values.
    rows: Vec<(u64, u64, Vec<String>)>,
    bad: Vec<BadRow>,
    totals: FileTotals,
}

impl Table {
    fn header(&self) -> Vec<&str> {
        self.info.header.iter().map(String::as_str).collect()
    }

    fn values(&self) -> Vec<Vec<&str>> {
        self.rows.iter().map(|(_, _, row)| row.iter().map(String::as_str).collect()).collect()
    }

    fn reasons(&self) -> Vec<(u64, u64, &'static str)> {
        self.bad.iter().map(|bad| (bad.row, bad.line, bad.reason.code())).collect()
    }
}

fn write(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn collect(file: &TableFile, threads: usize) -> Result<Table, ReadError> {
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    let totals = file.for_each_chunk::<_, ReadError>(
        threads,
        |chunk| {
            assert!(chunk.columns.iter().all(|column| column.len() == chunk.rows()));
            chunk
        },
        |chunk, progress| {
            assert!(progress.bytes <= progress.bytes_total);
            for i in 0..chunk.rows() {
                let values = chunk.columns.iter().map(|column| column.get(i).to_owned()).collect();
                rows.push((chunk.row_number(i), chunk.line_number(i), values));
            }
            bad.extend(chunk.bad);
            Ok(())
        },
    )?;
    Ok(Table { info: file.info().clone(), rows, bad, totals })
}

fn read_path(path: &Path, options: &OpenOptions) -> Result<Table, ReadError> {
    collect(&open(path, options)?, 2)
}

fn try_read(name: &str, bytes: &[u8]) -> Result<Table, ReadError> {
    let (_folder, path) = write(name, bytes);
    read_path(&path, &OpenOptions::default())
}

fn read(name: &str, bytes: &[u8]) -> Table {
    try_read(name, bytes).unwrap()
}

/// The code of the error that reading gives; checks that both languages say something.
fn code_of(name: &str, bytes: &[u8]) -> &'static str {
    code(&try_read(name, bytes).unwrap_err())
}

fn code(error: &ReadError) -> &'static str {
    use clientele_model::Language::{En, Zh};
    let problem = error.problem();
    for language in [En, Zh] {
        assert!(!problem.message(language).is_empty() && !problem.cure(language).is_empty());
    }
    assert_ne!(problem.cure(En), problem.cure(Zh));
    problem.kind.code
}
