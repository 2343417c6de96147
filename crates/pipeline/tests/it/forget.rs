//! Forgetting: who is forgotten is gone from every byte, and what others are told stays as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use clientele_engine::{EngineSettings, Lake};
use clientele_model::BatchId;
use clientele_pipeline::Workspace;
use clientele_pipeline::act::overrides::{OverrideRequest, set as set_tier};
use clientele_pipeline::classify::overrides;
use clientele_pipeline::collect::{BatchOutcome, batches, undo};
use clientele_pipeline::forget::exports::{self, Content};
use clientele_pipeline::forget::{
    Fate, ForgetError, ForgetRequest, Forgotten, Kind, Outcome, forget, ids_of_file, personal, plan,
};
use clientele_pipeline::progress::{Progress, Quiet};
use clientele_pipeline::rows::{Value, rows, text};
use clientele_pipeline::session::session;
use clientele_pipeline::understand::segments::{self, ListRequest};

use crate::support::{Base, ask, fixture, now, per_customer, root};

/// What the person is called, wherever.
const ID: &str = "zq-forget-0012";
const NAME: &str = "Theodora Quillfeather";
const EMAIL: &str = "theodora.q@example.org";
/// Their e-mail in the newer file.
const NEW_EMAIL: &str = "quillfeather@example.com";
const PHONE: &str = "+442079460912";
const ORDER: &str = "ZQORDER";

const SCHEMES: [&str; 3] = ["abc", "rfm-11", "lifecycle"];

fn quiet() -> Arc<dyn Progress> {
    Arc::new(Quiet)
}

fn request(customers: &[&str]) -> ForgetRequest {
    let customers = customers.iter().map(|c| (*c).to_owned()).collect();
    ForgetRequest { customers, drops_totals: false, now: now() }
}

async fn forgotten(base: &Base, customers: &[&str]) -> Forgotten {
    forget(&base.workspace, &request(customers), &quiet()).await.expect("they are forgotten")
}

/// A file of the fixture in which customer 1, of whom there are facts of every kind, is the person.
fn told(file: &str) -> String {
    let text = std::fs::read_to_string(fixture(&format!("feedback/{file}.csv"))).expect("a fixture");
    let text = text.replace("Customer 1,", &format!("{NAME},")).replace("c1@example.org", EMAIL);
    let text = text.replace("+44 20 7946 0001", "020 7946 0912");
    let order = |line: &str| if line.contains("F001") && file == "orders" { ORDER } else { "" };
    text.lines().map(|line| format!("{}{line}\n", order(line)).replace("F001", ID)).collect()
}

/// The same file as it comes later: some of what is said of the person is said anew.
fn told_later(file: &str) -> String {
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

const FILES: [&str; 11] = [
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
async fn full() -> Base {
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
async fn lines_and_refused(base: &Base) {
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
async fn by_hand(base: &Base) {
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
fn search(folder: &Path, texts: &[&str]) -> BTreeSet<(String, String)> {
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
async fn totals(lake: &Lake) -> Vec<Vec<Value>> {
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

async fn generations(workspace: &Workspace) -> Vec<Lake> {
    let lake = workspace.lake().await.expect("a lake");
    let mut all = Vec::new();
    for generation in 0..=lake.snapshot().generation() {
        all.push(lake.at(generation).await.expect("a generation"));
    }
    all
}

/// The labels of everybody else in every run.
async fn labels(base: &Base) -> BTreeMap<String, BTreeMap<String, Vec<Value>>> {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_forgotten_is_in_no_byte_of_any_version() {
    let base = full().await;
    let place = base.workspace.folder();
    let texts = [ID, NAME, EMAIL, NEW_EMAIL, PHONE, "7946 0912", ORDER];
    let before = search(place, &texts);
    let tables: BTreeSet<&str> = before.iter().filter_map(|(file, _)| file.split('/').nth(1)).collect();
    // Otherwise the search would prove nothing. The graph and lines know numbers only, evaluations and cut
    // points name nobody here.
    let missing: Vec<&str> = personal::all()
        .iter()
        .filter(|data| !matches!(data.knows, personal::Knows::Nobody(_)))
        .map(|data| data.table)
        .filter(|table| !tables.contains(table))
        .collect();
    let expected = [
        "own_customers",
        "superseded_order_lines",
        "superseded_interactions",
        "superseded_responses",
        "superseded_opportunity_stages",
        "superseded_relations",
        "superseded_consents",
        "superseded_service_costs",
        "graph",
        "segment_evaluations",
        "runs",
    ];
    assert_eq!(missing, expected);
    for text in texts {
        assert!(before.iter().any(|(_, found)| found == text), "{text} is nowhere to begin with");
    }
    let (old_totals, old_labels) = {
        let mut all = Vec::new();
        for lake in generations(&base.workspace).await {
            all.push(totals(&lake).await);
        }
        (all, labels(&base).await)
    };

    let done = forgotten(&base, &[ID]).await;
    assert_eq!(done.customers, 1);
    let proof = done.proof.expect("a proof");
    assert_eq!((proof.left, proof.others, proof.workspace), (vec![], vec![], vec![]));
    assert!(proof.files > 100, "{}", proof.files);
    let orders = done.tables.iter().find(|share| share.table == "orders").expect("orders");
    assert_eq!(orders.outcome, Outcome::Anonymous);
    assert!(orders.rows > 1, "{orders:?}");

    assert_eq!(search(place, &texts), BTreeSet::new());
    for (lake, old) in generations(&base.workspace).await.iter().zip(&old_totals) {
        assert_eq!(&totals(lake).await, old, "generation {}", lake.snapshot().generation());
    }
    assert_eq!(labels(&base).await, old_labels);
    // Every run still answers, and knows nothing of the person.
    let view = base.view(Some(&"r0001".into())).await;
    assert!(view.customer(ID).await.is_err());
    let known = view.customer("F002").await.expect("a customer");
    view.explain(&known, view.scheme("abc").expect("a scheme")).await.expect("a receipt");
    // A reason that named the person is there without.
    let lake = base.workspace.lake().await.expect("a lake");
    let set = overrides::list(&lake, &view.session).await.expect("overrides");
    assert_eq!(set.iter().map(|o| o.reason.as_str()).collect::<Vec<_>>(), ["A friend of …, …"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_goes_on_after_a_forgetting() {
    let base = full().await;
    forgotten(&base, &[ID]).await;
    // Batches that held the person can be taken back, newest first or not.
    let all = batches::batches(&base.workspace).await.expect("batches");
    let orders: Vec<BatchId> = all
        .iter()
        .filter(|info| info.grain == "order" && info.undone_at.is_none())
        .map(|info| info.batch.clone())
        .collect();
    for batch in &orders {
        undo(&base.workspace, batch, now()).await.unwrap_or_else(|error| panic!("{batch}: {error}"));
    }
    let lake = base.workspace.lake().await.expect("a lake");
    assert!(totals(&lake).await.iter().all(|row| text(&row[0]) != "superseded_orders"));
    // The numbers of overrides are not given twice.
    let wish = OverrideRequest {
        customer: "F002".into(),
        scheme: "abc".into(),
        tier: "a".into(),
        reason: "a reason".into(),
        method: None,
        by: None,
        since: None,
        until: None,
        now: now(),
    };
    let set = set_tier(&base.workspace, wish).await.expect("an override");
    assert_eq!(set.id, "o0003");
    // A file that still holds them brings in a new customer.
    base.import_text("back.csv", &format!("customer_id,name,email\n{ID},{NAME},{EMAIL}\n")).await;
    base.refresh("2026-03-01", &SCHEMES).await;
    let view = base.view(None).await;
    let found = ask(&view, &format!("SELECT count(*) FROM metrics WHERE customer_id = '{ID}'")).await;
    assert_eq!(found, [[Value::Int(1)]]);
    forgotten(&base, &[ID]).await;
    assert_eq!(search(base.workspace.folder(), &[ID, NAME, EMAIL]), BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn totals_go_when_that_is_asked_for() {
    let base = Base::tiny_shop().await;
    let count = async |base: &Base| {
        let lake = base.workspace.lake().await.expect("a lake");
        totals(&lake).await.iter().map(|row| if let Value::Int(n) = row[2] { n } else { 0 }).sum::<i64>()
    };
    let all = count(&base).await;
    let wish = ForgetRequest { drops_totals: true, ..request(&["C16"]) };
    let done = forget(&base.workspace, &wish, &quiet()).await.expect("they are forgotten");
    let orders = done.tables.iter().find(|share| share.table == "orders").expect("orders");
    assert_eq!(orders.outcome, Outcome::Removed);
    assert!(orders.rows > 0);
    assert_eq!(count(&base).await, all - orders.rows as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_known_stops_everything() {
    let base = Base::tiny_shop().await;
    let generation = base.workspace.lake().await.expect("a lake").snapshot().generation();
    let failed = |names: &[&str]| {
        let (workspace, request) = (base.workspace.clone(), request(names));
        async move { forget(&workspace, &request, &quiet()).await.expect_err("nobody is forgotten") }
    };
    let error = failed(&["C01", "C0l", "somebody"]).await;
    let ForgetError::Unknown { names } = &error else { panic!("{error}") };
    assert_eq!(names[0].0, "C0l");
    assert!(names[0].1.as_deref().is_some_and(|near| near.starts_with("C0")), "{names:?}");
    assert_eq!(names[1], ("somebody".to_owned(), None));
    assert!(error.to_string().contains("nothing was done"), "{error}");
    assert!(matches!(failed(&[]).await, ForgetError::Nobody));
    let lake = base.workspace.lake().await.expect("a lake");
    assert_eq!(lake.snapshot().generation(), generation);

    // An id of two sources has to be told with its source.
    let hubspot = "Record ID,First name,Last name,Email,Phone number,Job title,Company name,City,State/Region,\
                   Country/Region,Lifecycle stage,Lead status,Contact owner,Deals\n\
                   501,Ann,Lee,ann@x.com,,Buyer,Acme,London,,UK,customer,Open deal,kim@co.com,3\n";
    base.import_text("hubspot.csv", hubspot).await;
    let ids = keys(&base, "source = 'hubspot'").await;
    let id = ids[0].split_once(':').expect("a source").1.to_owned();
    base.import_text("more.csv", &format!("customer_id,name,email\n{id},Some Body,s@example.com\n")).await;
    let both = keys(&base, &format!("customer_id = '{id}'")).await;
    assert_eq!(both.len(), 2, "{both:?}");
    let error = failed(&[&id]).await;
    assert!(matches!(&error, ForgetError::Ambiguous { .. }), "{error}");
    assert!(error.to_string().contains("default, hubspot"), "{error}");
    assert_eq!(forgotten(&base, &[&both[0]]).await.customers, 1);
    assert_eq!(keys(&base, &format!("customer_id = '{id}'")).await, both[1..]);
}

/// Source and id of customers.
async fn keys(base: &Base, condition: &str) -> Vec<String> {
    let known = base.workspace.lake().await.expect("a lake");
    let session = session(&EngineSettings::default()).await.expect("a session");
    session.register_location(known.location()).expect("a place");
    let files = known.files("customer_keys").await.expect("files");
    let schema = known.schema("customer_keys").await.expect("a schema").expect("a table");
    session.register_files("k", schema, &files, &[]).expect("a table");
    let sql = format!("SELECT source || ':' || customer_id FROM k WHERE {condition} ORDER BY 1");
    let batches = session.sql(&sql).await.expect("a query").collect().await.expect("rows");
    rows(&batches).map(|row| text(&row[0])).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_changes_nothing_and_tells_what_would_go() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &SCHEMES).await;
    let before = search_of_everything(base.workspace.folder());
    let told = plan(&base.workspace, &request(&["C16"]), &quiet()).await.expect("a plan");
    assert_eq!(search_of_everything(base.workspace.folder()), before);
    let done = forgotten(&base, &["C16"]).await;
    assert_eq!((told.customers, &told.tables), (1, &done.tables));
    let rows: BTreeMap<&str, u64> = told.tables.iter().map(|share| (share.table, share.rows)).collect();
    assert_eq!((rows["customer_keys"], rows["metrics"], rows["labels"]), (1, 1, 1), "{rows:?}");
}

/// Names and sizes of all files but the lock.
fn search_of_everything(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        match entry.path() {
            path if path.is_dir() => found.extend(search_of_everything(&path)),
            path if path.ends_with("_lock") => {}
            path => {
                found.insert(path, entry.metadata().expect("a size").len());
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_have_too_is_left_to_them_and_told() {
    let base = Base::new(16).await;
    let customers = "customer_id,name,email,phone\nperson-one,Ada Byron,family@example.com,+44 20 7946 0001\n\
                     person-two,Ada Byron,family@example.com,+44 20 7946 0002\n";
    base.import_text("customers.csv", customers).await;
    let done = forgotten(&base, &["person-one"]).await;
    assert_eq!(done.alike.len(), 1, "{:?}", done.alike);
    assert!(done.alike[0].ends_with(":person-two"), "{:?}", done.alike);
    let proof = done.proof.expect("a proof");
    assert_eq!(proof.left, []);
    let others: BTreeSet<(&str, Kind)> = proof.others.iter().map(|p| (p.at.as_str(), p.kind)).collect();
    assert_eq!(others, [("customers.email", Kind::Email), ("customers.name", Kind::Name)].into());
    let place = base.workspace.folder();
    assert_eq!(search(place, &["person-one", "442079460001"]), BTreeSet::new());
    assert!(!search(place, &["person-two"]).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exports_are_made_anew() {
    use clientele_pipeline::act::export::{ExportFormat, What, export};
    let base = full().await;
    let view = base.view(None).await;
    let file = |name: &str| base.folder.path().join(name);
    for name in ["labels.csv", "labels.parquet", "labels.xlsx", "touched.csv"] {
        let format = ExportFormat::of(&file(name), false).expect("a format");
        export(&view, What::Labels, &file(name), format, &quiet()).await.expect("an export");
        let content =
            Content::Export { what: "labels".into(), run: view.run.id.clone(), byte_order_mark: false };
        exports::note(&base.workspace, &file(name), content).expect("a note");
    }
    let touched = std::fs::read_to_string(file("touched.csv")).expect("an export") + "a note of mine\n";
    std::fs::write(file("touched.csv"), &touched).expect("a change");
    // What nobody noted is only told.
    std::fs::write(base.workspace.folder().join("notes.txt"), format!("call {NAME}")).expect("notes");

    let done = forgotten(&base, &[ID]).await;
    let fates: BTreeMap<String, Fate> = done
        .exports
        .iter()
        .map(|done| (done.file.file_name().unwrap_or_default().to_string_lossy().into_owned(), done.fate))
        .collect();
    let expected = [
        ("labels.csv", Fate::Remade),
        ("labels.parquet", Fate::Remade),
        ("labels.xlsx", Fate::Remade),
        ("touched.csv", Fate::Changed),
    ];
    assert_eq!(fates, expected.map(|(name, fate)| (name.to_owned(), fate)).into());
    assert_eq!(std::fs::read_to_string(file("touched.csv")).expect("it is there"), touched);
    std::fs::remove_file(file("touched.csv")).expect("it goes");
    let mut found = search(base.folder.path(), &[ID]);
    found.retain(|(path, _)| path.starts_with("labels."));
    assert_eq!(found, BTreeSet::new());
    let others = std::fs::read_to_string(file("labels.csv")).expect("it is there");
    assert_eq!(others.lines().count(), 60, "a head, and everybody else");
    let proof = done.proof.expect("a proof");
    assert_eq!(proof.workspace.iter().map(|p| p.at.as_str()).collect::<Vec<_>>(), ["notes.txt"]);
}

#[test]
fn a_file_of_ids_is_read_with_or_without_a_head() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ids.csv");
    for (content, expected) in
        [("C01\nC02\n", vec!["C01", "C02"]), ("customer_id,why\nC01,asked\nC02,\n", vec!["C01", "C02"])]
    {
        std::fs::write(&file, content).expect("a file");
        assert_eq!(ids_of_file(&file).expect("ids"), expected, "{content}");
    }
    std::fs::write(&file, "").expect("a file");
    assert!(matches!(ids_of_file(&file), Err(ForgetError::File { .. })));
    assert!(matches!(ids_of_file(Path::new("/nowhere/ids.csv")), Err(ForgetError::File { .. })));
}
