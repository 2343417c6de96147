//! What schemes say, by sorting and counting customers.

use super::base::Customer;

/// The rows of those who belong to the base of a metric, weakest first; equal values by id.
fn ranked(
    customers: &[Customer],
    metric: &str,
    is_high_best: bool,
    among: &dyn Fn(&Customer) -> bool,
) -> Vec<usize> {
    let value = |row: &usize| customers[*row].number(metric);
    let mut rows: Vec<usize> =
        (0..customers.len()).filter(|row| value(row).is_some() && among(&customers[*row])).collect();
    rows.sort_by(|a, b| {
        let (x, y) = (value(a).unwrap_or_default(), value(b).unwrap_or_default());
        let by_value = if is_high_best { x.total_cmp(&y) } else { y.total_cmp(&x) };
        by_value.then_with(|| customers[*a].id.cmp(&customers[*b].id))
    });
    rows
}

/// The part of each customer, from 1, the weakest: parts are as equal as can be, the first ones larger.
pub fn equal_parts(
    customers: &[Customer],
    metric: &str,
    is_high_best: bool,
    count: usize,
    among: &dyn Fn(&Customer) -> bool,
) -> Vec<Option<usize>> {
    let rows = ranked(customers, metric, is_high_best, among);
    let mut parts = vec![None; customers.len()];
    let (size, larger) = (rows.len() / count, rows.len() % count);
    let mut rest = rows.into_iter();
    for part in 1..=count {
        for row in rest.by_ref().take(size + usize::from(part <= larger)) {
            parts[row] = Some(part);
        }
    }
    parts
}

/// The part of each customer, from 1, the weakest, when parts have shares of the base.
pub fn parts(
    customers: &[Customer],
    metric: &str,
    is_high_best: bool,
    weakest_first: &[f64],
    among: &dyn Fn(&Customer) -> bool,
) -> Vec<Option<usize>> {
    let rows = ranked(customers, metric, is_high_best, among);
    let n = rows.len() as f64;
    let mut parts = vec![None; customers.len()];
    for (place, row) in rows.into_iter().enumerate() {
        let mut end = 0.0;
        let part = weakest_first.iter().position(|share| {
            end += share;
            (place as f64) < (end * n).round()
        });
        parts[row] = Some(part.map_or(weakest_first.len(), |p| p + 1));
    }
    parts
}

/// The tier of each customer, 0 the first, by the share of the total that greater ones bring. Where
/// there is nothing to share, everyone is in the last.
pub fn cumulative(
    customers: &[Customer],
    metric: &str,
    percent: &[i64],
    among: &dyn Fn(&Customer) -> bool,
) -> Vec<Option<usize>> {
    // From the greatest down is weakest first for a metric of which little is good.
    let rows = ranked(customers, metric, false, among);
    let amount = |row: usize| (customers[row].number(metric).unwrap_or_default() * 10_000.0) as i64;
    let total: i64 = rows.iter().map(|row| amount(*row)).sum();
    let mut tiers = vec![None; customers.len()];
    let mut before = 0;
    for row in rows {
        let tier = percent.iter().position(|p| total > 0 && 100 * before < p * total);
        tiers[row] = Some(tier.unwrap_or(percent.len() - 1));
        before += amount(row);
    }
    tiers
}

/// The median and the mean of a metric; `None` for an empty base.
pub fn middles(
    customers: &[Customer],
    metric: &str,
    among: &dyn Fn(&Customer) -> bool,
) -> Option<(f64, f64)> {
    let mut values: Vec<f64> =
        customers.iter().filter(|c| among(c)).filter_map(|c| c.number(metric)).collect();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    if n == 0 {
        return None;
    }
    let median = if n % 2 == 1 { values[n / 2] } else { (values[n / 2 - 1] + values[n / 2]) / 2.0 };
    Some((median, values.iter().sum::<f64>() / n as f64))
}
