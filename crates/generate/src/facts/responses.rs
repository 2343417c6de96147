//! Answers to NPS, CSAT and CES and to the built-in questionnaires.

use rand::RngExt;

use super::super::dice::{Dice, chance, dice, normal, pick};
use super::super::tables::Cells;
use super::character::Character;
use super::scene::Scene;
use super::surveys::{Question, Survey};
use super::{Portion, optional, shown};

const LEANING: u64 = 40;
const COMMENTS: [[&str; 3]; 2] = [
    ["Too slow and too dear", "Nobody answered my question", "I expected better quality"],
    ["Always a pleasure", "Quick delivery and good quality", "I recommend you to my friends"],
];

/// How many answers a customer gives, against others: many give none.
pub fn weight(who: &Character) -> f64 {
    // A fixed part of all never answers, whatever they are like otherwise.
    let answers = who.customer.wrapping_mul(0x9e37_79b9) >> 28 >= 6;
    if answers { 0.4 + who.energy.min(3.0) } else { 0.0 }
}

/// Writes a customer's answers, sheet by sheet.
pub fn write(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    let mut sheet = Sheet { who, at: 0, left: portion.count, cells };
    let first = dice.random_range(0..scene.surveys.len().max(1));
    for nth in 0.. {
        if sheet.left == 0 {
            break;
        }
        // Five bits of the second tell the sheets apart, so that none is answered twice at a time.
        sheet.at = (scene.time(dice, who.start, who.end) & !31) | (nth & 31);
        let round = (nth / 4) as usize;
        match (nth % 4, scene.surveys.is_empty()) {
            (0, _) => sheet.mood(dice, "nps", (0, 10), 7.2 + 2.3 * who.mood),
            (1, _) => sheet.mood(dice, "csat", (1, 5), 3.8 + 0.9 * who.mood),
            (3, _) if round.is_multiple_of(3) => sheet.mood(dice, "ces", (1, 7), 4.8 + 1.1 * who.mood),
            (_, true) => sheet.mood(dice, "csat", (1, 5), 3.8 + 0.9 * who.mood),
            (part, false) => {
                let which = (first + 2 * round + (part == 3) as usize) % scene.surveys.len();
                sheet.survey(dice, &scene.surveys[which], leaning(scene, who, which));
            }
        }
    }
    portion.count
}

/// The dimension of a questionnaire that a customer leans to; some lean to none.
fn leaning(scene: &Scene<'_>, who: &Character, which: usize) -> Option<usize> {
    let mut dice = dice(scene.people.seed(), LEANING + which as u64, who.customer.into());
    let dimension = dice.random_range(0..scene.surveys[which].dimensions.max(1));
    chance(&mut dice, 0.8).then_some(dimension)
}

/// Answers given at a time.
struct Sheet<'a> {
    who: &'a Character,
    at: u32,
    /// Answers that are still to be written.
    left: u64,
    cells: &'a mut dyn Cells,
}

impl Sheet<'_> {
    /// A single question on how pleased the customer is.
    fn mood(&mut self, dice: &mut Dice, survey: &str, (min, max): (i64, i64), pleased: f64) {
        let value = ((pleased + 0.6 * normal(dice)).round() as i64).clamp(min, max);
        let comment = chance(dice, 0.2).then(|| {
            let is_pleased = 2 * (value - min) > max - min;
            pick(dice, &COMMENTS[usize::from(is_pleased)])
        });
        self.answer(survey, "q1", value as f64, (min as f64, max as f64), comment);
    }

    /// A questionnaire, as far as there are answers left.
    fn survey(&mut self, dice: &mut Dice, survey: &Survey, leaning: Option<usize>) {
        for question in &survey.questions {
            let value = self.agreement(dice, question, leaning);
            self.answer(&survey.id, &question.id, value, (question.min, question.max), None);
        }
    }

    /// A step of the question's scale: those who lean to its dimension agree, the pleased rather than not.
    fn agreement(&self, dice: &mut Dice, question: &Question, leaning: Option<usize>) -> f64 {
        let lean = match leaning {
            Some(dimension) if dimension == question.dimension => 0.3,
            Some(_) => -0.12,
            None => 0.0,
        };
        let share = (0.52 + 0.15 * self.who.mood + lean + 0.12 * normal(dice)).clamp(0.0, 1.0);
        let share = if question.reverse { 1.0 - share } else { share };
        question.min + (share * (question.max - question.min)).round()
    }

    fn answer(&mut self, survey: &str, question: &str, value: f64, scale: (f64, f64), comment: Option<&str>) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let cells = &mut *self.cells;
        cells.id('C', shown(self.who.customer));
        cells.time(self.at);
        cells.text(survey);
        cells.text(question);
        for number in [value, scale.0, scale.1] {
            cells.number((number * 100.0).round() as i64);
        }
        optional(cells, comment);
        cells.end_row();
    }
}
