//! What was found out about a file.

use std::fmt;
use std::path::PathBuf;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Text with a delimiter between fields: CSV, TSV and the like.
    Delimited,
    /// One JSON object a line.
    JsonLines,
    /// An Excel workbook.
    Xlsx,
    /// A Parquet file.
    Parquet,
}

impl Format {
    /// The format's name as users know it; the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delimited => "CSV",
            Self::JsonLines => "JSON Lines",
            Self::Xlsx => "XLSX",
            Self::Parquet => "Parquet",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not packed.
    None,
    /// gzip, one or more members.
    Gzip,
    /// Zstandard, one or more frames.
    Zstd,
}

impl Compression {
    /// The name as users know it; empty for [`Compression::None`].
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// What was found out about a file when it was opened.
#[derive(Debug, Clone)]
pub struct FileInfo {
    /// The file as the user named it.
    pub path: PathBuf,
    /// What it holds.
    pub format: Format,
    /// How it is packed.
    pub compression: Compression,
    /// The encoding's name, for text formats.
    pub encoding: Option<&'static str>,
    /// The byte between fields, for delimited text; `b' '` means runs of spaces and tabs.
    pub delimiter: Option<u8>,
    /// The quote character, for delimited text in which quotes have a meaning.
    pub quote: Option<u8>,
    /// Column names in file order; never empty, never twice the same.
    pub header: Vec<String>,
    /// The sheet that is read, for workbooks.
    pub sheet: Option<String>,
    /// The size of the file on disk, in bytes.
    pub bytes: u64,
    /// The number of rows, where the format says it.
    pub rows_hint: Option<u64>,
    /// The line (or sheet row) of the column names, from 1; `None` where the names were made up
    /// (a file without header) or are part of the format (Parquet, JSON lines).
    pub header_line: Option<u64>,
}
