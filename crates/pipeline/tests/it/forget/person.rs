//! A person who is in every table of a workspace, and where one looks for them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use clientele_engine::{EngineSettings, Lake};
use clientele_model::progress::{Progress, Quiet};
use clientele_pipeline::Workspace;
use clientele_pipeline::act::overrides::{OverrideRequest, set as set_tier};
use clientele_pipeline::collect::{BatchOutcome, undo};
use clientele_pipeline::forget::{ForgetRequest, Forgotten, forget};
use clientele_pipeline::rows::{Value, rows};
use clientele_pipeline::session::session;
use clientele_pipeline::understand::segments::{self, ListRequest};

use crate::support::{Base, fixture, now, per_customer, root};

/// What the person is called, wherever.
pub const ID: &str = "zq-forget-0012";
pub const NAME: &str = "Theodora Quillfeather";
pub const EMAIL: &str = "theodora.q@example.org";
/// Their e-mail in the newer file.
pub const NEW_EMAIL: &str = "quillfeather@example.com";
pub const PHONE: &str = "+442079460912";
pub const ORDER: &str = "ZQORDER";

pub const SCHEMES: [&str; 3] = ["abc", "rfm-11", "lifecycle"];

pub fn quiet() -> Arc<dyn Progress> {
    Arc::new(Quiet)
}

pub fn request(customers: &[&str]) -> ForgetRequest {
    let customers = customers.iter().map(|c| (*c).to_owned()).collect();
    ForgetRequest { customers, drops_totals: false, now: now() }
}

pub async fn forgotten(base: &Base, customers: &[&str]) -> Forgotten {
    forget(&base.workspace, &request(customers), &quiet()).await.expect("they are forgotten")
}

/// A file of the fixture in which customer 1, of whom there are facts of every kind, is the person.
pub fn told(file: &str) -> String {
    let text = std::fs::read_to_string(fixture(&format!("feedback/{file}.csv"))).expect("a fixture");
    let text = text.replace("Customer 1,", &format!("{NAME},")).replace("c1@example.org", EMAIL);
    let text = text.replace("+44 20 7946 0001", "020 7946 0912");
    let order = |line: &str| if line.contains("F001") && file == "orders" { ORDER } else { "" };
    text.lines().map(|line| format!("{}{line}\n", order(line)).replace("F001", ID)).collect()
}

/// The same file as it comes later: some of what is said of the person is said anew.
pub fn told_later(file: &str) -> String {
    let text = told(file);
    let changed = |line: &str| match file {
        "customers" => line.replace(EMAIL, NEW_EMAIL),
        "orders" => line.replace("completed", "returned"),
        "events" => line.replace(",cart,", ",view,"),
        "tickets" => line.replace(",closed,", ",open,"),
        "opportunities" => line.replace(",Won,", ",Lost,"),
        "memberships" => line.replace(",gold,10,", ",gold,11,"),
        _ => line.to_owned(),
    };
    text.lines()
        .map(|line| if line.contains(ID) { changed(line) } else { line.to_owned() })
        .map(|line| line + "\n")
        .chain(["\n".to_owned()])
        .collect()
}

pub const FILES: [&str; 11] = [
    "customers",
    "orders",
    "events",
    "interactions",
    "tickets",
    "responses",
    "opportunities",
    "relations",
    "service_costs",
    "consents",
    "memberships",
];

/// A workspace that holds the person in every table, in versions, in the quarantine, in lists, by hand, and
/// in the results of runs.
pub async fn full() -> Base {
    let base = Base::new(16).await;
    for file in FILES {
        base.import_text(&format!("{file}.csv"), &told(file)).await;
    }
    lines_and_refused(&base).await;
    let run = base.refresh("2026-01-01", &SCHEMES).await;
    assert_eq!(run.customers, 60);
    // Newer versions of what is there, and the same again.
    for file in FILES {
        base.import_text(&format!("{file} again.csv"), &told_later(file)).await;
    }
    by_hand(&base).await;
    let extra = format!(
        "order_id,customer_id,ordered_at,amount,status\n{ORDER}-undone,{ID},2025-11-11,7,completed\n"
    );
    let undone = base.import_text("undone.csv", &extra).await.outcome;
    let BatchOutcome::Imported { batch: undone } = undone else { panic!("{undone:?}") };
    undo(&base.workspace, &undone, now()).await.expect("an undo");
    base.refresh("2026-02-01", &SCHEMES).await;
    base
}

/// Order lines, and rows that are refused: some are the person's, some are not.
pub async fn lines_and_refused(base: &Base) {
    let order = told("orders")
        .lines()
        .find(|line| line.contains(ID))
        .map(|line| line.split(',').next().unwrap_or_default().to_owned());
    let order = order.expect("an order of theirs");
    let lines = format!(
        "order_id,customer_id,ordered_at,sku,quantity,unit_price\n{order},{ID},2025-12-01 10:00:00,X,1,10\n\
         O9001,F002,2025-12-02 10:00:00,Y,2,5\n"
    );
    base.import_text("lines.csv", &lines).await;
    // Enough good rows for the file to be known by its values.
    let good: String = (5..25).map(|n| format!("O91{n:02},F0{n:02},2025-12-04,5,completed\n")).collect();
    let bad = format!(
        "order_id,customer_id,ordered_at,amount,status\n{good}{ORDER}-bad,{ID},2025-12-03,lots,completed\n\
         O9002,F002,2025-12-03,many,completed\nO9003,F003,someday,{EMAIL},completed\n\
         O9004,F004,someday,020 7946 0912,completed\n"
    );
    let refused = base.import_text("bad.csv", &bad).await.report.rejected;
    assert_eq!(refused, 4);
}

/// A tier set by hand for the person and one for another whose reason names the person; a rule and a list
/// with the person.
pub async fn by_hand(base: &Base) {
    let wish = |customer: &str, reason: String| OverrideRequest {
        customer: customer.into(),
        scheme: "abc".into(),
        tier: "a".into(),
        reason,
        method: None,
        by: None,
        since: None,
        until: None,
        now: now(),
    };
    for (customer, reason) in
        [(ID, format!("{NAME} promised more")), ("F002", format!("A friend of {NAME}, {EMAIL}"))]
    {
        set_tier(&base.workspace, wish(customer, reason)).await.expect("an override");
    }
    let rule = format!("customer_id in ('{ID}', 'F002') or email = '{EMAIL}'");
    let wish = segments::SegmentRequest {
        id: "named".into(),
        rule,
        name_en: None,
        name_zh: None,
        note: Some(format!("for {NAME}")),
        now: now(),
    };
    segments::define(&base.workspace, wish).await.expect("a segment");
    let file = base.folder.path().join("list.csv");
    std::fs::write(&file, format!("customer_id\n{ID}\nF002\nF003\n{NEW_EMAIL}\nnobody-here\n"))
        .expect("a list");
    let wish = ListRequest {
        id: "list".into(),
        file,
        column: None,
        by: None,
        name_en: None,
        name_zh: None,
        note: None,
        now: now(),
    };
    segments::upload(&base.workspace, wish).await.expect("a list");
    segments::evaluate(&base.workspace, &EngineSettings::default(), &[], now()).await.expect("an evaluation");
}

/// Where a program of its own finds texts below a folder.
pub fn search(folder: &Path, texts: &[&str]) -> BTreeSet<(String, String)> {
    let named = std::env::var_os("CLIENTELE_TEST_PYTHON").map(PathBuf::from);
    let usual = || std::env::home_dir().map(|home| home.join(".cache/clientele/venv/bin/python"));
    let python = named.or_else(usual).expect("a Python; `make setup` installs it");
    let program = root().join("tests/forgotten/search.py");
    let output = Command::new(python).arg(program).arg(folder).args(texts).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Vec<(String, String)> = serde_json::from_slice(&output.stdout).expect("JSON");
    found.into_iter().collect()
}

/// Orders, and what they came to, by day, in a generation.
pub async fn totals(lake: &Lake) -> Vec<Vec<Value>> {
    let session = session(&EngineSettings::default()).await.expect("a session");
    session.register_location(lake.location()).expect("a place");
    let mut all = Vec::new();
    for table in ["orders", "superseded_orders"] {
        let files = lake.files(table).await.expect("files");
        let Some(schema) = lake.schema(table).await.expect("a schema") else { continue };
        session.register_files(table, schema, &files, &[]).expect("a table");
        let sql = format!(
            "SELECT '{table}', CAST(ordered_at AS DATE), count(*), CAST(sum(amount - refunded) AS DECIMAL(38,4)), \
             count(DISTINCT order_id) FROM {table} GROUP BY 2 ORDER BY 2"
        );
        let batches = session.sql(&sql).await.expect("a query").collect().await.expect("rows");
        all.extend(rows(&batches));
    }
    all
}

pub async fn generations(workspace: &Workspace) -> Vec<Lake> {
    let lake = workspace.lake().await.expect("a lake");
    let mut all = Vec::new();
    for generation in 0..=lake.snapshot().generation() {
        all.push(lake.at(generation).await.expect("a generation"));
    }
    all
}

/// The labels of everybody else in every run.
pub async fn labels(base: &Base) -> BTreeMap<String, BTreeMap<String, Vec<Value>>> {
    let mut all = BTreeMap::new();
    let last = base.view(None).await;
    for run in last.runs.iter() {
        let view = base.view(Some(&run.id)).await;
        let columns = ["abc", "abc__computed", "rfm_11", "rfm_11__code", "lifecycle", "lifecycle__since"];
        let columns: Vec<&str> = columns.into_iter().filter(|c| view.has_label(c)).collect();
        let mut found = per_customer(&view, "labels", &columns).await;
        found.remove(ID);
        all.insert(run.id.to_string(), found);
    }
    all
}
