//! A scheduler and two executors as separate processes: the same bytes as on one machine.

use std::ffi::OsStr;
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

/// An empty workspace with few customers a bucket.
fn small_buckets(customers: &str) -> Workspace {
    let workspace = Workspace::new();
    let file = workspace.shop().join("clientele.toml");
    let text = fs::read_to_string(&file).expect("the settings");
    let small = text.replace("bucket_customers = 32768", &format!("bucket_customers = {customers}"));
    assert_ne!(small, text);
    fs::write(&file, small).expect("the settings are written");
    workspace
}

/// Real data in many small buckets, so that there is work for several executors.
fn shop() -> Workspace {
    let workspace = small_buckets("512");
    let data = repository().join("data/online_retail/online_retail.parquet");
    workspace.run(["import", &data.display().to_string()]).fine();
    workspace
}

/// A few facts of every kind for a few hundred customers, made up but not at random.
fn many_kinds() -> Workspace {
    let workspace = small_buckets("64");
    let mut files = [
        ("customers.csv", "customer_id,name,gender,city,followers,need\n".to_owned()),
        ("orders.csv", "order_id,customer_id,ordered_at,amount,category\n".to_owned()),
        ("events.csv", "event_id,customer_id,event_time,event_type,category,session_id,price\n".to_owned()),
        (
            "tickets.csv",
            "ticket_id,customer_id,opened_at,first_response_at,closed_at,type,reason,status,satisfaction\n"
                .to_owned(),
        ),
        ("responses.csv", "customer_id,answered_at,survey,question,value\n".to_owned()),
        ("relations.csv", "referrer,referred customer,relation type,since\n".to_owned()),
    ];
    for n in 0..300_u32 {
        // A customer's tickets are at different times and rated differently.
        let (day, month, hour) = (n * 7 % 28 + 1, n * 5 % 12 + 1, 9 + n / 60);
        let lines = [
            format!(
                "c{n},Name {n},{},Town {},{},{}\n",
                ["female", "male", ""][n as usize % 3],
                n % 7,
                n * 31 % 997,
                n % 4
            ),
            format!("o{n},c{},2024-{month:02}-{day:02} 09:30,{}.25,k{}\n", n * 3 % 210, n + 1, n % 5),
            format!(
                "e{n},c{},2024-{month:02}-{day:02} 18:{:02},view,k{},s{},0.1\n",
                n % 90,
                n % 60,
                n % 6,
                n / 3
            ),
            format!(
                "t{n},c{},2024-{month:02}-{day:02} {hour:02}:00,2024-{month:02}-{day:02} {hour:02}:{:02},,complaint,r{},open,{}\n",
                n % 120,
                n % 60,
                n % 3,
                n % 5 + 1
            ),
            format!("c{},2024-{month:02}-{day:02} 12:00,NPS,nps,{}\n", n % 110, n * 7 % 11),
            format!(
                "c{},c{},{},2024-{month:02}-{day:02}\n",
                n % 50,
                n * 11 % 300,
                ["referral", "follows", "knows"][n as usize % 3]
            ),
        ];
        files.iter_mut().zip(lines).for_each(|((_, text), line)| *text += &line);
    }
    for (name, text) in files {
        fs::write(workspace.path(name), text).expect("a file");
        workspace.run(["import", &workspace.path(name).display().to_string()]).fine();
    }
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

/// Generated facts of every kind, none missing, in the same small buckets.
fn everything() -> Workspace {
    let workspace = small_buckets("64");
    let made = workspace.path("made");
    let sizes = ["--customers", "300", "--orders", "3000", "--everything", "--json"];
    let told =
        workspace.run([OsStr::new("generate"), made.as_os_str()].into_iter().chain(sizes.map(OsStr::new)));
    let told = told.fine().json();
    let files = told["files"].as_array().expect("files").iter().filter_map(|file| file.as_str());
    workspace.run(std::iter::once("import").chain(files)).fine();
    workspace
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

#[test]
fn a_cluster_measures_every_kind_of_fact_alike() {
    let workspace = many_kinds();
    let cluster = Cluster::start(1);
    workspace.run(["refresh", "--as-of", "2025-01-01"]).fine();
    workspace.run(["refresh", "--as-of", "2025-01-01", "--engine", &cluster.url]).fine();
    let local = exported(&workspace, "r0001", "local");
    same(&local, &exported(&workspace, "r0002", "local"));
    let table = String::from_utf8(local[0].1.clone()).expect("text");
    let header: Vec<&str> = table.lines().next().expect("a header").split(',').collect();
    let is_known = |metric: &str| {
        let column = header.iter().position(|name| *name == metric).unwrap_or_else(|| panic!("no {metric}"));
        table.lines().skip(1).any(|line| line.split(',').nth(column).is_some_and(|value| !value.is_empty()))
    };
    for metric in
        ["views_90d", "complaints", "nps_last", "ticket_satisfaction_trend", "pagerank", "follower_count"]
    {
        assert!(is_known(metric), "{metric}");
    }
    // Nobody brought in any: nothing is said of anybody.
    for metric in ["calls_90d", "open_opportunities", "cost_to_serve"] {
        assert!(!is_known(metric), "{metric}");
    }
    // Groups are described alike too.
    for line in [
        "persona abc=a",
        "drivers nps_last --of frequency,tenure_days",
        "crosstab abc lifecycle",
        "demand abc",
        "satisfaction abc",
    ] {
        let said = |engine: &str| {
            let line = line.split_whitespace().chain(["--run", "r0001", "--json", "--engine", engine]);
            workspace.run(line).fine().json()
        };
        assert_eq!(said("local"), said(&cluster.url), "{line}");
    }

    // A segment that nobody is in has no files.
    workspace.run(["segments", "set", "nobody", "--rule", "frequency > 1000"]).fine();
    let there = ["--engine", &cluster.url];
    let members =
        workspace.run(["segments", "members", "nobody", "--json"].iter().chain(&there)).fine().json();
    assert_eq!(members["customers"].as_array().map(Vec::len), Some(0));
    workspace.run(["export", "segment:nobody", "--to", "nobody.csv"].iter().chain(&there)).fine();
    let nobody = fs::read_to_string(workspace.path("nobody.csv")).expect("the export");
    assert_eq!(nobody.lines().count(), 1, "a header: {nobody}");

    // All metrics and schemes over generated facts that leave none of them out.
    let workspace = everything();
    workspace.run(["refresh", "--as-of", "2025-07-01"]).fine();
    workspace.run(["refresh", "--as-of", "2025-07-01", "--engine", &cluster.url]).fine();
    same(&exported(&workspace, "r0001", "local"), &exported(&workspace, "r0002", "local"));
}
