//! Shares of a group are of all its members, whether something is known of them or not.

use std::collections::BTreeSet;

use clientele_model::Text;
use clientele_pipeline::understand::persona::{Group, HabitKind, TraitOf};

use super::{close, group};
use crate::support::Base;

/// Thirty-four customers bought tea, of whom five orders name the channel; thirty others bought cups, all on the web.
async fn sparse_shop() -> Base {
    let mut orders = String::from("order_id,customer_id,ordered_at,amount,category,channel,payment_method\n");
    for customer in 1..=34 {
        let channel = if customer <= 5 { "taobao" } else { "" };
        orders += &format!(
            "T{customer},T{customer:02},2025-05-{:02} 09:00:00,10,tea,{channel},card\n",
            1 + customer % 28
        );
    }
    for customer in 1..=30 {
        orders +=
            &format!("K{customer},K{customer:02},2025-06-{:02} 18:00:00,90,cups,web,\n", 1 + customer % 28);
    }
    let base = Base::new(20).await;
    base.import_text("orders.csv", &orders).await;
    let metrics = ["frequency", "monetary", "favourite_category", "favourite_channel", "favourite_payment"];
    base.refresh_metrics("2025-07-01", &["abc"], &metrics).await;
    base
}

#[tokio::test]
async fn what_five_of_thirty_four_have_is_not_common_to_most() {
    let base = sparse_shop().await;
    let view = base.view(None).await;
    let tea = group("m.favourite_category = 'tea'");
    let persona = view.persona(&tea).await.expect("a persona");
    let names = |values: &[(Text, Text, f64)]| values.iter().map(|v| v.1.en.clone()).collect::<BTreeSet<_>>();
    // All of those of whom the channel is known came by taobao, and they are five.
    let common = names(&persona.typical.values);
    assert!(common.contains("card") && !common.contains("taobao"), "{common:?}");
    let of = |metric: &str, value: &str| {
        let of = TraitOf::Metric(metric.into());
        persona.traits.iter().find(|t| t.of == of && t.value == value).cloned()
    };
    let taobao = of("favourite_channel", "taobao").expect("the channel");
    assert_eq!((taobao.customers, taobao.known), (5, 5));
    close(taobao.share, 5.0 / 34.0);
    close(taobao.base_share.expect("a share"), 5.0 / 64.0);
    // Among those of whom it is known: five of five against five of thirty-five.
    close(taobao.lift.expect("a lift").ratio, 7.0);
    let sparse: Vec<_> = persona.sparse.iter().map(|s| (s.metric.as_str(), s.known)).collect();
    assert_eq!(sparse, [("favourite_channel", Some(5))]);

    let cups = view.persona(&group("m.favourite_category = 'cups'")).await.expect("a persona");
    assert!(names(&cups.typical.values).contains("web"));
    let sparse: Vec<_> = cups.sparse.iter().map(|s| (s.metric.as_str(), s.known)).collect();
    assert_eq!(sparse, [("favourite_payment", Some(0))]);
    let everybody = Group::of_condition("all", Text::new("all", "全部"), "true", BTreeSet::new());
    let all = view.persona(&everybody).await.expect("a persona");
    close(all.traits.iter().find(|t| t.value == "web").expect("the channel").share, 30.0 / 64.0);
    assert!(!names(&all.typical.values).contains("web"), "30 of 64 are no half");
}

#[tokio::test]
async fn of_orders_it_is_told_of_how_many_something_is_known() {
    let base = sparse_shop().await;
    let view = base.view(None).await;
    let persona = view.persona(&group("m.favourite_category = 'tea'")).await.expect("a persona");
    let channel = persona.habits.iter().find(|h| h.kind == HabitKind::Channel).expect("the channel");
    assert_eq!((channel.known, channel.orders), (5, Some(34)));
    close(channel.values[0].share, 1.0);
    let tea = &persona.categories[0];
    close(tea.customer_share, 1.0);
    close(tea.base_share.expect("a share"), 34.0 / 64.0);
}
