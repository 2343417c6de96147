//! The worlds between two runs: everyone's tier as it would be if only some things had changed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use clientele_engine::EngineError;
use clientele_engine::arrow::array::{AsArray, RecordBatch};
use clientele_engine::arrow::datatypes::Int32Type;
use clientele_model::spec::Scheme;
use clientele_model::{AsOf, SchemeId};

use super::axes::{Axis, Counterfactual, Labels, axes};
use super::earlier_plan::EarlierPlan;
use super::tiers::{Names, TierColumn};
use crate::classify::base;
use crate::classify::compile::{compile, ident, tier_column};
use crate::classify::cuts::SchemeCuts;
use crate::classify::labels::{Companion, HeldTiers, companion, query};
use crate::classify::registry::SchemeRegistry;
use crate::measure::FactWindow;
use crate::measure::registry::MetricRegistry;
use crate::runs::Run;
use crate::understand::columns::keys_of;
use crate::understand::view::{RunView, ViewError, labels_of, viewed};

/// Two runs, ready to be taken apart along some schemes.
pub(super) struct Counterfactuals<'a> {
    view: &'a RunView,
    earlier: &'a Run,
    /// The earlier rules.
    rules: Vec<Scheme>,
    axes: BTreeSet<SchemeId>,
    /// The earlier rules, with the schemes that they cross.
    schemes: SchemeRegistry,
    metrics: MetricRegistry,
    past: EarlierPlan,
}

impl<'a> Counterfactuals<'a> {
    /// Schemes whose rule of then cannot be read any more are left out.
    pub async fn new(
        view: &'a RunView,
        schemes: &BTreeSet<SchemeId>,
        earlier: &'a Run,
    ) -> Result<Counterfactuals<'a>, ViewError> {
        let catalogue = view.catalogue_of(earlier).await?;
        let found = schemes.iter().filter_map(|id| catalogue.schemes.get(id.as_str()));
        let rules: Vec<Scheme> = found.map(|scheme| scheme.spec.clone()).collect();
        let schemes = catalogue.schemes.only(&rules.iter().map(|rule| rule.id.clone()).collect());
        let metrics = catalogue.metrics.only(&schemes.metrics());
        let past = EarlierPlan::new(view, earlier, &metrics).await?;
        let axes = rules.iter().flat_map(axes).collect();
        Ok(Counterfactuals { view, earlier, rules, axes, schemes, metrics, past })
    }

    /// The earlier rule of a scheme, if it can be read.
    pub fn rule(&self, id: &SchemeId) -> Option<&Scheme> {
        self.rules.iter().find(|rule| rule.id == *id)
    }

    /// The day that the later run looks from.
    pub fn later_day(&self) -> AsOf {
        self.view.run.as_of
    }

    /// Whether the later run read other records than the earlier one.
    pub fn has_other_facts(&self) -> bool {
        self.view.run.inputs != self.earlier.inputs
    }

    /// Whether a figure that a rule reads was computed by another formula.
    pub fn has_other_metrics(&self, rule: &Scheme) -> bool {
        let read = self.schemes.only(&BTreeSet::from([rule.id.clone()])).metrics();
        self.metrics.only(&read).iter().any(|metric| {
            let id = metric.spec.id.as_str();
            self.earlier.metrics.get(id).is_some_and(|version| *version != metric.spec.version)
        })
    }

    /// What both runs said of everybody in a scheme.
    pub async fn axis(&self, names: &mut Names, scheme: &SchemeId) -> Result<Axis, ViewError> {
        let was = self.labels(names, scheme, &labels_of(&self.earlier.id)).await?;
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
            "SELECT customer_key, {tier} AS tier, {computed} AS computed, {by} IS NOT NULL AS by_hand FROM {}",
            viewed(&self.view.session, table)
        );
        let batches = self.view.session.sql(&sql).await?.collect().await?;
        let mut by_hand = HashSet::new();
        for batch in &batches {
            let keys = keys_of(batch).map_err(|cause| EngineError::Query { cause, sql: sql.clone() })?;
            let keys = keys.as_primitive::<Int32Type>().values();
            let set = batch.column(3).as_boolean_opt().into_iter().flat_map(|set| set.iter().zip(keys));
            let set = set.filter(|(is_set, _)| *is_set == Some(true));
            by_hand.extend(set.filter_map(|(_, key)| usize::try_from(*key).ok()));
        }
        Ok(Labels {
            tier: TierColumn::read(&batches, 1, names)?,
            computed: TierColumn::read(&batches, 2, names)?,
            by_hand,
        })
    }

    /// Everyone's tier by the earlier rules and cut points over the later run's records, seen so.
    pub async fn measured(
        &self,
        names: &mut Names,
        looking: FactWindow,
    ) -> Result<Counterfactual, ViewError> {
        let cuts = &|id: &SchemeId| self.earlier.schemes.get(id.as_str()).map(|s| s.cuts.clone());
        let wrap = |metrics: &str| self.select(&format!("({metrics})"), cuts, looking.from);
        let batches = self.past.plan.ask(&self.metrics, looking, &wrap).await?;
        self.world(&batches, names)
    }

    /// Everyone's tier by the earlier rules over the later run's figures, with the earlier cut points
    /// or those of the later base.
    pub async fn classified(&self, names: &mut Names, own_cuts: bool) -> Result<Counterfactual, ViewError> {
        let whole = self.view.whole();
        let mut cuts: BTreeMap<SchemeId, SchemeCuts> = BTreeMap::new();
        let is_changed = |scheme: &Scheme| own_cuts && !self.is_same_rule(scheme);
        let changed: Vec<&Scheme> =
            self.schemes.iter().map(|s| &s.spec).filter(|scheme| is_changed(scheme)).collect();
        if !changed.is_empty() {
            let earlier = |id: &SchemeId| self.earlier.schemes.get(id.as_str()).map(|s| &s.cuts);
            let (specs, units) = (changed.into_iter(), self.metrics.units());
            let is_exact = whole.customers <= self.view.settings.exact_customers;
            cuts = base::cut_all(&whole.session, "metrics", specs, &units, &earlier, is_exact).await?;
        }
        let run = if own_cuts { &self.view.run } else { self.earlier };
        for scheme in self.schemes.iter().filter(|scheme| !is_changed(&scheme.spec)) {
            if let Some(found) = run.schemes.get(scheme.spec.id.as_str()) {
                cuts.insert(scheme.spec.id.clone(), found.cuts.clone());
            }
        }
        let sql = self.select("metrics", &|id| cuts.get(id).cloned(), self.later_day());
        // Of customers beyond reach nothing is told: causes are counted over those whose tiers are seen.
        let batches = whole.session.sql(&sql).await?.collect().await?;
        self.world(&batches, names)
    }

    fn is_same_rule(&self, scheme: &Scheme) -> bool {
        let document = |run: &Run| run.schemes.get(scheme.id.as_str()).map(|s| s.document.clone());
        document(self.earlier) == document(&self.view.run)
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

    fn world(&self, batches: &[RecordBatch], names: &mut Names) -> Result<Counterfactual, ViewError> {
        let columns = self.axes.iter().enumerate().map(|(place, id)| {
            let column = TierColumn::read(batches, place + 1, names)?;
            Ok((id.clone(), column))
        });
        columns.collect()
    }
}
