//! The text of a file as UTF-8, block by block.

use std::path::Path;

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::error::FileProblem;
use super::info::Compression;
use super::options::Limits;
use super::source::{Meter, Source};

/// Stands in the decoded text where the file's bytes mean nothing in its encoding; as it is no
/// UTF-8 itself, such a row fails the check that UTF-8 files go through.
pub(super) const NOT_TEXT: u8 = 0xFF;

const BOM: &[u8] = "\u{FEFF}".as_bytes();
/// Bytes of the file decoded in one go.
const DECODE_STEP: usize = 128 << 10;

/// How to read the text of a file; says nothing about its rows.
#[derive(Debug, Clone)]
pub(super) struct TextSource {
    pub(super) compression: Compression,
    pub(super) encoding: &'static Encoding,
    pub(super) limits: Limits,
}

impl TextSource {
    /// Starts at the first character of the file, after a byte order mark.
    pub(super) fn start(&self, path: &Path) -> Result<TextStream, FileProblem> {
        let source = Source::open(path, self.compression, &self.limits)?;
        let decoder = (self.encoding != UTF_8).then(|| self.encoding.new_decoder_without_bom_handling());
        let mut stream =
            TextStream { source, decoder, raw: Vec::new(), pending: Vec::new(), ended: false, offset: 0 };
        let mut start = Vec::new();
        stream.append(&mut start, BOM.len())?;
        match start.strip_prefix(BOM) {
            Some(rest) => {
                stream.offset = BOM.len() as u64;
                stream.pending = rest.to_vec();
            }
            None => stream.pending = start,
        }
        Ok(stream)
    }
}

/// The decoded text of a file, from front to back.
pub(super) struct TextStream {
    source: Source,
    decoder: Option<Decoder>,
    /// Bytes of the file not yet decoded.
    raw: Vec<u8>,
    /// Decoded text to be handed out first.
    pending: Vec<u8>,
    ended: bool,
    /// Where in the decoded text the stream began: after a byte order mark.
    offset: u64,
}

impl TextStream {
    /// The offset of the first character handed out.
    pub(super) fn start_offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn meter(&self) -> &Meter {
        self.source.meter()
    }

    /// Appends at least `n` bytes of text, or all that is left; `false` at the end of the file.
    pub(super) fn append(&mut self, text: &mut Vec<u8>, n: usize) -> Result<bool, FileProblem> {
        let target = text.len() + n;
        text.append(&mut self.pending);
        while text.len() < target && !self.ended {
            match &mut self.decoder {
                None => {
                    let want = target - text.len();
                    self.ended = self.source.append(text, want)? < want;
                }
                Some(decoder) => {
                    self.raw.clear();
                    self.ended = self.source.append(&mut self.raw, DECODE_STEP)? < DECODE_STEP;
                    decode(decoder, &self.raw, self.ended, text);
                }
            }
        }
        Ok(!self.ended)
    }
}

fn decode(decoder: &mut Decoder, mut raw: &[u8], last: bool, text: &mut Vec<u8>) {
    loop {
        let room = decoder
            .max_utf8_buffer_length_without_replacement(raw.len())
            .unwrap_or(raw.len().saturating_mul(3))
            .max(16);
        let start = text.len();
        text.resize(start + room, 0);
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(raw, &mut text[start..], last);
        text.truncate(start + written);
        raw = &raw[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(_, _) => text.push(NOT_TEXT),
        }
    }
}
