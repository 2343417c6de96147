//! Segments are groups too.

use clientele_engine::EngineSettings;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::drivers::SEED;
use clientele_pipeline::understand::persona::{InsightError, PairsOf, Persona, TraitOf};
use clientele_pipeline::understand::segments::{self, SegmentError, SegmentRequest};

use super::{SCHEMES, buyers_of, close, shop};
use crate::support::{Base, now};

/// The tea drinkers' shop with a few baskets, and segments over it.
async fn segmented(rules: &[(&str, &str)]) -> (Base, RunView) {
    let base = shop().await;
    let mut lines =
        String::from("order_id,customer_id,ordered_at,product_id,product_name,category,quantity,amount\n");
    for customer in 1..=15 {
        let together = [("P1", "leaves"), ("P2", "pot")];
        let bought = if customer <= 10 { together.as_slice() } else { &[("P3", "spoon")] };
        for (product, name) in bought {
            lines +=
                &format!("L{customer:02},T{customer:02},2025-06-10 10:00:00,{product},{name},tea,1,5.00\n");
        }
    }
    base.import_text("lines.csv", &lines).await;
    let metrics = ["frequency", "monetary", "tenure_days", "favourite_category", "favourite_channel"];
    base.refresh_metrics("2025-07-01", &SCHEMES, &metrics).await;
    for (id, rule) in rules {
        let (id, rule) = ((*id).to_owned(), (*rule).to_owned());
        let wish = SegmentRequest { id, rule, name_en: None, name_zh: None, note: None, now: now() };
        segments::define(&base.workspace, wish).await.expect("a segment");
    }
    segments::evaluate(&base.workspace, &EngineSettings::default(), &[], now()).await.expect("members");
    let view = base.view(None).await;
    (base, view)
}

async fn persona(view: &RunView, id: &str) -> Result<Persona, InsightError> {
    let group = view.segment_group(id).await.expect("a segment");
    view.persona(&group).await
}

#[tokio::test]
async fn a_segment_is_described_as_the_customers_who_are_in_it() {
    let (_base, view) = segmented(&[("tea", "favourite_category = tea")]).await;
    let found = persona(&view, "tea").await.expect("a persona");
    let same = view.persona(&buyers_of("tea")).await.expect("a persona");
    assert_eq!((found.group.as_str(), found.size), ("tea", same.size));
    assert_eq!((found.size.customers, found.size.base), (30, 63));
    let frequency = |persona: &Persona| {
        let found = persona.figures.iter().find(|f| f.metric == "frequency").expect("frequency");
        [found.mean, found.deviation, found.index.expect("an index"), found.verdict.expect("one").effect.size]
    };
    // Ten with 2 + 1 orders, five with 3 + 1, five with 3, ten with 4.
    close(frequency(&found)[0], 105.0 / 30.0);
    for (one, other) in frequency(&found).into_iter().zip(frequency(&same)) {
        close(one, other);
    }
    assert_eq!((&found.categories, &found.habits), (&same.categories, &same.habits));
    let together = found.together.expect("baskets");
    assert_eq!((together.of, together.orders, together.pairs.len()), (PairsOf::Products, 15, 1));
    // That tea drinkers drink tea is their rule; that they order on the web is news.
    let of = |id: &str| TraitOf::Metric(id.into());
    assert!(found.traits.iter().any(|t| t.of == of("favourite_category") && t.by_rule));
    assert!(same.telling_traits().any(|t| t.of == of("favourite_category")));
    let told: Vec<_> = found.traits.iter().filter(|t| !t.by_rule).map(|t| &t.of).collect();
    assert!(told.contains(&&of("favourite_channel")));
}

#[tokio::test]
async fn what_a_named_segment_or_a_tier_is_made_of_is_no_news_either() {
    let rules =
        [("tea", "favourite_category = tea"), ("often", "segment(tea) and frequency >= 4"), ("a", "abc = a")];
    let (_base, view) = segmented(&rules).await;
    let often = persona(&view, "often").await.expect("a persona");
    assert_eq!(often.size.customers, 15);
    // They bought spoons alone, so nothing together; of categories there is one.
    let together = often.together.as_ref().expect("baskets");
    assert_eq!((together.of, together.orders, together.pairs.len()), (PairsOf::Categories, 5, 0));
    let by_rule = |persona: &Persona, id: &str| {
        persona.figures.iter().any(|f| f.metric == id && f.by_rule)
            || persona.traits.iter().any(|t| t.of == TraitOf::Metric(id.into()) && t.by_rule)
    };
    assert!(by_rule(&often, "frequency") && by_rule(&often, "favourite_category"));
    assert!(!by_rule(&often, "tenure_days"));
    let a = persona(&view, "a").await.expect("a persona");
    assert!(by_rule(&a, "monetary"), "the tier is one of spend");
}

#[tokio::test]
async fn small_segments_are_not_described() {
    let (_base, view) = segmented(&[("rare", "favourite_category = rare"), ("none", "frequency > 99")]).await;
    let few = persona(&view, "rare").await.expect_err("three customers");
    assert!(matches!(few, InsightError::TooFew { minimum: 5, .. }), "{few}");
    let nobody = persona(&view, "none").await.expect_err("nobody");
    assert!(matches!(nobody, InsightError::Nobody { .. }), "{nobody}");
    let missing = view.segment_group("teas").await.expect_err("no such segment");
    assert!(matches!(missing, SegmentError::Unknown { .. }), "{missing}");
    for outline in ["rare", "none"] {
        let group = view.segment_group(outline).await.expect("a segment");
        assert!(view.persona_outline(&group).await.is_err(), "{outline}");
        assert!(view.group_demand(&group).await.expect("demand").is_empty(), "{outline}");
        let drivers = view.drivers("frequency", &["monetary".to_owned()], Some(&group), SEED).await;
        assert!(drivers.is_err(), "{outline}");
    }
}
