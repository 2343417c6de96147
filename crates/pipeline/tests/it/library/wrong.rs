//! A wrong document is refused with its file, line, key and cure, and nothing is computed.

use super::documents::{METRIC, busy, scheme};
use crate::support::Base;

/// What a refresh says with one document too many; the workspace stays as it was.
async fn refused(base: &Base, shelf: &str, text: &str) -> String {
    let file = "mine.toml";
    base.document(shelf, file, text);
    let before = base.workspace.lake().await.expect("a lake").snapshot().generation();
    let error = match base.try_refresh("2025-07-01", &[]).await {
        Ok(run) => panic!("{} was made with\n{text}", run.id),
        Err(error) => error.to_string(),
    };
    let after = base.workspace.lake().await.expect("a lake").snapshot().generation();
    assert_eq!(before, after, "{error}");
    std::fs::remove_file(base.workspace.library(shelf).join(file)).expect("the document");
    let folder = base.workspace.folder().display().to_string();
    error.replace(&folder, "WORKSPACE")
}

/// Each change of a document with what is said of it.
async fn told(base: &Base, shelf: &str, cases: &[(&str, String)]) -> String {
    let mut text = String::new();
    for (what, document) in cases {
        text += &format!("{what}\n  {}\n", refused(base, shelf, document).await);
    }
    text
}

#[tokio::test]
async fn wrong_metrics_are_refused() {
    let base = Base::tiny_shop().await;
    let change = |from: &str, to: &str| METRIC.replacen(from, to, 1);
    let expression = |to: &str| change("count(distinct day)", to);
    let derived = |id: &str, from: &str| {
        change("busy_days", id)
            .replace("source = \"orders\"", "source = \"derived\"")
            .replace("filter = \"is_order\"\n", "")
            .replace("count(distinct day)", from)
    };
    let cases = [
        ("unknown column", expression("count(distinct dey)")),
        ("a column of another source", expression("max(product_id)")),
        ("unknown function", expression("count(sha256(order_id))")),
        ("a function that reads files", expression("max(read_csv('/etc/passwd'))")),
        ("a subquery", expression("(select max(amount) from orders)")),
        ("a window", expression("sum(amount) over (order by day)")),
        ("no aggregate", expression("amount")),
        ("an aggregate in an aggregate", expression("sum(max(amount))")),
        ("an aggregate in the filter", change("is_order", "count(order_id) > 1")),
        ("more than an expression", expression("1) from orders; drop table orders; --")),
        ("not SQL", expression("count(distinct day")),
        ("10,000 terms", expression(&vec!["count(order_id)"; 10_000].join(" + "))),
        ("3,000 terms", expression(&vec!["count(day)"; 3_000].join("+"))),
        ("deep parentheses", expression(&format!("{}sum(amount){}", "(".repeat(5_000), ")".repeat(5_000)))),
        ("a language is missing", change(", zh = \"下单天数\"", "")),
        ("a language is blank", change("zh = \"下单天数\"", "zh = \"\"")),
        ("a key too many", change("version = 1", "version = 1\nweight = 2")),
        ("a key is missing", change("absent = \"zero\"\n", "")),
        ("an unknown unit", change("\"count\"", "\"pounds\"")),
        ("not a column name", change("busy_days", "Busy days")),
        ("a name with the product's own mark", change("busy_days", "busy__since")),
        ("the name of a key column", change("busy_days", "customer_key")),
        ("the name of a partition", change("busy_days", "bucket")),
        ("the name of a scheme", change("busy_days", "rfm_11")),
        ("text for a count", expression("max(channel)")),
        ("time for a count", expression("max(ordered_at)")),
        ("a sum of text", expression("sum(channel)")),
        ("a comparison that makes no sense", expression("count(case when ordered_at > 'web' then 1 end)")),
        ("derives from itself", derived("busy_days", "busy_days + 1")),
        ("derives from what is not there", derived("busy_days", "busy_dys_2 + 1")),
        ("an aggregate over metrics", derived("busy_days", "sum(frequency)")),
        ("not TOML", "id = \"x\"\nversion = = 1\n".to_owned()),
        ("empty", String::new()),
    ];
    insta::assert_snapshot!("wrong_metrics", told(&base, "metrics", &cases).await);

    base.document("metrics", "one.toml", &derived("one", "two + 1"));
    base.document("metrics", "two.toml", &derived("two", "three + 1"));
    insta::assert_snapshot!(
        "circle_of_metrics",
        refused(&base, "metrics", &derived("three", "one + 1")).await
    );
}

#[tokio::test]
async fn wrong_schemes_are_refused() {
    let base = Base::tiny_shop().await;
    base.document("metrics", "busy.toml", METRIC);
    let bands = |tiers: &[(&str, &str)]| scheme("kind = \"bands\"\nmetric = \"frequency\"", tiers);
    let rules = |when: &str| {
        scheme("kind = \"rules\"", &[("a", &format!("when = {when:?}")), ("b", "otherwise = true")])
    };
    let codes = |a: &str, b: &str| {
        let scores = "kind = \"codes\"\n[[scores]]\ndigit = \"f\"\nmetric = \"frequency\"\nmethod = \"quantiles\"\ncount = 3\nbest = \"high\"";
        scheme(scores, &[("a", &format!("codes = [{a}]")), ("b", &format!("codes = [{b}]"))])
    };
    let matrix = |a: &str, b: &str| {
        scheme(
            "kind = \"matrix\"\nrows = \"abc\"\ncolumns = \"frequency-tier\"",
            &[("a", &format!("cells = [{a}]")), ("b", &format!("cells = [{b}]"))],
        )
    };
    // All cells but the last two.
    let all = "\"a/frequent\", \"a/infrequent\", \"a/none\", \"b/frequent\", \"b/infrequent\", \"b/none\", \"c/frequent\"";
    let cases = [
        ("unknown metric", busy().replace("\"busy_days\"", "\"busy_day\"")),
        ("a metric that is no number", busy().replace("\"busy_days\"", "\"favourite_channel\"")),
        ("bands with a gap", bands(&[("a", "min = 5"), ("b", "below = 3")])),
        ("bands without an end", bands(&[("a", "min = 5\nbelow = 9"), ("b", "below = 5")])),
        ("bands that overlap", bands(&[("a", "min = 3"), ("b", "below = 5")])),
        ("codes with a gap", codes("\"3\"", "\"1\"")),
        ("codes that overlap", codes("\"3\", \"2\"", "\"2\", \"1\"")),
        ("a code twice in a tier", codes("\"3\", \"3\"", "\"2\", \"1\"")),
        ("a code too high", codes("\"4\"", "\"1\"")),
        ("unknown tier in a matrix", matrix("\"a/frequent\", \"d/none\"", "\"b/none\"")),
        ("unknown scheme in a matrix", matrix("\"a/frequent\"", "\"b/none\"").replace("\"abc\"", "\"abcd\"")),
        (
            "a matrix of a matrix",
            matrix("\"a/frequent\"", "\"b/none\"").replace("\"abc\"", "\"mass-discount\""),
        ),
        ("a matrix with a gap", matrix(all, "\"c/none\"")),
        ("a matrix that overlaps", matrix(&format!("{all}, \"c/none\""), "\"c/none\", \"c/infrequent\"")),
        ("unknown column", rules("frequncy > 1")),
        ("unknown function", rules("pg_sleep(10) is null")),
        ("a subquery", rules("frequency > (select 1)")),
        ("an aggregate", rules("frequency > avg(frequency)")),
        ("injected SQL", rules("1 = 1 THEN 'a' END FROM metrics; DROP TABLE labels; --")),
        ("10,000 terms", rules(&vec!["frequency > 1"; 10_000].join(" or "))),
        ("not a condition", rules("frequency + 1")),
        ("types that do not go together", rules("favourite_channel and frequency > 1")),
        ("a day against a number", rules("last_order_at > 5")),
        ("an injected tier", bands(&[("a' OR '1'='1", "min = 5"), ("b", "below = 5")])),
        ("the name of a metric", busy().replace("id = \"busy\"", "id = \"frequency\"")),
        ("the name of a key column", busy().replace("id = \"busy\"", "id = \"customer-key\"")),
        ("a language is missing", busy().replacen(", zh = \"忙闲\"", "", 1)),
        ("actions in one language", busy().replacen("zh = \"写一封信。\"", "zh = \"\"", 1)),
        ("an unknown kind", busy().replace("\"bands\"", "\"stripes\"")),
        ("no end to compare with", bands(&[("a", "min = nan"), ("b", "below = 5")])),
        (
            "two populations' worth of keys",
            busy().replace("metric = ", "population = \"frequency >= 1\"\nmetric = "),
        ),
        (
            "unknown column in the population",
            scheme(
                "kind = \"quantiles\"\nmetric = \"monetary\"\npopulation = \"ordrs > 1\"",
                &[("a", ""), ("b", "")],
            ),
        ),
    ];
    insta::assert_snapshot!("wrong_schemes", told(&base, "schemes", &cases).await);
}
