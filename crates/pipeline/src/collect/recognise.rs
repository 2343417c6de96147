//! Which layout a file has, and how sure that is.

use std::collections::BTreeMap;

use clientele_model::spec::questionnaire::Questionnaire;
use clientele_model::spec::source::{Field, FieldKind, Grain, SourceLayout};
use clientele_read::TextChunk;

use super::error::ImportError;
use super::mapping::{Feed, Mapping};
use super::values::number::parse_number;
use super::values::text::{folded, is_nothing, tidy};
use super::values::time::{TimeRules, parse_time};
use clientele_model::spec::source::DateOrder;

/// The documents that are known.
#[derive(Debug, Clone, Copy)]
pub struct LibraryForms<'a> {
    pub layouts: &'a [SourceLayout],
    pub questionnaires: &'a [Questionnaire],
}

/// Below this nobody should believe a guess.
const SURE_ENOUGH: f64 = 0.5;

/// What was recognised.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// The layout.
    pub layout: SourceLayout,
    /// 0 to 1; 1 when the user named it.
    pub sure: f64,
    /// The next best layout and how sure that would be.
    pub runner_up: Option<(String, f64)>,
    /// The column names; those of the layout when the file has no header.
    pub header: Vec<String>,
    pub mapping: Mapping,
}

/// Finds the layout of a file, or takes the one that the user names.
pub fn recognise(
    known: LibraryForms<'_>,
    header: &[String],
    has_header: bool,
    sample: &TextChunk,
    named: Option<&str>,
    by_hand: &BTreeMap<Field, String>,
) -> Result<Recognised, ImportError> {
    let LibraryForms { layouts, questionnaires } = known;
    let header_of = |layout: &SourceLayout| -> Vec<String> {
        if !has_header && layout.headerless.len() == header.len() {
            layout.headerless.clone()
        } else {
            header.to_vec()
        }
    };
    if let Some(id) = named {
        let layout = layouts.iter().find(|l| l.id == id).ok_or_else(|| ImportError::UnknownLayout {
            id: id.to_owned(),
            known: layouts.iter().map(|l| l.id.clone()).collect(),
        })?;
        let header = header_of(layout);
        let by_hand = relevant(by_hand, layout, layouts);
        let mapping = Mapping::new(layout, &header, &by_hand, questionnaires)?;
        return Ok(Recognised { layout: layout.clone(), sure: 1.0, runner_up: None, header, mapping });
    }
    let mut found: Vec<(f64, &SourceLayout, Vec<String>, Mapping)> = Vec::new();
    let is_companion = |id: &String| layouts.iter().any(|layout| layout.also.contains(id));
    for layout in layouts.iter().filter(|layout| !is_companion(&layout.id)) {
        let header = header_of(layout);
        let by_hand = relevant(by_hand, layout, layouts);
        // A field of another grain speaks against the layout, it is no mistake yet.
        let Ok(mapping) = Mapping::new(layout, &header, &by_hand, questionnaires) else { continue };
        let score = score(layout, &header, &mapping, sample);
        if score > 0.0 {
            found.push((score, layout, header, mapping));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut found = found.into_iter();
    match found.next() {
        Some((sure, layout, header, mapping)) if sure >= SURE_ENOUGH => {
            let runner_up = found.next().map(|(score, layout, _, _)| (layout.id.clone(), score));
            Ok(Recognised { layout: layout.clone(), sure, runner_up, header, mapping })
        }
        _ => Err(ImportError::NotRecognised {
            header: header.to_vec(),
            known: layouts.iter().map(|l| l.id.clone()).collect(),
        }),
    }
}

/// What the user says of fields, without those that only a layout read beside this one has.
fn relevant(
    by_hand: &BTreeMap<Field, String>,
    layout: &SourceLayout,
    layouts: &[SourceLayout],
) -> BTreeMap<Field, String> {
    let is_beside =
        |other: &&SourceLayout| layout.also.contains(&other.id) || other.also.contains(&layout.id);
    let beside: Vec<Grain> = layouts.iter().filter(is_beside).map(|other| other.grain).collect();
    let is_theirs = |field: &Field| {
        !field.grains().contains(&layout.grain) && field.grains().iter().any(|g| beside.contains(g))
    };
    by_hand.iter().filter(|(field, _)| !is_theirs(field)).map(|(f, column)| (*f, column.clone())).collect()
}

/// How well a layout fits, 0 to 1; 0 when something required is missing.
fn score(layout: &SourceLayout, header: &[String], mapping: &Mapping, sample: &TextChunk) -> f64 {
    let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
    let there = |alternatives: &String| alternatives.split('|').any(|name| names.contains(&folded(name)));
    let signature = &layout.signature;
    if !signature.required.iter().all(there)
        || signature.forbidden.iter().any(there)
        || !signature.fields.iter().all(|field| mapping.has(*field))
        || layout.is_wide() && mapping.sheet.is_empty()
    {
        return 0.0;
    }
    let by_name = if signature.fields.is_empty() {
        let told = signature.telling.iter().filter(|name| there(name)).count();
        let of = signature.telling.len();
        0.8 + 0.2 * if of == 0 { 1.0 } else { told as f64 / of as f64 }
    } else {
        let columns: usize =
            mapping.fields().filter_map(|f| mapping.feed(f)).map(|f| f.columns().len()).sum();
        let columns = columns + mapping.sheet.columns().len();
        0.55 + 0.2 * columns as f64 / header.len().max(1) as f64
    };
    by_name * (0.5 + 0.5 * fit(layout, mapping, sample))
}

/// The share of dates and numbers in the sample that can be read as such. Answers may be words.
fn fit(layout: &SourceLayout, mapping: &Mapping, sample: &TextChunk) -> f64 {
    let rules = TimeRules { order: Some(DateOrder::Mdy), timezone: chrono_tz::UTC };
    let other = TimeRules { order: Some(DateOrder::Dmy), ..rules };
    let (mut read, mut seen) = (0u32, 0u32);
    for field in mapping.fields() {
        let Some(Feed::Column(at)) = mapping.feed(field) else { continue };
        let Some(column) = sample.columns.get(*at) else { continue };
        for value in column.iter().take(200) {
            let (value, _) = tidy(value);
            if is_nothing(&value) {
                continue;
            }
            let sound = match field.kind() {
                FieldKind::Number if layout.grain == Grain::Response => continue,
                FieldKind::Number => parse_number(&value).is_ok(),
                FieldKind::Time | FieldKind::Date => {
                    parse_time(&value, &rules).or_else(|| parse_time(&value, &other)).is_some()
                }
                _ => continue,
            };
            seen += 1;
            read += u32::from(sound);
        }
    }
    if seen == 0 { 1.0 } else { f64::from(read) / f64::from(seen) }
}
