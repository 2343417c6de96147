//! What follows from a row's values taken together.

use clientele_model::spec::source::{Field, Grain};

use super::super::super::records::Check;
use super::super::super::records::words::stage_rank;
use super::super::super::rows::{NO_WORD, NONE, Vocabulary};
use super::super::super::surveys::scale_of;
use super::super::super::values::number::parse_number;
use super::super::super::values::text::{is_missing, tidy};
use super::super::row::Row;
use super::plan::Slot;
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
        if !self.cx.mapping.sheet.is_empty() {
            self.answers(row, words);
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

    fn word_of<'w>(&self, name: &str, words: &'w [Vocabulary]) -> Option<(usize, &'w str)> {
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
                !(is_missing(&cell) || is_zero || cell.eq_ignore_ascii_case("false"))
            });
            if holds {
                let code = words[slot].code(kind);
                self.variants.push(Variant { codes: [Some((slot, code)), None], ..Variant::default() });
            }
        }
    }

    /// The answers on a sheet.
    fn answers(&mut self, row: &mut Row<'a, '_>, words: &mut [Vocabulary]) {
        let slots = ["survey", "question"].map(|name| self.plan.slot(name));
        let [Some(Slot::Code(survey_slot)), Some(Slot::Code(question_slot))] = slots else { return };
        let given = self.codes[survey_slot];
        let cx = self.cx;
        for answer in &cx.mapping.sheet.0 {
            let (cell, _) = tidy(row.chunk.columns[answer.column].get(row.index));
            if is_missing(&cell) {
                continue;
            }
            row.tally.present[Field::Value as usize] += 1;
            let Ok((value, _)) = parse_number(&cell) else {
                row.fail_with(Rule::BadNumber, Field::Value, &cell);
                continue;
            };
            let survey = match (&answer.survey, given) {
                (Some(survey), NO_WORD) => words[survey_slot].code(survey),
                (_, given) => given,
            };
            let name = words[survey_slot].words().get(survey as usize).map_or("", |word| word);
            if name.is_empty() {
                row.fail(Rule::MissingValue, Field::Survey);
                continue;
            }
            let scale = self.scale(name, &answer.question);
            if scale.is_some_and(|(min, max)| value < min || value > max) {
                row.fail_with(Rule::OffScale, Field::Value, &cell);
                continue;
            }
            let question = words[question_slot].code(&answer.question);
            let num = |name: &str, value: i64| match self.plan.slot(name) {
                Some(Slot::Num(slot)) => Some((slot, value)),
                _ => None,
            };
            let (min, max) = scale.unwrap_or((NONE, NONE));
            self.variants.push(Variant {
                codes: [Some((survey_slot, survey)), Some((question_slot, question))],
                nums: [num("value", value), num("scale_min", min), num("scale_max", max)],
            });
        }
        if self.variants.is_empty() {
            row.fail(Rule::MissingValue, Field::Value);
        }
    }

    /// The scale of a question: the row's own, else the one that is known.
    fn scale(&self, survey: &str, question: &str) -> Option<(i64, i64)> {
        let (min, max) = (self.num("scale_min"), self.num("scale_max"));
        if min != NONE && max != NONE {
            return Some((min, max));
        }
        scale_of(&self.plan.questionnaires, survey, question)
    }

    /// The scale of an answer, and whether the answer lies on it.
    fn settle_scale(&mut self, row: &mut Row<'a, '_>, words: &[Vocabulary]) {
        let survey = self.word_of("survey", words).map_or("", |(_, word)| word);
        let question = self.word_of("question", words).map_or("", |(_, word)| word);
        let Some((min, max)) = self.scale(survey, question) else { return };
        for (name, value) in [("scale_min", min), ("scale_max", max)] {
            if let Some(Slot::Num(slot)) = self.plan.slot(name) {
                self.nums[slot] = value;
            }
        }
        let value = self.num("value");
        if value != NONE && (value < min || value > max) {
            row.fail(Rule::OffScale, Field::Value);
        }
    }
}
