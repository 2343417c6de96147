//! Looking into files of the workspace, packed ones too.

use std::io::{Cursor, Read};
use std::path::Path;

use clientele_engine::lake::search::{Found, Texts, search_bytes};

use super::people::People;

/// The files in a packed one, by name; the file itself when it is none, or none that can be read.
fn unpacked(name: &str, bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let inside = if bytes.starts_with(b"PK\x03\x04") {
        zipped(name, &bytes)
    } else if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut out = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut out).ok();
        vec![(name.to_owned(), out)]
    } else if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        zstd::decode_all(bytes.as_slice()).map(|out| vec![(name.to_owned(), out)]).unwrap_or_default()
    } else {
        Vec::new()
    };
    if inside.is_empty() { vec![(name.to_owned(), bytes)] } else { inside }
}

fn zipped(name: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Vec::new() };
    let mut files = Vec::new();
    for place in 0..archive.len() {
        let Ok(mut file) = archive.by_index(place) else { continue };
        let mut out = Vec::new();
        // What cannot be unpacked to its end is searched as far as it goes.
        file.read_to_end(&mut out).ok();
        files.push((format!("{name}/{place}"), out));
    }
    files
}

/// Looks for texts in a file, unpacked.
pub fn look(name: &str, bytes: Vec<u8>, texts: &Texts) -> Vec<Found> {
    unpacked(name, bytes).into_iter().flat_map(|(name, bytes)| search_bytes(&name, bytes, texts)).collect()
}

/// Whether a file that we wrote holds some of the people: their marks anywhere, or their ids as cells.
pub fn holds(file: &Path, bytes: Vec<u8>, people: &People) -> bool {
    let name = file.display().to_string();
    let ids: Vec<String> = people.ids.values().flatten().cloned().collect();
    let texts = Texts {
        anywhere: people.marks.iter().map(|(_, text)| text.to_owned()).collect(),
        values: vec![("customer_id".to_owned(), ids)],
    };
    unpacked(&name, bytes).into_iter().any(|(name, bytes)| {
        // A cell stands between delimiters, in a table of text as in a sheet of a workbook.
        let has_cell = String::from_utf8_lossy(&bytes)
            .split([',', '"', '\r', '\n', '<', '>', '\t', ';'])
            .any(|cell| people.has_id(cell.trim()));
        has_cell || !search_bytes(&name, bytes, &texts).is_empty()
    })
}
