//! Finding clusters over the base.

use std::cmp::Ordering;

use clientele_engine::arrow::array::AsArray;
use clientele_engine::arrow::datatypes::Float64Type;
use clientele_engine::{EngineError, Session};
use clientele_model::spec::scheme::Clustering;
use clientele_predict::Matrix;
use clientele_predict::clusters::{self, NoClusters, Request};

use super::align::align;
use super::{Centre, Centres, Tried};
use crate::classify::compile::ident;
use crate::classify::cuts::SchemeCuts;

/// Finds the clusters of the customers in `table` who have every feature and belong to the population.
/// Nobody makes no cluster; customers of whom too few differ make one.
pub async fn find(
    session: &Session,
    table: &str,
    clustering: &Clustering,
    population: Option<&str>,
    before: Option<&SchemeCuts>,
) -> Result<SchemeCuts, EngineError> {
    let rows = read(session, table, clustering, population).await?;
    let columns = clustering.features.len();
    if rows.is_empty() {
        return Ok(SchemeCuts::new());
    }
    let failed = |cause: String| EngineError::Query { sql: "clusters".to_owned(), cause };
    let request = Request { min: clustering.least, max: clustering.most, seed: clustering.seed };
    // Hundreds of starts on thousands of customers: not on a thread that others wait for.
    let found = tokio::task::spawn_blocking(move || {
        let matrix = Matrix::new(&rows, columns).map_err(|e| e.to_string())?;
        match clusters::find(&matrix, request) {
            Ok(found) => Ok(several(&found)),
            Err(NoClusters::NothingVaries | NoClusters::TooFewDifferent { .. }) => Ok(one(&matrix)),
            Err(error) => Err(error.to_string()),
        }
    });
    let mut found = found.await.map_err(|e| failed(e.to_string()))?.map_err(failed)?;
    let before = before.and_then(|cuts| Centres::of(cuts, columns));
    align(&mut found, before.as_ref(), clustering.most);
    Ok(found.to_cuts())
}

fn several(found: &clusters::Clustering) -> Centres {
    let numbered = |(i, cluster): (usize, &clusters::Cluster)| Centre {
        number: i + 1,
        at: cluster.standard_centre.clone(),
    };
    Centres {
        means: found.standards.iter().map(|s| s.mean).collect(),
        scales: found.standards.iter().map(|s| if s.varies { s.deviation } else { 1.0 }).collect(),
        centres: found.clusters.iter().enumerate().map(numbered).collect(),
        tried: found
            .trials
            .iter()
            .map(|t| Tried { clusters: t.clusters, silhouette: t.silhouette, stability: t.stability })
            .collect(),
    }
}

/// One cluster around the mean of all.
fn one(matrix: &Matrix<'_>) -> Centres {
    let columns = matrix.columns();
    let n = matrix.rows() as f64;
    let mean = |column: usize| matrix.iter().map(|row| row[column]).sum::<f64>() / n;
    Centres {
        means: (0..columns).map(mean).collect(),
        scales: vec![1.0; columns],
        centres: vec![Centre { number: 1, at: vec![0.0; columns] }],
        tried: Vec::new(),
    }
}

/// The features, row after row, in an order that does not depend on how the rows lie.
async fn read(
    session: &Session,
    table: &str,
    clustering: &Clustering,
    population: Option<&str>,
) -> Result<Vec<f64>, EngineError> {
    let columns: Vec<String> =
        clustering.features.iter().map(|m| format!("CAST({} AS DOUBLE)", ident(m.as_str()))).collect();
    let known: Vec<String> =
        clustering.features.iter().map(|m| format!("{} IS NOT NULL", ident(m.as_str()))).collect();
    let among = population.map_or(String::new(), |p| format!(" AND COALESCE(({p}), false)"));
    let sql = format!("SELECT {} FROM {table} WHERE {}{among}", columns.join(", "), known.join(" AND "));
    let mut stream = session.sql(&sql).await?.stream().await?;
    let is_log: Vec<bool> = clustering.features.iter().map(|m| clustering.log.contains(m)).collect();
    let mut rows: Vec<Vec<f64>> = Vec::new();
    while let Some(batch) = stream.next().await? {
        let columns: Vec<_> = batch.columns().iter().map(|c| c.as_primitive::<Float64Type>()).collect();
        for row in 0..batch.num_rows() {
            let values = columns.iter().zip(&is_log).map(|(column, is_log)| {
                let value = column.value(row);
                // As the compiled scheme does.
                if *is_log { value.max(0.0).ln_1p() } else { value }
            });
            rows.push(values.collect());
        }
    }
    rows.retain(|row| row.iter().all(|value| value.is_finite()));
    rows.sort_unstable_by(|a, b| compare(a, b));
    Ok(rows.concat())
}

fn compare(a: &[f64], b: &[f64]) -> Ordering {
    let parts = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
    parts.fold(Ordering::Equal, Ordering::then)
}
