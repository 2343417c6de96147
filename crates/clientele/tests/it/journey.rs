//! One command after the other, from an empty folder to taking it all back.

use std::fs;

use crate::support::{Ran, Workspace, fixture, program, repository};

#[test]
fn from_init_to_undo() {
    let workspace = Workspace::new();
    let orders = fixture("tiny_shop/orders.csv").display().to_string();
    let import = workspace.run(["import", &orders]).fine();
    assert!(import.out.contains("imported as batch b0001"), "{}", import.out);
    assert!(import.out.contains("recognised as generic-orders"), "{}", import.out);
    assert!(import.out.contains("62 rows read"), "{}", import.out);

    // The same file again changes nothing.
    let before = workspace.content();
    let again = workspace.run(["import", &orders]).fine();
    assert!(again.out.contains("is batch b0001 already"), "{}", again.out);
    assert_eq!(workspace.content(), before);

    workspace.run(["refresh", "--as-of", "2025-07-01"]).fine();
    let tiers = workspace.run(["tiers", "lifecycle"]).fine();
    assert!(tiers.out.contains("Active"), "{}", tiers.out);
    let explained = workspace.run(["explain", "C10"]).fine();
    assert!(explained.out.contains("345"), "{}", explained.out);
    let alone = workspace.run(["movement", "abc"]).failed();
    assert!(alone.err.contains("refresh again later"), "{}", alone.err);

    let report = workspace.run(["report"]).fine();
    assert!(report.out.contains("report.html"), "{}", report.out);
    let page = fs::read_to_string(workspace.shop().join("report.html")).expect("the report");
    assert!(page.contains("<html"), "{}", &page[..200]);
    workspace.run(["export", "labels", "--to", "labels.xlsx"]).fine();

    let undone = workspace.run(["undo", "b0001"]).fine();
    assert!(undone.out.contains("Took back batch b0001"), "{}", undone.out);
    let batches = workspace.run(["batches"]).fine();
    assert!(batches.out.contains("undone"), "{}", batches.out);
    let empty = workspace.run(["refresh"]).failed();
    assert!(empty.err.contains("no customers"), "{}", empty.err);
    // What was computed before is still there to look at, and says that it is of before.
    let still = workspace.run(["tiers", "lifecycle"]).fine().out;
    assert!(still.starts_with(tiers.out.trim_end()), "{still}");
    let told = "The data have changed since run r0001 (b0001 taken back, of which this still speaks): run \
                `clientele refresh`.";
    assert!(still.trim_end().ends_with(told), "{still}");

    let back = workspace.run(["import", &orders]).fine();
    assert!(back.out.contains("imported as batch b0002"), "{}", back.out);
}

#[test]
fn every_answer_over_a_run_says_that_the_data_have_changed_since() {
    let workspace = Workspace::refreshed("en");
    let asked = [
        "tiers abc",
        "tiers",
        "customers --where abc=a",
        "explain C02",
        "persona abc=a",
        "crosstab abc lifecycle",
        "demand abc",
        "satisfaction abc",
        "export labels --to labels.csv",
        "report",
        "segments count frequency>=2",
    ];
    let ran = |line: &str| workspace.run(line.split(' '));
    let told = "b0001 taken back, of which this still speaks";
    let fresh: Vec<&str> =
        asked.into_iter().filter(|line| ran(line).out.contains("changed since run")).collect();
    assert_eq!(fresh, Vec::<&str>::new(), "nothing has changed yet");
    workspace.run(["undo", "b0001"]).fine();
    for line in asked {
        let shown = ran(line);
        if shown.code == Some(0) {
            assert!(
                shown.out.contains(told) && shown.out.contains("`clientele refresh`"),
                "{line}: {}",
                shown.out
            );
        }
    }
    let document = ran("tiers abc --json").fine().json();
    assert_eq!(document["stale"]["undone"], serde_json::json!(["b0001"]));
    assert!(document["stale"]["message"].as_str().is_some_and(|says| says.contains("refresh")), "{document}");
    let page = fs::read_to_string(workspace.shop().join("report.html")).expect("the report");
    assert!(page.contains("b0001 taken back"), "the report says so too");

    // A later run of what there is now is the cure.
    workspace.run(["refresh", "--as-of", "2025-07-01"]).fine();
    assert!(!ran("tiers abc").fine().out.contains("changed since"));
    let old = ran("tiers abc --run r0001").fine().out;
    assert!(old.contains("run r0003 has what there is now"), "{old}");
}

#[test]
fn a_trial_leaves_no_trace() {
    let workspace = Workspace::new();
    let before = workspace.content();
    let orders = fixture("tiny_shop/orders.csv").display().to_string();
    let trial = workspace.run(["import", "--dry-run", &orders]).fine();
    assert!(trial.out.contains("would be imported"), "{}", trial.out);
    assert_eq!(workspace.content(), before);
}

#[test]
fn refused_rows_come_back_corrected() {
    let workspace = Workspace::new();
    let orders = "order_id,customer_id,ordered_at,amount,status\n\
                  1,A,2025-01-01,10.00,completed\n\
                  2,A,someday,20.00,completed\n\
                  3,B,2025-01-03,much,completed\n";
    let file = workspace.write("orders.csv", orders);
    let import = workspace.run(["import", &file.display().to_string()]).fine();
    assert!(import.out.contains("2 rejected"), "{}", import.out);
    let listed = workspace.run(["quarantine", "list"]).fine();
    assert!(listed.out.contains("ordered_at = someday"), "{}", listed.out);
    workspace.run(["quarantine", "export", "b0001", "--to", "refused.csv"]).fine();
    let refused = fs::read_to_string(workspace.path("refused.csv")).expect("the file");
    workspace.write("refused.csv", refused.replace("someday", "2025-01-02").replace("much", "30.00"));
    let corrected = workspace.run(["import", "refused.csv"]).fine();
    assert!(corrected.out.contains("0 rejected"), "{}", corrected.out);
    workspace.run(["refresh", "--as-of", "2025-02-01"]).fine();
    let tiers = workspace.run(["tiers", "abc", "--json"]).fine().json();
    let revenue: f64 = tiers["schemes"][0]["tiers"]
        .as_array()
        .expect("tiers")
        .iter()
        .filter_map(|tier| tier["revenue"].as_f64())
        .sum();
    assert_eq!(revenue, 60.0);
}

#[test]
fn generated_shops_are_recognised_and_lose_no_row() {
    let workspace = Workspace::new();
    workspace.run(["generate", "made", "--customers", "200", "--orders", "2000", "--seed", "3"]).fine();
    for (file, rows) in [("customers.csv", 200), ("order_lines.csv", 0), ("orders.csv", 2000)] {
        let import = workspace.run(["import", "--json", &format!("made/{file}")]).fine().json();
        let report = &import["batches"][0]["report"];
        assert_eq!(report["rejected"], 0, "{file}");
        if rows > 0 {
            assert_eq!(report["rows_read"], rows, "{file}");
        }
    }
    let parquet = [
        "generate",
        "packed",
        "--customers",
        "200",
        "--orders",
        "2000",
        "--seed",
        "3",
        "--format",
        "parquet",
    ];
    workspace.run(parquet).fine();
    let again = workspace.run(["import", "--json", "packed/orders.parquet"]).fine().json();
    assert_eq!(again["batches"][0]["report"]["unchanged"], 2000, "the same orders in another format");
}

#[test]
fn built_in_schemes_are_proved_and_a_broken_one_is_not() {
    let workspace = Workspace::new();
    let abc = repository().join("library/schemes/lifecycle.toml");
    let sound = workspace.run(["schemes", "check", &abc.display().to_string()]).fine();
    assert!(sound.out.starts_with('✔'), "{}", sound.out);

    let text = fs::read_to_string(repository().join("library/schemes/rfm-11.toml")).expect("the scheme");
    // 155 now belongs to two tiers and 545 to none.
    let broken = text.replace("\"555\", \"554\"", "\"555\", \"155\", \"554\"").replace("\"545\", ", "");
    let file = workspace.write("broken.toml", broken);
    let ran = workspace.run(["schemes", "check", &file.display().to_string()]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let said = ran.out + &ran.err;
    assert!(said.contains("545") || said.contains("155"), "{said}");

    let typo =
        workspace.write("typo.toml", text.replace("method = \"quantiles\"", "methode = \"quantiles\""));
    let ran = workspace.run(["schemes", "check", &typo.display().to_string()]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("typo.toml"), "{}", ran.err);
}

#[test]
fn a_workspace_is_made_only_once() {
    let workspace = Workspace::new();
    let again = Ran::of(program().arg("init").arg(workspace.shop()).args(["--currency", "GBP"])).failed();
    assert!(again.err.contains("is a workspace already"), "{}", again.err);
}
