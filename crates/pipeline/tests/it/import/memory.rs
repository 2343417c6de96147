//! What an import remembers need not fit in memory.

use clientele_pipeline::workspace::Settings;

use super::fixture::Shop;

/// Orders of which some come twice, some come again with other contents, some name no customer, and some have
/// no number of their own that tells them from others alike.
fn orders(rows: u64) -> String {
    let mut text = String::from("order_id,customer_id,ordered_at,amount,status\n");
    for row in 0..rows {
        let (id, amount) = match row % 50 {
            7 => (row / 2, (row / 2) % 1000),
            8 => (row / 3, 5000),
            _ => (row, row % 1000),
        };
        let customer = if row % 97 == 0 { String::new() } else { format!("c{}", id % 700) };
        let day = 1 + id % 28;
        text += &format!("{id},{customer},2024-01-{day:02},{amount},completed\n");
    }
    text
}

/// Events without ids, many of them alike.
fn events(rows: u64) -> String {
    let mut text = String::from("customer_id,event,occurred_at\n");
    for row in 0..rows {
        let alike = if row % 3 == 0 { row / 2 } else { row };
        text += &format!("c{},view,2024-01-{:02} 10:{:02}:00\n", alike % 700, 1 + alike % 28, alike % 60);
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn little_memory_changes_nothing() {
    for (name, text) in [("orders.csv", orders(20_000)), ("events.csv", events(20_000))] {
        let settings = || Settings::new("CNY".parse().expect("a currency"));
        let (large, small) = (Shop::with(settings()).await, Shop::with(settings()).await);
        let whole = large.import(name, &text).await;
        let mut request = small.request(small.file(name, &text));
        // Enough for some three thousand ids at a time.
        request.memory_limit = 1 << 18;
        let pieces = small.run(&request).await.expect("an import");
        assert_eq!(pieces.report, whole.report, "{name}");
        if name == "orders.csv" {
            assert!(pieces.report.duplicates > 100 && pieces.report.rejected > 400, "{:?}", pieces.report);
        }
        assert_eq!(small.state().await, large.state().await, "{name}");
    }
}
