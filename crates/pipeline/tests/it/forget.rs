//! Forgetting: who is forgotten is gone from every byte, and what others are told stays as it was.

mod person;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clientele_engine::EngineSettings;
use clientele_model::BatchId;
use clientele_pipeline::act::overrides::{OverrideRequest, set as set_tier};
use clientele_pipeline::classify::overrides;
use clientele_pipeline::collect::{batches, undo};
use clientele_pipeline::forget::exports::{self, Content};
use clientele_pipeline::forget::{
    Fate, ForgetError, ForgetRequest, MarkKind, Outcome, forget, ids_of_file, personal, plan,
};
use clientele_pipeline::rows::{Value, rows, text};
use clientele_pipeline::session::session;

use person::*;

use crate::support::{Base, ask, now};

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
    let others: BTreeSet<(&str, MarkKind)> = proof.others.iter().map(|p| (p.at.as_str(), p.kind)).collect();
    assert_eq!(others, [("customers.email", MarkKind::Email), ("customers.name", MarkKind::Name)].into());
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
