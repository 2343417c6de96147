//! Figures of comparisons as text.

use clientele_model::Language;
use clientele_pipeline::understand::persona::Verdict;
use clientele_predict::stats::{Lift, Magnitude};

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
    fn chances_and_lifts_are_short() {
        assert_eq!((chance(0.000_2).as_str(), chance(0.05).as_str()), ("< 0.001", "0.050"));
        let open = Lift { ratio: 2.0, low: 1.5, high: f64::INFINITY };
        assert_eq!(lift(Some(&open)), "2.00 (1.50–∞)");
        assert_eq!(change(Some(-0.05)), "-5.0 %");
    }
}
