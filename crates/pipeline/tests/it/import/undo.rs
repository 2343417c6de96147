//! Taking batches back.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::fixture::{Shop, batch_of, now};

const HEADER: &str = "order_id,customer_id,ordered_at,amount,status\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_brings_the_earlier_version_back() {
    let shop = Shop::new("CNY").await;
    shop.import("a.csv", format!("{HEADER}1,a,2024-01-01,10,completed\n")).await;
    let before = shop.state().await;
    shop.import(
        "b.csv",
        format!(
            "{HEADER}1,a,2024-01-01,10,returned\n2,b,2024-01-02,5,completed\nx,,2024-01-01,1,completed\n"
        ),
    )
    .await;
    shop.undo("b0002").await;
    assert_eq!(shop.state().await, before);
    let report = shop.import("c.csv", format!("{HEADER}3,c,2024-01-02,5,completed\n")).await;
    assert_eq!(batch_of(&report), "b0003");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_repeated_another_takes_its_orders_over() {
    let shop = Shop::new("CNY").await;
    shop.import("a.csv", format!("{HEADER}1,a,2024-01-01,10,completed\n")).await;
    shop.import("b.csv", format!("{HEADER}1,a,2024-01-01,10,completed\n2,b,2024-01-02,5,completed\n")).await;
    shop.undo("b0001").await;
    assert_eq!(shop.rows("orders", "order_id, batch").await, ["1|b0002", "2|b0002"]);
    assert_eq!(shop.rows("customer_keys", "customer_id, batch").await, ["a|b0002", "b|b0002"]);
    assert_eq!(shop.rows("confirmations", "id").await, Vec::<String>::new());
}

/// What a file holds: for each order number a version, which decides amount and customer.
type Content = BTreeMap<u8, u8>;

fn text(grain: u8, content: &Content) -> String {
    let mut out = match grain {
        0 => HEADER.to_owned(),
        1 => "order_id,customer_id,ordered_at,sku,quantity,unit_price\n".to_owned(),
        4 => "ticket_id,customer_id,opened_at,status,priority\n".to_owned(),
        5 => "customer_id,event_time,event_type,item_id\n".to_owned(),
        6 => "opportunity_id,customer_id,created_at,stage,amount,closed_at\n".to_owned(),
        7 => "customer_id,answered_at,survey,question,value\n".to_owned(),
        _ => "customer_id,name,city,note\n".to_owned(),
    };
    for (&order, &version) in content {
        let customer = (order + version / 2) % 5;
        out.push_str(&match grain {
            0 => format!("{order},c{customer},2024-01-0{},{}.50,completed\n", order % 9 + 1, version + 1),
            1 => format!(
                "{order},c{customer},2024-01-01,X,{},2\n{order},c{customer},2024-01-01,Y,1,3\n",
                version + 1
            ),
            4 => format!("{order},c{customer},2024-01-01,open,{version}\n"),
            // The third version is there twice.
            5 => format!("c{customer},2024-01-01,view,P{version}\n").repeat(1 + usize::from(version / 2)),
            6 => {
                let (stage, closed) = match version {
                    0 => ("Prospecting", ""),
                    1 => ("Proposal", ""),
                    _ => ("Won", "2024-03-01"),
                };
                format!("{order},c{customer},2024-01-01,{stage},1,{closed}\n")
            }
            7 => format!("c{order},2024-01-01,nps,nps,{version}\n"),
            // Each version leaves something out that another says.
            _ => match version {
                0 => format!("c{order},,Old Town,first\n"),
                1 => format!("c{order},Name,,\n"),
                _ => format!("c{order},,New Town,\n"),
            },
        });
    }
    out
}

/// Any history with some batches taken back is the history without them.
#[test]
fn an_undone_batch_has_never_been() {
    let content = prop::collection::btree_map(0u8..6, 0u8..3, 1..5);
    let history = (0u8..8, prop::collection::vec((content, any::<bool>()), 2..5), any::<u64>());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() });
    let checked = runner.run(&history, |(grain, files, order)| {
        let (undone, never) = runtime.block_on(both_ways(grain, &files, order));
        prop_assert_eq!(undone, never);
        Ok(())
    });
    if let Err(error) = checked {
        panic!("{error}");
    }
}

/// Each version leaves something out that others say: what stays known depends on the whole history.
#[tokio::test(flavor = "multi_thread")]
async fn customers_without_a_batch_are_what_the_other_batches_say() {
    for versions in [[0u8, 1, 2], [1, 0, 1], [2, 1, 1]] {
        for out in 0..versions.len() {
            let content = |version: u8| Content::from([(1, version), (2, (version + 1) % 3)]);
            let files: Vec<(Content, bool)> =
                versions.iter().enumerate().map(|(at, version)| (content(*version), at == out)).collect();
            let (undone, never) = both_ways(2, &files, 0).await;
            assert_eq!(undone, never, "{versions:?} without the file {out}");
        }
    }
}

type State = BTreeMap<&'static str, Vec<String>>;

async fn both_ways(grain: u8, files: &[(Content, bool)], order: u64) -> (State, State) {
    let undone = Shop::new("CNY").await;
    let mut names = BTreeMap::new();
    let mut to_undo = Vec::new();
    for (at, (content, is_undone)) in files.iter().enumerate() {
        // A comment column keeps the files' bytes apart, so that none counts as imported already.
        let report =
            undone.import(&format!("{at}.csv"), unique(&text(grain_of(grain, at), content), at)).await;
        names.insert(at, batch_of(&report).to_owned());
        if *is_undone {
            to_undo.push(names[&at].clone());
        }
    }
    if order % 2 == 1 {
        to_undo.reverse();
    }
    for batch in &to_undo {
        undone.undo(batch).await;
    }
    let never = Shop::new("CNY").await;
    for (at, (content, is_undone)) in files.iter().enumerate() {
        let text = if *is_undone {
            unique(&empty(grain_of(grain, at), at), at)
        } else {
            unique(&text(grain_of(grain, at), content), at)
        };
        let report = never.import(&format!("{at}.csv"), text).await;
        assert_eq!(batch_of(&report), names[&at]);
        if *is_undone {
            // A batch of nothing but one row of its own, taken back: it only keeps the numbers.
            never.undo(&names[&at]).await;
        }
    }
    (undone.state().await, never.state().await)
}

/// The grain of a history's file; the fourth history has files of orders and of lines by turns.
fn grain_of(history: u8, at: usize) -> u8 {
    if history == 3 { (at % 2) as u8 } else { history }
}

fn empty(grain: u8, at: usize) -> String {
    match grain {
        0 => format!("{HEADER}only{at},nobody{at},2024-01-01,1,completed\n"),
        1 => format!(
            "order_id,customer_id,ordered_at,sku,quantity,unit_price\nonly{at},nobody{at},2024-01-01,X,1,1\n"
        ),
        4 => format!(
            "ticket_id,customer_id,opened_at,status,priority\nonly{at},nobody{at},2024-01-01,open,1\n"
        ),
        5 => format!("customer_id,event_time,event_type,item_id\nnobody{at},2024-01-01,view,P{at}\n"),
        6 => format!(
            "opportunity_id,customer_id,created_at,stage,amount,closed_at\nonly{at},nobody{at},2024-01-01,Won,1,\n"
        ),
        7 => format!("customer_id,answered_at,survey,question,value\nnobody{at},2024-01-01,nps,nps,1\n"),
        _ => format!("customer_id,name,city\nnobody{at},Nobody,Town\n"),
    }
}

/// Ends a file with blank lines, as many as its number.
fn unique(text: &str, at: usize) -> String {
    format!("{text}{}", "\n".repeat(at))
}

/// Whatever is settled in between, later files and undos find and leave the same records.
#[test]
fn settled_batches_are_the_same_to_all_that_comes_after() {
    let content = || prop::collection::btree_map(0u8..6, 0u8..3, 1..5);
    let old = prop::collection::vec(content(), 1..4);
    let later = prop::collection::vec((content(), any::<bool>()), 1..4);
    let history = (0u8..8, old, later);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() });
    let checked = runner.run(&history, |(grain, old, later)| {
        let settled = runtime.block_on(told(grain, &old, &later, true));
        let never = runtime.block_on(told(grain, &old, &later, false));
        prop_assert_eq!(settled, never);
        Ok(())
    });
    if let Err(error) = checked {
        panic!("{error}");
    }
}

/// Files of orders and of their lines by turns, some of them changed later: the joins hold.
#[tokio::test(flavor = "multi_thread")]
async fn settled_orders_and_their_lines_belong_together() {
    let content = |versions: [u8; 3]| Content::from([(1, versions[0]), (2, versions[1]), (4, versions[2])]);
    let old = [content([0, 1, 2]), content([0, 1, 1]), content([1, 1, 2])];
    let later = [(content([2, 0, 2]), true), (content([1, 2, 0]), false), (content([0, 0, 0]), true)];
    assert_eq!(told(3, &old, &later, true).await, told(3, &old, &later, false).await);
}

/// What records there are at each point: after old files, after later ones, after undos, and after
/// settling once more.
async fn told(grain: u8, old: &[Content], later: &[(Content, bool)], settles: bool) -> Vec<State> {
    let shop = Shop::new("CNY").await;
    let mut states = Vec::new();
    for (at, content) in old.iter().enumerate() {
        let file = shop.file(&format!("{at}.csv"), unique(&text(grain_of(grain, at), content), at));
        let mut request = shop.request(file);
        request.now = now() - TimeDelta::days(200);
        shop.run(&request).await.expect("an old file");
    }
    if settles {
        assert_eq!(shop.settle(now()).await, old.len() as u64);
        assert_eq!(shop.settle(now()).await, 0, "once is enough");
    }
    states.push(shop.live().await);
    let mut undone = Vec::new();
    for (at, (content, is_undone)) in (old.len()..).zip(later) {
        let report = shop.import(&format!("{at}.csv"), unique(&text(grain_of(grain, at), content), at)).await;
        undone.extend(is_undone.then(|| batch_of(&report).to_owned()));
    }
    states.push(shop.live().await);
    for batch in &undone {
        shop.undo(batch).await;
    }
    states.push(shop.live().await);
    if settles {
        shop.settle(now() + TimeDelta::days(200)).await;
    }
    states.push(shop.live().await);
    states
}
