//! Money of facts in other currencies: the same rates and the same rule as for orders.

use clientele_pipeline::clean::Rule;
use clientele_pipeline::collect::quarantine::quarantine_list;
use clientele_pipeline::workspace::Settings;
use rust_decimal::Decimal;

use super::super::fixture::Shop;

/// A dollar is 80 pence.
async fn pounds() -> Shop {
    let mut settings = Settings::new("GBP".parse().expect("a currency"));
    settings.bucket_customers = 3;
    settings.rates.insert("USD".into(), Decimal::new(8, 1));
    Shop::with(settings).await
}

/// A file in three currencies, its table, its money, and the rows expected.
const FILES: [(&str, &str, &str, &[&str]); 4] = [
    (
        "customer_id,event_time,event_type,price,currency,colour\n\
         a,2025-01-01,view,10,USD,red\nb,2025-01-01,view,10,GBP,\nc,2025-01-01,view,10,,\n\
         d,2025-01-01,view,,JPY,\ne,2025-01-01,view,10,JPY,\n",
        "events",
        "value",
        &[
            "a|8.0000|{\"colour\":\"red\",\"original_amount\":10,\"original_currency\":\"USD\"}",
            "b|10.0000|",
            "c|10.0000|",
            "d||",
        ],
    ),
    (
        "opportunity_id,customer_id,created_at,stage,amount,currency\n\
         1,a,2025-01-01,Proposal,\"1,000.50\",usd\n2,b,2025-01-01,Proposal,7,GBP\n3,c,2025-01-01,Proposal,7,JPY\n",
        "opportunities",
        "amount",
        &["a|800.4000|{\"original_amount\":1000.5,\"original_currency\":\"USD\"}", "b|7.0000|"],
    ),
    (
        "customer_id,date,cost type,cost,currency\na,2025-01-01,support,12.5,USD\nb,2025-01-01,support,1,JPY\n",
        "service_costs",
        "amount",
        &["a|10.0000|{\"original_amount\":12.5,\"original_currency\":\"USD\"}"],
    ),
    (
        "order_id,customer_id,ordered_at,amount,currency\n1,a,2025-01-01,12.5,USD\n2,b,2025-01-01,1,JPY\n",
        "orders",
        "amount",
        &["a|10.0000|"],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_converted_as_orders_are() {
    for (file, table, money, expected) in FILES {
        let shop = pounds().await;
        let report = shop.import("a.csv", file).await;
        assert_eq!(shop.rows(table, &format!("customer_id, {money}, attributes")).await, expected, "{table}");
        let quality = &report.report;
        assert_eq!((quality.count(Rule::NoRate), quality.rejected), (1, 1), "{table}");
        assert_eq!(quality.count(Rule::Converted), 1, "{table}");
        let listed = quarantine_list(&shop.workspace, None, 10).await.expect("a list");
        assert_eq!((listed[0].rule.as_str(), listed[0].value.as_str()), ("currency_without_rate", "JPY"));
        assert!(listed[0].message.contains("[rates]"), "{}", listed[0].message);
    }
}
