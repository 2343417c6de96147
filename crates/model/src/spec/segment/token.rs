//! A rule's text, cut into words, numbers, quoted texts and signs.

use std::borrow::Cow;
use std::ops::Range;

use winnow::Parser as _;
use winnow::combinator::alt;
use winnow::error::EmptyError;
use winnow::stream::{LocatingSlice, Location as _, Stream as _};
use winnow::token::take_while;

use super::error::RuleProblem;

/// A piece of a rule and where it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub what: What<'a>,
    pub at: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// A name, a keyword, or a value without quotes.
    Word(&'a str),
    /// Digits with sign, point or `%`, as written.
    Number(&'a str),
    /// A text that stood in quotes, without them.
    Quoted(Cow<'a, str>),
    Sign(Sign),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    Open,
    Close,
    Comma,
    Arrow,
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Token<'_> {
    /// Whether it is this keyword, in whatever case.
    pub fn is(&self, keyword: &str) -> bool {
        matches!(self.what, What::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

type Input<'a> = LocatingSlice<&'a str>;

/// Cuts the text; on an error, says where and what.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, (Range<usize>, RuleProblem)> {
    let mut input = Input::new(text);
    let mut found = Vec::new();
    loop {
        let skipped: Result<&str, EmptyError> =
            take_while(0.., |c: char| c.is_whitespace() || c == '\u{feff}').parse_next(&mut input);
        skipped.ok();
        let start = input.current_token_start();
        let Some(first) = input.peek_token() else { return Ok(found) };
        let rest = text.get(start..).unwrap_or_default();
        let what = if let Some(end) = closing(first) {
            What::Quoted(quoted(&mut input, end).ok_or((start..text.len(), RuleProblem::Unclosed))?)
        } else if let Ok(sign) = sign(&mut input) {
            What::Sign(sign)
        } else {
            let length = number(rest).unwrap_or_else(|| word(rest));
            if length == 0 {
                return Err((start..start + first.len_utf8(), RuleProblem::Character { found: first }));
            }
            let piece = input.next_slice(length);
            if number(rest).is_some() { What::Number(piece) } else { What::Word(piece) }
        };
        found.push(Token { what, at: start..input.current_token_start() });
    }
}

/// The sign that ends a text begun with `open`.
fn closing(open: char) -> Option<char> {
    match open {
        '\'' | '"' => Some(open),
        '‘' => Some('’'),
        '“' => Some('”'),
        _ => None,
    }
}

/// A text in quotes; a doubled closing quote stands for one.
fn quoted<'a>(input: &mut Input<'a>, end: char) -> Option<Cow<'a, str>> {
    input.next_token()?;
    let mut text = Cow::Borrowed("");
    loop {
        let part: Result<&'a str, EmptyError> = take_while(0.., |c: char| c != end).parse_next(input);
        let part = part.ok()?;
        if text.is_empty() {
            text = Cow::Borrowed(part)
        } else {
            text.to_mut().push_str(part)
        }
        input.next_token()?;
        if input.peek_token() != Some(end) {
            return Some(text);
        }
        input.next_token()?;
        text.to_mut().push(end);
    }
}

/// Signs; those of a Chinese keyboard count as well.
fn sign(input: &mut Input<'_>) -> Result<Sign, EmptyError> {
    let mark = alt((
        alt(("(", "（")).value(Sign::Open),
        alt((")", "）")).value(Sign::Close),
        alt((",", "，", "、")).value(Sign::Comma),
        alt(("->", "→")).value(Sign::Arrow),
    ));
    let comparison = alt((
        alt(("!=", "<>", "≠")).value(Sign::NotEqual),
        alt(("<=", "≤", "＜＝")).value(Sign::AtMost),
        alt((">=", "≥", "＞＝")).value(Sign::AtLeast),
        alt(("==", "=", "＝")).value(Sign::Equal),
        alt(("<", "＜")).value(Sign::Less),
        alt((">", "＞")).value(Sign::More),
    ));
    alt((mark, comparison)).parse_next(input)
}

/// The length of a number at the start: not of a date or a code, which go on after the digits.
fn number(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(end);
    if whole == 0 {
        return None;
    }
    end += whole;
    if bytes.get(end) == Some(&b'.') {
        let part = digits(end + 1);
        if part == 0 {
            return None;
        }
        end += 1 + part;
    }
    if bytes.get(end) == Some(&b'%') {
        return Some(end + 1);
    }
    (word(&text[end..]) == 0 && !continues(&text[end..])).then_some(end)
}

/// The length of a word at the start: letters of any script, digits and `_`, with `-` and `.` between them.
fn word(text: &str) -> usize {
    let mut end = 0;
    while let Some(c) = text[end..].chars().next() {
        let joins = end > 0 && continues(&text[end..]);
        if !(c.is_alphanumeric() || c == '_' || joins) {
            break;
        }
        end += c.len_utf8();
    }
    end
}

/// Whether the text begins with a sign that joins two parts of a word.
fn continues(text: &str) -> bool {
    let mut chars = text.chars();
    matches!(chars.next(), Some('-' | '.')) && chars.next().is_some_and(|c| c.is_alphanumeric() || c == '_')
}
