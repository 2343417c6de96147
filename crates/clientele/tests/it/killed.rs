//! `kill -9` at many points: the workspace is as before or as after, and work goes on.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Dice, Running, Workspace};

const TIMES: usize = 14;

/// A workspace with a shop that takes long enough to be caught in the act.
fn shop() -> Workspace {
    let workspace = Workspace::new();
    workspace.run(["generate", "made", "--customers", "3000", "--orders", "40000", "--no-lines"]).fine();
    workspace
}

/// The batches that count.
fn live(workspace: &Workspace) -> Vec<String> {
    let document = workspace.run(["batches", "--json"]).fine().json();
    let batches = document["batches"].as_array().expect("batches").clone();
    let live = batches.iter().filter(|batch| batch["undone_at"].is_null());
    live.filter_map(|batch| batch["batch"].as_str().map(str::to_owned)).collect()
}

/// Starts a command and kills it after a part of the time that it needs.
fn kill_after(workspace: &Workspace, line: &[&str], after: Duration) {
    let mut running = Running::start(workspace.program().args(line));
    sleep(after);
    running.kill();
}

#[test]
fn an_import_is_there_as_a_whole_or_not_at_all() {
    let workspace = shop();
    let import = ["import", "made/orders.csv"];
    let started = Instant::now();
    workspace.run(import).fine();
    let needed = started.elapsed();
    workspace.run(["undo", "b0001"]).fine();

    let (mut dice, mut before, mut after) = (Dice(7), 0, 0);
    for _ in 0..TIMES {
        kill_after(&workspace, &import, needed.mul_f64(1.1 * dice.part()));
        match live(&workspace).as_slice() {
            [] => before += 1,
            [batch] => {
                after += 1;
                let document = workspace.run(["batches", "--json"]).fine().json();
                let rows = document["batches"]
                    .as_array()
                    .and_then(|b| b.last())
                    .map(|b| b["report"]["accepted"].clone());
                assert_eq!(rows, Some(Value::from(40_000)));
                workspace.run(["undo", batch]).fine();
            }
            several => panic!("one file became several batches: {several:?}"),
        }
    }
    assert_eq!(before + after, TIMES);
    assert!(before > 0, "no import was caught in the act");
    let last = workspace.run(import).fine();
    assert!(last.out.contains("40000 accepted") || last.out.contains("40,000 accepted"), "{}", last.out);
    workspace.run(["refresh", "--as-of", "2025-07-01", "--schemes", "abc"]).fine();
}

#[test]
fn a_refresh_is_there_as_a_whole_or_not_at_all() {
    let workspace = shop();
    workspace.run(["import", "made/orders.csv"]).fine();
    let refresh = ["refresh", "--as-of", "2025-07-01", "--schemes", "rfm-11,abc,lifecycle"];
    let started = Instant::now();
    workspace.run(refresh).fine();
    let needed = started.elapsed();
    let tiers = |workspace: &Workspace| workspace.run(["tiers", "--json"]).fine().json();
    let first = tiers(&workspace);

    let (mut dice, mut last, mut before) = (Dice(11), 1, 0);
    for _ in 0..TIMES {
        kill_after(&workspace, &refresh, needed.mul_f64(1.1 * dice.part()));
        let now = tiers(&workspace);
        assert_eq!(now["schemes"], first["schemes"], "a run that counts is a whole one");
        let run = now["run"]["id"].as_str().and_then(|id| id.trim_start_matches('r').parse::<u32>().ok());
        let run = run.expect("a run");
        assert!(run == last || run == last + 1, "run {run} after {last}");
        before += u32::from(run == last);
        last = run;
    }
    assert!(before > 0, "no refresh was caught in the act");
    workspace.run(refresh).fine();
    assert_eq!(tiers(&workspace)["schemes"], first["schemes"]);
    workspace.run(["undo", "b0001"]).fine();
    workspace.run(["import", "made/orders.csv"]).fine();
}
