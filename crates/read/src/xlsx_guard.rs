//! Keeps a hostile workbook from filling the memory before it is opened.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use clientele_model::problem::Words;
use zip::ZipArchive;
use zip::result::ZipError;

use super::error::FileProblem;
use super::options::Limits;

/// Deflate cannot pack tighter than this.
const DEFLATE_MAX_RATIO: u64 = 1032;
const DAMAGED: &str = "XLSX";

/// Checks that the file is a workbook, and that what its parts claim and truly unpack to is
/// within the limits.
pub(super) fn check(path: &Path, limits: &Limits) -> Result<(), FileProblem> {
    let file_bytes = path.metadata()?.len();
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(|error| damaged(&error))?;
    let (mut claimed, mut packed, mut holds) = (0u64, 0u64, None);
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
        claimed = claimed.saturating_add(part.size());
        packed = packed.saturating_add(part.compressed_size());
        holds = holds.or_else(|| what_holds(&part.name().unwrap_or_default()));
        if part.encrypted() {
            return Err(FileProblem::Encrypted);
        }
    }
    match holds {
        Some(Archive::Workbook) => {}
        Some(Archive::Other(holds)) => return Err(FileProblem::Unsupported { holds }),
        None => return Err(FileProblem::Unsupported { holds: NO_WORKBOOK }),
    }
    if packed > file_bytes {
        // Parts that share their bytes are a known way to build a bomb.
        return Err(FileProblem::FalseSizes { part: "zip directory".to_owned() });
    }
    let limit = limits.max_uncompressed_bytes;
    let tight = claimed > Limits::EXPANSION_FLOOR && claimed / limits.max_expansion_ratio.max(1) > packed;
    if claimed > limit || tight {
        return Err(FileProblem::TooLargeUnpacked {
            limit: limit.min(packed.saturating_mul(limits.max_expansion_ratio)),
        });
    }
    if packed.saturating_mul(DEFLATE_MAX_RATIO) > limit {
        check_true_sizes(&mut archive)?;
    }
    check_shared_strings(&mut archive)
}

const NO_WORKBOOK: Words =
    Words { en: "a zip archive without a workbook", zh: "不含工作簿的 zip 压缩包" };

/// What an archive is.
enum Archive {
    Workbook,
    /// Known, and not read here.
    Other(Words),
}

/// What an archive is, if this part of it tells.
fn what_holds(part: &str) -> Option<Archive> {
    let other = |en, zh| Some(Archive::Other(Words { en, zh }));
    match part {
        // Writers differ in its folder and case.
        _ if part.to_ascii_lowercase().ends_with("workbook.xml") => Some(Archive::Workbook),
        "xl/workbook.bin" => other("a binary Excel workbook (.xlsb)", "二进制 Excel 工作簿（.xlsb）"),
        "content.xml" => other("an OpenDocument file such as .ods", "OpenDocument 文件（如 .ods）"),
        "word/document.xml" => other("a Word document", "Word 文档"),
        _ => None,
    }
}

/// Unpacks every part once, into nothing, to see that it is no larger than it claims.
fn check_true_sizes<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<(), FileProblem> {
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let claimed = part.size();
        let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
        let true_size = io::copy(&mut part.take(claimed + 1), &mut io::sink());
        if true_size.map_err(|error| detail(error.to_string()))? > claimed {
            return Err(FileProblem::FalseSizes { part: name });
        }
    }
    Ok(())
}

/// The table of shared texts says how many it has, and room is made for as many at once: the
/// number must be possible for its size.
fn check_shared_strings<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<(), FileProblem> {
    const PART: &str = "xl/sharedStrings.xml";
    /// `<si/>`, the shortest text.
    const SHORTEST: u64 = 5;
    let Ok(part) = archive.by_name(PART) else { return Ok(()) };
    let size = part.size();
    let mut head = Vec::new();
    part.take(4096).read_to_end(&mut head).map_err(|error| detail(error.to_string()))?;
    let head = String::from_utf8_lossy(&head);
    let count = head.split("uniqueCount=").nth(1).and_then(|rest| {
        let digits: String = rest.chars().skip(1).take_while(char::is_ascii_digit).collect();
        // More digits than fit are more texts than fit.
        (!digits.is_empty()).then(|| digits.parse::<u64>().unwrap_or(u64::MAX))
    });
    match count {
        Some(count) if count > size / SHORTEST => Err(FileProblem::FalseSizes { part: PART.to_owned() }),
        _ => Ok(()),
    }
}

fn damaged(error: &ZipError) -> FileProblem {
    detail(error.to_string())
}

fn detail(detail: String) -> FileProblem {
    FileProblem::Damaged { format: DAMAGED, position: 0, detail }
}
