//! Axes with round numbers.

/// From where to where an axis runs, and in how many steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    pub min: f64,
    pub max: f64,
    pub steps: usize,
}

/// An axis of four to eight round steps that holds zero and all values.
pub fn axis(values: &[f64]) -> Axis {
    let max = values.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
    let min = values.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::min);
    if max - min <= 0.0 {
        return Axis { min: 0.0, max: 4.0, steps: 4 };
    }
    let step = round_step((max - min) / 5.0);
    let (low, high) = ((min / step).floor(), (max / step).ceil());
    Axis { min: low * step, max: high * step, steps: (high - low) as usize }
}

/// The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below `rough`.
fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough * 0.999).unwrap_or(rough)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!(axis(&[998_000.0, 3.0]), Axis { min: 0.0, max: 1_000_000.0, steps: 5 });
        assert_eq!(axis(&[7.0, -2.0]), Axis { min: -2.0, max: 8.0, steps: 5 });
    }

    #[test]
    fn nothing_has_an_axis_too() {
        assert_eq!(axis(&[]), Axis { min: 0.0, max: 4.0, steps: 4 });
        assert_eq!(axis(&[0.0, f64::NAN]), Axis { min: 0.0, max: 4.0, steps: 4 });
    }
}
