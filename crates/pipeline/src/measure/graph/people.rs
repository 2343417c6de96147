//! The people that relations are about, and the relations between them.

use clientele_engine::arrow::array::{Array, AsArray, RecordBatch};
use clientele_engine::arrow::datatypes::Int32Type;
use clientele_engine::{EngineError, Session};
use clientele_model::AsOf;
use clientele_model::spec::MetricSource;

use super::super::facts;
use crate::rows::{Value, value};

/// What a relation counts for beyond being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    Referral,
    Follows,
    Other,
}

/// A relation between two people, given by their places in [`People::customers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    pub from: u32,
    pub to: u32,
    pub tie: Tie,
}

/// Everybody who has a relation or is named in one.
#[derive(Debug, Default)]
pub struct People {
    /// The customers' keys, ascending.
    pub customers: Vec<i32>,
    /// How many people there are: the customers first, then those who are named in a relation and
    /// are no customers.
    pub count: usize,
    /// In ascending order, each once; nobody has one to themselves.
    pub edges: Vec<Edge>,
}

/// A relation as it is read: who is named may be no customer.
struct Row {
    from: i32,
    to: Result<i32, (String, String)>,
    tie: Tie,
}

impl People {
    /// Reads the relations that are seen from a day.
    pub async fn meet(session: &Session, as_of: AsOf) -> Result<People, EngineError> {
        let seen = facts::is_seen(MetricSource::Relations, "r.", as_of);
        let sql = format!(
            "SELECT r.customer_key AS from_key, k.customer_key AS to_key, r.kind, \
             CASE WHEN k.customer_key IS NULL THEN r.source END AS other_source, \
             CASE WHEN k.customer_key IS NULL THEN r.to_id END AS other_id \
             FROM relations r LEFT JOIN customer_keys k ON k.source = r.source AND k.customer_id = r.to_id \
             WHERE {seen} AND r.customer_key IS NOT NULL AND r.to_id IS NOT NULL"
        );
        let mut stream = session.sql(&sql).await?.stream().await?;
        let mut rows = Vec::new();
        while let Some(batch) = stream.next().await? {
            read(&batch, &mut rows);
        }
        Ok(People::of(rows))
    }

    fn of(rows: Vec<Row>) -> People {
        let mut customers: Vec<i32> = rows.iter().map(|row| row.from).collect();
        customers.extend(rows.iter().filter_map(|row| row.to.as_ref().ok()));
        customers.sort_unstable();
        customers.dedup();
        let mut others: Vec<&(String, String)> =
            rows.iter().filter_map(|row| row.to.as_ref().err()).collect();
        others.sort_unstable();
        others.dedup();
        let customer = |key: &i32| customers.binary_search(key).unwrap_or_default();
        let mut edges: Vec<Edge> = rows
            .iter()
            .map(|row| {
                let to = match &row.to {
                    Ok(key) => customer(key),
                    Err(other) => customers.len() + others.binary_search(&other).unwrap_or_default(),
                };
                Edge { from: customer(&row.from) as u32, to: to as u32, tie: row.tie }
            })
            .filter(|edge| edge.from != edge.to)
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let count = customers.len() + others.len();
        People { customers, count, edges }
    }

    pub fn has_referrals(&self) -> bool {
        self.edges.iter().any(|edge| edge.tie == Tie::Referral)
    }
}

fn read(batch: &RecordBatch, rows: &mut Vec<Row>) {
    let (from, to) =
        (batch.column(0).as_primitive::<Int32Type>(), batch.column(1).as_primitive::<Int32Type>());
    let text = |column: usize, row: usize| match value(batch.column(column), row) {
        Value::Text(text) => text,
        _ => String::new(),
    };
    rows.extend((0..batch.num_rows()).map(|row| Row {
        from: from.value(row),
        to: match to.is_valid(row) {
            true => Ok(to.value(row)),
            false => Err((text(3, row), text(4, row))),
        },
        tie: match text(2, row).as_str() {
            "referral" => Tie::Referral,
            "follows" => Tie::Follows,
            _ => Tie::Other,
        },
    }));
}

/// The whole numbers in the first column of a query's rows.
pub async fn numbers(session: &Session, sql: &str) -> Result<Vec<i32>, EngineError> {
    let batches = session.sql(sql).await?.collect().await?;
    Ok(batches.iter().flat_map(|b| b.column(0).as_primitive::<Int32Type>().values().to_vec()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_numbered_customers_first() {
        let other = |id: &str| Err(("shop".to_owned(), id.to_owned()));
        let people = People::of(vec![
            Row { from: 7, to: Ok(3), tie: Tie::Other },
            Row { from: 3, to: other("z"), tie: Tie::Referral },
            Row { from: 7, to: Ok(7), tie: Tie::Follows },
            Row { from: 7, to: Ok(3), tie: Tie::Other },
            Row { from: 7, to: other("a"), tie: Tie::Other },
        ]);
        assert_eq!(people.customers, [3, 7]);
        assert_eq!(people.count, 4);
        let edge = |from, to, tie| Edge { from, to, tie };
        assert_eq!(people.edges, [edge(0, 3, Tie::Referral), edge(1, 0, Tie::Other), edge(1, 2, Tie::Other)]);
    }
}
