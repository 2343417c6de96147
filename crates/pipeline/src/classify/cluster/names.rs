//! Names for clusters: what sets them apart from the base.

use clientele_model::spec::scheme::Clustering;
use clientele_model::{MetricId, Text};

use super::{Centre, Centres};

/// How far from the mean, in standard units, a feature must be to be named, and to be named alone.
const FAR: f64 = 0.5;
const NOTABLE: f64 = 0.25;
/// How many features make a name.
const NAMED: usize = 2;

/// A name for each cluster, in the order of the centres, made of the metrics' names.
pub fn names(
    clustering: &Clustering,
    centres: &Centres,
    metric_name: &dyn Fn(&MetricId) -> Text,
) -> Vec<Text> {
    if centres.centres.len() == 1 {
        return vec![Text::new("Everyone", "全体客户")];
    }
    let mut names: Vec<Text> = Vec::new();
    for centre in &centres.centres {
        // More features are named until the name is one of its own.
        let longer = (NAMED..=clustering.features.len().max(NAMED))
            .map(|most| name(clustering, centre, most, metric_name))
            .find(|name| !names.contains(name));
        names.push(longer.unwrap_or_else(|| {
            let name = name(clustering, centre, NAMED, metric_name);
            let number = centre.number;
            Text::new(format!("{} ({number})", name.en), format!("{}（{number}）", name.zh))
        }));
    }
    names
}

fn name(
    clustering: &Clustering,
    centre: &Centre,
    most: usize,
    metric_name: &dyn Fn(&MetricId) -> Text,
) -> Text {
    let mut order: Vec<usize> = (0..clustering.features.len()).collect();
    order.sort_by(|a, b| centre.at[*b].abs().total_cmp(&centre.at[*a].abs()).then(a.cmp(b)));
    let far: Vec<usize> = order.iter().copied().filter(|f| centre.at[*f].abs() >= FAR).take(most).collect();
    let named = match far.is_empty() {
        false => far,
        true => order.into_iter().take(most - 1).filter(|f| centre.at[*f].abs() >= NOTABLE).collect(),
    };
    let side = |high: bool| -> Vec<Text> {
        let mine = named.iter().filter(|f| (centre.at[**f] > 0.0) == high);
        mine.map(|f| metric_name(&clustering.features[*f])).collect()
    };
    let (high, low) = (side(true), side(false));
    let en = |texts: &[Text]| texts.iter().map(|t| t.en.as_str()).collect::<Vec<_>>().join(", ");
    let zh = |texts: &[Text], word: &str| {
        texts.iter().map(|t| format!("{}{word}", t.zh)).collect::<Vec<_>>().join("、")
    };
    match (high.is_empty(), low.is_empty()) {
        (true, true) => Text::new("Average", "各项居中"),
        (false, true) => Text::new(format!("High: {}", en(&high)), zh(&high, "高")),
        (true, false) => Text::new(format!("Low: {}", en(&low)), zh(&low, "低")),
        (false, false) => Text::new(
            format!("High: {}; low: {}", en(&high), en(&low)),
            format!("{}、{}", zh(&high, "高"), zh(&low, "低")),
        ),
    }
}
