//! Which encoding a text is in.

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr_iter;

use super::error::FileProblem;

/// The encoding of a text, from its first bytes (and, for plain files, some further on).
pub(super) fn detect(
    head: &[u8],
    whole: bool,
    elsewhere: &[u8],
    label: Option<&str>,
) -> Result<&'static Encoding, FileProblem> {
    if let Some(label) = label {
        return by_label(label);
    }
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if let Some(encoding) = utf16(head) {
        return Ok(encoding);
    }
    if mostly_control(head) {
        return Err(FileProblem::NotText);
    }
    // A sample may end, or begin, inside a character; look at whole lines only.
    let head = if whole { head } else { whole_lines(head) };
    if is_utf8(head) && is_utf8(elsewhere) {
        return Ok(UTF_8);
    }
    Ok(legacy(head, elsewhere))
}

fn by_label(label: &str) -> Result<&'static Encoding, FileProblem> {
    let name = label.trim();
    let found = match name.to_ascii_lowercase().as_str() {
        "utf-16" | "utf16" | "utf16le" => Some(UTF_16LE),
        "utf16be" => Some(UTF_16BE),
        "gbk" | "gb2312" | "cp936" => Some(GB18030),
        _ => Encoding::for_label_no_replacement(name.as_bytes()),
    };
    found.ok_or_else(|| FileProblem::UnknownEncoding { label: label.to_owned() })
}

/// UTF-16 without a mark: digits, delimiters and line ends put a NUL into every second byte.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    let (mut even, mut odd) = (0usize, 0usize);
    for at in memchr_iter(0, head) {
        if at % 2 == 0 { even += 1 } else { odd += 1 }
    }
    let (encoding, strong, weak) = if odd > even { (UTF_16LE, odd, even) } else { (UTF_16BE, even, odd) };
    if strong < 4 || strong * 20 < head.len() || weak * 20 > strong {
        return None;
    }
    let units = &head[..head.len() & !1];
    let (text, malformed) = encoding.decode_without_bom_handling(units);
    let control = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    // A sample may cut a surrogate pair in two, which counts as malformed at its end.
    let broken = malformed && text.trim_end_matches('\u{FFFD}').contains('\u{FFFD}');
    (!broken && control * 20 <= text.len()).then_some(encoding)
}

/// Whether most lines hold bytes that no text has: then this is no text at all, while a few such
/// lines are bad rows of a text.
fn mostly_control(head: &[u8]) -> bool {
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    let (mut lines, mut odd) = (0usize, 0usize);
    for line in head.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty()) {
        lines += 1;
        odd += usize::from(line.iter().any(is_control));
    }
    odd * 2 > lines
}

fn whole_lines(sample: &[u8]) -> &[u8] {
    match memchr::memrchr2(b'\n', b'\r', sample) {
        Some(end) => &sample[..=end],
        None => sample,
    }
}

/// Valid, or with so few broken characters that they are broken rows of a UTF-8 file.
fn is_utf8(sample: &[u8]) -> bool {
    let (mut good, mut broken) = (0usize, 0usize);
    for part in sample.utf8_chunks() {
        good += part.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!part.invalid().is_empty());
    }
    broken == 0 || good >= broken * 10
}

/// An encoding from before Unicode. Chinese exports are GBK or its superset GB18030.
fn legacy(head: &[u8], elsewhere: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, false);
    detector.feed(elsewhere, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    // On a few short words the detector may prefer a western encoding; common Chinese
    // characters written as two high bytes are clearer than its statistics.
    let western = guess.is_single_byte();
    if guess == GBK || guess == GB18030 || (western && looks_gb2312(head)) {
        return GB18030;
    }
    guess
}

/// Whether the high bytes come in pairs as GB2312 has them; in western text they stand alone.
fn looks_gb2312(sample: &[u8]) -> bool {
    let (mut pairs, mut other) = (0usize, 0usize);
    let mut rest = sample;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte < 0x80 {
            continue;
        }
        match tail.first() {
            Some(&next) if matches!(byte, 0xA1..=0xA9 | 0xB0..=0xF7) && next >= 0xA1 => {
                pairs += 1;
                rest = &tail[1..];
            }
            _ => other += 1,
        }
    }
    pairs > 0 && pairs >= other * 3
}
