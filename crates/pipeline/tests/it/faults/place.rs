//! A workspace in a folder or over a bucket whose operations can go wrong, and copies of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::TimeDelta;
use clientele_engine::faults::{Bucket, Watch, WatchedFolder, watch_folder};
use clientele_pipeline::workspace::SETTINGS_FILE;
use tempfile::TempDir;

use super::commands::Command;

/// What the lake lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    Folder,
    Bucket,
}

/// Where the lake is in its bucket; named as people name things.
const PREFIX: &str = "商店 1/lake";

/// A workspace with what is around it.
pub struct Place {
    pub watch: Watch,
    pub bucket: Option<Bucket>,
    root: TempDir,
    _watched: WatchedFolder,
}

impl Place {
    /// An empty place.
    pub fn new(ground: Ground) -> Place {
        let place = Place::empty();
        match ground {
            Ground::Folder => place,
            Ground::Bucket => {
                let bucket = Some(Bucket::new(&next_name(), &place.watch));
                Place { bucket, ..place }
            }
        }
    }

    fn empty() -> Place {
        // In memory where there is such a folder: waiting for a real disk teaches nothing here.
        let memory = Path::new("/dev/shm");
        let root = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let root = root.expect("a folder");
        let watch = Watch::default();
        let watched = watch_folder(root.path(), &watch);
        Place { watch, bucket: None, root, _watched: watched }
    }

    /// The workspace's folder.
    pub fn folder(&self) -> PathBuf {
        self.root.path().join("店 铺")
    }

    /// The lake, as settings name it.
    pub fn lake(&self) -> String {
        match &self.bucket {
            None => "lake".to_owned(),
            Some(bucket) => format!("s3://{}/{PREFIX}", bucket.name()),
        }
    }

    /// What somebody finds who comes later, from another machine: nothing that still runs here can
    /// touch it.
    pub fn fork(&self) -> Place {
        let fork = Place::empty();
        copy(self.root.path(), fork.root.path());
        let Some(bucket) = &self.bucket else { return fork };
        let fork = Place { bucket: Some(bucket.fork(&next_name(), &fork.watch)), ..fork };
        for name in [SETTINGS_FILE.to_owned(), format!(".{SETTINGS_FILE}.new")] {
            let file = fork.folder().join(name);
            if let Ok(text) = fs::read_to_string(&file) {
                fs::write(&file, text.replace(&self.lake(), &fork.lake())).expect("settings");
            }
        }
        fork
    }

    /// A text without the names that this copy of the place has.
    pub fn neutral(&self, text: &str) -> String {
        let text = text.replace(&self.root.path().display().to_string(), "[folder]");
        match &self.bucket {
            Some(bucket) => text.replace(&format!("s3://{}/", bucket.name()), "s3://[bucket]/"),
            None => text,
        }
    }

    /// Lets time pass until no lease holds.
    pub fn wait_for_leases(&self) {
        if let Some(bucket) = &self.bucket {
            bucket.advance(TimeDelta::hours(1));
        }
    }

    /// Everything in the place: by path in the workspace's folder and around it, or by object.
    pub async fn content(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(self.root.path(), self.root.path(), &mut found);
        if let Some(bucket) = &self.bucket {
            let objects = bucket.objects().await.expect("objects");
            found.extend(objects.into_iter().map(|(name, bytes)| (format!("s3/{name}"), bytes)));
        }
        found
    }

    /// The lake's part of a name in [`Self::content`].
    pub fn in_lake<'a>(&self, name: &'a str) -> Option<&'a str> {
        let lake = match self.bucket {
            None => "店 铺/lake/".to_owned(),
            Some(_) => format!("s3/{PREFIX}/"),
        };
        name.strip_prefix(lake.as_str())
    }

    /// Puts things of others beside the lake.
    pub async fn put_neighbours(&self) {
        let theirs = [("店 铺/notes.txt", "Do not lose me."), ("other/plan.csv", "a,b\n1,2\n")];
        for (name, text) in theirs {
            let path = self.root.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        if let Some(bucket) = &self.bucket {
            for name in ["商店 1/lake2/part.parquet", "商店 1/lake", "商店 10/lake/_staged/x.json"] {
                bucket.write(name, b"theirs".to_vec()).await.expect("an object");
            }
        }
    }

    /// Puts things of others into the lake's own folder once a command has made it, a table of theirs
    /// among them; and into the folder of a table, once there is one.
    pub async fn put_squatters(&self, done: Command) {
        let table = "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n";
        let theirs: &[(&str, &str)] = match done {
            Command::Init => &[
                ("sales/_delta_log/00000000000000000000.json", table),
                ("sales/part-00000.parquet", "PAR1"),
                ("notes.txt", "Found here."),
            ],
            Command::FirstImport => &[("orders/READ ME.txt", "What is this folder?")],
            _ => &[],
        };
        for (name, text) in theirs {
            match &self.bucket {
                Some(bucket) => {
                    let name = format!("{PREFIX}/{name}");
                    bucket.write(&name, text.as_bytes().to_vec()).await.expect("an object");
                }
                None => {
                    let path = self.folder().join("lake").join(name);
                    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                    fs::write(path, text).expect("a file");
                }
            }
        }
    }
}

/// Whether a name in [`Place::content`] is one of others.
pub fn is_foreign(name: &str) -> bool {
    ["notes.txt", "plan.csv", "READ ME.txt", "lake2/part.parquet", "商店 10/lake/_staged/x.json"]
        .iter()
        .any(|end| name.ends_with(end))
        || name.contains("/sales/")
        || name == "s3/商店 1/lake"
}

fn next_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("shop-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a type").is_dir() {
            true => copy(&entry.path(), &target),
            false => {
                // What is being removed by what still runs there may be gone.
                fs::copy(entry.path(), target).ok();
            }
        }
    }
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if let Ok(bytes) = fs::read(&path) {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
            found.insert(name, bytes);
        }
    }
}
