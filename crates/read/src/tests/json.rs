use super::*;

#[test]
fn objects_are_flattened_and_figures_kept_as_written() {
    let table = read(
        "a.jsonl",
        br#"{"id": 12345678901234567890123, "buyer": {"name": "Ada \"L\"", "address": {"city": "K\u00f6ln"}}, "sum": 0.10}
{"id":2,"tags":["a", "b,c"],"paid":true,"sum":null, "empty":{}}

{"id":3,"sum":-1.5e3}
"#,
    );
    assert_eq!(table.header(), ["id", "buyer.name", "buyer.address.city", "sum", "tags", "paid", "_other"]);
    assert_eq!(
        table.values(),
        [
            ["12345678901234567890123", "Ada \"L\"", "Köln", "0.10", "", "", ""],
            ["2", "", "", "", "[\"a\", \"b,c\"]", "true", ""],
            ["3", "", "", "-1.5e3", "", "", ""],
        ]
    );
    assert_eq!(table.rows[2].1, 4);
    assert_eq!(table.info.delimiter, None);
}

#[test]
fn keys_that_come_late_are_kept() {
    let mut text = "{\"a\":1}\n".repeat(1500);
    text.push_str("{\"a\":2,\"late\":{\"x\":\"é\"}}\n");
    let table = read("a.jsonl", text.as_bytes());
    assert_eq!(table.rows.last().unwrap().2, ["2", "{\"late.x\":\"é\"}"]);
}

#[test]
fn lines_that_are_no_objects_are_bad() {
    let table =
        read("a.jsonl", b"{\"a\":1}\n[1]\n{\"a\":\n{\"a\":1,\"a\":2}\n{\"a\":\"\\u0000\"}\n{\"a\":5}\n");
    assert_eq!(table.values(), [["1", ""], ["5", ""]]);
    assert_eq!(
        table.reasons(),
        [(2, 2, "not_an_object"), (3, 3, "not_json"), (4, 4, "key_twice"), (5, 5, "nul_byte")]
    );
}

#[test]
fn deep_nesting_stays_text() {
    let deep = format!("{}1{}", "{\"k\":".repeat(100_000), "}".repeat(100_000));
    let table = read("a.jsonl", format!("{{\"a\":1}}\n{deep}\n{{\"a\":2}}\n").as_bytes());
    assert_eq!(table.totals.rows + table.totals.bad_rows, 3);
}
