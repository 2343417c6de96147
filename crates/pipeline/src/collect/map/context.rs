//! What all rows of a file have in common.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use clientele_model::spec::source::{DateOrder, Field, Grain, OrderStatus, SourceLayout};
use clientele_read::TextChunk;
use rlibphonenumber::Region;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128_with_seed};

use super::super::mapping::{Feed, Mapping};
use super::super::records::RecordTable;
use super::super::rows::Shape;
use super::super::rows::content::{self, ContentPlan};
use super::super::values::contact::country_of_timezone;
use super::super::values::number::LIMIT;
use super::super::values::status::COMMON;
use super::super::values::text::{folded, is_missing};
use super::super::values::time::TimeRules;
use super::record_plan::{RecordPlan, record_shape};
use super::shapes::{customer_shape, line_shape, order_shape};
use crate::workspace::Settings;

/// Rates are kept with nine digits after the point.
const RATE_ONE: i128 = 1_000_000_000;

/// All that is needed to read a row of one file.
pub struct MapContext {
    pub layout: SourceLayout,
    pub mapping: Mapping,
    pub header: Vec<String>,
    pub shape: Shape,
    pub content: ContentPlan,
    pub time: TimeRules,
    /// Times after this are in the future.
    pub latest: i64,
    pub country: Option<Region>,
    /// For files of facts: how their columns are read.
    pub records: Option<RecordPlan>,
    /// Whether the file is read by another layout too, which counts its broken rows.
    pub is_companion: bool,
    feeds: Vec<Option<Feed>>,
    status: HashMap<String, OrderStatus>,
    currency: String,
    rates: HashMap<String, i128>,
    seed: u64,
    /// What begins the fingerprints of orders; 0 for other files.
    pub says: u64,
}

impl MapContext {
    /// Prepares for a file.
    pub fn new(
        layout: SourceLayout,
        mapping: Mapping,
        header: Vec<String>,
        date_order: Option<DateOrder>,
        settings: &Settings,
        now: NaiveDateTime,
    ) -> Self {
        let facts = RecordTable::of(layout.grain);
        let (shape, columns) = match (layout.grain, facts) {
            (_, Some(table)) => (record_shape(table, &layout, &mapping), table.content()),
            (Grain::OrderLine, _) => (line_shape(&mapping), content::LINE.to_vec()),
            (Grain::Customer, _) => (customer_shape(&mapping), content::CUSTOMER.to_vec()),
            _ => (order_shape(&mapping), content::ORDER.to_vec()),
        };
        let own = layout.status.iter().map(|(word, status)| (folded(word), *status));
        let status = COMMON.iter().map(|(word, s)| ((*word).to_owned(), *s)).chain(own).collect();
        let rates = settings.rates.iter().filter_map(|(code, rate)| Some((code.clone(), exact(rate)?)));
        let tolerance = chrono::Duration::days(settings.future_tolerance_days.into());
        MapContext {
            content: ContentPlan::new(&columns, &shape),
            records: facts.map(|table| RecordPlan::new(table, &layout, &shape)),
            is_companion: false,
            feeds: Field::ALL.iter().map(|field| mapping.feed(*field).cloned()).collect(),
            status,
            currency: settings.currency.code().to_owned(),
            rates: rates.collect(),
            time: TimeRules { order: date_order.or(layout.date_order), timezone: settings.timezone },
            latest: (now + tolerance).and_utc().timestamp_micros(),
            country: settings
                .country
                .as_deref()
                .and_then(|code| code.parse().ok())
                .or_else(|| country_of_timezone(settings.timezone.name())),
            seed: xxh3_64(layout.family.as_bytes()),
            says: match layout.grain {
                Grain::Order => content::brought(|name| match name {
                    "attributes" => !mapping.extras.is_empty(),
                    _ => Field::ALL.iter().any(|field| field.name() == name && mapping.has(*field)),
                }),
                _ => 0,
            },
            layout,
            mapping,
            header,
            shape,
        }
    }

    /// Whether a row is of another kind, for another table.
    #[inline]
    pub fn is_elsewhere(&self, chunk: &TextChunk, index: usize) -> bool {
        let Some((column, values)) = &self.mapping.filter else { return false };
        let cell = chunk.columns[*column].get(index);
        if values.is_empty() {
            return is_missing(cell.trim());
        }
        !values.iter().any(|value| value == cell) && !values.contains(&folded(cell))
    }

    /// Where a field's value is.
    #[inline]
    pub fn feed(&self, field: Field) -> Option<&Feed> {
        self.feeds[field as usize].as_ref()
    }

    /// The hash that stands for an id of this source.
    #[inline]
    pub fn id_hash(&self, id: &str) -> u128 {
        xxh3_128_with_seed(id.as_bytes(), self.seed)
    }

    /// What a word for the state of an order means.
    pub fn status(&self, word: &str) -> Option<OrderStatus> {
        self.status.get(&folded(word)).copied()
    }

    /// Whether an order id is that of a credit note.
    #[inline]
    pub fn is_credit_note(&self, order_id: &str) -> bool {
        self.layout.credit_note_prefix.as_deref().is_some_and(|prefix| order_id.starts_with(prefix))
    }

    /// The workspace's currency.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// How to convert from a currency: `Ok(None)` when it is the workspace's own, an error when
    /// there is no rate.
    pub fn rate(&self, currency: &str) -> Result<Option<Rate>, ()> {
        let is_own = |code: &str| currency.eq_ignore_ascii_case(code);
        if is_own(&self.currency) || is_own("RMB") && self.currency == "CNY" {
            return Ok(None);
        }
        let code = currency.to_ascii_uppercase();
        self.rates.get(&code).map(|rate| Some(Rate(*rate))).ok_or(())
    }
}

/// What one unit of another currency is worth.
#[derive(Debug, Clone, Copy)]
pub struct Rate(i128);

impl Rate {
    /// Converts an amount, rounded half away from zero; none when what comes out is absurd.
    pub fn convert(self, amount: i64) -> Option<i64> {
        if amount == super::super::rows::NONE {
            return Some(amount);
        }
        let exact = i128::from(amount) * self.0;
        let rounded = (exact + exact.signum() * RATE_ONE / 2) / RATE_ONE;
        i64::try_from(rounded).ok().filter(|amount| (-LIMIT..=LIMIT).contains(amount))
    }
}

/// The settings have bounds for rates; one beyond them counts as none.
fn exact(rate: &Decimal) -> Option<i128> {
    rate.checked_mul(Decimal::from(1_000_000_000u64))?.round().to_i128().filter(|rate| *rate > 0)
}
