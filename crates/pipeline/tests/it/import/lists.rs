//! Lists of orders that lack columns: what others know stays known, and comes and goes with them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::fixture::{Shop, batch_of};

const LINES: &str = "order_id,customer_id,ordered_at,sku,quantity,unit_price,refunded\n\
    1,a,2024-01-01,X,1,10,3\n2,b,2024-01-02,X,1,5,5\n3,c,2024-01-03,X,1,7,0\n";
/// Neither refunds nor what became of the orders.
const LIST: &str = "order_id,customer_id,ordered_at,amount,channel\n\
    1,a,2024-01-01,10,web\n2,b,2024-01-02,5,app\n3,c,2024-01-03,7,web\n";
const COLUMNS: &str = "order_id, status, amount, refunded, channel";
const WHOLE: [&str; 3] =
    ["1|partly_returned|10.0000|3.0000|web", "2|returned|5.0000|5.0000|app", "3|completed|7.0000|0.0000|web"];

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_knows_no_refunds_leaves_those_of_the_lines() {
    let with_status = LIST
        .replace(",channel", ",channel,status")
        .replace("web\n", "web,completed\n")
        .replace("app\n", "app,completed\n");
    for list in [LIST, &with_status] {
        for files in [[LINES, list], [list, LINES]] {
            let shop = Shop::new("CNY").await;
            for (name, text) in ["first.csv", "second.csv"].into_iter().zip(files) {
                shop.import(name, text).await;
            }
            assert_eq!(shop.rows("orders", COLUMNS).await, WHOLE);
            // Both say the same again: nothing is new, and nothing is forgotten.
            for (name, text) in ["third.csv", "fourth.csv"].into_iter().zip(files) {
                let again = shop.import(name, format!("{text}\n")).await;
                assert_eq!((again.report.accepted, again.report.updated), (0, 0), "{:?}", again.report);
            }
            assert_eq!(shop.rows("orders", COLUMNS).await, WHOLE);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_lines_the_list_is_as_it_was() {
    let shop = Shop::new("CNY").await;
    let list = shop.import("list.csv", LIST).await;
    let alone = shop.rows("orders", "*").await;
    let lines = shop.import("lines.csv", LINES).await;
    assert_eq!(shop.rows("orders", COLUMNS).await, WHOLE);
    shop.undo(batch_of(&lines)).await;
    assert_eq!(shop.rows("orders", "*").await, alone);
    assert_eq!(shop.rows("orders", "status, refunded").await, ["completed|0.0000"; 3]);
    shop.import("again.csv", LINES).await;
    shop.undo(batch_of(&list)).await;
    let made = ["1|partly_returned|3.0000|", "2|returned|5.0000|", "3|completed|0.0000|"];
    assert_eq!(shop.rows("orders", "order_id, status, refunded, channel").await, made);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_list_has_no_column_for_stays_as_older_ones_tell_it() {
    let shop = Shop::new("CNY").await;
    let old = "order_id,customer_id,ordered_at,amount,refunded,status,channel,shop\n\
        1,a,2024-01-01,10,4,completed,web,S1\n2,b,2024-01-02,5,0,cancelled,app,\n";
    shop.import("old.csv", old).await;
    let new = "order_id,customer_id,ordered_at,amount,channel\n1,a,2024-01-01,12,store\n2,b,2024-01-02,5,\n";
    let newer = shop.import("new.csv", new).await;
    let columns = "order_id, status, amount, refunded, channel, shop";
    // The shop and the refund stay; an empty cell of a column that is there is empty.
    let told = ["1|partly_returned|12.0000|4.0000|store|S1", "2|cancelled|5.0000|0.0000||"];
    assert_eq!(shop.rows("orders", columns).await, told);
    // Lines that come later know better than nobody, but not than a list.
    let lines = "order_id,customer_id,ordered_at,sku,quantity,unit_price,refunded,shop,payment_method\n1,a,2024-01-01,X,1,12,1,S9,card\n";
    shop.import("lines.csv", lines).await;
    let columns = "order_id, status, refunded, channel, shop, payment_method";
    let told = ["1|partly_returned|4.0000|store|S1|card", "2|cancelled|0.0000|||"];
    assert_eq!(shop.rows("orders", columns).await, told);
    shop.undo(batch_of(&newer)).await;
    let told = ["1|partly_returned|4.0000|web|S1|card", "2|cancelled|0.0000|app||"];
    assert_eq!(shop.rows("orders", columns).await, told);
    shop.undo("b0001").await;
    assert_eq!(shop.rows("orders", columns).await, ["1|partly_returned|1.0000||S9|card"]);
}

/// A file with some columns, and what it says of each order in them.
struct File {
    is_lines: bool,
    columns: Vec<&'static str>,
    orders: BTreeMap<u32, BTreeMap<&'static str, String>>,
}

/// Columns that lists and lines may have or lack.
const OPTIONAL: [&str; 5] = ["refunded", "status", "channel", "shop", "payment_method"];

impl File {
    fn drawn(chance: &mut StdRng) -> File {
        let is_lines = chance.random_bool(0.4);
        let columns: Vec<&str> = OPTIONAL.into_iter().filter(|_| chance.random_bool(0.5)).collect();
        let mut orders = BTreeMap::new();
        for order in 1..=4 {
            if chance.random_bool(0.75) {
                let mut cells = BTreeMap::from([("amount", chance.random_range(5..9).to_string())]);
                for column in &columns {
                    let value = match *column {
                        "refunded" => chance.random_range(0..5).to_string(),
                        "status" => ["completed", "cancelled", "returned", "partly_returned"]
                            [chance.random_range(0..4)]
                        .to_owned(),
                        _ => ["", "x", "y"][chance.random_range(0..3)].to_owned(),
                    };
                    cells.insert(*column, value);
                }
                orders.insert(order, cells);
            }
        }
        File { is_lines, columns, orders }
    }

    fn text(&self) -> String {
        let money = if self.is_lines { "sku,quantity,unit_price" } else { "amount" };
        let mut text = format!("order_id,customer_id,ordered_at,{money}");
        self.columns.iter().for_each(|column| write!(text, ",{column}").expect("text"));
        for (order, cells) in &self.orders {
            let goods = if self.is_lines { "X,1," } else { "" };
            write!(text, "\n{order},c{order},2024-01-0{order},{goods}{}", cells["amount"]).expect("text");
            self.columns.iter().for_each(|column| write!(text, ",{}", cells[column]).expect("text"));
        }
        text + "\n"
    }
}

/// The cell of an order by the newest list that has the column, else by the newest lines, if any speaks of the order.
fn newest(files: &[&File], order: u32, column: &str) -> String {
    let of = |is_lines: bool| {
        let those = files.iter().rev().filter(|f| f.is_lines == is_lines && f.orders.contains_key(&order));
        let mut those = those.filter(|f| is_lines || f.columns.contains(&column));
        those.next().map(|f| f.orders[&order].get(column).cloned().unwrap_or_default())
    };
    of(false).or_else(|| of(true)).unwrap_or_default()
}

/// Whatever files came and whichever is taken back: each cell is what the newest file with such a column says, and all
/// tables are as if the file had never come.
#[tokio::test(flavor = "multi_thread")]
async fn any_file_can_be_taken_back_whatever_columns_the_others_lack() {
    for seed in 0..14 {
        let mut chance = StdRng::seed_from_u64(seed);
        let files: Vec<File> =
            (0..4).map(|_| File::drawn(&mut chance)).filter(|f| !f.orders.is_empty()).collect();
        let out = chance.random_range(0..files.len());
        let shop = Shop::new("CNY").await;
        let mut batches = Vec::new();
        for (at, file) in files.iter().enumerate() {
            let report = shop.import(&format!("{at}.csv"), file.text()).await;
            batches.push(batch_of(&report).to_owned());
            let so_far: Vec<&File> = files[..=at].iter().collect();
            check(&shop, &so_far, seed).await;
        }
        shop.undo(&batches[out]).await;
        let left: Vec<&File> =
            files.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, file)| file).collect();
        check(&shop, &left, seed).await;
        let never = Shop::new("CNY").await;
        for (at, file) in files.iter().enumerate() {
            if at == out {
                // Only keeps the numbers of batches as they are.
                let text = "order_id,customer_id,ordered_at,amount\nnone,nobody,2024-01-01,1\n";
                let report = never.import("none.csv", text).await;
                never.undo(batch_of(&report)).await;
            } else {
                never.import(&format!("{at}.csv"), file.text()).await;
            }
        }
        assert_eq!(shop.state().await, never.state().await, "seed {seed} without {out}");
    }
}

async fn check(shop: &Shop, files: &[&File], seed: u64) {
    let rows = shop.rows("orders", "order_id, channel, shop, payment_method").await;
    let orders: std::collections::BTreeSet<u32> =
        files.iter().flat_map(|f| f.orders.keys().copied()).collect();
    let expected: Vec<String> = orders
        .iter()
        .map(|order| {
            let cell = |column| newest(files, *order, column);
            format!("{order}|{}|{}|{}", cell("channel"), cell("shop"), cell("payment_method"))
        })
        .collect();
    assert_eq!(rows, expected, "seed {seed}, {} files", files.len());
    // Where nothing says what became of an order, its refund is the newest that is known.
    if files.iter().all(|f| !f.columns.contains(&"status")) {
        let rows = shop.rows("orders", "order_id, refunded").await;
        let expected: Vec<String> = orders
            .iter()
            .map(|order| {
                let refunded: f64 = newest(files, *order, "refunded").parse().unwrap_or(0.0);
                format!("{order}|{refunded:.4}")
            })
            .collect();
        assert_eq!(rows, expected, "seed {seed}, {} files", files.len());
    }
}
