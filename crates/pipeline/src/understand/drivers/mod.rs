//! What goes along with an outcome, and where there is room to do better.
//!
//! Importance is the share of the outcome's variance that a metric accounts for beside all others; performance is where
//! customers stand in it now. Neither proves a cause: a metric may follow from the outcome, or both from a third. So
//! advice is given only where it can be followed and would be meant: see [`NoAdvice`].

mod correlations;
mod made_of;
mod outcome;
mod predictors;

use std::sync::Arc;

use clientele_model::spec::{Direction, Metric};
use clientele_model::{Text, Unit};
use clientele_predict::Matrix;
use clientele_predict::drivers::{Driver, NoDrivers, drivers, share_intervals};
use clientele_predict::stats::quantile_of;

pub use outcome::Outcome;
use predictors::Predictor;

use super::groups::{Group, InsightError, Sides, TELLING_P};
use super::view::RunView;

/// The seed of intervals where nobody names another.
pub const SEED: u64 = 42;

/// A metric that may drive the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricDriver {
    pub metric: String,
    pub name: Text,
    pub unit: Unit,
    /// Its part in what all of them explain, with its correlation and its regression coefficient.
    pub driver: Driver,
    /// The 95 % interval of the driver's share. None when too few customers are looked at for one.
    pub interval: Option<(f64, f64)>,
    /// Mean over the customers looked at.
    pub mean: f64,
    /// Where the mean stands between the lowest and the highest values, 5 % of customers at either end aside, 0 to 1;
    /// 1 is the end that the metric's document calls good. Where it calls neither so, the end that goes along with more
    /// of the outcome (with less of it, where less is better).
    pub performance: f64,
    /// What to do about it, or why nothing is advised.
    pub advice: Result<Quadrant, NoAdvice>,
}

impl MetricDriver {
    /// What is advised, if anything.
    pub fn quadrant(&self) -> Option<Quadrant> {
        self.advice.ok()
    }
}

/// Why nothing is advised about a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoAdvice {
    /// All together explain no more than chance would: which of them matters more means nothing.
    Chance,
    /// It is made of the same facts as the outcome, and says it in other words.
    SameFacts,
    /// It is nothing that the company can move, as how long somebody has been a customer.
    NotMovable,
    /// Neither end of it, or of the outcome, is called good.
    NoGoodEnd,
    /// The better outcome goes along with its bad end, as more tickets with less churn: who buys more asks more.
    Contrary,
}

impl NoAdvice {
    /// All reasons, in the order in which they are looked for.
    pub const ALL: [NoAdvice; 5] = [
        NoAdvice::Chance,
        NoAdvice::SameFacts,
        NoAdvice::NotMovable,
        NoAdvice::NoGoodEnd,
        NoAdvice::Contrary,
    ];

    /// The reason in a few words.
    pub fn text(self) -> Text {
        match self {
            NoAdvice::Chance => Text::new("no more than chance", "不超出偶然"),
            NoAdvice::SameFacts => Text::new("made of the same facts as the outcome", "与结果出自相同事实"),
            NoAdvice::NotMovable => Text::new("not for the company to move", "企业无法直接改变"),
            NoAdvice::NoGoodEnd => Text::new("no end of it is good in itself", "高低本无好坏"),
            NoAdvice::Contrary => {
                Text::new("its bad end goes along with the better outcome", "其不利一端反而伴随更好的结果")
            }
        }
    }
}

/// What importance and performance together suggest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// More important than the average driver, and less well placed: begin here.
    Improve,
    /// More important and well placed.
    Keep,
    /// Less important and less well placed.
    Watch,
    /// Less important and well placed: do not spend more here.
    Enough,
}

/// A key-driver analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct DriverAnalysis {
    pub outcome: Outcome,
    /// Customers of whom the outcome and all metrics are known.
    pub customers: u64,
    /// Customers of whom the outcome is known.
    pub asked: u64,
    /// Share of the outcome's variance that all together explain, 0 to 1.
    pub r_squared: f64,
    pub adjusted_r_squared: f64,
    /// Chance of explaining as much if nothing had to do with the outcome.
    pub p: f64,
    /// Whether there are fewer than 10 customers for each metric: then the shares are rough.
    pub thin: bool,
    /// Whether the outcome is yes or no; the regression is then a linear probability model.
    pub yes_no: bool,
    /// The most important first.
    pub drivers: Vec<MetricDriver>,
    /// Metrics that were considered or named and left out, with the reason in both languages.
    pub left_out: Vec<(String, Text)>,
}

impl DriverAnalysis {
    /// Whether all together explain more than chance would. If not, which of them matters more means nothing.
    pub fn explains(&self) -> bool {
        self.p <= TELLING_P
    }

    /// The reasons for which nothing is advised about some metrics, each with these, as they stand in `drivers`.
    pub fn without_advice(&self) -> Vec<(NoAdvice, Vec<&MetricDriver>)> {
        let of =
            |why: NoAdvice| self.drivers.iter().filter(move |driver| driver.advice == Err(why)).collect();
        let all = NoAdvice::ALL.into_iter().map(|why| (why, of(why)));
        all.filter(|(_, drivers): &(_, Vec<_>)| !drivers.is_empty()).collect()
    }
}

impl RunView {
    /// Explains an outcome: `satisfaction`, `repeat`, `churn`, `spend`, or a metric with numbers or yes and no. `of`
    /// names the metrics to explain it with; without names those are taken that are not made of the same facts, at most
    /// twelve, those that go along with it most. `among` restricts it to a group. `seed` decides which customers the
    /// intervals draw; see [`share_intervals`].
    ///
    /// # Errors
    /// When the outcome or a metric is unknown, or too few customers have both.
    pub async fn drivers(
        &self,
        outcome: &str,
        of: &[String],
        among: Option<&Group>,
        seed: u64,
    ) -> Result<DriverAnalysis, InsightError> {
        let outcome = outcome::resolve(self, outcome).await?;
        let among = match among {
            Some(group) => Among(Some(Arc::new(self.sides(group).await?))),
            None => Among(None),
        };
        let chosen = predictors::choose(self, &outcome, of, &among).await?;
        let table = read(self, &outcome, &chosen.predictors, &among).await?;
        let fail =
            |why: &str| InsightError::NoPredictors { outcome: outcome.id.clone(), why: why.to_owned() };
        if (table.outcome.len() as u64) < self.minimum_group() {
            return Err(fail("too few customers have both figures"));
        }
        let matrix = Matrix::new(&table.values, chosen.predictors.len())
            .map_err(|_| fail("the figures are too large to compute with"))?;
        let found = drivers(&matrix, &table.outcome).map_err(|error| {
            fail(match error {
                NoDrivers::SameOutcome => "the outcome is the same for everyone",
                NoDrivers::NothingVaries => "nothing that might explain it differs between customers",
                NoDrivers::TooFewRows { .. } => "too few customers have both figures",
                NoDrivers::Shape { .. } | NoDrivers::NotFinite { .. } | NoDrivers::Numbers => {
                    "the figures are too large to compute with"
                }
            })
        })?;
        let mut left_out = chosen.left_out;
        for &column in &found.constant {
            let why = Text::new("the same for everyone", "所有客户都相同");
            left_out.push((chosen.predictors[column].metric.id.to_string(), why));
        }
        let average = 1.0 / found.drivers.len().max(1) as f64;
        let intervals = share_intervals(&matrix, &table.outcome, &found, seed);
        let drivers = found.drivers.iter().zip(intervals).map(|(driver, interval)| {
            let metric = chosen.predictors[driver.column].metric;
            let values: Vec<f64> = matrix.iter().map(|row| row[driver.column]).collect();
            let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
            // Where less of the outcome is better, what goes along with less of it is good.
            let with_better = (driver.correlation >= 0.0) == outcome.more_is_better.unwrap_or(true);
            let up = match metric.direction {
                Direction::High => true,
                Direction::Low => false,
                Direction::None => with_better,
            };
            let performance = performance(values, up);
            let advice = match found.p <= TELLING_P {
                false => Err(NoAdvice::Chance),
                true => advisable(self, metric, &outcome, with_better)
                    .map(|()| quadrant(driver.share >= average, performance >= 0.5)),
            };
            MetricDriver {
                metric: metric.id.to_string(),
                name: metric.name.clone(),
                unit: metric.unit,
                driver: *driver,
                interval,
                mean,
                performance,
                advice,
            }
        });
        Ok(DriverAnalysis {
            customers: found.rows as u64,
            asked: chosen.asked,
            r_squared: found.r_squared,
            adjusted_r_squared: found.adjusted_r_squared,
            p: found.p,
            thin: found.thin,
            yes_no: found.yes_no,
            drivers: drivers.collect(),
            left_out,
            outcome,
        })
    }
}

/// Whether anything may be advised about a metric. `with_better` tells whether more of it goes along with the better
/// outcome.
fn advisable(view: &RunView, metric: &Metric, outcome: &Outcome, with_better: bool) -> Result<(), NoAdvice> {
    if !outcome.facts.is_disjoint(&made_of::facts(view, metric)) {
        return Err(NoAdvice::SameFacts);
    }
    if !metric.movable {
        return Err(NoAdvice::NotMovable);
    }
    match (metric.direction, outcome.more_is_better) {
        (Direction::None, _) | (_, None) => Err(NoAdvice::NoGoodEnd),
        (Direction::High, _) if with_better => Ok(()),
        (Direction::Low, _) if !with_better => Ok(()),
        _ => Err(NoAdvice::Contrary),
    }
}

fn quadrant(important: bool, well_placed: bool) -> Quadrant {
    match (important, well_placed) {
        (true, false) => Quadrant::Improve,
        (true, true) => Quadrant::Keep,
        (false, false) => Quadrant::Watch,
        (false, true) => Quadrant::Enough,
    }
}

/// The mean's place between the 5 % and 95 % quantiles; values beyond count as these.
fn performance(mut values: Vec<f64>, up: bool) -> f64 {
    let ends = [0.05, 0.95].map(|share| quantile_of(&mut values, share));
    let [Some(mut low), Some(mut high)] = ends else { return 0.5 };
    if low >= high {
        // Nearly everybody has the same: the extremes are all there is.
        let all = || values.iter().copied();
        (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    }
    let mean = values.iter().map(|value| value.clamp(low, high)).sum::<f64>() / values.len() as f64;
    let place = if high > low { (mean - low) / (high - low) } else { 0.5 };
    if up { place } else { 1.0 - place }
}

/// The customers that are looked at: those of a group, or all.
#[derive(Debug, Clone)]
struct Among(Option<Arc<Sides>>);

impl Among {
    fn has(&self, key: i32) -> bool {
        self.0.as_ref().is_none_or(|sides| sides.get(key) == Some(Sides::HERE))
    }
}

/// Figures of the customers of whom all are known.
struct Table {
    outcome: Vec<f64>,
    values: Vec<f64>,
}

async fn read(
    view: &RunView,
    outcome: &Outcome,
    predictors: &[Predictor<'_>],
    among: &Among,
) -> Result<Table, InsightError> {
    let mut columns = Vec::with_capacity(1 + predictors.len());
    for sql in [outcome.sql.as_str()].into_iter().chain(predictors.iter().map(|p| p.sql.as_str())) {
        columns.push(view.numbers("metrics", sql).await?);
    }
    let mut table = Table { outcome: Vec::new(), values: Vec::new() };
    let known = |key: &usize| {
        columns.iter().all(|numbers| numbers.get(*key).is_some_and(|number| number.is_finite()))
            && i32::try_from(*key).is_ok_and(|key| among.has(key))
    };
    // In the order of customers, so that sums do not depend on how they were read.
    for key in (0..columns.first().map_or(0, |outcome| outcome.len())).filter(known) {
        for (place, numbers) in columns.iter().enumerate() {
            let target = if place == 0 { &mut table.outcome } else { &mut table.values };
            target.push(numbers[key]);
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::performance;

    #[test]
    fn performance_is_the_place_of_the_mean() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        assert!((performance(values.clone(), true) - 0.5).abs() < 1e-9);
        let low = vec![0.0, 0.0, 0.0, 10.0];
        // The 95 % quantile is 8.5: (0 + 0 + 0 + 8.5) / 4 of 8.5.
        assert!((performance(low.clone(), true) - 0.25).abs() < 1e-9);
        assert!((performance(low, false) - 0.75).abs() < 1e-9);
        assert!((performance(vec![3.0; 4], true) - 0.5).abs() < 1e-9);
    }
}
