//! How satisfied each class is.

use clientele_model::spec::{Metric, Scheme};
use clientele_model::{Text, Unit};
use clientele_predict::stats::{Moments, mean_interval};

use super::minimum::Minimum;
use super::persona::{GroupSize, InsightError, Sides, Verdict, adjust, compare};
use super::view::RunView;
use crate::classify::compile::tier_column;
use crate::quote::ident;

/// The metrics that tell satisfaction, where a run has them.
const MEASURES: [&str; 8] = [
    "nps_last",
    "csat_last",
    "csat_score_mean",
    "csat_top2",
    "ces_last",
    "ticket_satisfaction_last",
    "ticket_satisfaction_mean",
    "recommends",
];
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
    pub mean: f64,
    /// The 95 % interval of the mean.
    pub interval: Option<(f64, f64)>,
    /// Net promoter score, -100 to 100: percent with 9 or 10 less percent with 6 or below (Reichheld 2003).
    pub nps: Option<f64>,
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
        let measures: Vec<&Metric> =
            MEASURES.iter().filter_map(|id| self.metrics().find(|m| m.id.as_str() == *id)).collect();
        let mut found: Vec<Vec<Answers>> = vec![Vec::with_capacity(measures.len()); classes.len()];
        for metric in &measures {
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
            let of = |(place, metric): (usize, &&Metric)| {
                let own = row[place];
                let others = found.iter().filter(|other| !std::ptr::eq(*other, row));
                let others = others_told(others.map(|other| other[place].moments), minimum);
                minimum.is_met(own.moments.count).then(|| measure(metric, &own, others.as_ref()))
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

fn measure(metric: &Metric, own: &Answers, others: Option<&Moments>) -> GroupSatisfaction {
    let answered = own.moments.count;
    let nps = (own.promoters as f64 - own.detractors as f64) / answered as f64 * 100.0;
    GroupSatisfaction {
        metric: metric.id.to_string(),
        name: metric.name.clone(),
        unit: metric.unit,
        answered,
        mean: own.moments.mean,
        interval: mean_interval(&own.moments),
        nps: (metric.id.as_str() == NPS).then_some(nps),
        verdict: others.and_then(|others| compare::means(&own.moments, others)),
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

    use super::others_told;
    use crate::understand::minimum::Minimum;

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
