//! Questions of another program: what is answered is what the commands say, whoever asks beside.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Workspace, program};

/// The answers to some lines, by id, and how the program ended.
fn ask(workspace: &Workspace, lines: &str) -> BTreeMap<String, Value> {
    let mut asked = program()
        .args(["--workspace".as_ref(), workspace.path("shop").as_os_str(), "ask".as_ref()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    asked.stdin.take().expect("a way in").write_all(lines.as_bytes()).expect("somebody who listens");
    let told = asked.wait_with_output().expect("an end");
    assert_eq!(told.status.code(), Some(0));
    let lines = String::from_utf8(told.stdout).expect("text");
    let answers = lines.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
    answers.map(|answer: Value| (answer["id"].to_string(), answer)).collect()
}

#[test]
fn answers_are_those_of_the_commands() {
    let workspace = Workspace::refreshed("en");
    let questions: [&[&str]; 8] = [
        &["tiers", "abc"],
        &["tiers"],
        &["explain", "C01", "--scheme", "lifecycle"],
        &["movement", "lifecycle"],
        &["customers", "--tier", "abc=a"],
        &["crosstab", "abc", "lifecycle"],
        &["segments", "members", "nobody"],
        &["tiers", "abc", "--run", "r0001"],
    ];
    let line = |(id, words): (usize, &&[&str])| json!({ "id": id, "ask": words }).to_string() + "\n";
    let lines: String = questions.iter().enumerate().map(line).collect();
    let answers = ask(&workspace, &lines);
    assert_eq!(answers.len(), questions.len());
    for (id, words) in questions.iter().enumerate() {
        let answer = &answers[&id.to_string()];
        let alone = workspace.run(words.iter().copied().chain(["--json"]));
        match alone.code {
            Some(0) => assert_eq!(answer["answer"], alone.json(), "{words:?}"),
            _ => {
                let told: Value = serde_json::from_str(&alone.err).expect("a document");
                assert_eq!(json!({ "error": answer["error"] }), told, "{words:?}");
            }
        }
        assert!(answer["milliseconds"].as_f64().is_some_and(|took| took > 0.0));
    }
}

#[test]
fn what_is_no_question_is_told_and_the_next_is_answered() {
    let workspace = Workspace::refreshed("en");
    let lines = "nonsense\n\n\
        {\"id\": \"wrong\", \"ask\": [\"refresh\"]}\n\
        {\"id\": \"set\", \"ask\": [\"segments\", \"set\", \"a\", \"--rule\", \"monetary > 1\"]}\n\
        {\"id\": \"unknown\", \"ask\": [\"tires\"]}\n\
        {\"id\": \"run\", \"ask\": []}\n\
        {\"id\": [7], \"ask\": [\"tiers\", \"abc\"]}";
    let answers = ask(&workspace, lines);
    let error = |id: &str| answers[id]["error"]["message"].as_str().expect("an error").to_owned();
    assert!(error("null").starts_with("this is no question"), "{}", error("null"));
    assert!(error("\"wrong\"").starts_with("only questions can be asked"));
    assert!(error("\"set\"").starts_with("only questions can be asked"));
    assert!(error("\"unknown\"").contains("unrecognized subcommand"), "{}", error("\"unknown\""));
    assert_eq!(answers["[7]"]["answer"]["run"]["id"], "r0002");
    assert_eq!(answers["\"run\""]["answer"], json!({ "run": { "id": "r0002", "as_of": "2025-08-01" } }));
    assert!(workspace.run(["segments", "list", "--json"]).fine().json()["segments"] == json!([]));
}
