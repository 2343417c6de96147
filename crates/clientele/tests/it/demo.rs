//! The demo: real data, ready to look at.

use std::fs;

use crate::page;
use crate::support::{Ran, program};

#[test]
fn the_demo_is_made_and_made_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = || Ran::of(program().current_dir(folder.path()).args(["demo", "--json"])).fine().json();
    let first = demo();
    let at = folder.path().join("clientele-demo");
    let page = fs::read_to_string(at.join("report.html")).expect("the report");
    for part in ["personas", "persona-abc-a", "drivers-repeat", "abc-demand", "catalogue-rfm-8"] {
        assert!(page.contains(&format!("id=\"{part}\"")), "{part}");
    }
    page::is_shown_well(&page, folder.path());
    assert!(at.join("online_retail.README.md").exists(), "the licence's notice goes with the data");
    assert_eq!(first["tiers"]["run"]["as_of"], "2011-12-10");
    let schemes = first["tiers"]["schemes"].as_array().expect("schemes");
    assert_eq!(schemes.len(), 3);
    for scheme in schemes {
        let tiers = scheme["tiers"].as_array().expect("tiers");
        let customers: i64 = tiers.iter().filter_map(|tier| tier["customers"].as_i64()).sum();
        assert_eq!(customers, 4_372, "{}", scheme["scheme"]);
        let shares: f64 = tiers.iter().filter_map(|tier| tier["customer_share"].as_f64()).sum();
        assert!((shares - 1.0).abs() < 1e-9);
    }
    assert!(first["example"].as_str().expect("a receipt").contains("Champions"));
    assert_eq!(demo(), first, "a second time gives the same");
}

#[test]
fn a_folder_with_something_else_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("letter.txt"), "dear").expect("a file");
    let ran = Ran::of(program().arg("demo").arg(folder.path())).failed();
    assert!(ran.err.contains("is not empty and no demo"), "{}", ran.err);
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
}
