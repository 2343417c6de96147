//! Figures of comparisons, as JSON and as text.

use clientele_model::Language;
use clientele_pipeline::understand::persona::Verdict;
use clientele_predict::stats::{Lift, Magnitude};
use serde::Serialize;
use serde_json::Value;

/// Digits that are told of a computed figure. Further ones may differ with the number of threads.
const DIGITS: i32 = 6;

/// A computed figure with six digits; null when it is not finite.
pub fn figure(value: f64) -> Value {
    if value == 0.0 || !value.is_finite() {
        return if value.is_finite() { 0.0.into() } else { Value::Null };
    }
    let places = DIGITS - 1 - value.abs().log10().floor() as i32;
    let text = if places >= 0 { format!("{value:.*}", places as usize) } else { format!("{value:.0}") };
    text.parse::<f64>().map_or(Value::Null, Value::from)
}

/// A figure that may be missing.
pub fn maybe(value: Option<f64>) -> Value {
    value.map_or(Value::Null, figure)
}

/// A difference between a group and the others, as JSON.
#[derive(Debug, Serialize)]
pub struct VerdictJson {
    effect: Value,
    effect_low: Value,
    effect_high: Value,
    magnitude: &'static str,
    p: Value,
    p_adjusted: Value,
    tells: bool,
}

impl VerdictJson {
    pub fn new(verdict: &Verdict) -> Self {
        VerdictJson {
            effect: figure(verdict.effect.size),
            effect_low: figure(verdict.effect.low),
            effect_high: figure(verdict.effect.high),
            magnitude: magnitude(verdict.magnitude, Language::En),
            p: figure(verdict.p),
            p_adjusted: figure(verdict.adjusted),
            tells: verdict.tells,
        }
    }
}

/// How many times as frequent something is, as JSON.
#[derive(Debug, Serialize)]
pub struct LiftJson {
    lift: Value,
    low: Value,
    high: Value,
}

impl LiftJson {
    pub fn new(lift: &Lift) -> Self {
        LiftJson { lift: figure(lift.ratio), low: figure(lift.low), high: figure(lift.high) }
    }
}

/// The size of an effect in a word.
pub fn magnitude(magnitude: Magnitude, language: Language) -> &'static str {
    let (en, zh) = match magnitude {
        Magnitude::Negligible => ("negligible", "可忽略"),
        Magnitude::Small => ("small", "小"),
        Magnitude::Medium => ("medium", "中"),
        Magnitude::Large => ("large", "大"),
    };
    language.pick(en, zh)
}

/// A difference in a few words: `large +1.20`, or a dash where there is none to tell.
pub fn effect(verdict: Option<&Verdict>, language: Language) -> String {
    verdict.map_or_else(
        || "–".to_owned(),
        |v| format!("{} {:+.2}", magnitude(v.magnitude, language), v.effect.size),
    )
}

/// A chance as people read it.
pub fn chance(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

/// A lift with its interval: `1.5 (1.2–1.8)`.
pub fn lift(lift: Option<&Lift>) -> String {
    let open = |high: f64| if high.is_finite() { format!("{high:.2}") } else { "∞".to_owned() };
    lift.map_or_else(|| "–".to_owned(), |l| format!("{} ({:.2}–{})", open(l.ratio), l.low, open(l.high)))
}

/// A change as people read it: `+12.5 %`.
pub fn change(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:+.1} %", share * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_six_digits() {
        assert_eq!(figure(0.123_456_789), 0.123_457);
        assert_eq!(figure(1_234_567.89), 1_234_568.0);
        assert_eq!(figure(-12.345_678_9), -12.3457);
        assert_eq!(figure(f64::INFINITY), Value::Null);
        assert_eq!(figure(0.0), 0.0);
        assert_eq!(figure(1.234_567_8e-9), 1.234_57e-9);
    }

    #[test]
    fn chances_and_lifts_are_short() {
        assert_eq!((chance(0.000_2).as_str(), chance(0.05).as_str()), ("< 0.001", "0.050"));
        let open = Lift { ratio: 2.0, low: 1.5, high: f64::INFINITY };
        assert_eq!(lift(Some(&open)), "2.00 (1.50–∞)");
        assert_eq!(change(Some(-0.05)), "-5.0 %");
    }
}
