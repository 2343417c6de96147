//! What the whole base usually pays a piece, category by category.
//!
//! Whether a customer buys dear or cheap shows only against what others pay for the same kind of
//! goods. So the median unit price of each category is worked out first, from everybody's lines, and
//! kept with the run as a table of one row a category that lines are then held against.

use std::sync::Arc;

use clientele_engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use clientele_engine::lake::Stager;
use clientele_engine::{DataFile, EngineError, Session};
use clientele_model::spec::MetricSource;
use clientele_model::{AsOf, RunId};

use super::facts;
use crate::collect::tables;

/// The lake's table of usual prices, partitioned by run.
pub const TABLE: &str = facts::CATEGORY_PRICES;

/// The partition columns.
pub const PARTITIONS: [&str; 1] = ["run"];

/// The columns of the table, but for that by which it is partitioned.
pub fn schema() -> SchemaRef {
    Arc::new(Schema::new(columns()))
}

/// The columns of the table with the run.
pub fn partitioned_schema() -> SchemaRef {
    let mut fields = columns();
    fields.push(Field::new("run", DataType::Utf8, true));
    Arc::new(Schema::new(fields))
}

fn columns() -> Vec<Field> {
    vec![
        Field::new("category", DataType::Utf8, true),
        Field::new("price", DataType::Float64, true),
        Field::new("lines", DataType::Int64, true),
    ]
}

/// Works out the usual prices and writes them; `None` when no line has a category and a price.
/// `session` knows the lines of all customers.
pub async fn write(
    session: &Session,
    as_of: AsOf,
    run: &RunId,
    stager: &Stager,
) -> Result<Option<DataFile>, EngineError> {
    // Asked first, as a cluster does not get done with windows over nothing.
    let any =
        session.sql(&format!("SELECT category FROM ({}) LIMIT 1", priced(as_of))).await?.collect().await?;
    if any.iter().all(|rows| rows.num_rows() == 0) {
        return Ok(None);
    }
    let mut writer = stager.writer(TABLE, &[("run", run.as_str())])?;
    session.write_query(&medians(as_of), &mut writer).await?;
    writer.finish().map(Some)
}

/// The median unit price of each category: the mean of the lower and the upper one where two are in
/// the middle. Equal prices are counted first, so that no step holds every line, and the answer does
/// not depend on how the lines are divided.
fn medians(as_of: AsOf) -> String {
    format!(
        "SELECT category, \
            (CAST(min(CASE WHEN 2 * upto >= lines THEN unit_price END) AS DOUBLE) \
             + CAST(min(CASE WHEN 2 * upto > lines THEN unit_price END) AS DOUBLE)) / 2 AS price, \
            max(lines) AS lines \
         FROM (SELECT category, unit_price, \
                sum(alike) OVER (PARTITION BY category ORDER BY unit_price) AS upto, \
                sum(alike) OVER (PARTITION BY category) AS lines \
               FROM (SELECT category, unit_price, count(*) AS alike FROM ({lines}) \
                     GROUP BY category, unit_price)) \
         GROUP BY category ORDER BY category",
        lines = priced(as_of),
    )
}

/// The lines that have a category and a price.
fn priced(as_of: AsOf) -> String {
    let used = ["is_order_line", "category", "unit_price"];
    let lines = facts::select(MetricSource::OrderLines, tables::ORDER_LINES, &used, as_of);
    format!(
        "SELECT category, unit_price FROM ({lines}) \
         WHERE is_order_line AND unit_price > 0 AND category IS NOT NULL"
    )
}
