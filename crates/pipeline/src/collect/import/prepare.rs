//! Looking at a file before its rows are read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use clientele_model::spec::questionnaire::Questionnaire;
use clientele_model::spec::source::{DateOrder, Field, FieldKind, Grain, SourceLayout};
use clientele_read::{Format, OpenOptions, TableFile, TextChunk};
use xxhash_rust::xxh3::Xxh3;

use super::super::error::ImportError;
use super::super::map::missing_fields;
use super::super::mapping::Feed;
use super::super::recognise::{LibraryForms, Recognised, recognise};
use super::super::records::RecordTable;
use super::super::values::number::{ONE, parse_number};
use super::super::values::text::tidy;
use super::super::values::time::{OrderFound, settle_order};
use super::{ByHand, ImportRequest};
use crate::library::{self, DocumentKind, with_own};
use crate::workspace::Workspace;

/// A file whose layout is known.
pub struct Prepared {
    pub table: TableFile,
    pub recognised: Recognised,
    pub date_order: Option<DateOrder>,
    pub bytes: u64,
    /// Whether shares in the file are percentages.
    pub percent: bool,
    pub questionnaires: Vec<Questionnaire>,
}

/// Opens a file, recognises it and checks that nothing needed is missing. `layout` is read by
/// another layout's leave, whatever the request names.
pub async fn prepare(
    workspace: &Workspace,
    request: &ImportRequest,
    layout: Option<&str>,
) -> Result<Prepared, ImportError> {
    let ByHand { fields: by_hand, dates, family } = request.by_hand.clone();
    let own = |shelf| with_own(shelf, Some(workspace.folder()));
    let layouts = library::layouts(&own(DocumentKind::Sources)?)?;
    let (questionnaires, _) = library::questionnaires(&own(DocumentKind::Questionnaires)?)?;
    let questionnaires: Vec<Questionnaire> = questionnaires.into_values().collect();
    let source = layout.map(str::to_owned).or_else(|| request.source.clone());
    let file = request.file.clone();
    blocking(move || {
        let table = clientele_read::open(&file, &options(&layouts, source.as_deref()))?;
        let info = table.info();
        let sample = table.sample(1000);
        let mut recognised = recognise(
            LibraryForms { layouts: &layouts, questionnaires: &questionnaires },
            &info.header,
            // In other formats than delimited text, columns have names without a header line.
            info.format != Format::Delimited || info.header_line.is_some(),
            &sample,
            source.as_deref(),
            &by_hand,
        )?;
        check_fields(&recognised, &file)?;
        let date_order = match dates {
            Some(order) => Some(order),
            None => date_order(&recognised, &sample, &file)?,
        };
        let bytes = table.info().bytes;
        if let Some(family) = family {
            recognised.layout.family = family;
        }
        let percent = has_percentages(&recognised, &sample);
        Ok(Prepared { table, recognised, date_order, bytes, percent, questionnaires })
    })
    .await
}

/// Runs work that computes or waits for files on a thread that may wait.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ImportError> + Send + 'static,
) -> Result<T, ImportError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ImportError::Stopped(error.to_string()))?
}

fn options(layouts: &[SourceLayout], source: Option<&str>) -> OpenOptions {
    let named = source.and_then(|id| layouts.iter().find(|layout| layout.id == id));
    OpenOptions {
        delimiter: named.and_then(|layout| layout.whitespace.then_some(b' ')),
        header: named.and_then(|layout| (!layout.headerless.is_empty()).then_some(false)),
        ..OpenOptions::default()
    }
}

fn check_fields(recognised: &Recognised, file: &Path) -> Result<(), ImportError> {
    let (layout, mapping) = (&recognised.layout, &recognised.mapping);
    let has = |field| mapping.has(field);
    let amount = has(Field::Amount)
        || has(Field::Gross)
        || layout.grain == Grain::OrderLine && has(Field::Quantity) && has(Field::UnitPrice);
    let customer = has(Field::CustomerId) || layout.customer_id_from_row.is_some();
    let needed = match (layout.grain, RecordTable::of(layout.grain)) {
        (_, Some(table)) => {
            let missing = missing_fields(table, layout, mapping);
            let customer = (Field::CustomerId, customer || has(Field::AnonymousId));
            [customer].into_iter().chain(missing.into_iter().map(|field| (field, false))).collect()
        }
        (Grain::Customer, _) => vec![(Field::CustomerId, customer)],
        _ => vec![
            (Field::CustomerId, has(Field::CustomerId) || layout.no_buyer),
            (Field::OrderedAt, has(Field::OrderedAt)),
            (Field::OrderId, has(Field::OrderId) || layout.order_id_from_customer_and_time),
            (Field::Amount, amount),
        ],
    };
    match needed.into_iter().find(|(_, there)| !there) {
        None => Ok(()),
        Some((field, _)) => {
            Err(ImportError::MissingField { file: file.to_owned(), field, header: recognised.header.clone() })
        }
    }
}

/// The order of day and month: what the sample proves, else what the layout says.
fn date_order(
    recognised: &Recognised,
    sample: &TextChunk,
    file: &Path,
) -> Result<Option<DateOrder>, ImportError> {
    let layout = &recognised.layout;
    let is_facts = RecordTable::of(layout.grain).is_some();
    let mut ambiguous = None;
    for field in recognised.mapping.fields() {
        let Some(Feed::Column(at)) = recognised.mapping.feed(field) else { continue };
        let Some(column) = sample.columns.get(*at) else { continue };
        if !matches!(field.kind(), FieldKind::Time | FieldKind::Date) {
            continue;
        }
        let values: Vec<String> = column.iter().map(|value| tidy(value).0.into_owned()).collect();
        match settle_order(values.iter().map(String::as_str)) {
            OrderFound::Settled(order) => return Ok(Some(order)),
            OrderFound::Ambiguous if field == Field::OrderedAt || is_facts => {
                ambiguous = values.into_iter().find(|value| !value.is_empty()).or(ambiguous);
            }
            OrderFound::Ambiguous | OrderFound::NotNeeded => {}
        }
    }
    match (layout.date_order, ambiguous) {
        (None, Some(example)) => Err(ImportError::AmbiguousDates { file: file.to_owned(), example }),
        (order, _) => Ok(order),
    }
}

/// Whether the sample has shares beyond one: then all of the column are percentages.
fn has_percentages(recognised: &Recognised, sample: &TextChunk) -> bool {
    let Some(Feed::Column(at)) = recognised.mapping.feed(Field::Probability) else { return false };
    let is_beyond = |cell: &str| parse_number(&tidy(cell).0).is_ok_and(|(value, _)| value > ONE);
    sample.columns.get(*at).is_some_and(|column| column.iter().any(is_beyond))
}

/// The size of a file and a hash of its bytes.
pub fn fingerprint(file: &Path) -> Result<(u64, String), ImportError> {
    let failed = |cause| ImportError::File { file: file.to_owned(), cause };
    let mut opened = File::open(file).map_err(failed)?;
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = opened.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok((bytes, format!("{:032x}", hash.digest128())));
        }
        bytes += read as u64;
        hash.update(&buffer[..read]);
    }
}
