//! Whether the steps of a receipt hold together.

use clientele_model::Unit;
use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Best, Grade, ModelCut, Rule};
use clientele_pipeline::understand::receipt::{Change, Receipt, Step};
use clientele_pipeline::understand::rows::{Value, text};

/// The change's value one step nearer to the present one, unless that is the present one.
pub fn one_step_less(change: &Change, unit: Unit) -> Option<Value> {
    let (from, to) = (change.from.number()?, change.to.number()?);
    let step = match unit {
        Unit::Count | Unit::Days => 1.0,
        Unit::Share => 0.001,
        _ => 0.01,
    };
    if (to - from).abs() <= step * 1.001 {
        return None;
    }
    let less = to + step * (from - to).signum();
    Some(match change.to {
        Value::Int(_) => Value::Int(less.round() as i64),
        Value::Money(_) => Value::Money((less * 10_000.0).round() as i128),
        _ => Value::Float(less),
    })
}

/// The value lies between the cuts beside its part.
pub fn lies_between(value: &Value, best: Best, worse: Option<f64>, better: Option<f64>, at: &str) {
    let value = value.number().expect("a number");
    let (low, high) = if best == Best::High { (worse, better) } else { (better, worse) };
    assert!(low.is_none_or(|l| l <= value) && high.is_none_or(|h| value <= h), "{at}");
}

/// A step's value is that of the input.
/// The steps of the kinds that sort customers rather than cut a figure.
#[track_caller]
pub fn sorts(rule: &Rule, steps: &[Step], scheme: &Scheme, place: usize, at: &str) {
    match (rule, steps) {
        (
            Rule::Model { cut: ModelCut::Bands { .. }, .. },
            [Step::Estimate { .. }, Step::Band { value, min, below, .. }],
        ) => {
            let value = value.number().expect("a number");
            assert!(min.is_none_or(|m| value >= m) && below.is_none_or(|b| value < b), "{at}");
        }
        (
            Rule::Model { cut: ModelCut::Quantiles { best, .. }, .. },
            [Step::Estimate { .. }, Step::Part { part, of, value, worse, better, .. }],
        ) => {
            assert_eq!((*of, of - part), (scheme.tiers.len(), place), "{at}");
            lies_between(value, *best, *worse, *better, at);
        }
        (
            Rule::Checklist { must, signs, grades, .. },
            [lines @ .., Step::Checked { must: m, signs: s, grade }],
        ) => {
            let held = |musts: bool| {
                let holds = |step: &&Step| match step {
                    Step::Check { is_must, holds, .. } => *is_must == musts && *holds,
                    other => panic!("{other:?} is no line of a checklist: {at}"),
                };
                lines.iter().filter(holds).count()
            };
            assert_eq!((lines.len(), m.1, s.1), (must.len() + signs.len(), must.len(), signs.len()), "{at}");
            assert_eq!((m.0, s.0), (held(true), held(false)), "{at}");
            let reached = |g: &Grade| m.0 >= g.must && s.0 >= g.signs;
            let first = grades.iter().position(|tier| tier.iter().any(reached));
            assert_eq!(first.unwrap_or(grades.len()), place, "{at}");
            assert_eq!(grade.is_some(), place < grades.len(), "{at}");
        }
        (Rule::Attribute { values, .. }, [Step::Known { value, is_listed, .. }]) => {
            let word = text(value).trim().to_lowercase();
            let listed = values.iter().position(|listed| listed.contains(&word));
            assert_eq!((listed.unwrap_or(values.len()), listed.is_some()), (place, *is_listed), "{at}");
        }
        (Rule::Cluster(clustering), [features @ .., Step::Distance { own, next }]) => {
            assert_eq!(features.len(), clustering.features.len(), "{at}");
            assert!(next.as_ref().is_none_or(|(_, distance)| own <= distance), "{at}");
        }
        (_, steps) => panic!("{steps:?} do not go with the rule: {at}"),
    }
}

pub fn check_value(step: &Step, receipt: &Receipt) {
    let (metric, value) = match step {
        Step::Band { metric, value, .. }
        | Step::Part { metric, value, .. }
        | Step::Split { metric, value, .. }
        | Step::Digit { metric, value, .. }
        | Step::Cumulative { metric, value, .. }
        | Step::Points { metric: Some(metric), value, .. } => (metric, value),
        _ => return,
    };
    let input = receipt.inputs.iter().find(|i| i.metric == *metric).expect("an input");
    assert_eq!(input.value, *value, "{receipt:#?}");
}
