//! Asking the independent program.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What Python makes of `question`. None, with a visible line, where there is no such Python.
pub fn ask(question: &Value) -> Option<Value> {
    let named = std::env::var_os("CLIENTELE_TEST_PYTHON").map(PathBuf::from);
    // A mistaken name must not pass for a machine without it.
    assert!(named.as_ref().is_none_or(|python| python.exists()), "CLIENTELE_TEST_PYTHON names {named:?}");
    let usual = || std::env::home_dir().map(|home| home.join(".cache/clientele/venv/bin/python"));
    let Some(python) = named.or_else(usual).filter(|python| python.exists()) else {
        eprintln!("SKIPPED: no Python; `make setup` installs it, CLIENTELE_TEST_PYTHON names it");
        return None;
    };
    // Asked for as the tests run: a build cache may be shared by several clones.
    let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR").expect("set while tests run");
    let program = Path::new(&crate_folder).join("../../tests/independent/numerics.py");
    let mut child = Command::new(python)
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python");
    child.stdin.take().expect("a pipe").write_all(question.to_string().as_bytes()).expect("the question");
    let output = child.wait_with_output().expect("an answer");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// Insists that a number is what Python answered, to the relative (near 0: absolute) tolerance.
pub fn same(what: &str, mine: f64, theirs: &Value, tolerance: f64) {
    let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{what}: no number but {theirs}"));
    let scale = mine.abs().max(theirs.abs()).max(1e-3);
    assert!((mine - theirs).abs() <= tolerance * scale, "{what}: {mine}, Python {theirs}");
}

/// The same for lists.
pub fn all_same(what: &str, mine: &[f64], theirs: &Value, tolerance: f64) {
    let theirs = theirs.as_array().unwrap_or_else(|| panic!("{what}: no list"));
    assert_eq!(mine.len(), theirs.len(), "{what}");
    mine.iter().zip(theirs).for_each(|(mine, theirs)| same(what, *mine, theirs, tolerance));
}
