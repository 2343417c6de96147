//! What is wrong gets a message with the place and the cure, exit code 1, and an unchanged workspace.

use std::fs::{self, File};
use std::net::TcpListener;

use crate::support::{Ran, Workspace, fixture, program, repository};

/// Imports a file that cannot be imported; returns what is said.
#[track_caller]
fn refused(name: &str, content: &[u8]) -> String {
    let workspace = Workspace::tiny_shop("en");
    let before = workspace.content();
    let file = workspace.write(name, content);
    let ran = workspace.run(["import", &file.display().to_string()]).failed();
    assert!(workspace.content() == before, "{name} changed the workspace");
    assert!(ran.err.contains(name), "the file is named: {}", ran.err);
    ran.err
}

#[test]
fn an_empty_file() {
    let said = refused("empty.csv", b"");
    assert!(said.contains("empty"), "{said}");
}

#[test]
fn a_file_without_a_needed_column() {
    let said = refused("noamount.csv", b"order_id,customer_id,ordered_at\n1,A,2025-01-01\n");
    assert!(said.contains("--map") || said.contains("--source"), "{said}");
}

#[test]
fn a_file_that_is_not_what_its_name_says() {
    let said = refused("orders.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n");
    assert!(said.contains("PDF") || said.contains("not"), "{said}");
}

#[test]
fn twice_the_same_column() {
    let said = refused("twice.csv", b"order_id,customer_id,ordered_at,amount,amount\n1,A,2025-01-01,1,2\n");
    assert!(said.contains("amount"), "{said}");
}

#[test]
fn a_file_that_is_not_there() {
    let workspace = Workspace::tiny_shop("zh");
    let before = workspace.content();
    let ran = workspace.run(["import", "missing.csv"]).failed();
    assert!(ran.err.starts_with("错误：") && ran.err.contains("missing.csv"), "{}", ran.err);
    assert!(workspace.content() == before);
}

#[test]
fn two_imports_at_once() {
    let workspace = Workspace::tiny_shop("en");
    let before = workspace.content();
    // What another import does for as long as it runs.
    let lock = File::options().write(true).open(workspace.shop().join("lake/_lock")).expect("the lock");
    lock.lock().expect("the lock is free");
    let other = fixture("tiny_shop/orders.csv");
    let file = workspace.write("other.csv", fs::read_to_string(other).expect("orders").replace("A0", "B0"));
    let ran = workspace.run(["import", &file.display().to_string()]).failed();
    assert!(ran.err.contains("wait for it to finish"), "{}", ran.err);
    assert!(workspace.run(["refresh"]).failed().err.contains("wait for it to finish"));
    assert!(workspace.content() == before);
    // Readers are not kept waiting.
    workspace.run(["batches"]).fine();
    drop(lock);
    workspace.run(["import", &file.display().to_string()]).fine();
}

#[test]
fn a_workspace_of_a_newer_release() {
    let workspace = Workspace::tiny_shop("en");
    let log = workspace.shop().join("lake/manifest/_delta_log/00000000000000000000.json");
    let text = fs::read_to_string(&log).expect("the log");
    let newer = text.replace("\"lake.formatVersion\":\"1\"", "\"lake.formatVersion\":\"99\"");
    assert_ne!(newer, text);
    // Its own seal would be right; one that is changed here is taken off.
    let newer = newer.replace("\"seal\":", "\"mark\":").replace("clientele-lake", "a newer one");
    fs::write(&log, newer).expect("the log is written");
    let before = workspace.content();
    for line in [&["refresh"][..], &["tiers"], &["batches"], &["import", "x.csv"]] {
        let ran = workspace.run(line).failed();
        assert!(ran.err.contains("install a newer release"), "{line:?}: {}", ran.err);
    }
    assert!(workspace.content() == before);
}

#[test]
fn settings_with_a_mistake() {
    let workspace = Workspace::tiny_shop("en");
    let file = workspace.shop().join("clientele.toml");
    let text = fs::read_to_string(&file).expect("the settings");
    fs::write(&file, text.replace("timezone", "timezon")).expect("the settings are written");
    let ran = workspace.run(["tiers"]).failed();
    assert!(ran.err.contains("clientele.toml:") && ran.err.contains("timezon"), "{}", ran.err);
}

#[test]
fn an_own_metric_with_a_mistake() {
    let workspace = Workspace::tiny_shop("en");
    let folder = workspace.shop().join("library/metrics");
    fs::create_dir_all(&folder).expect("the folder");
    let metric = "id = \"mine\"\nversion = 1\nunit = \"money\"\nsource = \"orders\"\nexpression = \"sum(nett)\"\n\
                  absent = \"zero\"\ndirection = \"high\"\nname = { en = \"a\", zh = \"b\" }\n\
                  meaning = { en = \"a\", zh = \"b\" }\nformula = { en = \"a\", zh = \"b\" }\n\
                  absent_means = { en = \"a\", zh = \"b\" }\n";
    fs::write(folder.join("mine.toml"), metric).expect("the metric");
    let ran = workspace.run(["refresh"]).failed();
    assert!(ran.err.contains("mine.toml") && ran.err.contains("nett"), "{}", ran.err);
    fs::write(folder.join("mine.toml"), metric.replace("nett", "net")).expect("the metric");
    workspace.run(["refresh", "--as-of", "2025-07-01"]).fine();
    let shown = workspace.run(["export", "metrics", "--to", "metrics.csv"]).fine();
    assert!(shown.out.contains("20 customers"), "{}", shown.out);
    let text = fs::read_to_string(workspace.path("metrics.csv")).expect("the export");
    assert!(text.lines().next().is_some_and(|header| header.contains(",mine,")), "{text}");
}

#[test]
fn a_scheme_of_the_former_form() {
    let abc = fs::read_to_string(repository().join("library/schemes/abc.toml")).expect("a scheme");
    let former = "actions.en = [\"Call.\"]\nactions.zh = [\"致电。\"]\nmetric = ";
    for (language, problem, cure) in
        [("en", "actions stand with a tier", "cadence"), ("zh", "行动应写在各层级之下", "每条带渠道与频率")]
    {
        let workspace = Workspace::in_language(language);
        workspace.write("old.toml", abc.replacen("metric = ", former, 1));
        let said = workspace.run(["schemes", "check", "old.toml"]).failed().err;
        assert!(said.contains(problem) && said.contains(cure), "{said}");
        // The line is shown.
        assert!(said.contains("actions.en = "), "{said}");
    }
}

#[test]
fn mistakes_in_documents_are_told_in_chinese() {
    let workspace = Workspace::tiny_shop("zh");
    let abc = fs::read_to_string(repository().join("library/schemes/abc.toml")).expect("a scheme");
    for (from, to, said) in [
        ("metric = \"monetary\"", "metric = \"monetry\"", "没有指标 `monetry`"),
        ("metric = ", "metrics = ", "是不是 `metric`？"),
        ("version = 1\n", "", "缺少 `version`"),
        ("goal = ", "aim = ", "没有 `aim` 这个键"),
        ("frequency >= 1", "frequenzy >= 1", "没有列 \"frequenzy\""),
    ] {
        let text = abc.replacen(from, to, 1);
        assert_ne!(text, abc, "{from}");
        workspace.write("mine.toml", text);
        let ran = workspace.run(["schemes", "check", "mine.toml"]).failed();
        assert!(ran.err.starts_with("错误：") && ran.err.contains(said), "{from}: {}", ran.err);
    }
    // In the words of a refresh too, where two tiers claim the same customers.
    let folder = workspace.shop().join("library/schemes");
    fs::create_dir_all(&folder).expect("the folder");
    let tiers = fs::read_to_string(repository().join("library/schemes/nps.toml")).expect("a scheme");
    fs::write(folder.join("nps.toml"), tiers.replacen("min = 9", "min = 8", 1)).expect("the scheme");
    let ran = workspace.run(["refresh", "--as-of", "2025-07-01"]).failed();
    assert!(ran.err.contains("同时属于") && ran.err.contains("请只留一处"), "{}", ran.err);
}

#[test]
fn a_cluster_that_cannot_be_reached() {
    let workspace = Workspace::tiny_shop("en");
    let before = workspace.content();
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let ran = workspace.run(["refresh", "--engine", &format!("df://127.0.0.1:{port}")]).failed();
    assert!(ran.err.contains("cannot be reached"), "{}", ran.err);
    assert!(workspace.content() == before);
}

/// Nobody who may write everywhere can be told that a folder is read-only, so the program runs as
/// another user when the tests run as root.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    let workspace = Workspace::tiny_shop("en");
    let root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    let mut command = program();
    if root {
        let copy = workspace.path("clientele");
        fs::copy(env!("CARGO_BIN_EXE_clientele"), &copy).expect("a copy");
        command = std::process::Command::new(copy);
        command.uid(65_534).gid(65_534);
    }
    let orders = workspace.write("other.csv", "order_id,customer_id,ordered_at,amount\n1,A,2025-01-01,5\n");
    let mut places = vec![workspace.path(""), orders.clone(), workspace.shop()];
    places.extend(
        workspace
            .content()
            .into_keys()
            .flat_map(|file| [file.clone(), file.parent().expect("a folder").into()]),
    );
    places.push(workspace.shop().join("lake"));
    places.push(workspace.shop().join("lake/_lock"));
    let open = |places: &[std::path::PathBuf], write: u32| {
        for place in places {
            let mode = if place.is_dir() { 0o555 } else { 0o444 };
            fs::set_permissions(place, fs::Permissions::from_mode(mode | write)).expect("permissions");
        }
    };
    // From the files up to the folders, so that none is shut before what it holds.
    places.sort_by_key(|place| std::cmp::Reverse(place.components().count()));
    let before = workspace.content();
    open(&places, 0);
    if root {
        fs::set_permissions(workspace.path("clientele"), fs::Permissions::from_mode(0o555))
            .expect("permissions");
    }
    let ran = Ran::of(command.arg("--workspace").arg(workspace.shop()).arg("import").arg(&orders));
    open(&places, 0o200);
    let ran = ran.failed();
    assert!(ran.err.contains("check the permissions") || ran.err.contains("permission"), "{}", ran.err);
    assert!(workspace.content() == before);
}

/// A disk that takes no more: the program may not make a file larger than some kilobytes.
#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more() {
    let workspace = Workspace::refreshed("en");
    let before = workspace.content();
    let rows: String = (0..20_000u32)
        .map(|i| {
            format!(
                "X{i},C{},2025-03-{:02} 10:00:00,{}.{:02}\n",
                i * 7919 % 5000,
                1 + i % 28,
                i % 977,
                i % 100
            )
        })
        .collect();
    let file = workspace.write("many.csv", format!("order_id,customer_id,ordered_at,amount\n{rows}"));
    for blocks in [1, 8, 32] {
        // The signal that would end the program is left alone, as with a disk that is full.
        let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = std::process::Command::new("bash");
        command.args(["-c", &line, env!("CARGO_BIN_EXE_clientele"), "--language", "en"]);
        command.arg("--workspace").arg(workspace.shop()).arg("import").arg(&file);
        let ran = Ran::of(&mut command).failed();
        assert!(ran.err.contains("free space") || ran.err.contains("too large"), "{blocks}: {}", ran.err);
        assert!(ran.err.contains("lake"), "the place is named: {}", ran.err);
        assert_eq!(workspace.run(["batches"]).fine().out.matches("many.csv").count(), 0);
    }
    // What was begun is cleaned up by the next writer, and nothing else has changed.
    workspace.run(["import", &file.display().to_string()]).fine();
    workspace.run(["undo", "b0003"]).fine();
    for (file, content) in before {
        let is_log = file.components().any(|c| c.as_os_str() == "_delta_log");
        if is_log || file.extension().is_some_and(|e| e == "parquet") {
            assert!(fs::read(&file).is_ok_and(|now| now == content), "{} has changed", file.display());
        }
    }
}

#[test]
fn a_field_of_a_gigabyte() {
    use std::io::Write as _;

    let workspace = Workspace::tiny_shop("en");
    let path = workspace.write("long.csv", "order_id,customer_id,ordered_at,amount\n1,A,2025-01-01,5\n2,\"");
    let mut file = File::options().append(true).open(&path).expect("the file");
    let part = vec![b'x'; 64 << 20];
    (0..16).for_each(|_| file.write_all(&part).expect("a part of the field"));
    file.write_all(b"\",2025-01-01,5\n").expect("the end");
    drop(file);
    let before = workspace.content().into_iter().filter(|(name, _)| *name != path).collect::<Vec<_>>();
    let ran = workspace.run(["import", &path.display().to_string()]).failed();
    assert!(ran.err.contains("long.csv") && ran.err.contains('3'), "file and row: {}", ran.err);
    fs::remove_file(&path).expect("the file goes");
    assert!(workspace.content().into_iter().collect::<Vec<_>>() == before);
}
