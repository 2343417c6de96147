//! `forget`: asked for, confirmed, done, and there as a whole or not at all.

use std::thread::sleep;
use std::time::Instant;

use crate::support::{Dice, Running, Workspace};

#[test]
fn a_customer_is_forgotten_and_that_is_proved() {
    let workspace = Workspace::refreshed("en");
    let before = workspace.content();
    let told = workspace.run(["forget", "C16", "--dry-run"]).fine();
    assert!(told.out.starts_with("To forget 1 customer, this would happen:"), "{}", told.out);
    assert_eq!(workspace.content(), before);

    // Nobody can be asked here.
    let asked = workspace.run(["forget", "C16"]).failed();
    assert!(asked.err.contains("--yes") && asked.err.contains("nothing was done"), "{}", asked.err);
    assert_eq!(workspace.content(), before);

    let done = workspace.run(["forget", "C16", "--yes", "--json"]).fine().json();
    assert_eq!(done["customers"], 1);
    let proof = &done["proof"];
    let nothing = serde_json::json!([]);
    assert_eq!((&proof["left"], &proof["others"], &proof["workspace"]), (&nothing, &nothing, &nothing));
    for run in ["r0001", "r0002"] {
        let gone = workspace.run(["explain", "C16", "--run", run]).failed();
        assert!(gone.err.contains("C16"), "{}", gone.err);
        workspace.run(["explain", "C15", "--run", run]).fine();
    }
    // All else goes on.
    workspace.run(["undo", "b0002"]).fine();
}

#[test]
fn who_is_not_known_is_named_with_the_nearest() {
    let workspace = Workspace::tiny_shop("zh");
    let before = workspace.content();
    let failed = workspace.run(["forget", "C61", "--yes"]).failed();
    assert!(failed.err.contains("C61") && failed.err.contains("未做任何改动"), "{}", failed.err);
    let list = workspace.write("ids.csv", "customer_id\nC01\nnobody-at-all\n");
    let failed = workspace.run(["forget", "--yes", "--file", &list.display().to_string()]).failed();
    assert!(failed.err.contains("nobody-at-all"), "{}", failed.err);
    let missing = workspace.run(["forget", "--yes", "--file", "nowhere.csv"]).failed();
    assert!(missing.err.contains("nowhere.csv"), "{}", missing.err);
    assert_eq!(workspace.content(), before);
    let wrong = workspace.run(["forget", "--yes"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);

    let list = workspace.write("ids.csv", "customer_id\nC01\nC02\n");
    let done = workspace.run(["forget", "--yes", "--file", &list.display().to_string()]).fine();
    assert!(done.out.starts_with("已遗忘 2 位客户。"), "{}", done.out);
    assert!(done.out.contains("没有任何残留"), "{}", done.out);
}

/// How many bytes of the lake hold the customer's e-mail, unpacked by the program that made them.
fn holds(workspace: &Workspace) -> bool {
    workspace.run(["forget", "C16", "--dry-run"]).code == Some(0)
}

#[test]
fn killed_it_is_as_before_or_as_after() {
    let workspace = Workspace::refreshed("en");
    let started = Instant::now();
    workspace.run(["forget", "C01", "--yes"]).fine();
    let needed = started.elapsed();
    let tiers = |run: &str| workspace.run(["tiers", "abc", "--json", "--run", run]).fine().json();
    let others: Vec<String> = (2..=20).filter(|n| *n != 16).map(|n| format!("C{n:02}")).collect();
    let explain = |customer: &String| workspace.run(["explain", customer, "--scheme", "abc"]).fine().out;
    let before: Vec<String> = others.iter().take(3).map(explain).collect();
    let (with, mut dice, mut kills) = (tiers("r0001"), Dice(5), 0);
    while holds(&workspace) {
        assert_eq!(tiers("r0001"), with, "as before, whole");
        let mut running = Running::start(workspace.program().args(["forget", "C16", "--yes"]));
        sleep(needed.mul_f64(0.2 + dice.part()));
        running.kill();
        kills += 1;
        assert!(kills < 40, "it never came through");
    }
    assert!(kills > 0);
    let after: Vec<String> = others.iter().take(3).map(explain).collect();
    assert_eq!(after, before);
    let again = workspace.run(["forget", "C16", "--yes"]);
    assert!(again.code == Some(1) && again.err.contains("C16"), "{}{}", again.out, again.err);
}
