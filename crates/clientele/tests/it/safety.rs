//! What is not the workspace's stays as it is, and what is the workspace's and was damaged is noticed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Ran, Workspace, fixture, program};

/// The data files of a table of the lake, in order.
fn data_files(workspace: &Workspace, table: &str) -> Vec<PathBuf> {
    let folder = workspace.shop().join("lake").join(table);
    workspace
        .content()
        .into_keys()
        .filter(|path| path.starts_with(&folder) && path.extension().is_some_and(|e| e == "parquet"))
        .filter(|path| !path.components().any(|part| part.as_os_str() == "_delta_log"))
        .collect()
}

/// Overwrites some bytes in the middle of a file.
fn overwrite(file: &Path) {
    let mut bytes = fs::read(file).expect("the file");
    let middle = bytes.len() / 3;
    let until = (middle + 2000).min(bytes.len() / 2);
    bytes[middle..until].fill(0x55);
    fs::write(file, bytes).expect("the file is overwritten");
}

fn check<'a>(document: &'a Value, name: &str) -> &'a Value {
    let checks = document["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no check {name}"))
}

#[test]
fn a_workspace_is_not_made_over_other_things() {
    let workspace = Workspace::new();
    let place = workspace.path("公司 data");
    let log = place.join("sales/_delta_log");
    fs::create_dir_all(&log).expect("a folder");
    let table = log.join("00000000000000000000.json");
    fs::write(&table, "{\"commitInfo\":{}}").expect("a table");
    for (language, said) in [("en", "holds other things"), ("zh", "已有其他内容")] {
        let ran = Ran::of(
            program()
                .args(["init", "--currency", "CNY", "--timezone", "Asia/Shanghai", "--language", language])
                .arg("--lake")
                .arg(&place)
                .arg(workspace.path("another")),
        )
        .failed();
        assert!(ran.err.contains(said) && ran.err.contains("sales/_delta_log"), "{}", ran.err);
        assert!(ran.err.contains("公司 data"), "{}", ran.err);
    }
    assert_eq!(fs::read_to_string(&table).expect("the table"), "{\"commitInfo\":{}}");
    assert!(!workspace.path("another/clientele.toml").exists());
    // Emptied, the same command ends well.
    fs::remove_dir_all(place.join("sales")).expect("it goes");
    let line = ["init", "--currency", "CNY", "--timezone", "Asia/Shanghai"];
    Ran::of(program().args(line).arg("--lake").arg(&place).arg(workspace.path("another"))).fine();
    // A second workspace is not put over a lake with data.
    let orders = fixture("tiny_shop/orders.csv");
    Ran::of(program().arg("--workspace").arg(workspace.path("another")).arg("import").arg(orders)).fine();
    let ran = Ran::of(program().args(line).arg("--lake").arg(&place).arg(workspace.path("third"))).failed();
    assert!(ran.err.contains("clientele.toml") && ran.err.contains("--lake"), "{}", ran.err);
}

#[test]
fn an_init_that_was_cut_off_can_be_repeated() {
    let workspace = Workspace::new();
    let [settings, draft] = ["clientele.toml", ".clientele.toml.new"].map(|name| workspace.shop().join(name));
    fs::rename(settings, draft).expect("the settings have not got their name yet");
    let line = ["init", "--currency", "GBP", "--timezone", "Europe/London", "--language", "en"];
    Ran::of(program().args(line).arg(workspace.shop())).fine();
    workspace.run(["doctor"]).fine();
}

#[test]
fn the_doctor_names_what_is_not_the_lakes() {
    let workspace = Workspace::refreshed("en");
    let lake = workspace.shop().join("lake");
    let folder = lake.join("sales/_delta_log");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("00000000000000000000.json"), "{}").expect("a file");
    fs::write(lake.join("orders/笔记.txt"), "mine").expect("a file");
    workspace.run(["refresh", "--as-of", "2025-08-02"]).fine();
    let document = workspace.run(["doctor", "--json"]).fine().json();
    let said = check(&document, "foreign")["detail"].as_str().expect("a text").to_owned();
    assert!(said.contains("orders/笔记.txt") && said.contains("sales/_delta_log"), "{said}");
    assert!(said.contains("left alone"), "{said}");
    assert_eq!(fs::read_to_string(lake.join("orders/笔记.txt")).expect("it is there"), "mine");
    let zh = workspace.run(["doctor", "--language", "zh"]).fine().out;
    assert!(zh.contains("不属于数据湖"), "{zh}");
}

#[test]
fn a_damaged_result_is_noticed_and_made_anew_to_the_same_bytes() {
    let workspace = Workspace::refreshed("en");
    let tiers = |workspace: &Workspace| workspace.run(["tiers", "--json"]).fine().out;
    let (before, content) = (tiers(&workspace), workspace.content());
    for table in ["labels", "metrics"] {
        let file = data_files(&workspace, table).pop().expect("a file of the last run");
        let whole = fs::read(&file).expect("the file");
        assert!(file.display().to_string().contains("run=r0002"), "{}", file.display());
        for damage in ["overwritten", "missing", "cut off"] {
            match damage {
                "overwritten" => overwrite(&file),
                "missing" => fs::remove_file(&file).expect("it goes"),
                _ => fs::write(&file, &whole[..whole.len() - 100]).expect("it is cut"),
            }
            // Never a wrong answer.
            let question = if table == "labels" {
                vec!["tiers", "rfm-11"]
            } else {
                vec!["export", "metrics", "--to", "m.csv"]
            };
            let ran = workspace.run(&question);
            assert_eq!(ran.code, Some(1), "{table} {damage}: {}", ran.out);
            assert!(ran.err.contains("refresh --again r0002"), "{table} {damage}: {}", ran.err);
            assert!(ran.err.contains(table) && !ran.err.contains("backtrace"), "{}", ran.err);
            let zh = workspace.run(question.iter().chain(&["--language", "zh"])).err;
            assert!(zh.contains("已损坏") && zh.contains("refresh --again r0002"), "{zh}");
            // The doctor sees it, the quick one what sizes tell.
            let deep = workspace.run(["doctor", "--deep", "--json"]);
            assert_eq!(deep.code, Some(1), "{}", deep.out);
            let said = check(&deep.json(), "files")["detail"].to_string();
            assert!(said.contains("run=r0002") && said.contains("refresh --again r0002"), "{said}");
            let quick = workspace.run(["doctor", "--json"]);
            assert_eq!(quick.code == Some(0), damage == "overwritten", "{damage}: {}", quick.out);
            // And it can be cured.
            let mended = workspace.run(["refresh", "--again", "r0002"]).fine().out;
            assert!(mended.contains("1 damaged file of run r0002"), "{mended}");
            assert_eq!(fs::read(&file).expect("the file"), whole, "{table} {damage}");
            workspace.run(["doctor", "--deep"]).fine();
        }
    }
    assert_eq!(tiers(&workspace), before);
    assert!(workspace.content() == content, "nothing else has changed");
    let nothing = workspace.run(["refresh", "--again", "r0001"]).fine().out;
    assert!(nothing.contains("nothing was changed"), "{nothing}");
    let none = workspace.run(["refresh", "--again", "r0009"]).failed().err;
    assert!(none.contains("no such run"), "{none}");
}

#[test]
fn a_damaged_batch_is_noticed_and_can_be_brought_in_again() {
    let workspace = Workspace::refreshed("en");
    let tiers = |workspace: &Workspace| {
        let document = workspace.run(["tiers", "--json"]).fine().json();
        document["schemes"].clone()
    };
    let before = tiers(&workspace);
    overwrite(&data_files(&workspace, "orders")[0]);
    let refused = workspace.run(["refresh", "--as-of", "2025-08-01"]).failed().err;
    assert!(refused.contains("belongs to batch b0002") && refused.contains("undo b0002"), "{refused}");
    let deep = workspace.run(["doctor", "--deep"]);
    assert!(deep.code == Some(1) && deep.out.contains("undo b0002"), "{}", deep.out);
    workspace.run(["undo", "b0002"]).fine();
    workspace.run([std::ffi::OsStr::new("import"), fixture("tiny_shop/orders.csv").as_ref()]).fine();
    workspace.run(["refresh", "--as-of", "2025-08-01"]).fine();
    assert_eq!(tiers(&workspace), before);
}

#[test]
fn a_damaged_log_is_told_with_its_place() {
    for table in ["manifest", "orders", "labels", "runs"] {
        let workspace = Workspace::refreshed("en");
        let log = workspace.shop().join("lake").join(table).join("_delta_log");
        let newest = fs::read_dir(&log).expect("a log").map(|e| e.expect("an entry").path());
        let newest =
            newest.filter(|path| path.extension().is_some_and(|e| e == "json")).max().expect("an entry");
        let text = fs::read(&newest).expect("the entry");
        for length in [0, text.len() / 2, text.len() - 1] {
            fs::write(&newest, &text[..length]).expect("it is cut");
            for line in [&["doctor", "--deep"][..], &["refresh", "--as-of", "2025-08-01"], &["tiers"]] {
                let ran = workspace.run(line);
                let said = format!("{}{}", ran.out, ran.err);
                if table == "orders" && line == ["tiers"] {
                    continue;
                }
                assert_eq!(ran.code, Some(1), "{table}, {length}, {line:?}: {said}");
                assert!(said.contains(&format!("lake/{table}")), "the place is named: {line:?} {said}");
                assert!(said.contains("backup"), "the cure is named: {line:?} {said}");
                assert!(!said.contains("backtrace") && !said.contains(".rs:"), "{line:?} {said}");
            }
        }
        fs::write(&newest, &text).expect("it is whole");
        workspace.run(["doctor", "--deep"]).fine();
    }
}

#[test]
fn a_writer_can_be_told_to_wait() {
    let workspace = Workspace::tiny_shop("en");
    let lock = fs::File::options().write(true).open(workspace.shop().join("lake/_lock")).expect("the lock");
    lock.lock().expect("the lock is free");
    let at_once = workspace.run(["undo", "b0001"]).failed().err;
    assert!(at_once.contains("--wait"), "{at_once}");
    assert!(workspace.run(["undo", "b0001", "--wait", "1s"]).failed().err.contains("--wait"));
    assert!(workspace.run(["undo", "b0001", "--wait", "soon"]).failed().err.contains("30s"));
    let waiting = workspace.program().args(["undo", "b0001", "--wait", "2m"]).spawn().expect("it starts");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    drop(lock);
    let ended = waiting.wait_with_output().expect("it ends");
    assert!(ended.status.success());
}

#[test]
fn an_own_library_that_cannot_be_read_is_an_error() {
    let workspace = Workspace::tiny_shop("en");
    let library = workspace.shop().join("library");
    for (shelf, line) in [
        ("metrics", &["refresh"][..]),
        ("schemes", &["refresh"]),
        ("sources", &["import", "x.csv"]),
        ("questionnaires", &["import", "x.csv"]),
    ] {
        workspace.write("x.csv", "order_id,customer_id,ordered_at,amount\n1,A,2025-01-01,5\n");
        fs::remove_dir_all(&library).ok();
        fs::create_dir_all(&library).expect("a folder");
        // Not a folder, which no permission can hide from whoever may read everything.
        fs::write(library.join(shelf), "not a folder").expect("a file");
        let said = workspace.run(line).failed().err;
        assert!(said.contains(&format!("library/{shelf}")), "{shelf}: {said}");
    }
}

#[test]
fn an_absurd_exchange_rate_is_an_error() {
    let workspace = Workspace::tiny_shop("en");
    let file = workspace.shop().join("clientele.toml");
    let text = fs::read_to_string(&file).expect("the settings");
    fs::write(&file, format!("{text}\n[rates]\nUSD = \"79228162514264337593543950335\"\n"))
        .expect("settings");
    let orders = "order_id,customer_id,ordered_at,amount,currency\n1,A,2025-01-01,5,USD\n";
    let orders = workspace.write("usd.csv", orders);
    let ran = workspace.run([std::ffi::OsStr::new("import"), orders.as_ref()]).failed();
    assert!(ran.err.contains("clientele.toml:") && ran.err.contains("no rate"), "{}", ran.err);
    // A rate within bounds, and an amount that it makes absurd.
    fs::write(&file, format!("{text}\n[rates]\nUSD = \"1000000\"\n")).expect("settings");
    let orders = "order_id,customer_id,ordered_at,amount,currency\n1,A,2025-01-01,999999999999,USD\n\
                  2,A,2025-01-02,5,USD\n";
    let orders = workspace.write("usd.csv", orders);
    let ran = workspace.run([std::ffi::OsStr::new("import"), orders.as_ref()]).fine();
    assert!(ran.out.contains("1 rejected"), "{}", ran.out);
}

#[test]
fn a_lake_of_an_earlier_release_answers_the_same_and_goes_on() {
    let (earlier, now) = (Workspace::new(), Workspace::refreshed("en"));
    fs::remove_dir_all(earlier.shop()).expect("an empty workspace");
    copy(&fixture("earlier_lake"), &earlier.shop());
    let tiers = |workspace: &Workspace| workspace.run(["tiers", "--json"]).fine().json()["schemes"].clone();
    for day in ["2025-07-01", "2025-08-01"] {
        earlier.run(["refresh", "--as-of", day]).fine();
    }
    assert_eq!(tiers(&earlier), tiers(&now));
    earlier.run(["doctor", "--deep"]).fine();
    // Its files have no checksums, but one that is cut off is noticed.
    let file = data_files(&earlier, "orders").remove(0);
    let whole = fs::read(&file).expect("the file");
    fs::write(&file, &whole[..whole.len() - 50]).expect("it is cut");
    let said = earlier.run(["refresh", "--as-of", "2025-08-02"]).failed().err;
    assert!(said.contains("belongs to batch b0002"), "{said}");
    fs::write(&file, &whole).expect("it is whole");
    earlier.run(["undo", "b0002"]).fine();
    earlier.run([std::ffi::OsStr::new("import"), fixture("tiny_shop/orders.csv").as_ref()]).fine();
    earlier.run(["refresh", "--as-of", "2025-08-01"]).fine();
    assert_eq!(tiers(&earlier), tiers(&now));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).expect("a copy");
        }
    }
}
