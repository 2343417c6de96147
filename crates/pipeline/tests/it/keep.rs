//! A shop that lives for long: batches that cannot be undone any more.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};
use clientele_engine::EngineSettings;
use clientele_model::progress::Quiet;
use clientele_model::{BatchId, Language};
use clientele_pipeline::collect::{BatchOutcome, ImportError, ImportRequest, batches, import, undo};
use clientele_pipeline::keep::{VacuumReport, VacuumRequest, vacuum};

use crate::support::{Base, now, per_customer};

const HEADER: &str = "order_id,customer_id,ordered_at,amount,status,channel\n";

/// The orders of a day: three customers of ten come again, and one order of the day before is told anew.
fn orders(day: usize) -> String {
    let order = |day: usize, customer: usize, amount: usize| {
        format!(
            "D{day:03}-{customer},c{customer},2025-01-{:02} 10:00:00,{amount}.00,completed,web\n",
            day % 28 + 1
        )
    };
    let mut text = HEADER.to_owned();
    (0..3).for_each(|place| text.push_str(&order(day, (day + 3 * place) % 10, 10 + day)));
    if day > 0 {
        text.push_str(&order(day - 1, (day - 1) % 10, 500 + day));
    }
    text
}

async fn import_at(base: &Base, name: &str, text: &str, at: NaiveDateTime) -> BatchOutcome {
    let path = base.folder.path().join(name);
    std::fs::write(&path, text).expect("a file");
    let report = import(&base.workspace, &ImportRequest::new(path, at), Arc::new(Quiet)).await;
    report.expect("an import").batches.remove(0).outcome
}

async fn cleared(base: &Base, now: NaiveDateTime) -> VacuumReport {
    let request =
        VacuumRequest { now, grace: TimeDelta::zero(), dry_run: false, engine: EngineSettings::default() };
    vacuum(&base.workspace, &request, Arc::new(Quiet)).await.expect("a vacuum")
}

async fn files(base: &Base, table: &str) -> Vec<String> {
    let lake = base.workspace.lake().await.expect("a lake");
    lake.files(table).await.expect("files").into_iter().map(|file| file.path).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn old_batches_share_files_and_say_why_they_cannot_be_undone() {
    let base = Base::new(5).await;
    let (old, days) = (now() - TimeDelta::days(120), 20);
    for day in 0..days {
        import_at(&base, &format!("{day}.csv"), &orders(day), old + TimeDelta::minutes(day as i64)).await;
    }
    // One that can still be undone.
    import_at(&base, "late.csv", &orders(days), now() - TimeDelta::days(1)).await;
    let schemes = ["rfm-11", "abc", "lifecycle"];
    let run = base.refresh("2025-02-01", &schemes).await;
    let columns = ["monetary", "frequency", "recency_days"];
    let before = per_customer(&base.view(Some(&run.id)).await, "metrics", &columns).await;
    let listed = batches(&base.workspace).await.expect("batches");
    assert!(files(&base, "orders").await.len() > 20);

    let done = cleared(&base, now()).await;
    assert_eq!(done.settled.batches, 20);
    assert_eq!(done.settled.dropped, 19, "the versions that were told anew, but for the one of late");
    let (orders_now, of_late) = (files(&base, "orders").await, "batch=b0021");
    let settled: BTreeSet<&String> = orders_now.iter().filter(|path| !path.contains(of_late)).collect();
    assert_eq!(settled.len(), 2, "one a bucket: {settled:?}");
    assert_eq!(files(&base, "batches").await.len(), 1);
    assert_eq!(files(&base, "customer_keys").await.len(), 1);

    let mut again = batches(&base.workspace).await.expect("batches");
    assert!(again[..20].iter().all(|info| info.settled_at.is_some()) && again[20].settled_at.is_none());
    again.iter_mut().for_each(|info| info.settled_at = None);
    assert_eq!(again, listed, "each batch is known as before");
    let error = undo(&base.workspace, &BatchId::new("b0003"), now()).await.expect_err("too late");
    assert!(matches!(error, ImportError::Settled { .. }));
    for (language, part) in [(Language::En, "cannot be taken back any more"), (Language::Zh, "已不能撤销")]
    {
        let message = error.problem().sentence(language);
        assert!(
            message.contains(part) && message.contains("90 days") && message.contains("2026-03-03"),
            "{message}"
        );
    }

    // The run that was kept and one that is made now say the same.
    assert_eq!(per_customer(&base.view(Some(&run.id)).await, "metrics", &columns).await, before);
    let next = base.refresh("2025-02-01", &schemes).await;
    assert_eq!(per_customer(&base.view(Some(&next.id)).await, "metrics", &columns).await, before);

    // Files that came before are known, and so are their orders.
    let twin = import_at(&base, "again.csv", &orders(4), now()).await;
    assert_eq!(twin, BatchOutcome::AlreadyImported { batch: BatchId::new("b0005") });
    let changed = format!("{HEADER}D004-4,c4,2025-01-05 10:00:00,1.00,completed,web\n");
    import_at(&base, "changed.csv", &changed, now()).await;
    let next = base.refresh("2025-02-01", &schemes).await;
    assert_ne!(per_customer(&base.view(Some(&next.id)).await, "metrics", &columns).await, before);
    for batch in ["b0022", "b0021"] {
        undo(&base.workspace, &BatchId::new(batch), now()).await.expect("of late");
    }
    import_at(&base, "late-again.csv", &format!("{}\n", orders(days)), now()).await;
    let next = base.refresh("2025-02-01", &schemes).await;
    assert_eq!(per_customer(&base.view(Some(&next.id)).await, "metrics", &columns).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn few_batches_wait_for_more() {
    let base = Base::new(5).await;
    for day in 0..3 {
        import_at(&base, &format!("{day}.csv"), &orders(day), now() - TimeDelta::days(120)).await;
    }
    assert_eq!(cleared(&base, now()).await.settled.batches, 0);
    undo(&base.workspace, &BatchId::new("b0002"), now()).await.expect("not settled yet");
}
