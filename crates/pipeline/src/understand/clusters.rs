//! Why a base is parted into as many clusters as it is, and whether it falls into them by itself.

use clientele_model::Language;
use clientele_model::spec::scheme::{Clustering, Rule};
use clientele_predict::clusters::Structure;

use super::view::RunView;
use crate::classify::cluster::{Centres, Tried};

/// The numbers of clusters that a run tried, and the one that it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Parting {
    pub tried: Vec<Tried>,
    pub taken: Tried,
}

impl RunView {
    /// How the run came to the clusters of a scheme; nothing for schemes of other kinds, and for a base of
    /// which too few differ to be parted.
    pub fn parting(&self, scheme: &str) -> Option<Parting> {
        let Rule::Cluster(Clustering { features, .. }) = &self.scheme(scheme).ok()?.rule else { return None };
        let centres = Centres::of(&self.run.schemes.get(scheme)?.cuts, features.len())?;
        let taken = *centres.tried.iter().find(|tried| tried.clusters == centres.centres.len())?;
        Some(Parting { tried: centres.tried, taken })
    }
}

impl Parting {
    /// What the silhouette of the clusters says.
    pub fn structure(&self) -> Structure {
        Structure::of(self.taken.silhouette)
    }

    /// Why there are so many, and what to make of them, in sentences.
    pub fn says(&self, language: Language) -> String {
        let Tried { clusters, silhouette, stability } = self.taken;
        let least = self.tried.iter().map(|t| t.clusters).min().unwrap_or(clusters);
        let most = self.tried.iter().map(|t| t.clusters).max().unwrap_or(clusters);
        let verdict = match self.structure() {
            Structure::Strong => language.pick("the groups are clearly apart", "各群界限分明"),
            Structure::Reasonable => language.pick("the groups are fairly well apart", "各群界限较为清楚"),
            Structure::Weak => language.pick(
                "the groups run into each other: check by other means whether they are real",
                "各群相互交叠，应以其他方式核实是否真实存在",
            ),
            Structure::None => language.pick(
                "the base is one cloud that was cut into pieces: do not take them for kinds of customers",
                "客户整体连成一片，只是被切分开来：不宜当作不同类型的客户",
            ),
        };
        language.pick(
            format!(
                "{clusters} clusters, of {least} to {most} that were tried: silhouette {silhouette:.2} (1 is \
                 clear-cut, 0 is none), agreement of repeated searches {stability:.2}; {verdict}."
            ),
            format!(
                "在 {least} 至 {most} 个群中选定 {clusters} 个：轮廓系数 {silhouette:.2}（1 为界限分明，0 为没有界限），\
                 重复求解的一致度 {stability:.2}；{verdict}。"
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_is_not_sold_as_kinds_of_customers() {
        let tried = |clusters, silhouette| Tried { clusters, silhouette, stability: 0.98 };
        let parting = |silhouette| Parting {
            tried: vec![tried(2, 0.1), tried(3, silhouette)],
            taken: tried(3, silhouette),
        };
        let says = parting(0.18).says(Language::En);
        assert!(says.starts_with("3 clusters, of 2 to 3 that were tried: silhouette 0.18"), "{says}");
        assert!(says.contains("one cloud"), "{says}");
        assert!(parting(0.8).says(Language::Zh).contains("界限分明"));
        assert_eq!(parting(0.3).structure(), Structure::Weak);
    }
}
