//! Which column of a file fills which field.

use std::collections::BTreeMap;

use clientele_model::spec::questionnaire::Questionnaire;
use clientele_model::spec::source::{Emit, Field, Origin, SourceLayout};
use serde::{Deserialize, Serialize};

use super::error::ImportError;
use super::surveys::{Sheet, sheet};
use super::values::text::folded;

/// Columns that a quarantine export adds; they say nothing about the record.
pub const EXPORT_COLUMNS: [&str; 3] = ["clientele_row", "clientele_rule", "clientele_message"];

/// Where readers of JSON lines put keys that the first lines don't have.
pub const OTHER_KEYS: &str = "_other";

/// Where a field's value comes from, by column numbers of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feed {
    /// A column.
    Column(usize),
    /// Columns joined by a blank.
    Join(Vec<usize>),
    /// The first of these columns that has a value.
    First(Vec<usize>),
    /// Text and columns in turn; nothing where a column is empty.
    Template(Vec<Piece>),
    /// The same for every row.
    Constant(String),
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Column(usize),
}

/// The mapping of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    feeds: BTreeMap<Field, Feed>,
    /// Columns that go to `attributes`, each with the name it has there.
    pub extras: Vec<(usize, String)>,
    /// Columns left out on purpose.
    pub ignored: Vec<usize>,
    /// The column whose values say which rows count, and these values, folded.
    pub filter: Option<(usize, Vec<String>)>,
    /// Kinds of events that a row stands for, each with the column that it takes.
    pub emits: Vec<(String, Option<usize>)>,
    /// Columns that hold answers to questions.
    pub sheet: Sheet,
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
        questionnaires: &[Questionnaire],
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
            let feed = match find(column) {
                Some(at) => Feed::Column(at),
                // A sheet of answers does not always say which questionnaire it is of.
                None if *field == Field::Survey && questionnaires.iter().any(|q| q.id == *column) => {
                    Feed::Constant(column.clone())
                }
                None => {
                    let (column, header) = (column.clone(), header.to_vec());
                    return Err(ImportError::NoSuchColumn { column, header });
                }
            };
            feeds.insert(*field, feed);
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
                Origin::Join { join } => found(join, find).map(Feed::Join),
                Origin::First { first } => found(first, find).map(Feed::First),
                Origin::Template { template } => pieces(template, find).map(Feed::Template),
                Origin::Constant { constant } => Some(Feed::Constant(constant.clone())),
            };
            if let Some(feed) = feed {
                taken.extend(feed.columns());
                feeds.insert(*field, feed);
            }
        }
        let survey = match feeds.get(&Field::Survey) {
            Some(Feed::Constant(survey)) => Some(survey.as_str()),
            _ => None,
        };
        let sheet = match layout.is_wide() {
            true => sheet(layout, header, survey, questionnaires, |name| find(name), &taken),
            false => Sheet::default(),
        };
        taken.extend(sheet.columns());
        let filter = layout.rows.as_ref().and_then(|rows| {
            let column = rows.column.split('|').find_map(find)?;
            Some((column, rows.values.iter().map(|value| folded(value)).collect()))
        });
        let emit = |emit: &Emit| match &emit.when {
            None => Some((emit.kind.clone(), None)),
            Some(column) => find(column).map(|at| (emit.kind.clone(), Some(at))),
        };
        let emits = layout.emit.iter().filter_map(emit).collect();
        let mut mapping = Mapping { feeds, extras: Vec::new(), ignored: Vec::new(), filter, emits, sheet };
        mapping.sort_rest(layout, header, &folded_header, &taken);
        Ok(mapping)
    }

    /// Sorts the columns that no field takes into attributes and ignored ones.
    fn sort_rest(
        &mut self,
        layout: &SourceLayout,
        header: &[String],
        folded_header: &[String],
        taken: &[usize],
    ) {
        let dropped: Vec<String> =
            layout.ignored.iter().map(String::as_str).chain(EXPORT_COLUMNS).map(folded).collect();
        let is_filter = |at: usize| self.filter.as_ref().is_some_and(|(column, _)| *column == at);
        let mut named: Vec<(usize, &str)> = Vec::new();
        for (name, columns) in &layout.attributes {
            let at = columns.iter().map(|column| folded(column)).find_map(|column| {
                folded_header.iter().position(|name| *name == column).filter(|at| !taken.contains(at))
            });
            named.extend(at.map(|at| (at, name.as_str())));
        }
        for (at, name) in folded_header.iter().enumerate() {
            if taken.contains(&at) {
                continue;
            }
            let other = header[at].trim_end_matches('_') == OTHER_KEYS;
            let own_name = match (named.iter().find(|(column, _)| *column == at), &layout.attribute_prefix) {
                (Some((_, name)), _) => Some((*name).to_owned()),
                (None, Some(prefix)) => match header[at].strip_prefix(prefix.as_str()) {
                    Some(rest) => Some(rest.to_owned()),
                    None => other.then(|| header[at].clone()),
                },
                (None, None) => Some(header[at].clone()),
            };
            let drop = dropped.contains(name) || name.is_empty() || is_filter(at);
            match own_name {
                Some(own_name) if !drop => self.extras.push((at, own_name)),
                _ => self.ignored.push(at),
            }
        }
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
            Feed::First(columns) => names(columns).join(" / "),
            Feed::Template(_) => names(&feed.columns()).join(" + "),
            Feed::Constant(value) => format!("\"{value}\""),
        };
        let mut fields: BTreeMap<String, String> =
            self.feeds.iter().map(|(f, feed)| (f.name().to_owned(), told(feed))).collect();
        if !self.sheet.is_empty() {
            fields.insert("answers".to_owned(), names(&self.sheet.columns()).join(", "));
        }
        let extras: Vec<usize> = self.extras.iter().map(|(at, _)| *at).collect();
        MappingView { fields, attributes: names(&extras), ignored: names(&self.ignored) }
    }
}

impl Feed {
    /// The columns that are read.
    pub fn columns(&self) -> Vec<usize> {
        match self {
            Feed::Column(at) => vec![*at],
            Feed::Join(columns) | Feed::First(columns) => columns.clone(),
            Feed::Template(pieces) => {
                let column = |piece: &Piece| match piece {
                    Piece::Column(at) => Some(*at),
                    Piece::Text(_) => None,
                };
                pieces.iter().filter_map(column).collect()
            }
            Feed::Constant(_) => Vec::new(),
        }
    }
}

/// The columns of these names that the file has; `None` when it has none.
fn found(names: &[String], find: impl Fn(&str) -> Option<usize>) -> Option<Vec<usize>> {
    let mut found: Vec<usize> = Vec::new();
    for at in names.iter().filter_map(|name| find(name)) {
        // Two spellings may be the same to us.
        if !found.contains(&at) {
            found.push(at);
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The parts of a template; `None` when the file lacks one of its columns.
fn pieces(template: &str, find: impl Fn(&str) -> Option<usize>) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Column(find(name)?));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Some(pieces)
}
