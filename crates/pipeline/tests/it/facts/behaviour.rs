//! Events and interactions.

use super::Shop;

#[tokio::test]
async fn events() {
    let shop = Shop::with(&["ann", "bob", "cid"]).await;
    shop.add(
        "events",
        "customer_id event_id occurred_at kind item_id category channel value session_id campaign attributes",
        &[
            r#"ann | e1 | 2025-06-30T23:00:00 | view | i1 | tea | web | | s1 | | {"page":"7"}"#,
            r#"ann | e2 | 2025-06-30T23:10:00 | cart | i1 | tea | web | 12.50 | s1 | spring | {"page":"9","note":"x"}"#,
            "ann | e3 | 2025-06-01T08:00:00 | view | i2 | oil | app | | s2 | | ",
            "ann | e4 | 2025-01-10T12:00:00 | search | | tea | web | 0.25 | s3 | | ",
            // On the day itself, so not seen.
            "ann | e5 | 2025-07-01T00:00:00 | purchase | i1 | tea | shop | 99 | s4 | | ",
            "bob | e6 | 2025-06-20T05:59:59 | visit | | | web | | | | ",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "events",
        &[
            ("events", "count", "count(*)", ""),
            ("views_90d", "count", "count(*)", "kind = 'view' and age_days < 90"),
            ("days_since", "days", "min(age_days)", ""),
            ("sessions", "count", "count(distinct session_id)", ""),
            ("sessions_90d", "count", "count(distinct session_id)", "age_days < 90"),
            ("active_days", "count", "count(distinct day)", ""),
            ("last_kind", "text", "last_value_by(kind, occurred_at)", ""),
            ("first_channel", "text", "first_value_by(channel, occurred_at)", ""),
            ("category", "text", "favourite(category)['value']", ""),
            ("value", "money", "sum(value)", ""),
            ("items", "count", "count(item_id)", ""),
            ("campaigns", "count", "count(campaign)", ""),
            ("page", "quantity", "max(attribute_number(attributes, 'page'))", ""),
            ("note", "text", "max(attribute(attributes, 'note'))", ""),
            ("late", "count", "count(*)", "hour = 23"),
            ("weekday", "count", "min(weekday)", ""),
            ("part", "text", "last_value_by(daypart, occurred_at)", ""),
            ("ids", "count", "count(distinct event_id)", ""),
        ],
        &[
            (
                "ann",
                &[
                    "4", "2", "0", "3", "2", "3", "cart", "web", "tea", "12.75", "3", "1", "9", "x", "2",
                    "1", "evening", "4",
                ],
            ),
            (
                "bob",
                &[
                    "1", "0", "10", "0", "0", "1", "visit", "web", "", "", "0", "0", "", "", "0", "5",
                    "night", "1",
                ],
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn interactions() {
    let shop = Shop::with(&["ann", "bob", "cid"]).await;
    shop.add(
        "interactions",
        "customer_id interaction_id occurred_at kind direction staff outcome minutes attributes",
        &[
            "ann | i1 | 2025-06-10T09:00:00 | call | in | kim | asked_process | 0.1 | ",
            "ann | i2 | 2025-06-20T09:00:00 | visit | out | lee | price_change_accepted | 0.2 | ",
            r#"ann | i3 | 2024-12-20T09:00:00 | call | out | kim | | 0.3 | {"place":"office"}"#,
            "cid | i4 | 2025-07-02T09:00:00 | call | in | kim | | 5 | ",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "interactions",
        &[
            ("contacts", "count", "count(*)", "age_days < 90"),
            ("inbound", "count", "count(*)", "direction = 'in'"),
            ("minutes", "quantity", "sum(minutes)", ""),
            ("mean", "quantity", "avg(minutes)", ""),
            ("staff", "text", "favourite(staff)['value']", ""),
            ("last_kind", "text", "last_value_by(kind, occurred_at)", ""),
            ("asked", "yes_no", "bool_or(outcome = 'asked_process')", ""),
            ("asked_too", "yes_no", "count(case when outcome = 'asked_process' then 1 end) > 0", ""),
            ("place", "text", "max(attribute(attributes, 'place'))", ""),
            ("days", "count", "count(distinct day)", ""),
            ("ids", "count", "count(distinct interaction_id)", ""),
        ],
        &[
            // The minutes add up exactly.
            ("ann", &["2", "1", "0.6", "0.2", "kim", "visit", "true", "true", "office", "3", "3"]),
            ("cid", &["", "", "", "", "", "", "", "", "", "", ""]),
        ],
    )
    .await;
}
