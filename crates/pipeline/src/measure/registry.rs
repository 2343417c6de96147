//! Every metric that a run can compute, checked and in the order in which they can be computed.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::{ParsedExpr, parse_expression};
use clientele_model::spec::{Metric, MetricSource, SpecError};
use clientele_model::{AsOf, MetricId, Text, Unit};

use super::{facts, functions};
use crate::library::{Document, nearest};
use crate::quote;

/// A metric whose expression is known to be sound.
#[derive(Debug, Clone)]
pub struct RegisteredMetric {
    pub spec: Metric,
    /// The expression, its filter within.
    expression: ParsedExpr,
    /// The source's columns that it reads; for a derived metric, the metrics.
    pub reads: BTreeSet<String>,
    /// Where it was read from.
    pub document: Document,
}

/// Columns that the tables of results have beside metrics and tiers, and what expressions may name.
pub(crate) const TAKEN: [&str; 6] = ["as_of", "bucket", "customer_id", "customer_key", "run", "source"];

impl RegisteredMetric {
    /// An error about one of the document's keys.
    pub fn error(&self, key: &str, problem: impl Into<Text>, cure: impl Into<Text>) -> SpecError {
        Metric::error(&self.document.name, &self.document.text, key, problem, cure)
    }

    /// The expression as SQL, looking from a day.
    pub fn sql(&self, as_of: AsOf) -> String {
        let day = ParsedExpr::column("as_of");
        let midnight = parse_expression(&quote::date(as_of.date()), &[], &functions::OVER_METRICS);
        let with = BTreeMap::from([("as_of".to_owned(), midnight.unwrap_or(day))]);
        self.expression.substitute(&with).to_sql()
    }
}

/// All metrics, each after those that it derives from.
#[derive(Debug, Clone, Default)]
pub struct MetricRegistry {
    metrics: Vec<RegisteredMetric>,
    places: BTreeMap<MetricId, usize>,
}

impl MetricRegistry {
    /// Reads and checks metric documents; a later document replaces an earlier one of the same id.
    ///
    /// # Errors
    /// The first mistake: with the file, the line and the cure.
    pub fn build(documents: &[Document]) -> Result<MetricRegistry, SpecError> {
        let mut specs: BTreeMap<MetricId, (Metric, &Document)> = BTreeMap::new();
        for document in documents {
            let metric = Metric::parse(&document.name, &document.text)?;
            specs.insert(metric.id.clone(), (metric, document));
        }
        let ids: Vec<String> = specs.keys().map(|id| id.to_string()).collect();
        let mut checked = BTreeMap::new();
        for (id, (spec, document)) in &specs {
            let metric = check(spec, document, &ids)?;
            checked.insert(id.clone(), (metric, *document));
        }
        let mut registry = MetricRegistry::default();
        let mut open = BTreeSet::new();
        for id in specs.keys() {
            registry.place(id, &checked, &mut open)?;
        }
        Ok(registry)
    }

    fn place(
        &mut self,
        id: &MetricId,
        checked: &BTreeMap<MetricId, (RegisteredMetric, &Document)>,
        open: &mut BTreeSet<MetricId>,
    ) -> Result<(), SpecError> {
        let Some((metric, document)) = checked.get(id).filter(|_| !self.places.contains_key(id)) else {
            return Ok(());
        };
        if !open.insert(id.clone()) {
            let problem = Text::new(
                format!("`{id}` derives from itself, by way of other metrics"),
                format!("`{id}` 经由其他指标由自身推导"),
            );
            let cure = Text::new("break the circle", "请断开循环");
            return Err(Metric::error(&document.name, &document.text, "expression", problem, cure));
        }
        if metric.spec.source == MetricSource::Derived {
            for read in &metric.reads {
                self.place(&MetricId::new(read), checked, open)?;
            }
        }
        open.remove(id);
        self.places.insert(id.clone(), self.metrics.len());
        self.metrics.push(metric.clone());
        Ok(())
    }

    /// The metrics, in the order in which they can be computed.
    pub fn iter(&self) -> impl Iterator<Item = &RegisteredMetric> {
        self.metrics.iter()
    }

    /// A metric by its id.
    pub fn get(&self, id: &MetricId) -> Option<&RegisteredMetric> {
        self.places.get(id).map(|&place| &self.metrics[place])
    }

    /// The ids as text.
    pub fn ids(&self) -> Vec<&str> {
        self.metrics.iter().map(|m| m.spec.id.as_str()).collect()
    }

    /// The units by id.
    pub fn units(&self) -> BTreeMap<MetricId, Unit> {
        self.metrics.iter().map(|m| (m.spec.id.clone(), m.spec.unit)).collect()
    }

    /// Only `wanted` metrics and those that they derive from.
    pub fn only(&self, wanted: &BTreeSet<MetricId>) -> MetricRegistry {
        let mut keep: BTreeSet<String> = wanted.iter().map(|id| id.to_string()).collect();
        for metric in self.metrics.iter().rev() {
            if keep.contains(metric.spec.id.as_str()) && metric.spec.source == MetricSource::Derived {
                keep.extend(metric.reads.iter().cloned());
            }
        }
        let metrics: Vec<RegisteredMetric> =
            self.metrics.iter().filter(|m| keep.contains(m.spec.id.as_str())).cloned().collect();
        let places = metrics.iter().enumerate().map(|(i, m)| (m.spec.id.clone(), i)).collect();
        MetricRegistry { metrics, places }
    }
}

fn check(spec: &Metric, document: &Document, ids: &[String]) -> Result<RegisteredMetric, SpecError> {
    let error = |key: &str, problem: Text, cure: Text| {
        Metric::error(&document.name, &document.text, key, problem, cure)
    };
    if TAKEN.contains(&spec.id.as_str()) {
        let problem = Text::new(
            format!("`{}` is a column that every customer has", spec.id),
            format!("`{}` 是每位客户都有的列", spec.id),
        );
        return Err(error("id", problem, Text::new("choose another name", "请换个名称")));
    }
    let derived = spec.source == MetricSource::Derived;
    let columns: Vec<&str> = match derived {
        true => ids.iter().map(String::as_str).chain(["as_of"]).collect(),
        false => facts::columns(spec.source).iter().map(|c| c.name).chain(["as_of"]).collect(),
    };
    let functions = if derived { functions::OVER_METRICS } else { functions::OVER_FACTS };
    let read = |key: &str, sql: &str| {
        parse_expression(sql, &columns, &functions).map_err(|e| {
            let (problem, cure) = e.problem().texts();
            error(key, problem, cure)
        })
    };
    let mut expression: ParsedExpr = read("expression", &spec.expression)?;
    if !derived && !expression.is_aggregate() {
        let problem = Text::new(
            "there is no aggregate: one figure a customer is wanted",
            "没有汇总函数：每位客户只应有一个数值",
        );
        let cure =
            Text::new("wrap it in sum(…), max(…) or another aggregate", "请用 sum(…)、max(…) 等汇总函数");
        return Err(error("expression", problem, cure));
    }
    for column in &spec.brought {
        // As files have it, so that their bounds tell.
        if !facts::columns(spec.source).iter().any(|known| known.name == column && known.is_plain()) {
            let problem = Text::new(
                format!("`{column}` is no column of numbers that files bring"),
                format!("`{column}` 不是文件所含的数值列"),
            );
            let cure = Text::new(
                "name one such as discount, refunded or cost",
                "请写 discount、refunded、cost 之类的列",
            );
            return Err(error("brought", problem, cure));
        }
    }
    let mut reads: BTreeSet<String> = expression.columns().map(str::to_owned).collect();
    if let Some(filter) = &spec.filter {
        let filter = read("filter", filter)?;
        if filter.is_aggregate() {
            let problem = Text::new("a filter cannot hold an aggregate", "筛选条件不能含汇总函数");
            let cure = Text::new("filter single facts by their columns", "请按单条记录的列筛选");
            return Err(error("filter", problem, cure));
        }
        reads.extend(filter.columns().map(str::to_owned));
        expression = expression.with_filter(&filter);
    }
    if derived && reads.contains(spec.id.as_str()) {
        let others = ids.iter().map(String::as_str).filter(|id| *id != spec.id.as_str());
        let hint = nearest(spec.id.as_str(), others).unwrap_or("frequency");
        let problem = Text::new("the metric derives from itself", "指标由自身推导");
        let cure = Text::new(
            format!("derive from another metric, for example `{hint}`"),
            format!("请由其他指标推导，例如 `{hint}`"),
        );
        return Err(error("expression", problem, cure));
    }
    reads.remove("as_of");
    let (expression, document) = (expression.forgiving().lean(), document.clone());
    Ok(RegisteredMetric { spec: spec.clone(), expression, reads, document })
}
