//! Contacts of the usual systems, and typed attributes.

use super::super::fixture::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn contacts_of_three_systems_are_told_apart() {
    let files = [
        (
            "hubspot-contacts",
            "Record ID,First name,Last name,Email,Phone number,Job title,Company name,City,State/Region,Country/Region,Lifecycle stage,Lead status,Contact owner,Deals\n\
             501,Ann,Lee,ANN@x.com,+44 20 7946 0958,Buyer,Acme,London,,UK,customer,Open deal,kim@co.com,3\n",
            "ann@x.com|Ann Lee|Buyer|Acme|London|UK|{\"Contact owner\":\"kim@co.com\",\"Deals\":3,\"lead_status\":\"Open deal\",\"lifecycle_stage\":\"customer\"}",
        ),
        (
            "salesforce-contacts",
            "Salutation,First Name,Last Name,Title,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Phone,Mobile,Fax,Email,Account Owner,Account Name,Lead Source\n\
             Ms.,Ann,Lee,Buyer,1 High St,London,,N1,UK,+44 20 7946 0958,,,ann@x.com,Kim,Acme,Web\n",
            "ann@x.com|Ann Lee|Buyer|Acme|London|UK|{\"Account Owner\":\"Kim\",\"Salutation\":\"Ms.\"}",
        ),
        (
            "zoho-contacts",
            "Contact Owner,First Name,Last Name,Account Name,Department,Title,Email,Phone,Mobile,Date of Birth,Lead Source,Mailing Street,Mailing City,Mailing State,Mailing Zip,Mailing Country,Email Opt Out\n\
             Kim,Ann,Lee,Acme,IT,Buyer,ann@x.com,,+44 20 7946 0958,1990-02-03,Web,1 High St,London,,N1,UK,false\n",
            "ann@x.com|Ann Lee|Buyer|Acme|London|UK|{\"Contact Owner\":\"Kim\",\"Department\":\"IT\",\"Email Opt Out\":false}",
        ),
    ];
    for (layout, text, expected) in files {
        let shop = Shop::new("GBP").await;
        let report = shop.import("contacts.csv", text).await;
        assert_eq!(report.layout, layout);
        assert_eq!(report.report.rejected, 0, "{:?}", report.report.rules);
        let rows =
            shop.rows("customers", "email, name, occupation, company, city, country, attributes").await;
        let sorted: Vec<String> = rows.iter().map(|row| with_sorted_keys(row)).collect();
        assert_eq!(sorted, [expected]);
    }
}

/// The row with the keys of the JSON at its end in order.
fn with_sorted_keys(row: &str) -> String {
    let (head, json) = row.split_once('{').expect("attributes");
    let value: std::collections::BTreeMap<String, serde_json::Value> =
        serde_json::from_str(&format!("{{{json}")).expect("JSON");
    format!("{head}{}", serde_json::to_string(&value).expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_keep_their_types_and_known_names() {
    let shop = Shop::new("CNY").await;
    shop.import(
        "c.csv",
        "customer_id,name,城市,行业,粉丝数,code,share,member,note\n\
         a,Ann,上海,零售,1200,007,0.25,TRUE,12 boxes\nb,Bob,北京,,,-3.50,1e5,no,\n",
    )
    .await;
    assert_eq!(
        shop.rows("customers", "customer_id, city, attributes").await,
        [
            "a|上海|{\"industry\":\"零售\",\"followers\":1200,\"code\":\"007\",\"share\":0.25,\"member\":true,\"note\":\"12 boxes\"}",
            "b|北京|{\"code\":-3.50,\"share\":\"1e5\",\"member\":\"no\"}",
        ]
    );
}
