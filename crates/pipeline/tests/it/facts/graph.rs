//! Relations, and everybody's place among them.

use clientele_pipeline::library::Document;
use clientele_pipeline::understand::rows::Value;

use super::{Shop, document};

const PLACE: [(&str, &str, &str, &str); 8] = [
    ("out_people", "count", "max(out_degree)", ""),
    ("in_people", "count", "max(in_degree)", ""),
    ("people", "count", "max(degree)", ""),
    ("made", "count", "max(referrals_made)", ""),
    ("converted", "count", "max(referrals_converted)", ""),
    ("fans", "count", "max(followers)", ""),
    ("referred", "yes_no", "bool_or(was_referred)", ""),
    ("rank", "quantity", "round(max(pagerank) * 1000000) / 1000000", ""),
];

async fn shop() -> Shop {
    let shop = Shop::with(&["ann", "bob", "cid", "dee", "eve"]).await;
    shop.add(
        "relations",
        "customer_id to_id kind since",
        &[
            "ann | bob | referral | 2025-01-01T00:00:00",
            "ann | cid | referral | ",
            "ann | cid | knows | 2025-02-01T00:00:00",
            "ann | zoe | referral | 2025-01-01T00:00:00",
            "bob | ann | follows | 2025-03-01T00:00:00",
            "cid | ann | follows | 2025-07-01T00:00:00",
        ],
    )
    .await;
    shop.add(
        "orders",
        "customer_id order_id ordered_at status amount refunded",
        &[
            "bob | o1 | 2025-06-01T00:00:00 | completed | 10 | 0",
            "cid | o2 | 2025-07-01T00:00:00 | completed | 10 | 0",
            "dee | o3 | 2025-06-01T00:00:00 | completed | 10 | 0",
        ],
    )
    .await;
    shop
}

#[tokio::test]
async fn relations() {
    shop()
        .await
        .gives(
            "2025-07-01",
            "relations",
            &[
                ("people", "count", "count(distinct to_id)", ""),
                ("referrals", "count", "count(*)", "kind = 'referral'"),
                ("last", "time", "max(since)", ""),
            ],
            &[("ann", &["3", "3", "2025-02-01 00:00:00"]), ("cid", &["", "", ""])],
        )
        .await;
}

#[tokio::test]
async fn places() {
    // Edges: ann to bob, cid and zoe, who is no customer; bob to ann. PageRank with 0.85 among four
    // people, where cid and zoe lead nowhere and so everywhere. Bob, cid and zoe have the same b =
    // 0.15 / 4 + 0.85 (a / 3 + 2 b / 4), and a = 0.15 / 4 + 0.85 (b + 2 b / 4) = 0.0375 + 1.275 b;
    // so b = 0.048125 / 0.21375.
    shop()
        .await
        .gives(
            "2025-07-01",
            "graph",
            &PLACE,
            &[
                ("ann", &["3", "1", "4", "3", "1", "1", "false", "0.324561"]),
                ("bob", &["1", "1", "2", "0", "0", "0", "true", "0.225146"]),
                ("cid", &["0", "1", "1", "0", "0", "0", "true", "0.225146"]),
                ("dee", &["", "", "", "", "", "", "", ""]),
                ("eve", &["", "", "", "", "", "", "", ""]),
            ],
        )
        .await;
}

#[tokio::test]
async fn a_later_day_sees_more() {
    // Cid follows ann now and has ordered.
    shop()
        .await
        .gives(
            "2025-07-02",
            "graph",
            &PLACE[..7],
            &[
                ("ann", &["3", "2", "5", "3", "2", "2", "false"]),
                ("cid", &["1", "1", "2", "0", "0", "0", "true"]),
            ],
        )
        .await;
}

#[tokio::test]
async fn without_relations_nothing_is_known() {
    let shop = Shop::with(&["ann"]).await;
    let nothing = [""; 8];
    shop.gives("2025-07-01", "graph", &PLACE, &[("ann", &nothing)]).await;
    // Nor when all of them are of a later day.
    shop.add("relations", "customer_id to_id kind since", &["ann | bob | knows | 2025-07-01T00:00:00"]).await;
    shop.gives("2025-07-01", "graph", &PLACE, &[("ann", &nothing)]).await;
    // But then relations are kept, and what counts as none when it is absent is none.
    let counts: Vec<Document> = PLACE[3..6].iter().map(|metric| document("graph", metric, "zero")).collect();
    assert_eq!(shop.measure("2025-07-01", &counts).await["ann"], [0, 0, 0].map(Value::Int));
}
