//! The names in a rule looked up, and its values made what the fields have.

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;

use super::error::RuleProblem;
use super::grammar::{Leaf, Syntax, written};
use super::rule::{Comparison, Condition, Field, SegmentRule, Value, ValueKind};
use super::token::{Token, What};
use super::vocabulary::{KnownScheme, Vocabulary};
use super::wanted::Wanted;
use crate::{SchemeId, TierId};

type Resolved<T> = Result<T, (Range<usize>, RuleProblem)>;

/// The longest window.
const MAX_DAYS: f64 = 36_500.0;
/// Digits that a number keeps exactly.
const DIGITS: usize = 15;

pub(super) fn resolve(syntax: Syntax<'_>, names: &Vocabulary) -> Resolved<SegmentRule> {
    let all = |parts: Vec<Syntax<'_>>| -> Resolved<Vec<SegmentRule>> {
        parts.into_iter().map(|part| resolve(part, names)).collect()
    };
    Ok(match syntax {
        Syntax::All(parts) => SegmentRule::All(all(parts)?),
        Syntax::Any(parts) => SegmentRule::Any(all(parts)?),
        Syntax::Not(part) => SegmentRule::Not(Box::new(resolve(*part, names)?)),
        Syntax::Leaf(leaf) => SegmentRule::When(condition(leaf, names)?),
    })
}

fn condition(leaf: Leaf<'_>, names: &Vocabulary) -> Resolved<Condition> {
    Ok(match leaf {
        Leaf::Compare { field, is, value } => {
            let known = NamedField::find(&field, names)?;
            if is.is_ordering() {
                known.ordered(&field)?;
            }
            Condition::Compare { value: known.value(&value)?, field: known.field, is }
        }
        Leaf::OneOf { field, values, negated } => {
            let known = NamedField::find(&field, names)?;
            let values = values.iter().map(|v| known.value(v)).collect::<Resolved<_>>()?;
            Condition::OneOf { field: known.field, values, negated }
        }
        Leaf::Between { field, low, high, negated } => {
            let known = NamedField::find(&field, names)?;
            known.ordered(&field)?;
            let (least, most) = (known.value(&low)?, known.value(&high)?);
            if is_above(&least, &most) {
                let problem = RuleProblem::EmptyRange { low: written(&low), high: written(&high) };
                return Err((low.at.start..high.at.end, problem));
            }
            Condition::Between { field: known.field, low: least, high: most, negated }
        }
        Leaf::Known { field, known } => {
            Condition::Known { field: NamedField::find(&field, names)?.field, known }
        }
        Leaf::Yes { field } => {
            let known = NamedField::find(&field, names)?;
            if known.kind != ValueKind::YesNo {
                let problem = RuleProblem::Expected { found: None, wanted: vec![Wanted::Operator] };
                return Err((field.at.end..field.at.end, problem));
            }
            Condition::Compare { field: known.field, is: Comparison::Equal, value: Value::YesNo(true) }
        }
        Leaf::Segment { name } => match names.segment(&text(&name)) {
            Some(id) => Condition::Segment { id: id.to_owned() },
            None => {
                let nearest = names.nearest_segment(&text(&name));
                return Err((name.at.clone(), RuleProblem::UnknownSegment { name: written(&name), nearest }));
            }
        },
        Leaf::Moved { scheme, from, to, days } => {
            let (id, known) = self::scheme(&scheme, names)?;
            let end = |t: &Token<'_>| if t.is("any") { Ok(None) } else { tier(&id, known, t).map(Some) };
            let (before, after) = (end(&from)?, end(&to)?);
            if before.is_some() && before == after {
                let at = from.at.start..to.at.end;
                return Err((at, RuleProblem::NoMove { tier: written(&from) }));
            }
            Condition::Moved { from: before, to: after, days: window(days.as_ref())?, scheme: id }
        }
        Leaf::Entered { scheme, tier, days } => {
            let (id, known) = self::scheme(&scheme, names)?;
            let tier = self::tier(&id, known, &tier)?;
            Condition::Entered { scheme: id, tier, days: window(days.as_ref())? }
        }
        Leaf::Happened { what, kind, days, is, count } => Condition::Happened {
            what,
            kind: kind.map(|kind| text(&kind).to_lowercase()),
            days: self::days(&days)?,
            is,
            count: number(&count)?,
        },
    })
}

/// A field that exists, and the tiers when it is a scheme.
struct NamedField<'a> {
    field: Field,
    kind: ValueKind,
    scheme: Option<(SchemeId, &'a KnownScheme)>,
}

impl<'a> NamedField<'a> {
    fn find(name: &Token<'_>, names: &'a Vocabulary) -> Resolved<NamedField<'a>> {
        let Some((field, kind)) = names.field(&text(name)) else {
            let nearest = names.nearest_field(&text(name));
            return Err((name.at.clone(), RuleProblem::UnknownField { name: written(name), nearest }));
        };
        let scheme = match &field {
            Field::Scheme(id) => names.scheme(id.as_str()),
            _ => None,
        };
        Ok(NamedField { field, kind, scheme })
    }

    /// Refuses `<` and the like where values have no order.
    fn ordered(&self, name: &Token<'_>) -> Resolved<()> {
        match self.kind {
            ValueKind::Number | ValueKind::Date => Ok(()),
            kind => Err((name.at.clone(), RuleProblem::NoOrder { field: written(name), kind })),
        }
    }

    /// What is written, as a value of the field.
    fn value(&self, token: &Token<'_>) -> Resolved<Value> {
        if let Some((id, scheme)) = &self.scheme {
            return tier(id, scheme, token).map(Value::Tier);
        }
        let value = match (self.kind, &token.what) {
            (ValueKind::Number, What::Number(_)) => Some(Value::Number(number(token)?)),
            (ValueKind::Text, _) => Some(Value::Text(text(token).into_owned())),
            (ValueKind::YesNo, What::Word(_) | What::Quoted(_)) => {
                match text(token).to_lowercase().as_str() {
                    "yes" | "true" | "是" => Some(Value::YesNo(true)),
                    "no" | "false" | "否" => Some(Value::YesNo(false)),
                    _ => None,
                }
            }
            (ValueKind::Date, What::Word(_) | What::Quoted(_)) => {
                text(token).parse::<NaiveDate>().ok().map(Value::Date)
            }
            _ => None,
        };
        value.ok_or_else(|| {
            let field = match &self.field {
                Field::Metric(id) => id.to_string(),
                Field::Scheme(id) => id.to_string(),
                Field::Profile(name) => name.clone(),
            };
            let found = match token.what {
                What::Quoted(_) => format!("'{}'", written(token)),
                _ => written(token),
            };
            (token.at.clone(), RuleProblem::WrongValue { field, kind: self.kind, found })
        })
    }
}

fn scheme<'a>(name: &Token<'_>, names: &'a Vocabulary) -> Resolved<(SchemeId, &'a KnownScheme)> {
    names.scheme(&text(name)).ok_or_else(|| {
        let nearest = names.nearest_scheme(&text(name));
        (name.at.clone(), RuleProblem::UnknownScheme { name: written(name), nearest })
    })
}

fn tier(id: &SchemeId, scheme: &KnownScheme, name: &Token<'_>) -> Resolved<TierId> {
    let wanted = text(name);
    // Tiers may be written with `-`, as schemes are.
    let found = scheme.tier(&wanted).or_else(|| scheme.tier(&wanted.replace('-', "_")));
    found.ok_or_else(|| {
        let problem = RuleProblem::UnknownTier {
            scheme: id.to_string(),
            name: written(name),
            nearest: scheme.nearest_tier(&wanted),
            known: scheme.known(),
        };
        (name.at.clone(), problem)
    })
}

fn window(days: Option<&Token<'_>>) -> Resolved<Option<u32>> {
    days.map(self::days).transpose()
}

fn days(token: &Token<'_>) -> Resolved<u32> {
    let days = text(token).parse::<u32>().ok().filter(|d| (1.0..=MAX_DAYS).contains(&f64::from(*d)));
    days.ok_or_else(|| (token.at.clone(), RuleProblem::BadDays { found: written(token) }))
}

/// A number; one with `%` is a hundredth.
fn number(token: &Token<'_>) -> Resolved<f64> {
    let text = text(token);
    let (digits, is_share) = text.strip_suffix('%').map_or((&*text, false), |digits| (digits, true));
    let count = digits.trim_start_matches(['-', '0']).chars().filter(char::is_ascii_digit).count();
    let exact = if is_share { format!("{digits}e-2") } else { digits.to_owned() };
    let found = exact.parse::<f64>().ok().filter(|_| count <= DIGITS);
    // Zero has no sign.
    found
        .map(|n| n + 0.0)
        .ok_or_else(|| (token.at.clone(), RuleProblem::TooManyDigits { found: written(token) }))
}

fn is_above(low: &Value, high: &Value) -> bool {
    match (low, high) {
        (Value::Number(low), Value::Number(high)) => high < low,
        (Value::Date(low), Value::Date(high)) => high < low,
        _ => false,
    }
}

/// What stands there, without quotes.
fn text<'a>(token: &'a Token<'_>) -> Cow<'a, str> {
    match &token.what {
        What::Word(text) | What::Number(text) => Cow::Borrowed(text),
        What::Quoted(text) => Cow::Borrowed(text),
        What::Sign(_) => Cow::Borrowed(""),
    }
}
