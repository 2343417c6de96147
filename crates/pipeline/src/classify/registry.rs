//! Every scheme that a run can apply, checked against the metrics.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::{ParsedExpr, parse_expression};
use clientele_model::spec::questionnaire::overall_metric;
use clientele_model::spec::scheme::Rule;
use clientele_model::spec::{Scheme, SpecError};
use clientele_model::{MetricId, SchemeId, Text, Unit};

use super::cluster::{self, Centre, Centres};
use super::compile::{conditions, named_metrics, replace_conditions, shown_metrics};
use super::cuts::SchemeCuts;
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
    pub fn error(&self, key: &str, problem: impl Into<Text>, cure: impl Into<Text>) -> SpecError {
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

    /// Puts a scheme in the place of the one of the same id.
    ///
    /// # Errors
    /// A mistake in the document, as with [`Self::build`]; nothing changes then.
    pub fn replace(&mut self, document: &Document, metrics: &MetricRegistry) -> Result<(), SpecError> {
        let scheme = check(document, metrics)?;
        self.schemes.insert(scheme.spec.id.clone(), scheme);
        Ok(())
    }

    /// Takes a scheme out.
    pub fn remove(&mut self, id: &str) {
        self.schemes.remove(&SchemeId::new(id));
    }

    /// Gives the tiers of a clustering the names that go with its centres, and takes out those that no
    /// cluster has.
    pub fn name_clusters(&mut self, id: &str, cuts: &SchemeCuts, name: &dyn Fn(&MetricId) -> Text) {
        let Some(scheme) = self.schemes.get_mut(&SchemeId::new(id)) else { return };
        let Rule::Cluster(clustering) = &scheme.spec.rule else { return };
        // An earlier call may have taken out tiers that these centres have.
        if let Ok(fresh) = Scheme::parse(&scheme.document.name, &scheme.document.text) {
            scheme.spec.tiers = fresh.tiers;
        }
        let Some(centres) = Centres::of(cuts, clustering.features.len()) else {
            scheme.spec.tiers.clear();
            return;
        };
        let names = cluster::names(clustering, &centres, name);
        let named: BTreeMap<String, Text> = centres.centres.iter().map(Centre::tier).zip(names).collect();
        scheme.spec.tiers.retain_mut(|tier| match named.get(tier.id.as_str()) {
            Some(name) => {
                tier.name = name.clone();
                true
            }
            None => false,
        });
    }

    /// Every metric that some scheme reads.
    pub fn metrics(&self) -> BTreeSet<MetricId> {
        self.schemes.values().flat_map(|s| s.metrics.iter().cloned()).collect()
    }

    fn check_matrix(&self, id: &SchemeId, document: &Document) -> Result<(), SpecError> {
        let Some(RegisteredScheme { spec, .. }) = self.schemes.get(id) else { return Ok(()) };
        let Rule::Matrix { rows, columns, cells } = &spec.rule else { return Ok(()) };
        let error = |key: &str, problem: Text, cure: Text| {
            Scheme::error(&document.name, &document.text, key, problem, cure)
        };
        for (key, other) in [("rows", rows), ("columns", columns)] {
            let Some(other_scheme) = self.schemes.get(other) else {
                let hint = self.nearest(other.as_str()).unwrap_or("abc");
                let problem =
                    Text::new(format!("there is no scheme `{other}`"), format!("没有分层方案 `{other}`"));
                return Err(error(key, problem, existing(hint)));
            };
            if matches!(other_scheme.spec.rule, Rule::Matrix { .. }) {
                let problem =
                    Text::new(format!("`{other}` is a matrix itself"), format!("`{other}` 本身就是矩阵"));
                let cure = Text::new("cross schemes of other kinds", "请交叉其他类型的方案");
                return Err(error(key, problem, cure));
            }
        }
        for (i, cells) in cells.iter().enumerate() {
            for (row, column) in cells {
                for (scheme, tier) in [(rows, row), (columns, column)] {
                    let known = self.schemes.get(scheme).is_some_and(|s| s.spec.position(tier).is_some());
                    if !known {
                        let problem = Text::new(
                            format!("`{scheme}` has no tier `{tier}`"),
                            format!("`{scheme}` 没有层级 `{tier}`"),
                        );
                        let cure = Text::new(
                            format!("use its tiers' ids; see `clientele schemes show {scheme}`"),
                            format!("请用它的层级编号，见 clientele schemes show {scheme}"),
                        );
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
    let error = |key: &str, problem: Text, cure: Text| {
        Scheme::error(&document.name, &document.text, key, problem, cure)
    };
    let column = spec.id.column();
    if TAKEN.contains(&column.as_str()) {
        let problem = Text::new(
            format!("`{column}` is a column that every customer has"),
            format!("`{column}` 是每位客户都有的列"),
        );
        return Err(error("id", problem, Text::new("choose another name", "请换个名称")));
    }
    if let Some(metric) = metrics.get(&MetricId::new(&column)) {
        // Whichever is the user's is to blame.
        let problem = Text::new(
            format!("there are a metric and a scheme of the name `{column}`"),
            format!("指标与方案同名：`{column}`"),
        );
        let cure =
            Text::new("rename one: both are columns of the same table", "请改其中一个：两者是同一张表的列");
        return Err(match document.is_built_in() {
            true => metric.error("id", problem, cure),
            false => error("id", problem, cure),
        });
    }
    if let Rule::Questionnaire { survey, .. } = &spec.rule {
        check_survey(survey, metrics).map_err(|(problem, cure)| error("survey", problem, cure))?;
    }
    let mut reads = named_metrics(&spec);
    reads.extend(shown_metrics(&spec));
    for metric in &reads {
        let key = place(&spec, metric);
        let Some(found) = metrics.get(metric) else {
            let hint = nearest(metric.as_str(), metrics.ids().into_iter()).unwrap_or("frequency");
            let problem = Text::new(format!("there is no metric `{metric}`"), format!("没有指标 `{metric}`"));
            return Err(error(key, problem, existing(hint)));
        };
        let unit = found.spec.unit;
        let (fits, is, wanted) = match spec.rule {
            Rule::Rules { .. } | Rule::Checklist { .. } => continue,
            Rule::Attribute { .. } => {
                (unit == Unit::Text, ["a text", "文字"], ["attributes are words", "属性须为文字"])
            }
            _ => (
                unit.is_number(),
                ["a number", "数值"],
                ["bands, parts and scores want numbers", "分段、分位与评分须用数值"],
            ),
        };
        if !fits {
            let problem =
                Text::new(format!("`{metric}` is not {}", is[0]), format!("`{metric}` 不是{}", is[1]));
            return Err(error(key, problem, Text::new(wanted[0], wanted[1])));
        }
    }
    let columns: Vec<&str> = metrics.ids();
    let mut parsed: Vec<String> = Vec::new();
    for (key, condition) in conditions(&spec) {
        let expression: ParsedExpr = parse_expression(condition, &columns, &functions::OVER_METRICS)
            .map_err(|e| {
                let (problem, cure) = e.problem().texts();
                error(&key, problem, cure)
            })?;
        reads.extend(expression.columns().map(MetricId::new));
        parsed.push(expression.forgiving().to_sql());
    }
    replace_conditions(&mut spec, parsed);
    Ok(RegisteredScheme { spec, metrics: reads, document: document.clone() })
}

/// The cure for a name that nothing has.
fn existing(hint: &str) -> Text {
    Text::new(format!("name one that exists, for example `{hint}`"), format!("请写已有的名称，例如 `{hint}`"))
}

/// The key under which a scheme names a metric.
fn place(spec: &Scheme, metric: &MetricId) -> &'static str {
    match &spec.rule {
        Rule::Rules { .. } | Rule::Checklist { .. } => "needs",
        Rule::Cluster(_) => "features",
        Rule::Questionnaire { .. } => "survey",
        Rule::Model { metric: main, .. } if main != metric => "interval",
        _ => "metric",
    }
}

/// Whether there is a questionnaire: it has brought its metrics then.
fn check_survey(survey: &str, metrics: &MetricRegistry) -> Result<(), (Text, Text)> {
    if metrics.get(&overall_metric(survey)).is_some() {
        return Ok(());
    }
    let known = metrics.ids().into_iter().filter_map(|id| id.strip_prefix("answers_"));
    let hint = nearest(&survey.replace('-', "_"), known).map(|id| id.replace('_', "-"));
    let (hint, hint_zh) = hint.map_or_else(Default::default, |hint| {
        (format!("; did you mean `{hint}`?"), format!("；是不是 `{hint}`？"))
    });
    let cure = Text::new(
        format!("name a file of library/questionnaires, or add one{hint}"),
        format!("请写 library/questionnaires 中的一份，或新增一份{hint_zh}"),
    );
    let problem = Text::new(format!("there is no questionnaire `{survey}`"), format!("没有问卷 `{survey}`"));
    Err((problem, cure))
}
