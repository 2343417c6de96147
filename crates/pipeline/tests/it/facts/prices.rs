//! Prices of lines against what everybody pays in their category.

use super::Shop;

const LINES: &str = "customer_id order_id ordered_at status product_id category quantity unit_price amount";

const WANTED: [(&str, &str, &str, &str); 3] = [
    ("level", "ratio", "cast(avg(price_level) as double)", "is_order_line"),
    ("usual", "quantity", "max(category_price)", ""),
    ("lines", "count", "count(price_level)", ""),
];

async fn shop() -> Shop {
    let shop = Shop::with(&["ann", "bob", "cid", "dee", "eve"]).await;
    shop.add(
        "order_lines",
        LINES,
        &[
            "ann | o1 | 2025-06-01T00:00:00 | completed | p1 | tea | 1 | 2 | 2",
            "ann | o1 | 2025-06-01T00:00:00 | completed | p2 | tea | 9 | 4 | 36",
            "bob | o2 | 2025-06-02T00:00:00 | returned | p3 | tea | 1 | 10 | 10",
            "cid | o3 | 2025-06-02T00:00:00 | completed | p4 | tea | 1 | 3 | 3",
            "cid | o3 | 2025-06-02T00:00:00 | completed | p5 | ink | 1 | 8 | 8",
            // Neither cancelled lines, nor those of later days, nor lines without a price.
            "dee | o4 | 2025-06-02T00:00:00 | cancelled | p6 | tea | 1 | 1000 | 1000",
            "dee | o5 | 2025-07-01T00:00:00 | completed | p6 | ink | 1 | 2 | 2",
            "dee | o6 | 2025-06-02T00:00:00 | completed | p7 | ink | 1 | 0 | 0",
            "dee | o7 | 2025-06-02T00:00:00 | completed | p8 | | 1 | 7 | 7",
        ],
    )
    .await;
    shop
}

#[tokio::test]
async fn lines_are_held_against_the_median_of_their_category() {
    // Tea is sold at 2, 3, 4 and 10: the median is 3.5. Ink is sold at 8 only.
    shop()
        .await
        .gives(
            "2025-07-01",
            "order_lines",
            &[
                ("level", "ratio", "cast(avg(price_level) as double)", "is_order_line"),
                ("usual", "quantity", "min(category_price)", ""),
                ("lines", "count", "count(price_level)", ""),
            ],
            &[
                // (2 + 4) / 2 / 3.5, and 10 / 3.5.
                ("ann", &["0.857142857", "3.5", "2"]),
                ("bob", &["2.857142857", "3.5", "1"]),
                // (3 / 3.5 + 1) / 2.
                ("cid", &["0.9285714285", "3.5", "2"]),
                ("dee", &["", "3.5", "1"]),
                ("eve", &["", "", ""]),
            ],
        )
        .await;
}

#[tokio::test]
async fn a_later_day_has_other_medians() {
    // Ink is sold at 8 and 2 now: the median is 5.
    let shop = shop().await;
    shop.gives(
        "2025-07-02",
        "order_lines",
        &WANTED,
        &[("cid", &["1.2285714285", "5", "2"]), ("dee", &["0.4", "5", "2"])],
    )
    .await;
}

#[tokio::test]
async fn without_categories_no_level_is_known() {
    let shop = Shop::with(&["ann"]).await;
    shop.add("order_lines", LINES, &["ann | o1 | 2025-06-01T00:00:00 | completed | p1 | | 1 | 2 | 2"]).await;
    shop.gives("2025-07-01", "order_lines", &WANTED, &[("ann", &["", "", "0"])]).await;
}
