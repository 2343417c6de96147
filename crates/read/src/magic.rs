//! What a file is, by its first bytes, and what its name says.

use std::path::Path;

use super::error::FileProblem;
use super::info::{Compression, Format};

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Magic {
    Gzip,
    Zstd,
    /// A zip, which may be a workbook.
    Zip,
    Parquet,
    /// Known, and not read here; its name.
    Foreign(&'static str),
    /// None of these: text, if anything.
    Text,
}

/// Formats that people do hand in, and that are not tables we read.
const FOREIGN: &[(&[u8], &str)] = &[
    (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old Excel workbook (.xls) or an encrypted one"),
    (b"%PDF", "a PDF"),
    (b"BZh", "bzip2 data"),
    (&[0xFD, b'7', b'z', b'X', b'Z', 0], "xz data"),
    (&[b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"ORC\x01", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89PNG", "a PNG picture"),
    (&[0xFF, 0xD8, 0xFF], "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7FELF", "a program"),
];

/// Web pages are handed in under the name of a workbook by several shop systems.
const MARKUP: &[(&[u8], &str)] = &[
    (b"<!doctype", "a web page (HTML)"),
    (b"<html", "a web page (HTML)"),
    (b"<head", "a web page (HTML)"),
    (b"<meta", "a web page (HTML)"),
    (b"<table", "a web page (HTML)"),
    (b"<?xml", "an XML document"),
];

/// Looks at the first bytes.
pub(super) fn look(head: &[u8]) -> Magic {
    match head {
        [0x1F, 0x8B, ..] => return Magic::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => return Magic::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return Magic::Zip,
        [b'P', b'A', b'R', b'1', ..] | [b'P', b'A', b'R', b'E', ..] => return Magic::Parquet,
        _ => {}
    }
    if let Some((_, name)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Magic::Foreign(name);
    }
    let text = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head).trim_ascii_start();
    let is = |tag: &[u8]| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    match MARKUP.iter().find(|(tag, _)| is(tag)) {
        Some((_, name)) => Magic::Foreign(name),
        None => Magic::Text,
    }
}

/// What a file's name claims: the packing, and what is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    compression: Compression,
    format: Option<Format>,
}

impl Claim {
    /// Reads the endings of the name; unknown endings claim nothing.
    pub(super) fn of(path: &Path) -> Self {
        let name = path.file_name().map(|n| n.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let (stem, compression) = match name.rsplit_once('.') {
            Some((stem, "gz" | "gzip")) => (stem, Compression::Gzip),
            Some((stem, "zst" | "zstd")) => (stem, Compression::Zstd),
            _ => (name.as_str(), Compression::None),
        };
        let format = match stem.rsplit_once('.').map(|(_, ending)| ending) {
            Some("csv" | "tsv" | "tab") => Some(Format::Delimited),
            Some("jsonl" | "ndjson" | "json") => Some(Format::JsonLines),
            Some("xlsx" | "xlsm") => Some(Format::Xlsx),
            Some("parquet" | "pq") => Some(Format::Parquet),
            _ => None,
        };
        Self { compression, format }
    }

    /// Compares the claim with what was found. A packed file under a plain name is fine: the
    /// name says nothing about packing then.
    pub(super) fn check(self, compression: Compression, format: Format) -> Result<(), FileProblem> {
        if self.compression != Compression::None && self.compression != compression {
            let holds = match compression {
                Compression::None => format.name(),
                packed => packed.name(),
            };
            return Err(FileProblem::NotWhatNameSays { named: self.compression.name(), holds });
        }
        match self.format {
            Some(named) if named != format => {
                Err(FileProblem::NotWhatNameSays { named: named.name(), holds: format.name() })
            }
            _ => Ok(()),
        }
    }
}
