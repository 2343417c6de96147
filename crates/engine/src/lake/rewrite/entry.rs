//! Rewriting one entry of a log, a JSON action a line.

use serde_json::Value;

use super::{OF_THE_FILE, Replacements};

/// The passes over a log. After each entry of each pass, every version of the table names exactly one of
/// an old file and its new one where it named the old one before, however the entries are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// Where an old file is removed, the new one is removed too.
    RemoveBoth,
    /// Where an old file is added, the new one is added instead.
    AddNew,
    /// Old files are removed no more: nothing adds them.
    RemoveNew,
}

impl Pass {
    pub const ALL: [Pass; 3] = [Pass::RemoveBoth, Pass::AddNew, Pass::RemoveNew];
}

/// The entry after a pass; `None` when it stays as it is.
pub(super) fn rewritten(text: &str, pass: Pass, by: &Replacements) -> serde_json::Result<Option<String>> {
    let mut lines: Vec<String> = Vec::new();
    let mut has_changed = false;
    let mut removes: Vec<String> = Vec::new();
    let parsed = text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        let action: Value = serde_json::from_str(line)?;
        Ok::<_, serde_json::Error>((line, action))
    });
    let parsed = parsed.collect::<serde_json::Result<Vec<_>>>()?;
    for (_, action) in &parsed {
        removes.extend(path_of(action, "remove").map(str::to_owned));
    }
    for (line, mut action) in parsed {
        let added = path_of(&action, "add").and_then(|path| by.of(path));
        let removed = path_of(&action, "remove").and_then(|path| by.of(path));
        match (pass, added, removed) {
            (Pass::RemoveBoth, _, Some(new)) => {
                lines.push(line.to_owned());
                if !removes.contains(&new.file.path) {
                    new.put_into(&mut action["remove"], &["path", "size"]);
                    lines.push(serde_json::to_string(&action)?);
                    has_changed = true;
                }
            }
            (Pass::AddNew, Some(new), _) => {
                new.put_into(&mut action["add"], &OF_THE_FILE);
                lines.push(serde_json::to_string(&action)?);
                has_changed = true;
            }
            (Pass::RemoveNew, _, Some(_)) => has_changed = true,
            _ => lines.push(line.to_owned()),
        }
    }
    Ok(has_changed.then(|| lines.join("\n") + "\n"))
}

fn path_of<'a>(action: &'a Value, kind: &str) -> Option<&'a str> {
    action.get(kind)?.get("path")?.as_str()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use url::Url;

    use super::*;
    use crate::lake::file::DataFile;
    use crate::lake::rewrite::Replaced;

    fn add(path: &str) -> String {
        format!(
            r#"{{"add":{{"path":"{path}","partitionValues":{{"batch":"b1"}},"size":7,"modificationTime":1,"dataChange":true,"stats":"{{\"numRecords\":3}}","tags":{{"old":"x"}}}}}}"#
        )
    }

    fn remove(path: &str) -> String {
        format!(r#"{{"remove":{{"path":"{path}","dataChange":true,"size":7,"partitionValues":{{}}}}}}"#)
    }

    fn replacements() -> Replacements {
        let new = DataFile {
            path: "new".into(),
            url: Url::parse("file:///new").unwrap(),
            size: 5,
            rows: Some(2),
            partitions: BTreeMap::new(),
            modified_ms: 9,
            stats: Some(r#"{"numRecords":2}"#.into()),
            hash: None,
        };
        Replacements::new(&[Replaced { old: "old".into(), new }]).unwrap()
    }

    /// The files of the version after the last entry.
    fn state(log: &[String]) -> BTreeSet<String> {
        let mut files = BTreeSet::new();
        for entry in log {
            let actions: Vec<Value> = entry.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
            for gone in actions.iter().filter_map(|a| path_of(a, "remove")) {
                files.remove(gone);
            }
            files.extend(actions.iter().filter_map(|a| path_of(a, "add")).map(str::to_owned));
        }
        files
    }

    #[test]
    fn every_version_names_one_of_both_files_after_every_single_rewrite() {
        // A file is added, removed, and added again, beside another.
        let mut log = vec![
            format!("{}\n{}\n", add("old"), add("other")),
            format!("{}\n{}\n", remove("old"), add("third")),
            format!("{}\n", remove("other")),
            format!("{}\n{}\n", remove("third"), add("old")),
        ];
        let before: Vec<_> = (1..=log.len()).map(|n| state(&log[..n])).collect();
        let by = replacements();
        let mut steps = 0;
        for pass in Pass::ALL {
            // In any order: here the newest first, as the one in which a mistake would show.
            for at in (0..log.len()).rev() {
                let Some(text) = rewritten(&log[at], pass, &by).unwrap() else { continue };
                log[at] = text;
                steps += 1;
                for (n, before) in before.iter().enumerate() {
                    let now: BTreeSet<String> = state(&log[..=n])
                        .into_iter()
                        .map(|path| if path == "new" { "old".to_owned() } else { path })
                        .collect();
                    assert_eq!((now.len(), &now), (state(&log[..=n]).len(), before), "{pass:?} {at} {n}");
                }
            }
        }
        assert_eq!(steps, 4);
        let text = log.concat();
        assert!(!text.contains("\"old\"") || text.contains("tags"), "{text}");
        assert_eq!(state(&log), ["new".to_owned()].into());
        // What was done is not done again.
        for pass in Pass::ALL {
            assert!(log.iter().all(|entry| rewritten(entry, pass, &by).unwrap().is_none()));
        }
    }

    #[test]
    fn an_added_file_is_told_anew_and_keeps_its_partition() {
        let text = rewritten(&add("old"), Pass::AddNew, &replacements()).unwrap().unwrap();
        let action: Value = serde_json::from_str(text.trim()).unwrap();
        let expected = serde_json::json!({"add": {
            "path": "new", "partitionValues": {"batch": "b1"}, "size": 5, "modificationTime": 9,
            "dataChange": true, "stats": "{\"numRecords\":2}"
        }});
        assert_eq!(action, expected);
    }
}
