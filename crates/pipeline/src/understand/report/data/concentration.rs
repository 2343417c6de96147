//! How unevenly revenue is spread over the customers who brought any.

use clientele_engine::{EngineError, Session};

use crate::understand::rows::{int, money, rows};

/// How far apart the points of a curve are, in one direction at least, as shares.
const APART: f64 = 0.005;

/// The shares of customers whose part in revenue is shown.
pub const TOPS: [f64; 4] = [0.01, 0.05, 0.10, 0.20];

/// The distribution of revenue over customers with a revenue above zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    pub customers: i64,
    /// Their revenue together, in ten-thousandths.
    pub revenue: i128,
    /// Share of customers, greatest first, and the share of revenue that they brought together:
    /// from (0, 0) to (1, 1).
    pub curve: Vec<(f64, f64)>,
    /// For each of [`TOPS`]: how many customers that is (one at least), and their share of revenue.
    pub tops: Vec<(i64, f64)>,
    /// 0 when all brought the same, near 1 when one brought everything.
    pub gini: f64,
    /// How many of the greatest customers it takes for half of the revenue.
    pub half: i64,
}

/// Reads the distribution in one pass over the customers, greatest first.
pub async fn concentration(session: &Session, revenue: &str) -> Result<Option<Concentration>, EngineError> {
    let base = format!("SELECT {revenue} AS value FROM metrics m");
    let sql = format!("SELECT count(*), CAST(sum(value) AS DECIMAL(38,4)) FROM ({base}) WHERE value > 0");
    let batches = session.sql(&sql).await?.collect().await?;
    let totals = rows(&batches).next().map(|r| (int(&r[0]), money(&r[1])));
    let Some((customers, total)) = totals.filter(|(customers, total)| *customers > 0 && *total > 0) else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT CAST(value AS DECIMAL(38,4)), count(*) FROM ({base}) WHERE value > 0 \
         GROUP BY value ORDER BY value DESC"
    );
    let mut stream = session.sql(&sql).await?.stream().await?;
    let mut walk = Walk::new(customers, total);
    while let Some(batch) = stream.next().await? {
        for r in rows(&[batch]) {
            walk.step(money(&r[0]), int(&r[1]));
        }
    }
    Ok(Some(walk.finish()))
}

/// Walks down the customers, greatest first.
struct Walk {
    customers: i64,
    total: i128,
    seen: i64,
    sum: i128,
    /// Twice the area below the curve, in customers × ten-thousandths.
    area: f64,
    curve: Vec<(f64, f64)>,
    tops: Vec<(i64, f64)>,
    half: Option<i64>,
}

impl Walk {
    fn new(customers: i64, total: i128) -> Walk {
        let (curve, tops) = (vec![(0.0, 0.0)], Vec::new());
        Walk { customers, total, seen: 0, sum: 0, area: 0.0, curve, tops, half: None }
    }

    /// `count` customers who brought `value` each.
    fn step(&mut self, value: i128, count: i64) {
        let share = |sum: i128| sum as f64 / self.total as f64;
        // Customers with equal values lie on a straight line: what is between its ends is exact.
        let sum_at = |place: i64| self.sum + value * i128::from(place - self.seen);
        let (seen, sum) = (self.seen + count, sum_at(self.seen + count));
        while let Some(top) = TOPS.get(self.tops.len()) {
            let place = ((top * self.customers as f64).round() as i64).max(1);
            if place > seen {
                break;
            }
            self.tops.push((place, share(sum_at(place))));
        }
        if self.half.is_none() && 2 * sum >= self.total && value > 0 {
            let missing = (self.total - 2 * self.sum + 2 * value - 1) / (2 * value);
            self.half = Some(self.seen + missing as i64);
        }
        self.area += (self.sum + sum) as f64 * count as f64;
        let point = (seen as f64 / self.customers as f64, share(sum));
        let apart = |last: &(f64, f64)| point.0 - last.0 >= APART || point.1 - last.1 >= APART;
        if seen == self.customers || self.curve.last().is_some_and(apart) {
            self.curve.push(point);
        }
        (self.seen, self.sum) = (seen, sum);
    }

    fn finish(self) -> Concentration {
        let gini = self.area / (self.customers as f64 * self.total as f64) - 1.0;
        Concentration {
            customers: self.customers,
            revenue: self.total,
            curve: self.curve,
            tops: self.tops,
            gini: gini.clamp(0.0, 1.0),
            half: self.half.unwrap_or(self.customers),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(values: &[(i128, i64)]) -> Concentration {
        let customers = values.iter().map(|v| v.1).sum();
        let total = values.iter().map(|v| v.0 * i128::from(v.1)).sum();
        let mut walk = Walk::new(customers, total);
        values.iter().for_each(|v| walk.step(v.0, v.1));
        walk.finish()
    }

    #[test]
    fn equal_customers_are_not_concentrated() {
        let even = walk(&[(10, 100)]);
        assert_eq!(even.gini, 0.0);
        assert_eq!(even.half, 50);
        assert_eq!(even.tops, [(1, 0.01), (5, 0.05), (10, 0.10), (20, 0.20)]);
        assert_eq!(even.curve, [(0.0, 0.0), (1.0, 1.0)]);
    }

    #[test]
    fn one_large_customer_concentrates() {
        // 70, 10, 10, 10: sum of |differences| / (2 n² mean) = 360 / (2 · 16 · 25) = 0.45.
        let steep = walk(&[(70, 1), (10, 3)]);
        assert!((steep.gini - 0.45).abs() < 1e-12, "{}", steep.gini);
        assert_eq!(steep.half, 1);
        assert_eq!(steep.tops[0], (1, 0.7));
    }

    #[test]
    fn one_customer_is_a_distribution_too() {
        let one = walk(&[(5, 1)]);
        assert_eq!((one.gini, one.half, one.tops.len()), (0.0, 1, 4));
    }

    #[test]
    fn the_curve_keeps_few_points_of_many_customers() {
        let values: Vec<(i128, i64)> = (1..=10_000).rev().map(|v| (v, 1)).collect();
        let many = walk(&values);
        assert!((200..=401).contains(&many.curve.len()), "{}", many.curve.len());
        assert_eq!(many.curve.last(), Some(&(1.0, 1.0)));
        assert!((many.gini - 1.0 / 3.0).abs() < 1e-3);
    }
}
