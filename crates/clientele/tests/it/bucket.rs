//! The lake in an object store: a bucket of moto, which speaks S3.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{Ran, Running, Workspace, fixture, program};

/// A server with one empty bucket, `shop`.
struct Store {
    address: String,
    _server: Running,
}

impl Store {
    /// None, with a visible line, where `make setup` has not been.
    fn start() -> Option<Store> {
        let named = std::env::var_os("CLIENTELE_TEST_PYTHON").map(PathBuf::from);
        // A mistaken name must not pass for a machine without it.
        assert!(named.as_ref().is_none_or(|python| python.exists()), "CLIENTELE_TEST_PYTHON names {named:?}");
        let usual = || std::env::home_dir().map(|home| home.join(".cache/clientele/venv/bin/python"));
        let Some(python) = named.or_else(usual).filter(|python| python.exists()) else {
            eprintln!("SKIPPED: no Python; `make setup` installs it, CLIENTELE_TEST_PYTHON names it");
            return None;
        };
        let mut server = Running(
            Command::new(&python)
                .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .expect("moto"),
        );
        let address = address(&mut server.0);
        let store = Store { address, _server: server };
        let make = "import boto3, sys; \
                    boto3.client('s3', endpoint_url=sys.argv[1]).create_bucket(Bucket='shop')";
        Ran::of(store.reached(Command::new(python).args(["-c", make, &store.address]))).fine();
        Some(store)
    }

    /// A command that finds the store as it would find S3.
    fn reached<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("AWS_ACCESS_KEY_ID", "key")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ENDPOINT", &self.address)
            .env("AWS_ALLOW_HTTP", "true")
    }

    fn run<const N: usize>(&self, workspace: &Workspace, args: [&str; N]) -> Ran {
        Ran::of(self.reached(workspace.program().args(args)))
    }
}

/// Where the server listens; what else it says is read on, so that it never waits for a reader.
fn address(server: &mut Child) -> String {
    let mut lines = BufReader::new(server.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    let found = lines.find_map(|line| line.split_once("Running on ").map(|(_, at)| at.trim().to_owned()));
    std::thread::spawn(move || lines.for_each(drop));
    found.expect("moto listens")
}

/// What a command answers with `--json`, without what tells one run of a test from another.
fn answer(ran: &Ran) -> Value {
    let mut document = ran.json();
    if let Some(run) = document.get_mut("run").and_then(Value::as_object_mut) {
        run.remove("made_at");
    }
    document
}

#[test]
fn a_shop_in_a_bucket_is_as_on_the_disk() {
    let Some(store) = Store::start() else { return };
    let (near, far) = (Workspace::tiny_shop("en"), Workspace::new());
    let shop = far.shop();
    std::fs::remove_dir_all(&shop).expect("an empty workspace");
    let settings = ["--currency", "GBP", "--timezone", "Europe/London", "--lake", "s3://shop/lake"];
    let init = || Ran::of(store.reached(program().arg("init").arg(&shop).args(settings)));
    init().fine();
    for file in ["tiny_shop/customers.csv", "tiny_shop/orders.csv"] {
        let path = fixture(file);
        store.run(&far, ["import", path.to_str().expect("a path")]).fine();
    }
    let refresh = ["refresh", "--as-of", "2025-07-01", "--schemes", "rfm-11,abc"];
    near.run(refresh).fine();
    store.run(&far, refresh).fine();

    assert!(!shop.join("lake").exists(), "nothing of the lake is on the disk");
    for question in [["tiers", "rfm-11", "--json"], ["explain", "C01", "--json"]] {
        let (there, at_home) = (store.run(&far, question).fine(), near.run(question).fine());
        assert_eq!(answer(&there), answer(&at_home), "{question:?}");
    }
    let export = ["export", "labels", "--to", "labels.csv"];
    near.run(export).fine();
    store.run(&far, export).fine();
    let labels = |workspace: &Workspace| std::fs::read(workspace.path("labels.csv")).expect("labels");
    assert_eq!(labels(&far), labels(&near), "byte by byte");

    let forget = ["forget", "C16", "--yes", "--json"];
    near.run(forget).fine();
    let done = store.run(&far, forget).fine().json();
    assert_eq!(done["proof"]["left"], serde_json::json!([]));
    let text = String::from_utf8(labels(&far)).expect("text");
    assert!(!text.contains("C16") && text.contains("C15"), "the export was made anew");
    assert_eq!(labels(&far), labels(&near), "byte by byte");
    store.run(&far, ["explain", "C16"]).failed();
    for question in [["tiers", "rfm-11", "--json"], ["explain", "C01", "--json"]] {
        let (there, at_home) = (store.run(&far, question).fine(), near.run(question).fine());
        assert_eq!(answer(&there), answer(&at_home), "{question:?}");
    }
    // What is not kept goes from the bucket; what is kept goes from one place in it to another and back.
    store.run(&far, refresh).fine();
    let file = shop.join("clientele.toml");
    let text = std::fs::read_to_string(&file).expect("settings");
    std::fs::write(&file, format!("{text}\n[keep]\nruns = \"0 days\"\n")).expect("settings");
    let held = store.run(&far, ["vacuum", "--json"]).fine().json();
    assert_eq!(held["dropped"], serde_json::json!(["r0001"]));
    assert!(held["held_files"].as_u64() > Some(0) && held["files"] == 0, "{held}");
    let cleared = store.run(&far, ["vacuum", "--grace", "0s", "--json"]).fine().json();
    assert_eq!(cleared["files"], held["held_files"]);
    store.run(&far, ["backup", "s3://shop/backup"]).fine();
    let taken = store.run(&far, ["backup", "s3://shop/lake/inside"]).failed();
    assert!(taken.err.contains("inside each other"), "{}", taken.err);
    let second = far.path("second");
    let restore = ["restore", "s3://shop/backup", "--lake"];
    let to = |place: &str| {
        let mut program = program();
        Ran::of(store.reached(program.arg("--workspace").arg(&second).args(restore).arg(place)))
    };
    let taken = to("s3://shop/lake").failed();
    assert!(taken.err.contains("s3://shop/lake/ is not empty"), "{}", taken.err);
    to("s3://shop/second").fine();
    let mut asked = program();
    let asked = store.reached(asked.arg("--workspace").arg(&second).args(["tiers", "rfm-11", "--json"]));
    assert_eq!(Ran::of(asked).fine().json(), store.run(&far, ["tiers", "rfm-11", "--json"]).fine().json());
}

#[test]
fn a_batch_in_a_bucket_is_taken_back_and_a_bucket_out_of_reach_is_told() {
    let Some(store) = Store::start() else { return };
    let workspace = Workspace::new();
    let shop = workspace.shop();
    std::fs::remove_dir_all(&shop).expect("an empty workspace");
    let settings = ["--currency", "GBP", "--timezone", "Europe/London", "--lake", "s3://shop/lake"];
    Ran::of(store.reached(program().arg("init").arg(&shop).args(settings))).fine();
    let orders = fixture("tiny_shop/orders.csv");
    let orders = orders.to_str().expect("a path");
    store.run(&workspace, ["import", orders]).fine();
    let again = store.run(&workspace, ["import", orders, "--json"]).fine().json();
    assert_eq!(again["batches"][0]["report"]["accepted"], 0, "the same file changes nothing");
    store.run(&workspace, ["undo", "b0001"]).fine();
    let empty = store.run(&workspace, ["refresh", "--as-of", "2025-07-01"]).failed();
    assert!(empty.err.contains("there are no customers yet"), "{}", empty.err);

    let nowhere = Ran::of(
        store.reached(&mut workspace.program()).env("AWS_ENDPOINT", "http://127.0.0.1:9").arg("tiers"),
    );
    let nowhere = nowhere.failed();
    assert!(nowhere.err.contains("s3://shop/lake") || nowhere.err.contains("127.0.0.1:9"), "{}", nowhere.err);
}
