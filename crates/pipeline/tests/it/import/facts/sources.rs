//! Events of the usual systems, and their tickets.

use clientele_model::progress::Quiet;
use clientele_pipeline::clean::Rule;
use clientele_pipeline::collect::{BatchOutcome, import};

use super::super::fixture::Shop;

const SEGMENT: &str = r#"{"type":"identify","userId":"u1","messageId":"m1","timestamp":"2025-01-01T00:00:00Z","traits":{"name":"Ann Lee","email":"Ann@X.com","plan":"pro","logins":12,"trial":false}}
{"type":"track","event":"Product Viewed","userId":"u1","messageId":"m2","timestamp":"2025-01-02T00:00:00Z","properties":{"product_id":"P1","price":9.5,"colour":"red"}}
{"type":"track","event":"Order Completed","userId":"u2","messageId":"m3","timestamp":"2025-01-03T00:00:00.250Z","properties":{"revenue":20}}
{"type":"page","name":"Home","userId":"u1","messageId":"m4","timestamp":"2025-01-04T00:00:00Z","context":{"page":{"path":"/home"},"campaign":{"name":"spring"}}}
{"type":"track","event":"Product Viewed","anonymousId":"x9","messageId":"m5","timestamp":"2025-01-05T00:00:00Z","properties":{"product_id":"P2"}}
{"type":"identify","userId":"u1","messageId":"m6","timestamp":"2025-02-01T00:00:00Z","traits":{"plan":"team","phone":"+44 20 7946 0958"}}
{"type":"alias","userId":"u1","previousId":"x9","messageId":"m7","timestamp":"2025-02-01T00:00:00Z"}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_file_holds_events_and_customers() {
    let shop = Shop::new("USD").await;
    let request = shop.request(shop.file("segment.jsonl", SEGMENT));
    let report = import(&shop.workspace, &request, std::sync::Arc::new(Quiet)).await.expect("an import");
    let layouts: Vec<&str> = report.batches.iter().map(|batch| batch.layout.as_str()).collect();
    assert_eq!(layouts, ["segment-events", "segment-customers"]);
    let (events, customers) = (&report.batches[0].report, &report.batches[1].report);
    assert_eq!((events.rows_read, events.accepted, events.left_out, events.elsewhere), (4, 3, 1, 3));
    assert_eq!(events.count(Rule::Anonymous), 1);
    assert_eq!((customers.rows_read, customers.accepted, customers.elsewhere), (2, 1, 5));
    assert_eq!(customers.count(Rule::Older), 1);
    assert_eq!(
        shop.rows("events", "event_id, customer_id, occurred_at, kind, item_id, value, campaign, attributes")
            .await,
        [
            "m2|u1|2025-01-02T08:00:00|view|P1|9.5000||{\"colour\":\"red\"}",
            "m3|u2|2025-01-03T08:00:00.250|purchase||20.0000||",
            "m4|u1|2025-01-04T08:00:00|visit|/home||spring|",
        ]
    );
    assert_eq!(
        shop.rows("customers", "customer_id, name, email, phone, attributes").await,
        ["u1|Ann Lee|ann@x.com|+442079460958|{\"logins\":12,\"plan\":\"team\",\"trial\":false}"]
    );
    let again = import(&shop.workspace, &request, std::sync::Arc::new(Quiet)).await.expect("an import");
    let is_known = |batch: &clientele_pipeline::collect::BatchReport| {
        matches!(batch.outcome, BatchOutcome::AlreadyImported { .. })
    };
    assert!(again.batches.len() == 2 && again.batches.iter().all(is_known));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_file_of_events_alone_makes_one_batch() {
    let shop = Shop::new("USD").await;
    let tracks: String =
        SEGMENT.lines().filter(|l| l.contains("\"track\"")).map(|l| format!("{l}\n")).collect();
    let request = shop.request(shop.file("segment.jsonl", tracks));
    let report = import(&shop.workspace, &request, std::sync::Arc::new(Quiet)).await.expect("an import");
    assert_eq!(report.batches.len(), 1);
    let traits: String =
        SEGMENT.lines().filter(|l| l.contains("identify")).map(|l| format!("{l}\n")).collect();
    let request = shop.request(shop.file("traits.jsonl", traits));
    let report = import(&shop.workspace, &request, std::sync::Arc::new(Quiet)).await.expect("an import");
    assert_eq!(report.batches.len(), 1);
    assert_eq!(report.batches[0].layout, "segment-customers");
    let request = shop.request(
        shop.file("other.jsonl", "{\"type\":\"alias\",\"userId\":\"a\",\"timestamp\":\"2025-01-01\"}\n"),
    );
    let error = import(&shop.workspace, &request, std::sync::Arc::new(Quiet)).await.expect_err("nothing");
    assert!(error.to_string().contains("segment-events"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn analytics_events_without_a_user_are_left_out() {
    let shop = Shop::new("USD").await;
    let report = shop
        .import(
            "ga4.csv",
            "event_date,event_timestamp,event_name,user_id,user_pseudo_id,platform,ga_session_id,purchase_revenue,device_category\n\
             20250102,1735776000000000,session_start,u1,p1,WEB,77,,mobile\n\
             20250102,1735776001000000,purchase,u1,p1,WEB,77,25.5,mobile\n\
             20250102,1735776002000000,view_item,,p2,WEB,78,,desktop\n\
             20250102,1735776003000000,view_item,,,WEB,78,,desktop\n",
        )
        .await;
    assert_eq!(report.layout, "ga4-events");
    let quality = &report.report;
    assert_eq!((quality.accepted, quality.left_out, quality.rejected), (2, 1, 1));
    assert_eq!(quality.count(Rule::MissingCustomer), 1);
    assert_eq!(
        shop.rows("events", "customer_id, occurred_at, kind, session_id, value").await,
        ["u1|2025-01-02T08:00:00|visit|77|", "u1|2025-01-02T08:00:01|purchase|77|25.5000"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rees46_events_keep_repetitions() {
    let shop = Shop::new("USD").await;
    let text = "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n\
        2025-01-02 00:00:00 UTC,view,10,20,electronics.phone,acme,9.99,1,s1\n\
        2025-01-02 00:00:00 UTC,view,10,20,electronics.phone,acme,9.99,1,s1\n\
        2025-01-02 00:00:05 UTC,remove_from_cart,10,21,,,9.99,1,s1\n";
    let report = shop.import("2025-Jan.csv", text).await;
    assert_eq!((report.layout.as_str(), report.report.accepted), ("rees46-events", 3));
    assert_eq!(
        shop.rows("events", "kind, item_id, category, value, occurrence, attributes").await,
        [
            "remove_from_cart|10|21|9.9900||",
            "view|10|electronics.phone|9.9900|2|{\"brand\":\"acme\"}",
            "view|10|electronics.phone|9.9900||{\"brand\":\"acme\"}",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn zendesk_tickets_bring_their_requesters() {
    let shop = Shop::new("USD").await;
    let text = "Ticket ID,Requester name,Requester email,Organization,Created at,Status,Priority,Ticket type,Subject,Group,Solved at,Reopens,Via,Satisfaction Score\n\
        11,Ann Lee,ann@x.com,Acme,2025-01-02 10:00:00,Solved,Urgent,Problem,It broke,Support,2025-01-03 10:00:00,1,Email,Good\n\
        12,Bob May,bob@x.com,,2025-01-04 10:00:00,On-hold,Normal,Question,How to?,Support,,0,Chat,\n";
    let request = shop.request(shop.file("zendesk.csv", text));
    let report = import(&shop.workspace, &request, std::sync::Arc::new(Quiet)).await.expect("an import");
    let layouts: Vec<&str> = report.batches.iter().map(|batch| batch.layout.as_str()).collect();
    assert_eq!(layouts, ["zendesk-tickets", "zendesk-requesters"]);
    assert_eq!(
        shop.rows("tickets", "ticket_id, customer_id, status, priority, kind, reopened, channel").await,
        ["11|ann@x.com|closed|urgent|incident|1|email", "12|bob@x.com|pending|normal|question|0|chat"]
    );
    assert_eq!(
        shop.rows("customers", "customer_id, name, company").await,
        ["ann@x.com|Ann Lee|Acme", "bob@x.com|Bob May|"]
    );
}
