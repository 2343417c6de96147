//! A rule as SQL over one row a customer.

use std::collections::BTreeSet;

use clientele_model::spec::segment::{Condition, FactTable, Field, PROFILE, SegmentRule, Value, ValueKind};
use clientele_model::{SchemeId, Sight, Unit};

use super::SegmentError;
use super::columns::{Ground, SegmentColumn, days_before};
use crate::quote::{date, double, ident, text};

/// A rule as SQL, and the columns that it reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// True, false or null; null counts as false.
    pub sql: String,
    pub columns: BTreeSet<SegmentColumn>,
}

/// What a segment that a rule names stands for.
pub enum Named<'a> {
    /// Its members are stored: the column says who they are.
    Stored(SegmentColumn),
    /// Nobody is in it.
    Nobody,
    /// It has to be worked out.
    Rule(&'a SegmentRule),
}

/// Finds what the segment of a name stands for.
pub type Lookup<'a> = dyn Fn(&str) -> Result<Named<'a>, SegmentError> + 'a;

/// How many conditions stand side by side before they are put in groups, so that no expression nests as
/// deep as it is long.
const SIDE_BY_SIDE: usize = 8;
/// How deep rules may nest, those of named segments included.
const MOST_LEVELS: usize = 60;
/// How many conditions there may be, those of named segments included.
const MOST_CONDITIONS: usize = 4000;
/// How many of those that are shown are named where one is not.
const MOST_NAMED: usize = 20;

/// Makes SQL of a rule for a run.
///
/// # Errors
/// The run did not compute something that the rule reads; or a named segment cannot be worked out.
pub fn compile(
    rule: &SegmentRule,
    ground: &Ground<'_>,
    named: &Lookup<'_>,
) -> Result<Compiled, SegmentError> {
    let mut compiler = Compiler { ground, named, columns: BTreeSet::new(), conditions: 0 };
    let sql = compiler.rule(rule, 0)?;
    Ok(Compiled { sql, columns: compiler.columns })
}

struct Compiler<'a, 'n> {
    ground: &'a Ground<'a>,
    named: &'a Lookup<'n>,
    columns: BTreeSet<SegmentColumn>,
    conditions: usize,
}

impl Compiler<'_, '_> {
    fn rule(&mut self, rule: &SegmentRule, level: usize) -> Result<String, SegmentError> {
        if level > MOST_LEVELS {
            return Err(SegmentError::TooLarge);
        }
        let mut all = |parts: &[SegmentRule]| -> Result<Vec<String>, SegmentError> {
            parts.iter().map(|part| self.rule(part, level + 1)).collect()
        };
        Ok(match rule {
            SegmentRule::All(parts) => joined(all(parts)?, " AND ", "true"),
            SegmentRule::Any(parts) => joined(all(parts)?, " OR ", "false"),
            // What is unknown counts as false, so its opposite is true.
            SegmentRule::Not(part) => format!("({} IS NOT TRUE)", self.rule(part, level + 1)?),
            SegmentRule::When(condition) => {
                self.conditions += 1;
                if self.conditions > MOST_CONDITIONS {
                    return Err(SegmentError::TooLarge);
                }
                format!("({})", self.condition(condition, level)?)
            }
        })
    }

    fn condition(&mut self, condition: &Condition, level: usize) -> Result<String, SegmentError> {
        Ok(match condition {
            Condition::Compare { field, is, value } => {
                let operand = self.operand(field)?;
                let (left, right) = operand.sides(std::slice::from_ref(value));
                format!("{left} {} {}", is.sign(), right.concat())
            }
            Condition::OneOf { field, values, negated } => {
                let (left, right) = self.operand(field)?.sides(values);
                format!("{left}{} IN ({})", not(*negated), right.join(", "))
            }
            Condition::Between { field, low, high, negated } => {
                let (left, right) = self.operand(field)?.sides(&[low.clone(), high.clone()]);
                format!("{left}{} BETWEEN {}", not(*negated), right.join(" AND "))
            }
            Condition::Known { field: Field::Scheme(id), known } => {
                let tier = self.label(id, SegmentColumn::Tier)?;
                let known = if *known { "<>" } else { "=" };
                format!("COALESCE({tier}, 'unknown') {known} 'unknown'")
            }
            Condition::Known { field, known } => {
                format!("{} IS{} NULL", self.operand(field)?.sql, not(*known))
            }
            Condition::Segment { id } => match (self.named)(id)? {
                Named::Stored(column) => format!("{} IS TRUE", self.column(column, "BOOLEAN")),
                Named::Nobody => "false".to_owned(),
                Named::Rule(rule) => self.rule(rule, level + 1)?,
            },
            Condition::Moved { scheme, from, to, days } => {
                let previous = self.label(scheme, SegmentColumn::Previous)?;
                let tier = self.label(scheme, SegmentColumn::Tier)?;
                let mut all = vec![format!("{previous} <> {tier}")];
                all.extend(from.as_ref().map(|from| format!("{previous} = {}", text(from.as_str()))));
                all.extend(to.as_ref().map(|to| format!("{tier} = {}", text(to.as_str()))));
                all.extend(self.within(scheme, *days)?);
                all.join(" AND ")
            }
            Condition::Entered { scheme, tier, days } => {
                let column = self.label(scheme, SegmentColumn::Tier)?;
                let since = self.label(scheme, SegmentColumn::Since)?;
                let mut all = vec![format!("{column} = {}", text(tier.as_str()))];
                let runs = self.ground.view.runs.iter().filter(|r| r.schemes.contains_key(scheme.as_str()));
                if let Some(first) = runs.map(|r| r.as_of).min() {
                    all.push(format!("{since} > {}", date(first.date())));
                }
                all.extend(self.within(scheme, *days)?);
                all.join(" AND ")
            }
            Condition::Happened { what, kind, days, is, count } => {
                let column = SegmentColumn::Facts { what: *what, kind: kind.clone(), days: *days };
                // Without any record of the kind nothing is known of anybody.
                let found = match column.source(self.ground).is_some() {
                    true => format!("COALESCE({}, 0)", self.column(column, "BIGINT")),
                    // That nobody has ordered is known.
                    false if *what == FactTable::Orders => "CAST(0 AS BIGINT)".to_owned(),
                    false => "CAST(NULL AS BIGINT)".to_owned(),
                };
                let operand = Operand { sql: found, unit: Unit::Count };
                let (left, right) = operand.sides(&[Value::Number(*count)]);
                format!("{left} {} {}", is.sign(), right.concat())
            }
        })
    }

    /// The condition that a tier began at most so many days before the run.
    fn within(&mut self, scheme: &SchemeId, days: Option<u32>) -> Result<Option<String>, SegmentError> {
        let Some(days) = days else { return Ok(None) };
        let since = self.label(scheme, SegmentColumn::Since)?;
        Ok(Some(format!("{since} >= {}", date(days_before(self.ground.view.as_of(), days)))))
    }

    fn operand(&mut self, field: &Field) -> Result<Operand, SegmentError> {
        Ok(match field {
            Field::Scheme(id) => Operand { sql: self.label(id, SegmentColumn::Tier)?, unit: Unit::Text },
            Field::Metric(id) => {
                self.seen("metrics", id.as_str())?;
                let known = self.ground.view.run.metrics.contains_key(id.as_str());
                let metric = self.ground.view.catalogue.metrics.get(id).filter(|_| known);
                let unit = metric.map(|m| m.spec.unit).ok_or_else(|| self.not_computed(id.as_str()))?;
                let column = SegmentColumn::Metric { id: id.to_string(), is_text: unit == Unit::Text };
                Operand { sql: self.column(column, ""), unit }
            }
            Field::Profile(name) => {
                self.seen("customers", name)?;
                let kind = PROFILE.iter().find(|(field, _)| field == name).map(|(_, kind)| *kind);
                let is_date = kind == Some(ValueKind::Date);
                let column = SegmentColumn::Profile { field: name.clone(), is_text: !is_date };
                let (unit, data_type) = if is_date { (Unit::Time, "DATE") } else { (Unit::Text, "VARCHAR") };
                Operand { sql: self.column(column, data_type), unit }
            }
        })
    }

    /// That a column may be looked at.
    fn seen(&self, table: &str, column: &str) -> Result<(), SegmentError> {
        let view = self.ground.view;
        if self.ground.sees_all || view.sight(table, column) == Sight::Shown {
            return Ok(());
        }
        let is_masked = view.sight(table, column) == Sight::Masked;
        let shown: Vec<&str> = match table {
            "customers" => PROFILE.iter().map(|(field, _)| *field).collect(),
            "labels" => view.run.schemes.keys().map(String::as_str).collect(),
            _ => view.run.metrics.keys().map(String::as_str).collect(),
        };
        let is_shown = |name: &&str| table != "customers" || view.sight(table, name) == Sight::Shown;
        let shown = shown.into_iter().filter(is_shown).take(MOST_NAMED).collect::<Vec<_>>().join(", ");
        Err(SegmentError::NotShown { name: column.to_owned(), is_masked, shown })
    }

    fn label(
        &mut self,
        id: &SchemeId,
        column: impl Fn(SchemeId) -> SegmentColumn,
    ) -> Result<String, SegmentError> {
        self.seen("labels", &id.column())?;
        if !self.ground.view.run.schemes.contains_key(id.as_str()) {
            return Err(self.not_computed(id.as_str()));
        }
        Ok(self.column(column(id.clone()), ""))
    }

    fn not_computed(&self, name: &str) -> SegmentError {
        SegmentError::NotComputed { run: self.ground.view.run.id.to_string(), name: name.to_owned() }
    }

    /// The column by its name; null of a type, when nothing of its kind was ever brought in.
    fn column(&mut self, column: SegmentColumn, data_type: &str) -> String {
        if column.source(self.ground).is_none() {
            return format!("CAST(NULL AS {data_type})");
        }
        let name = ident(&column.name());
        self.columns.insert(column);
        name
    }
}

fn not(negated: bool) -> &'static str {
    if negated { " NOT" } else { "" }
}

/// Conditions joined, in groups of groups when there are many.
fn joined(parts: Vec<String>, word: &str, none: &str) -> String {
    match parts.len() {
        0 => none.to_owned(),
        1 => parts.concat(),
        few if few <= SIDE_BY_SIDE => format!("({})", parts.join(word)),
        many => {
            // The planner takes apart what is joined by one word and puts it in one long row again; it
            // does not look into `IS TRUE`, which makes no difference here, as null counts as false.
            let groups = parts.chunks(many.div_ceil(SIDE_BY_SIDE));
            let groups = groups.map(|group| format!("({} IS TRUE)", joined(group.to_vec(), word, none)));
            joined(groups.collect(), word, none)
        }
    }
}

/// A value of a customer as SQL, and what kind it is.
struct Operand {
    sql: String,
    unit: Unit,
}

impl Operand {
    /// The value and what it is compared with, of one type: the value's own wherever possible.
    fn sides(&self, values: &[Value]) -> (String, Vec<String>) {
        let fits = values.iter().all(|value| match (self.unit, value) {
            (Unit::Count, Value::Number(n)) => n.fract() == 0.0,
            (Unit::Money, Value::Number(n)) => n.abs() < 1e13 && digits(*n) <= 4,
            _ => true,
        });
        let left = match self.unit {
            Unit::Count | Unit::Money if !fits => format!("CAST({} AS DOUBLE)", self.sql),
            Unit::Time => format!("CAST({} AS DATE)", self.sql),
            _ => self.sql.clone(),
        };
        let right = values.iter().map(|value| match value {
            Value::Number(n) => match self.unit {
                Unit::Count if fits => format!("CAST({n} AS BIGINT)"),
                Unit::Money if fits => format!("CAST('{n}' AS DECIMAL(18,4))"),
                _ => double(*n),
            },
            Value::Text(value) => text(&value.to_lowercase()),
            Value::YesNo(yes) => yes.to_string(),
            Value::Date(day) => date(*day),
            Value::Tier(tier) => text(tier.as_str()),
        });
        (left, right.collect())
    }
}

/// Digits after the point.
fn digits(number: f64) -> usize {
    number.to_string().split_once('.').map_or(0, |(_, digits)| digits.len())
}
