//! The worlds between two runs: everyone's tier as it would be if only some things had changed.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::arrow::array::RecordBatch;
use clientele_model::spec::Scheme;
use clientele_model::{AsOf, SchemeId};

use super::axes::{Axis, Labels, axes};
use super::past::Past;
use super::tiers::{Column, Names};
use crate::classify::base;
use crate::classify::compile::{compile, ident, tier_column};
use crate::classify::cuts::SchemeCuts;
use crate::classify::labels::{Companion, HeldTiers, companion, query};
use crate::classify::registry::SchemeRegistry;
use crate::measure::Looking;
use crate::measure::registry::MetricRegistry;
use crate::rows::{Value, int, rows};
use crate::runs::Run;
use crate::understand::view::{RunView, ViewError};

/// Two runs, ready to be taken apart. A world is a column of tiers for each of the earlier rule's [`axes`].
pub(super) struct Worlds<'a> {
    view: &'a RunView,
    earlier: &'a Run,
    /// The earlier rule.
    pub rule: Scheme,
    axes: Vec<SchemeId>,
    /// The earlier rule, with the schemes that it crosses.
    schemes: SchemeRegistry,
    metrics: MetricRegistry,
    past: Past,
}

impl<'a> Worlds<'a> {
    pub async fn new(view: &'a RunView, scheme: &Scheme, earlier: &'a Run) -> Result<Worlds<'a>, ViewError> {
        let catalogue = view.catalogue_of(earlier).await?;
        let Some(rule) = catalogue.schemes.get(scheme.id.as_str()).map(|s| s.spec.clone()) else {
            let (run, name) = (earlier.id.to_string(), scheme.id.to_string());
            return Err(ViewError::UnknownScheme { run, name, nearest: None });
        };
        let schemes = catalogue.schemes.only(&BTreeSet::from([scheme.id.clone()]));
        let metrics = catalogue.metrics.only(&schemes.metrics());
        let past = Past::new(view, earlier, &metrics).await?;
        Ok(Worlds { view, earlier, axes: axes(&rule), rule, schemes, metrics, past })
    }

    /// The day that the later run looks from.
    pub fn later_day(&self) -> AsOf {
        self.view.run.as_of
    }

    /// Whether the later run read other records than the earlier one.
    pub fn has_other_facts(&self) -> bool {
        self.view.run.inputs != self.earlier.inputs
    }

    /// Whether a figure that the rule reads was computed by another formula.
    pub fn has_other_metrics(&self) -> bool {
        self.metrics.iter().any(|metric| {
            let id = metric.spec.id.as_str();
            self.earlier.metrics.get(id).is_some_and(|version| *version != metric.spec.version)
        })
    }

    /// What both runs said of everybody in a scheme.
    pub async fn axis(&self, names: &mut Names, scheme: &SchemeId) -> Result<Axis, ViewError> {
        let was = self.labels(names, scheme, "earlier_labels").await?;
        Ok(Axis { was, now: self.labels(names, scheme, "labels").await? })
    }

    async fn labels(&self, names: &mut Names, scheme: &SchemeId, table: &str) -> Result<Labels, ViewError> {
        let column = |what| {
            let name = companion(scheme, what);
            self.view.has_label(&name).then(|| ident(&name))
        };
        let tier = tier_column(scheme);
        let computed = match column(Companion::Computed) {
            Some(computed) => format!("COALESCE({computed}, {tier})"),
            None => tier.clone(),
        };
        let by = column(Companion::By).unwrap_or_else(|| "NULL".to_owned());
        let sql = format!(
            "SELECT customer_key, {tier} AS tier, {computed} AS computed, {by} IS NOT NULL AS by_hand FROM {table}"
        );
        let batches = self.view.session.sql(&sql).await?.collect().await?;
        let by_hand = rows(&batches).filter(|r| r[3] == Value::Bool(true));
        Ok(Labels {
            tier: Column::read(&batches, 1, names),
            computed: Column::read(&batches, 2, names),
            by_hand: by_hand.filter_map(|r| usize::try_from(int(&r[0])).ok()).collect(),
        })
    }

    /// Everyone's tier by the earlier rule and cut points over the later run's records, seen so.
    pub async fn measured(&self, names: &mut Names, looking: Looking) -> Result<Vec<Column>, ViewError> {
        let cuts = &|id: &SchemeId| self.earlier.schemes.get(id.as_str()).map(|s| s.cuts.clone());
        let wrap = |metrics: &str| self.select(&format!("({metrics})"), cuts, looking.from);
        let batches = self.past.plan.ask(&self.metrics, looking, &wrap).await?;
        Ok(self.world(&batches, names))
    }

    /// Everyone's tier by the earlier rule over the later run's figures, with the earlier cut points
    /// or those of the later base.
    pub async fn classified(&self, names: &mut Names, own_cuts: bool) -> Result<Vec<Column>, ViewError> {
        let mut cuts: BTreeMap<SchemeId, SchemeCuts> = BTreeMap::new();
        if own_cuts && !self.is_same_rule() {
            let earlier = |id: &SchemeId| self.earlier.schemes.get(id.as_str()).map(|s| &s.cuts);
            let (specs, units) = (self.schemes.iter().map(|s| &s.spec), self.metrics.units());
            let is_exact = self.view.run.customers <= self.view.settings.exact_customers;
            cuts = base::cut_all(&self.view.session, "metrics", specs, &units, &earlier, is_exact).await?;
        } else {
            let run = if own_cuts { &self.view.run } else { self.earlier };
            for scheme in self.schemes.iter() {
                if let Some(found) = run.schemes.get(scheme.spec.id.as_str()) {
                    cuts.insert(scheme.spec.id.clone(), found.cuts.clone());
                }
            }
        }
        let sql = self.select("metrics", &|id| cuts.get(id).cloned(), self.later_day());
        let batches = self.view.session.sql(&sql).await?.collect().await?;
        Ok(self.world(&batches, names))
    }

    fn is_same_rule(&self) -> bool {
        self.schemes.iter().all(|scheme| {
            let id = scheme.spec.id.as_str();
            let document = |run: &Run| run.schemes.get(id).map(|s| s.document.clone());
            document(self.earlier) == document(&self.view.run)
        })
    }

    /// The SELECT of customer keys and tiers by the earlier rule.
    fn select(&self, metrics: &str, cuts: &dyn Fn(&SchemeId) -> Option<SchemeCuts>, from: AsOf) -> String {
        let units = self.metrics.units();
        let of_axes = self.schemes.iter().filter(|s| self.axes.contains(&s.spec.id));
        let compiled: Vec<_> = of_axes
            .map(|s| {
                let mut spec = s.spec.clone();
                // Stay rules look back; a world has no past.
                spec.stay = None;
                compile(&spec, &cuts(&spec.id).unwrap_or_default(), &units)
            })
            .collect();
        let sql = query(&compiled, metrics, &BTreeMap::new(), &HeldTiers::new(), from);
        let tiers: String = self.axes.iter().map(|id| format!(", {}", tier_column(id))).collect();
        format!("SELECT customer_key{tiers} FROM ({sql})")
    }

    fn world(&self, batches: &[RecordBatch], names: &mut Names) -> Vec<Column> {
        (1..=self.axes.len()).map(|place| Column::read(batches, place, names)).collect()
    }
}
