//! Trying documents on tables without rows: what cannot work is told before anything is computed.
//!
//! An expression may name the right columns and functions and still compare a day with a word. Only
//! the engine knows, so it is asked to plan all of them together; when that fails, one by one.

use std::sync::Arc;

use clientele_engine::arrow::datatypes::DataType;
use clientele_engine::{EngineError, Session};
use clientele_model::spec::{MetricSource, SpecError};
use clientele_model::{AsOf, Text, Unit};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::classify::check::refuse_unsound;
use crate::classify::compile::conditions;
use crate::classify::registry::{RegisteredScheme, SchemeRegistry};
use crate::measure::registry::{MetricRegistry, RegisteredMetric};
use crate::measure::{self, facts, sql};

const METRICS: &str = "metrics";

/// Plans every metric and condition of a catalogue and checks that schemes leave nobody out. A
/// catalogue without documents of the workspace's own has been tried before it was released.
///
/// # Errors
/// The first document that cannot work: with the file, the line and the cure.
pub(crate) async fn run(session: &Session, catalogue: &Catalogue, as_of: AsOf) -> Result<(), CatalogueError> {
    let has_own_metric = catalogue.metrics.iter().any(|m| !m.document.is_built_in());
    if !has_own_metric && catalogue.schemes.iter().all(|s| s.document.is_built_in()) {
        return Ok(());
    }
    let session = session.detached()?;
    for source in MetricSource::FACTS {
        if let Some((table, schema)) = measure::table_of(source) {
            session.register_batches(table, schema, Vec::new())?;
        }
    }
    for (table, schema) in measure::tables_beside() {
        session.register_batches(table, schema, Vec::new())?;
    }
    session.register_batches(METRICS, Arc::new(sql::schema(&catalogue.metrics)), Vec::new())?;
    for source in MetricSource::FACTS.into_iter().chain([MetricSource::Derived]) {
        metrics(&session, &catalogue.metrics, source, as_of).await?;
    }
    for scheme in catalogue.schemes.iter() {
        refuse_unsound(scheme, &catalogue.schemes)?;
    }
    all_conditions(&session, &catalogue.schemes).await
}

/// Tries the metrics of a source.
async fn metrics(
    session: &Session,
    registry: &MetricRegistry,
    source: MetricSource,
    as_of: AsOf,
) -> Result<(), CatalogueError> {
    let metrics: Vec<&RegisteredMetric> = registry.iter().filter(|m| m.spec.source == source).collect();
    if let Ok(types) = types(session, source, &metrics, as_of).await {
        for (metric, data_type) in metrics.iter().zip(types) {
            refuse_unfit(metric, &data_type)?;
        }
        return Ok(());
    }
    for metric in metrics {
        let one = types(session, source, &[metric], as_of).await;
        if let Err(EngineError::Query { cause, .. }) = one {
            return Err(ill_typed(&cause, |problem, cure| metric.error("expression", problem, cure)).into());
        }
    }
    Ok(())
}

/// The types of the metrics' values as their expressions give them.
async fn types(
    session: &Session,
    source: MetricSource,
    metrics: &[&RegisteredMetric],
    as_of: AsOf,
) -> Result<Vec<DataType>, EngineError> {
    if metrics.is_empty() {
        return Ok(Vec::new());
    }
    let figures: Vec<String> =
        metrics.iter().enumerate().map(|(i, m)| format!("{} AS m{i}", m.sql(as_of))).collect();
    let figures = figures.join(", ");
    let sql = match facts::table(source) {
        None => format!("SELECT {figures} FROM {METRICS}"),
        Some(table) => {
            let columns: Vec<&str> = facts::columns(source).iter().map(|c| c.name).collect();
            let facts = facts::select(source, table, &columns, as_of);
            format!("SELECT {figures} FROM ({facts}) GROUP BY customer_key")
        }
    };
    planned(session, &sql).await
}

/// The types of a query's columns. Whether types go together is settled when the plan is made ready
/// to run.
async fn planned(session: &Session, sql: &str) -> Result<Vec<DataType>, EngineError> {
    let frame = session.sql(sql).await?;
    frame.explain().await?;
    Ok(frame.schema().fields().iter().map(|f| f.data_type().clone()).collect())
}

/// Refuses a metric whose values are not of its unit's kind.
fn refuse_unfit(metric: &RegisteredMetric, data_type: &DataType) -> Result<(), SpecError> {
    let is_text = matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    let is_time = data_type.is_temporal();
    let fits = match metric.spec.unit {
        Unit::Text => is_text,
        Unit::YesNo => *data_type == DataType::Boolean,
        Unit::Date | Unit::Time => is_time,
        _ => data_type.is_numeric(),
    };
    if fits || data_type.is_null() {
        return Ok(());
    }
    let found = match data_type {
        _ if is_text => Text::new("text", "文字"),
        _ if is_time => Text::new("a time", "时间"),
        _ if data_type.is_numeric() => Text::new("a number", "数值"),
        DataType::Boolean => Text::new("yes or no", "是或否"),
        other => Text::new(other.to_string(), other.to_string()),
    };
    let problem = Text::new(
        format!("the expression gives {}, which the unit does not take", found.en),
        format!("表达式得到{}，与单位不符", found.zh),
    );
    let cure = Text::new("choose another unit, or another expression", "请换用其他单位或表达式");
    Err(metric.error("unit", problem, cure))
}

/// Tries the conditions of all schemes.
async fn all_conditions(session: &Session, schemes: &SchemeRegistry) -> Result<(), CatalogueError> {
    let conditions: Vec<(&RegisteredScheme, String, &str)> = schemes
        .iter()
        .flat_map(|s| conditions(&s.spec).into_iter().map(move |(key, condition)| (s, key, condition)))
        .collect();
    if conditions.is_empty() {
        return Ok(());
    }
    let columns: Vec<String> =
        conditions.iter().enumerate().map(|(i, (.., condition))| format!("({condition}) AS c{i}")).collect();
    let together = planned(session, &format!("SELECT {} FROM {METRICS}", columns.join(", "))).await;
    for (i, (scheme, key, condition)) in conditions.iter().enumerate() {
        let found = match &together {
            Ok(types) => types.get(i).cloned(),
            Err(_) => match planned(session, &format!("SELECT ({condition}) AS c FROM {METRICS}")).await {
                Ok(types) => types.into_iter().next(),
                Err(EngineError::Query { cause, .. }) => {
                    return Err(ill_typed(&cause, |problem, cure| scheme.error(key, problem, cure)).into());
                }
                Err(error) => return Err(error.into()),
            },
        };
        if !matches!(found, Some(DataType::Boolean | DataType::Null)) {
            let problem = Text::new("this is neither true nor false", "结果不是真或假");
            let cure = Text::new("compare it with something", "请与某个值比较");
            return Err(scheme.error(key, problem, cure).into());
        }
    }
    Ok(())
}

/// Whom to blame for measuring that failed: the first of the workspace's own metrics that fails alone.
/// `session` knows the facts.
pub(crate) async fn blame(session: &Session, registry: &MetricRegistry, as_of: AsOf) -> Option<SpecError> {
    for metric in registry.iter().filter(|m| !m.document.is_built_in()) {
        let Some(table) = facts::table(metric.spec.source) else { continue };
        let columns: Vec<&str> = metric.reads.iter().map(String::as_str).collect();
        let facts = facts::select(metric.spec.source, table, &columns, as_of);
        let figures = format!("SELECT {} AS m FROM ({facts}) GROUP BY customer_key", metric.sql(as_of));
        let tried = match session.sql(&format!("SELECT count(m) FROM ({figures})")).await {
            Ok(frame) => frame.collect().await.map(|_| ()),
            Err(error) => Err(error),
        };
        if let Err(EngineError::Query { cause, .. }) = tried {
            return Some(ill_typed(&cause, |problem, cure| metric.error("expression", problem, cure)));
        }
    }
    None
}

/// An error from what the engine says of an expression, the most precise part of it.
fn ill_typed(cause: &str, error: impl FnOnce(Text, Text) -> SpecError) -> SpecError {
    let said = cause.lines().find_map(|line| line.split_once("Error during planning: "));
    let last = cause.lines().rfind(|line| !line.trim().is_empty()).unwrap_or(cause);
    let line = said.map_or(last, |(_, said)| said).trim().trim_end_matches('.');
    let problem = unfit_argument(line).unwrap_or_else(|| {
        let line: String = line.chars().take(240).collect();
        let told = format!("引擎无法计算：{line}");
        Text::new(line, told)
    });
    let cure = Text::new(
        "compare and compute with values of one kind; cast(x as double) makes a number",
        "请用同类的值比较和计算；cast(x as double) 可转为数值",
    );
    error(problem, cure)
}

/// Which function got a value that it does not take, out of the engine's list of all that it would.
fn unfit_argument(line: &str) -> Option<Text> {
    let (_, from_name) = line.split_once("Function '")?;
    let (name, rest) = from_name.split_once('\'')?;
    let (_, received) = rest.split_once("but received ")?;
    let (kind, _) = received.split_once(" (")?;
    Some(Text::new(
        format!("{name} does not take values of the kind {kind}"),
        format!("{name} 不接受 {kind} 类的值"),
    ))
}
