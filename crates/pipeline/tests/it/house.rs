//! How modules may know each other: stages follow one another, and nothing goes round in circles.

mod circles;
mod modules;

use std::collections::BTreeSet;
use std::path::Path;

use self::circles::{Circle, circles};
use self::modules::Crate;
use crate::support::root;

/// The stages in their order. Collecting and cleaning share a place: rows are judged as they are read.
const STAGES: [&[&str]; 6] =
    [&["collect", "clean"], &["measure"], &["classify"], &["understand"], &["act"], &["learn"]];

/// All crates.
const CRATES: [&str; 9] =
    ["model", "engine", "read", "generate", "report", "predict", "pipeline", "present", "clientele"];

fn read(name: &str) -> Crate {
    let first = if name == "clientele" { "main.rs" } else { "lib.rs" };
    Crate::read(&root().join("crates").join(name).join("src").join(first))
}

fn is_in(module: &str, folder: &str) -> bool {
    module.split("::").next() == Some(folder)
}

#[test]
fn no_stage_imports_a_later_one() {
    let pipeline = read("pipeline");
    assert!(pipeline.len() > 250, "only {} modules were read", pipeline.len());
    let imports = pipeline.imports();
    for (place, stages) in STAGES.iter().enumerate() {
        for stage in *stages {
            let own: Vec<_> = imports.iter().filter(|(from, _)| is_in(from, stage)).collect();
            assert!(own.len() > 2, "the stage {stage} has moved");
            for (from, to) in own {
                let later = STAGES[place + 1..].iter().flat_map(|s| s.iter()).find(|later| is_in(to, later));
                assert!(later.is_none(), "{from} imports {to}, of a later stage");
                // The order of the stages is a refresh's affair.
                assert!(!is_in(to, "run"), "{from} imports a refresh");
            }
        }
    }
}

#[test]
fn every_crate_is_looked_at() {
    let folders = std::fs::read_dir(root().join("crates")).expect("the crates");
    let there = folders.map(|entry| entry.expect("a crate").file_name().to_string_lossy().into_owned());
    assert_eq!(there.collect::<BTreeSet<_>>(), CRATES.into_iter().map(str::to_owned).collect());
}

#[test]
fn modules_do_not_need_each_other_in_circles() {
    let mut wrong = Vec::new();
    for name in CRATES {
        let imports = read(name).imports();
        for Circle { within, modules } in circles(&imports) {
            let within = if within.is_empty() { "the crate" } else { &within };
            let some: Vec<&str> = modules.iter().map(String::as_str).collect();
            wrong.push(format!("{name}: in {within}, {} need each other", some.join(", ")));
            wrong.extend(between(&imports, within, &modules));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The imports that make a circle, as `from imports to`.
fn between(imports: &BTreeSet<(String, String)>, within: &str, modules: &BTreeSet<String>) -> Vec<String> {
    let beside = |path: &str| {
        let rest =
            if within == "the crate" { path } else { path.strip_prefix(within)?.strip_prefix("::")? };
        let name = rest.split("::").next()?;
        modules.contains(name).then(|| name.to_owned())
    };
    imports
        .iter()
        .filter(|(from, to)| matches!((beside(from), beside(to)), (Some(a), Some(b)) if a != b))
        .map(|(from, to)| format!("    {from} imports {to}"))
        .collect()
}

/// A crate of some files, and what imports what in it.
fn imports_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let place = folder.path().join(name);
        std::fs::create_dir_all(place.parent().unwrap_or(Path::new(""))).expect("a folder");
        std::fs::write(place, text).expect("a file");
    }
    let read = Crate::read(&folder.path().join("lib.rs"));
    read.imports().into_iter().map(|(from, to)| format!("{from} > {to}")).collect()
}

#[test]
fn every_way_to_name_a_module_is_seen() {
    let lib =
        ("lib.rs", "mod a; mod b; mod c { pub use crate::b::inner::Thing; pub mod deep { pub fn f() {} } }");
    let b = ("b/mod.rs", "pub mod inner;");
    let inner = ("b/inner.rs", "pub struct Thing; impl Thing { pub fn new() {} } pub const N: u8 = 1;");
    let of = |text: &str| imports_of(&[lib, b, inner, ("a.rs", text)]);
    let only = |to: &str| vec![format!("a > {to}"), "c > b::inner".to_owned()];
    for text in [
        "use crate::b::inner::Thing;",
        "use super::b::inner::Thing;",
        "use crate::{b::{inner::{Thing as Other, N}}};",
        "use crate::b::inner::*;",
        "use std::fmt; fn f() { crate::b::inner::Thing::new() }",
        "fn f(_: super::b::inner::Thing) {}",
        "fn f() { println!(\"{}\", crate::b::inner::N) }",
        "#[derive(Default)] struct S { #[arg(value_parser = crate::b::inner::N)] s: u8 }",
        // Through a re-export, to where it is defined.
        "use crate::c::Thing;",
        "use super::c::Thing as _;",
    ] {
        assert_eq!(of(text), only("b::inner"), "{text}");
    }
    // A module that is brought in and asked for what lies deeper.
    assert!(of("use crate::b; fn f() { b::inner::Thing::new() }").contains(&"a > b::inner".to_owned()));
    assert!(of("use crate::c::deep as d; fn f() { d::f() }").contains(&"a > c::deep".to_owned()));
    // Tests may know everything, and names of other crates are no modules.
    for text in [
        "#[cfg(test)] mod tests { use crate::b::inner::Thing; }",
        "#[cfg(test)] use crate::b::inner::Thing;",
        "use b2::inner::Thing; fn f() { ::b::inner() } // crate::b::inner",
        "fn f() -> &'static str { \"crate::b::inner::Thing\" }",
    ] {
        assert_eq!(of(text), ["c > b::inner"], "{text}");
    }
}

#[test]
fn circles_are_found_at_every_level_and_among_more_than_two() {
    let imports = |pairs: &[(&str, &str)]| -> BTreeSet<(String, String)> {
        pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    };
    let found = |pairs: &[(&str, &str)]| -> Vec<String> {
        circles(&imports(pairs))
            .into_iter()
            .map(|c| format!("{}: {}", c.within, c.modules.into_iter().collect::<Vec<_>>().join(" ")))
            .collect()
    };
    assert_eq!(found(&[("a", "b"), ("b::x", "c"), ("c", "a::y"), ("c", "d")]), [": a b c"]);
    assert_eq!(found(&[("s::a", "s::b::deep"), ("s::b", "s::a")]), ["s: a b"]);
    assert!(found(&[("a", "b"), ("a", "c"), ("b", "c")]).is_empty());
    // A module and what lies in it are one.
    assert!(found(&[("a", "a::x"), ("a::x", "a")]).is_empty());
}

/// Who reads a run without minding who asks, and why it may.
const WHOLE: [(&str, &str); 9] = [
    (
        "movement/counterfactuals.rs",
        "cut points and figures are those of the whole base; causes are counted over labels",
    ),
    ("movement/earlier_plan.rs", "so are figures that only all together give"),
    ("persona/pairs.rs", "asks for the numbers of buckets alone"),
    ("publish/shift.rs", "who publishes a scheme changes it for all"),
    ("scope/mod.rs", "decides who is within reach"),
    ("segments/count.rs", "reads definitions"),
    ("segments/evaluate.rs", "writes who is in a segment, of all"),
    ("segments/members.rs", "reads definitions; what it tells of members is counted again within reach"),
    ("staleness.rs", "compares versions and batches"),
];

#[test]
fn few_questions_read_what_is_beyond_reach() {
    let understand = root().join("crates/pipeline/src/understand");
    let mut open = vec![understand.clone()];
    let mut found = BTreeSet::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if std::fs::read_to_string(&path).expect("a file").contains(".whole()") {
                found.insert(path.strip_prefix(&understand).expect("below").to_string_lossy().into_owned());
            }
        }
    }
    let known: BTreeSet<String> = WHOLE.iter().map(|(file, _)| (*file).to_owned()).collect();
    assert_eq!(found, known, "what reads the whole base has to say why it may");
}
