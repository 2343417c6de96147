//! Every scheme that a run can apply, checked against the metrics.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::{ParsedExpr, parse_expression};
use clientele_model::spec::scheme::{PointsMethod, Rule};
use clientele_model::spec::{Scheme, SpecError};
use clientele_model::{MetricId, SchemeId};

use super::compile::{conditions, named_metrics};
use crate::library::{Document, nearest};
use crate::measure::functions;
use crate::measure::registry::{MetricRegistry, TAKEN};

/// A scheme whose metrics, conditions and crossed schemes are known to exist.
#[derive(Debug, Clone)]
pub struct RegisteredScheme {
    /// The scheme, its conditions written out as safe SQL.
    pub spec: Scheme,
    /// The metrics that it reads, those in conditions included.
    pub metrics: BTreeSet<MetricId>,
    /// Where it was read from.
    pub document: Document,
}

impl RegisteredScheme {
    /// An error about one of the document's keys.
    pub fn error(&self, key: &str, problem: String, cure: String) -> SpecError {
        Scheme::error(&self.document.name, &self.document.text, key, problem, cure)
    }
}

/// All schemes by id.
#[derive(Debug, Clone, Default)]
pub struct SchemeRegistry {
    schemes: BTreeMap<SchemeId, RegisteredScheme>,
}

impl SchemeRegistry {
    /// Reads and checks scheme documents; a later document replaces an earlier one of the same id.
    ///
    /// # Errors
    /// The first mistake: with the file, the line and the cure.
    pub fn build(documents: &[Document], metrics: &MetricRegistry) -> Result<Self, SpecError> {
        let mut schemes = BTreeMap::new();
        let mut sources = BTreeMap::new();
        for document in documents {
            let scheme = check(document, metrics)?;
            sources.insert(scheme.spec.id.clone(), document);
            schemes.insert(scheme.spec.id.clone(), scheme);
        }
        let registry = SchemeRegistry { schemes };
        for (id, document) in sources {
            registry.check_matrix(&id, document)?;
        }
        Ok(registry)
    }

    /// The schemes, by id.
    pub fn iter(&self) -> impl Iterator<Item = &RegisteredScheme> {
        self.schemes.values()
    }

    /// A scheme by its id.
    pub fn get(&self, id: &str) -> Option<&RegisteredScheme> {
        self.schemes.get(&SchemeId::new(id))
    }

    /// The id that a misspelt one most likely means.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.schemes.keys().map(SchemeId::as_str))
    }

    /// Only the schemes in `wanted`, and those that they cross.
    pub fn only(&self, wanted: &BTreeSet<SchemeId>) -> SchemeRegistry {
        let mut keep = wanted.clone();
        for scheme in self.schemes.values().filter(|s| wanted.contains(&s.spec.id)) {
            if let Rule::Matrix { rows, columns, .. } = &scheme.spec.rule {
                keep.extend([rows.clone(), columns.clone()]);
            }
        }
        let kept = self.schemes.iter().filter(|(id, _)| keep.contains(*id));
        SchemeRegistry { schemes: kept.map(|(id, s)| (id.clone(), s.clone())).collect() }
    }

    /// Every metric that some scheme reads.
    pub fn metrics(&self) -> BTreeSet<MetricId> {
        self.schemes.values().flat_map(|s| s.metrics.iter().cloned()).collect()
    }

    fn check_matrix(&self, id: &SchemeId, document: &Document) -> Result<(), SpecError> {
        let Some(RegisteredScheme { spec, .. }) = self.schemes.get(id) else { return Ok(()) };
        let Rule::Matrix { rows, columns, cells } = &spec.rule else { return Ok(()) };
        let error = |key: &str, problem: String, cure: String| {
            Scheme::error(&document.name, &document.text, key, problem, cure)
        };
        for (key, other) in [("rows", rows), ("columns", columns)] {
            let Some(other_scheme) = self.schemes.get(other) else {
                let hint = self.nearest(other.as_str()).unwrap_or("abc");
                let problem = format!("there is no scheme `{other}`");
                return Err(error(key, problem, format!("name one that exists, for example `{hint}`")));
            };
            if matches!(other_scheme.spec.rule, Rule::Matrix { .. }) {
                let problem = format!("`{other}` is a matrix itself");
                return Err(error(key, problem, "cross schemes of other kinds".to_owned()));
            }
        }
        for (i, cells) in cells.iter().enumerate() {
            for (row, column) in cells {
                for (scheme, tier) in [(rows, row), (columns, column)] {
                    let known = self.schemes.get(scheme).is_some_and(|s| s.spec.position(tier).is_some());
                    if !known {
                        let problem = format!("`{scheme}` has no tier `{tier}`");
                        let cure = format!("use its tiers' ids; see `clientele schemes show {scheme}`");
                        return Err(error(&format!("tiers[{i}].cells"), problem, cure));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Reads one scheme and checks it against the metrics.
fn check(document: &Document, metrics: &MetricRegistry) -> Result<RegisteredScheme, SpecError> {
    let mut spec = Scheme::parse(&document.name, &document.text)?;
    let error = |key: &str, problem: String, cure: String| {
        Scheme::error(&document.name, &document.text, key, problem, cure)
    };
    let column = spec.id.column();
    if TAKEN.contains(&column.as_str()) {
        let cure = "choose another name".to_owned();
        return Err(error("id", format!("`{column}` is a column that every customer has"), cure));
    }
    if let Some(metric) = metrics.get(&MetricId::new(&column)) {
        // Whichever is the user's is to blame.
        let problem = format!("there are a metric and a scheme of the name `{column}`");
        let cure = "rename one: both are columns of the same table".to_owned();
        return Err(match document.is_built_in() {
            true => metric.error("id", problem, cure),
            false => error("id", problem, cure),
        });
    }
    let mut reads = named_metrics(&spec);
    for metric in &reads {
        let Some(found) = metrics.get(metric) else {
            let hint = nearest(metric.as_str(), metrics.ids().into_iter()).unwrap_or("frequency");
            let cure = format!("name one that exists, for example `{hint}`");
            return Err(error("metric", format!("there is no metric `{metric}`"), cure));
        };
        let wants_number = !matches!(spec.rule, Rule::Rules { .. });
        if wants_number && !found.spec.unit.is_number() {
            let problem = format!("`{metric}` is not a number");
            return Err(error("metric", problem, "bands, parts and scores want numbers".to_owned()));
        }
    }
    let columns: Vec<&str> = metrics.ids();
    let mut parsed: Vec<String> = Vec::new();
    for (key, condition) in conditions(&spec) {
        let expression: ParsedExpr = parse_expression(condition, &columns, &functions::OVER_METRICS)
            .map_err(|e| error(&key, e.to_string(), e.cure()))?;
        reads.extend(expression.columns().map(MetricId::new));
        parsed.push(expression.forgiving().to_sql());
    }
    replace_conditions(&mut spec, parsed);
    Ok(RegisteredScheme { spec, metrics: reads, document: document.clone() })
}

/// Puts the parsed conditions back, in the order in which [`conditions`] lists them.
fn replace_conditions(spec: &mut Scheme, parsed: Vec<String>) {
    let mut parsed = parsed.into_iter();
    if spec.population.is_some() {
        spec.population = parsed.next();
    }
    match &mut spec.rule {
        Rule::Rules { when, .. } => when.iter_mut().zip(parsed).for_each(|(w, p)| *w = p),
        Rule::Scorecard { points, .. } => {
            for line in points {
                if let PointsMethod::When { condition, .. } = &mut line.method
                    && let Some(safe) = parsed.next()
                {
                    *condition = safe;
                }
            }
        }
        _ => {}
    }
}
