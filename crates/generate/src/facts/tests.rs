use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use clientele_model::progress::{Progress, Quiet};
use clientele_model::spec::Questionnaire;

use super::super::{Format, GenerateError, GenerateRequest, Generated, generate};
use super::Facts;

fn request(facts: Facts) -> GenerateRequest {
    let currency = "GBP".parse().expect("a currency");
    GenerateRequest {
        customers: 400,
        orders: 5_000,
        seed: 5,
        format: Format::Csv,
        currency,
        lines: true,
        facts,
        questionnaires: questionnaires(),
    }
}

/// Those that come with the product.
#[expect(clippy::disallowed_methods, reason = "tests know where their crate lies")]
fn questionnaires() -> Vec<Questionnaire> {
    let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR").expect("set while tests run");
    let folder = Path::new(&crate_folder).join("../../library/questionnaires");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("the library").map(|e| e.expect("a file").path()).collect();
    files.sort();
    let parse = |file: &std::path::PathBuf| {
        let text = fs::read_to_string(file).expect("a text");
        Questionnaire::parse(&file.display().to_string(), &text).expect("a questionnaire")
    };
    files.iter().map(parse).collect()
}

fn make(request: &GenerateRequest) -> (tempfile::TempDir, Generated) {
    let folder = tempfile::tempdir().expect("a folder");
    let progress: Arc<dyn Progress> = Arc::new(Quiet);
    let made = generate(folder.path(), request, &progress).expect("data");
    (folder, made)
}

/// The rows of a file, each as its values by column.
fn rows(folder: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(folder.join(file)).expect("the file");
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
    let header: Vec<String> = lines.next().expect("a header").collect();
    lines
        .map(|line| {
            let row: BTreeMap<String, String> = header.iter().cloned().zip(line).collect();
            assert_eq!(row.len(), header.len(), "{file}: {row:?}");
            row
        })
        .collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    assert!(!values.is_empty(), "nothing to take the mean of");
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn makes_as_many_rows_of_each_kind_as_were_asked_for() {
    let facts = Facts::everything(400);
    let (folder, made) = make(&request(facts));
    assert_eq!(rows(folder.path(), "customers.csv").len() as u64, 400 + facts.prospects);
    let wanted = [
        ("events", facts.events),
        ("interactions", facts.interactions),
        ("tickets", facts.tickets),
        ("responses", facts.responses),
        ("opportunities", facts.opportunities),
        ("relations", facts.relations),
        ("consents", facts.consents),
        ("memberships", facts.memberships),
        ("service_costs", facts.service_costs),
    ];
    for (table, count) in wanted {
        assert_eq!(rows(folder.path(), &format!("{table}.csv")).len() as u64, count, "{table}");
        assert!(made.facts.contains(&(table.to_owned(), count)), "{table}: {:?}", made.facts);
    }
    assert_eq!(made.files.len(), 13);
}

#[test]
fn the_same_seed_gives_the_same_bytes_also_of_facts() {
    for format in [Format::Csv, Format::Parquet] {
        let asked = |seed| GenerateRequest { seed, format, ..request(Facts::everything(400)) };
        let [(a, made), (b, _), (c, _)] = [make(&asked(7)), make(&asked(7)), make(&asked(8))];
        for file in &made.files {
            let name = file.file_name().expect("a name");
            let read = |folder: &tempfile::TempDir| fs::read(folder.path().join(name)).expect("the file");
            assert!(read(&a) == read(&b), "{name:?} differs");
            assert!(read(&a) != read(&c), "{name:?} does not depend on the seed");
        }
    }
}

#[test]
fn events_alone_leave_orders_and_customers_as_they_are() {
    let (plain, _) = make(&request(Facts::default()));
    let (more, _) = make(&request(Facts { events: 10_000, ..Facts::default() }));
    for file in ["orders.csv", "order_lines.csv", "customers.csv"] {
        let read = |folder: &tempfile::TempDir| fs::read(folder.path().join(file)).expect("the file");
        assert!(read(&plain) == read(&more), "{file} differs");
    }
}

#[test]
fn purchases_on_the_site_are_orders() {
    let (folder, _) = make(&request(Facts::everything(400)));
    let orders: BTreeSet<(String, String)> = rows(folder.path(), "orders.csv")
        .into_iter()
        .map(|row| (row["customer_id"].clone(), row["ordered_at"].clone()))
        .collect();
    let events = rows(folder.path(), "events.csv");
    let purchases: Vec<_> = events.iter().filter(|row| row["kind"] == "purchase").collect();
    assert!(purchases.len() > 500, "only {} purchases", purchases.len());
    for row in purchases {
        let key = (row["customer_id"].clone(), row["occurred_at"].clone());
        assert!(orders.contains(&key), "{key:?} is no order");
    }
    assert!(events.iter().all(|row| ("2022-07-01".."2025-07-01").contains(&row["occurred_at"].as_str())));
}

#[test]
fn who_complains_is_less_pleased_and_who_buys_more_does_more() {
    let (folder, _) = make(&request(Facts::everything(400)));
    let tickets = rows(folder.path(), "tickets.csv");
    let by: BTreeSet<&String> =
        tickets.iter().filter(|row| row["kind"] == "complaint").map(|row| &row["customer_id"]).collect();
    let answers = rows(folder.path(), "responses.csv");
    let nps = |complained: bool| {
        let of = answers.iter().filter(|row| row["survey"] == "nps");
        mean(
            of.filter(|row| by.contains(&row["customer_id"]) == complained)
                .map(|row| row["value"].parse::<f64>().expect("a number")),
        )
    };
    assert!(nps(true) + 0.5 < nps(false), "{} against {}", nps(true), nps(false));

    let count = |file: &str| {
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        rows(folder.path(), file)
            .into_iter()
            .for_each(|row| *counts.entry(row["customer_id"].clone()).or_default() += 1.0);
        counts
    };
    let (orders, events) = (count("orders.csv"), count("events.csv"));
    let of = |often: bool| {
        mean(
            events
                .iter()
                .filter(|(c, _)| (orders.get(*c).is_some_and(|n| *n >= 12.0)) == often)
                .map(|(_, n)| *n),
        )
    };
    assert!(of(true) > 1.5 * of(false), "{} against {}", of(true), of(false));
}

#[test]
fn nobody_is_related_to_themselves_or_twice_alike() {
    let (folder, _) = make(&request(Facts { relations: 4_000, ..Facts::default() }));
    let relations = rows(folder.path(), "relations.csv");
    assert!(relations.iter().all(|row| row["from_id"] != row["to_id"]));
    let distinct: BTreeSet<_> =
        relations.iter().map(|row| (&row["from_id"], &row["to_id"], &row["kind"])).collect();
    assert_eq!(distinct.len(), relations.len());

    let alone = GenerateRequest { customers: 1, ..request(Facts { relations: 1, ..Facts::default() }) };
    let progress: Arc<dyn Progress> = Arc::new(Quiet);
    let other = tempfile::tempdir().expect("a folder");
    let error = generate(other.path(), &alone, &progress).expect_err("nobody to be related to");
    assert!(matches!(error, GenerateError::Alone));
}
