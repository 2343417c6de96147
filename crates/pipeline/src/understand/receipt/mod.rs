//! Receipts: why a customer is in a tier, since when, and what would move them up.

mod counterfactual;
mod decide;
mod label;
mod own;
mod sentences;
mod sorts;
mod step;
mod trial;

use std::collections::BTreeMap;

use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::Rule;
use clientele_model::{MetricId, SchemeId, Sight, TierId, Unit};

use super::rows::{Value, int, rows, text};
use super::view::{LABELS_IN_BUCKETS, RunView, ViewError};
use crate::classify::compile::text as quote;
use crate::classify::compile::{Compiled, compile, ident};
use crate::classify::cuts::SchemeCuts;
use crate::classify::overrides::Override;
pub use counterfactual::Change;
pub use label::Kept;
use label::Label;
use own::OwnRows;
pub use sentences::written;
pub use step::Step;
use trial::Trial;

/// The answer to "why is this customer here?".
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    pub source: String,
    pub customer_id: String,
    pub scheme: Scheme,
    pub run: String,
    pub as_of: String,
    pub tier: String,
    /// What the rule alone says; the steps lead there.
    pub computed: String,
    /// Why another tier is kept than the rule says.
    pub kept: Option<Kept>,
    /// Who set the tier by hand, when somebody did.
    pub by: Option<Override>,
    /// The first day of the unbroken time in the tier, as far as runs saw it.
    pub since: Value,
    pub previous: Option<String>,
    /// The metrics that the scheme reads, in alphabetical order.
    pub inputs: Vec<Input>,
    /// How the inputs led to the tier, step by step.
    pub steps: Vec<Step>,
    /// The facts whose absence makes the tier `unknown`.
    pub missing: Vec<MetricId>,
    /// The smallest change of one figure that would lead to a better tier, all else equal.
    pub change: Option<Change>,
    /// Metrics that the scheme reads and that are not shown to who asks. Where there are any, neither steps nor
    /// change are told, as they would tell the figures.
    pub hidden: Vec<MetricId>,
}

/// A metric's value for the customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub metric: MetricId,
    pub name: clientele_model::Text,
    pub unit: Unit,
    pub value: Value,
}

/// A customer that the run knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCustomer {
    pub key: i64,
    pub source: String,
    pub id: String,
    bucket: i64,
}

impl RunView {
    /// Finds a customer by id, or by `source:id`.
    pub async fn customer(&self, name: &str) -> Result<KnownCustomer, ViewError> {
        let mut condition = format!("customer_id = {}", quote(name));
        if let Some((source, id)) = name.split_once(':') {
            condition += &format!(" OR (source = {} AND customer_id = {})", quote(source), quote(id));
        }
        let sql = format!(
            "SELECT customer_key, source, customer_id, bucket FROM {LABELS_IN_BUCKETS} WHERE {condition} \
             ORDER BY source LIMIT 10"
        );
        let batches = self.session.sql(&sql).await?.collect().await?;
        let found: Vec<Vec<Value>> = rows(&batches).collect();
        match found.as_slice() {
            [] => Err(ViewError::UnknownCustomer { name: name.to_owned(), run: self.run.id.to_string() }),
            [only] => Ok(KnownCustomer {
                key: int(&only[0]),
                source: text(&only[1]),
                id: text(&only[2]),
                bucket: int(&only[3]),
            }),
            [first, ..] => Err(ViewError::AmbiguousCustomer {
                name: name.to_owned(),
                sources: found.iter().map(|r| text(&r[1])).collect::<Vec<_>>().join(", "),
                example: format!("{}:{}", text(&first[1]), text(&first[2])),
            }),
        }
    }

    /// The receipt of a customer in a scheme.
    pub async fn explain(&self, customer: &KnownCustomer, scheme: &Scheme) -> Result<Receipt, ViewError> {
        let case = Case::new(self, scheme)?;
        let own = self.own_rows(customer, std::slice::from_ref(&case)).await?;
        self.receipt(customer, &own, case).await
    }

    /// The receipts of a customer in several schemes, in their order. The customer's rows are read once.
    pub async fn receipts(
        &self,
        customer: &KnownCustomer,
        schemes: &[&Scheme],
    ) -> Result<Vec<Receipt>, ViewError> {
        let cases: Vec<Case<'_>> =
            schemes.iter().map(|scheme| Case::new(self, scheme)).collect::<Result<_, _>>()?;
        let own = self.own_rows(customer, &cases).await?;
        let mut receipts = Vec::with_capacity(cases.len());
        for case in cases {
            receipts.push(self.receipt(customer, &own, case).await?);
        }
        Ok(receipts)
    }

    async fn own_rows(&self, customer: &KnownCustomer, cases: &[Case<'_>]) -> Result<OwnRows, ViewError> {
        let metrics = cases.iter().flat_map(|case| &case.metrics).map(MetricId::as_str);
        let metrics = metrics.filter(|metric| self.sight("metrics", metric) == Sight::Shown).collect();
        let schemes = cases.iter().flat_map(|case| case.chain.iter().map(|(scheme, ..)| *scheme));
        let labels = schemes.flat_map(|scheme| label::columns(self, scheme)).collect();
        OwnRows::read(self, customer, &metrics, &labels).await
    }

    async fn receipt(
        &self,
        customer: &KnownCustomer,
        own: &OwnRows,
        mut case: Case<'_>,
    ) -> Result<Receipt, ViewError> {
        let scheme = case.scheme;
        let label = Label::read(own, scheme);
        case.fix(own);
        let is_hidden = |metric: &&MetricId| self.sight("metrics", metric.as_str()) != Sight::Shown;
        let hidden: Vec<MetricId> = case.metrics.iter().filter(is_hidden).cloned().collect();
        let shown = || case.metrics.iter().filter(|metric| !hidden.contains(metric));
        let values: BTreeMap<MetricId, Value> =
            shown().map(|metric| (metric.clone(), own.metric(metric.as_str()))).collect();
        let inputs: Vec<Input> = shown()
            .map(|metric| Input {
                metric: metric.clone(),
                name: self.catalogue.metrics.get(metric).map(|m| m.spec.name.clone()).unwrap_or_default(),
                unit: case.unit(metric),
                value: own.metric(metric.as_str()),
            })
            .collect();
        let needed = case.needed();
        let computed = label.computed.clone();
        let unknown_of = |wanted: &[MetricId]| -> Vec<MetricId> {
            let lacks = |i: &&Input| i.value == Value::Unknown && wanted.contains(&i.metric);
            inputs.iter().filter(lacks).map(|i| i.metric.clone()).collect()
        };
        let missing = match computed.as_str() {
            TierId::UNKNOWN => match unknown_of(&needed) {
                none if none.is_empty() => unknown_of(&case.asked_for()),
                missing => missing,
            },
            _ => Vec::new(),
        };
        let (steps, change) = match hidden.is_empty() {
            true => {
                let candidates = match label.is_as_computed() {
                    true => counterfactual::candidates(self, &case, &values, &computed),
                    false => Vec::new(),
                };
                let trial = Trial::ask(own, &case, &candidates).await?;
                let change = counterfactual::nearest(&case, &values, &computed, candidates, &trial);
                (decide::steps(&case, &values, &computed, &trial.helpers), change)
            }
            false => (Vec::new(), None),
        };
        Ok(Receipt {
            source: customer.source.clone(),
            customer_id: customer.id.clone(),
            scheme: scheme.clone(),
            run: self.run.id.to_string(),
            as_of: self.run.as_of.to_string(),
            steps,
            change,
            kept: label.kept(scheme, self.run.as_of),
            by: label.set_by(self).await?,
            since: label.since,
            previous: label.previous,
            tier: label.tier,
            computed,
            inputs,
            missing,
            hidden,
        })
    }
}

/// A scheme as the run applied it, with the schemes that it crosses before it.
struct Case<'a> {
    scheme: &'a Scheme,
    /// The crossed schemes, then the scheme itself.
    chain: Vec<(&'a Scheme, Compiled, SchemeCuts)>,
    /// Every metric that any of them reads.
    metrics: Vec<MetricId>,
    units: BTreeMap<MetricId, Unit>,
    /// Crossed schemes in which the customer is in another tier than the rule says, with that tier.
    fixed: BTreeMap<SchemeId, String>,
}

impl<'a> Case<'a> {
    fn new(view: &'a RunView, scheme: &'a Scheme) -> Result<Case<'a>, ViewError> {
        let units = view.catalogue.metrics.units();
        let mut schemes = vec![scheme];
        if let Rule::Matrix { rows, columns, .. } = &scheme.rule {
            schemes = vec![view.scheme(rows.as_str())?, view.scheme(columns.as_str())?, scheme];
        }
        let mut metrics: Vec<MetricId> = schemes
            .iter()
            .filter_map(|s| view.catalogue.schemes.get(s.id.as_str()))
            .flat_map(|s| s.metrics.iter().cloned())
            .collect();
        metrics.sort();
        metrics.dedup();
        let chain = schemes
            .into_iter()
            .map(|s| {
                let applied = view.run.schemes.get(s.id.as_str());
                let cuts = applied.map(|a| a.cuts.clone()).unwrap_or_default();
                (s, compile(s, &cuts, &units), cuts)
            })
            .collect();
        Ok(Case { scheme, chain, metrics, units, fixed: BTreeMap::new() })
    }

    /// Takes the customer's tiers in crossed schemes from the labels, where they are not what the rules say.
    fn fix(&mut self, own: &OwnRows) {
        let crossed = self.chain.iter().map(|(scheme, ..)| *scheme).filter(|s| s.id != self.scheme.id);
        let labels = crossed.map(|scheme| (scheme.id.clone(), Label::read(own, scheme)));
        let elsewhere = labels.filter(|(_, label)| !label.is_as_computed());
        self.fixed = elsewhere.map(|(scheme, label)| (scheme, label.tier)).collect();
    }

    fn unit(&self, metric: &MetricId) -> Unit {
        self.units.get(metric).copied().unwrap_or(Unit::Ratio)
    }

    /// The metrics without which there is no tier.
    fn needed(&self) -> Vec<MetricId> {
        self.chain.iter().flat_map(|(s, ..)| crate::classify::compile::named_metrics(s)).collect()
    }

    /// The metrics of which the base of the scheme wants to know one.
    fn asked_for(&self) -> Vec<MetricId> {
        let populations = self.chain.iter().filter_map(|(s, ..)| s.population.as_deref());
        populations.flat_map(crate::classify::compile::asked_for).collect()
    }

    /// The figures of a customer that the scheme looks at, and the id, as a table.
    fn figures(&self, own: &OwnRows) -> String {
        let columns: String = self.metrics.iter().map(|m| format!(", {}", ident(m.as_str()))).collect();
        format!("(SELECT customer_id{columns} FROM metrics WHERE customer_key = {})", own.key)
    }

    /// The SELECT that adds all helper columns and tiers to `from`.
    fn select(&self, from: &str) -> String {
        let mut sql = from.to_owned();
        for (scheme, compiled, _) in &self.chain {
            let parts: String =
                compiled.parts.iter().map(|p| format!(", {} AS {}", p.sql, p.column)).collect();
            sql = format!("(SELECT *{parts} FROM {sql})");
            let tier = match self.fixed.get(&scheme.id) {
                Some(tier) => quote(tier),
                None => compiled.tier.clone(),
            };
            let tier = format!("{tier} AS {}", ident(&scheme.id.column()));
            sql = format!("(SELECT *, {tier} FROM {sql})");
        }
        sql
    }
}
