//! The texts of the command line.

use crate::support::{Ran, program};

fn help(command: &str) -> String {
    let words = command.split_whitespace();
    Ran::of(program().args(words).arg("--help")).fine().out
}

#[test]
fn the_program() {
    insta::assert_snapshot!(help(""));
}

#[test]
fn every_command() {
    let commands = [
        "init",
        "import",
        "batches",
        "undo",
        "forget",
        "quarantine",
        "quarantine list",
        "quarantine export",
        "refresh",
        "tiers",
        "customers",
        "explain",
        "movement",
        "persona",
        "drivers",
        "crosstab",
        "demand",
        "satisfaction",
        "report",
        "export",
        "schemes",
        "schemes list",
        "schemes show",
        "schemes check",
        "schemes publish",
        "override",
        "override set",
        "override list",
        "override end",
        "metrics",
        "metrics list",
        "metrics show",
        "generate",
        "vacuum",
        "backup",
        "restore",
        "doctor",
        "demo",
    ];
    let own = |text: String| text.split("\nEverywhere:").next().unwrap_or_default().to_owned();
    let texts: Vec<String> = commands.iter().map(|name| format!("── {name}\n{}", own(help(name)))).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[cfg(feature = "cluster")]
#[test]
fn the_cluster() {
    let own = |text: String| text.split("\nEverywhere:").next().unwrap_or_default().to_owned();
    let texts = ["cluster", "cluster scheduler", "cluster executor"].map(|name| own(help(name)));
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn the_version() {
    let ran = Ran::of(program().arg("--version")).fine();
    assert_eq!(ran.out, format!("clientele {}\n", env!("CARGO_PKG_VERSION")));
}
