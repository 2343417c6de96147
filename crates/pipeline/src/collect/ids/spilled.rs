//! A table of ids in a temporary file.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use super::Key;
use super::table::{Slot, Table};
use crate::collect::error::ImportError;

const SLOT: usize = size_of::<Slot>();

/// Slots read at a time when a key is looked for: hardly any stands further from its place.
const WINDOW: usize = 16;

/// What a full [`Table`] held. The file goes away with it.
#[derive(Debug)]
pub(super) struct Spilled {
    file: File,
    bits: u32,
}

impl Spilled {
    /// Writes a table as it stands.
    pub(super) fn write(table: &Table) -> Result<Self, ImportError> {
        let mut out = BufWriter::with_capacity(1 << 18, tempfile::tempfile().map_err(failed)?);
        for slot in table.slots() {
            out.write_all(&bytes(slot)).map_err(failed)?;
        }
        let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
        Ok(Spilled { file, bits: table.bits() })
    }

    /// The number of a key.
    pub(super) fn find(&self, key: Key) -> Result<Option<u32>, ImportError> {
        let mut window = [0; WINDOW * SLOT];
        let mut at = (key.place(self.bits) * SLOT) as u64;
        loop {
            let read = read_at(&self.file, &mut window, at).map_err(failed)?;
            let (slots, _) = window[..read].as_chunks::<SLOT>();
            for slot in slots {
                match words(slot) {
                    ([0, 0, _], _) => return Ok(None),
                    (found, value) if found == key.words() => return Ok(Some(value)),
                    _ => {}
                }
            }
            if read < window.len() {
                return Ok(None);
            }
            at += read as u64;
        }
    }

    /// Visits all keys.
    pub(super) fn each(
        &self,
        visit: &mut dyn FnMut(Key) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut slot = [0; SLOT];
        loop {
            match reader.read_exact(&mut slot) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return Err(failed(error)),
            }
            if let Some(key) = Key::of_words(words(&slot).0) {
                visit(key)?;
            }
        }
    }
}

fn bytes(slot: &Slot) -> [u8; SLOT] {
    let mut out = [0; SLOT];
    for (place, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(slot) {
        *place = word.to_le_bytes();
    }
    out
}

fn words(slot: &[u8; SLOT]) -> ([u32; 3], u32) {
    let (words, _) = slot.as_chunks::<4>();
    let word = |at: usize| u32::from_le_bytes(words[at]);
    ([word(0), word(1), word(2)], word(3))
}

/// Fills a buffer from a place in a file; less only at its end.
#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> std::io::Result<usize> {
    use std::os::unix::fs::FileExt as _;
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], at + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Fills a buffer from a place in a file; less only at its end.
#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> std::io::Result<usize> {
    use std::os::windows::fs::FileExt as _;
    let mut filled = 0;
    while filled < buffer.len() {
        match file.seek_read(&mut buffer[filled..], at + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn failed(cause: std::io::Error) -> ImportError {
    ImportError::File { file: tempfile::env::temp_dir(), cause }
}
