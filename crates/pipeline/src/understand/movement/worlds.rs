//! The worlds between two runs: everyone's tier as it would be if only some things had changed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use clientele_model::spec::Scheme;
use clientele_model::{AsOf, SchemeId};

use super::tiers::{Column, Names};
use crate::classify::base;
use crate::classify::compile::{compile, ident, tier_column};
use crate::classify::cuts::SchemeCuts;
use crate::classify::labels::{Companion, HeldTiers, companion, query};
use crate::classify::registry::SchemeRegistry;
use crate::measure::registry::MetricRegistry;
use crate::measure::{Looking, Plan, facts};
use crate::rows::{int, rows};
use crate::runs::Run;
use crate::understand::view::{RunView, ViewError};

/// What a run said of everybody.
pub(super) struct Labels {
    pub tier: Column,
    /// What the rule alone said.
    pub computed: Column,
    /// The keys of customers whose tier a person had set.
    pub by_hand: HashSet<usize>,
}

/// Two runs, ready to be taken apart.
pub(super) struct Worlds<'a> {
    view: &'a RunView,
    earlier: &'a Run,
    scheme: SchemeId,
    /// The earlier run's rule, with the schemes that it crosses.
    schemes: SchemeRegistry,
    metrics: MetricRegistry,
    plan: Plan,
}

impl<'a> Worlds<'a> {
    pub async fn new(view: &'a RunView, scheme: &Scheme, earlier: &'a Run) -> Result<Worlds<'a>, ViewError> {
        let catalogue = view.catalogue_of(earlier).await?;
        if catalogue.schemes.get(scheme.id.as_str()).is_none() {
            let (run, name) = (earlier.id.to_string(), scheme.id.to_string());
            return Err(ViewError::UnknownScheme { run, name, nearest: None });
        }
        let schemes = catalogue.schemes.only(&BTreeSet::from([scheme.id.clone()]));
        let metrics = catalogue.metrics.only(&schemes.metrics());
        let session = view.session.detached().await?;
        let mut plan = Plan::new(&session, &view.inputs, view.settings.bucket_customers).await?;
        plan.survey_of(&view.lake, &earlier.id).await?;
        Ok(Worlds { view, earlier, scheme: scheme.id.clone(), schemes, metrics, plan })
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

    /// What a run's labels, known to the session as `table`, say.
    pub async fn labels(&self, names: &mut Names, table: &str) -> Result<Labels, ViewError> {
        let column = |what| {
            let name = companion(&self.scheme, what);
            self.view.has_label(&name).then(|| ident(&name))
        };
        let tier = tier_column(&self.scheme);
        let computed = match column(Companion::Computed) {
            Some(computed) => format!("COALESCE({computed}, {tier})"),
            None => tier.clone(),
        };
        let by_hand = match column(Companion::By) {
            Some(by) => {
                let sql = format!("SELECT customer_key FROM {table} WHERE {by} IS NOT NULL");
                let batches = self.view.session.sql(&sql).await?.collect().await?;
                rows(&batches).filter_map(|r| usize::try_from(int(&r[0])).ok()).collect()
            }
            None => HashSet::new(),
        };
        Ok(Labels {
            tier: self.read(names, &format!("SELECT customer_key, {tier} FROM {table}")).await?,
            computed: self.read(names, &format!("SELECT customer_key, {computed} FROM {table}")).await?,
            by_hand,
        })
    }

    /// Everyone's tier by the earlier rule and cut points over the later run's records, seen so.
    pub async fn measured(&self, names: &mut Names, looking: Looking) -> Result<Column, ViewError> {
        let cuts = &|id: &SchemeId| self.earlier.schemes.get(id.as_str()).map(|s| s.cuts.clone());
        let wrap = |metrics: &str| self.rule(&format!("({metrics})"), cuts, looking.from);
        let batches = self.plan.ask(&self.metrics, looking, &wrap).await?;
        Ok(Column::read(&batches, names))
    }

    /// Everyone's tier by the earlier rule over the later run's figures, with the earlier cut points
    /// or those of the later base.
    pub async fn classified(&self, names: &mut Names, own_cuts: bool) -> Result<Column, ViewError> {
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
        let sql = self.rule("metrics", &|id| cuts.get(id).cloned(), self.later_day());
        self.read(names, &sql).await
    }

    /// The customers of whom records tell something before a day.
    pub async fn known_before(&self, day: AsOf) -> Result<HashSet<usize>, ViewError> {
        let session = self.plan.facts().await?;
        let mut known = HashSet::new();
        for (_, table, at) in facts::timed() {
            if self.view.inputs.schema(table).await?.is_none()
                || self.view.inputs.files(table).await?.is_empty()
            {
                continue;
            }
            let sql =
                format!("SELECT DISTINCT customer_key FROM {table} WHERE {at} < TIMESTAMP '{day}T00:00:00'");
            let batches = session.sql(&sql).await?.collect().await?;
            known.extend(rows(&batches).filter_map(|r| usize::try_from(int(&r[0])).ok()));
        }
        Ok(known)
    }

    fn is_same_rule(&self) -> bool {
        self.schemes.iter().all(|scheme| {
            let id = scheme.spec.id.as_str();
            let document = |run: &Run| run.schemes.get(id).map(|s| s.document.clone());
            document(self.earlier) == document(&self.view.run)
        })
    }

    /// The SELECT of customer keys and tiers by the earlier rule.
    fn rule(&self, metrics: &str, cuts: &dyn Fn(&SchemeId) -> Option<SchemeCuts>, from: AsOf) -> String {
        let units = self.metrics.units();
        let compiled: Vec<_> = self
            .schemes
            .iter()
            .map(|s| {
                let mut spec = s.spec.clone();
                // Stay rules look back; a world has no past.
                spec.stay = None;
                compile(&spec, &cuts(&spec.id).unwrap_or_default(), &units)
            })
            .collect();
        let sql = query(&compiled, metrics, &BTreeMap::new(), &HeldTiers::new(), from);
        format!("SELECT customer_key, {} FROM ({sql})", tier_column(&self.scheme))
    }

    async fn read(&self, names: &mut Names, sql: &str) -> Result<Column, ViewError> {
        let batches = self.view.session.sql(sql).await?.collect().await?;
        Ok(Column::read(&batches, names))
    }
}
