//! Words for nothing: no number, date or id, but a category like any other.

use clientele_pipeline::clean::Rule;

use super::fixture::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn words_for_nothing_are_values_of_texts_only() {
    let shop = Shop::new("CNY").await;
    let report = shop
        .import(
            "t.csv",
            "ticket_id,customer_id,opened_at,closed_at,category,reason,satisfaction,note,text\n\
             T1,a,2025-01-01,none,none,无,None,None,none\n\
             T2,a,2025-01-01,无,NULL,\\N,无,N/A,null\n\
             T3,none,2025-01-01,,,,,,\nT4,无,2025-01-01,,,,,,\nnone,a,2025-01-01,,,,,,\n",
        )
        .await;
    assert_eq!(
        shop.rows(
            "tickets",
            "ticket_id, closed_at, status, category, reason, satisfaction, attributes, text"
        )
        .await,
        ["T1||open|none|无||{\"note\":\"None\"}|none", "T2||open|||||"]
    );
    assert_eq!((report.report.count(Rule::MissingCustomer), report.report.count(Rule::MissingValue)), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_have_no_phone_called_none() {
    let shop = Shop::new("CNY").await;
    shop.import(
        "c.csv",
        "customer_id,name,email,phone,birth_date,occupation,爱好,粉丝数\na,Ann,None,无,none,无,无,NULL\n",
    )
    .await;
    assert_eq!(
        shop.rows("customers", "customer_id, email, phone, birth_date, occupation, attributes").await,
        ["a||||无|{\"interests\":\"无\"}"]
    );
}
