//! One JSON object → flat names and texts, with figures exactly as they are written.
//!
//! The line is checked by `serde_json` first; what walks over it here may rely on its syntax.
//! Values are not turned into numbers on the way, because order numbers of twenty digits and
//! amounts such as `0.10` must come out as they went in.

use serde::de::IgnoredAny;

use super::reason::BadReason;

/// Objects nested deeper than this stay JSON text.
const MAX_DEPTH: usize = 32;

/// Hands over the fields of the object in `line`: nested objects as `outer.inner`, arrays as JSON
/// text, null as empty text.
pub(super) fn flatten(
    line: &str,
    mut each: impl FnMut(&str, &str) -> Result<(), BadReason>,
) -> Result<(), BadReason> {
    let line = line.trim();
    serde_json::from_str::<IgnoredAny>(line)
        .map_err(|error| BadReason::NotJson { detail: error.to_string() })?;
    if !line.starts_with('{') {
        return Err(BadReason::NotAnObject);
    }
    let mut walk = Walk { text: line, at: 0, path: String::new(), each: &mut each };
    walk.object(0)
}

struct Walk<'a, F> {
    text: &'a str,
    at: usize,
    path: String,
    each: &'a mut F,
}

impl<'a, F: FnMut(&str, &str) -> Result<(), BadReason>> Walk<'a, F> {
    /// Walks over the object that starts here.
    fn object(&mut self, depth: usize) -> Result<(), BadReason> {
        self.at += 1;
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'"') => self.field(depth)?,
                Some(b',') => self.at += 1,
                _ => {
                    self.at += 1;
                    return Ok(());
                }
            }
        }
    }

    fn field(&mut self, depth: usize) -> Result<(), BadReason> {
        let key = self.string()?;
        self.skip_blanks();
        self.at += 1; // the colon
        self.skip_blanks();
        let outer = self.path.len();
        if outer > 0 {
            self.path.push('.');
        }
        self.path.push_str(&key);
        match self.peek() {
            Some(b'{') if depth < MAX_DEPTH => self.object(depth + 1)?,
            Some(b'"') => {
                let value = self.string()?;
                (self.each)(&self.path, &value)?;
            }
            _ => {
                let value = self.raw();
                (self.each)(&self.path, if value == "null" { "" } else { value })?;
            }
        }
        self.path.truncate(outer);
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The string that starts here, without its escapes.
    fn string(&mut self) -> Result<String, BadReason> {
        let start = self.at;
        self.skip_string();
        let raw = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(raw).map_err(|error| BadReason::NotJson { detail: error.to_string() })
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => self.at += 1,
                _ => {}
            }
        }
    }

    /// The figure, word, array or deep object that starts here, as it is written.
    fn raw(&mut self) -> &'a str {
        let start = self.at;
        let mut open = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.skip_string();
                    continue;
                }
                b'[' | b'{' => open += 1,
                b']' | b'}' if open > 0 => open -= 1,
                b',' | b'}' | b']' if open == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default().trim_end()
    }
}
