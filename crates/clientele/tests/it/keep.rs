//! A workspace that lives for long: what a vacuum keeps and what it drops.

use std::fs;
use std::path::Path;

use crate::support::{Ran, Workspace, fixture};

const SCHEMES: &str = "rfm-11,lifecycle,abc";

/// A shop whose orders come in day by day, each day with a refresh, as seen on that day.
struct Daily {
    workspace: Workspace,
    header: String,
    orders: Vec<String>,
}

impl Daily {
    fn new(language: &str, keep: &str) -> Self {
        let workspace = Workspace::in_language(language);
        let settings = workspace.shop().join("clientele.toml");
        let text = fs::read_to_string(&settings).expect("settings");
        fs::write(&settings, format!("{text}\n[keep]\n{keep}\n")).expect("settings");
        let text = fs::read_to_string(fixture("tiny_shop/orders.csv")).expect("orders");
        let mut lines = text.lines().map(str::to_owned);
        let header = lines.next().expect("a header");
        Daily { workspace, header, orders: lines.collect() }
    }

    /// The program on a day of 2025, at noon.
    fn on<'a>(&self, day: &str, args: impl IntoIterator<Item = &'a str>) -> Ran {
        let mut program = self.workspace.program();
        Ran::of(program.env("CLIENTELE_NOW", format!("2025-{day}T12:00:00Z")).args(args))
    }

    fn import(&self, day: &str, name: &str, orders: &[String]) {
        let text = format!("{}\n{}\n", self.header, orders.join("\n"));
        let file = self.workspace.write(name, text).display().to_string();
        self.on(day, ["import", &file]).fine();
    }

    fn refresh(&self, day: &str) {
        self.on(day, ["refresh", "--as-of", &format!("2025-{day}"), "--schemes", SCHEMES]).fine();
    }

    /// Everything that is asked about a run, byte for byte.
    fn answers(&self, run: &str) -> Vec<String> {
        let table = self.workspace.path("labels.csv").display().to_string();
        let mut answers: Vec<String> = [
            &["tiers", "--json", "--run", run][..],
            &["explain", "C10", "--run", run],
            &["explain", "C16", "--json", "--run", run],
            &["customers", "--tier", "abc=a", "--run", run],
        ]
        .into_iter()
        .map(|args| self.workspace.run(args).fine().out)
        .collect();
        for what in ["labels", "metrics"] {
            self.workspace.run(["export", what, "--to", &table, "--run", run]).fine();
            answers.push(fs::read_to_string(&table).expect("the export"));
        }
        answers
    }
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| match entry.file_type().expect("a type").is_dir() {
            true => bytes_below(&entry.path()),
            false => entry.metadata().expect("a size").len(),
        })
        .sum()
}

/// Half a year in which orders come in, change and are taken back.
fn half_a_year(language: &str, keep: &str) -> Daily {
    let shop = Daily::new(language, keep);
    let (first, later) = shop.orders.split_at(30);
    shop.import("01-10", "first.csv", first);
    shop.refresh("01-10");
    shop.import("01-20", "second.csv", &later[..10]);
    shop.refresh("01-20");
    // An order that is brought in anew, with another amount.
    let changed: Vec<String> = first[3..6].iter().map(|order| order.replace(".00,", ".50,")).collect();
    shop.import("02-05", "changed.csv", &changed);
    shop.refresh("02-05");
    shop.import("03-01", "wrong.csv", &later[10..15]);
    shop.refresh("03-01");
    shop.on("03-02", ["undo", "b0004"]).fine();
    shop.refresh("03-02");
    shop.import("06-20", "third.csv", &later[10..]);
    shop.refresh("06-20");
    shop.refresh("06-30");
    shop
}

#[test]
fn runs_that_are_kept_answer_as_before() {
    let shop = half_a_year("en", "runs = \"30 days, then one a month\"\nundo = \"all\"");
    // r0001 gives way to r0002, and r0004 to r0005.
    let kept = ["r0002", "r0003", "r0005", "r0006", "r0007"];
    let before: Vec<_> = kept.iter().map(|run| shop.answers(run)).collect();
    let place = shop.workspace.shop();

    let content = shop.workspace.content();
    let supposed = shop.on("06-30", ["vacuum", "--dry-run", "--grace", "0s", "--json"]).fine().json();
    assert_eq!(shop.workspace.content(), content, "a dry run changes nothing");
    assert_eq!(supposed["dropped"], serde_json::json!(["r0001", "r0004"]));
    let size = bytes_below(&place);
    let done = shop.on("06-30", ["vacuum", "--grace", "0s", "--json"]).fine().json();
    assert_eq!((&done["dropped"], &done["kept"]), (&supposed["dropped"], &supposed["kept"]));
    let freed = done["bytes"].as_u64().expect("bytes");
    assert!(freed > 0 && size > bytes_below(&place), "{done}");
    let told = supposed["bytes"].as_u64().expect("bytes");
    assert!(told <= freed, "what a dry run tells goes: {supposed} {done}");

    for (run, before) in kept.iter().zip(&before) {
        assert_eq!(&shop.answers(run), before, "{run}");
    }
    let gone = shop.workspace.run(["tiers", "abc", "--run", "r0004"]).failed();
    for part in ["r0004", "not kept any more", "2025-06-30", "r0003", "r0005", "[keep]"] {
        assert!(gone.err.contains(part), "{part}: {}", gone.err);
    }
    let gone = shop.workspace.run(["movement", "abc", "--from", "r0001", "--no-causes"]).failed();
    assert!(gone.err.contains("not kept any more") && gone.err.contains("r0002"), "{}", gone.err);
    let never = shop.workspace.run(["tiers", "--run", "r0099"]).failed();
    assert!(never.err.contains("there is no run"), "{}", never.err);

    // Again, there is nothing to do, and work goes on.
    let again = shop.on("06-30", ["vacuum", "--grace", "0s", "--json"]).fine().json();
    assert_eq!((&again["files"], &again["dropped"]), (&0.into(), &serde_json::json!([])));
    shop.refresh("07-01");
    assert!(shop.workspace.run(["movement", "abc"]).fine().out.contains("r0007"));
    assert_eq!(&shop.answers("r0003"), &before[1]);
}

#[test]
fn what_is_being_read_stays_for_an_hour() {
    let shop = half_a_year("en", "runs = \"1 days\"");
    let first = shop.on("06-30", ["vacuum"]).fine().out;
    assert!(first.contains("stay for those who are reading them") && first.contains("60 minutes"), "{first}");
    let done = shop.on("06-30", ["vacuum", "--grace", "0s", "--json"]).fine().json();
    assert!(done["files"].as_u64().expect("files") > 0, "{done}");
}

#[test]
fn vacuum_speaks_chinese_too() {
    let shop = Daily::new("zh", "runs = \"bald\"");
    let wrong = shop.on("06-30", ["vacuum", "--language", "zh"]).failed();
    assert!(wrong.err.contains("“bald”没有说明保留哪些刷新"), "{}", wrong.err);
    let shop = half_a_year("zh", "runs = \"1 days\"");
    let said = shop.on("06-30", ["vacuum", "--dry-run"]).fine().out;
    assert!(said.contains("将移除") && said.contains("r0001"), "{said}");
    shop.on("06-30", ["vacuum"]).fine();
    let gone = shop.workspace.run(["tiers", "abc", "--run", "r0001"]).failed();
    assert!(gone.err.contains("已不再保留"), "{}", gone.err);
}

#[test]
fn a_backup_comes_back_with_all_answers() {
    let shop = half_a_year("en", "runs = \"all\"");
    fs::create_dir_all(shop.workspace.shop().join("library/schemes")).expect("a folder");
    shop.workspace.write("shop/library/schemes/ours.txt", "no document, but ours");
    let runs = ["r0001", "r0004", "r0007"];
    let before: Vec<_> = runs.iter().map(|run| shop.answers(run)).collect();
    let to = shop.workspace.path("backup 备份").display().to_string();
    let made = shop.on("06-30", ["backup", &to, "--json"]).fine().json();
    assert_eq!(made["runs"].as_array().map(Vec::len), Some(7), "{made}");
    let saved = bytes_below(Path::new(&to));

    let again = shop.on("06-30", ["backup", &to]).failed();
    assert!(again.err.contains("is not empty") && bytes_below(Path::new(&to)) == saved, "{}", again.err);
    let inside = shop.workspace.shop().join("lake/backup").display().to_string();
    let inside = shop.on("06-30", ["backup", &inside]).failed();
    assert!(inside.err.contains("inside each other"), "{}", inside.err);
    let here = shop.workspace.run(["restore", &to]).failed();
    assert!(here.err.contains("is not empty"), "{}", here.err);

    // What comes after is not in it.
    shop.on("07-01", ["undo", "b0001"]).fine();
    shop.refresh("07-01");
    let lost = shop.workspace.shop();
    fs::rename(&lost, shop.workspace.path("lost")).expect("moved away");
    let restored = shop.workspace.run(["restore", &to]).fine();
    assert!(restored.out.contains("2025-06-30") && restored.out.contains("7 runs"), "{}", restored.out);
    for (run, before) in runs.iter().zip(&before) {
        assert_eq!(&shop.answers(run), before, "{run}");
    }
    let own = fs::read_to_string(lost.join("library/schemes/ours.txt")).expect("our own document");
    assert_eq!(own, "no document, but ours");
    shop.on("07-01", ["undo", "b0005"]).fine();
    shop.refresh("07-01");

    // Elsewhere, with the data somewhere else again.
    let (second, data) = (shop.workspace.path("second"), shop.workspace.path("data").display().to_string());
    let mut program = crate::support::program();
    let program = program.arg("--workspace").arg(&second).args(["restore", &to, "--lake", &data]);
    Ran::of(program).fine();
    assert!(Path::new(&data).join("manifest").is_dir() && !second.join("lake").exists());
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let shop = half_a_year("en", "runs = \"all\"");
    let to = shop.workspace.path("backup");
    let path = to.display().to_string();
    let third = shop.workspace.path("third").display().to_string();
    let restore = |from: &str| {
        let mut program = crate::support::program();
        Ran::of(program.args(["--workspace", &third, "restore", from])).failed().err
    };
    let nothing = restore(&path);
    assert!(nothing.contains("there is no backup at") && nothing.contains("check the place"), "{nothing}");
    shop.on("06-30", ["backup", &path]).fine();
    let list = fs::read_to_string(to.join("backup.json")).expect("the list");
    fs::remove_file(to.join("backup.json")).expect("removed");
    assert!(restore(&path).contains("take one that was finished"));
    fs::write(to.join("backup.json"), list.replacen("\"format\": 1", "\"format\": 99", 1)).expect("written");
    assert!(restore(&path).contains("install a newer release"));
    fs::write(to.join("backup.json"), &list[..list.len() / 2]).expect("written");
    assert!(restore(&path).contains("is damaged"));
    fs::write(to.join("backup.json"), &list).expect("written");
    let settings = fs::read_to_string(to.join("workspace/clientele.toml")).expect("settings");
    fs::write(to.join("workspace/clientele.toml"), settings.replace("GBP", "CNY")).expect("written");
    assert!(restore(&path).contains("clientele.toml is not what it was"));
    fs::write(to.join("workspace/clientele.toml"), settings).expect("written");
    assert!(!Path::new(&third).exists(), "nothing was begun");
    restore_of_a_damaged_lake(&to, &restore);
}

fn restore_of_a_damaged_lake(to: &Path, restore: &dyn Fn(&str) -> String) {
    let mut folders = vec![to.join("lake/orders")];
    let mut file = None;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "parquet") {
                file = Some(path);
            }
        }
    }
    let file = file.expect("a data file");
    let mut bytes = fs::read(&file).expect("bytes");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&file, bytes).expect("written");
    let said = restore(&to.display().to_string());
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(said.contains("damaged") && said.contains(&name), "{said}");
}
