//! Tickets, responses and costs to serve.

use super::Shop;

const TICKETS: &str = "customer_id ticket_id opened_at first_response_at closed_at kind category reason priority \
     status channel satisfaction reopened attributes";

#[tokio::test]
async fn tickets() {
    let shop = Shop::with(&["ann", "bob", "cid"]).await;
    shop.add(
        "tickets",
        TICKETS,
        &[
            r#"ann | t1 | 2025-06-10T10:00:00 | 2025-06-10T12:30:00 | 2025-06-12T10:00:00 | complaint | order | late | high | closed | phone | 3 | 1 | {"x":"1"}"#,
            // Closed on a later day: still open.
            "ann | t2 | 2025-06-28T12:00:00 | 2025-07-01T00:00:00 | 2025-07-02T00:00:00 | question | order | size | low | closed | email | 5 | 0 | ",
            "ann | t3 | 2025-07-01T00:00:00 | | | complaint | | | | open | phone | | | ",
            // Closed, nobody knows when; and waiting.
            "bob | t4 | 2025-01-01T00:00:00 | | | incident | | | | closed | web | 4 | | ",
            "bob | t5 | 2025-06-30T00:00:00 | 2025-06-30T01:00:00 | | complaint | | broken | | pending | web | | | ",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "tickets",
        &[
            ("tickets", "count", "count(distinct ticket_id)", ""),
            ("complaints", "count", "count(*)", "is_complaint"),
            ("open_now", "count", "count(*)", "is_open"),
            ("response", "quantity", "avg(response_hours)", ""),
            ("resolution", "quantity", "avg(resolution_hours)", ""),
            ("open_mean", "days", "avg(open_days)", ""),
            ("open_max", "days", "max(open_days)", ""),
            ("open_now_max", "days", "max(open_days)", "is_open"),
            ("closed", "time", "max(closed_at)", ""),
            ("responded", "count", "count(first_response_at)", ""),
            ("satisfied", "quantity", "last_value_by(satisfaction, opened_at)", ""),
            ("status", "text", "last_value_by(status, opened_at)", ""),
            ("reopened", "count", "sum(reopened)", ""),
            ("reason", "text", "favourite(reason)['value']", ""),
            ("reasons", "count", "count(distinct reason)", ""),
            ("priority", "text", "max(priority)", ""),
            ("channel", "text", "max(channel)", ""),
            ("category", "text", "max(category)", ""),
            ("oldest", "days", "max(age_days)", ""),
            ("x", "text", "max(attribute(attributes, 'x'))", ""),
        ],
        &[
            (
                "ann",
                &[
                    "2",
                    "1",
                    "1",
                    "2.5",
                    "48",
                    "2.25",
                    "2.5",
                    "2.5",
                    "2025-06-12 10:00:00",
                    "1",
                    "3",
                    "open",
                    "1",
                    "late",
                    "2",
                    "low",
                    "phone",
                    "order",
                    "20",
                    "1",
                ],
            ),
            (
                "bob",
                &[
                    "2", "1", "1", "1", "", "1", "1", "1", "", "1", "4", "pending", "", "broken", "1", "",
                    "web", "", "181", "",
                ],
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_ticket_that_is_closed_later_is_closed_then() {
    let shop = Shop::with(&["ann"]).await;
    let ticket =
        "ann | t2 | 2025-06-28T12:00:00 | | 2025-07-02T00:00:00 | question | | | | closed | | 5 | | ";
    shop.add("tickets", TICKETS, &[ticket]).await;
    let wanted = [
        ("open_now", "count", "count(*)", "is_open"),
        ("satisfied", "quantity", "max(satisfaction)", ""),
        ("open", "days", "max(open_days)", ""),
    ];
    shop.gives("2025-06-28", "tickets", &wanted, &[("ann", &["", "", ""])]).await;
    shop.gives("2025-07-02", "tickets", &wanted, &[("ann", &["1", "", "3.5"])]).await;
    shop.gives("2025-07-03", "tickets", &wanted, &[("ann", &["0", "5", "3.5"])]).await;
}

#[tokio::test]
async fn responses() {
    let shop = Shop::with(&["ann", "bob", "cid"]).await;
    shop.add(
        "responses",
        "customer_id answered_at survey question value scale_min scale_max text",
        &[
            "ann | 2024-07-01T00:00:00 | csat | q1 | 2 | 1 | 5 | so so",
            "ann | 2025-06-30T00:00:00 | csat | q1 | 4 | 1 | 5 | ",
            "ann | 2025-03-01T00:00:00 | nps | q1 | 9 | 0 | 10 | fine",
            // Two answers at the same time: the greater one counts as the last.
            "ann | 2025-03-01T00:00:00 | nps | q2 | 3 | 0 | 10 | ",
            "ann | 2025-07-04T00:00:00 | nps | q1 | 0 | 0 | 10 | ",
            "bob | 2025-05-01T00:00:00 | csat | q1 | 5 | | | ",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "responses",
        &[
            ("nps_last", "quantity", "last_value_by(value, answered_at)", "survey = 'nps'"),
            ("csat_mean", "quantity", "avg(value)", "survey = 'csat'"),
            ("csat_share", "share", "avg(score)", "survey = 'csat'"),
            (
                "high",
                "share",
                "count(case when score >= 0.75 then 1 end) * 1.0 / count(score)",
                "survey = 'csat'",
            ),
            ("trend", "ratio", "round(trend(score, answered_at) * 1000000) / 1000000", "survey = 'csat'"),
            ("questions", "count", "count(distinct question)", ""),
            ("age", "days", "min(age_days)", ""),
            ("said", "text", "last_value_by(text, answered_at)", ""),
            ("width", "quantity", "max(scale_max - scale_min)", ""),
        ],
        &[
            // From 0.25 to 0.75 within 364 days.
            ("ann", &["9", "3", "0.5", "0.5", "0.501374", "2", "1", "fine", "10"]),
            ("bob", &["", "5", "", "", "", "1", "61", "", ""]),
        ],
    )
    .await;
}

#[tokio::test]
async fn service_costs() {
    let shop = Shop::with(&["ann", "bob"]).await;
    shop.add(
        "service_costs",
        "customer_id occurred_at kind amount",
        &[
            "ann | 2025-06-01T00:00:00 | call | 2.50",
            "ann | 2024-06-30T00:00:00 | delivery | 4",
            "ann | 2025-07-01T00:00:00 | call | 100",
        ],
    )
    .await;
    shop.gives(
        "2025-07-01",
        "service_costs",
        &[
            ("cost", "money", "sum(amount)", ""),
            ("cost_365d", "money", "sum(amount)", "age_days < 365"),
            ("kinds", "count", "count(distinct kind)", ""),
            ("last_day", "date", "max(day)", ""),
        ],
        &[("ann", &["6.5", "2.5", "2", "2025-06-01"]), ("bob", &["", "", "", ""])],
    )
    .await;
}
