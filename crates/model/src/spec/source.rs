//! Source layouts: what the files of a shop system look like and which column is which field.

mod field;
mod grain;
mod rows;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use field::{Field, FieldKind};
pub use grain::Grain;
pub use rows::{Emit, RowFilter};

use super::document::{Document, SpecError};
use crate::Text;

/// The state of an order in the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    Completed,
    Returned,
    PartlyReturned,
    Cancelled,
    Pending,
}

impl OrderStatus {
    /// All states; the index of a state here is its code inside an import.
    pub const ALL: [OrderStatus; 5] = [
        OrderStatus::Completed,
        OrderStatus::Returned,
        OrderStatus::PartlyReturned,
        OrderStatus::Cancelled,
        OrderStatus::Pending,
    ];

    /// The word that the lake stores.
    pub fn word(self) -> &'static str {
        match self {
            OrderStatus::Completed => "completed",
            OrderStatus::Returned => "returned",
            OrderStatus::PartlyReturned => "partly_returned",
            OrderStatus::Cancelled => "cancelled",
            OrderStatus::Pending => "pending",
        }
    }
}

/// Which part of a date written with slashes comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

/// How a file is told from others, by its column names.
///
/// A name may list alternatives divided by `|`. Case, blanks, `_` and `-` don't matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signature {
    /// Columns without which the file is not of this layout.
    pub required: Vec<String>,
    /// Columns that speak for the layout.
    pub telling: Vec<String>,
    /// Columns that rule it out.
    pub forbidden: Vec<String>,
    /// Fields that must find a column, for layouts that go by meaning and not by exact names.
    pub fields: Vec<Field>,
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Origin {
    /// The first of these columns that the file has.
    Columns(Vec<String>),
    /// The first of these columns that has a value in the row.
    First {
        /// The columns, in order; those that the file lacks are left out.
        first: Vec<String>,
    },
    /// A text around the values of columns, whose names stand in braces: `{Month} 1, 2017`.
    Template {
        /// The text. A row in which one of the columns is empty has no value.
        template: String,
    },
    /// Several columns, joined by a blank.
    Join {
        /// The columns, in order; those that the file lacks are left out.
        join: Vec<String>,
    },
    /// The same value for every row.
    Constant {
        /// The value.
        constant: String,
    },
}

/// A source layout.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceLayout {
    /// The name that `--source` takes.
    pub id: String,
    /// The version of this description.
    pub version: u32,
    /// The label stored in every row: ids are unique within a family.
    pub family: String,
    /// What one row stands for.
    pub grain: Grain,
    pub name: Text,
    /// What a user should know before relying on such a file.
    #[serde(default)]
    pub note: Option<Text>,
    #[serde(default)]
    pub signature: Signature,
    /// The columns of each field.
    pub fields: BTreeMap<Field, Origin>,
    /// Columns that are dropped on purpose: they repeat what a field says.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// The file's words for states of an order; compared like column names.
    #[serde(default)]
    pub status: BTreeMap<String, OrderStatus>,
    /// The order of day and month where dates are written with slashes.
    #[serde(default)]
    pub date_order: Option<DateOrder>,
    /// Columns are divided by runs of blanks.
    #[serde(default)]
    pub whitespace: bool,
    /// Column names of a file that has no header line.
    #[serde(default)]
    pub headerless: Vec<String>,
    /// An order id that starts with this is a credit note.
    #[serde(default)]
    pub credit_note_prefix: Option<String>,
    /// Divides several goods written into one cell.
    #[serde(default)]
    pub item_separator: Option<String>,
    /// The file has no order id: one is made from customer and time.
    #[serde(default)]
    pub order_id_from_customer_and_time: bool,
    /// The file never says who bought: rows are refused unless a column is named by hand.
    #[serde(default)]
    pub no_buyer: bool,
    /// Layouts that the same file is read by too, for records of other kinds.
    #[serde(default)]
    pub also: Vec<String>,
    /// Which rows of the file are of this layout; all, when absent.
    #[serde(default)]
    pub rows: Option<RowFilter>,
    /// The file's words for ours, by field.
    #[serde(default)]
    pub words: BTreeMap<Field, BTreeMap<String, String>>,
    /// Names of attributes, each with the columns that fill it: the first that the file has.
    #[serde(default)]
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Only columns that start so become attributes, without it.
    #[serde(default)]
    pub attribute_prefix: Option<String>,
    /// Events that a row stands for, where it stands for several.
    #[serde(default)]
    pub emit: Vec<Emit>,
    /// Surveys of one question, each with the columns that hold its answer: a row is a sheet of
    /// answers.
    #[serde(default)]
    pub answers: BTreeMap<String, Vec<String>>,
    /// Columns named like the questions of a questionnaire hold its answers.
    #[serde(default)]
    pub questionnaires: bool,
    /// The file has no customer id, each row is another customer: this and the row's number.
    #[serde(default)]
    pub customer_id_from_row: Option<String>,
    /// A customer may have several rows: later values replace earlier ones.
    #[serde(default)]
    pub newest_counts: bool,
}

impl SourceLayout {
    /// Reads a layout. `file` is the name used in errors.
    pub fn parse(file: &str, text: &str) -> Result<Self, SpecError> {
        let document = Document { file, text };
        let layout: SourceLayout = document.read()?;
        document.both_languages("name", &layout.name)?;
        if let Some(note) = &layout.note {
            document.both_languages("note", note)?;
        }
        layout.check(&document)?;
        Ok(layout)
    }

    fn check(&self, document: &Document<'_>) -> Result<(), SpecError> {
        if self.version != 1 {
            return Err(document.error(
                "version",
                ("this release reads version 1", "本版本只读版本 1"),
                ("write version = 1", "请写 version = 1"),
            ));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(plain) {
            return Err(document.error(
                "id",
                ("an id has small letters, digits and dashes only", "编号只能用小写字母、数字和连字符"),
                ("rename it", "请改名"),
            ));
        }
        for (field, origin) in &self.fields {
            if !field.grains().contains(&self.grain) {
                let problem = not_of_grain(*field);
                return Err(document.error(
                    field.name(),
                    problem,
                    ("remove it or change the grain", "请删去，或更换 grain"),
                ));
            }
            let empty = match origin {
                Origin::Columns(names) | Origin::Join { join: names } | Origin::First { first: names } => {
                    names.is_empty()
                }
                Origin::Constant { constant: text } | Origin::Template { template: text } => text.is_empty(),
            };
            if empty {
                return Err(document.error(
                    field.name(),
                    ("nothing is named", "没有写列名"),
                    ("name at least one column", "请至少写一列"),
                ));
            }
        }
        if self.signature.required.is_empty() && self.signature.fields.is_empty() {
            return Err(document.error(
                "signature",
                ("every file would be of this layout", "任何文件都会被认作这种格式"),
                ("list required columns or fields", "请列出必需的列或字段"),
            ));
        }
        for field in self.words.keys() {
            if !field.grains().contains(&self.grain) {
                let problem = not_of_grain(*field);
                return Err(document.error(
                    "words",
                    problem,
                    ("remove it or change the grain", "请删去，或更换 grain"),
                ));
            }
        }
        if !self.emit.is_empty() && self.fields.contains_key(&Field::EventId) {
            let problem = ("the events of one row cannot share an id", "同一行的多个事件不能共用一个编号");
            return Err(document.error(
                "event_id",
                problem,
                ("remove event_id, or emit", "请删去 event_id 或 emit"),
            ));
        }
        let misplaced = [
            ("emit", !self.emit.is_empty(), Grain::Event),
            ("answers", !self.answers.is_empty(), Grain::Response),
            ("questionnaires", self.questionnaires, Grain::Response),
            ("newest_counts", self.newest_counts, Grain::Customer),
        ];
        for (key, is_there, grain) in misplaced {
            if is_there && self.grain != grain {
                let problem = (
                    format!("only files of {}s have this", grain.name()),
                    format!("只有 grain = \"{}\" 的格式才有此项", grain.name()),
                );
                return Err(document.error(
                    key,
                    problem,
                    ("remove it or change the grain", "请删去，或更换 grain"),
                ));
            }
        }
        Ok(())
    }

    /// Whether a row holds answers to several questions.
    pub fn is_wide(&self) -> bool {
        !self.answers.is_empty() || self.questionnaires
    }
}

fn not_of_grain(field: Field) -> (String, String) {
    let name = field.name();
    (format!("`{name}` is not a field of this grain"), format!("`{name}` 不是这种 grain 的字段"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = r#"
id = "till"
version = 1
family = "till"
grain = "order"
name = { en = "Till", zh = "收银" }
signature.required = ["receipt"]
[fields]
order_id = ["receipt"]
ordered_at = ["sold at", "time"]
channel = { constant = "store" }
"#;

    #[test]
    fn reads_a_layout() {
        let layout = SourceLayout::parse("till.toml", PLAIN).expect("a sound layout");
        assert_eq!(layout.fields.len(), 3);
        assert_eq!(layout.fields[&Field::Channel], Origin::Constant { constant: "store".into() });
    }

    #[test]
    fn points_at_a_field_of_another_grain() {
        let text = format!("{PLAIN}birth_date = [\"born\"]\n");
        let error = SourceLayout::parse("till.toml", &text).expect_err("a customer's field");
        assert_eq!((error.line, error.key.as_deref()), (12, Some("birth_date")));
    }

    #[test]
    fn refuses_unknown_keys() {
        let text = PLAIN.replace("family", "famly");
        let error = SourceLayout::parse("till.toml", &text).expect_err("a misspelt key");
        assert_eq!(error.line, 4);
    }

    #[test]
    fn refuses_what_says_nothing_or_contradicts_itself() {
        for (from, to, told) in [
            ("version = 1", "version = 2", "till.toml:3: `version`: this release reads version 1;"),
            ("id = \"till\"", "id = \"The till\"", "till.toml:2: `id`: an id has small letters,"),
            ("signature.required = [\"receipt\"]", "", "`signature`: every file would be of this layout;"),
            ("[\"sold at\", \"time\"]", "[]", "till.toml:10: `ordered_at`: nothing is named;"),
            (
                "[fields]",
                "newest_counts = true\n[fields]",
                "`newest_counts`: only files of customers have this;",
            ),
            (
                "[fields]",
                "[words.city]\na = \"b\"\n[fields]",
                "`words`: `city` is not a field of this grain;",
            ),
        ] {
            let error = SourceLayout::parse("till.toml", &PLAIN.replacen(from, to, 1)).expect_err(told);
            let message = error.told_in_both();
            assert!(message.contains(told), "{message}");
        }
    }
}
