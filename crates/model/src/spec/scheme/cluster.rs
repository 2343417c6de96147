//! Schemes whose tiers are groups that the data form.

use std::collections::BTreeSet;

use super::playbook::playbook;
use super::raw::RawScheme;
use super::rule::{Clustering, Rule};
use super::{Document, SpecError, Tier};
use crate::{Text, TierId};

/// The most groups, and the most metrics to compare by.
const MOST: usize = 8;
const MOST_FEATURES: usize = 12;

/// Reads a clustering; its tiers are named when the clusters are known.
pub(super) fn cluster(document: &Document<'_>, raw: &RawScheme) -> Result<(Rule, Vec<Tier>), SpecError> {
    let Some(tiers) = &raw.cluster_tiers else {
        return Err(document.error(
            "kind",
            ("no word on what to do for a cluster", "没有写对各群做什么"),
            ("add [cluster_tiers]", "请加上 [cluster_tiers]"),
        ));
    };
    if !raw.tiers.is_empty() || raw.code_tiers.is_some() {
        let problem = ("the data make the tiers of a clustering", "聚类的层级由数据决定");
        return Err(document.error(
            "tiers",
            problem,
            ("remove [[tiers]]; keep [cluster_tiers]", "请删去 [[tiers]]，保留 [cluster_tiers]"),
        ));
    }
    let features = raw.features.clone().unwrap_or_default();
    let unique: BTreeSet<_> = features.iter().collect();
    if features.is_empty() || features.len() > MOST_FEATURES || unique.len() < features.len() {
        let problem = (
            format!("1 to {MOST_FEATURES} different metrics are wanted to compare customers by"),
            format!("须有 1 到 {MOST_FEATURES} 个不同的指标用来比较客户"),
        );
        return Err(document.error(
            "features",
            problem,
            (
                "write features = [\"recency_days\", \"frequency\"]",
                "例如 features = [\"recency_days\", \"frequency\"]",
            ),
        ));
    }
    let log = raw.log.clone().unwrap_or_default();
    if let Some(other) = log.iter().find(|m| !features.contains(m)) {
        let problem = (format!("`{other}` is not among the features"), format!("`{other}` 不在 features 中"));
        return Err(document.error(
            "log",
            problem,
            ("add it there, or remove it here", "请加到 features，或从此处删去"),
        ));
    }
    let (least, most) = (raw.min_clusters.unwrap_or(2), raw.max_clusters.unwrap_or(MOST));
    if least < 2 || most < least || most > MOST {
        let problem = (
            format!("from {least} to {most} clusters cannot be tried"),
            format!("无法尝试 {least} 到 {most} 群"),
        );
        let cure = (
            format!("write min_clusters and max_clusters from 2 to {MOST}, the least first"),
            format!("min_clusters 与 max_clusters 须在 2 到 {MOST} 之间，且前者不大于后者"),
        );
        return Err(document.error("max_clusters", problem, cure));
    }
    let play = playbook(document, &|key| format!("cluster_tiers.{key}"), &tiers.playbook())?;
    let tiers = (1..=most)
        .map(|number| Tier {
            id: TierId::new(format!("c{number}")),
            name: Text::new(format!("Cluster {number}"), format!("第 {number} 群")),
            beside: Vec::new(),
            playbook: play.clone(),
        })
        .collect();
    let rule = Rule::Cluster(Clustering { features, log, least, most, seed: raw.seed.unwrap_or(42) });
    Ok((rule, tiers))
}
