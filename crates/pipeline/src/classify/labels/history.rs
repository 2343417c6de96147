//! Since when a customer is in a tier, and the tier before: carried over while the tier stays the same.
//!
//! It is the same for all schemes and kinds, and hundreds of columns of it in the SELECT that yields the
//! tiers would make that much slower to plan; so it is put beside the tiers, row by row.

use std::sync::Arc;

use clientele_engine::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, RecordBatch, Scalar, UInt32Array,
};
use clientele_engine::arrow::compute::kernels::cmp::eq;
use clientele_engine::arrow::compute::kernels::zip::zip;
use clientele_engine::arrow::compute::{cast, take};
use clientele_engine::arrow::datatypes::{Field, Int32Type, Schema};
use clientele_engine::arrow::error::ArrowError;
use clientele_model::{AsOf, SchemeId};

use super::{Before, Companion, companion};
use crate::classify::compile::{ident, tier_column};

/// Schemes that follow the same earlier run; or none, for those that are applied for the first time.
#[derive(Debug, Clone)]
pub struct Followers {
    pub schemes: Vec<SchemeId>,
    pub before: Option<Before>,
}

impl Followers {
    /// What the earlier run said of the schemes.
    pub fn query(&self) -> Option<String> {
        let before = self.before.as_ref()?;
        let mut columns = vec!["customer_key".to_owned()];
        for scheme in &self.schemes {
            columns.push(tier_column(scheme));
            columns
                .extend([Companion::Since, Companion::Previous].map(|what| ident(&companion(scheme, what))));
        }
        Some(format!("SELECT {} FROM {}", columns.join(", "), before.table))
    }
}

/// Adds to the labels of customers since when they are in their tiers, and the tiers before; columns of
/// which nobody has a value are left out. `earlier` are the answers to [`Followers::query`], one for each
/// of `followers` that has a query. All are in the order of their keys, which come first.
///
/// # Errors
/// A column that is missing or of another type.
pub fn add(
    labels: &RecordBatch,
    followers: &[Followers],
    earlier: &[RecordBatch],
    as_of: AsOf,
) -> Result<RecordBatch, ArrowError> {
    let day = Scalar::new(Date32Array::from(vec![as_of.epoch_days()]));
    let new: ArrayRef = Arc::new(Date32Array::from(vec![as_of.epoch_days(); labels.num_rows()]));
    let mut fields: Vec<Arc<Field>> = labels.schema().fields().iter().cloned().collect();
    let mut columns = labels.columns().to_vec();
    let mut push = |scheme: &SchemeId, what: Companion, column: ArrayRef| {
        if column.null_count() == column.len() {
            return;
        }
        let field = Field::new(companion(scheme, what), column.data_type().clone(), true);
        fields.push(Arc::new(field));
        columns.push(column);
    };
    let mut earlier = earlier.iter();
    for group in followers {
        let then = match group.before {
            Some(_) => Some(Then::new(labels, earlier.next().ok_or_else(|| missing("an earlier run"))?)),
            None => None,
        };
        for scheme in &group.schemes {
            let Some(then) = &then else {
                push(scheme, Companion::Since, Arc::clone(&new));
                continue;
            };
            let tier = labels.column_by_name(&scheme.column()).ok_or_else(|| missing(&scheme.column()))?;
            let was = cast(&then.column(&scheme.column())?, tier.data_type())?;
            let was_since = then.column(&companion(scheme, Companion::Since))?;
            let was_previous = then.column(&companion(scheme, Companion::Previous))?;
            let stayed = eq(tier, &was)?;
            if stayed.null_count() == 0 && stayed.true_count() == stayed.len() {
                push(scheme, Companion::Since, was_since);
                push(scheme, Companion::Previous, was_previous);
                continue;
            }
            push(scheme, Companion::Since, zip(&stayed, &was_since, &day)?);
            let was_previous = cast(&was_previous, was.data_type())?;
            push(scheme, Companion::Previous, zip(&stayed, &was_previous, &was)?);
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

fn missing(what: &str) -> ArrowError {
    ArrowError::SchemaError(format!("{what} is missing"))
}

/// What an earlier run said, of the customers of now.
struct Then<'a> {
    labels: &'a RecordBatch,
    /// For each customer of now the row; none when the customers are the same.
    rows: Option<UInt32Array>,
}

impl<'a> Then<'a> {
    fn new(now: &RecordBatch, then: &'a RecordBatch) -> Self {
        let keys = |batch: &'_ RecordBatch| batch.column(0).as_primitive::<Int32Type>().clone();
        let (now, known) = (keys(now), keys(then));
        if now == known {
            return Then { labels: then, rows: None };
        }
        let known = known.values();
        let row = |key: &i32| known.binary_search(key).ok().map(|row| row as u32);
        Then { labels: then, rows: Some(now.values().iter().map(row).collect()) }
    }

    fn column(&self, name: &str) -> Result<ArrayRef, ArrowError> {
        let column = self.labels.column_by_name(name).ok_or_else(|| missing(name))?;
        match &self.rows {
            None => Ok(Arc::clone(column)),
            Some(rows) => take(column, rows, None),
        }
    }
}
