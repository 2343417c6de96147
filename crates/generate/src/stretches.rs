//! Orders-to-be on disk, one file per stretch of time.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::GenerateError;
use super::calendar::{DAYS, SECONDS_A_DAY};
use super::error::at;

/// Orders that a stretch is meant to hold: 12 bytes each on disk, and the most in memory.
const WISHED: u64 = 2_000_000;
/// The most files that are open at once.
const MOST: u64 = 512;

/// An order-to-be. The derived order is that of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Seconds from the first day's midnight.
    pub at: u32,
    pub customer: u32,
    /// The customer's how many-th order, from 0, in no order of time.
    pub nth: u32,
}

const EVENT_BYTES: usize = 12;

/// All orders-to-be, divided by time.
pub struct Stretches {
    files: Vec<(PathBuf, BufWriter<File>)>,
    seconds: u32,
}

impl Stretches {
    pub fn create(folder: &Path, orders: u64) -> Result<Self, GenerateError> {
        let count = orders.div_ceil(WISHED).clamp(1, MOST);
        let seconds = (DAYS as u32 * SECONDS_A_DAY).div_ceil(count as u32);
        let files = (0..count)
            .map(|i| {
                let path = folder.join(format!("stretch-{i}"));
                let file = File::create_new(&path).map_err(at(&path))?;
                Ok((path, BufWriter::with_capacity(1 << 15, file)))
            })
            .collect::<Result<_, GenerateError>>()?;
        Ok(Stretches { files, seconds })
    }

    pub fn add(&mut self, event: Event) -> Result<(), GenerateError> {
        let stretch = (event.at / self.seconds) as usize;
        let Some((path, file)) = self.files.get_mut(stretch) else {
            return Err(GenerateError::Stopped);
        };
        let mut bytes = [0; EVENT_BYTES];
        bytes[..4].copy_from_slice(&event.at.to_le_bytes());
        bytes[4..8].copy_from_slice(&event.customer.to_le_bytes());
        bytes[8..].copy_from_slice(&event.nth.to_le_bytes());
        file.write_all(&bytes).map_err(at(path))
    }

    /// Puts everything on disk; to be called before reading.
    pub fn flush(&mut self) -> Result<(), GenerateError> {
        self.files.iter_mut().try_for_each(|(path, file)| file.flush().map_err(at(path)))
    }

    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// A stretch's events in order of time. Its file is removed.
    pub fn read(&self, stretch: usize) -> Result<Vec<Event>, GenerateError> {
        let Some((path, _)) = self.files.get(stretch) else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(at(path))?;
        std::fs::remove_file(path).map_err(at(path))?;
        let word = |bytes: &[u8], i: usize| {
            bytes[i..i + 4].iter().rev().fold(0u32, |word, &byte| word << 8 | u32::from(byte))
        };
        let mut events: Vec<Event> = bytes
            .chunks_exact(EVENT_BYTES)
            .map(|b| Event { at: word(b, 0), customer: word(b, 4), nth: word(b, 8) })
            .collect();
        events.sort_unstable();
        Ok(events)
    }
}
