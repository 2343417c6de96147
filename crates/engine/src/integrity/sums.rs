//! Checksums of a data file, kept in the file itself, so that whoever reads a part of it can tell whether
//! the part is as it was written.
//!
//! ```text
//! body: row groups        one checksum for each block of BLOCK bytes
//! tail: indexes, footer   one checksum; the footer holds all of them, and counts as if its own were zero
//! ```

use std::io::{self, Write};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// The key of the checksums in the footer.
pub(crate) const KEY: &str = "lake.checksums";
/// The word in the names of files that have checksums; one of them without is damaged.
pub(crate) const SEALED: &str = ".sealed.parquet";
/// Bytes of the body that have a checksum together.
const BLOCK: u64 = 64 << 10;
/// The tail's own checksum while it is computed.
const OPEN: &str = "0000000000000000";
const DIGITS: usize = OPEN.len();

/// The checksums of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Where the tail begins, in bytes.
    pub tail_from: u64,
    pub size: u64,
    block: u64,
    blocks: Vec<u64>,
    tail: u64,
}

/// What the footer's entry says, without the tail's checksum.
fn text(tail_from: u64, tail: &str, blocks: &[u64]) -> String {
    let mut text = format!("1 {tail} {tail_from} {BLOCK} ");
    blocks.iter().for_each(|sum| text += &format!("{sum:016x}"));
    text
}

impl Sums {
    /// Reads the checksums from the last bytes of a file. None when they do not reach back far enough, which
    /// [`Needed`] tells.
    pub fn read(end: &[u8], size: u64) -> Result<Self, Needed> {
        let Some((text_at, text)) = entry(end)? else { return Err(Needed::Nothing) };
        let parsed = || {
            let mut words = text.split(' ');
            (words.next()? == "1").then_some(())?;
            let tail = u64::from_str_radix(words.next()?, 16).ok()?;
            let tail_from: u64 = words.next()?.parse().ok()?;
            let block: u64 = words.next()?.parse().ok().filter(|block| *block > 0)?;
            let digits = words.next()?;
            let sums = digits
                .as_bytes()
                .chunks(DIGITS)
                .map(|sum| u64::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok());
            let blocks: Vec<u64> = sums.collect::<Option<_>>()?;
            let fits = tail_from <= size && blocks.len() as u64 == tail_from.div_ceil(block);
            fits.then_some(Sums { tail_from, size, block, blocks, tail })
        };
        let sums = parsed().ok_or(Needed::Damaged)?;
        let tail_bytes = usize::try_from(size - sums.tail_from).unwrap_or(usize::MAX);
        let Some(skipped) = end.len().checked_sub(tail_bytes) else { return Err(Needed::Tail(tail_bytes)) };
        let own = text_at + "1 ".len();
        if own < skipped || tail_sum(&end[skipped..], own - skipped) != sums.tail {
            return Err(Needed::Damaged);
        }
        Ok(sums)
    }

    /// The bytes that have to be read to check those from `from` to `until`.
    pub fn around(&self, from: u64, until: u64) -> (u64, u64) {
        let start = if from < self.tail_from { from - from % self.block } else { self.tail_from };
        let end = if until <= self.tail_from {
            until.next_multiple_of(self.block).min(self.tail_from)
        } else {
            self.size
        };
        (start, end)
    }

    /// Checks bytes that were read from where [`Self::around`] said. Fails with the place of the first
    /// block that is not as it was written, in bytes of the file.
    pub fn check(&self, from: u64, bytes: &[u8]) -> Result<(), (u64, u64)> {
        let body =
            usize::try_from(self.tail_from.saturating_sub(from)).unwrap_or(usize::MAX).min(bytes.len());
        let (body, tail) = bytes.split_at(body);
        let block = usize::try_from(self.block).unwrap_or(usize::MAX);
        for (at, part) in body.chunks(block).enumerate() {
            let start = from + at as u64 * self.block;
            let place = usize::try_from(start / self.block).unwrap_or(usize::MAX);
            if self.blocks.get(place) != Some(&xxh3_64(part)) {
                return Err((start, start + part.len() as u64));
            }
        }
        if tail.is_empty() {
            return Ok(());
        }
        // The checksum's own place is found anew: it was there when the checksums were read.
        let sound = matches!(Sums::read(tail, self.size), Ok(read) if read == *self);
        if sound { Ok(()) } else { Err((self.tail_from, self.size)) }
    }
}

/// Why there are no checksums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needed {
    /// So many of the last bytes have to be read.
    Tail(usize),
    /// The file has none.
    Nothing,
    /// It is no whole file, or its end is not as it was written.
    Damaged,
}

/// The entry in the footer: where its text begins, and the text.
fn entry(end: &[u8]) -> Result<Option<(usize, &str)>, Needed> {
    let Some(closing) = end.len().checked_sub(8) else { return Err(Needed::Tail(8)) };
    let (before, closing) = end.split_at(closing);
    let Ok([a, b, c, d, b'P', b'A', b'R', b'1']) = <[u8; 8]>::try_from(closing) else {
        return Err(Needed::Damaged);
    };
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    let Some(from) = before.len().checked_sub(length) else { return Err(Needed::Tail(length + 8)) };
    let footer = &before[from..];
    // In Thrift's compact form, a key and its value are two texts, each after its type and its length.
    let key = KEY.as_bytes();
    let Some(at) = memchr::memmem::rfind(footer, key) else { return Ok(None) };
    let rest = &footer[at + key.len()..];
    let value = || {
        let (kind, rest) = rest.split_first()?;
        (*kind == 0x18).then_some(())?;
        let (length, used) = varint(rest)?;
        let text = rest.get(used..used.checked_add(length)?)?;
        Some((from + at + key.len() + 1 + used, std::str::from_utf8(text).ok()?))
    };
    value().map(Some).ok_or(Needed::Damaged)
}

fn varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0usize;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

/// The checksum of a tail, as if its own, which stands at `own`, were open.
fn tail_sum(tail: &[u8], own: usize) -> u64 {
    let (before, rest) = tail.split_at(own.min(tail.len()));
    let mut sum = Xxh3::new();
    sum.update(before);
    sum.update(OPEN.as_bytes());
    sum.update(rest.get(DIGITS..).unwrap_or_default());
    sum.digest()
}

/// Writes on what is written to it, and keeps the checksums. The tail is held back until it is sealed.
pub(crate) struct Summing<W> {
    inner: W,
    block: Xxh3,
    filled: u64,
    blocks: Vec<u64>,
    written: u64,
    whole: Xxh3,
    tail: Option<Vec<u8>>,
}

impl<W: Write> Summing<W> {
    pub fn new(inner: W) -> Self {
        Self {
            inner,
            block: Xxh3::new(),
            filled: 0,
            blocks: Vec::new(),
            written: 0,
            whole: Xxh3::new(),
            tail: None,
        }
    }

    /// Ends the body; what the footer has to say under [`KEY`].
    pub fn end_body(&mut self) -> String {
        if self.filled > 0 {
            self.blocks.push(self.block.digest());
        }
        self.tail = Some(Vec::new());
        text(self.written, OPEN, &self.blocks)
    }

    /// Puts the tail's checksum in its place and writes the tail; the hash of the whole file as text.
    pub fn seal(&mut self) -> io::Result<String> {
        let mut tail = self.tail.take().unwrap_or_default();
        let damaged = || io::Error::other("the footer has no place for its checksum");
        let own = match entry(&tail) {
            Ok(Some((at, _))) => at + "1 ".len(),
            _ => return Err(damaged()),
        };
        let sum = format!("{:016x}", tail_sum(&tail, own));
        tail.get_mut(own..own + DIGITS).ok_or_else(damaged)?.copy_from_slice(sum.as_bytes());
        self.inner.write_all(&tail)?;
        self.whole.update(&tail);
        self.inner.flush()?;
        Ok(format!("{:016x}", self.whole.digest()))
    }

    pub fn inner(&self) -> &W {
        &self.inner
    }
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(tail) = &mut self.tail {
            tail.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        let taken = self.inner.write(bytes)?;
        self.whole.update(&bytes[..taken]);
        self.written += taken as u64;
        let mut rest = &bytes[..taken];
        while !rest.is_empty() {
            let room = usize::try_from(BLOCK - self.filled).unwrap_or(usize::MAX).min(rest.len());
            let (now, later) = rest.split_at(room);
            self.block.update(now);
            self.filled += now.len() as u64;
            rest = later;
            if self.filled == BLOCK {
                self.blocks.push(self.block.digest());
                self.block.reset();
                self.filled = 0;
            }
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
