//! Rules as text again.

use std::fmt::{self, Display, Formatter};

use super::grammar::KEYWORDS;
use super::rule::{Condition, Field, PROFILE, SegmentRule, Value};
use super::vocabulary::TIER;

impl Display for SegmentRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            SegmentRule::All(parts) => (parts, " and "),
            SegmentRule::Any(parts) => (parts, " or "),
            SegmentRule::Not(part) => {
                f.write_str("not ")?;
                return grouped(part, f);
            }
            SegmentRule::When(condition) => return condition.fmt(f),
        };
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                f.write_str(word)?;
            }
            grouped(part, f)?;
        }
        Ok(())
    }
}

/// A part of a rule, in parentheses when it is a group itself.
fn grouped(rule: &SegmentRule, f: &mut Formatter<'_>) -> fmt::Result {
    match rule {
        SegmentRule::All(_) | SegmentRule::Any(_) => write!(f, "({rule})"),
        SegmentRule::Not(_) | SegmentRule::When(_) => write!(f, "{rule}"),
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { " not" } else { "" };
        match self {
            Condition::Compare { field, is, value } => write!(f, "{field} {} {value}", is.sign()),
            Condition::OneOf { field, values, negated } => {
                write!(f, "{field}{} in ({})", not(negated), List(values))
            }
            Condition::Between { field, low, high, negated } => {
                write!(f, "{field}{} between {low} and {high}", not(negated))
            }
            Condition::Known { field, known } => {
                write!(f, "{field} is {}", if *known { "known" } else { "unknown" })
            }
            Condition::Segment { id } => write!(f, "segment({id})"),
            Condition::Moved { scheme, from, to, days } => {
                f.write_str("moved(")?;
                write!(f, "{scheme}, ")?;
                end(from.as_ref().map(|t| t.as_str()), f)?;
                f.write_str(" -> ")?;
                end(to.as_ref().map(|t| t.as_str()), f)?;
                window(*days, f)
            }
            Condition::Entered { scheme, tier, days } => {
                write!(f, "entered({scheme}, {}", Bare(tier.as_str()))?;
                window(*days, f)
            }
            Condition::Happened { what, kind, days, is, count } => {
                write!(f, "{}(", what.word())?;
                if let Some(kind) = kind {
                    write!(f, "{}, ", Bare(kind))?;
                }
                write!(f, "{days}) {} {count}", is.sign())
            }
        }
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Field::Scheme(id) if PROFILE.iter().any(|(field, _)| *field == id.column()) => {
                write!(f, "{TIER}{id}")
            }
            Field::Scheme(id) => f.write_str(id.as_str()),
            Field::Metric(id) => f.write_str(id.as_str()),
            Field::Profile(name) => f.write_str(name),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => write!(f, "{number}"),
            Value::Text(text) => write!(f, "{}", Quoted(text)),
            Value::YesNo(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Value::Date(day) => write!(f, "{day}"),
            Value::Tier(tier) => write!(f, "{}", Bare(tier.as_str())),
        }
    }
}

fn end(tier: Option<&str>, f: &mut Formatter<'_>) -> fmt::Result {
    match tier {
        Some(tier) => write!(f, "{}", Bare(tier)),
        None => f.write_str("any"),
    }
}

fn window(days: Option<u32>, f: &mut Formatter<'_>) -> fmt::Result {
    match days {
        Some(days) => write!(f, ", {days})"),
        None => f.write_str(")"),
    }
}

struct List<'a>(&'a [Value]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (place, value) in self.0.iter().enumerate() {
            write!(f, "{}{value}", if place > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

/// A text in quotes; a quote within stands twice.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.0.replace('\'', "''"))
    }
}

/// A word without quotes where it can stand so.
struct Bare<'a>(&'a str);

impl Display for Bare<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let plain = self.0.starts_with(|c: char| c.is_ascii_alphabetic())
            && self.0.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !KEYWORDS.contains(&self.0.to_ascii_lowercase().as_str());
        if plain { f.write_str(self.0) } else { write!(f, "{}", Quoted(self.0)) }
    }
}
