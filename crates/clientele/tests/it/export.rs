//! Files for other programs.

use std::fs;

use crate::support::Workspace;

fn export(workspace: &Workspace, what: &str, file: &str, more: &[&str]) -> Vec<u8> {
    workspace.run(["export", what, "--to", file].iter().chain(more)).fine();
    fs::read(workspace.path(file)).expect("the export")
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let workspace = Workspace::tiny_shop("en");
    for _ in 0..2 {
        workspace.run(["refresh", "--as-of", "2025-07-01"]).fine();
    }
    for what in ["metrics", "labels"] {
        for ending in ["csv", "parquet", "xlsx"] {
            let file = |name: &str| format!("{name}.{ending}");
            let first = export(&workspace, what, &file("a"), &["--run", "r0001"]);
            let again = export(&workspace, what, &file("b"), &["--run", "r0001", "--threads", "1"]);
            let next = export(&workspace, what, &file("c"), &["--run", "r0002"]);
            assert!(first == again, "{what}.{ending} differs at the second time");
            assert!(first == next, "{what}.{ending} of the same data differs between runs");
        }
    }
}

#[test]
fn rows_are_in_the_order_of_customer_ids() {
    let workspace = Workspace::refreshed("en");
    let text = String::from_utf8(export(&workspace, "labels", "labels.csv", &[])).expect("text");
    let ids: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(ids.len(), 20);
    assert!(ids.is_sorted());
    assert!(text.starts_with("customer_id,source,abc,abc__since,abc__previous,"), "{}", &text[..80]);
    let marked = export(&workspace, "labels", "marked.csv", &["--bom"]);
    assert_eq!(&marked[..3], b"\xef\xbb\xbf");
    assert_eq!(&marked[3..], text.as_bytes());
}

#[test]
fn where_every_code_is_a_tier_there_is_one_code() {
    let workspace = Workspace::refreshed("en");
    let text = String::from_utf8(export(&workspace, "labels", "labels.csv", &[])).expect("text");
    let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let heads = rows.next().expect("a head");
    let column = |name: &str| heads.iter().position(|head| *head == name).expect("a column");
    let (tier, code) = (column("rfm_bands"), column("rfm_bands__code"));
    let mut known = 0;
    for row in rows {
        let expected = if row[tier] == "unknown" { "" } else { row[tier] };
        assert_eq!(row[code], expected, "{}", row[0]);
        known += usize::from(row[tier] != "unknown");
    }
    assert!(known > 10, "{known}");
    let receipt = workspace.run(["explain", "C02", "--scheme", "rfm-bands", "--json"]).fine().out;
    assert!(receipt.contains("\"r1f3m1\"") && !receipt.contains("\"431\""), "{receipt}");
}

#[test]
fn a_customer_id_is_never_a_formula() {
    let workspace = Workspace::new();
    let orders =
        "order_id,customer_id,ordered_at,amount\n1,\"=cmd|' /C calc'!A0\",2025-01-01,10\n2,@x,2025-01-01,5\n";
    let file = workspace.write("orders.csv", orders);
    workspace.run(["import", &file.display().to_string()]).fine();
    workspace.run(["refresh", "--as-of", "2025-02-01", "--schemes", "abc"]).fine();
    let text = String::from_utf8(export(&workspace, "labels", "labels.csv", &[])).expect("text");
    let cells: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(cells, ["'=cmd|' /C calc'!A0", "'@x"]);
}

#[test]
fn a_failed_export_leaves_the_old_file_and_nothing_else() {
    let workspace = Workspace::refreshed("en");
    let missing = workspace.run(["export", "labels", "--to", "no/such/folder/labels.csv"]).failed();
    assert!(missing.err.contains("check the path"), "{}", missing.err);
    let old = workspace.write("labels.csv", "old");
    workspace.run(["export", "labels", "--run", "r0009", "--to", "labels.csv"]).failed();
    assert_eq!(fs::read(old).expect("the file"), b"old");
    let left: Vec<_> = fs::read_dir(workspace.path("")).expect("the folder").collect();
    assert_eq!(left.len(), 2, "{left:?}");
}
