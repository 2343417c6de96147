//! Files of orders and files of their lines about the same orders, in any order.

use std::collections::BTreeMap;

use clientele_model::BatchId;
use clientele_pipeline::collect::undo;

use super::fixture::{Shop, batch_of, now};

const ORDERS: &str = "order_id,customer_id,ordered_at,amount,status,channel,payment_method,discount\n\
    1,a,2024-01-01,18,completed,web,card,2\n2,b,2024-01-02,5,completed,app,cash,0\n";
const LINES: &str = "order_id,customer_id,ordered_at,sku,quantity,unit_price,cost\n\
    1,a,2024-01-01,X,1,10,4\n1,a,2024-01-01,Y,2,5,3\n2,b,2024-01-02,X,1,5,4\n3,c,2024-01-03,X,1,10,4\n";
const COLUMNS: &str = "order_id, amount, status, channel, payment_method, discount, cost";

const WHOLE: [&str; 3] = [
    "1|18.0000|completed|web|card|2.0000|7.0000",
    "2|5.0000|completed|app|cash|0.0000|4.0000",
    "3|10.0000|completed||||4.0000",
];
const ALL_LINES: [&str; 4] = ["1|1|X|1.0000", "1|2|Y|2.0000", "2|1|X|1.0000", "3|1|X|1.0000"];

async fn check(shop: &Shop) {
    assert_eq!(shop.rows("orders", COLUMNS).await, WHOLE);
    assert_eq!(shop.rows("order_lines", "order_id, line_no, product_id, quantity").await, ALL_LINES);
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_after_lines_keep_the_lines() {
    for files in [[("l.csv", LINES), ("o.csv", ORDERS)], [("o.csv", ORDERS), ("l.csv", LINES)]] {
        let shop = Shop::new("CNY").await;
        for (name, text) in files {
            shop.import(name, text).await;
        }
        check(&shop).await;
        let before = (shop.rows("orders", "*").await, shop.rows("superseded_orders", "*").await);
        for (name, text) in files {
            // A line end more, so that the bytes differ.
            let again = shop.import(name, format!("{text}\n")).await;
            let quality = &again.report;
            assert_eq!((quality.accepted, quality.updated), (0, 0), "{quality:?}");
            check(&shop).await;
        }
        assert_eq!((shop.rows("orders", "*").await, shop.rows("superseded_orders", "*").await), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_tells_what_stays_and_what_comes_back() {
    let shop = Shop::new("CNY").await;
    for (name, text) in
        [("l.csv", LINES.to_owned()), ("o.csv", ORDERS.to_owned()), ("m.csv", format!("{LINES}\n"))]
    {
        shop.import(name, text).await;
    }
    let undo_of = async |batch: &str| {
        let report = undo(&shop.workspace, &BatchId::new(batch), now()).await.expect("an undo");
        (report.kept, report.restored)
    };
    // The lines stay with the batch that repeated them.
    assert_eq!(undo_of("b0001").await, (3, 0));
    check(&shop).await;
    // The rows that the lines make are back.
    assert_eq!(undo_of("b0002").await, (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn either_can_be_taken_back() {
    let other = |text: &str| text.replace(",web,", ",shop,").replace("X,1,10,4", "Z,2,10,4");
    let files = [LINES.to_owned(), ORDERS.to_owned(), other(LINES), other(ORDERS)];
    // Lines first and orders first, and every one of the files taken back.
    for turn in 0..2 {
        for out in 0..4 {
            let order: Vec<usize> = (0..4).map(|at| (at + turn) % 4).collect();
            let taken = history(&files, &order, out).await;
            let never = without(&files, &order, out).await;
            assert_eq!(taken, never, "{order:?} without {out}");
        }
    }
}

type State = BTreeMap<&'static str, Vec<String>>;

async fn history(files: &[String], order: &[usize], out: usize) -> State {
    let shop = Shop::new("CNY").await;
    for (at, file) in order.iter().enumerate() {
        shop.import(&format!("{at}.csv"), &files[*file]).await;
    }
    shop.undo(&format!("b{:04}", out + 1)).await;
    shop.state().await
}

async fn without(files: &[String], order: &[usize], out: usize) -> State {
    let shop = Shop::new("CNY").await;
    for (at, file) in order.iter().enumerate() {
        if at == out {
            // Only keeps the numbers of batches as they are.
            let text = "order_id,customer_id,ordered_at,amount\nnone,nobody,2024-01-01,1\n";
            let report = shop.import("none.csv", text).await;
            shop.undo(batch_of(&report)).await;
        } else {
            shop.import(&format!("{at}.csv"), &files[*file]).await;
        }
    }
    shop.state().await
}
