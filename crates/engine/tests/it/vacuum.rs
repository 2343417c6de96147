//! Vacuum: what is needed stays to the byte, what is not goes, and what is not ours is not touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use clientele_engine::lake::{VacuumRequest, Vacuumed, copy_known};
use clientele_engine::{EngineError, Lake};

use crate::support::{copy_folder, count, files_below, import, lake, location};

fn request(needed: &[&Lake], grace: TimeDelta) -> VacuumRequest {
    let versions = |lake: &&Lake| lake.snapshot().tables().map(|(t, v)| (t.to_owned(), v)).collect();
    VacuumRequest { needed: needed.iter().map(versions).collect(), grace, released: BTreeSet::new() }
}

async fn vacuum(lake: &Lake, needed: &[&Lake], grace: TimeDelta) -> Vacuumed {
    let vacuum = lake.vacuum().await.unwrap();
    vacuum.run(&request(needed, grace), &|_, _| ()).await.unwrap()
}

/// Takes a batch's files out of `orders`.
async fn take_out(lake: &mut Lake, batch: &str) {
    let mut change = lake.begin().await.unwrap();
    let mut files = lake.files("orders").await.unwrap();
    files.retain(|file| file.partitions["batch"] == batch);
    change.remove("orders", files).unwrap();
    change.commit("taken out").await.unwrap();
    lake.refresh().await.unwrap();
}

fn data_files(folder: &Path) -> Vec<String> {
    files_below(&folder.join("orders")).into_iter().filter(|path| !path.starts_with("_delta_log")).collect()
}

async fn paths(lake: &Lake) -> BTreeSet<String> {
    lake.files("orders").await.unwrap().into_iter().map(|file| file.path).collect()
}

#[tokio::test]
async fn only_what_a_needed_version_holds_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    import(&mut lake, "b0002", 10..20).await;
    let run = lake.clone();
    take_out(&mut lake, "b0001").await;
    import(&mut lake, "b0003", 20..30).await;
    take_out(&mut lake, "b0003").await;
    import(&mut lake, "b0004", 30..40).await;
    let before = (paths(&run).await, paths(&lake).await);

    let supposed = lake.vacuumable(&request(&[&run], TimeDelta::hours(1))).await.unwrap();
    let done = vacuum(&lake, &[&run], TimeDelta::zero()).await;
    assert_eq!(supposed, done, "a dry run tells what happens");
    // Six generations of the manifest, and the third batch, which is in no version that is needed.
    assert_eq!((done.files, done.held_files), (6 + 2, 0));
    let needed: BTreeSet<String> = before.0.union(&before.1).cloned().collect();
    let there: BTreeSet<String> = data_files(folder.path()).into_iter().collect();
    assert_eq!(there, needed);

    let again = Lake::open(location(folder.path())).await.unwrap();
    let versions: BTreeMap<String, u64> = run.snapshot().tables().map(|(t, v)| (t.to_owned(), v)).collect();
    let of_run = again.with_versions(&versions);
    assert_eq!((paths(&of_run).await, paths(&again).await), before);
    assert_eq!((count(&of_run).await, count(&again).await), (20, 20));

    // Once the run is not needed any more, what only it held goes too.
    let done = vacuum(&again, &[], TimeDelta::zero()).await;
    assert_eq!(done.files, 2);
    assert_eq!(data_files(folder.path()).len(), 4);
    assert_eq!(count(&again).await, 20);
    assert_eq!(vacuum(&again, &[], TimeDelta::zero()).await, Vacuumed::default(), "nothing is left to do");
}

#[tokio::test]
async fn logs_are_cut_and_old_versions_that_are_needed_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let mut runs = Vec::new();
    for batch in 1..=61 {
        import(&mut lake, &format!("b{batch:04}"), batch..batch + 2).await;
        if matches!(batch, 7 | 46) {
            runs.push(lake.clone());
        }
    }
    take_out(&mut lake, "b0003").await;
    let log = folder.path().join("orders/_delta_log");
    for version in [20, 40] {
        // As if they could not be written: the second run is far from any, and gets one of its own.
        fs::remove_file(log.join(format!("{version:020}.checkpoint.parquet"))).unwrap();
    }
    let needed: Vec<&Lake> = runs.iter().collect();
    for _ in 0..2 {
        vacuum(&lake, &needed, TimeDelta::zero()).await;
        let again = Lake::open(location(folder.path())).await.unwrap();
        for (run, expected) in runs.iter().zip([14, 92]) {
            let versions = run.snapshot().tables().map(|(t, v)| (t.to_owned(), v)).collect();
            assert_eq!(count(&again.with_versions(&versions)).await, expected);
        }
        assert_eq!(count(&again).await, 120);
        // Of the first run the commits from the beginning, of the others a checkpoint and what follows.
        let mut left = files_below(&log);
        left.retain(|name| name.ends_with(".json"));
        assert_eq!(left.len(), 8 + 1 + 2, "{left:?}");
        assert!(files_below(&folder.path().join("manifest")).len() < 10);
    }
    // Life goes on, and the log is cut again when a run is not needed any more.
    import(&mut lake, "b0099", 0..10).await;
    vacuum(&lake, &needed[1..], TimeDelta::zero()).await;
    let again = Lake::open(location(folder.path())).await.unwrap();
    assert_eq!(count(&again).await, 130);
    let versions = runs[1].snapshot().tables().map(|(t, v)| (t.to_owned(), v)).collect();
    assert_eq!(count(&again.with_versions(&versions)).await, 92);
    assert!(!log.join(format!("{:020}.json", 3)).exists());
}

#[tokio::test]
async fn what_was_newest_a_moment_ago_stays_for_its_readers() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    let reader = Lake::open(location(folder.path())).await.unwrap();
    take_out(&mut lake, "b0001").await;
    let done = vacuum(&lake, &[], TimeDelta::hours(1)).await;
    // The batch's files, and what the manifest said in two generations.
    assert_eq!((done.files, done.held_files), (0, 2 + 2));
    assert!(done.held_bytes > 0);
    assert_eq!(count(&reader).await, 10);
    let late = Lake::open(location(folder.path())).await.unwrap();
    assert_eq!(count(&late.at(reader.snapshot().generation()).await.unwrap()).await, 10);
    let done = vacuum(&lake, &[], TimeDelta::zero()).await;
    assert_eq!((done.files, done.held_files), (2 + 2, 0));
    let later = Lake::open(location(folder.path())).await.unwrap();
    assert!(later.at(reader.snapshot().generation()).await.is_err(), "the generation is gone, and says so");
}

#[tokio::test]
async fn a_file_that_no_log_names_is_somebody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    import(&mut lake, "b0001", 0..10).await;
    take_out(&mut lake, "b0001").await;
    let orders = folder.path().join("orders");
    let foreign = [
        "notes.txt",
        "part-00000-of-somebody.parquet",
        "bucket=0/batch=b0001/theirs.parquet",
        "_delta_log/README",
    ];
    for name in foreign {
        fs::write(orders.join(name), "ours? no").unwrap();
    }
    vacuum(&lake, &[], TimeDelta::zero()).await;
    for name in foreign {
        assert_eq!(fs::read_to_string(orders.join(name)).unwrap(), "ours? no", "{name}");
    }
    assert!(!orders.join("bucket=1").exists(), "folders without a file go");
    assert_eq!(data_files(folder.path()).len(), 3);
}

#[tokio::test]
async fn a_vacuum_that_was_cut_short_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = lake(folder.path()).await;
    for batch in 1..=22 {
        import(&mut first, &format!("b{batch:04}"), batch..batch + 2).await;
    }
    let run = first.clone();
    for batch in 1..=22 {
        take_out(&mut first, &format!("b{batch:04}")).await;
    }
    import(&mut first, "b0099", 0..10).await;
    // What a whole one removes.
    let copy = tempfile::tempdir().unwrap();
    copy_folder(folder.path(), copy.path());
    let done = {
        let lake = Lake::open(location(copy.path())).await.unwrap();
        vacuum(&lake, &[&run], TimeDelta::zero()).await
    };
    assert!(done.log_files > 40, "{done:?}");
    let gone: Vec<String> = {
        let after: BTreeSet<String> = files_below(copy.path()).into_iter().collect();
        files_below(folder.path()).into_iter().filter(|path| !after.contains(path)).collect()
    };
    // Data files go before the log that names them, so any part of them may be gone.
    let is_data = |path: &&String| path.ends_with(".parquet") && !path.contains("_delta_log");
    for part in [1, 3] {
        let torn = tempfile::tempdir().unwrap();
        copy_folder(folder.path(), torn.path());
        for path in gone.iter().filter(is_data).step_by(part) {
            fs::remove_file(torn.path().join(path)).unwrap();
        }
        let lake = Lake::open(location(torn.path())).await.unwrap();
        vacuum(&lake, &[&run], TimeDelta::zero()).await;
        let again = Lake::open(location(torn.path())).await.unwrap();
        assert_eq!(count(&again).await, 10);
        let versions = run.snapshot().tables().map(|(t, v)| (t.to_owned(), v)).collect();
        assert_eq!(count(&again.with_versions(&versions)).await, 44);
        assert_eq!(data_files(torn.path()), data_files(copy.path()));
    }
}

#[tokio::test]
async fn a_vacuum_and_a_writer_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path()).await;
    let vacuum = lake.vacuum().await.unwrap();
    assert!(matches!(lake.begin().await, Err(EngineError::Locked { .. })));
    drop(vacuum);
    let change = lake.begin().await.unwrap();
    assert!(matches!(lake.vacuum().await, Err(EngineError::Locked { .. })));
    change.discard().await.unwrap();
}

#[tokio::test]
async fn a_copy_is_the_lake_of_its_moment() {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut lake = lake(folder.path()).await;
    for batch in 1..=25 {
        import(&mut lake, &format!("b{batch:04}"), batch..batch + 2).await;
    }
    let run = lake.clone();
    take_out(&mut lake, "b0001").await;
    import(&mut lake, "b0026", 0..10).await;
    let then = Lake::open(location(folder.path())).await.unwrap();
    // What comes in while it is copied is not in it.
    import(&mut lake, "b0027", 20..30).await;
    fs::write(folder.path().join("orders/notes.txt"), "not ours").unwrap();
    let versions: BTreeMap<String, u64> = run.snapshot().tables().map(|(t, v)| (t.to_owned(), v)).collect();
    let place = location(&copy.path().join("备份 1"));
    let heard = std::sync::Mutex::new((0, 0));
    let files = then
        .copy_to(&place, std::slice::from_ref(&versions), &|done, total| {
            *heard.lock().unwrap() = (done, total)
        })
        .await
        .unwrap();
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    assert_eq!(*heard.lock().unwrap(), (bytes, bytes));
    let there: Vec<String> = files_below(place.as_folder().unwrap());
    assert_eq!(files.iter().map(|file| file.path.clone()).collect::<Vec<_>>(), there);
    let mut copied = Lake::open(place.clone()).await.unwrap();
    assert_eq!(copied.snapshot(), then.snapshot());
    assert_eq!(count(&copied).await, 58);
    assert_eq!(count(&copied.with_versions(&versions)).await, 50);
    import(&mut copied, "b0027", 0..10).await;
    assert_eq!(count(&copied).await, 68);

    // A copy of the copy is checked against its fingerprints.
    let again = location(&copy.path().join("again"));
    let file = files.iter().find(|file| file.path.starts_with("orders/bucket=1")).unwrap();
    let torn = place.as_folder().unwrap().join(&file.path);
    let mut damaged = fs::read(&torn).unwrap();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    fs::write(&torn, damaged).unwrap();
    let error = copy_known(&place, &again, &files, &|_, _| ()).await.unwrap_err();
    assert!(matches!(&error, EngineError::Corrupt { at, .. } if at.contains(&file.path)), "{error}");
    assert!(!again.as_folder().unwrap().join(&file.path).exists(), "what is damaged is not copied");
    assert!(Lake::open(again).await.is_err(), "a copy that failed is no lake");
}
