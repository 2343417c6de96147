//! Centres, as numbers that are kept with a run.

use crate::classify::cuts::{Cut, SchemeCuts};
use crate::classify::ordered::Scale;

/// The clusters of a run. Features are in the order in which the scheme lists them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Centres {
    /// Each feature's mean and spread over the base, after its logarithm where the scheme takes one.
    pub means: Vec<f64>,
    /// 1 for a feature that is the same for everyone.
    pub scales: Vec<f64>,
    /// By number. A number that a cluster of an earlier run had and none has now is left out.
    pub centres: Vec<Centre>,
    /// Every number of clusters that was tried.
    pub tried: Vec<Tried>,
}

/// One cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Centre {
    /// From 1.
    pub number: usize,
    /// In standard units: 0 is the mean of the base.
    pub at: Vec<f64>,
}

/// How well so many clusters part the base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tried {
    pub clusters: usize,
    /// The mean silhouette, -1 to 1: how much nearer customers are to their own cluster than to the next.
    pub silhouette: f64,
    /// How far repeated searches from other starts agree, 0 to 1.
    pub stability: f64,
}

impl Centre {
    /// The tier's id.
    pub fn tier(&self) -> String {
        format!("c{}", self.number)
    }
}

/// The most clusters that a scheme may ask for, with room for numbers left out.
const MOST: usize = 64;

impl Centres {
    /// The numbers as they are kept with a run.
    pub fn to_cuts(&self) -> SchemeCuts {
        let list = |values: &mut dyn Iterator<Item = f64>| -> Vec<Cut> {
            values.map(|value| Cut { at: Scale::Double.from_number(value), tie: None }).collect()
        };
        let mut cuts = SchemeCuts::from([
            ("means".to_owned(), list(&mut self.means.iter().copied())),
            ("scales".to_owned(), list(&mut self.scales.iter().copied())),
            ("tried".to_owned(), list(&mut self.tried.iter().map(|t| t.clusters as f64))),
            ("silhouettes".to_owned(), list(&mut self.tried.iter().map(|t| t.silhouette))),
            ("stabilities".to_owned(), list(&mut self.tried.iter().map(|t| t.stability))),
        ]);
        for centre in &self.centres {
            cuts.insert(format!("centre_{}", centre.number), list(&mut centre.at.iter().copied()));
        }
        cuts
    }

    /// Reads the numbers back; `None` where there are no clusters of so many features.
    pub fn of(cuts: &SchemeCuts, features: usize) -> Option<Centres> {
        let list = |key: &str| -> Vec<f64> {
            let there = cuts.get(key).map(Vec::as_slice).unwrap_or_default();
            there.iter().map(|cut| Scale::Double.number(cut.at)).collect()
        };
        let centres: Vec<Centre> = (1..=MOST)
            .filter(|number| cuts.contains_key(&format!("centre_{number}")))
            .map(|number| Centre { number, at: list(&format!("centre_{number}")) })
            .collect();
        let (means, scales) = (list("means"), list("scales"));
        let fits = |numbers: &[f64]| numbers.len() == features;
        if centres.is_empty() || !fits(&means) || !fits(&scales) || !centres.iter().all(|c| fits(&c.at)) {
            return None;
        }
        let tried = list("tried").into_iter().zip(list("silhouettes")).zip(list("stabilities"));
        let tried = tried.map(|((clusters, silhouette), stability)| Tried {
            clusters: clusters as usize,
            silhouette,
            stability,
        });
        Some(Centres { means, scales, centres, tried: tried.collect() })
    }

    /// A feature of a centre as the metric's value, `log` telling whether its logarithm was taken.
    pub fn value(&self, centre: &Centre, feature: usize, log: bool) -> f64 {
        let value = centre.at[feature] * self.scales[feature] + self.means[feature];
        if log { value.exp() - 1.0 } else { value }
    }
}
