//! How satisfied each class is.
//!
//! Intervals are Wilson's, of shares as they stand and of means on a scale by the effective number of answers: they never
//! leave the scale.

use clientele_model::spec::{Metric, Scheme};
use clientele_model::{Text, Unit};
use clientele_predict::stats::{Moments, Proportion, bounded_mean_interval, wilson};

use super::groups::{GroupSize, InsightError, Sides, Verdict, adjust, compare};
use super::minimum::Minimum;
use super::view::RunView;
use crate::classify::compile::tier_column;
use crate::quote::ident;

/// The metrics that tell satisfaction, where a run has them, with the ends of their scales.
const MEASURES: [(&str, (f64, f64)); 8] = [
    ("nps_last", (0.0, 10.0)),
    ("csat_last", (1.0, 5.0)),
    ("csat_score_mean", (0.0, 1.0)),
    ("csat_top2", (0.0, 1.0)),
    ("ces_last", (1.0, 7.0)),
    ("ticket_satisfaction_last", (1.0, 5.0)),
    ("ticket_satisfaction_mean", (1.0, 5.0)),
    ("recommends", (0.0, 1.0)),
];
/// How intervals are named.
pub const INTERVAL: &str = "wilson";
/// The measure of which promoters and detractors are counted.
const NPS: &str = "nps_last";

/// What the members of a group answered.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupSatisfaction {
    pub metric: String,
    pub name: Text,
    pub unit: Unit,
    /// Customers of whom an answer is known.
    pub answered: u64,
    /// The mean; of yes and no, the share of yes, 0 to 1. Its unit is [`Unit::of_mean`].
    pub mean: f64,
    /// The 95 % interval of the mean, within the scale. None where all of a scale's middle answered the same.
    pub interval: Option<(f64, f64)>,
    /// Net promoter score, -100 to 100: percent with 9 or 10 less percent with 6 or below (Reichheld 2003).
    pub nps: Option<f64>,
    /// The 95 % interval of the net promoter score, -100 to 100.
    pub nps_interval: Option<(f64, f64)>,
    /// Against the others who answered, of classes that are told of. None when there are none.
    pub verdict: Option<Verdict>,
}

/// The satisfaction of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassSatisfaction {
    pub class: String,
    pub measures: Vec<GroupSatisfaction>,
}

/// The answers of one class to one measure.
#[derive(Clone, Copy)]
struct Answers {
    moments: Moments,
    promoters: u64,
    detractors: u64,
}

impl RunView {
    /// The satisfaction of every tier of a scheme of which enough customers answered, in the scheme's order.
    pub async fn satisfaction(&self, scheme: &Scheme) -> Result<Vec<ClassSatisfaction>, InsightError> {
        let Some(codes) = self.codes("labels", &[tier_column(&scheme.id)]).await?.pop() else {
            return Ok(Vec::new());
        };
        let classes = (0..codes.len()).filter_map(|key| Some((key, codes.get(key)?)));
        let mut found = self.answers(codes.names(), classes.collect()).await?;
        adjust(found.iter_mut().flat_map(|c| &mut c.measures).map(|m| &mut m.verdict));
        found.retain(|class| !class.measures.is_empty());
        found.sort_by_key(|class| scheme.position(&class.class).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// The satisfaction of a group.
    pub(super) async fn group_satisfaction(
        &self,
        sides: &Sides,
        size: &GroupSize,
    ) -> Result<Vec<GroupSatisfaction>, InsightError> {
        let names = ["there".to_owned(), "here".to_owned()];
        let found = self.answers(&names, sides.iter().collect()).await?;
        let mut measures: Vec<GroupSatisfaction> =
            found.into_iter().filter(|c| c.class == "here").flat_map(|c| c.measures).collect();
        if !size.compared {
            measures.iter_mut().for_each(|m| m.verdict = None);
        }
        adjust(measures.iter_mut().map(|m| &mut m.verdict));
        Ok(measures)
    }

    /// What customers of each class answered: `members` are customer keys with the place of their class.
    async fn answers(
        &self,
        classes: &[String],
        members: Vec<(usize, usize)>,
    ) -> Result<Vec<ClassSatisfaction>, InsightError> {
        let measures: Vec<(&Metric, (f64, f64))> = MEASURES
            .iter()
            .filter_map(|(id, ends)| Some((self.metrics().find(|m| m.id.as_str() == *id)?, *ends)))
            .collect();
        let mut found: Vec<Vec<Answers>> = vec![Vec::with_capacity(measures.len()); classes.len()];
        for (metric, _) in &measures {
            let column = ident(metric.id.as_str());
            let column = match metric.unit {
                Unit::YesNo => format!("CASE WHEN {column} THEN 1.0 WHEN NOT {column} THEN 0.0 END"),
                _ => format!("CAST({column} AS DOUBLE)"),
            };
            let numbers = self.numbers("metrics", &column).await?;
            let mut values: Vec<Vec<f64>> = vec![Vec::new(); classes.len()];
            for (key, class) in &members {
                values[*class].extend(numbers.get(*key).copied().filter(|number| !number.is_nan()));
            }
            found.iter_mut().zip(values).for_each(|(found, values)| found.push(Answers::of(&values)));
        }
        let minimum = self.minimum();
        let told = found.iter().zip(classes).map(|(row, class)| {
            let of = |(place, (metric, ends)): (usize, &(&Metric, (f64, f64)))| {
                let own = row[place];
                let others = found.iter().filter(|other| !std::ptr::eq(*other, row));
                let others = others_told(others.map(|other| other[place].moments), minimum);
                minimum.is_met(own.moments.count).then(|| measure(metric, *ends, &own, others.as_ref()))
            };
            let measures = measures.iter().enumerate().filter_map(of).collect();
            ClassSatisfaction { class: class.clone(), measures }
        });
        Ok(told.collect())
    }
}

/// The answers of the other classes together. Of classes that too few answered nothing goes in: from the difference to
/// the classes that are told, theirs could be worked out.
fn others_told(others: impl Iterator<Item = Moments>, minimum: Minimum) -> Option<Moments> {
    others.filter(|one| minimum.is_met(one.count)).reduce(|a, b| a.with(&b))
}

fn measure(
    metric: &Metric,
    (floor, ceiling): (f64, f64),
    own: &Answers,
    others: Option<&Moments>,
) -> GroupSatisfaction {
    let answered = own.moments.count;
    let score = own.promoter_score();
    let is_score = metric.id.as_str() == NPS;
    let percent = |(low, high): (f64, f64)| (low * 100.0, high * 100.0);
    let is_yes_no = metric.unit == Unit::YesNo;
    GroupSatisfaction {
        metric: metric.id.to_string(),
        name: metric.name.clone(),
        unit: metric.unit,
        answered,
        mean: own.moments.mean,
        interval: match is_yes_no {
            true => wilson(share(&own.moments)),
            false => bounded_mean_interval(&own.moments, floor, ceiling),
        },
        nps: is_score.then_some(score.mean * 100.0),
        nps_interval: bounded_mean_interval(&score, -1.0, 1.0).map(percent).filter(|_| is_score),
        verdict: others.and_then(|others| match is_yes_no {
            true => compare::shares(share(&own.moments), share(others)),
            false => compare::means(&own.moments, others),
        }),
    }
}

/// How many said yes, from the mean of yes as 1 and no as 0.
fn share(yes_no: &Moments) -> Proportion {
    Proportion { yes: (yes_no.mean * yes_no.count as f64).round() as u64, of: yes_no.count }
}

impl Answers {
    /// Of promoters as 1, detractors as -1 and the rest as 0.
    fn promoter_score(&self) -> Moments {
        let count = self.moments.count as f64;
        let mean = (self.promoters as f64 - self.detractors as f64) / count;
        let squares = (self.promoters + self.detractors) as f64 - count * mean * mean;
        let variance = if count > 1.0 { (squares / (count - 1.0)).max(0.0) } else { 0.0 };
        Moments { count: self.moments.count, mean, variance }
    }
}

impl Answers {
    fn of(values: &[f64]) -> Answers {
        let count = |told: fn(f64) -> bool| values.iter().filter(|value| told(**value)).count() as u64;
        Answers {
            moments: Moments::of(values),
            promoters: count(|value| value >= 9.0),
            detractors: count(|value| value <= 6.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use clientele_predict::stats::Moments;

    use super::{Answers, others_told};
    use crate::understand::minimum::Minimum;

    #[test]
    fn promoter_scores_have_the_moments_of_their_parts() {
        let values = [1.0, 1.0, 1.0, 0.0, 0.0, -1.0];
        let moments = Moments { count: 6, mean: 8.0, variance: 1.0 };
        let found = Answers { moments, promoters: 3, detractors: 1 }.promoter_score();
        let expected = Moments::of(&values);
        assert_eq!(found.count, expected.count);
        assert!(
            (found.mean - expected.mean).abs() < 1e-12 && (found.variance - expected.variance).abs() < 1e-12
        );
    }

    #[test]
    fn classes_that_are_not_told_are_no_others() {
        let class = |count: u64, mean: f64| Moments { count, mean, variance: 1.0 };
        let others = |classes: &[Moments]| others_told(classes.iter().copied(), Minimum::new(5));
        // 10 with a mean of 8 and 30 with a mean of 4; the four with 1 would make it 4.64.
        let found = others(&[class(10, 8.0), class(4, 1.0), class(30, 4.0)]).expect("others");
        assert_eq!((found.count, found.mean), (40, 5.0));
        // Two classes of four are eight people, of whom nothing is told either.
        assert!(others(&[class(4, 1.0), class(4, 9.0)]).is_none());
    }
}
