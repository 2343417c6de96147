use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::error::Result;
use datafusion::prelude::SessionContext;

/// The first column of a query's only batch, as text and as number.
async fn column(sql: &str) -> Result<Vec<(Option<String>, Option<f64>)>> {
    let context = SessionContext::new();
    for function in super::scalars() {
        context.register_udf(function);
    }
    let batches = context.sql(sql).await?.collect().await?;
    let mut found = Vec::new();
    for batch in batches {
        let array = match batch.column(0) {
            views if *views.data_type() == DataType::Utf8View => &cast(views, &DataType::Utf8)?,
            other => other,
        };
        for row in 0..array.len() {
            let text =
                array.as_string_opt::<i32>().filter(|a| a.is_valid(row)).map(|a| a.value(row).to_owned());
            let number = array.as_primitive_opt::<Float64Type>();
            found.push((text, number.filter(|a| a.is_valid(row)).map(|a| a.value(row))));
        }
    }
    Ok(found)
}

const JSON: [(&str, Option<&str>, Option<f64>); 16] = [
    (r#"{"k":"red"}"#, Some("red"), None),
    (r#"{"a":{"k":1},"b":[{"k":2}],"k":"  3.5 "}"#, Some("  3.5 "), Some(3.5)),
    (r#"{"k":12}"#, Some("12"), Some(12.0)),
    (r#"{"k":-0.25,"z":}"#, Some("-0.25"), Some(-0.25)),
    (r#"{"k":true}"#, Some("true"), None),
    (r#"{"k":null}"#, None, None),
    (r#"{"k":""}"#, None, None),
    (r#"{"k":["x",1]}"#, Some(r#"["x",1]"#), None),
    (r#"{"\u006b":"escaped"}"#, Some("escaped"), None),
    (r#"{"k":"\u4e2d\n\"文\""}"#, Some("中\n\"文\""), None),
    (r#"{"k":"NaN"}"#, Some("NaN"), None),
    (r#"{"k":"1,200"}"#, Some("1,200"), None),
    (r#"{"v":"k"}"#, None, None),
    (r#"["k",1]"#, None, None),
    (r#"{"k":"cut"#, None, None),
    ("", None, None),
];

#[tokio::test]
async fn attributes_are_found_in_json() -> Result<()> {
    let rows: Vec<String> = JSON.iter().map(|(json, ..)| format!("('{json}', 'k')")).collect();
    let rows = format!("(values {}, (null, 'k')) t(j, k)", rows.join(", "));
    for (key, kind) in [("'k'", ""), ("k", ""), ("'k'", "Utf8View"), ("k", "LargeUtf8")] {
        let json = if kind.is_empty() { "j".to_owned() } else { format!("arrow_cast(j, '{kind}')") };
        let texts = column(&format!("select attribute({json}, {key}) from {rows}")).await?;
        let numbers = column(&format!("select attribute_number({json}, {key}) from {rows}")).await?;
        assert_eq!(texts.len(), JSON.len() + 1);
        for (i, (json, text, number)) in JSON.iter().enumerate() {
            assert_eq!(texts[i].0.as_deref(), *text, "{json}");
            assert_eq!(numbers[i].1, *number, "{json}");
        }
        assert_eq!((texts[JSON.len()].0.as_deref(), numbers[JSON.len()].1), (None, None));
    }
    Ok(())
}

#[tokio::test]
async fn attributes_of_constants_and_of_no_key() -> Result<()> {
    let one = column(r#"select attribute('{"k":"v"}', 'k') from (values (1), (2)) t(x)"#).await?;
    assert_eq!(one.iter().map(|v| v.0.as_deref()).collect::<Vec<_>>(), [Some("v"), Some("v")]);
    let none = column(r#"select attribute('{"k":"v"}', null)"#).await?;
    assert_eq!(none[0].0, None);
    assert!(column("select attribute(1, 'k')").await.is_err());
    Ok(())
}

#[tokio::test]
async fn only_finite_numbers_pass() -> Result<()> {
    let found = column(
        "select finite(x) from (values (ln(0.0)), (power(-1.0, 0.5)), (ln(-1.0)), (exp(1000.0)), (2.5)) t(x)",
    )
    .await?;
    assert_eq!(found.iter().map(|v| v.1).collect::<Vec<_>>(), [None, None, None, None, Some(2.5)]);
    Ok(())
}

#[tokio::test]
async fn the_first_condition_that_holds_gives_the_text() -> Result<()> {
    let table = "(values (1), (5), (9), (null), (20)) t(x)";
    let sql = format!(
        "select first_text(x is null, 'none', x < 3, 'low', x < 10, 'a text longer than twelve bytes', 'rest')
         from {table}"
    );
    let long = "a text longer than twelve bytes";
    assert_eq!(texts(&sql).await?, ["low", long, long, "none", "rest"]);
    // What is null does not hold, and what is known beforehand needs no rows.
    let sql = format!("select first_text(x < 3, 'low', 'rest') from {table}");
    assert_eq!(texts(&sql).await?, ["low", "rest", "rest", "rest", "rest"]);
    let sql = format!(
        "select first_text(x = x + null, 'never', 2 > 1, 'always', x < 3, 'low', 'rest') from {table}"
    );
    assert_eq!(texts(&sql).await?, ["always"; 5]);
    for wrong in
        ["select first_text(true, 'a')", "select first_text(x < 3, c, 'b') from (values (1, 'c')) t(x, c)"]
    {
        assert!(texts(wrong).await.is_err(), "{wrong}");
    }
    Ok(())
}

#[tokio::test]
async fn the_place_of_the_first_condition_that_holds_is_counted_from_one() -> Result<()> {
    let table = "(values (1.0), (5.0), (9.0), (cast(null as double)), (20.0)) t(x)";
    let sql = format!("select cast(first_place(x < 3, x < 6, x < 10) as varchar) from {table}");
    assert_eq!(texts(&sql).await?, ["1", "2", "3", "", "4"]);
    let sql = format!("select cast(first_place(cast(null as double) < 3, x < 6) as varchar) from {table}");
    assert_eq!(texts(&sql).await?, [""; 5]);
    assert!(texts("select first_place()").await.is_err());
    Ok(())
}

/// The first column of a query as texts; null is empty.
async fn texts(sql: &str) -> Result<Vec<String>> {
    let sql = format!("select cast(c as varchar) from ({sql}) t(c)");
    Ok(column(&sql).await?.into_iter().map(|(text, _)| text.unwrap_or_default()).collect())
}
