//! A user's own metric and scheme count like built-in ones.

use std::collections::BTreeMap;

use clientele_pipeline::understand::rows::Value;

use super::documents::{METRIC, busy, scheme};
use crate::support::{Base, fixture, now, per_customer, tiers_of};

#[tokio::test]
async fn own_documents_are_measured_classified_and_explained() {
    let base = Base::tiny_shop().await;
    // A run from before the documents is still read afterwards.
    let before = base.refresh("2025-07-01", &["abc"]).await;
    base.document("metrics", "busy.toml", METRIC);
    base.document("schemes", "busy.toml", &busy());
    let run = base.refresh("2025-07-01", &["busy", "abc"]).await;
    assert_eq!(run.schemes["busy"].version, 1);

    let view = base.view(None).await;
    let days = per_customer(&view, "metrics", &["busy_days", "frequency"]).await;
    assert_eq!(days["C01"], [Value::Int(8), Value::Int(8)]);
    assert_eq!(days["C20"], [Value::Int(0), Value::Int(0)]);
    let tiers = tiers_of(&view, "busy").await;
    let count = |tier: &str| tiers.values().filter(|t| *t == tier).count();
    assert_eq!((count("often"), count("once"), count("never")), (12, 7, 1));

    let customer = view.customer("C04").await.expect("C04");
    let receipt = view.explain(&customer, view.scheme("busy").expect("the scheme")).await.expect("a receipt");
    assert_eq!(receipt.tier, "once");
    let change = receipt.change.expect("one more day would do");
    assert_eq!((change.to, change.tier.as_str()), (Value::Int(2), "often"));

    let old = base.view(Some(&before.id)).await;
    assert!(old.scheme("busy").is_err(), "the first run did not apply it");
    assert_eq!(tiers_of(&old, "abc").await, tiers_of(&view, "abc").await);
}

#[tokio::test]
async fn own_documents_replace_built_in_ones() {
    let base = Base::tiny_shop().await;
    let abc = scheme(
        "kind = \"share\"\nmetric = \"monetary\"",
        &[("gold", "until = 0.5"), ("rest", "until = 1.0")],
    )
    .replace("id = \"busy\"", "id = \"abc\"")
    .replace("version = 1", "version = 2");
    base.document("schemes", "our-abc.toml", &abc);
    let run = base.refresh("2025-07-01", &["abc"]).await;
    assert_eq!(run.schemes["abc"].version, 2);
    let tiers = tiers_of(&base.view(None).await, "abc").await;
    // 2460 + 2400 + 2000 pass half of 13,210.
    let gold: Vec<&str> =
        tiers.iter().filter(|(_, tier)| *tier == "gold").map(|(id, _)| id.as_str()).collect();
    assert_eq!(gold, ["C01", "C06", "C10"]);
    assert_eq!(tiers["C20"], "rest", "without a population everyone has a place");
}

#[tokio::test]
async fn derived_metrics_see_those_that_they_derive_from() {
    let base = Base::tiny_shop().await;
    let derived = |id: &str, expression: &str, unit: &str| {
        METRIC
            .replace("busy_days", id)
            .replace("source = \"orders\"", "source = \"derived\"")
            .replace("filter = \"is_order\"\n", "")
            .replace("count(distinct day)", expression)
            .replace("unit = \"count\"", &format!("unit = \"{unit}\""))
            .replace("absent = \"zero\"", "absent = \"unknown\"")
    };
    // Given in an order in which none could be computed before the next.
    base.document(
        "metrics",
        "a.toml",
        &derived("a_last", "case when a_middle > 1 then b_first + 1 end", "count"),
    );
    base.document("metrics", "b.toml", &derived("a_middle", "b_first / 2", "ratio"));
    base.document("metrics", "c.toml", &derived("b_first", "frequency * 2", "count"));
    // Nothing divides by nothing: a customer without orders has no such figure.
    base.document("metrics", "d.toml", &derived("per_order", "monetary / frequency", "money"));
    base.document("metrics", "e.toml", &derived("day_share", "1.0 / (frequency - frequency)", "ratio"));
    base.document("metrics", "f.toml", &derived("rest_of", "frequency % frequency", "count"));
    base.refresh("2025-07-01", &[]).await;
    let columns = ["b_first", "a_middle", "a_last", "per_order", "day_share", "rest_of"];
    let found: BTreeMap<String, Vec<Value>> = per_customer(&base.view(None).await, "metrics", &columns).await;
    let expected = [
        Value::Int(4),
        Value::Float(2.0),
        Value::Int(5),
        Value::Money(500_000),
        Value::Unknown,
        Value::Int(0),
    ];
    assert_eq!(found["C05"], expected);
    let nothing =
        [Value::Int(0), Value::Float(0.0), Value::Unknown, Value::Unknown, Value::Unknown, Value::Unknown];
    assert_eq!(found["C20"], nothing);
}

#[tokio::test]
async fn an_own_library_that_cannot_be_read_is_an_error() {
    use clientele_pipeline::{Catalogue, CatalogueError};

    // A file in the place of a folder, and a text that is none.
    for (shelf, is_folder) in [("metrics", false), ("schemes", true), ("questionnaires", true)] {
        let base = Base::tiny_shop().await;
        let place = base.workspace.library(shelf);
        let wrong = match is_folder {
            true => {
                std::fs::create_dir_all(&place).expect("a folder");
                let file = place.join("mine.toml");
                std::fs::write(&file, [0xff, 0xfe, 0xfd]).expect("a file");
                file
            }
            false => {
                std::fs::create_dir_all(place.parent().expect("the library")).expect("a folder");
                std::fs::write(&place, "no folder").expect("a file");
                place
            }
        };
        match Catalogue::load(Some(&base.workspace)) {
            Err(CatalogueError::Library(error)) => {
                assert_eq!(error.place, wrong);
                let told = error.to_string();
                assert!(
                    told.contains(&wrong.display().to_string()) && told.contains("check the path"),
                    "{told}"
                );
            }
            other => panic!("{shelf}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn layouts_that_cannot_be_read_end_an_import() {
    use clientele_model::progress::Quiet;
    use clientele_pipeline::collect::{ImportError, ImportRequest, import};

    for shelf in ["sources", "questionnaires"] {
        let base = Base::tiny_shop().await;
        let place = base.workspace.library(shelf);
        std::fs::create_dir_all(place.parent().expect("the library")).expect("a folder");
        std::fs::write(&place, "no folder").expect("a file");
        let request = ImportRequest::new(fixture("tiny_shop/orders.csv"), now());
        match import(&base.workspace, &request, std::sync::Arc::new(Quiet)).await {
            Err(ImportError::Library(error)) => assert_eq!(error.place, place),
            other => panic!("{shelf}: {other:?}"),
        }
    }
}
