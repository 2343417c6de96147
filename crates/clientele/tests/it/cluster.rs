//! A scheduler and two executors as separate processes: the same bytes as on one machine.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Running, Workspace, program, repository};

struct Cluster {
    url: String,
    executors: Vec<Running>,
    _scheduler: Running,
    _folders: Vec<tempfile::TempDir>,
}

impl Cluster {
    fn start(executors: usize) -> Cluster {
        let at = free_address();
        let scheduler = Running::start(program().args(["cluster", "scheduler", "--bind", &at.to_string()]));
        wait_for(at);
        let mut cluster = Cluster {
            url: format!("df://{at}"),
            executors: Vec::new(),
            _scheduler: scheduler,
            _folders: Vec::new(),
        };
        for _ in 0..executors {
            let folder = tempfile::tempdir().expect("a folder");
            let own = free_address();
            let executor = Running::start(
                program()
                    .args(["cluster", "executor", "--scheduler", &at.to_string(), "--bind", &own.to_string()])
                    .arg("--work-dir")
                    .arg(folder.path()),
            );
            wait_for(own);
            cluster.executors.push(executor);
            cluster._folders.push(folder);
        }
        // They listen a moment before the scheduler knows of them.
        sleep(Duration::from_secs(2));
        cluster
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

fn wait_for(at: SocketAddr) {
    let started = Instant::now();
    while TcpStream::connect(at).is_err() {
        assert!(started.elapsed() < Duration::from_secs(30), "nobody listens at {at}");
        sleep(Duration::from_millis(100));
    }
}

/// Real data in many small buckets, so that there is work for several executors.
fn shop() -> Workspace {
    let workspace = Workspace::new();
    let file = workspace.shop().join("clientele.toml");
    let text = fs::read_to_string(&file).expect("the settings");
    let small = text.replace("bucket_customers = 32768", "bucket_customers = 512");
    assert_ne!(small, text);
    fs::write(&file, small).expect("the settings are written");
    let data = repository().join("data/online_retail/online_retail.parquet");
    workspace.run(["import", &data.display().to_string()]).fine();
    workspace
}

fn exported(workspace: &Workspace, run: &str, engine: &str) -> Vec<(String, Vec<u8>)> {
    let files = ["metrics.csv", "metrics.parquet", "labels.csv", "labels.parquet"];
    files
        .map(|file| {
            let what = file.split('.').next().unwrap_or_default();
            workspace.run(["export", what, "--run", run, "--engine", engine, "--to", file]).fine();
            (file.to_owned(), fs::read(workspace.path(file)).expect("the export"))
        })
        .into()
}

#[track_caller]
fn same(local: &[(String, Vec<u8>)], other: &[(String, Vec<u8>)]) {
    for ((file, local), (_, other)) in local.iter().zip(other) {
        assert!(local == other, "{file} differs");
    }
}

const REFRESH: [&str; 3] = ["refresh", "--as-of", "2011-12-10"];

#[test]
fn a_cluster_gives_the_local_result_and_survives_the_loss_of_an_executor() {
    let workspace = shop();
    workspace.run(REFRESH).fine();
    let local = exported(&workspace, "r0001", "local");

    let mut cluster = Cluster::start(2);
    let on_cluster: Vec<&str> = REFRESH.into_iter().chain(["--engine", &cluster.url]).collect();
    let started = Instant::now();
    workspace.run(&on_cluster).fine();
    let needed = started.elapsed();
    same(&local, &exported(&workspace, "r0002", "local"));
    // Computed here and read there.
    same(&local, &exported(&workspace, "r0001", &cluster.url));

    // One executor dies in the middle of a run: the run is right, or fails and leaves no trace.
    let before = workspace.content();
    let running = std::thread::scope(|scope| {
        let run = scope.spawn(|| workspace.run(&on_cluster));
        sleep(needed.mul_f64(0.4));
        cluster.executors[0].kill();
        run.join().expect("the run ends")
    });
    match running.code {
        Some(0) => same(&local, &exported(&workspace, "r0003", "local")),
        _ => {
            let failed = running.failed();
            assert!(failed.err.contains("cluster"), "{}", failed.err);
            assert_eq!(workspace.run(["tiers", "--json"]).fine().json()["run"]["id"], "r0002");
            assert!(
                workspace
                    .content()
                    .keys()
                    .filter(|f| f.ends_with("_delta_log"))
                    .eq(before.keys().filter(|f| f.ends_with("_delta_log")))
            );
        }
    }
    // The executor that is left does the work alone, once the other is known to be gone.
    workspace.run(&on_cluster).fine();
    let last = workspace.run(["tiers", "--json"]).fine().json()["run"]["id"].clone();
    same(&local, &exported(&workspace, last.as_str().expect("a run"), "local"));
}
