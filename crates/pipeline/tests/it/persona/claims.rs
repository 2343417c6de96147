//! Groups that differ from the others by chance alone.

use clientele_model::Text;
use clientele_pipeline::understand::persona::{Group, Persona};
use rand::rngs::StdRng;
use rand::seq::index;
use rand::{RngExt, SeedableRng};

use crate::support::Base;

const CUSTOMERS: usize = 240;

/// Customers whose orders have nothing to do with who they are.
async fn shop_of_chance() -> Base {
    let mut chance = StdRng::seed_from_u64(17);
    let mut orders =
        String::from("order_id,customer_id,ordered_at,amount,discount,status,category,channel,region\n");
    for customer in 0..CUSTOMERS {
        for order in 0..chance.random_range(1..7) {
            let (month, day) = (chance.random_range(1..7), chance.random_range(1..29));
            let (hour, amount) = (chance.random_range(7..23), chance.random_range(5..200));
            let discount = if chance.random_range(0..3) == 0 { 2 } else { 0 };
            let category = ["tea", "cups", "pots", "books"][chance.random_range(0..4)];
            let channel = ["web", "store"][chance.random_range(0..2)];
            let region = ["North", "South", "West"][chance.random_range(0..3)];
            orders += &format!(
                "O{customer}-{order},C{customer:03},2025-{month:02}-{day:02} {hour:02}:10:00,{amount}.00,\
                 {discount}.00,completed,{category},{channel},{region}\n"
            );
        }
    }
    let base = Base::new(1_000).await;
    base.import_text("orders.csv", &orders).await;
    let metrics = [
        "frequency",
        "monetary",
        "recency_days",
        "tenure_days",
        "discount_share",
        "weekend_share",
        "favourite_category",
        "favourite_channel",
    ];
    base.refresh_metrics("2025-07-01", &["abc", "rfm-11"], &metrics).await;
    base
}

/// Of the three lists of differences that are adjusted together, how many claim any.
fn claims(persona: &Persona) -> usize {
    let first = persona.telling_figures().next().is_some() || persona.telling_traits().next().is_some();
    let bought = persona.categories.iter().any(|c| c.verdict.is_some_and(|v| v.tells));
    let mut values = persona.habits.iter().flat_map(|h| &h.values);
    let habits = values.any(|value| value.verdict.is_some_and(|v| v.tells));
    [first, bought, habits].into_iter().filter(|claim| *claim).count()
}

/// Where nothing differs, at most 5 % of the lists may say that something does: of 20 groups with three lists each, 3.
#[tokio::test]
async fn of_groups_by_lot_nothing_is_claimed() {
    let base = shop_of_chance().await;
    let view = base.view(None).await;
    let mut wrong = 0;
    for seed in 0..20 {
        let drawn = index::sample(&mut StdRng::seed_from_u64(seed), CUSTOMERS, 80);
        let keys: Vec<i32> = drawn.into_iter().map(|key| i32::try_from(key).expect("a key")).collect();
        let group = Group::of_customers("lot", Text::new("lot", "抽签"), &keys);
        let persona = view.persona(&group).await.expect("a persona");
        assert!(persona.tests > 10 && persona.size.compared);
        wrong += claims(&persona);
    }
    assert!(wrong <= 3, "{wrong} of 60 lists claim a difference");
}
