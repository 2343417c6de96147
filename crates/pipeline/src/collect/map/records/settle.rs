//! What follows from a row's values taken together.

use clientele_model::spec::source::{Field, Grain};

use super::super::super::records::Check;
use super::super::super::records::words::stage_rank;
use super::super::super::rows::{NONE, Vocabulary};
use super::super::super::values::number::parse_number;
use super::super::super::values::text::{is_nothing, tidy};
use super::super::record_plan::Slot;
use super::super::row::Row;
use super::reader::{Reader, Variant};
use crate::clean::{Example, Rule};

impl<'a> Reader<'a> {
    /// Fills in what follows from other columns, makes the records of rows that stand for several,
    /// and checks what columns must agree on.
    pub fn settle(&mut self, row: &mut Row<'a, '_>, customer: &str, words: &mut [Vocabulary]) {
        let table = self.plan.table;
        match table.grain {
            Grain::Opportunity => self.settle_opportunity(words),
            Grain::Ticket => self.settle_ticket(words),
            _ => {}
        }
        if !self.cx.mapping.emits.is_empty() {
            self.emit(row, words);
        }
        if self.cx.mapping.has(Field::Currency) {
            self.convert(row);
        }
        match self.cx.mapping.sheet.is_empty() {
            true => self.settle_reply(),
            false => self.answers(row, words),
        }
        for check in table.checks {
            match *check {
                Check::Order(first, second) => {
                    if self.is_before(second, first) {
                        let field = table.column(second).map_or(Field::ClosedAt, |column| column.field);
                        row.fail(Rule::EndBeforeStart, field);
                    }
                }
                Check::LikelyOrder(first, second) => {
                    if self.is_before(second, first) {
                        self.mention(row, Rule::LateResponse, Field::ClosedAt);
                    }
                }
                Check::NotOneself(name) => {
                    let other = match self.plan.slot(name) {
                        Some(Slot::Text(slot)) => &*self.texts[slot],
                        _ => "",
                    };
                    if !customer.is_empty() && other == customer {
                        row.fail(Rule::SelfRelation, Field::ToId);
                    }
                }
                Check::OnScale if self.variants.is_empty() => self.settle_scale(row, words),
                Check::OnScale => {}
            }
        }
    }

    /// Whether a time is before another; not where one is missing.
    fn is_before(&self, early: &str, late: &str) -> bool {
        let (early, late) = (self.num(early), self.num(late));
        early != NONE && late != NONE && early < late
    }

    fn mention(&self, row: &mut Row<'a, '_>, rule: Rule, field: Field) {
        let number = row.chunk.row_number(row.index);
        let value = row.raw(field).unwrap_or_default().into_owned();
        let name = Some(field.name().to_owned());
        row.tally.count(rule, || Example { row: number, field: name, value });
    }

    pub(super) fn word_of<'w>(&self, name: &str, words: &'w [Vocabulary]) -> Option<(usize, &'w str)> {
        let Some(Slot::Code(slot)) = self.plan.slot(name) else { return None };
        let word = words[slot].words().get(self.codes[slot] as usize);
        Some((slot, word.map_or("", |word| word)))
    }

    /// How far the stage is, and how the opportunity ended where nothing says so.
    fn settle_opportunity(&mut self, words: &mut [Vocabulary]) {
        let Some((_, stage)) = self.word_of("stage", words) else { return };
        let rank = stage_rank(stage).unwrap_or(NONE);
        let ended = match stage {
            "won" => "won",
            "lost" => "lost",
            _ => "open",
        };
        if let Some(Slot::Num(slot)) = self.plan.slot("stage_rank") {
            self.nums[slot] = rank;
        }
        if let Some((slot, "")) = self.word_of("outcome", words) {
            self.codes[slot] = words[slot].code(ended);
        }
    }

    /// A ticket that says nothing of its state is closed once it has a closing time.
    fn settle_ticket(&mut self, words: &mut [Vocabulary]) {
        if let Some((slot, "")) = self.word_of("status", words) {
            let status = if self.num("closed_at") == NONE { "open" } else { "closed" };
            self.codes[slot] = words[slot].code(status);
        }
    }

    /// The events that the row stands for.
    fn emit(&mut self, row: &Row<'a, '_>, words: &mut [Vocabulary]) {
        let Some(Slot::Code(slot)) = self.plan.slot("kind") else { return };
        for (kind, when) in &self.cx.mapping.emits {
            let holds = when.is_none_or(|at| {
                let (cell, _) = tidy(row.chunk.columns[at].get(row.index));
                let is_zero = parse_number(&cell).is_ok_and(|(value, _)| value == 0);
                !(is_nothing(&cell) || is_zero || cell.eq_ignore_ascii_case("false"))
            });
            if holds {
                let code = words[slot].code(kind);
                self.variants.push(Variant { codes: [Some((slot, code)), None], ..Variant::default() });
            }
        }
    }
}
