//! Numbers for clusters that stay the same from run to run.

use super::{Centre, Centres};

/// Gives each cluster the number of the earlier run's cluster that it is nearest to, pair by pair, the
/// nearest first; new ones take the numbers that are left. Without an earlier run the order stays.
pub(super) fn align(found: &mut Centres, before: Option<&Centres>, most: usize) {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    if let Some(before) = before.filter(|b| b.means.len() == found.means.len()) {
        for (i, now) in found.centres.iter().enumerate() {
            // A number beyond what the scheme now allows has no tier.
            for then in before.centres.iter().filter(|c| c.number <= most) {
                pairs.push((apart(found, now, before, then), i, then.number));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)).then(a.1.cmp(&b.1)));
    let mut numbers: Vec<Option<usize>> = vec![None; found.centres.len()];
    for (_, i, number) in pairs {
        if numbers[i].is_none() && !numbers.contains(&Some(number)) {
            numbers[i] = Some(number);
        }
    }
    for i in 0..numbers.len() {
        if numbers[i].is_none() {
            numbers[i] = (1..).find(|number| !numbers.contains(&Some(*number)));
        }
    }
    for (centre, number) in found.centres.iter_mut().zip(numbers) {
        centre.number = number.unwrap_or(centre.number);
    }
    found.centres.sort_by_key(|c| c.number);
}

/// The squared distance of two centres, in the standard units of the later run.
fn apart(found: &Centres, now: &Centre, before: &Centres, then: &Centre) -> f64 {
    (0..found.means.len())
        .map(|f| {
            let value = then.at[f] * before.scales[f] + before.means[f];
            let then = (value - found.means[f]) / found.scales[f];
            (now.at[f] - then).powi(2)
        })
        .sum()
}
