//! Alerts told where the movement happens: at the end of a refresh.

use std::fs;

use serde_json::json;

use crate::support::Workspace;

/// Four alerts that the month between the two days of the shop's README sets off, and one that it does not.
const ALERTS: &str = r#"
[[alerts]]
id = "fell-silent"
name = { en = "Fell silent", zh = "陷入沉默" }
scheme = "lifecycle"
from = "active"
to = "silent"
more_than = 0.4

[[alerts]]
id = "many-fell-silent"
name = { en = "Most fell silent", zh = "多数陷入沉默" }
scheme = "lifecycle"
from = "active"
to = "silent"
more_than = 0.5

[[alerts]]
id = "lost"
name = { en = "Lost", zh = "流失" }
scheme = "lifecycle"
from = "silent"
to = "churned"
at_least = 3

[[alerts]]
id = "settled"
name = { en = "Settled", zh = "转为活跃" }
scheme = "lifecycle"
from = "new"
to = "active"
at_least = 1

[[alerts]]
id = "c01"
name = { en = "Ada left", zh = "Ada 离开" }
scheme = "lifecycle"
customer = "C01"
from = "active"
at_least = 1
"#;

fn watched(language: &str, alerts: &str) -> Workspace {
    let workspace = Workspace::tiny_shop(language);
    let folder = workspace.shop().join("library/alerts");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("mine.toml"), alerts).expect("the alerts");
    workspace
}

const FIRST: [&str; 5] = ["refresh", "--as-of", "2025-07-01", "--schemes", "lifecycle"];
const SECOND: [&str; 5] = ["refresh", "--as-of", "2025-08-01", "--schemes", "lifecycle"];

#[test]
fn a_refresh_tells_the_alerts_of_its_movement() {
    let workspace = watched("en", ALERTS);
    let first = workspace.run(FIRST).fine();
    assert!(!first.out.contains("alert") && first.err.is_empty(), "nothing to compare with: {}", first.out);
    let second = workspace.run(SECOND).fine().out;
    let lines: Vec<&str> = second.lines().collect();
    assert_eq!(lines[1], "4 alerts:");
    assert_eq!(
        lines[2],
        "  Fell silent: 4 of 8 (50.0 %) went from Active to Silent since 2025-07-01; for example C01, C02, C07, C08."
    );
    assert!(lines[3].starts_with("  Lost: 3 of 3 (100.0 %)"), "{second}");
    assert!(lines[4].starts_with("  Settled: 1 of 1 (100.0 %)"), "{second}");
    assert_eq!(lines[5], "  More: clientele alerts --run r0002");
    assert!(lines[6].starts_with("Next: "), "{second}");
    // What the command for more says is the same, and all of it.
    let alerts = workspace.run(["alerts", "--run", "r0002"]).fine().out;
    assert_eq!(alerts.lines().count(), 4);
    assert_eq!(alerts.lines().next(), Some(lines[2].trim()));
}

#[test]
fn alerts_of_a_refresh_are_in_its_document_too() {
    let workspace = watched("zh", ALERTS);
    let json = |line: &[&str]| workspace.run(line.iter().chain(&["--json"])).fine().json();
    assert_eq!(json(&FIRST)["alerts"], json!([]));
    let second = json(&SECOND);
    let told: Vec<_> = second["alerts"].as_array().expect("alerts").iter().collect();
    assert_eq!(told.len(), 4);
    assert_eq!((&told[0]["alert"], &told[0]["customers"]), (&json!("fell-silent"), &json!(4)));
    assert_eq!(told[3]["examples"], json!(["C01"]));
    assert_eq!(second["alerts_error"], json!(null));
    let same_day = workspace.run(SECOND).fine().out;
    assert!(!same_day.contains("预警"), "nobody has moved since: {same_day}");
}

#[test]
fn a_wrong_alert_does_not_fail_the_refresh() {
    let wrong = ALERTS.replace("to = \"churned\"", "to = \"lost\"");
    let workspace = watched("zh", &wrong);
    workspace.run(FIRST).fine();
    let ran = workspace.run(SECOND).fine();
    assert!(ran.err.contains("刷新已完成，但无法给出预警") && ran.err.contains("mine.toml"), "{}", ran.err);
    assert!(ran.out.contains("r0002") && !ran.out.contains("条预警"), "{}", ran.out);
    assert_eq!(workspace.run(["tiers", "lifecycle", "--json"]).fine().json()["run"]["id"], json!("r0002"));
}
