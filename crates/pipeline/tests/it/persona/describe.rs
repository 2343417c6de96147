use clientele_pipeline::understand::persona::{Group, HabitKind, InsightError, PairsOf, TraitOf};
use clientele_predict::stats::Magnitude;

use super::{buyers_of, close, group, opened, shop};

#[tokio::test]
async fn tea_drinkers_are_what_they_are() {
    let (_base, view) = opened().await;
    let persona = view.persona(&buyers_of("tea")).await.expect("a persona");
    let size = persona.size;
    assert_eq!((size.customers, size.base, size.compared), (30, 63, true));
    // 90 orders of 10, of 900 + 3,000 + 150 in all.
    assert_eq!((size.revenue, size.base_revenue), (9_000_000, 40_500_000));

    let frequency = persona.figures.iter().find(|f| f.metric == "frequency").expect("frequency");
    close(frequency.mean, 3.0);
    close(frequency.deviation.powi(2), 20.0 / 29.0);
    close(frequency.base_mean.expect("a base"), 123.0 / 63.0);
    close(frequency.index.expect("an index"), 300.0 * 63.0 / 123.0);
    let verdict = frequency.verdict.expect("a verdict");
    // Two more than the others, who all have one; pooled variance 20 / 61, Hedges' factor for 61 degrees of freedom.
    close(verdict.effect.size, 2.0 / (20.0_f64 / 61.0).sqrt() * 0.987_645_822);
    assert!(verdict.tells && verdict.p < 1e-9 && verdict.magnitude == Magnitude::Large);
    // Three times the others' mean, which does not vary. The logarithm of the ratio has 29 degrees of freedom and
    // sqrt(20/29/30)/3 for its error; 30 of 63 are members.
    let (low, high) = frequency.index_range.expect("an interval");
    let reach = (2.045_229_6 * (20.0_f64 / 29.0 / 30.0).sqrt() / 3.0).exp();
    let over = |ratio: f64| 100.0 * ratio / (30.0 / 63.0 * ratio + 33.0 / 63.0);
    close(low / 1e3, over(3.0 / reach) / 1e3);
    close(high / 1e3, over(3.0 * reach) / 1e3);

    let web = persona
        .traits
        .iter()
        .find(|t| t.of == TraitOf::Metric("favourite_channel".into()) && t.value == "web");
    let web = web.expect("the channel");
    assert_eq!((web.customers, web.known), (30, 30));
    close(web.base_share.expect("a base"), 30.0 / 63.0);
    close(web.lift.expect("a lift").ratio, 2.1);
    assert!(web.verdict.expect("a verdict").tells);
    assert_eq!(
        persona.telling_traits().count(),
        persona.traits.iter().filter(|t| t.verdict.is_some_and(|v| v.tells)).count()
    );

    let spread = persona.typical.spreads.iter().find(|s| s.metric == "frequency").expect("a spread");
    assert_eq!((spread.p25, spread.median, spread.p75), (2.0, 3.0, 4.0));
    // A tenth of thirty is fewer than five.
    assert_eq!((spread.p10, spread.p90, persona.typical.few), (None, None, true));
    // Who ordered three times is in the middle in everything.
    let (_, nearest) = persona.typical.nearest.clone().expect("a member");
    assert_eq!(nearest, "T11");
}

#[tokio::test]
async fn what_when_and_for_how_much_they_buy() {
    let (_base, view) = opened().await;
    let persona = view.persona(&buyers_of("tea")).await.expect("a persona");
    let tea = &persona.categories[0];
    assert_eq!((tea.category.as_str(), tea.customers, tea.orders, tea.revenue), ("tea", 30, 90, 9_000_000));
    close(tea.base_share.expect("a base"), 30.0 / 63.0);
    assert_eq!(persona.categories.len(), 1);

    close(persona.price.order_value.expect("a value"), 10.0);
    close(persona.price.base_order_value.expect("a value"), 4_050.0 / 123.0);

    let habit = |kind| persona.habits.iter().find(|h| h.kind == kind).expect("a habit");
    let web = &habit(HabitKind::Channel).values[0];
    assert_eq!((web.value.as_str(), web.orders, web.share), ("web", 90, 1.0));
    let lift = web.lift.expect("a lift");
    close(lift.ratio, 123.0 / 90.0);
    // Ten customers each with 2, 3 and 4 orders count for 90² / 290 = 28 of 28, against none of 33.
    assert!(lift.low > 1.0 && lift.high <= 123.0 / 90.0 + 1e-9);
    let verdict = web.verdict.expect("a verdict");
    close(verdict.effect.size, std::f64::consts::PI);
    assert!(verdict.tells && verdict.magnitude == Magnitude::Medium, "a ratio of 1.37");
    assert_eq!(habit(HabitKind::Daypart).values[0].value, "morning");
    // The third of February and all days in May were Mondays.
    let days: Vec<&str> = habit(HabitKind::Weekday).values.iter().map(|v| v.value.as_str()).collect();
    assert_eq!(days, ["1"]);
    assert!(persona.together.is_none());
}

#[tokio::test]
async fn few_are_not_described() {
    let (_base, view) = opened().await;
    let error = view.persona(&buyers_of("rare")).await.expect_err("three customers");
    assert!(matches!(error, InsightError::TooFew { minimum: 5, .. }), "{error}");
    assert!(error.problem().sentence(clientele_model::Language::Zh).contains("不足 5 名客户"));
    let error = view.persona(&buyers_of("nothing")).await.expect_err("nobody");
    assert!(matches!(error, InsightError::Nobody { .. }), "{error}");

    // Sixty of sixty-three: what is said of the others would be said of three.
    let persona = view.persona(&group("m.favourite_category <> 'rare'")).await.expect("a persona");
    assert!(!persona.size.compared);
    assert!(persona.figures.iter().all(|f| f.base_mean.is_none() && f.verdict.is_none()));
    assert!(persona.traits.iter().all(|t| t.base_share.is_none() && t.lift.is_none()));
    assert!(persona.price.base_order_value.is_none());

    // Values that fewer have are not told of a larger group either.
    let persona = view.persona(&group("m.favourite_category <> 'tea'")).await.expect("a persona");
    assert!(persona.traits.iter().all(|t| t.value != "rare"));
    assert!(persona.categories.iter().all(|c| c.category != "rare"));
    // Nor of a group in which nobody has them; of the 33 others, cups would tell how many.
    let persona = view.persona(&buyers_of("tea")).await.expect("a persona");
    let favourites = persona.traits.iter().filter(|t| t.of == TraitOf::Metric("favourite_category".into()));
    assert_eq!(favourites.map(|t| t.value.as_str()).collect::<Vec<_>>(), ["tea"]);
    // Ten tea drinkers are a group, but who is in their middle is somebody.
    let persona = view.persona(&group("m.frequency = 4")).await.expect("a persona");
    assert_eq!(persona.size.customers, 10);
    assert!(persona.typical.spreads.is_empty() && persona.typical.nearest.is_none() && persona.typical.few);
    // Three others order in the store too: that store is theirs alone is not told of the 30 and 30.
    let persona = view.persona(&group("m.favourite_category = 'cups' OR m.customer_id = 'X01'")).await;
    let persona = persona.expect("a persona");
    let store = persona.habits.iter().find(|h| h.kind == HabitKind::Channel).map(|h| &h.values[0]);
    let store = store.expect("the channel");
    assert_eq!((store.orders, store.base_share, store.verdict), (31, None, None));
}

#[tokio::test]
async fn everybody_and_named_customers_are_groups_too() {
    let (_base, view) = opened().await;
    let everybody = view.persona(&group("true")).await.expect("a persona");
    assert_eq!((everybody.size.customers, everybody.tests), (63, 0));
    let keys: Vec<i32> = (0..7).collect();
    let named = Group::of_customers("list", clientele_model::Text::new("list", "名单"), &keys);
    assert_eq!(view.persona(&named).await.expect("a persona").size.customers, 7);
    let nobody = Group::of_customers("list", clientele_model::Text::new("list", "名单"), &[]);
    assert!(matches!(view.persona(&nobody).await, Err(InsightError::Nobody { .. })));
}

#[tokio::test]
async fn a_tier_is_a_group_and_its_own_rule_is_no_news() {
    let (_base, view) = opened().await;
    let scheme = view.scheme("abc").expect("the scheme").clone();
    let group = view.tier_group(&scheme, "a").expect("the tier");
    let persona = view.persona(&group).await.expect("a persona");
    let spend = persona.figures.iter().find(|f| f.metric == "monetary").expect("spend");
    assert!(spend.by_rule && persona.telling_figures().all(|f| f.metric != "monetary"));
    assert!(persona.traits.iter().any(|t| t.of == TraitOf::Scheme("abc".into()) && t.by_rule));
    assert!(view.tier_group(&scheme, "z").is_err());
}

#[tokio::test]
async fn what_is_bought_together_is_counted_by_orders() {
    let base = shop().await;
    let mut lines =
        String::from("order_id,customer_id,ordered_at,product_id,product_name,category,quantity,amount\n");
    // Ten of T's people bought leaves and a pot together, five leaves only, five something else.
    for customer in 1..=20 {
        let mut line = |product: &str, name: &str| {
            lines +=
                &format!("L{customer:02},T{customer:02},2025-06-10 10:00:00,{product},{name},tea,1,5.00\n");
        };
        if customer <= 15 {
            line("P1", "leaves");
        }
        if customer <= 10 {
            line("P2", "pot");
        }
        if customer > 15 {
            line("P3", "spoon");
        }
    }
    base.import_text("lines.csv", &lines).await;
    base.refresh_metrics("2025-07-01", &super::SCHEMES, &["favourite_category", "monetary"]).await;
    let view = base.view(None).await;
    let persona = view.persona(&group("m.customer_id LIKE 'T%'")).await.expect("a persona");
    let together = persona.together.expect("baskets");
    assert_eq!((together.of, together.orders, together.sampled), (PairsOf::Products, 20, false));
    assert_eq!(together.pairs.len(), 1);
    let (a, b, pair) = &together.pairs[0];
    assert_eq!((a.as_str(), b.as_str(), pair.together, pair.buyers), ("leaves", "pot", 10, 10));
    close(pair.support, 0.5);
    close(pair.confidence_a, 10.0 / 15.0);
    close(pair.confidence_b, 1.0);
    close(pair.lift, 4.0 / 3.0);
}
