//! How satisfied each class is.

use clientele_model::spec::{Metric, Scheme};
use clientele_model::{Text, Unit};
use clientele_predict::stats::{Moments, mean_interval};

use super::minimum::Minimum;
use super::persona::{BASE, Group, GroupSize, InsightError, Verdict, adjust, compare};
use super::rows::{Value, int, rows, text};
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
        let class = format!("l.{}", tier_column(&scheme.id));
        let mut found = self.answers(BASE, &class).await?;
        adjust(found.iter_mut().flat_map(|c| &mut c.measures).map(|m| &mut m.verdict));
        found.retain(|class| !class.measures.is_empty());
        found.sort_by_key(|class| scheme.position(&class.class).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// The satisfaction of a group.
    pub async fn group_satisfaction(
        &self,
        group: &Group,
        size: &GroupSize,
    ) -> Result<Vec<GroupSatisfaction>, InsightError> {
        let class = format!("CASE WHEN {} THEN 'here' ELSE 'there' END", group.sql());
        let found = self.answers(group.base(), &class).await?;
        let mut measures: Vec<GroupSatisfaction> =
            found.into_iter().filter(|c| c.class == "here").flat_map(|c| c.measures).collect();
        if !size.compared {
            measures.iter_mut().for_each(|m| m.verdict = None);
        }
        adjust(measures.iter_mut().map(|m| &mut m.verdict));
        Ok(measures)
    }

    async fn answers(&self, base: &str, class: &str) -> Result<Vec<ClassSatisfaction>, InsightError> {
        let measures: Vec<&Metric> =
            MEASURES.iter().filter_map(|id| self.metrics().find(|m| m.id.as_str() == *id)).collect();
        let columns: String = measures
            .iter()
            .map(|metric| {
                let column = format!("m.{}", ident(metric.id.as_str()));
                let column = match metric.unit {
                    Unit::YesNo => format!("CASE WHEN {column} THEN 1.0 WHEN NOT {column} THEN 0.0 END"),
                    _ => format!("CAST({column} AS DOUBLE)"),
                };
                format!(
                    ", count({column}), avg({column}), var_samp({column}), \
                     count(CASE WHEN {column} >= 9 THEN 1 END), count(CASE WHEN {column} <= 6 THEN 1 END)"
                )
            })
            .collect();
        let sql = format!("SELECT {class}{columns} FROM {base} GROUP BY 1");
        let batches = self.session.sql(&sql).await?.collect().await?;
        let found: Vec<Vec<Value>> = rows(&batches).collect();
        let minimum = self.minimum();
        let classes = found.iter().map(|row| {
            let of = |(place, metric): (usize, &&Metric)| {
                let own = answers(row, place);
                let others = found.iter().filter(|other| !std::ptr::eq(*other, row));
                let others = others_told(others.map(|other| answers(other, place).moments), minimum);
                minimum.is_met(own.moments.count).then(|| measure(metric, &own, others.as_ref()))
            };
            let measures = measures.iter().enumerate().filter_map(of).collect();
            ClassSatisfaction { class: text(&row[0]), measures }
        });
        Ok(classes.collect())
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

fn answers(row: &[Value], place: usize) -> Answers {
    let at = |offset: usize| &row[1 + 5 * place + offset];
    let count = |offset: usize| int(at(offset)).unsigned_abs();
    let number = |offset: usize| at(offset).number().unwrap_or(0.0);
    let moments = Moments { count: count(0), mean: number(1), variance: number(2).max(0.0) };
    Answers { moments, promoters: count(3), detractors: count(4) }
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
