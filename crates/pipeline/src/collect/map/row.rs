//! The cells of one row, read one by one.

use std::borrow::Cow;

use clientele_model::spec::source::{Field, FieldKind, OrderStatus};
use clientele_read::TextChunk;

use super::super::mapping::{Feed, OTHER_KEYS, Piece};
use super::super::rows::{NONE, Vocabulary};
use super::super::values::number::{NumberFault, parse_number};
use super::super::values::text::{FLOAT_ID, MASKED, Notes, is_masked, is_missing, tidy, without_float_tail};
use super::super::values::time::parse_time;
use super::blank::{is_blank, may_be_masked};
use super::json::{push_json, push_typed};
use super::memory::{StatusMemory, WordMemory};
use super::{MapContext, Rejected, Tally};
use crate::clean::{Example, Rule};

/// Why a row cannot be taken.
#[derive(Debug)]
pub struct Fault {
    pub rule: Rule,
    pub field: Option<Field>,
    pub value: String,
    /// The column to blame, where the field alone does not tell: in sheets of answers.
    pub column: Option<String>,
}

/// Reads the cells of one row. The first fault counts; reading goes on for the totals.
pub struct Row<'a, 't> {
    pub cx: &'a MapContext,
    pub chunk: &'a TextChunk,
    pub tally: &'t mut Tally,
    pub index: usize,
    pub notes: Notes,
    pub fault: Option<Fault>,
}

impl<'a, 't> Row<'a, 't> {
    /// Starts a row.
    pub fn new(cx: &'a MapContext, chunk: &'a TextChunk, tally: &'t mut Tally, index: usize) -> Self {
        tally.rows += 1;
        Row { cx, chunk, tally, index, notes: 0, fault: None }
    }

    /// What stands in the column or columns of a field.
    pub fn raw(&self, field: Field) -> Option<Cow<'a, str>> {
        match self.cx.feed(field)? {
            Feed::Column(at) => Some(Cow::Borrowed(self.chunk.columns[*at].get(self.index))),
            Feed::Join(columns) => {
                let parts = columns.iter().map(|&at| self.chunk.columns[at].get(self.index).trim());
                let parts: Vec<&str> = parts.filter(|part| !is_blank(field, part)).collect();
                Some(Cow::Owned(parts.join(" ")))
            }
            Feed::First(columns) => {
                let cells = columns.iter().map(|&at| self.chunk.columns[at].get(self.index));
                Some(Cow::Borrowed(
                    cells.into_iter().find(|cell| !is_blank(field, cell.trim())).unwrap_or(""),
                ))
            }
            Feed::Template(pieces) => Some(self.composed(field, pieces)),
            Feed::Constant(value) => Some(Cow::Borrowed(value)),
        }
    }

    fn composed(&self, field: Field, pieces: &[Piece]) -> Cow<'a, str> {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Column(at) => {
                    let cell = self.chunk.columns[*at].get(self.index).trim();
                    if is_blank(field, cell) {
                        return Cow::Borrowed("");
                    }
                    out.push_str(cell);
                }
            }
        }
        Cow::Owned(out)
    }

    /// The cell of a field as it stands, unwrapped and trimmed.
    #[inline]
    fn tidied(&self, field: Field) -> (Cow<'a, str>, Notes) {
        match self.raw(field) {
            None => (Cow::Borrowed(""), 0),
            Some(Cow::Borrowed(raw)) => tidy(raw),
            Some(Cow::Owned(raw)) => {
                let (text, notes) = tidy(&raw);
                (Cow::Owned(text.into_owned()), notes)
            }
        }
    }

    /// The cell of a field in which words may stand beside numbers, clean; empty when it is missing.
    pub fn answer(&mut self, field: Field) -> Cow<'a, str> {
        let (text, notes) = self.tidied(field);
        if is_missing(&text) {
            return Cow::Borrowed("");
        }
        self.tally.present[field as usize] += 1;
        if notes != 0 {
            self.note(notes, field);
        }
        text
    }

    /// The cell of a field, clean; empty when it is missing.
    #[inline]
    pub fn text(&mut self, field: Field) -> Cow<'a, str> {
        let (mut text, mut notes) = self.tidied(field);
        if is_blank(field, &text) {
            return Cow::Borrowed("");
        }
        if field.kind() == FieldKind::Id
            && let Some(whole) = without_float_tail(&text)
        {
            text = Cow::Owned(whole.to_owned());
            notes |= FLOAT_ID;
        }
        if field.kind() != FieldKind::Number && is_masked(&text) && may_be_masked(field) {
            notes |= MASKED;
            text = Cow::Borrowed("");
        } else {
            self.tally.present[field as usize] += 1;
        }
        if notes != 0 {
            self.note(notes, field);
        }
        text
    }

    /// The code of a field's word. Most cells repeat one that was met as it stands before.
    #[inline]
    pub fn word(&mut self, field: Field, memory: &mut WordMemory<'a>, words: &mut Vocabulary) -> u32 {
        let Some(Feed::Column(at)) = self.cx.feed(field) else { return words.code(&self.text(field)) };
        let raw = self.chunk.columns[*at].get(self.index);
        let place = memory.place(raw);
        if let Some((known, code)) = memory.0[place]
            && known == raw
        {
            self.tally.present[field as usize] += 1;
            return code;
        }
        let text = self.text(field);
        let code = words.code(&text);
        if !text.is_empty() && text == raw {
            memory.0[place] = Some((raw, code));
        }
        code
    }

    /// The customer's id: from its column, or made from the row's number; empty when there is none.
    #[inline]
    pub fn customer(&mut self) -> Cow<'a, str> {
        match &self.cx.layout.customer_id_from_row {
            Some(prefix) if !self.cx.mapping.has(Field::CustomerId) => {
                Cow::Owned(format!("{prefix}{}", self.chunk.row_number(self.index)))
            }
            _ => self.text(Field::CustomerId),
        }
    }

    /// Notes what was done to a field's cell.
    #[cold]
    pub fn note(&mut self, notes: Notes, field: Field) {
        let row = self.chunk.row_number(self.index);
        let value = self.raw(field).unwrap_or_default().into_owned();
        let example = || Example { row, field: Some(field.name().to_owned()), value: value.clone() };
        self.tally.note(notes, &mut self.notes, example);
    }

    /// The number of a field; [`NONE`] when it is missing or none.
    #[inline]
    pub fn number(&mut self, field: Field) -> i64 {
        if self.cx.feed(field).is_none() {
            return NONE;
        }
        let text = self.text(field);
        if text.is_empty() {
            return NONE;
        }
        match parse_number(&text) {
            Ok((value, notes)) => {
                if notes != 0 {
                    self.note(notes, field);
                }
                value
            }
            Err(NumberFault::NotANumber) => self.fail(Rule::BadNumber, field),
            Err(NumberFault::Absurd) => self.fail(Rule::AbsurdNumber, field),
        }
    }

    /// The time of a field that matters; [`NONE`] when it is missing or none.
    #[inline]
    pub fn time(&mut self, field: Field) -> i64 {
        let text = self.text(field);
        if text.is_empty() {
            return NONE;
        }
        match parse_time(&text, &self.cx.time) {
            Some(at) if at > self.cx.latest => self.fail(Rule::FutureDate, field),
            Some(at) => at,
            None => self.fail(Rule::BadDate, field),
        }
    }

    /// The time of a field that may be left out when it cannot be read.
    pub fn optional_time(&mut self, field: Field) -> i64 {
        let text = self.text(field);
        if text.is_empty() {
            return NONE;
        }
        parse_time(&text, &self.cx.time).unwrap_or_else(|| {
            let row = self.chunk.row_number(self.index);
            let field = Some(field.name().to_owned());
            self.tally.count(Rule::BadOptionalDate, || Example { row, field, value: text.into_owned() });
            NONE
        })
    }

    /// The state of the order; `None` when the cell is empty or there is no such column.
    pub fn status(&mut self, memory: &mut StatusMemory<'a>) -> Option<OrderStatus> {
        // Most cells repeat the word of an earlier one: those need no cleaning.
        if let Some(Feed::Column(at)) = self.cx.feed(Field::Status) {
            let raw = self.chunk.columns[*at].get(self.index);
            if let Some((_, known)) = memory.0.iter().find(|(word, _)| *word == raw) {
                self.tally.present[Field::Status as usize] += 1;
                return Some(*known);
            }
            let before = self.notes;
            let text = self.text(Field::Status);
            if text.is_empty() {
                return None;
            }
            let found = self.cx.status(&text);
            match found {
                Some(status) if self.notes == before && memory.0.len() < 16 => memory.0.push((raw, status)),
                Some(_) => {}
                None => {
                    self.fail(Rule::UnknownStatus, Field::Status);
                }
            }
            return found;
        }
        None
    }

    /// Marks the row as faulty because of a field; gives [`NONE`] for the value.
    #[cold]
    pub fn fail(&mut self, rule: Rule, field: Field) -> i64 {
        if self.fault.is_none() {
            let value = self.raw(field).unwrap_or_default().into_owned();
            self.fault = Some(Fault { rule, field: Some(field), value, column: None });
        }
        NONE
    }

    /// The unmapped columns as a JSON object; empty when none has a value.
    pub fn attributes(&self) -> String {
        let mut out = String::new();
        for (at, name) in &self.cx.mapping.extras {
            let (text, _) = tidy(self.chunk.columns[*at].get(self.index));
            if is_missing(&text) {
                continue;
            }
            out.push(if out.is_empty() { '{' } else { ',' });
            push_json(&mut out, name);
            out.push(':');
            push_json(&mut out, &text);
        }
        if !out.is_empty() {
            out.push('}');
        }
        out
    }

    /// The unmapped columns and some more values as a JSON object in which numbers are numbers and
    /// truth values truth values; empty when none has a value.
    pub fn typed_attributes(&self, more: &[(&str, String)]) -> String {
        let mut out = String::new();
        let mut add = |name: &str, text: &str| {
            out.push(if out.is_empty() { '{' } else { ',' });
            push_json(&mut out, name);
            out.push(':');
            push_typed(&mut out, text);
        };
        for (at, name) in &self.cx.mapping.extras {
            let (text, _) = tidy(self.chunk.columns[*at].get(self.index));
            if is_missing(&text) {
                continue;
            }
            match name.trim_end_matches('_') == OTHER_KEYS {
                false => add(name, &text),
                true => self.other_keys(&text, &mut add),
            }
        }
        for (name, text) in more {
            add(name, text);
        }
        if !out.is_empty() {
            out.push('}');
        }
        out
    }

    /// Adds what a line of JSON has beyond the keys of the first lines.
    #[cold]
    fn other_keys(&self, object: &str, add: &mut impl FnMut(&str, &str)) {
        let Ok(serde_json::Value::Object(object)) = serde_json::from_str(object) else { return };
        for (key, value) in &object {
            let name = match &self.cx.layout.attribute_prefix {
                Some(prefix) => key.strip_prefix(prefix.as_str()),
                None => Some(key.as_str()),
            };
            if let (Some(name), Some(text)) = (name, value.as_str())
                && !is_missing(text)
            {
                add(name, text);
            }
        }
    }

    /// What goes to quarantine for a fault: the row, and what is wrong with it.
    pub fn rejected(&mut self, fault: Fault, id: Option<u128>, customer: &str) -> Rejected {
        let row = self.chunk.row_number(self.index);
        let place = || fault.column.clone().or_else(|| fault.field.map(|f| f.name().to_owned()));
        self.tally.count(fault.rule, || Example { row, field: place(), value: fault.value.clone() });
        let order = match fault.rule {
            Rule::MissingCustomer => {
                self.raw(Field::OrderId).map_or_else(String::new, |id| tidy(&id).0.into_owned())
            }
            _ => String::new(),
        };
        Rejected {
            order,
            row,
            rule: fault.rule,
            field: fault.field,
            raw: raw_row(&self.cx.header, self.chunk, self.index),
            value: fault.value,
            column: fault.column,
            is_part: false,
            detail: None,
            id,
            customer: (!customer.is_empty()).then(|| self.cx.id_hash(customer)),
        }
    }
}

/// A row as a JSON object, column name → text as it stands.
pub fn raw_row(header: &[String], chunk: &TextChunk, index: usize) -> String {
    let mut out = String::from("{");
    for (name, column) in header.iter().zip(&chunk.columns) {
        if out.len() > 1 {
            out.push(',');
        }
        push_json(&mut out, name);
        out.push(':');
        push_json(&mut out, column.get(index));
    }
    out.push('}');
    out
}
