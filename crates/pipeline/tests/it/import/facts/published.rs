//! Published data, as their publishers give them.

use clientele_model::progress::Quiet;
use clientele_pipeline::clean::Rule;
use clientele_pipeline::collect::import;
use clientele_pipeline::workspace::Settings;

use super::super::fixture::Shop;
use crate::support::root;

#[tokio::test(flavor = "multi_thread")]
async fn crm_sales_gives_accounts_subsidiaries_and_opportunities() {
    let shop = Shop::new("USD").await;
    let folder = root().join("data/crm_sales");
    let request = shop.request(folder.join("accounts.csv"));
    let report = import(&shop.workspace, &request, std::sync::Arc::new(Quiet)).await.expect("accounts");
    let layouts: Vec<&str> = report.batches.iter().map(|batch| batch.layout.as_str()).collect();
    assert_eq!(layouts, ["crm-sales-accounts", "crm-sales-subsidiaries"]);
    assert_eq!((report.batches[0].report.accepted, report.batches[1].report.accepted), (85, 15));
    let acme = shop.rows("customers", "customer_id, kind, country, attributes").await;
    assert_eq!(
        acme[0],
        "Acme Corporation|company|United States|{\"industry\":\"technolgy\",\"year_established\":1996,\"revenue\":1100.04,\"employees\":2822}"
    );
    let report = shop.run(&shop.request(folder.join("sales_pipeline.csv.gz"))).await.expect("a pipeline");
    assert_eq!(report.layout, "crm-sales-pipeline");
    let quality = &report.report;
    // Without an account 1,425; with one, but without a date yet 500 - 337.
    assert_eq!((quality.rows_read, quality.count(Rule::MissingCustomer)), (8800, 1425));
    assert_eq!(quality.count(Rule::MissingTime), 163);
    assert_eq!(quality.accepted, 8800 - 1425 - 163);

    let ends = shop.rows("opportunities", "outcome, amount").await;
    let of = |outcome: &str| ends.iter().filter(|row| row.starts_with(outcome)).count();
    assert_eq!((of("won"), of("lost"), of("open")), (4238, 2473, 1589 - 1088));
    let amount = |row: &String| row.split_once('|').and_then(|(_, v)| v.parse::<f64>().ok()).unwrap_or(0.0);
    assert_eq!(ends.iter().map(amount).sum::<f64>(), 10_005_534.0);
    assert_eq!(shop.rows("opportunity_stages", "stage").await.len(), ends.len());
    assert_eq!(shop.rows("customer_keys", "customer_id").await.len(), 85);
    let mut request = shop.request(folder.join("sales_pipeline.csv.gz"));
    request.dry_run = true;
    let again = shop.run(&request).await.expect("a dry run");
    assert_eq!((again.report.accepted, again.report.unchanged), (0, 8800 - 1425 - 163));
}

#[tokio::test(flavor = "multi_thread")]
async fn browser_sessions_become_visits_views_and_purchases() {
    let mut settings = Settings::new("USD".parse().expect("a currency"));
    settings.bucket_customers = 4096;
    let shop = Shop::with(settings).await;
    let request = shop.request(root().join("data/shoppers_intention/online_shoppers_intention.csv.gz"));
    let report = import(&shop.workspace, &request, std::sync::Arc::new(Quiet)).await.expect("an import");
    let (events, visitors) = (&report.batches[0], &report.batches[1]);
    assert_eq!(
        (events.layout.as_str(), visitors.layout.as_str()),
        ("shoppers-sessions", "shoppers-visitors")
    );
    assert_eq!((events.report.rows_read, events.report.accepted), (12_330, 12_330));
    assert_eq!(visitors.report.accepted, 12_330);
    // 12,330 visits, 12,292 of them with goods looked at, 1,908 with a purchase.
    let kinds = shop.rows("events", "kind").await;
    let count = |kind: &str| kinds.iter().filter(|row| *row == kind).count();
    assert_eq!((count("visit"), count("view"), count("purchase")), (12_330, 12_292, 1_908));
    assert_eq!(events.report.records as usize, kinds.len());
    let first = shop.rows("events", "customer_id, occurred_at, kind").await;
    assert!(first.contains(&"session-1|2017-02-01T00:00:00|visit".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn support_tickets_bring_tickets_and_customers() {
    let shop = Shop::new("USD").await;
    let text = "Ticket ID,Customer Name,Customer Email,Customer Age,Customer Gender,Product Purchased,Date of Purchase,Ticket Type,Ticket Subject,Ticket Description,Ticket Status,Resolution,Ticket Priority,Ticket Channel,First Response Time,Time to Resolution,Customer Satisfaction Rating\n\
        1,Ann Lee,ann@example.com,32,Other,Camera,2021-03-22,Technical issue,Product setup,\"It does not work.\n\nPlease help.\",Pending Customer Response,,Critical,Social media,2023-06-01 12:15:36,,\n\
        2,Bob May,bob@example.com,27,Male,Phone,2020-11-13,Billing inquiry,Account access,No access.,Closed,Fixed it.,Low,Email,2023-06-01 07:29:40,2023-06-01 01:57:40,3.0\n\
        3,Ann Leigh,ann@example.com,33,Female,Phone,2020-11-13,Refund request,Refund request,Money back.,Open,,Low,Chat,,,\n";
    let request = shop.request(shop.file("customer_support_tickets.csv", text));
    let report = import(&shop.workspace, &request, std::sync::Arc::new(Quiet)).await.expect("an import");
    let (tickets, customers) = (&report.batches[0], &report.batches[1]);
    assert_eq!(
        (tickets.layout.as_str(), customers.layout.as_str()),
        ("support-tickets", "support-ticket-customers")
    );
    assert_eq!((tickets.report.accepted, tickets.report.count(Rule::LateResponse)), (3, 1));
    assert_eq!(
        shop.rows(
            "tickets",
            "ticket_id, customer_id, opened_at, kind, reason, priority, status, channel, satisfaction"
        )
        .await,
        [
            "1|ann@example.com|2023-05-31T00:00:00|incident|Product setup|urgent|pending|social|",
            "2|bob@example.com|2023-05-31T00:00:00|question|Account access|low|closed|email|3.0",
            "3|ann@example.com|2023-05-31T00:00:00|return|Refund request|low|open|chat|",
        ]
    );
    assert_eq!(
        shop.rows("customers", "customer_id, name, gender, attributes").await,
        ["ann@example.com|Ann Leigh|Female|{\"age\":33}", "bob@example.com|Bob May|Male|{\"age\":27}"]
    );
}
