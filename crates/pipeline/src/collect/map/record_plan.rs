//! How the columns of a table of facts are read from a file.

use clientele_model::spec::questionnaire::Questionnaire;
use clientele_model::spec::source::{Field, Grain, SourceLayout};

use super::super::mapping::Mapping;
use super::super::records::words::Otherwise;
use super::super::records::{ATTRIBUTES, ColumnKind, FactColumn, OCCURRENCE, RecordTable};
use super::super::rows::content::ContentPlan;
use super::super::rows::{NumKind, Shape};
use super::word_book::WordBook;

/// Where the value of a column goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    At,
    Id,
    Num(usize),
    Code(usize),
    Text(usize),
}

/// A column that a file fills.
#[derive(Debug)]
pub struct Reading {
    pub column: &'static FactColumn,
    pub slot: Slot,
    /// For columns of words, what they mean here.
    pub book: Option<WordBook>,
}

/// What reading a file of facts needs to know.
#[derive(Debug)]
pub struct RecordPlan {
    pub table: &'static RecordTable,
    pub readings: Vec<Reading>,
    /// Tells records without id apart.
    pub identity: ContentPlan,
    /// Where numbers of records that are alike go.
    pub occurrence: Option<usize>,
    /// Where the attributes go.
    pub attributes: Option<usize>,
    /// Where texts and answers in words go.
    pub text: Option<usize>,
    /// Where money goes.
    pub money: Vec<usize>,
    /// Shares of the file are percentages.
    pub percent: bool,
    pub questionnaires: Vec<Questionnaire>,
}

/// Whether a column is filled: by a field, or by what follows from others.
fn is_filled(table: &RecordTable, layout: &SourceLayout, mapping: &Mapping, column: &FactColumn) -> bool {
    let is_made = match column.name {
        "kind" => !layout.emit.is_empty(),
        "stage_rank" | "outcome" => table.grain == Grain::Opportunity,
        "status" => table.grain == Grain::Ticket,
        "scale_min" | "scale_max" => true,
        "survey" | "question" | "value" => layout.is_wide(),
        // Questions may be answered in words.
        "text" => table.grain == Grain::Response,
        name => name == table.at,
    };
    is_made || mapping.has(column.field)
}

/// Whether values of a file may have to be kept among the attributes: words that are not known, what
/// money was in another currency, remarks beside answers in words.
fn keeps_words(table: &RecordTable, mapping: &Mapping) -> bool {
    if mapping.has(Field::Currency) || table.grain == Grain::Response && mapping.has(Field::Text) {
        return true;
    }
    table.columns.iter().any(|column| match column.kind {
        ColumnKind::Word(words) => {
            mapping.has(column.field) && matches!(words.otherwise, Otherwise::Other | Otherwise::Leave)
        }
        _ => false,
    })
}

/// The columns that facts of a mapping have.
pub fn record_shape(table: &'static RecordTable, layout: &SourceLayout, mapping: &Mapping) -> Shape {
    let filled = || table.columns.iter().filter(|column| is_filled(table, layout, mapping, column));
    let of = |wanted: fn(ColumnKind) -> bool| {
        filled().filter(move |column| wanted(column.kind)).map(|column| column.name)
    };
    let mut nums: Vec<(&'static str, NumKind)> = filled()
        .filter(|column| column.name != table.at)
        .filter_map(|column| Some((column.name, column.kind.number()?)))
        .collect();
    if table.repeats() {
        nums.push((OCCURRENCE, NumKind::Int));
    }
    let mut texts: Vec<&'static str> = of(|kind| matches!(kind, ColumnKind::Text)).collect();
    if !mapping.extras.is_empty() || keeps_words(table, mapping) {
        texts.push(ATTRIBUTES);
    }
    Shape {
        at: table.at,
        id: of(|kind| matches!(kind, ColumnKind::Id)).next().unwrap_or(""),
        customer_id: true,
        nums,
        codes: of(|kind| matches!(kind, ColumnKind::Word(_))).collect(),
        texts,
    }
}

impl RecordPlan {
    /// Prepares for a file.
    pub fn new(table: &'static RecordTable, layout: &SourceLayout, shape: &Shape) -> Self {
        let slot = |column: &FactColumn| {
            if column.name == table.at {
                Some(Slot::At)
            } else if column.name == shape.id {
                Some(Slot::Id)
            } else {
                let num = shape.num(column.name).map(Slot::Num);
                let code = || shape.code(column.name).map(Slot::Code);
                num.or_else(code).or_else(|| shape.text(column.name).map(Slot::Text))
            }
        };
        let readings = table.columns.iter().filter_map(|column| {
            let book = match column.kind {
                ColumnKind::Word(words) => Some(WordBook::new(words, layout.words.get(&column.field))),
                _ => None,
            };
            Some(Reading { column, slot: slot(column)?, book })
        });
        let readings: Vec<Reading> = readings.collect();
        let money = readings.iter().filter_map(|reading| match (reading.column.kind, reading.slot) {
            (ColumnKind::Money(_), Slot::Num(slot)) => Some(slot),
            _ => None,
        });
        RecordPlan {
            table,
            money: money.collect(),
            text: shape.text("text"),
            readings,
            identity: ContentPlan::new(&table.identity(), shape),
            occurrence: shape.num(OCCURRENCE),
            attributes: shape.text(ATTRIBUTES),
            percent: false,
            questionnaires: Vec::new(),
        }
    }

    /// Where a column's value goes.
    pub fn slot(&self, name: &str) -> Option<Slot> {
        self.readings.iter().find(|reading| reading.column.name == name).map(|reading| reading.slot)
    }

    /// Whether a column holds the answer to a question.
    pub fn is_answer(&self, column: &FactColumn) -> bool {
        self.table.grain == Grain::Response && column.field == Field::Value
    }

    /// Whether records of the file bring ids of their own.
    pub fn has_ids(&self, mapping: &Mapping) -> bool {
        self.table.id.and_then(|id| self.table.column(id)).is_some_and(|id| mapping.has(id.field))
    }
}

/// Fields without which a file of facts cannot be read.
pub fn missing_fields(table: &RecordTable, layout: &SourceLayout, mapping: &Mapping) -> Vec<Field> {
    let sheet = &mapping.sheet;
    let is_made = |column: &FactColumn| match column.name {
        "kind" => !layout.emit.is_empty(),
        "question" | "value" => !sheet.is_empty(),
        "survey" => !sheet.is_empty() && sheet.0.iter().all(|answer| answer.survey.is_some()),
        _ => false,
    };
    let required = table.columns.iter().filter(|column| column.required);
    required.filter(|column| !mapping.has(column.field) && !is_made(column)).map(|c| c.field).collect()
}
