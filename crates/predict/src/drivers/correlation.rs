//! Correlations of predictors with each other and with the outcome: all that the decompositions need.

use super::NoDrivers;
use crate::Matrix;

pub(super) struct Correlations {
    /// The columns that vary; everything below is in their order.
    pub(super) columns: Vec<usize>,
    pub(super) constant: Vec<usize>,
    /// Correlations with each other, row after row.
    pub(super) between: Vec<f64>,
    pub(super) with_outcome: Vec<f64>,
}

impl Correlations {
    pub(super) fn of(predictors: &Matrix<'_>, outcome: &[f64]) -> Result<Self, NoDrivers> {
        let rows = predictors.rows();
        if rows < 3 {
            return Err(NoDrivers::TooFewRows { rows, needed: 3 });
        }
        let scales: Vec<Option<Scale>> =
            (0..predictors.columns()).map(|column| Scale::of(predictors.column(column), rows)).collect();
        let outcome_scale = Scale::of(outcome.iter().copied(), rows).ok_or(NoDrivers::SameOutcome)?;
        let kept: Vec<(usize, Scale)> =
            scales.iter().enumerate().filter_map(|(column, scale)| Some((column, (*scale)?))).collect();
        if kept.is_empty() {
            return Err(NoDrivers::NothingVaries);
        }
        let count = kept.len();
        let (mut between, mut with_outcome) = (vec![0.0; count * count], vec![0.0; count]);
        let mut scaled = vec![0.0; count];
        for (row, &value) in predictors.iter().zip(outcome) {
            for (target, (column, scale)) in scaled.iter_mut().zip(&kept) {
                *target = scale.apply(row[*column]);
            }
            let value = outcome_scale.apply(value);
            for (place, &left) in scaled.iter().enumerate() {
                with_outcome[place] += left * value;
                for (sum, &right) in between[place * count..=place * count + place].iter_mut().zip(&scaled) {
                    *sum += left * right;
                }
            }
        }
        let all = rows as f64;
        with_outcome.iter_mut().for_each(|sum| *sum = (*sum / all).clamp(-1.0, 1.0));
        for place in 0..count {
            for other in 0..place {
                let correlation = (between[place * count + other] / all).clamp(-1.0, 1.0);
                between[place * count + other] = correlation;
                between[other * count + place] = correlation;
            }
            between[place * count + place] = 1.0;
        }
        let constant = (0..predictors.columns()).filter(|&column| scales[column].is_none()).collect();
        let columns = kept.into_iter().map(|(column, _)| column).collect();
        Ok(Self { columns, constant, between, with_outcome })
    }
}

#[derive(Clone, Copy)]
struct Scale {
    mean: f64,
    deviation: f64,
}

impl Scale {
    /// None for values that do not vary.
    fn of(values: impl Iterator<Item = f64> + Clone, rows: usize) -> Option<Self> {
        let all = rows as f64;
        let mean = values.clone().sum::<f64>() / all;
        let deviation = (values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / all).sqrt();
        (deviation > mean.abs() * 1e-12 && deviation.is_normal()).then_some(Self { mean, deviation })
    }

    fn apply(self, value: f64) -> f64 {
        (value - self.mean) / self.deviation
    }
}
