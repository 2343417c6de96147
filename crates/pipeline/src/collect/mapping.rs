//! Which column of a file fills which field.

use std::collections::BTreeMap;

use clientele_model::spec::source::{Field, Origin, SourceLayout};
use serde::{Deserialize, Serialize};

use super::error::ImportError;
use super::values::text::folded;

/// Columns that a quarantine export adds; they say nothing about the record.
pub const EXPORT_COLUMNS: [&str; 3] = ["clientele_row", "clientele_rule", "clientele_message"];

/// Where a field's value comes from, by column numbers of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feed {
    /// A column.
    Column(usize),
    /// Columns joined by a blank.
    Join(Vec<usize>),
    /// The same for every row.
    Constant(String),
}

/// The mapping of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    feeds: BTreeMap<Field, Feed>,
    /// Columns that go to `attributes`.
    pub extras: Vec<usize>,
    /// Columns left out on purpose.
    pub ignored: Vec<usize>,
}

/// The mapping as users read it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MappingView {
    /// Field and where it comes from: a column's name, several, or a quoted constant.
    pub fields: BTreeMap<String, String>,
    /// Columns kept under `attributes`.
    pub attributes: Vec<String>,
    /// Columns left out.
    pub ignored: Vec<String>,
}

impl Mapping {
    /// Applies a layout, and what the user says by hand, to a header.
    pub fn new(
        layout: &SourceLayout,
        header: &[String],
        by_hand: &BTreeMap<Field, String>,
    ) -> Result<Self, ImportError> {
        let folded_header: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let find = |name: &str| {
            let name = folded(name);
            folded_header.iter().position(|h| *h == name)
        };
        let mut feeds = BTreeMap::new();
        for (field, column) in by_hand {
            if !field.grains().contains(&layout.grain) {
                return Err(ImportError::FieldOfOtherGrain { field: *field, layout: layout.id.clone() });
            }
            let at = find(column).ok_or_else(|| ImportError::NoSuchColumn {
                column: column.clone(),
                header: header.to_vec(),
            })?;
            feeds.insert(*field, Feed::Column(at));
        }
        let mut taken: Vec<usize> = feeds.values().flat_map(Feed::columns).collect();
        for (field, origin) in &layout.fields {
            if feeds.contains_key(field) {
                continue;
            }
            let feed = match origin {
                // A column stands for one field only, where a layout goes by synonyms.
                Origin::Columns(names) if !layout.signature.fields.is_empty() => names
                    .iter()
                    .find_map(|name| find(name).filter(|at| !taken.contains(at)))
                    .map(Feed::Column),
                Origin::Columns(names) => names.iter().find_map(|n| find(n)).map(Feed::Column),
                Origin::Join { join } => {
                    let found: Vec<usize> = join.iter().filter_map(|n| find(n)).collect();
                    (!found.is_empty()).then_some(Feed::Join(found))
                }
                Origin::Constant { constant } => Some(Feed::Constant(constant.clone())),
            };
            if let Some(feed) = feed {
                taken.extend(feed.columns());
                feeds.insert(*field, feed);
            }
        }
        let mut mapping = Mapping { feeds, extras: Vec::new(), ignored: Vec::new() };
        let dropped: Vec<String> =
            layout.ignored.iter().map(String::as_str).chain(EXPORT_COLUMNS).map(folded).collect();
        for (at, name) in folded_header.iter().enumerate() {
            if taken.contains(&at) {
                continue;
            }
            let drop = dropped.contains(name) || name.is_empty();
            if drop { mapping.ignored.push(at) } else { mapping.extras.push(at) }
        }
        Ok(mapping)
    }

    /// Where a field comes from.
    pub fn feed(&self, field: Field) -> Option<&Feed> {
        self.feeds.get(&field)
    }

    /// Whether a field is filled.
    pub fn has(&self, field: Field) -> bool {
        self.feeds.contains_key(&field)
    }

    /// The fields that are filled.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.feeds.keys().copied()
    }

    /// The mapping in the words of the file.
    pub fn view(&self, header: &[String]) -> MappingView {
        let names = |columns: &[usize]| -> Vec<String> {
            columns.iter().filter_map(|&at| header.get(at).cloned()).collect()
        };
        let told = |feed: &Feed| match feed {
            Feed::Column(at) => names(&[*at]).concat(),
            Feed::Join(columns) => names(columns).join(" + "),
            Feed::Constant(value) => format!("\"{value}\""),
        };
        MappingView {
            fields: self.feeds.iter().map(|(f, feed)| (f.name().to_owned(), told(feed))).collect(),
            attributes: names(&self.extras),
            ignored: names(&self.ignored),
        }
    }
}

impl Feed {
    /// The columns that are read.
    pub fn columns(&self) -> Vec<usize> {
        match self {
            Feed::Column(at) => vec![*at],
            Feed::Join(columns) => columns.clone(),
            Feed::Constant(_) => Vec::new(),
        }
    }
}
