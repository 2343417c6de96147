//! Groups described and compared, on a shop small enough to work everything out by hand.
//!
//! - Thirty tea drinkers, T01 to T30, order on the web at nine in the morning for 10 each: all of them on 2025-02-03 and
//!   2025-05-05, twenty also on 2025-05-12, ten of these also on 2025-05-19.
//! - Thirty cup buyers, K01 to K30, order once, in the store at half past six on 2025-06-02, for 100.
//! - Three, X01 to X03, order something rare once, in the store on 2025-06-03, for 50.

mod advice;
mod claims;
mod compare;
mod describe;
mod segment;
mod shares;

use std::collections::BTreeSet;

use clientele_model::Text;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::persona::Group;

use crate::support::Base;

/// The metrics and schemes that these tests look at.
const SCHEMES: [&str; 1] = ["abc"];

async fn shop() -> Base {
    let mut orders =
        String::from("order_id,customer_id,ordered_at,amount,refunded,status,category,channel\n");
    let mut number = 0;
    let mut order = |customer: String, at: &str, amount: u32, category: &str, channel: &str| {
        number += 1;
        orders +=
            &format!("O{number:04},{customer},{at}:00,{amount}.00,0.00,completed,{category},{channel}\n");
    };
    for customer in 1..=30 {
        let days = ["2025-02-03", "2025-05-05", "2025-05-12", "2025-05-19"];
        let count = 2 + usize::from(customer > 10) + usize::from(customer > 20);
        for day in &days[..count] {
            order(format!("T{customer:02}"), &format!("{day} 09:00"), 10, "tea", "web");
        }
    }
    for customer in 1..=30 {
        order(format!("K{customer:02}"), "2025-06-02 18:30", 100, "cups", "store");
    }
    for customer in 1..=3 {
        order(format!("X{customer:02}"), "2025-06-03 18:30", 50, "rare", "store");
    }
    let base = Base::new(20).await;
    base.import_text("orders.csv", &orders).await;
    let metrics =
        ["frequency", "monetary", "recency_days", "tenure_days", "favourite_category", "favourite_channel"];
    base.refresh_metrics("2025-07-01", &SCHEMES, &metrics).await;
    base
}

fn group(condition: &str) -> Group {
    Group::of_condition("test", Text::new("test", "测试"), condition, BTreeSet::new())
}

fn buyers_of(category: &str) -> Group {
    group(&format!("m.favourite_category = '{category}'"))
}

async fn opened() -> (Base, RunView) {
    let base = shop().await;
    let view = base.view(None).await;
    (base, view)
}

fn close(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-6 * right.abs().max(1.0), "{left} is not {right}");
}
