//! What a report's page consists of: a document that becomes HTML, or is sent as it is.

use clientele_model::Language;
use clientele_model::figure::Figure;
use serde::{Serialize, Serializer};

use crate::charts::{Chart, Strip};
use crate::shade::Shade;

/// A report: everything that its page shows, in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    pub language: Language,
    /// The run that it is of.
    pub run: String,
    /// The day that the run looks from.
    pub as_of: String,
    pub title: String,
    pub subtitle: String,
    /// Where the figures come from, at the foot of the page.
    pub footer: String,
    pub sections: Vec<Section>,
}

/// A part of the page with a heading of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Section {
    /// Where links point to; letters, digits, `_` and `-`.
    pub id: String,
    pub title: String,
    /// The question that the section answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Section>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
pub enum Block {
    /// What the figures say, in one sentence. Stands before the chart.
    Says(String),
    /// A paragraph in small print.
    Note(String),
    /// Key figures.
    Cards(Vec<Card>),
    /// A drawing, what it shows for those who cannot see it, and the same as a table.
    Chart { chart: Chart, label: String, table: Table },
    /// A drawing of the table that follows it.
    Drawing { chart: Chart, label: String },
    /// A table that is the chart, or needs none.
    Table(Table),
    /// A table too long to stand open. Its caption says what is in it.
    Folded(Table),
    /// How a scheme decides.
    Rule(String),
    /// What to do for the customers of each tier.
    Playbook(Vec<Play>),
    /// Things that are many: a line each, and more when it is opened.
    Entries(Vec<Entry>),
}

/// One of many things, told in a line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Where links point to.
    pub id: String,
    pub title: String,
    /// The question that it answers.
    pub question: String,
    /// In a word or two, what sort of thing it is.
    pub kind: String,
    /// A small drawing of its tiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strip: Option<Strip>,
    /// What the small drawing shows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lacks: String,
    /// A section of the page that tells it in full: where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
    /// Shown when it is opened.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
}

/// A key figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    pub name: String,
    pub value: String,
    pub note: String,
}

/// What to do for a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Play {
    pub tier: String,
    pub shade: Shade,
    pub goal: String,
    /// Where several tiers share all the rest: each with its own goal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<String>,
    /// Who sees to it.
    pub owner: String,
    /// What to do, and beside each where and how often.
    pub actions: Vec<(String, String)>,
    pub offer: String,
    pub kpi: String,
    /// What to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub talk: Vec<String>,
}

/// A table. The first cell of each row names it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Table {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub caption: String,
    pub columns: Vec<TableColumn>,
    pub rows: Vec<Vec<Cell>>,
    pub look: Look,
}

/// How a table is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    #[default]
    Plain,
    /// Cells to be compared by their colour.
    Heat,
    /// Tiers with two columns of bars, which line up from table to table.
    Tiers,
}

impl Look {
    /// The name of the layout in the style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Look::Plain => "plain",
            Look::Heat => "heat",
            Look::Tiers => "tiers",
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableColumn {
    pub name: String,
    /// Numbers are set flush right.
    pub number: bool,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Cell {
    pub text: String,
    /// Below the text, smaller.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub small: String,
    /// How long a bar in the cell is, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "told")]
    pub bar: Option<f64>,
    /// The colour of the bar, or of the mark before the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shade: Option<Shade>,
    /// How strongly the cell is coloured, 0 to [`HEAT`] − 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heat: Option<usize>,
}

fn told<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    Figure::maybe(*value).serialize(serializer)
}

/// How many strengths a coloured cell has.
pub const HEAT: usize = 10;

impl TableColumn {
    pub fn text(name: impl Into<String>) -> TableColumn {
        TableColumn { name: name.into(), number: false }
    }

    pub fn number(name: impl Into<String>) -> TableColumn {
        TableColumn { name: name.into(), number: true }
    }
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    /// With a bar; `length` is cut to 0 to 1.
    pub fn with_bar(mut self, length: f64, shade: Shade) -> Cell {
        self.bar = Some(if length.is_finite() { length.clamp(0.0, 1.0) } else { 0.0 });
        self.shade = Some(shade);
        self
    }

    pub fn with_mark(mut self, shade: Shade) -> Cell {
        self.shade = Some(shade);
        self
    }

    /// Coloured by `share` of the strongest, 0 to 1. Nothing at all stays without colour.
    pub fn with_heat(mut self, share: f64) -> Cell {
        if share > 0.0 {
            let level = (share.min(1.0) * HEAT as f64) as usize;
            self.heat = Some(level.min(HEAT - 1));
        }
        self
    }

    pub fn with_small(mut self, small: impl Into<String>) -> Cell {
        self.small = small.into();
        self
    }
}

impl Section {
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Section {
        Section { id: id.into(), title: title.into(), ..Section::default() }
    }

    pub fn says(mut self, sentence: impl Into<String>) -> Section {
        self.blocks.push(Block::Says(sentence.into()));
        self
    }

    pub fn note(mut self, text: impl Into<String>) -> Section {
        self.blocks.push(Block::Note(text.into()));
        self
    }

    pub fn blocks(mut self, blocks: Vec<Block>) -> Section {
        self.blocks.extend(blocks);
        self
    }

    pub fn with(mut self, block: Block) -> Section {
        self.blocks.push(block);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_something_is_coloured() {
        assert_eq!(Cell::new("0").with_heat(0.0).heat, None);
        assert_eq!(Cell::new("1").with_heat(0.001).heat, Some(0));
        assert_eq!(Cell::new("9").with_heat(1.0).heat, Some(HEAT - 1));
    }
}
