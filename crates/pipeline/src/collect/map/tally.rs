//! What is counted while rows are read.

use std::collections::BTreeMap;

use clientele_model::spec::source::Field;

use super::super::rows::{NONE, Texts};
use super::super::values::number::ONE;
use super::super::values::text as note;
use super::super::values::text::Notes;
use crate::clean::{Example, Outcome, Rule};

const FIELDS: usize = Field::ALL.len();

/// How many examples of a rule are kept.
const EXAMPLES: usize = 5;

/// The rule behind each note.
const NOTED: [(Notes, Rule); 12] = [
    (note::WHITESPACE, Rule::Whitespace),
    (note::SPREADSHEET, Rule::Spreadsheet),
    (note::FULL_WIDTH, Rule::FullWidth),
    (note::NUMBER_SIGNS, Rule::NumberSigns),
    (note::FLOAT_ID, Rule::FloatId),
    (note::MASKED, Rule::Masked),
    (note::NAME, Rule::NameForm),
    (note::PHONE, Rule::PhoneForm),
    (note::BAD_PHONE, Rule::BadPhone),
    (note::ROUNDED, Rule::Rounded),
    (note::CONVERTED, Rule::Converted),
    (note::PERCENT, Rule::Percent),
];

/// Counts over rows. Tallies of chunks add up in file order.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Rows, good and bad.
    pub rows: u64,
    /// Of these, rows kept out on purpose.
    pub left_out: u64,
    /// Rows of other kinds, for other tables: not among the rows.
    pub elsewhere: u64,
    /// Rows with a value, by field.
    pub present: [u64; FIELDS],
    /// Rows by rule.
    pub rules: BTreeMap<Rule, (u64, Vec<Example>)>,
    /// Accepted rows with a value written differently.
    pub changed: u64,
    /// Rows with a time before 1970.
    pub early: u64,
    /// Rows without a customer.
    pub without_customer: u64,
    /// Rows of credit notes, returns and cancellations.
    pub cancellations: u64,
    /// The sum of all amounts, in ten-thousandths.
    pub control_sum: i128,
    /// The first and last time.
    pub first_at: i64,
    pub last_at: i64,
    /// The least and the greatest id of accepted records, as texts.
    pub ids: Option<(String, String)>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally {
            rows: 0,
            left_out: 0,
            elsewhere: 0,
            present: [0; FIELDS],
            rules: BTreeMap::new(),
            changed: 0,
            early: 0,
            without_customer: 0,
            cancellations: 0,
            control_sum: 0,
            first_at: i64::MAX,
            last_at: NONE,
            ids: None,
        }
    }
}

impl Tally {
    /// Counts a rule once.
    pub fn count(&mut self, rule: Rule, example: impl FnOnce() -> Example) {
        let (count, examples) = self.rules.entry(rule).or_default();
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(example());
        }
    }

    /// Counts a row's notes; `seen` are those that were counted for the row already.
    #[cold]
    pub fn note(&mut self, notes: Notes, seen: &mut Notes, example: impl Fn() -> Example) {
        for (bit, rule) in NOTED {
            if notes & bit != 0 && *seen & bit == 0 {
                self.count(rule, &example);
            }
        }
        *seen |= notes;
    }

    /// Whether notes mean that a value was written differently.
    pub fn is_change(notes: Notes) -> bool {
        NOTED.iter().any(|(bit, rule)| notes & bit != 0 && rule.outcome() == Outcome::Changed)
    }

    /// Takes account of a time.
    #[inline]
    pub fn time(&mut self, at: i64) {
        self.early += u64::from(at < 0);
        self.first_at = self.first_at.min(at);
        self.last_at = self.last_at.max(at);
    }

    /// Takes account of the ids of records.
    pub fn ids(&mut self, ids: &Texts) {
        if ids.len() == 0 {
            return;
        }
        let (mut least, mut greatest) = (ids.get(0), ids.get(0));
        for index in 1..ids.len() {
            let id = ids.get(index);
            least = least.min(id);
            greatest = greatest.max(id);
        }
        self.take_range(least, greatest);
    }

    fn take_range(&mut self, least: &str, greatest: &str) {
        match &mut self.ids {
            None => self.ids = Some((least.to_owned(), greatest.to_owned())),
            Some((low, high)) => {
                if least < low.as_str() {
                    *low = least.to_owned();
                }
                if greatest > high.as_str() {
                    *high = greatest.to_owned();
                }
            }
        }
    }

    /// Adds the counts of rows that follow.
    pub fn add(&mut self, other: Tally) {
        self.rows += other.rows;
        self.left_out += other.left_out;
        self.elsewhere += other.elsewhere;
        for (mine, theirs) in self.present.iter_mut().zip(other.present) {
            *mine += theirs;
        }
        for (rule, (count, examples)) in other.rules {
            let (mine, kept) = self.rules.entry(rule).or_default();
            *mine += count;
            let room = EXAMPLES.saturating_sub(kept.len());
            kept.extend(examples.into_iter().take(room));
        }
        self.changed += other.changed;
        self.early += other.early;
        self.without_customer += other.without_customer;
        self.cancellations += other.cancellations;
        self.control_sum += other.control_sum;
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
        if let Some((least, greatest)) = other.ids {
            self.take_range(&least, &greatest);
        }
    }

    /// The sum of all amounts in whole units, as a decimal number.
    pub fn control_sum_text(&self) -> String {
        debug_assert_eq!(ONE, 10_000);
        super::super::values::number::write_number(self.control_sum)
    }
}
