//! Segments from the command line.

use std::thread::sleep;
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{Dice, Running, Workspace};

fn rule(workspace: &Workspace, id: &str, rule: &str) -> Value {
    workspace.run(["segments", "set", id, "--rule", rule, "--json"]).fine().json()["segment"].clone()
}

#[test]
fn segments_are_set_listed_counted_and_taken_away() {
    let workspace = Workspace::refreshed("en");
    assert_eq!(workspace.run(["segments", "list", "--json"]).fine().json(), json!({ "segments": [] }));

    let vip = rule(&workspace, "vip", "monetary>1000");
    assert_eq!(vip["rule"], "monetary > 1000");
    assert_eq!(vip["tree"]["when"]["compare"]["field"], json!({ "metric": "monetary" }));
    assert_eq!((&vip["state"], &vip["members"]), (&json!("fresh"), &json!(5)));
    let lost = rule(&workspace, "lost-vip", "segment(vip) and lifecycle = churned");
    assert_eq!((&lost["state"], &lost["members"]), (&json!("fresh"), &json!(2)));

    let counts = workspace.run(["segments", "count", "segment(vip)", "city = york", "--json"]).fine().json();
    let customers: Vec<&Value> =
        counts["counts"].as_array().expect("counts").iter().map(|c| &c["customers"]).collect();
    assert_eq!(customers, [5, 7]);
    assert_eq!(counts["counts"][0]["customer_share"], 0.25);

    rule(&workspace, "vip", "monetary > 2000");
    let states = |workspace: &Workspace| {
        let all = workspace.run(["segments", "list", "--json"]).fine().json()["segments"].clone();
        all.as_array().expect("segments").iter().map(|s| s["state"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(states(&workspace), ["stale", "fresh"], "lost-vip names what changed");
    workspace.run(["segments", "refresh"]).fine();
    assert_eq!(states(&workspace), ["fresh", "fresh"]);
    let again = workspace.run(["segments", "refresh"]).fine();
    assert_eq!(again.err, "Nothing to do: every segment is fresh.\n");

    let members = workspace.run(["segments", "members", "vip", "--json"]).fine().json();
    let ids: Vec<&Value> =
        members["customers"].as_array().expect("customers").iter().map(|c| &c["customer_id"]).collect();
    assert_eq!(ids, ["C10", "C01"], "those with the most revenue first");

    let history = workspace.run(["segments", "history", "vip", "--json"]).fine().json();
    assert_eq!(history["definitions"].as_array().map(Vec::len), Some(2));
    let left: Vec<&Value> = history["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|c| c["change"] == "left")
        .map(|c| &c["customer_id"])
        .collect();
    assert_eq!(left, ["C02", "C06", "C16"]);

    let file = workspace.path("vip.csv");
    workspace.run(["export", "segment:vip", "--to", "vip.csv"]).fine();
    let text = std::fs::read_to_string(file).expect("the export");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "customer_id,source,name,email,phone,since");
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("C01,") && lines[1].contains("ada.byron@example.com"), "{}", lines[1]);

    let refused = workspace.run(["segments", "remove", "vip"]).failed();
    assert!(refused.err.contains("named in lost-vip"), "{}", refused.err);
    workspace.run(["segments", "remove", "lost-vip"]).fine();
    workspace.run(["segments", "remove", "vip"]).fine();
    assert!(workspace.run(["segments", "show", "vip"]).failed().err.contains("there is no segment `vip`"));
    assert!(workspace.run(["export", "segment:vip", "--to", "vip.csv"]).failed().err.contains("no segment"));
}

#[test]
fn mistakes_are_shown_where_they_are() {
    for (language, expected) in [
        (
            "en",
            "error: the rule cannot be read: 1:22: there is no scheme `lifecicle`; did you mean `lifecycle`?\n  \
             monetary > 5 or moved(lifecicle, active -> silent)\n                        ^^^^^^^^^\n",
        ),
        (
            "zh",
            "错误：规则有误：第 1 行第 23 列：没有分层方案 lifecicle；是不是 lifecycle？\n  \
             monetary > 5 or moved(lifecicle, active -> silent)\n                        ^^^^^^^^^\n",
        ),
    ] {
        let workspace = Workspace::tiny_shop(language);
        workspace.run(["refresh", "--as-of", "2025-07-01", "--schemes", "lifecycle"]).fine();
        let wrong = ["segments", "set", "x", "--rule", "monetary > 5 or moved(lifecicle, active -> silent)"];
        assert_eq!(workspace.run(wrong).failed().err, expected.replace("1:22", "1:23"));
        let before = workspace.content();
        for text in
            ["", "monetary > 5; drop table customers", "'", "monetary", "(((((", "customer_id = '' or 1=1 --"]
        {
            let told = workspace.run(["segments", "count", text]).failed().err;
            assert!(told.contains("1:") || told.contains("第 1 行"), "{text}: {told}");
        }
        let many = vec!["frequency > 1"; 10_000].join(" or ");
        workspace.write("many.txt", &many);
        let told = workspace.run(["segments", "count", "--rules", "many.txt"]).failed().err;
        assert!(told.contains("10000") && told.contains("1000"), "{told}");
        assert_eq!(workspace.content(), before, "counting changes nothing");
    }
}

#[test]
fn a_wrong_rule_of_a_file_is_named_by_its_line() {
    for (language, head) in [
        ("en", "error: rules.txt, line 4: the rule cannot be read: 1:15: "),
        ("zh", "错误：rules.txt 第 4 行：规则有误：第 1 行第 15 列："),
    ] {
        let workspace = Workspace::tiny_shop(language);
        let refresh =
            ["refresh", "--as-of", "2025-07-01", "--schemes", "lifecycle", "--metrics", "frequency"];
        workspace.run(refresh).fine();
        workspace
            .write("rules.txt", "frequency > 1\n\nlifecycle = active\n  frequency > 1 1\nfrequency > 2\n");
        let told = workspace.run(["segments", "count", "--rules", "rules.txt"]).failed().err;
        assert!(told.starts_with(head), "{told}");
        assert!(told.contains("\n  frequency > 1 1\n"), "{told}");
        workspace.write("rules.txt", "frequency > 1\n\nlifecycle = active\n");
        let fine = workspace.run(["segments", "count", "--rules", "rules.txt", "--json"]).fine().json();
        assert_eq!(fine["counts"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn evaluations_that_say_the_same_are_listed_once() {
    let workspace = Workspace::refreshed("en");
    rule(&workspace, "vip", "monetary > 1000");
    let evaluations = || {
        let history = workspace.run(["segments", "history", "vip", "--json"]).fine().json();
        let list = history["evaluations"].as_array().expect("evaluations").clone();
        list.iter()
            .map(|e| (e["version"].clone(), e["entered"].clone(), e["left"].clone()))
            .collect::<Vec<_>>()
    };
    let first = (json!(1), json!(5), json!(0));
    assert_eq!(evaluations(), std::slice::from_ref(&first));
    workspace.run(["segments", "refresh", "vip"]).fine();
    rule(&workspace, "vip", "monetary > 1000");
    assert_eq!(
        evaluations(),
        std::slice::from_ref(&first),
        "the same rule over the same run, and nobody came or went"
    );
    // Another definition is told even where the same customers are in it, and so is the next run.
    rule(&workspace, "vip", "monetary > 1001");
    let second = (json!(2), json!(0), json!(0));
    assert_eq!(evaluations(), [first.clone(), second.clone()]);
    workspace.run(["refresh", "--as-of", "2025-08-02", "--schemes", "abc"]).fine();
    assert_eq!(evaluations(), [first, second.clone(), second]);
}

#[test]
fn lists_say_whom_they_did_not_find() {
    let workspace = Workspace::refreshed("en");
    workspace.write("list.csv", "email\nADA.byron@example.com\nben.cole@example.com\nx@example.com\n,\n");
    let done = workspace.run(["segments", "upload", "invited", "list.csv", "--name-en", "Invited", "--json"]);
    let done = done.fine().json();
    assert_eq!(
        (&done["matched"], &done["customers"], &done["segment"]["members"]),
        (&json!(2), &json!(2), &json!(2))
    );
    assert_eq!(done["segment"]["name_zh"], "Invited", "a name in one language is better than an id");
    assert_eq!(done["unmatched"][0]["value"], "x@example.com");
    let shown = workspace.run(["segments", "upload", "invited", "list.csv", "--language", "zh"]).fine().out;
    assert!(shown.contains("x@example.com") && shown.contains("没有这样的客户"), "{shown}");
    assert!(workspace.run(["segments", "list"]).fine().out.contains("a list of 2"));
}

#[test]
fn a_refresh_sees_to_the_segments() {
    let workspace = Workspace::tiny_shop("en");
    let made =
        workspace.run(["segments", "set", "silent", "--rule", "lifecycle = silent", "--json"]).fine().json();
    assert_eq!(made["segment"]["state"], "stale", "there is no run yet");
    for (day, members, entered, left) in [("2025-07-01", 3, 3, 0), ("2025-08-01", 4, 4, 3)] {
        workspace.run(["refresh", "--as-of", day, "--schemes", "lifecycle"]).fine();
        let shown = workspace.run(["segments", "show", "silent", "--json"]).fine().json()["segment"].clone();
        assert_eq!(shown["state"], "fresh");
        assert_eq!(
            (&shown["members"], &shown["entered"], &shown["left"]),
            (&json!(members), &json!(entered), &json!(left))
        );
        assert_eq!(shown["as_of"], day);
    }
}

/// Killed at any time, a segment is as before or as after, and never said to be at work by nobody.
#[test]
fn killed_evaluations_leave_what_was_there() {
    let workspace = Workspace::refreshed("en");
    let rules = ["monetary > 1000", "monetary > 2000"];
    rule(&workspace, "vip", rules[0]);
    rule(&workspace, "others", "not segment(vip)");
    let started = Instant::now();
    rule(&workspace, "vip", rules[1]);
    let needed = started.elapsed();
    let mut dice = Dice(5);
    for turn in 0..8 {
        let line = ["segments", "set", "vip", "--rule", rules[turn % 2]];
        let mut running = Running::start(workspace.program().args(line));
        sleep(needed.mul_f64(1.1 * dice.part()));
        running.kill();
        let all = workspace.run(["segments", "list", "--json"]).fine().json();
        for segment in all["segments"].as_array().expect("segments") {
            assert_ne!(segment["state"], "running", "nobody is at it");
            let id = segment["id"].as_str().expect("an id");
            let members = workspace.run(["segments", "members", id, "--json"]).fine().json();
            let listed = members["customers"].as_array().map(Vec::len);
            assert_eq!(listed.map(|n| json!(n)), Some(segment["members"].clone()), "{id}");
        }
    }
    rule(&workspace, "vip", rules[0]);
    workspace.run(["segments", "refresh"]).fine();
    let all = workspace.run(["segments", "list", "--json"]).fine().json()["segments"].clone();
    assert_eq!((&all[0]["state"], &all[0]["members"]), (&json!("fresh"), &json!(15)));
    assert_eq!((&all[1]["state"], &all[1]["members"]), (&json!("fresh"), &json!(5)));
}
