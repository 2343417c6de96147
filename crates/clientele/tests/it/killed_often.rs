//! `kill -9` of any command of a workspace's life, at any moment: `make torture`.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Dice, Running, Workspace};

/// A command, the workspace as it is before, and what counts before and after.
struct Stage {
    line: Vec<String>,
    before: Workspace,
    needed: Duration,
    first: Value,
    last: Value,
    /// How it ends when it is done once more, and what counts then.
    again: (Option<i32>, Value),
}

/// A number from the surroundings, for whoever wants more or other moments.
fn number(name: &str, usual: u64) -> u64 {
    let Ok(text) = std::env::var(name) else { return usual };
    text.parse().unwrap_or_else(|_| panic!("{name} must be a whole number, not {text:?}"))
}

/// What counts in a workspace, without the times at which it was done.
fn answers(workspace: &Workspace) -> Value {
    let questions = [
        "batches --json",
        "tiers --json",
        "segments list --json",
        "override list --json",
        "schemes show abc --json",
    ];
    let answer = |question: &str| {
        let ran = workspace.run(question.split(' '));
        // Without a run there are no tiers; the program says so.
        let mut document = if ran.code == Some(0) { ran.json() } else { Value::from(ran.code) };
        without_times(&mut document);
        document
    };
    Value::from(questions.map(answer).to_vec())
}

fn without_times(document: &mut Value) {
    match document {
        Value::Array(items) => items.iter_mut().for_each(without_times),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| match value {
            Value::String(_) if name.ends_with("_at") => *value = Value::from("a time"),
            // A path of a passing folder.
            Value::String(text) if text.starts_with('/') => *value = Value::from("a path"),
            value => without_times(value),
        }),
        _ => {}
    }
}

fn stages() -> Vec<Stage> {
    let workspace = Workspace::new();
    let made = |folder: &str, orders: &str| {
        let line = ["generate", folder, "--customers", "400", "--orders", orders, "--no-lines"];
        workspace.run(line).fine();
    };
    made("made", "4000");
    made("newer", "4400");
    let rule = workspace.write("abc.toml", newer_abc());
    let mut stages = Vec::new();
    let mut stage = |line: &[&str]| {
        let before = workspace.copy();
        let first = answers(&before);
        let started = Instant::now();
        workspace.run(line).fine();
        let needed = started.elapsed();
        let last = answers(&workspace);
        let once_more = workspace.copy();
        let code = once_more.run(line).code;
        let again = (code, answers(&once_more));
        let line = line.iter().map(|word| (*word).to_owned()).collect();
        stages.push(Stage { line, before, needed, first, last, again });
    };
    stage(&["import", "made/orders.csv"]);
    stage(&["import", "newer/orders.csv"]);
    stage(&["refresh", "--as-of", "2025-07-01", "--schemes", "rfm-11,abc,lifecycle"]);
    stage(&["segments", "set", "big", "--rule", "monetary > 100"]);
    stage(&["refresh", "--as-of", "2025-08-01", "--schemes", "rfm-11,abc,lifecycle"]);
    let customers = workspace.run(["customers", "--tier", "abc=c", "--json"]).fine().json();
    let customer = customers["customers"][0]["customer_id"].as_str().expect("a customer").to_owned();
    stage(&["override", "set", &customer, "abc=a", "--reason", "A large order is promised."]);
    stage(&["schemes", "publish", &rule.display().to_string()]);
    stage(&["undo", "b0002"]);
    stages
}

/// The built-in ABC with another share.
fn newer_abc() -> String {
    let abc = crate::support::repository().join("library/schemes/abc.toml");
    let text = std::fs::read_to_string(abc).expect("the scheme");
    text.replace("until = 0.7", "until = 0.5").replace("version = 1\n", "version = 2\n")
}

#[test]
#[ignore = "make torture"]
fn whatever_is_killed_at_whatever_moment() {
    let (kills, seed) = (number("TORTURE_KILLS", 1000), number("TORTURE_SEED", 7));
    let stages = stages();
    let (mut dice, mut before, mut after, mut between) = (Dice(seed), 0, 0, 0);
    for number in 1..=kills {
        let place = ((dice.part() * stages.len() as f64) as usize).min(stages.len() - 1);
        let stage = &stages[place];
        let moment = stage.needed.mul_f64(1.1 * dice.part());
        let workspace = stage.before.copy();
        let mut running = Running::start(workspace.program().args(&stage.line));
        sleep(moment);
        running.kill();

        let about = format!("kill {number} of seed {seed}, after {moment:?} of {:?}", stage.line);
        let found = answers(&workspace);
        let is_after = found == stage.last;
        match (found == stage.first, is_after) {
            (true, _) => before += 1,
            (_, true) => after += 1,
            // A run counts before its segments are evaluated over it, and an evaluation is announced.
            _ if ["refresh", "segments"].contains(&stage.line[0].as_str()) => {
                between += 1;
                assert!(of_lake(&found, &stage.first) || of_lake(&found, &stage.last), "{about}: {found:#}");
            }
            _ => panic!("{about}: neither before nor after: {found:#}"),
        }
        let again = workspace.run(&stage.line);
        let (code, wanted) = match (found == stage.first, is_after) {
            (true, _) => (Some(0), &stage.last),
            (_, true) => (stage.again.0, &stage.again.1),
            _ => {
                assert_eq!(again.code, Some(0), "{about}: done again: {again:?}");
                continue;
            }
        };
        assert_eq!(again.code, code, "{about}: done again: {again:?}");
        assert_eq!(&answers(&workspace), wanted, "{about}: done again");
    }
    eprintln!("kills: {kills} before: {before} after: {after} between: {between}");
    assert!(before > 0 && after > 0, "the moments were all alike");
}

/// Whether two agree in all but segments.
fn of_lake(one: &Value, other: &Value) -> bool {
    [0, 1, 3, 4].iter().all(|place| one[place] == other[place])
}
