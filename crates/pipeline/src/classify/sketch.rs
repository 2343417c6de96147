//! Cut points of a base too large to hold: from t-digests, which read the base once and keep a
//! few hundred numbers per request.
//!
//! The cuts are approximate: a share of the base is met to about a thousandth. Customers with equal
//! values are never parted. The base is read in one order whatever the engine, so that the same base
//! gives the same cuts.

use clientele_engine::arrow::array::RecordBatch;
use clientele_engine::{EngineError, Session};
use clientele_model::spec::scheme::{Best, SplitAt};

use super::compile::{Units, ident};
use super::cuts::{Cut, CutMethod, CutRequest};
use super::ordered::Scale;
use crate::quote;
use crate::rows::value;

/// Computes the cuts of all requests in one scan of `table`; answers are in the requests' order.
/// Stands in for [`super::base::cuts`].
pub async fn cuts(
    session: &Session,
    table: &str,
    requests: &[CutRequest],
    units: &dyn Units,
) -> Result<Vec<Vec<Cut>>, EngineError> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let nets = nets(session, table, requests).await?;
    let places: Vec<Vec<CutPosition>> =
        requests.iter().zip(&nets).map(|(r, net)| places(&r.method, *net)).collect();
    let columns: Vec<String> = requests
        .iter()
        .zip(&places)
        .flat_map(|(request, places)| places.iter().map(|place| place.sql(request)))
        .enumerate()
        .map(|(i, sql)| format!("{sql} AS c{i}"))
        .collect();
    let sql = format!("SELECT {} FROM {table}", columns.join(", "));
    let batches = session.sql_partitioned(&sql, 1).await?.collect().await?;
    let mut found = numbers(&batches).into_iter();
    let mut answers = Vec::new();
    for (request, places) in requests.iter().zip(&places) {
        let scale = match request.method {
            CutMethod::Split { .. } => Scale::Double,
            _ => Scale::of(units.unit(&request.metric)),
        };
        let ats: Vec<Option<f64>> = places.iter().map(|_| found.next().flatten()).collect();
        // Nobody has a value: an empty base, as where it is exact.
        let ats: Option<Vec<f64>> = ats.into_iter().collect();
        answers.push(
            ats.unwrap_or_default()
                .into_iter()
                .map(|at| Cut { at: scale.from_number(at), tie: None })
                .collect(),
        );
    }
    Ok(answers)
}

/// For each request the base's total as a share of its gains alone, which losses are taken off; 1 where no
/// request asks for shares of a total.
async fn nets(session: &Session, table: &str, requests: &[CutRequest]) -> Result<Vec<f64>, EngineError> {
    let shared = |request: &CutRequest| matches!(request.method, CutMethod::Cumulative { .. });
    let columns: Vec<String> = requests
        .iter()
        .filter(|request| shared(request))
        .map(|request| {
            let (metric, filter) = (metric(request), filter(request));
            format!("sum({metric}){filter} / nullif(sum(greatest({metric}, 0)){filter}, 0)")
        })
        .enumerate()
        .map(|(i, sql)| format!("{sql} AS n{i}"))
        .collect();
    if columns.is_empty() {
        return Ok(vec![1.0; requests.len()]);
    }
    let sql = format!("SELECT {} FROM {table}", columns.join(", "));
    let mut found = numbers(&session.sql_partitioned(&sql, 1).await?.collect().await?).into_iter();
    let net = |request: &CutRequest| if shared(request) { found.next().flatten() } else { None };
    Ok(requests.iter().map(net).map(|net| net.unwrap_or(1.0)).collect())
}

fn metric(request: &CutRequest) -> String {
    format!("CAST({} AS DOUBLE)", ident(request.metric.as_str()))
}

/// The condition on who belongs to the base, for an aggregate.
fn filter(request: &CutRequest) -> String {
    let filter = |p: &String| format!(" FILTER (WHERE COALESCE(({p}), false))");
    request.population.as_ref().map_or_else(String::new, filter)
}

/// Where a cut is.
enum CutPosition {
    /// The value below which a share of the base lies.
    Share(f64),
    /// The value below which a share of all gains lies.
    Weight(f64),
    Mean,
    Value(f64),
}

impl CutPosition {
    fn sql(&self, request: &CutRequest) -> String {
        let (metric, filter) = (metric(request), filter(request));
        match self {
            CutPosition::Share(share) => {
                format!("approx_percentile_cont({share:?}) WITHIN GROUP (ORDER BY {metric}){filter}")
            }
            CutPosition::Weight(share) => {
                // A loss is no part of anybody's share; it has made the total smaller.
                let weight = format!("CASE WHEN {metric} > 0 THEN {metric} ELSE 0 END");
                format!(
                    "approx_percentile_cont_with_weight({weight}, {share:?}) \
                     WITHIN GROUP (ORDER BY {metric}){filter}"
                )
            }
            CutPosition::Mean => format!("avg({metric}){filter}"),
            CutPosition::Value(value) => quote::double(*value),
        }
    }
}

fn places(method: &CutMethod, net: f64) -> Vec<CutPosition> {
    let from_worst = |best: Best, share: f64| {
        CutPosition::Share(if best == Best::High { share } else { 1.0 - share }.clamp(0.0, 1.0))
    };
    match method {
        CutMethod::EqualParts { count, best } => {
            (1..*count).map(|k| from_worst(*best, k as f64 / *count as f64)).collect()
        }
        CutMethod::Parts { shares, best } => {
            let mut sum = 0.0;
            let ends = shares[..shares.len().saturating_sub(1)].iter().map(|share| {
                sum += share;
                from_worst(*best, sum)
            });
            ends.collect()
        }
        CutMethod::Cumulative { until } => until[..until.len().saturating_sub(1)]
            .iter()
            .map(|until| CutPosition::Weight((1.0 - until * net).clamp(0.0, 1.0)))
            .collect(),
        CutMethod::Split { at: SplitAt::Median } => vec![CutPosition::Share(0.5)],
        CutMethod::Split { at: SplitAt::Mean } => vec![CutPosition::Mean],
        CutMethod::Split { at: SplitAt::Value(value) } => vec![CutPosition::Value(*value)],
    }
}

/// The only row's numbers.
fn numbers(batches: &[RecordBatch]) -> Vec<Option<f64>> {
    match batches.iter().find(|b| b.num_rows() > 0) {
        Some(batch) => batch.columns().iter().map(|column| value(column, 0).number()).collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use clientele_engine::arrow::array::{Array, ArrayRef, Decimal128Array, Int64Array, StringArray};
    use clientele_engine::arrow::datatypes::{Field, Schema};
    use clientele_engine::{EngineSettings, FunctionSet};
    use clientele_model::{MetricId, Unit};

    use super::*;
    use crate::classify::base;

    /// A base of which a fifth has never bought.
    async fn session(customers: i64) -> Session {
        let spend = (0..customers).map(|i| (i % 5 > 0).then(|| i128::from(i * i % 1_000_003) * 10_000));
        let columns: Vec<(&str, ArrayRef)> = vec![
            (
                "customer_id",
                Arc::new(StringArray::from_iter_values((0..customers).map(|i| format!("C{i:07}")))),
            ),
            ("orders", Arc::new(Int64Array::from_iter_values((0..customers).map(|i| i % 5)))),
            (
                "spend",
                Arc::new(spend.collect::<Decimal128Array>().with_precision_and_scale(18, 4).expect("money")),
            ),
        ];
        let fields: Vec<Field> =
            columns.iter().map(|(name, c)| Field::new(*name, c.data_type().clone(), true)).collect();
        let batch = RecordBatch::try_new(
            Arc::new(Schema::new(fields)),
            columns.into_iter().map(|(_, column)| column).collect(),
        );
        let batch = batch.expect("a table");
        let session =
            Session::open(&EngineSettings::default(), &FunctionSet::default()).await.expect("a session");
        session.register_batches("base", batch.schema(), vec![batch]).expect("a table");
        session
    }

    fn requests() -> Vec<CutRequest> {
        let methods = [
            CutMethod::EqualParts { count: 5, best: Best::High },
            CutMethod::EqualParts { count: 3, best: Best::Low },
            CutMethod::Parts { shares: vec![0.5, 0.3, 0.2], best: Best::High },
            CutMethod::Cumulative { until: vec![0.7, 0.9, 1.0] },
            CutMethod::Split { at: SplitAt::Median },
            CutMethod::Split { at: SplitAt::Mean },
            CutMethod::Split { at: SplitAt::Value(12.5) },
        ];
        let request = |(i, method): (usize, CutMethod)| CutRequest {
            key: format!("k{i}"),
            metric: MetricId::new("spend"),
            population: (i % 2 == 0).then(|| "orders >= 2".to_owned()),
            method,
        };
        methods.into_iter().enumerate().map(request).collect()
    }

    fn units() -> BTreeMap<MetricId, Unit> {
        BTreeMap::from([(MetricId::new("spend"), Unit::Money)])
    }

    #[tokio::test]
    async fn a_sketch_cuts_near_the_exact_cuts() {
        let session = session(20_000).await;
        let exact = base::cuts(&session, "base", &requests(), &units()).await.expect("cuts");
        let near = cuts(&session, "base", &requests(), &units()).await.expect("cuts");
        assert_eq!(near, cuts(&session, "base", &requests(), &units()).await.expect("cuts"), "once more");
        for ((request, exact), near) in requests().iter().zip(&exact).zip(&near) {
            assert_eq!(exact.len(), near.len(), "{request:?}");
            for (exact, near) in exact.iter().zip(near) {
                let scale = match request.method {
                    CutMethod::Split { .. } => Scale::Double,
                    _ => Scale::Money,
                };
                let (exact, near) = (scale.number(exact.at), scale.number(near.at));
                // Spend is spread evenly up to a million: 1 % of it is 1 % of the base.
                assert!((exact - near).abs() < 10_000.0, "{request:?}: {exact} and {near}");
            }
        }
    }

    #[tokio::test]
    async fn losses_make_the_total_smaller_as_where_it_is_exact() {
        let session = session(20_000).await;
        let values =
            "(SELECT customer_id, CASE WHEN orders = 4 THEN -spend ELSE spend END AS spend FROM base)";
        let request = CutRequest {
            key: "until".to_owned(),
            metric: MetricId::new("spend"),
            population: None,
            method: CutMethod::Cumulative { until: vec![0.7, 0.9, 1.0] },
        };
        let requests = [request];
        let exact = base::cuts(&session, values, &requests, &units()).await.expect("cuts");
        let near = cuts(&session, values, &requests, &units()).await.expect("cuts");
        for (exact, near) in exact[0].iter().zip(&near[0]) {
            let (exact, near) = (Scale::Money.number(exact.at), Scale::Money.number(near.at));
            assert!((exact - near).abs() < 10_000.0, "{exact} and {near}");
        }
        // A third of the gains is lost again, so 47 % of them are 70 % of the total: a cut at 730,000, not 548,000.
        assert!(Scale::Money.number(near[0][0].at) > 600_000.0, "{near:?}");
    }

    #[tokio::test]
    async fn nobody_has_no_cuts() {
        let session = session(1).await;
        let near = cuts(&session, "base", &requests(), &units()).await.expect("cuts");
        assert!(near[..5].iter().all(Vec::is_empty), "{near:?}");
    }
}
