use clientele_model::Language;
use clientele_pipeline::understand::demand::DemandDirection;
use clientele_pipeline::understand::drivers::SEED;
use clientele_pipeline::understand::persona::InsightError;

use super::{buyers_of, close, opened, shop};

#[tokio::test]
async fn cross_tables_leave_out_the_rare() {
    let (_base, view) = opened().await;
    let table = view.cross_table("favourite_category", "favourite-channel").await.expect("a table");
    let keys = |values: &[clientele_pipeline::understand::crosstab::DimensionValue]| {
        values.iter().map(|v| v.key.clone()).collect::<Vec<_>>()
    };
    assert_eq!(keys(&table.rows.values), ["cups", "tea"]);
    assert_eq!(keys(&table.columns.values), ["store", "web"]);
    let counts: Vec<Option<u64>> = table.cells.iter().map(|c| c.customers).collect();
    assert_eq!(counts, [Some(30), Some(0), Some(0), Some(30)]);
    // Three are fewer than five.
    assert_eq!((table.customers, table.left_out), (60, None));
    close(table.connection.statistic.expect("chi-square"), 60.0);
    close(table.connection.cramers_v, 1.0);
    assert_eq!(table.connection.freedom, 1);
}

/// Of those who answered, ten cup buyers would recommend the shop and ten would not; all twenty tea drinkers would.
/// Ten of either never answered.
#[tokio::test]
async fn unknown_tiers_are_shown_and_take_no_part_in_the_test() {
    let base = shop().await;
    let mut answers = String::from("customer_id,answered_at,survey,question,value\n");
    for customer in 1..=20 {
        let value = if customer <= 10 { 2 } else { 9 };
        answers += &format!("T{customer:02},2025-06-10 10:00:00,nps,nps,10\n");
        answers += &format!("K{customer:02},2025-06-10 10:00:00,nps,nps,{value}\n");
    }
    base.import_text("answers.csv", &answers).await;
    base.refresh_metrics("2025-07-01", &["nps"], &["favourite_category"]).await;
    let view = base.view(None).await;
    let table = view.cross_table("favourite_category", "nps").await.expect("a table");
    let columns: Vec<(&str, bool)> =
        table.columns.values.iter().map(|v| (v.key.as_str(), v.is_unknown)).collect();
    assert_eq!(columns, [("promoter", false), ("detractor", false), ("unknown", true)]);
    let counts: Vec<Option<u64>> = table.cells.iter().map(|c| c.customers).collect();
    assert_eq!(counts, [Some(10), Some(10), Some(10), Some(20), Some(0), Some(10)]);
    assert_eq!((table.customers, table.tested, table.left_out), (60, Some(40), None));

    // Expected 15 promoters and 5 detractors of either: 2 x 25/15 + 2 x 25/5 = 40/3, of 40 with one degree. With the
    // unknown it would be 40/3 of 60 with two.
    let found = &table.connection;
    close(found.statistic.expect("chi-square"), 40.0 / 3.0);
    assert_eq!(found.freedom, 1);
    close(found.cramers_v, (1.0_f64 / 3.0).sqrt());
    // (1/3 - 1/39) / (1 - 1/39), after Bergsma.
    close(found.cramers_v_corrected, (12.0_f64 / 38.0).sqrt());
    assert!(!found.is_rough);
    let residuals: Vec<bool> = table.cells.iter().map(|c| c.residual.is_some()).collect();
    assert_eq!(residuals, [true, true, false, true, true, false]);
}

#[tokio::test]
async fn numbers_are_crossed_in_parts_and_schemes_by_tiers() {
    let (_base, view) = opened().await;
    // One order 33 times, 2, 3 and 4 ten times each: no cut at 1, where nobody would be below.
    let table = view.cross_table("frequency", "abc").await.expect("a table");
    assert_eq!(table.row_sums.iter().sum::<u64>(), table.customers);
    assert_eq!(table.column_sums.iter().sum::<u64>(), table.customers);
    assert!(table.left_out.is_none_or(|few| table.customers + few == 63));
    let ranges: Vec<_> = table.rows.values.iter().map(|v| v.range.expect("a range")).collect();
    assert_eq!(ranges[0].0, None);
    assert_eq!(ranges.last().expect("parts").1, None);
    assert!(ranges.windows(2).all(|pair| pair[0].1 == pair[1].0));
}

#[tokio::test]
async fn senseless_crossings_are_told() {
    let (_base, view) = opened().await;
    let error = |left: &'static str, right: &'static str| {
        let view = &view;
        async move { view.cross_table(left, right).await.expect_err(left) }
    };
    assert!(matches!(error("frequency", "frequency").await, InsightError::SameTwice { .. }));
    let unknown = error("frequenzy", "abc").await;
    assert!(unknown.to_string().contains("did you mean `frequency`?"), "{unknown}");
    assert!(unknown.problem().sentence(Language::Zh).contains("是不是 frequency"), "{unknown}");
    let same = error("favourite_category", "monetary; drop table metrics").await;
    assert!(matches!(same, InsightError::UnknownDimension { .. }));
}

#[tokio::test]
async fn drivers_share_out_what_they_explain() {
    let (_base, view) = opened().await;
    let of = ["tenure_days".to_owned(), "recency-days".to_owned()];
    let found = view.drivers("monetary", &of, None, SEED).await.expect("drivers");
    assert_eq!((found.customers, found.asked), (63, 63));
    let sum: f64 = found.drivers.iter().map(|d| d.driver.weight).sum();
    close(sum, found.r_squared);
    assert!(found.r_squared > 0.9 && found.p < 1e-9);
    assert!(found.drivers.iter().all(|d| (0.0..=1.0).contains(&d.performance)));
    for one in &found.drivers {
        let (low, high) = one.interval.expect("an interval");
        assert!(0.0 <= low && low <= one.driver.share && one.driver.share <= high && high <= 1.0);
    }
    let again = view.drivers("monetary", &of, None, SEED).await.expect("drivers");
    assert_eq!(again, found, "the same seed, the same intervals");
    let other = view.drivers("monetary", &of, None, SEED + 1).await.expect("drivers");
    assert_ne!(other.drivers[0].interval, found.drivers[0].interval);
    // Tea drinkers came first and spent less: the longer ago the first order, the less was spent.
    assert!(found.drivers.iter().all(|d| d.driver.correlation < 0.0));

    let among = view.drivers("frequency", &of, Some(&buyers_of("tea")), SEED).await.expect("drivers");
    assert_eq!(among.customers, 30);
    assert_eq!(among.drivers.iter().map(|d| d.metric.as_str()).collect::<Vec<_>>(), ["recency_days"]);
    assert_eq!(among.left_out[0].0, "tenure_days");
}

#[tokio::test]
async fn yes_and_no_outcomes_are_explained_too() {
    let (_base, view) = opened().await;
    let found = view.drivers("repeat", &["tenure_days".to_owned()], None, SEED).await.expect("drivers");
    assert!(found.yes_no && found.outcome.more_is_better == Some(true));
    // Who came back ordered first on one day, the others on two neighbouring ones.
    assert!(found.r_squared > 0.999);
}

#[tokio::test]
async fn what_cannot_be_explained_is_told() {
    let (_base, view) = opened().await;
    let fails = |outcome: &'static str, of: &'static [&'static str]| {
        let view = &view;
        let of: Vec<String> = of.iter().map(|s| (*s).to_owned()).collect();
        async move { view.drivers(outcome, &of, None, SEED).await.expect_err(outcome) }
    };
    assert!(matches!(fails("happiness", &[]).await, InsightError::UnknownOutcome { .. }));
    assert!(matches!(fails("satisfaction", &[]).await, InsightError::NoOutcome { .. }));
    assert!(matches!(fails("favourite_category", &[]).await, InsightError::UnknownOutcome { .. }));
    assert!(matches!(fails("monetary", &["monetary"]).await, InsightError::UnfitPredictor { .. }));
    assert!(matches!(fails("monetary", &["favourite_category"]).await, InsightError::UnfitPredictor { .. }));
    assert!(matches!(fails("monetary", &["recency"]).await, InsightError::UnknownDimension { .. }));
    let none = fails("repeat", &[]).await;
    assert!(none.problem().sentence(Language::Zh).contains("--of"), "{none}");
}

#[tokio::test]
async fn demand_tells_what_rises() {
    let (_base, view) = opened().await;
    // The second quarter has twice as many orders for tea, but of the same thirty people.
    let tea = view.group_demand(&buyers_of("tea")).await.expect("demand").remove(0);
    assert_eq!((tea.change, tea.direction), (Some(1.0), DemandDirection::Steady));
    let quarters: Vec<_> =
        tea.quarters.iter().map(|q| (q.quarter.as_str(), q.sold.expect("sold").orders)).collect();
    assert_eq!(quarters, [("2024-Q2", 0), ("2024-Q3", 0), ("2024-Q4", 0), ("2025-Q1", 30), ("2025-Q2", 60)]);
    let cups = view.group_demand(&buyers_of("cups")).await.expect("demand").remove(0);
    assert_eq!((cups.change, cups.direction), (None, DemandDirection::Rises));
    assert!(view.group_demand(&buyers_of("rare")).await.expect("demand").is_empty());
    let scheme = view.scheme("abc").expect("the scheme").clone();
    let classes = view.demand(&scheme).await.expect("demand");
    let orders: u64 = classes
        .iter()
        .flat_map(|class| &class.categories)
        .filter_map(|category| category.quarters.last()?.sold)
        .map(|sold| sold.orders)
        .sum();
    // Sixty for tea and thirty for cups, one of which is the only one of its tier and therefore not told.
    assert_eq!(orders, 89);
    assert!(view.satisfaction(&scheme).await.expect("satisfaction").is_empty());
}
