//! Wrong usage ends with exit code 2 before anything is touched; a request that fails, with 1.

use crate::support::{Ran, Workspace, program};

#[track_caller]
fn refused(line: &str, says: &str) {
    let ran = Ran::of(program().args(line.split_whitespace()));
    assert_eq!(ran.code, Some(2), "{line}: {}", ran.err);
    assert_eq!(ran.out, "", "{line}");
    assert!(ran.err.contains(says), "{line}: {}", ran.err);
}

#[test]
fn wrong_usage_is_told_from_failure() {
    refused("", "Usage");
    refused("nonsense", "unrecognized subcommand");
    refused("import", "required");
    refused("init x", "--currency");
    refused("init x --currency pounds", "three-letter code");
    refused("init x --currency GBP --timezone London", "London");
    refused("refresh --as-of 01/07/2025", "write it as 2025-07-01");
    refused("customers --tier champions", "SCHEME=TIER");
    refused("import a.csv --map amount", "FIELD=COLUMN");
    refused("export everything --to x.csv", "metrics, labels or segment:NAME");
    refused("--language fr tiers", "en or zh");
    refused("--threads 0 tiers", "0");
    refused("generate x --customers ten --orders 5", "ten");
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let workspace = Workspace::new();
    let memory = workspace.run(["--memory", "lots", "tiers"]).failed();
    assert!(memory.err.contains("`lots` is no size"), "{}", memory.err);
    let engine = workspace.run(["--engine", "http://x", "refresh"]).failed();
    assert!(engine.err.contains("df://"), "{}", engine.err);
    let environment = Ran::of(workspace.program().env("CLIENTELE_LANGUAGE", "fr").arg("tiers")).failed();
    assert!(environment.err.contains("use en or zh"), "{}", environment.err);
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_workspace() {
    let workspace = Workspace::in_language("zh");
    let said = |program: &mut std::process::Command| Ran::of(program.arg("batches")).fine().out;
    assert!(said(&mut workspace.program()).contains("尚未导入"));
    assert!(said(workspace.program().env("CLIENTELE_LANGUAGE", "en")).contains("Nothing"));
    assert!(
        said(workspace.program().env("CLIENTELE_LANGUAGE", "en").args(["--language", "zh"])).contains("尚未")
    );
    let settings = workspace.shop().join("clientele.toml");
    let text = std::fs::read_to_string(&settings).expect("the settings");
    std::fs::write(&settings, text + "engine = \"df://127.0.0.1:1\"\n").expect("the settings are written");
    assert!(workspace.run(["tiers"]).failed().err.contains("127.0.0.1"));
    assert!(workspace.run(["tiers", "--engine", "local"]).failed().err.contains("refresh"));
    // The workspace itself can come from the environment or be the folder one stands in.
    let by_name = Ran::of(program().env("CLIENTELE_WORKSPACE", workspace.shop()).arg("batches")).fine();
    let from_here = Ran::of(program().current_dir(workspace.shop()).arg("batches")).fine();
    assert_eq!(by_name.out, from_here.out);
}

#[test]
fn a_name_that_is_not_there_is_answered_with_the_nearest() {
    let workspace = Workspace::refreshed("en");
    let failed = |line: &str| workspace.run(line.split_whitespace()).failed().err;
    assert!(failed("tiers rfm-1").contains("did you mean"), "{}", failed("tiers rfm-1"));
    assert!(failed("schemes show abd").contains("did you mean `abc`?"));
    assert!(failed("metrics show recency_day").contains("did you mean `recency_days`?"));
    assert!(failed("refresh --schemes abc,lifecicle").contains("did you mean `lifecycle`?"));
    assert!(failed("customers --tier abc=d").contains("its tiers are a, b, c"));
    assert!(failed("explain C99").contains("there is no customer `C99`"));
    assert!(failed("tiers --run r0009").contains("the runs are r0001, r0002"));
    assert!(failed("undo b0009").contains("clientele batches"));
    assert!(failed("export labels --to x.pdf").contains("use .csv, .parquet or .xlsx"));
}

#[test]
fn nothing_computed_yet_is_said_with_what_to_do() {
    let workspace = Workspace::new();
    assert!(workspace.run(["tiers"]).failed().err.contains("clientele refresh"));
    assert!(workspace.run(["refresh"]).failed().err.contains("clientele import"));
    let nowhere = Ran::of(program().current_dir(workspace.path("")).arg("tiers")).failed();
    assert!(nowhere.err.contains("clientele init"), "{}", nowhere.err);
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    use std::process::Stdio;
    let mut child = program()
        .args(["schemes", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// What a failure says as a document.
#[track_caller]
fn told(ran: &Ran) -> serde_json::Value {
    assert_eq!(ran.out, "");
    serde_json::from_str::<serde_json::Value>(&ran.err).expect("one document on stderr")["error"].clone()
}

#[test]
fn a_failure_is_a_document_with_a_code_and_a_cure_for_programs() {
    let workspace = Workspace::tiny_shop("zh");
    let asked = |line: &str| workspace.run(line.split_whitespace());
    let early = asked("--json tiers");
    assert_eq!(early.code, Some(1));
    let error = told(&early);
    assert_eq!(error["code"], "no-run");
    assert!(error["cure"].as_str().is_some_and(|cure| cure.contains("clientele refresh")), "{error}");
    // The same in the other language: the code stays, the sentences do not.
    let english = told(&asked("--json tiers --language en"));
    assert_eq!(english["code"], error["code"]);
    assert_ne!(english["message"], error["message"]);
    // Words that are no command, too.
    let unknown = asked("--json tires");
    assert_eq!(unknown.code, Some(2));
    let error = told(&unknown);
    assert_eq!(error["code"], "wrong-usage");
    let message = error["message"].as_str().expect("a message");
    assert!(
        message.starts_with("unrecognized subcommand 'tires'; ") && message.contains("'tiers'"),
        "{message}"
    );
    assert!(!message.contains("Usage"), "{message}");
    // A mistake in a document names its line.
    let scheme = workspace.path("wrong.toml");
    std::fs::write(&scheme, "id = \"wrong\"\nname = 7\n").expect("a file");
    let path = scheme.display().to_string();
    let error = told(&asked(&format!("--json schemes check {path}")));
    assert_eq!((&error["document"]["file"], &error["document"]["line"]), (&path.as_str().into(), &2.into()));
    // A mistake in a rule shows where.
    let error = told(&workspace.run(["--json", "segments", "set", "a", "--rule", "monetary >"]));
    assert!(error["excerpt"].as_str().is_some_and(|excerpt| excerpt.contains("monetary >")), "{error}");
}

#[test]
fn the_report_comes_as_a_document_too() {
    let workspace = Workspace::refreshed("en");
    let [page, document] = ["report.html", "report.json"].map(|name| workspace.path(name));
    for file in [&page, &document] {
        workspace.run(["report", "--out", &file.display().to_string()]).fine();
    }
    // The page keeps days whole, and writes some letters as HTML wants them.
    let page = std::fs::read_to_string(page).expect("a page").replace('\u{2011}', "-");
    let page =
        page.replace("&#x27;", "'").replace("&#x2f;", "/").replace("&quot;", "\"").replace("&amp;", "&");
    let document: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(document).expect("a document")).expect("JSON");
    assert_eq!((&document["run"], &document["as_of"]), (&"r0002".into(), &"2025-08-01".into()));
    let mut charts = Vec::new();
    each_block(&document["sections"], &mut |block| {
        let says = &block["content"];
        match block["kind"].as_str() {
            // What the page says, the document says.
            Some("says") => {
                assert!(page.contains(says.as_str().expect("a text")), "{says}")
            }
            Some("chart" | "drawing") => {
                charts.push(says["chart"]["kind"].as_str().expect("a kind").to_owned())
            }
            _ => {}
        }
    });
    assert!(
        charts.iter().any(|kind| kind == "curves") && charts.iter().any(|kind| kind == "tiles"),
        "{charts:?}"
    );
    assert_eq!(charts.len(), page.matches("class=\"drawing\"").count(), "{charts:?}");
}

fn each_block(sections: &serde_json::Value, look: &mut impl FnMut(&serde_json::Value)) {
    let none = Vec::new();
    for section in sections.as_array().unwrap_or(&none) {
        for block in section["blocks"].as_array().unwrap_or(&none) {
            look(block);
        }
        each_block(&section["parts"], look);
    }
}
