//! Several writers, of whom some are slow, paused or dead.

use std::time::{Duration, Instant};

use clientele_engine::{EngineError, Lake};

use crate::lake::fails;
use crate::store::{Fate, OddStore};
use crate::support::{count, import, lake, lake_at, location, rows};

/// Longer than a lease lasts without a sign of its holder, in seconds.
const LONG: i64 = 600;

#[tokio::test]
async fn who_only_looks_keeps_no_writer_out() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path()).await;
    let looking = lake.clone();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let onlookers: Vec<_> = (0..3)
        .map(|_| {
            let (looking, stop) = (looking.clone(), stop.clone());
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                while stop.send(()).is_ok() {
                    runtime.block_on(looking.is_being_written()).unwrap();
                }
            })
        })
        .collect();
    for _ in 0..100 {
        lake.begin().await.unwrap().discard().await.unwrap();
    }
    drop(stopped);
    onlookers.into_iter().for_each(|onlooker| onlooker.join().unwrap());
    let open = lake.begin().await.unwrap();
    assert!(lake.is_being_written().await.unwrap());
    drop(open);
    assert!(!lake.is_being_written().await.unwrap());
}

#[tokio::test]
async fn a_writer_can_wait_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let (_, place) = OddStore::new();
    for lake in [lake(folder.path()).await, lake_at(place).await] {
        let first = lake.begin().await.unwrap();
        let started = Instant::now();
        let waiting = lake.clone().waiting(Duration::from_millis(300));
        let error = fails(waiting.begin().await);
        assert!(matches!(error, EngineError::Locked { .. }), "{error}");
        assert!(started.elapsed() >= Duration::from_millis(300));
        let waiting = lake.clone().waiting(Duration::from_secs(30));
        let second = tokio::spawn(async move { waiting.begin().await.map(drop) });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!second.is_finished());
        drop(first);
        second.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_dropped_commit_goes_on_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = lake(folder.path()).await;
    let mut change = lake.begin().await.unwrap();
    let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b1")]).unwrap();
    writer.write(&rows(0..10)).unwrap();
    let file = writer.finish().unwrap();
    change.add("orders", vec![file]).unwrap();
    let mut commit = Box::pin(change.commit("b1"));
    assert!(futures::poll!(&mut commit).is_pending());
    drop(commit);
    // The caller is gone; whoever ends the program waits for the commit.
    tokio::task::spawn_blocking(clientele_engine::io::finish_commits).await.unwrap();
    lake.refresh().await.unwrap();
    assert_eq!((lake.snapshot().generation(), count(&lake).await), (2, 10));
}

#[tokio::test]
async fn a_writer_of_an_ended_transaction_is_refused() {
    let (store, place) = OddStore::new();
    let lake = lake_at(place).await;
    let change = lake.begin().await.unwrap();
    let stager = change.stager();
    let mut late = stager.writer("orders", &[("bucket", "0"), ("batch", "b1")]).unwrap();
    late.write(&rows(0..10)).unwrap();
    let before = store.paths().await;
    change.discard().await.unwrap();
    assert!(matches!(fails(late.finish()), EngineError::Conflict { .. }));
    let after: Vec<_> = before.into_iter().filter(|path| !path.contains("_staged")).collect();
    assert_eq!(store.paths().await, after);
}

/// A writer that is paused just before a write, and another that takes the lake over meanwhile.
async fn overtaken(paused_at: &str) {
    let (store, place) = OddStore::new();
    let mut lake = lake_at(place).await;
    import(&mut lake, "b0001", 0..10).await;
    let mut first = lake.begin().await.unwrap();
    let mut writer = first.writer("orders", &[("bucket", "0"), ("batch", "b1")]).unwrap();
    writer.write(&rows(100..200)).unwrap();
    let file = writer.finish().unwrap();
    let of_first = file.path.clone();
    first.add("orders", vec![file]).unwrap();
    let pause = store.pause(paused_at);
    let first = tokio::spawn(first.commit("first"));
    pause.reached.notified().await;
    // A second writer is kept out while the lease lasts, and takes it when it has run out.
    assert!(matches!(fails(lake.begin().await), EngineError::Locked { .. }));
    store.age_lock(LONG);
    let mut second = lake.begin().await.unwrap();
    store.age_lock(0);
    let mut writer = second.writer("orders", &[("bucket", "0"), ("batch", "b2")]).unwrap();
    writer.write(&rows(10..15)).unwrap();
    second.add("orders", vec![writer.finish().unwrap()]).unwrap();
    // The first wakes up before the second commits.
    pause.go.notify_one();
    let error = fails(first.await.unwrap());
    assert!(matches!(error, EngineError::Conflict { .. }), "{paused_at}: {error}");
    second.commit("second").await.unwrap();
    lake.refresh().await.unwrap();
    assert_eq!(count(&lake).await, 15, "{paused_at}");
    assert!(!store.paths().await.iter().any(|path| path.contains(&of_first)), "{paused_at}");
    // The lake goes on as if nothing had been.
    import(&mut lake, "b0003", 20..30).await;
    assert_eq!(count(&lake).await, 25);
}

#[tokio::test]
async fn a_writer_that_was_paused_past_its_lease_cannot_commit() {
    // Before the entry of a table, before the manifest's file, and at the last moment of all.
    for paused_at in [
        "orders/_delta_log/00000000000000000002.json",
        "manifest/part-",
        "manifest/_delta_log/00000000000000000003.json",
    ] {
        overtaken(paused_at).await;
    }
}

#[tokio::test]
async fn a_stray_entry_of_a_writer_that_came_too_late_is_replaced() {
    use object_store::ObjectStoreExt as _;
    let (store, place) = OddStore::new();
    let mut lake = lake_at(place).await;
    import(&mut lake, "b0001", 0..10).await;
    let log = "shop/lake/orders/_delta_log/0000000000000000000";
    let entry = store.get(&format!("{log}1.json").into()).await.unwrap().bytes().await.unwrap();
    store.put(&format!("{log}2.json").into(), entry.clone().into()).await.unwrap();
    import(&mut lake, "b0002", 10..20).await;
    assert_eq!(count(&lake).await, 20);
    // One that no lake has written is nobody's to remove.
    let foreign = r#"{"commitInfo":{"timestamp":1,"operation":"OPTIMIZE","engineInfo":"spark"}}"#;
    store.put(&format!("{log}3.json").into(), foreign.into()).await.unwrap();
    let mut change = lake.begin().await.unwrap();
    let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b3")]).unwrap();
    writer.write(&rows(0..1)).unwrap();
    change.add("orders", vec![writer.finish().unwrap()]).unwrap();
    assert!(matches!(fails(change.commit("b3").await), EngineError::Conflict { .. }));
    assert_eq!(store.get(&format!("{log}3.json").into()).await.unwrap().bytes().await.unwrap(), foreign);
    assert_eq!(count(&lake).await, 20);
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_counts() {
    let log = "_delta_log/0000000000000000000";
    for (path, fate) in [
        (format!("orders/{log}2.json"), Fate::Unanswered),
        (format!("manifest/{log}3.json"), Fate::Unanswered),
        (format!("orders/{log}2.json"), Fate::Twice),
        (format!("manifest/{log}3.json"), Fate::Twice),
        ("_lock".to_owned(), Fate::Twice),
    ] {
        let (store, place) = OddStore::new();
        let mut lake = lake_at(place.clone()).await;
        import(&mut lake, "b0001", 0..10).await;
        store.next(&path, fate);
        // The lock is first tried as if there were none.
        store.next(&path, fate);
        import(&mut lake, "b0002", 10..20).await;
        assert_eq!(count(&lake).await, 20, "{path} {fate:?}");
        let again = Lake::open(place).await.unwrap();
        assert_eq!(count(&again).await, 20, "{path} {fate:?}");
        assert!(!store.paths().await.iter().any(|path| path.contains("_staged")));
    }
}

#[tokio::test]
async fn a_commit_that_was_refused_leaves_nothing() {
    for path in ["orders/_delta_log/", "manifest/part-", "manifest/_delta_log/"] {
        let (store, place) = OddStore::new();
        let mut lake = lake_at(place).await;
        import(&mut lake, "b0001", 0..10).await;
        let data =
            |paths: Vec<String>| paths.into_iter().filter(|p| p.ends_with(".parquet")).collect::<Vec<_>>();
        let before = data(store.paths().await);
        let mut change = lake.begin().await.unwrap();
        let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b1")]).unwrap();
        writer.write(&rows(100..200)).unwrap();
        change.add("orders", vec![writer.finish().unwrap()]).unwrap();
        store.next(path, Fate::Refused);
        fails(change.commit("refused").await);
        assert_eq!(data(store.paths().await), before, "{path}");
        lake.refresh().await.unwrap();
        assert_eq!(count(&lake).await, 10, "{path}");
        import(&mut lake, "b0002", 10..20).await;
        assert_eq!(count(&lake).await, 20, "{path}");
    }
}

#[tokio::test]
async fn while_nobody_knows_whether_a_commit_counts_nothing_is_removed() {
    for counts in [true, false] {
        let (store, place) = OddStore::new();
        let mut lake = lake_at(place.clone()).await;
        import(&mut lake, "b0001", 0..10).await;
        let mut change = lake.begin().await.unwrap();
        let mut writer = change.writer("orders", &[("bucket", "0"), ("batch", "b1")]).unwrap();
        writer.write(&rows(10..20)).unwrap();
        let file = writer.finish().unwrap();
        let path = file.path.clone();
        change.add("orders", vec![file]).unwrap();
        let pause = store.pause("manifest/_delta_log/00000000000000000003.json");
        store.next(
            "manifest/_delta_log/00000000000000000003.json",
            match counts {
                true => Fate::Unanswered,
                false => Fate::Refused,
            },
        );
        let committing = tokio::spawn(change.commit("b1"));
        pause.reached.notified().await;
        store.set_dead(true);
        pause.go.notify_one();
        let error = fails(committing.await.unwrap());
        assert!(matches!(error, EngineError::Unsure { .. }), "{error}");
        store.set_dead(false);
        assert!(store.paths().await.iter().any(|found| found.ends_with(&path)));
        // Its lease was not given back either; later, the next writer finds out.
        store.age_lock(LONG);
        lake.begin().await.unwrap().discard().await.unwrap();
        store.age_lock(0);
        let again = Lake::open(place).await.unwrap();
        assert_eq!(count(&again).await, if counts { 20 } else { 10 });
        assert_eq!(store.paths().await.iter().any(|found| found.ends_with(&path)), counts);
    }
}

#[tokio::test]
async fn journals_name_a_table_before_its_first_file() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_owned();
    let mut lake = lake(&place).await;
    for round in 0..10 {
        let mut change = lake.begin().await.unwrap();
        let names: Vec<String> = (0..8).map(|n| format!("t{round}_{n}")).collect();
        for name in &names {
            change.create_table(name, crate::support::schema(), &[]).unwrap();
        }
        std::thread::scope(|scope| {
            for name in &names {
                let (stager, place) = (change.stager(), place.clone());
                scope.spawn(move || {
                    let writer = stager.writer(name, &[]).unwrap();
                    let journal = std::fs::read_dir(place.join("_staged")).unwrap().next().unwrap().unwrap();
                    let text = std::fs::read_to_string(journal.path()).unwrap();
                    assert!(text.contains(&format!("\"{name}\"")), "{name}: {text}");
                    drop(writer);
                });
            }
        });
        change.discard().await.unwrap();
        lake.refresh().await.unwrap();
    }
    assert_eq!(Lake::open(location(&place)).await.unwrap().snapshot().tables().count(), 1);
}

#[tokio::test]
async fn a_lock_from_the_future_is_held() {
    let (store, place) = OddStore::new();
    let lake = lake_at(place).await;
    let open = lake.begin().await.unwrap();
    // The store's clock jumped back since it was taken.
    store.age_lock(-LONG);
    assert!(matches!(fails(lake.begin().await), EngineError::Locked { .. }));
    assert!(lake.is_being_written().await.unwrap());
    drop(open);
    assert!(!lake.is_being_written().await.unwrap());
    lake.begin().await.unwrap();
}
