//! What somebody may see: a part of the customers, and of what is known of them.
//!
//! A scope is applied where the tables of a view are found ([`super::view`]), so a question cannot pass it by:
//! rules, sorts, filters, sums and exports all see only what is left. Tiers, and the cut points behind them,
//! stay those of the whole base.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clientele_engine::EngineUrl;
use clientele_model::spec::segment::{Condition, Field, SegmentRule, Vocabulary, parse};
use clientele_model::{FieldClass, Sight};

use super::segments::SegmentError;
use super::segments::rules::{Ground, Named, Records, compile, joined};
use super::view::{Cut, Reached, RunView, Sights};
use crate::quote::text;

/// The customers within reach of the scope that was applied before, in a session of our own.
const BEFORE: &str = "reached_before";

/// What somebody may see.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scope {
    /// Whose customers.
    pub reach: Reach,
    /// How each class of fields is seen; what is not named is shown.
    pub fields: BTreeMap<FieldClass, Sight>,
}

/// The customers whom somebody may see.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Reach {
    #[default]
    Everybody,
    /// Those of whom a column that their files brought beside the usual ones, as `Owner` or `Team`, says one of
    /// these.
    Of { column: String, values: BTreeSet<String> },
    /// Those whom a rule over fields of the profile describes; see [`Reach::rule`].
    Rule(SegmentRule),
}

impl Reach {
    /// A rule over fields of the profile, as `country = DE and city is known`. What a scope allows cannot depend
    /// on what changes with every refresh, so metrics, tiers and segments are not known in it.
    ///
    /// # Errors
    /// The rule has a mistake, or looks at something else than fields of the profile.
    pub fn rule(text: &str) -> Result<Reach, SegmentError> {
        let rule = parse(text, &Vocabulary::default())?;
        let is_profile = |condition: &&Condition| match condition {
            Condition::Compare { field, .. }
            | Condition::OneOf { field, .. }
            | Condition::Between { field, .. }
            | Condition::Known { field, .. } => matches!(field, Field::Profile(_)),
            _ => false,
        };
        match rule.conditions().iter().all(is_profile) {
            true => Ok(Reach::Rule(rule)),
            false => Err(SegmentError::NoProfile { rule: text.to_owned() }),
        }
    }
}

impl RunView {
    /// The run as somebody may see it. A view that is cut can be cut further, never back.
    ///
    /// # Errors
    /// The customers within reach cannot be read.
    pub async fn within(&self, scope: &Scope) -> Result<RunView, SegmentError> {
        let fields = Sights::new(scope.fields.iter().map(|(class, sight)| (*class, *sight)));
        let sights = self.cut().map_or_else(Sights::default, |cut| cut.sights.clone()).and(&fields);
        // Whom one may see is decided by everything that is known of them, shown or not.
        let Some(query) = self.reached(&scope.reach).await? else {
            return Ok(self.cut_to(self.further(None, sights), self.run.customers)?);
        };
        let whole = self.whole().session.detached()?;
        let among = |keys: &str| {
            format!("SELECT q.* FROM ({query}) q WHERE q.customer_key IN (SELECT customer_key FROM {keys})")
        };
        let query = match self.cut().and_then(|cut| cut.reached.as_ref()) {
            None => query,
            Some(Reached::Rows(schema, rows)) => {
                whole.register_batches(BEFORE, Arc::clone(schema), rows.clone())?;
                among(BEFORE)
            }
            Some(Reached::Query(before)) => among(&format!("({before}) b")),
        };
        let frame = whole.sql(&query).await?;
        let (schema, rows) = (frame.schema(), frame.collect().await?);
        let customers = rows.iter().map(|batch| batch.num_rows() as u64).sum();
        let reached = match whole.engine() {
            EngineUrl::Local => Reached::Rows(schema, rows),
            EngineUrl::Cluster(_) => Reached::Query(query),
        };
        Ok(self.cut_to(self.further(Some(reached), sights), customers)?)
    }

    /// The query of the customers within reach; nothing when all are.
    async fn reached(&self, reach: &Reach) -> Result<Option<String>, SegmentError> {
        let from = "SELECT m.customer_key, m.source, m.customer_id FROM metrics m";
        Ok(match reach {
            Reach::Everybody => None,
            Reach::Of { column, values } => {
                if self.whole().session.schema_of("customers").await?.is_none() || values.is_empty() {
                    return Ok(Some(format!("{from} WHERE false")));
                }
                let values: Vec<String> = values.iter().map(|value| text(value)).collect();
                Some(format!(
                    "{from} JOIN customers c ON m.customer_key = c.customer_key \
                     WHERE attribute(c.attributes, {}) IN ({})",
                    text(column),
                    values.join(", ")
                ))
            }
            Reach::Rule(rule) => {
                let records = Records::of(&self.whole().session).await?;
                let ground = Ground { view: self, records: &records, sees_all: true };
                let none = |id: &str| Err(SegmentError::NotEvaluated { id: id.to_owned() });
                let compiled = compile(rule, &ground, &|id| -> Result<Named<'_>, _> { none(id) })?;
                let people = joined(&ground, &compiled.columns);
                Some(format!("SELECT customer_key, source, customer_id FROM {people} WHERE {}", compiled.sql))
            }
        })
    }

    fn further(&self, reached: Option<Reached>, sights: Sights) -> Cut {
        let before = self.cut().and_then(|cut| cut.reached.clone());
        Cut { reached: reached.or(before), sights, catalogue: Arc::clone(&self.catalogue) }
    }
}
