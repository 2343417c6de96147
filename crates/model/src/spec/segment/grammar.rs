//! Words and signs to the shape of a rule; what the names mean is found out later.

use std::ops::Range;

use winnow::Parser;
use winnow::combinator::{alt, cut_err, delimited, opt, preceded, separated, separated_pair};
use winnow::error::{ErrMode, ParserError};
use winnow::stream::{Stream as _, TokenSlice};
use winnow::token::any;

use super::error::RuleProblem;
use super::rule::{Comparison, FactTable};
use super::token::{Sign, Token, What};
use super::vocabulary::nearest;
use super::wanted::Wanted;
use super::{FUNCTIONS, MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES};

/// A rule whose names are not looked up yet.
#[derive(Debug, Clone)]
pub(super) enum Syntax<'a> {
    All(Vec<Syntax<'a>>),
    Any(Vec<Syntax<'a>>),
    Not(Box<Syntax<'a>>),
    /// A condition.
    Leaf(Leaf<'a>),
}

#[derive(Debug, Clone)]
pub(super) enum Leaf<'a> {
    Compare {
        field: Token<'a>,
        is: Comparison,
        value: Token<'a>,
    },
    OneOf {
        field: Token<'a>,
        values: Vec<Token<'a>>,
        negated: bool,
    },
    Between {
        field: Token<'a>,
        low: Token<'a>,
        high: Token<'a>,
        negated: bool,
    },
    Known {
        field: Token<'a>,
        known: bool,
    },
    /// A field alone, which must be one of yes and no.
    Yes {
        field: Token<'a>,
    },
    Segment {
        name: Token<'a>,
    },
    Moved {
        scheme: Token<'a>,
        from: Token<'a>,
        to: Token<'a>,
        days: Option<Token<'a>>,
    },
    Entered {
        scheme: Token<'a>,
        tier: Token<'a>,
        days: Option<Token<'a>>,
    },
    Happened {
        what: FactTable,
        kind: Option<Token<'a>>,
        days: Token<'a>,
        is: Comparison,
        count: Token<'a>,
    },
}

type Tokens<'t, 'a> = TokenSlice<'t, Token<'a>>;
type Parsed<T> = Result<T, ErrMode<Fault>>;

/// Why the parser did not go on. Of several ways that failed, the one that came farthest counts.
#[derive(Debug, Clone)]
struct Fault {
    /// How many tokens were left.
    left: usize,
    why: Why,
}

#[derive(Debug, Clone)]
enum Why {
    Expected(Vec<Wanted>),
    TooDeep,
    NoSuchFunction,
}

impl Fault {
    fn expected(input: &Tokens<'_, '_>, wanted: &[Wanted]) -> ErrMode<Fault> {
        ErrMode::Backtrack(Fault { left: input.eof_offset(), why: Why::Expected(wanted.to_vec()) })
    }
}

impl<'t, 'a> ParserError<Tokens<'t, 'a>> for Fault {
    type Inner = Self;

    fn from_input(input: &Tokens<'t, 'a>) -> Self {
        Fault { left: input.eof_offset(), why: Why::Expected(Vec::new()) }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a.left < b.left => a,
            (a, b) if b.left < a.left => b,
            (Fault { left, why: Why::Expected(mut a) }, Fault { why: Why::Expected(b), .. }) => {
                a.extend(b.into_iter().filter(|w| !a.contains(w)).collect::<Vec<_>>());
                Fault { left, why: Why::Expected(a) }
            }
            (_, b) => b,
        }
    }

    fn into_inner(self) -> Result<Self::Inner, Self> {
        Ok(self)
    }
}

/// Makes the shape of a rule from its tokens; `end` is where the text ends.
pub(super) fn parse<'a>(tokens: &[Token<'a>], end: usize) -> Result<Syntax<'a>, (Range<usize>, RuleProblem)> {
    if tokens.is_empty() {
        return Err((0..end, RuleProblem::Empty));
    }
    // Cheap to see before anything is built.
    let conditions = 1 + tokens.iter().filter(|t| t.is("and") || t.is("or")).count();
    let betweens = tokens.iter().filter(|t| t.is("between")).count();
    if conditions.saturating_sub(betweens) > MAX_CONDITIONS {
        return Err((0..0, RuleProblem::TooManyConditions { conditions: conditions - betweens }));
    }
    let values = tokens.iter().filter(|t| !matches!(t.what, What::Sign(_))).count();
    if values > MAX_VALUES + 4 * MAX_CONDITIONS {
        return Err((0..0, RuleProblem::TooManyValues { values }));
    }
    let mut input = Tokens::new(tokens);
    let parsed = either(&mut input, 0).and_then(|rule| match input.is_empty() {
        true => Ok(rule),
        false => Err(Fault::expected(&input, &[Wanted::Word("and"), Wanted::Word("or"), Wanted::End])),
    });
    parsed.map_err(|error| {
        let fault = match error {
            ErrMode::Backtrack(fault) | ErrMode::Cut(fault) => fault,
            ErrMode::Incomplete(_) => Fault::from_input(&input),
        };
        let token = tokens.get(tokens.len() - fault.left);
        let at = token.map_or(end..end, |t| t.at.clone());
        let problem = match fault.why {
            Why::TooDeep => RuleProblem::TooDeep,
            Why::NoSuchFunction => {
                let name = token.map(written).unwrap_or_default();
                let nearest = nearest(&name, FUNCTIONS.into_iter());
                RuleProblem::UnknownFunction { name, nearest }
            }
            Why::Expected(wanted) => RuleProblem::Expected { found: token.map(written), wanted },
        };
        (at, problem)
    })
}

/// A token as it is named in messages, cut when it is long.
pub(super) fn written(token: &Token<'_>) -> String {
    let text = match &token.what {
        What::Word(text) | What::Number(text) => text,
        What::Quoted(text) => &**text,
        What::Sign(sign) => sign.text(),
    };
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

impl Sign {
    fn text(self) -> &'static str {
        match self {
            Sign::Open => "(",
            Sign::Close => ")",
            Sign::Comma => ",",
            Sign::Arrow => "->",
            Sign::Equal => "=",
            Sign::NotEqual => "!=",
            Sign::Less => "<",
            Sign::AtMost => "<=",
            Sign::More => ">",
            Sign::AtLeast => ">=",
        }
    }

    fn comparison(self) -> Option<Comparison> {
        Some(match self {
            Sign::Equal => Comparison::Equal,
            Sign::NotEqual => Comparison::NotEqual,
            Sign::Less => Comparison::Less,
            Sign::AtMost => Comparison::AtMost,
            Sign::More => Comparison::More,
            Sign::AtLeast => Comparison::AtLeast,
            _ => return None,
        })
    }
}

/// A token that fits.
fn token<'t, 'a>(
    wanted: Wanted,
    fits: impl Fn(&Token<'a>) -> bool,
) -> impl Parser<Tokens<'t, 'a>, Token<'a>, ErrMode<Fault>>
where
    'a: 't,
{
    move |input: &mut Tokens<'t, 'a>| {
        let start = input.checkpoint();
        let found: Parsed<&Token<'a>> = any.verify(|t: &&Token<'a>| fits(t)).parse_next(input);
        found.cloned().map_err(|_| {
            input.reset(&start);
            Fault::expected(input, &[wanted])
        })
    }
}

fn sign<'t, 'a: 't>(sign: Sign) -> impl Parser<Tokens<'t, 'a>, Token<'a>, ErrMode<Fault>> {
    token(Wanted::Word(sign.text()), move |t| t.what == What::Sign(sign))
}

fn word<'t, 'a: 't>(keyword: &'static str) -> impl Parser<Tokens<'t, 'a>, Token<'a>, ErrMode<Fault>> {
    token(Wanted::Word(keyword), move |t| t.is(keyword))
}

/// Words that end or begin something and so are no values; in quotes they can be.
pub(super) const KEYWORDS: [&str; 8] = ["and", "or", "not", "in", "is", "between", "known", "any"];

fn value<'t, 'a: 't>(wanted: Wanted) -> impl Parser<Tokens<'t, 'a>, Token<'a>, ErrMode<Fault>> {
    token(wanted, |t| match t.what {
        What::Word(_) => !KEYWORDS.iter().any(|k| t.is(k)),
        What::Number(_) | What::Quoted(_) => true,
        What::Sign(_) => false,
    })
}

fn digits<'t, 'a: 't>(wanted: Wanted) -> impl Parser<Tokens<'t, 'a>, Token<'a>, ErrMode<Fault>> {
    token(wanted, |t| matches!(t.what, What::Number(_)))
}

/// Rules joined by `or`.
fn either<'a>(input: &mut Tokens<'_, 'a>, depth: usize) -> Parsed<Syntax<'a>> {
    let each = |input: &mut Tokens<'_, 'a>| both(input, depth);
    let mut parts: Vec<Syntax<'a>> = separated(1.., cut_err(each), word("or")).parse_next(input)?;
    Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Syntax::Any(parts) })
}

/// Rules joined by `and`.
fn both<'a>(input: &mut Tokens<'_, 'a>, depth: usize) -> Parsed<Syntax<'a>> {
    let each = |input: &mut Tokens<'_, 'a>| one(input, depth);
    let mut parts: Vec<Syntax<'a>> = separated(1.., cut_err(each), word("and")).parse_next(input)?;
    Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Syntax::All(parts) })
}

/// A condition, the opposite of one, or a group in parentheses.
fn one<'a>(input: &mut Tokens<'_, 'a>, depth: usize) -> Parsed<Syntax<'a>> {
    let nests = input.first().is_some_and(|t| t.is("not") || t.what == What::Sign(Sign::Open));
    if nests && depth >= MAX_DEPTH {
        return Err(ErrMode::Cut(Fault { left: input.eof_offset(), why: Why::TooDeep }));
    }
    if opt(word("not")).parse_next(input)?.is_some() {
        let part = cut_err(|input: &mut Tokens<'_, 'a>| one(input, depth + 1)).parse_next(input)?;
        return Ok(Syntax::Not(Box::new(part)));
    }
    if opt(sign(Sign::Open)).parse_next(input)?.is_some() {
        let part = either(input, depth + 1)?;
        let closed: Parsed<Token<'_>> = sign(Sign::Close).parse_next(input);
        let wanted = [Wanted::Word("and"), Wanted::Word("or"), Wanted::Word(")")];
        closed.map_err(|_| Fault::expected(input, &wanted).cut())?;
        return Ok(part);
    }
    let first = value(Wanted::Condition).parse_next(input)?;
    let is_call = matches!(first.what, What::Word(_))
        && input.first().is_some_and(|t| t.what == What::Sign(Sign::Open));
    let leaf = if is_call { call(input, first)? } else { about(input, &first)? };
    Ok(Syntax::Leaf(leaf))
}

/// What follows a field.
fn about<'a>(input: &mut Tokens<'_, 'a>, field: &Token<'a>) -> Parsed<Leaf<'a>> {
    if let Some(is) = opt(comparison).parse_next(input)? {
        let value = cut_err(value(Wanted::Value)).parse_next(input)?;
        return Ok(Leaf::Compare { field: field.clone(), is, value });
    }
    if opt(word("is")).parse_next(input)?.is_some() {
        let negated = opt(word("not")).parse_next(input)?.is_some();
        let known = alt((word("known").value(true), word("unknown").value(false)));
        let known = cut_err(known).parse_next(input)?;
        return Ok(Leaf::Known { field: field.clone(), known: known != negated });
    }
    let negated = opt(word("not")).parse_next(input)?.is_some();
    if opt(word("in")).parse_next(input)?.is_some() {
        let list = separated(1.., cut_err(value(Wanted::Value)), sign(Sign::Comma));
        let list = delimited(sign(Sign::Open), list, sign(Sign::Close));
        return Ok(Leaf::OneOf { field: field.clone(), values: cut_err(list).parse_next(input)?, negated });
    }
    if opt(word("between")).parse_next(input)?.is_some() {
        let ends = separated_pair(value(Wanted::Value), word("and"), value(Wanted::Value));
        let (low, high) = cut_err(ends).parse_next(input)?;
        return Ok(Leaf::Between { field: field.clone(), low, high, negated });
    }
    let ends = input.first().is_none_or(|t| t.is("and") || t.is("or") || t.what == What::Sign(Sign::Close));
    match ends && !negated && matches!(field.what, What::Word(_)) {
        true => Ok(Leaf::Yes { field: field.clone() }),
        false => Err(Fault::expected(input, &[Wanted::Operator]).cut()),
    }
}

fn comparison(input: &mut Tokens<'_, '_>) -> Parsed<Comparison> {
    let sign = match input.first().map(|t| &t.what) {
        Some(What::Sign(sign)) => sign.comparison(),
        _ => None,
    };
    let found = sign.ok_or_else(|| Fault::expected(input, &[Wanted::Operator]))?;
    input.next_token();
    Ok(found)
}

/// What follows a function's name.
fn call<'a>(input: &mut Tokens<'_, 'a>, name: Token<'a>) -> Parsed<Leaf<'a>> {
    let days = || opt(preceded(sign(Sign::Comma), cut_err(digits(Wanted::Days))));
    if name.is("segment") {
        let name = delimited(sign(Sign::Open), value(Wanted::Segment), sign(Sign::Close));
        return cut_err(name).map(|name| Leaf::Segment { name }).parse_next(input);
    }
    if name.is("moved") {
        let tier = || alt((word("any"), value(Wanted::Tier)));
        let ends = separated_pair(tier(), sign(Sign::Arrow), tier());
        let inner = (value(Wanted::Scheme), sign(Sign::Comma), ends, days());
        let (scheme, _, (from, to), days) =
            cut_err(delimited(sign(Sign::Open), inner, sign(Sign::Close))).parse_next(input)?;
        return Ok(Leaf::Moved { scheme, from, to, days });
    }
    if name.is("entered") {
        let inner = (value(Wanted::Scheme), sign(Sign::Comma), value(Wanted::Tier), days());
        let (scheme, _, tier, days) =
            cut_err(delimited(sign(Sign::Open), inner, sign(Sign::Close))).parse_next(input)?;
        return Ok(Leaf::Entered { scheme, tier, days });
    }
    let Some(what) = FactTable::ALL.into_iter().find(|table| name.is(table.word())) else {
        return Err(ErrMode::Cut(Fault { left: input.eof_offset() + 1, why: Why::NoSuchFunction }));
    };
    cut_err(sign(Sign::Open)).parse_next(input)?;
    let kind = match what.has_kinds() && input.first().is_some_and(|t| !matches!(t.what, What::Number(_))) {
        true => {
            let kind = cut_err(value(Wanted::Kind)).parse_next(input)?;
            cut_err(sign(Sign::Comma)).parse_next(input)?;
            Some(kind)
        }
        false => None,
    };
    let days = cut_err(digits(Wanted::Days)).parse_next(input)?;
    let (_, is, count) =
        cut_err((sign(Sign::Close), comparison, digits(Wanted::Number))).parse_next(input)?;
    Ok(Leaf::Happened { what, kind, days, is, count })
}
