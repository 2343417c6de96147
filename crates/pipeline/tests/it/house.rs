//! Stages follow one another: none knows a later one.

use std::path::{Path, PathBuf};

use crate::support::root;

/// The stages in their order. Collecting and cleaning share a place: rows are judged as they are read.
const STAGES: [&[&str]; 6] =
    [&["collect", "clean"], &["measure"], &["classify"], &["understand"], &["act"], &["learn"]];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_stage_imports_a_later_one() {
    let source = root().join("crates/pipeline/src");
    let mut looked_at = 0;
    for (place, stages) in STAGES.iter().enumerate() {
        let later: Vec<String> =
            STAGES[place + 1..].iter().flat_map(|s| s.iter()).map(|s| format!("crate::{s}::")).collect();
        for stage in *stages {
            let mut found = Vec::new();
            files(&source.join(stage), &mut found);
            for file in found {
                let text = std::fs::read_to_string(&file).expect("a source file");
                looked_at += 1;
                for name in &later {
                    assert!(!text.contains(name), "{} imports {name}, a later stage", file.display());
                }
                // The order of the stages is a refresh's affair.
                assert!(!text.contains("crate::run::"), "{} imports a refresh", file.display());
            }
        }
    }
    assert!(looked_at > 60, "the stages have moved: only {looked_at} files were looked at");
}
