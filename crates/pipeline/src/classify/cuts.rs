//! Cut points: where the base is cut, computed before anyone is classified and kept with the run.

use std::collections::BTreeMap;

use clientele_model::MetricId;
use clientele_model::spec::scheme::{Best, SplitAt};
use serde::{Deserialize, Serialize};

use super::ordered::Scale;

/// What has to be computed over the base before a scheme can be compiled.
#[derive(Debug, Clone, PartialEq)]
pub struct CutRequest {
    /// The key under which the scheme finds the answer, as `r` or `points_1`.
    pub key: String,
    pub metric: MetricId,
    /// A condition on who belongs to the base; everyone whose metric is known, without one.
    pub population: Option<String>,
    pub method: CutMethod,
}

/// How the base is cut.
#[derive(Debug, Clone, PartialEq)]
pub enum CutMethod {
    /// Parts of the base, worst first, as shares of its number.
    Parts { shares: Vec<f64>, best: Best },
    /// Equal parts of the base; the first ones, from the worst end, hold one more when it does not divide.
    EqualParts { count: usize, best: Best },
    /// Cumulative shares of the metric's total, greatest first.
    Cumulative { until: Vec<f64> },
    /// A middle.
    Split { at: SplitAt },
}

/// One cut. Which side a value equal to it is on is the method's affair; where customers with equal
/// values had to be parted, `tie` is the last customer id before the cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The value as an ordered integer (see [`Scale`]): on the metric's scale, a middle on the double's.
    pub at: i64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tie: Option<String>,
}

/// A scheme's cuts by key. A key without cuts had an empty base.
pub type SchemeCuts = BTreeMap<String, Vec<Cut>>;

/// One customer's value, and its row, by which the id is found.
pub type Entry = (i64, u32);

/// Cuts the base. `entries` are the known values; `id` gives a row's customer id.
pub fn cut<'a>(
    method: &CutMethod,
    scale: Scale,
    mut entries: Vec<Entry>,
    id: &dyn Fn(u32) -> &'a str,
) -> Vec<Cut> {
    if entries.is_empty() {
        return Vec::new();
    }
    let n = entries.len();
    match method {
        CutMethod::EqualParts { count, best } => {
            let (part, rest) = (n / count, n % count);
            let ends = (1..*count).map(|k| k * part + k.min(rest)).collect();
            in_parts(entries, *best, ends, id)
        }
        CutMethod::Parts { shares, best } => {
            let mut sum = 0.0;
            let ends = shares[..shares.len() - 1]
                .iter()
                .map(|share| {
                    sum += share;
                    // 0.4, 0.3 and 0.2 are 0.9, and of 55 customers 49.5, which is 50; added up as they are
                    // they come to a little less.
                    let sum = (sum * 1e9).round() / 1e9;
                    ((sum * n as f64).round() as usize).min(n)
                })
                .collect();
            in_parts(entries, *best, ends, id)
        }
        CutMethod::Cumulative { until } => {
            entries.sort_unstable_by_key(|e| std::cmp::Reverse(e.0));
            cumulative(entries, until, scale, id)
        }
        CutMethod::Split { at } => {
            let at = match at {
                SplitAt::Value(value) => *value,
                SplitAt::Mean => {
                    // In order of size: a sum of doubles must not depend on how the rows lie.
                    entries.sort_unstable_by_key(|e| e.0);
                    let sum: f64 = entries.iter().map(|e| scale.number(e.0)).sum();
                    sum / n as f64
                }
                SplitAt::Median => {
                    entries.sort_unstable_by_key(|e| e.0);
                    let (low, high) = (entries[(n - 1) / 2].0, entries[n / 2].0);
                    (scale.number(low) + scale.number(high)) / 2.0
                }
            };
            vec![Cut { at: Scale::Double.from_number(at), tie: None }]
        }
    }
}

/// Cuts after the first `ends[i]` entries in order from the worst, ties by customer id.
fn in_parts<'a>(
    mut entries: Vec<Entry>,
    best: Best,
    ends: Vec<usize>,
    id: &dyn Fn(u32) -> &'a str,
) -> Vec<Cut> {
    match best {
        Best::High => entries.sort_unstable_by_key(|e| e.0),
        Best::Low => entries.sort_unstable_by_key(|e| std::cmp::Reverse(e.0)),
    }
    ends.into_iter().map(|end| after(&mut entries, end, id)).collect()
}

/// Cuts where the sum of greater values reaches each share of the total. Sums are of whole numbers, so
/// that they do not depend on how the rows lie.
fn cumulative<'a>(
    mut entries: Vec<Entry>,
    until: &[f64],
    scale: Scale,
    id: &dyn Fn(u32) -> &'a str,
) -> Vec<Cut> {
    const PARTS: i128 = 1_000_000_000;
    let size = |entry: &Entry| match scale {
        Scale::Integer | Scale::Money => i128::from(entry.0),
        // Millionths, of numbers that anyone would share out.
        Scale::Double => (scale.number(entry.0).clamp(-1e15, 1e15) * 1e6).round() as i128,
    };
    let total: i128 = entries.iter().map(size).sum();
    let mut ends = Vec::new();
    let mut before: i128 = 0;
    let mut row = 0;
    for share in &until[..until.len() - 1] {
        let limit = (share * PARTS as f64).round() as i128 * total;
        while row < entries.len() && before * PARTS < limit {
            before += size(&entries[row]);
            row += 1;
        }
        ends.push(row);
    }
    ends.into_iter().map(|end| after(&mut entries, end, id)).collect()
}

/// The cut after the first `end` of sorted entries.
fn after<'a>(entries: &mut [Entry], end: usize, id: &dyn Fn(u32) -> &'a str) -> Cut {
    if end == 0 {
        // Nobody is before the cut: an empty id sorts before every customer's.
        return Cut { at: entries[0].0, tie: Some(String::new()) };
    }
    let at = entries[end - 1].0;
    if end == entries.len() || entries[end].0 != at {
        return Cut { at, tie: None };
    }
    let first = entries[..end].iter().rposition(|e| e.0 != at).map_or(0, |i| i + 1);
    let last = entries[end..].iter().position(|e| e.0 != at).map_or(entries.len(), |i| end + i);
    let equal = &mut entries[first..last];
    let (_, nth, _) = equal.select_nth_unstable_by(end - 1 - first, |a, b| id(a.1).cmp(id(b.1)));
    Cut { at, tie: Some(id(nth.1).to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

    fn run(method: CutMethod, values: &[i64]) -> Vec<(i64, Option<String>)> {
        let entries = values.iter().enumerate().map(|(row, &v)| (v, row as u32)).collect();
        let cuts = cut(&method, Scale::Integer, entries, &|row| IDS[row as usize]);
        cuts.into_iter().map(|c| (c.at, c.tie)).collect()
    }

    #[test]
    fn equal_parts_put_the_remainder_first_as_ntile_does() {
        // ntile(3) over 7 rows: 3, 2, 2.
        let cuts = run(CutMethod::EqualParts { count: 3, best: Best::High }, &[1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(cuts, [(3, None), (5, None)]);
        let cuts = run(CutMethod::EqualParts { count: 3, best: Best::Low }, &[1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(cuts, [(5, None), (3, None)]);
    }

    #[test]
    fn shares_that_meet_between_two_customers_go_to_the_worse_part() {
        // 40 %, 70 % and 90 % of five are 2, 3.5 and 4.5; halves are rounded up.
        let shares = vec![0.4, 0.3, 0.2, 0.1];
        let cuts = run(CutMethod::Parts { shares, best: Best::High }, &[1, 2, 3, 4, 5]);
        assert_eq!(cuts, [(2, None), (4, None), (5, None)]);
    }

    #[test]
    fn equal_values_are_parted_by_customer_id() {
        let cuts = run(CutMethod::EqualParts { count: 2, best: Best::High }, &[9, 1, 1, 1, 1, 1]);
        assert_eq!(cuts, [(1, Some("d".into()))]);
    }

    #[test]
    fn cumulative_share_stops_where_the_sum_before_reaches_the_limit() {
        // 60 + 10 = 70 % is reached before the third customer.
        let method = CutMethod::Cumulative { until: vec![0.7, 0.9, 1.0] };
        assert_eq!(
            run(method.clone(), &[60, 10, 10, 10, 10]),
            [(10, Some("b".into())), (10, Some("d".into()))]
        );
        assert_eq!(run(method, &[0, 0]), [(0, Some(String::new())), (0, Some(String::new()))]);
    }

    #[test]
    fn more_parts_than_customers_leave_parts_empty() {
        let cuts = run(CutMethod::EqualParts { count: 5, best: Best::High }, &[4, 2]);
        assert_eq!(cuts, [(2, None), (4, None), (4, None), (4, None)]);
    }

    #[test]
    fn the_median_of_an_even_base_is_between() {
        let cuts = run(CutMethod::Split { at: SplitAt::Median }, &[4, 1, 3, 2]);
        assert_eq!(Scale::Double.number(cuts[0].0), 2.5);
    }
}
