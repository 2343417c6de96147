//! Everybody's place in the graph of relations.
//!
//! What a customer's own relations say is a metric like others. Who points to a customer, and how
//! central that makes the customer, can only be seen from all relations together; so it is worked
//! out first, for all customers, and written as a table that metrics then read.

mod people;
mod place;

use std::sync::Arc;

use clientele_engine::arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch,
};
use clientele_engine::arrow::datatypes::{DataType, Field, Schema};
use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, EngineError, Session};
use clientele_model::spec::MetricSource;
use clientele_model::{AsOf, RunId};

use super::facts;
use people::People;
use place::GraphMetrics;

/// The lake's table of places, partitioned by run and bucket.
pub const TABLE: &str = facts::GRAPH;

/// The columns of the table, but for those by which it is partitioned.
pub fn schema() -> Schema {
    let count = |name: &str| Field::new(name, DataType::Int64, true);
    Schema::new(vec![
        Field::new("customer_key", DataType::Int32, false),
        count("out_degree"),
        count("in_degree"),
        count("degree"),
        Field::new("pagerank", DataType::Float64, true),
        count("referrals_made"),
        count("referrals_converted"),
        count("followers"),
        Field::new("was_referred", DataType::Boolean, true),
    ])
}

/// The places of all customers who have a relation, or to whom one leads, by customer key.
/// `session` knows the facts and the customers' keys.
pub async fn places(
    session: &Session,
    has_orders: bool,
    as_of: AsOf,
) -> Result<Vec<GraphMetrics>, EngineError> {
    let people = People::meet(session, as_of).await?;
    let buyers = match has_orders && people.has_referrals() {
        true => people::numbers(session, &buyers(as_of)).await?,
        false => Vec::new(),
    };
    place::all(&people, &buyers)
        .map_err(|e| EngineError::Query { sql: TABLE.to_owned(), cause: e.to_string() })
}

/// The keys of customers who have ordered.
fn buyers(as_of: AsOf) -> String {
    let orders = facts::select(MetricSource::Orders, "orders", &["is_order"], as_of);
    format!("SELECT DISTINCT customer_key FROM ({orders}) WHERE is_order ORDER BY customer_key")
}

/// Writes places, a file for each bucket that has any.
pub fn write(
    places: &[GraphMetrics],
    bucket_customers: i64,
    run: &RunId,
    stager: &Stager,
) -> Result<Vec<DataFile>, EngineError> {
    let bucket = |place: &GraphMetrics| i64::from(place.customer) / bucket_customers;
    let mut files = Vec::new();
    for places in places.chunk_by(|a, b| bucket(a) == bucket(b)) {
        let number = bucket(&places[0]).to_string();
        let mut writer = stager.writer(TABLE, &[("run", run.as_str()), ("bucket", &number)])?;
        writer.write(&batch(places)?)?;
        files.push(writer.finish()?);
    }
    Ok(files)
}

fn batch(places: &[GraphMetrics]) -> Result<RecordBatch, EngineError> {
    let counts = |of: fn(&GraphMetrics) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(places.iter().map(of)))
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from_iter_values(places.iter().map(|p| p.customer))),
        counts(|p| p.out_degree),
        counts(|p| p.in_degree),
        counts(|p| p.degree),
        Arc::new(Float64Array::from_iter_values(places.iter().map(|p| p.pagerank))),
        counts(|p| p.referrals_made),
        counts(|p| p.referrals_converted),
        counts(|p| p.followers),
        Arc::new(places.iter().map(|p| Some(p.was_referred)).collect::<BooleanArray>()),
    ];
    RecordBatch::try_new(Arc::new(schema()), columns)
        .map_err(|e| EngineError::Schema { table: TABLE.to_owned(), cause: e.to_string() })
}
