//! Shapley values of R²: what a predictor adds, averaged over all orders in which predictors may come in.

use super::correlation::Correlations;

/// A predictor of which less than this is its own, given those before, adds nothing.
const NOTHING: f64 = 1e-10;

/// One value a predictor; they add up to R² of all of them.
pub(super) fn values(correlations: &Correlations) -> Vec<f64> {
    let count = correlations.columns.len();
    let mut explained = vec![0.0; 1 << count];
    Search { correlations, count, explained: &mut explained }.with(0, 0, &mut Vec::new(), 0.0);
    let worth = orders(count);
    (0..count)
        .map(|place| {
            let own = 1_usize << place;
            (0..1_usize << count)
                .filter(|set| set & own == 0)
                .map(|set| worth[set.count_ones() as usize] * (explained[set | own] - explained[set]))
                .sum()
        })
        .collect()
}

/// Share of all orders of `count` predictors in which a given set of each size comes just before a given predictor:
/// s! (n - s - 1)! / n!.
fn orders(count: usize) -> Vec<f64> {
    let mut shares = vec![1.0 / count as f64; count];
    for size in 1..count {
        shares[size] = shares[size - 1] * size as f64 / (count - size) as f64;
    }
    shares
}

/// One predictor that is in: its row of the Cholesky factor, and the outcome's part along it.
struct Step {
    place: usize,
    factor: Vec<f64>,
    part: f64,
}

/// Walks all sets, each by adding one predictor to a smaller set, whose Cholesky factor it extends by a row.
struct Search<'a> {
    correlations: &'a Correlations,
    count: usize,
    explained: &'a mut [f64],
}

impl Search<'_> {
    fn with(&mut self, set: usize, next: usize, steps: &mut Vec<Step>, explained: f64) {
        self.explained[set] = explained;
        for place in next..self.count {
            let bigger = set | 1 << place;
            match self.step(place, steps) {
                Some(step) => {
                    let more = explained + step.part * step.part;
                    steps.push(step);
                    self.with(bigger, place + 1, steps, more);
                    steps.pop();
                }
                None => self.with(bigger, place + 1, steps, explained),
            }
        }
    }

    /// None when those that are in tell the same.
    fn step(&self, place: usize, steps: &[Step]) -> Option<Step> {
        let mut factor: Vec<f64> = Vec::with_capacity(steps.len() + 1);
        let mut own = 1.0;
        let mut part = self.correlations.with_outcome[place];
        for step in steps {
            let known: f64 = step.factor.iter().zip(&factor).map(|(a, b)| a * b).sum();
            let last = step.factor[factor.len()];
            let along = (self.correlations.between[place * self.count + step.place] - known) / last;
            own -= along * along;
            part -= along * step.part;
            factor.push(along);
        }
        if own < NOTHING {
            return None;
        }
        let root = own.sqrt();
        factor.push(root);
        Some(Step { place, factor, part: part / root })
    }
}
