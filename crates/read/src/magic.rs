//! What a file is, by its first bytes, and what its name says.

use std::path::Path;

use clientele_model::problem::Words;

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
    Foreign(Words),
    /// None of these: text, if anything.
    Text,
}

const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh }
}

/// Formats that people do hand in, and that are not tables we read.
const FOREIGN: &[(&[u8], Words)] = &[
    (
        &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
        words("an old Excel workbook (.xls) or an encrypted one", "旧版 Excel 工作簿（.xls）或加密的工作簿"),
    ),
    (b"%PDF", words("a PDF", "PDF 文件")),
    (b"BZh", words("bzip2 data", "bzip2 压缩数据")),
    (&[0xFD, b'7', b'z', b'X', b'Z', 0], words("xz data", "xz 压缩数据")),
    (&[b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C], words("a 7z archive", "7z 压缩包")),
    (b"Rar!", words("a RAR archive", "RAR 压缩包")),
    (b"ORC\x01", words("an ORC file", "ORC 文件")),
    (b"Obj\x01", words("an Avro file", "Avro 文件")),
    (b"ARROW1", words("an Arrow file", "Arrow 文件")),
    (b"SQLite format 3\0", words("an SQLite database", "SQLite 数据库")),
    (b"\x89PNG", words("a PNG picture", "PNG 图片")),
    (&[0xFF, 0xD8, 0xFF], words("a JPEG picture", "JPEG 图片")),
    (b"GIF8", words("a GIF picture", "GIF 图片")),
    (b"{\\rtf", words("an RTF document", "RTF 文档")),
    (b"\x7FELF", words("a program", "可执行程序")),
];

/// Web pages are handed in under the name of a workbook by several shop systems.
const MARKUP: &[(&[u8], Words)] = &[
    (b"<!doctype", words("a web page (HTML)", "网页（HTML）")),
    (b"<html", words("a web page (HTML)", "网页（HTML）")),
    (b"<head", words("a web page (HTML)", "网页（HTML）")),
    (b"<meta", words("a web page (HTML)", "网页（HTML）")),
    (b"<table", words("a web page (HTML)", "网页（HTML）")),
    (b"<?xml", words("an XML document", "XML 文档")),
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
        return Magic::Foreign(*name);
    }
    let text = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head).trim_ascii_start();
    let is = |tag: &[u8]| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    match MARKUP.iter().find(|(tag, _)| is(tag)) {
        Some((_, name)) => Magic::Foreign(*name),
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
