//! The shop of twenty customers: every answer of its README, and each output as users see it.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::support::{Workspace, fixture};

/// The rows of the README's table under a heading, cells trimmed.
fn table(heading: &str) -> Vec<Vec<String>> {
    let readme = fs::read_to_string(fixture("tiny_shop/README.md")).expect("the README");
    let section = readme.split("\n## ").find(|part| part.starts_with(heading)).expect("the heading");
    let rows = section.lines().filter(|line| line.starts_with("| C"));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The columns of an export, by customer.
fn exported(workspace: &Workspace, what: &str, run: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let file = workspace.path("export.csv");
    workspace.run(["export", what, "--run", run, "--to", &file.display().to_string()]).fine();
    let text = fs::read_to_string(file).expect("the export");
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    lines.map(|row| (row[0].clone(), header.iter().cloned().zip(row).collect())).collect()
}

#[test]
fn metrics_are_those_worked_by_hand() {
    let workspace = Workspace::refreshed("en");
    let metrics = exported(&workspace, "metrics", "r0001");
    let rows = table("What counts");
    assert_eq!(rows.len(), 20);
    for row in rows {
        let found = &metrics[&row[0]];
        let spend = row[4].rsplit('=').next().expect("a number").trim();
        assert_eq!(found["recency_days"], row[2].replace("unknown", ""), "recency of {}", row[0]);
        assert_eq!(found["frequency"], row[3], "frequency of {}", row[0]);
        assert_eq!(found["monetary"], format!("{spend}.00"), "net spend of {}", row[0]);
    }
}

#[test]
fn tiers_are_those_worked_by_hand() {
    let workspace = Workspace::refreshed("en");
    let (labels, later) = (exported(&workspace, "labels", "r0001"), exported(&workspace, "labels", "r0002"));
    let rows = table("Answers");
    assert_eq!(rows.len(), 20);
    for row in rows {
        let found = &labels[&row[0]];
        let answers = ["rfm_11__code", "rfm_11", "abc", "lifecycle"].map(|column| found[column].as_str());
        assert_eq!(answers[..], row[1..5], "{}", row[0]);
        assert_eq!(later[&row[0]]["lifecycle"], row[5], "{} a month later", row[0]);
    }
}

#[test]
fn movement_is_that_worked_by_hand() {
    let workspace = Workspace::refreshed("en");
    let movement = workspace.run(["movement", "lifecycle", "--json"]).fine().json();
    let flow = |flow: &Value| {
        let tier = |key: &str| flow[key].as_str().expect("a tier").to_owned();
        (tier("from"), tier("to"), flow["customers"].as_i64().expect("a number"))
    };
    let flows: Vec<_> = movement["flows"].as_array().expect("flows").iter().map(flow).collect();
    let expected = [
        ("active", "active", 4),
        ("active", "silent", 4),
        ("new", "active", 1),
        ("silent", "churned", 3),
        ("prospect", "prospect", 1),
        ("churned", "churned", 7),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(from, to, n)| ((*from).to_owned(), (*to).to_owned(), *n)).collect();
    assert_eq!(flows, expected);
}

#[test]
fn sizes_and_revenue_are_those_worked_by_hand() {
    let workspace = Workspace::refreshed("en");
    let document = workspace.run(["tiers", "abc", "--run", "r0001", "--json"]).fine().json();
    insta::assert_json_snapshot!(document);
}

#[test]
fn outputs_in_english() {
    outputs("en");
}

#[test]
fn outputs_in_chinese() {
    outputs("zh");
}

fn outputs(language: &str) {
    let workspace = Workspace::refreshed(language);
    let lines = [
        "tiers --run r0001 abc",
        "tiers rfm-11 --run r0001",
        "customers --tier abc=a --limit 3 --run r0001",
        "customers --tier lifecycle=silent --limit 3",
        "explain C16 --scheme rfm-11 --run r0001",
        "explain C10 --scheme lifecycle",
        "explain C20 --scheme abc",
        "explain C08 --scheme abc --run r0001",
        "movement lifecycle",
        "metrics show recency_days",
        "schemes show abc",
        "quarantine list",
    ];
    let shown = lines.map(|line| {
        let ran = workspace.run(line.split_whitespace()).fine();
        assert_eq!(ran.err, "", "{line} is silent on stderr");
        format!("$ clientele {line}\n{}", workspace.neutral(&ran.out))
    });
    insta::assert_snapshot!(format!("outputs_{language}"), shown.join("\n"));
}

#[test]
fn documents_of_every_command() {
    let workspace = Workspace::refreshed("en");
    let lines = [
        "customers --tier abc=b --run r0001",
        "explain C16 --scheme rfm-11 --run r0001",
        "movement abc",
        "quarantine list",
        "metrics show frequency",
        "schemes show abc",
        "refresh --as-of 2025-08-01 --schemes abc",
    ];
    let documents: BTreeMap<&str, Value> = lines
        .iter()
        .map(|line| (*line, workspace.run(line.split_whitespace().chain(["--json"])).fine().json()))
        .collect();
    insta::assert_json_snapshot!(documents);
}

#[test]
fn the_list_of_batches() {
    let workspace = Workspace::tiny_shop("en");
    let mut document = workspace.run(["batches", "--json"]).fine().json();
    for batch in document["batches"].as_array_mut().expect("batches") {
        batch["imported_at"] = "[now]".into();
        batch["file_hash"] = "[hash]".into();
        batch["report"]["figures"]["overall"]["timeliness"] = "[age]".into();
    }
    insta::assert_json_snapshot!(document);
}

#[test]
fn the_doctor_finds_everything_in_order_or_says_what_is_not() {
    let workspace = Workspace::tiny_shop("en");
    let before = workspace.run(["doctor"]);
    assert_eq!(before.code, Some(1));
    assert!(before.out.contains("✖ run: none yet; run `clientele refresh`"), "{}", before.out);
    workspace.run(["refresh", "--as-of", "2025-07-01"]).fine();
    let document = workspace.run(["doctor", "--json"]).fine().json();
    assert_eq!(document["ok"], true);
    let names: Vec<&str> =
        document["checks"].as_array().expect("checks").iter().filter_map(|c| c["name"].as_str()).collect();
    let all =
        ["program", "engine", "workspace", "writing", "space", "library", "lake", "run", "files", "foreign"];
    assert_eq!(names, all);
    let unreachable = workspace.run(["doctor", "--engine", "df://127.0.0.1:1"]);
    assert_eq!(unreachable.code, Some(1));
    assert!(unreachable.out.contains("✖ engine"), "{}", unreachable.out);
}
