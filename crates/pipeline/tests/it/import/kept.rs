//! What a newer file of customers leaves empty stays as it was.

use super::fixture::Shop;

const COLUMNS: &str = "customer_id, name, phone, city, birth_date, attributes, batch";

#[tokio::test(flavor = "multi_thread")]
async fn empty_cells_of_a_newer_export_keep_what_was_known() {
    let shop = Shop::new("CNY").await;
    let head = "customer_id,name,phone,city,birth_date,plan,score\n";
    shop.import(
        "a.csv",
        format!("{head}a,Ann,13800138000,上海,1990-02-03,pro,7\nb,Bob,13900139000,北京,,basic,\n"),
    )
    .await;
    let before = shop.state().await;
    // Ann's phone, birthday and score are empty here, her city and plan are new; Bob is as he was.
    let newer = format!("{head}a,Ann,,杭州,,team,\nb,Bob,13900139000,北京,,basic,\nc,Cy,,,,,\n");
    let report = shop.import("b.csv", &newer).await;
    assert_eq!((report.report.accepted, report.report.unchanged, report.report.updated), (2, 1, 1));
    let told = [
        "a|Ann|+8613800138000|杭州|1990-02-03|{\"plan\":\"team\",\"score\":7}|b0002",
        "b|Bob|+8613900139000|北京||{\"plan\":\"basic\"}|b0001",
        "c|Cy|||||b0002",
    ];
    assert_eq!(shop.rows("customers", COLUMNS).await, told);
    assert_eq!(
        shop.rows("own_customers", COLUMNS).await,
        ["a|Ann||杭州||{\"plan\":\"team\"}|b0002"],
        "what the newer file itself says"
    );
    // The same again is nothing new, though the row shown says more.
    let report = shop.import("again.csv", format!("{newer}\n")).await;
    assert_eq!((report.report.accepted, report.report.unchanged), (0, 3));
    assert_eq!(shop.rows("customers", COLUMNS).await, told);
    shop.undo("b0003").await;
    shop.undo("b0002").await;
    assert_eq!(shop.state().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_a_newer_file_lacks_keep_what_was_known() {
    let shop = Shop::new("CNY").await;
    let first = "customer_id,name,phone,plan\na,Ann,13800138000,pro\n";
    let second = "customer_id,name,city\na,Ann Lee,上海\n";
    let third = "customer_id,name,city,plan\na,,杭州,\n";
    shop.import("a.csv", first).await;
    shop.import("b.csv", second).await;
    shop.import("c.csv", third).await;
    let all = ["a|Ann Lee|+8613800138000|杭州||{\"plan\":\"pro\"}|b0003"];
    assert_eq!(shop.rows("customers", COLUMNS).await, all);
    // Without the second, the name is the first one's again, and without the first too, nobody's.
    shop.undo("b0002").await;
    assert_eq!(
        shop.rows("customers", COLUMNS).await,
        ["a|Ann|+8613800138000|杭州||{\"plan\":\"pro\"}|b0003"]
    );
    assert_eq!(shop.rows("superseded_customers", "name, superseded_by").await, ["Ann|b0003"]);
    shop.undo("b0001").await;
    assert_eq!(shop.rows("customers", COLUMNS).await, ["a|||杭州|||b0003"]);
    for table in ["own_customers", "superseded_customers"] {
        assert_eq!(shop.rows(table, "*").await, Vec::<String>::new(), "{table}");
    }
}
