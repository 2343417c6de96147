//! Customers, consents and memberships.

use super::Shop;

#[tokio::test]
async fn customers() {
    let shop = Shop::with(&["ann", "bob", "cid", "dee"]).await;
    shop.add(
        "customers",
        "customer_id name email phone kind gender birth_date company city source_channel attributes",
        &[
            r#"ann | Ann | a@x.uk | 07 | person | female | 1990-02-03 | | Leeds | web | {"followers": 1200, "need":"clear","able":"yes"}"#,
            r#"bob | | | 08 | | | | Acme | | | {"followers":"many","budget":"99.50"}"#,
            "cid | | | | | | | | | | ",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "customers",
        &[
            ("company", "text", "max(company)", ""),
            ("has_email", "yes_no", "max(has_email)", ""),
            ("has_phone", "yes_no", "bool_or(has_phone)", ""),
            ("fields", "count", "max(known_fields)", ""),
            ("completeness", "share", "max(known_fields) / 14.0", ""),
            ("followers", "quantity", "max(attribute_number(attributes, 'followers'))", ""),
            ("need", "text", "max(attribute(attributes, 'need'))", ""),
            ("budget", "money", "max(attribute_number(attributes, 'budget'))", ""),
            ("able", "yes_no", "max(attribute(attributes, 'able')) = 'yes'", ""),
        ],
        &[
            ("ann", &["", "true", "true", "8", "0.5714285714285714", "1200", "clear", "", "true"]),
            ("bob", &["Acme", "false", "true", "2", "0.14285714285714285", "", "", "99.5", ""]),
            ("cid", &["", "false", "false", "0", "0", "", "", "", ""]),
            ("dee", &["", "", "", "", "", "", "", "", ""]),
        ],
    )
    .await;
}

#[tokio::test]
async fn consents() {
    let shop = Shop::with(&["ann", "bob"]).await;
    shop.add(
        "consents",
        "customer_id channel status changed_at origin",
        &[
            "ann | email | given | 2025-01-01T00:00:00 | form",
            "ann | email | withdrawn | 2025-06-01T00:00:00 | call",
            "ann | sms | given | 2025-06-02T00:00:00 | form",
            "ann | sms | withdrawn | 2025-07-01T00:00:00 | form",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "consents",
        &[
            ("email", "yes_no", "last_value_by(status, changed_at) = 'given'", "channel = 'email'"),
            ("sms", "yes_no", "last_value_by(status, changed_at) = 'given'", "channel = 'sms'"),
            ("age", "days", "min(age_days)", ""),
            ("origin", "text", "first_value_by(origin, changed_at)", ""),
        ],
        &[("ann", &["false", "true", "29", "form"]), ("bob", &["", "", "", ""])],
    )
    .await;
}

#[tokio::test]
async fn memberships() {
    let shop = Shop::with(&["ann", "bob", "cid"]).await;
    shop.add(
        "memberships",
        "customer_id programme level points joined_at expires_at",
        &[
            "ann | club | gold | 120.5 | 2024-07-01T00:00:00 | ",
            "ann | old | basic | 3 | 2020-01-01T00:00:00 | 2025-07-01T00:00:00",
            "bob | club | silver | 7 | 2025-06-30T00:00:00 | 2025-07-01T00:00:01",
            "cid | club | silver | 7 | 2025-07-01T00:00:00 | ",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "memberships",
        &[
            ("member", "yes_no", "bool_or(is_current)", ""),
            ("level", "text", "last_value_by(level, joined_at)", "is_current"),
            ("points", "quantity", "sum(points)", "is_current"),
            ("days", "days", "max(age_days)", "is_current"),
            ("programmes", "count", "count(distinct programme)", ""),
            ("runs_out", "time", "max(expires_at)", ""),
        ],
        &[
            ("ann", &["true", "gold", "120.5", "365", "2", "2025-07-01 00:00:00"]),
            ("bob", &["true", "silver", "7", "1", "1", "2025-07-01 00:00:01"]),
            ("cid", &["", "", "", "", "", ""]),
        ],
    )
    .await;
}
