//! Answers to questions: a sheet of them a row, or one a row.

use clientele_model::spec::source::Field;

use super::super::super::rows::{NO_WORD, NONE, Vocabulary};
use super::super::super::surveys::{Reply, asked};
use super::super::super::values::text::{is_missing, tidy};
use super::super::record_plan::Slot;
use super::super::row::{Fault, Row};
use super::reader::{Reader, Variant};
use crate::clean::Rule;

impl<'a> Reader<'a> {
    /// The answers on a sheet. One that cannot be right is refused alone, the others are taken.
    pub(super) fn answers(&mut self, row: &mut Row<'a, '_>, words: &mut [Vocabulary]) {
        let slots = ["survey", "question"].map(|name| self.plan.slot(name));
        let [Some(Slot::Code(survey_slot)), Some(Slot::Code(question_slot))] = slots else { return };
        let given = self.codes[survey_slot];
        let (cx, plan) = (self.cx, self.plan);
        for answer in &cx.mapping.sheet.0 {
            let (cell, _) = tidy(row.chunk.columns[answer.column].get(row.index));
            if is_missing(&cell) {
                continue;
            }
            row.tally.present[Field::Value as usize] += 1;
            let survey = match (&answer.survey, given) {
                (Some(survey), NO_WORD) => words[survey_slot].code(survey),
                (_, given) => given,
            };
            let name = words[survey_slot].words().get(survey as usize).map_or("", |word| word);
            if name.is_empty() {
                row.fail(Rule::MissingValue, Field::Survey);
                continue;
            }
            let asked = asked(&plan.questionnaires, name, &answer.question);
            let scale = self.own_scale().or(asked.scale());
            let is_off = |value: i64| scale.is_some_and(|(min, max)| value < min || value > max);
            let (value, reply) = match asked.reply(&cell) {
                Reply::Nothing => continue,
                Reply::Number(value) if !is_off(value) => (value, None),
                Reply::Words => {
                    self.replies.push(cell);
                    (NONE, Some(self.replies.len() - 1))
                }
                wrong @ (Reply::Number(_) | Reply::Wrong(_)) => {
                    let rule = if let Reply::Wrong(rule) = wrong { rule } else { Rule::OffScale };
                    let (field, column) = (Some(Field::Value), Some(cx.header[answer.column].clone()));
                    self.wrong.push(Fault { rule, field, value: cell.into_owned(), column });
                    continue;
                }
            };
            let (min, max) = match reply {
                None => scale.unwrap_or((NONE, NONE)),
                Some(_) => (NONE, NONE),
            };
            let num = |name: &str, value: i64| match plan.slot(name) {
                Some(Slot::Num(slot)) => Some((slot, value)),
                _ => None,
            };
            let question = words[question_slot].code(&answer.question);
            self.variants.push(Variant {
                codes: [Some((survey_slot, survey)), Some((question_slot, question))],
                nums: [num("value", value), num("scale_min", min), num("scale_max", max)],
                reply,
            });
        }
        self.settle_sheet(row);
    }

    /// What becomes of a sheet once its answers are read.
    fn settle_sheet(&mut self, row: &mut Row<'a, '_>) {
        if row.fault.is_some() {
            // The row comes back as a whole.
            self.wrong.clear();
            return;
        }
        if self.variants.is_empty() {
            match self.wrong.is_empty() {
                true => {
                    row.fail(Rule::MissingValue, Field::Value);
                }
                false => row.fault = Some(self.wrong.remove(0)),
            }
            return;
        }
        // The remark of the sheet stands with an answer that leaves its place free.
        self.variants.sort_by_key(|variant| variant.reply.is_some());
        if self.variants[0].reply.is_some() {
            self.keep_remark();
        }
    }

    /// The answer of a row with one, kept for [`Self::settle_reply`] where it is in words; whether
    /// there is any. Survey and question were read before.
    pub(super) fn answer(&mut self, row: &mut Row<'a, '_>, slot: usize, words: &[Vocabulary]) -> bool {
        let cell = row.answer(Field::Value);
        if cell.is_empty() {
            return false;
        }
        let survey = self.word_of("survey", words).map_or("", |(_, word)| word);
        let question = self.word_of("question", words).map_or("", |(_, word)| word);
        match asked(&self.plan.questionnaires, survey, question).reply(&cell) {
            Reply::Number(value) => self.nums[slot] = value,
            Reply::Words => self.replies.push(cell),
            Reply::Nothing => return false,
            Reply::Wrong(rule) => {
                row.fail(rule, Field::Value);
            }
        }
        true
    }

    /// Puts the answer in words of a row with one where texts stand.
    pub(super) fn settle_reply(&mut self) {
        if let (Some(slot), Some(reply)) = (self.plan.text, self.replies.pop()) {
            if self.texts[slot] != reply {
                self.keep_remark();
            }
            self.texts[slot] = reply;
        }
    }

    /// Keeps what stands beside an answer in words among the attributes.
    fn keep_remark(&mut self) {
        let remark = self.plan.text.map_or("", |slot| &*self.texts[slot]);
        if !remark.is_empty() {
            self.kept.push(("text", remark.to_owned()));
        }
    }

    /// The scale that the row itself brings.
    fn own_scale(&self) -> Option<(i64, i64)> {
        let (min, max) = (self.num("scale_min"), self.num("scale_max"));
        (min != NONE && max != NONE).then_some((min, max))
    }

    /// The scale of an answer, and whether the answer lies on it.
    pub(super) fn settle_scale(&mut self, row: &mut Row<'a, '_>, words: &[Vocabulary]) {
        let survey = self.word_of("survey", words).map_or("", |(_, word)| word);
        let question = self.word_of("question", words).map_or("", |(_, word)| word);
        let known = || asked(&self.plan.questionnaires, survey, question).scale();
        let Some((min, max)) = self.own_scale().or_else(known) else { return };
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
