//! One row of a file of facts → the values of one or several records.

use std::borrow::Cow;

use clientele_model::spec::source::Field;
use rustc_hash::FxHashMap;

use super::super::super::mapping::Feed;
use super::super::super::records::words::Otherwise;
use super::super::super::records::{ColumnKind, Limits};
use super::super::super::rows::{NO_WORD, NONE, Rows, Vocabulary};
use super::super::super::values::number::{ONE, parse_number};
use super::super::super::values::text::{PERCENT, is_nothing};
use super::super::super::values::time::to_day;
use super::super::MapContext;
use super::super::record_plan::{Reading, RecordPlan, Slot};
use super::super::row::{Fault, Row};
use crate::clean::{Example, Rule};

/// Reads rows one after the other; the memory of one row serves the next.
pub struct Reader<'a> {
    pub cx: &'a MapContext,
    pub plan: &'a RecordPlan,
    pub id: Cow<'a, str>,
    pub at: i64,
    pub nums: Vec<i64>,
    pub codes: Vec<u32>,
    pub texts: Vec<Cow<'a, str>>,
    /// The money of the row, for the control sum.
    pub money: i64,
    /// What further records of the row have instead: columns and values.
    pub variants: Vec<Variant>,
    /// Words that go to the attributes.
    pub kept: Vec<(&'static str, String)>,
    /// Answers in words of the row.
    pub replies: Vec<Cow<'a, str>>,
    /// Answers that are refused while the rest of the row is taken.
    pub wrong: Vec<Fault>,
    /// Codes of cells that were met in this chunk and needed no cleaning, by column of codes.
    memory: Vec<FxHashMap<&'a str, u32>>,
}

/// What a record of a row has that the row's other records have not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Variant {
    pub codes: [Option<(usize, u32)>; 2],
    pub nums: [Option<(usize, i64)>; 3],
    /// An answer in words: its place in [`Reader::replies`].
    pub reply: Option<usize>,
}

/// A record that is ready.
pub struct Record<'r, 'a> {
    pub plan: &'a RecordPlan,
    reader: &'r Reader<'a>,
    variant: Variant,
    is_first: bool,
}

impl<'a> Reader<'a> {
    /// A reader for a chunk.
    pub fn new(cx: &'a MapContext, plan: &'a RecordPlan) -> Self {
        let shape = &cx.shape;
        Reader {
            cx,
            plan,
            id: Cow::Borrowed(""),
            at: NONE,
            nums: vec![NONE; shape.nums.len()],
            codes: vec![NO_WORD; shape.codes.len()],
            texts: vec![Cow::Borrowed(""); shape.texts.len()],
            money: 0,
            variants: Vec::new(),
            kept: Vec::new(),
            replies: Vec::new(),
            wrong: Vec::new(),
            memory: shape.codes.iter().map(|_| FxHashMap::default()).collect(),
        }
    }

    /// Reads a row. What is wrong with it stands in the row afterwards.
    pub fn read(&mut self, row: &mut Row<'a, '_>, customer: &str, words: &mut [Vocabulary]) {
        self.id = Cow::Borrowed("");
        self.at = NONE;
        self.money = 0;
        self.variants.clear();
        self.kept.clear();
        self.replies.clear();
        self.wrong.clear();
        self.nums.fill(NONE);
        self.codes.fill(NO_WORD);
        let plan = self.plan;
        for reading in &plan.readings {
            let field = reading.column.field;
            let is_there = match reading.slot {
                Slot::Code(slot) => {
                    self.codes[slot] = self.word(row, reading, slot, &mut words[slot]);
                    self.codes[slot] != NO_WORD
                }
                Slot::Text(slot) => {
                    self.texts[slot] = row.text(field);
                    !self.texts[slot].is_empty()
                }
                Slot::Id => {
                    self.id = row.text(field);
                    !self.id.is_empty()
                }
                Slot::At => {
                    self.at = number(row, reading, plan.percent);
                    self.at != NONE
                }
                Slot::Num(slot) if plan.is_answer(reading.column) => self.answer(row, slot, words),
                Slot::Num(slot) => {
                    let value = number(row, reading, plan.percent);
                    self.nums[slot] = value;
                    if matches!(reading.column.kind, ColumnKind::Money(_)) && value != NONE {
                        self.money = value;
                    }
                    value != NONE
                }
            };
            if !is_there && reading.column.required && self.cx.mapping.has(field) {
                let is_time = matches!(reading.column.kind, ColumnKind::Past | ColumnKind::Time);
                row.fail(if is_time { Rule::MissingTime } else { Rule::MissingValue }, field);
            }
        }
        self.settle(row, customer, words);
        if let Some(slot) = plan.attributes {
            self.texts[slot] = Cow::Owned(row.typed_attributes(&self.kept));
        }
    }

    /// The code of our word for what stands in a column.
    fn word(
        &mut self,
        row: &mut Row<'a, '_>,
        reading: &'a Reading,
        slot: usize,
        words: &mut Vocabulary,
    ) -> u32 {
        let field = reading.column.field;
        let raw = match self.cx.feed(field) {
            Some(Feed::Column(at)) => Some(row.chunk.columns[*at].get(row.index)),
            Some(_) => None,
            None => return NO_WORD,
        };
        if let Some(code) = raw.and_then(|raw| self.memory[slot].get(raw)) {
            row.tally.present[field as usize] += u64::from(*code != NO_WORD);
            return *code;
        }
        let before = row.notes;
        let text = row.text(field);
        if text.is_empty() {
            return NO_WORD;
        }
        let known = reading.book.as_ref().and_then(|book| book.known(&text));
        let otherwise = reading.book.as_ref().map_or(Otherwise::Keep, |book| book.otherwise);
        let code = match (known, otherwise) {
            (Some(word), _) => words.code(word),
            (None, Otherwise::Keep) => words.code(&text),
            // Where only our words count, a word for nothing is an empty cell.
            (None, Otherwise::Refuse(_)) if is_nothing(&text) => return NO_WORD,
            (None, Otherwise::Refuse(rule)) => {
                row.fail(rule, field);
                return NO_WORD;
            }
            (None, Otherwise::Other | Otherwise::Leave) => {
                let (number, value) = (row.chunk.row_number(row.index), text.clone().into_owned());
                let name = Some(field.name().to_owned());
                row.tally.count(Rule::UnknownWord, || Example { row: number, field: name, value });
                self.kept.push((reading.column.name, text.into_owned()));
                return if otherwise == Otherwise::Other { words.code("other") } else { NO_WORD };
            }
        };
        if let Some(raw) = raw
            && row.notes == before
        {
            self.memory[slot].insert(raw, code);
        }
        code
    }

    /// Hands over the records of the row that was read.
    pub fn records(&self, mut each: impl FnMut(&Record<'_, 'a>)) {
        let plan = self.plan;
        if self.variants.is_empty() {
            each(&Record { plan, reader: self, variant: Variant::default(), is_first: true });
        }
        for (at, variant) in self.variants.iter().enumerate() {
            each(&Record { plan, reader: self, variant: *variant, is_first: at == 0 });
        }
    }

    /// The value of a column of numbers.
    pub fn num(&self, name: &str) -> i64 {
        match self.plan.slot(name) {
            Some(Slot::At) => self.at,
            Some(Slot::Num(slot)) => self.nums[slot],
            _ => NONE,
        }
    }
}

/// The number or time of a column, in its own unit; [`NONE`] when it is missing or wrong.
fn number(row: &mut Row<'_, '_>, reading: &Reading, percent: bool) -> i64 {
    let field = reading.column.field;
    if row.cx.feed(field).is_none() {
        return NONE;
    }
    match reading.column.kind {
        ColumnKind::Past => row.time(field),
        ColumnKind::Time => row.optional_time(field),
        ColumnKind::Day => match row.optional_time(field) {
            NONE => NONE,
            at => to_day(at),
        },
        ColumnKind::Money(limits) | ColumnKind::Double(limits) => within(row, field, limits),
        ColumnKind::Share => share(row, field, percent),
        ColumnKind::Count => match row.number(field) {
            NONE => NONE,
            value if value < 0 => row.fail(Rule::NegativeValue, field),
            value if value % ONE != 0 => row.fail(Rule::BadNumber, field),
            value => value / ONE,
        },
        ColumnKind::Id | ColumnKind::Text | ColumnKind::Word(_) | ColumnKind::Rank => NONE,
    }
}

fn within(row: &mut Row<'_, '_>, field: Field, limits: Limits) -> i64 {
    let value = row.number(field);
    let is_within = value >= limits.min.saturating_mul(ONE) && value <= limits.max.saturating_mul(ONE);
    if value == NONE || is_within { value } else { row.fail(limits.rule, field) }
}

/// A share of one from a share or a percentage.
fn share(row: &mut Row<'_, '_>, field: Field, percent: bool) -> i64 {
    let text = row.text(field);
    if text.is_empty() {
        return NONE;
    }
    let figures = text.strip_suffix(['%', '％']).map(str::trim_end);
    let Ok((value, _)) = parse_number(figures.unwrap_or(&text)) else {
        return row.fail(Rule::BadNumber, field);
    };
    let is_percent = figures.is_some() || percent || value > ONE;
    if value < 0 || value > ONE * if is_percent { 100 } else { 1 } {
        return row.fail(Rule::BadShare, field);
    }
    if !is_percent {
        return value;
    }
    row.note(PERCENT, field);
    (value + 50) / 100
}

impl Record<'_, '_> {
    /// Appends the record's values.
    pub fn push(&self, rows: &mut Rows) {
        let reader = self.reader;
        rows.at.push(reader.at);
        rows.id.push(&reader.id);
        for (column, value) in rows.nums.iter_mut().zip(&reader.nums) {
            column.push(*value);
        }
        for (column, code) in rows.codes.iter_mut().zip(&reader.codes) {
            column.push(*code);
        }
        let reply = self.variant.reply.and_then(|at| reader.replies.get(at));
        for (slot, (column, text)) in rows.texts.iter_mut().zip(&reader.texts).enumerate() {
            let is_text = self.plan.text == Some(slot);
            column.push(match reply {
                Some(reply) if is_text => reply,
                // What a sheet says in words, and beside, stands with its first answer only.
                _ if !self.is_first && (is_text || self.plan.attributes == Some(slot)) => "",
                _ => text,
            });
        }
        for (slot, code) in self.variant.codes.iter().flatten() {
            if let Some(last) = rows.codes[*slot].last_mut() {
                *last = *code;
            }
        }
        for (slot, value) in self.variant.nums.iter().flatten() {
            if let Some(last) = rows.nums[*slot].last_mut() {
                *last = *value;
            }
        }
    }
}
