//! The bytes of a file, unpacked, with an eye on how far and how large.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::error::FileProblem;
use super::info::Compression;
use super::options::Limits;

const READ_BUFFER: usize = 256 << 10;

/// How many bytes of the file have been read so far; shared between threads.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter(Arc<AtomicU64>);

impl Meter {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn reach(&self, position: u64) {
        self.0.fetch_max(position, Ordering::Relaxed);
    }
}

/// A file that tells how far it has been read.
#[derive(Debug)]
pub(super) struct MeteredFile {
    file: File,
    position: u64,
    meter: Meter,
}

impl MeteredFile {
    pub(super) fn open(path: &Path, meter: Meter) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, position: 0, meter })
    }
}

impl Read for MeteredFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.position += n as u64;
        self.meter.reach(self.position);
        Ok(n)
    }
}

impl Seek for MeteredFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.file.seek(to)?;
        Ok(self.position)
    }
}

/// The unpacked bytes of a file.
pub(super) struct Source {
    read: Box<dyn Read + Send>,
    compression: Compression,
    meter: Meter,
    unpacked: u64,
    max_ratio: u64,
}

impl Source {
    /// Opens a file that is packed as said.
    pub(super) fn open(path: &Path, compression: Compression, limits: &Limits) -> Result<Self, FileProblem> {
        let meter = Meter::default();
        let file = MeteredFile::open(path, meter.clone())?;
        let read: Box<dyn Read + Send> = match compression {
            Compression::None => Box::new(file),
            Compression::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(READ_BUFFER, file))),
            Compression::Zstd => {
                let file = BufReader::with_capacity(READ_BUFFER, file);
                Box::new(zstd::stream::read::Decoder::with_buffer(file)?)
            }
        };
        Ok(Self { read, compression, meter, unpacked: 0, max_ratio: limits.max_expansion_ratio })
    }

    /// How far the file itself has been read.
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Appends up to `n` bytes; fewer only at the end of the file.
    pub(super) fn append(&mut self, buffer: &mut Vec<u8>, n: usize) -> Result<usize, FileProblem> {
        let read =
            (&mut self.read).take(n as u64).read_to_end(buffer).map_err(|error| self.problem(error))?;
        self.unpacked += read as u64;
        if self.compression != Compression::None
            && self.unpacked > Limits::EXPANSION_FLOOR
            && self.unpacked / self.max_ratio.max(1) > self.meter.get()
        {
            let limit = self.meter.get().saturating_mul(self.max_ratio);
            return Err(FileProblem::TooLargeUnpacked { limit });
        }
        Ok(read)
    }

    fn problem(&self, error: io::Error) -> FileProblem {
        match self.compression {
            Compression::None => FileProblem::from(error),
            packed => FileProblem::Damaged {
                format: packed.name(),
                position: self.meter.get(),
                detail: error.to_string(),
            },
        }
    }
}

/// Unpacks a whole file beside the system's other temporary files, for formats that are read
/// from both ends.
pub(super) fn unpack(
    path: &Path,
    compression: Compression,
    limits: &Limits,
) -> Result<tempfile::TempPath, FileProblem> {
    const STEP: usize = 1 << 20;
    let mut source = Source::open(path, compression, limits)?;
    let mut target = tempfile::NamedTempFile::new()?;
    let mut buffer = Vec::with_capacity(STEP);
    let mut total = 0;
    loop {
        buffer.clear();
        let read = source.append(&mut buffer, STEP)?;
        total += read as u64;
        if total > limits.max_uncompressed_bytes {
            return Err(FileProblem::TooLargeUnpacked { limit: limits.max_uncompressed_bytes });
        }
        io::Write::write_all(&mut target, &buffer)?;
        if read == 0 {
            return Ok(target.into_temp_path());
        }
    }
}
