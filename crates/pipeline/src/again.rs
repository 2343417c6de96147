//! Making the damaged files of a run anew, from what the run read, to the same bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use clientele_engine::integrity::Damage;
use clientele_engine::lake::{Depth, Inspection};
use clientele_engine::{DataFile, EngineSettings, Lake};
use clientele_model::progress::{Progress, Step};
use clientele_model::{RunId, SchemeId, Text};

use crate::catalogue::Catalogue;
use crate::classify::versions;
use crate::run::{RefreshError, Work, Worked};
use crate::runs::{self, Run};
use crate::session::session;
use crate::workspace::Workspace;

/// Which run to make again, and with what.
#[derive(Debug, Clone)]
pub struct AgainRequest {
    pub run: RunId,
    pub engine: EngineSettings,
    /// How many buckets are computed at a time.
    pub threads: usize,
}

/// What was made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    pub run: RunId,
    /// The files of the run that were damaged and are whole again.
    pub files: Vec<String>,
}

/// Looks at the files of a run, works the run out again where some are damaged, and puts the same bytes in
/// their place. Nothing else changes.
///
/// # Errors
/// A run that is not known; [`RefreshError::NotAgain`] when what comes out is not what was.
pub async fn again(
    workspace: &Workspace,
    request: &AgainRequest,
    progress: Arc<dyn Progress>,
) -> Result<Mended, RefreshError> {
    progress.step(Step::Prepare);
    let run = &request.run;
    let refused = |en: &str, zh: &str| RefreshError::NotAgain { run: run.clone(), why: Text::new(en, zh) };
    let session = session(&request.engine).await?;
    let mut transaction = workspace.lake().await?.begin().await?;
    let newest = workspace.lake().await?;
    session.register_location(newest.location())?;
    let history = runs::list(&newest, &session).await?;
    let Some(place) = history.iter().position(|known| known.id == *run) else {
        return Err(refused("there is no such run", "没有这次刷新"));
    };
    let (history, record) = (&history[..place], &history[place]);
    let damaged = damaged(&newest, run).await?;
    if damaged.is_empty() {
        transaction.discard().await?;
        return Ok(Mended { run: run.clone(), files: Vec::new() });
    }
    let catalogue = as_then(workspace, record).await?;
    // The records as the run found them, and what runs have computed as it is now.
    let results = newest.snapshot().tables().filter(|(table, _)| runs::RESULTS.contains(table));
    let mut versions: BTreeMap<String, u64> =
        results.map(|(table, version)| (table.to_owned(), version)).collect();
    versions.extend(record.inputs.clone());
    let lake = newest.with_versions(&versions);
    let work = Work {
        workspace,
        session: &session,
        lake: &lake,
        tables: &newest,
        catalogue: &catalogue,
        history,
        run,
        as_of: record.as_of,
        threads: request.threads.max(1),
    };
    let Worked { files: made, .. } = work.out(&mut transaction, &progress).await?;
    let made: BTreeMap<(&str, &str), &DataFile> = made
        .iter()
        .flat_map(|(table, files)| files.iter().map(|file| ((*table, bucket(file)), file)))
        .collect();
    progress.step(Step::Record);
    // All of them are known to be the same before the first is put in its place.
    let mut pairs = Vec::new();
    for (table, file) in &damaged {
        let same = made.get(&(table.as_str(), bucket(file))).filter(|made| is_same(made, file));
        let Some(same) = same else {
            return Err(refused(
                "what comes out differs from what was written, as its metrics, schemes or the program have \
                 changed since",
                "结果与当时写入的不同，其指标、方案或程序此后已有改动",
            ));
        };
        pairs.push((table, file, *same));
    }
    for (table, file, same) in &pairs {
        transaction.put_back(table, file, same).await?;
    }
    let files = pairs.iter().map(|(table, file, _)| format!("{table}/{}", file.path)).collect();
    transaction.discard().await?;
    Ok(Mended { run: run.clone(), files })
}

fn bucket(file: &DataFile) -> &str {
    file.partitions.get("bucket").map_or("", String::as_str)
}

fn is_same(made: &DataFile, file: &DataFile) -> bool {
    file.hash.is_some() && (&made.hash, made.size) == (&file.hash, file.size)
}

/// The files of a run that are not what was written, with their table.
async fn damaged(lake: &Lake, run: &RunId) -> Result<Vec<(String, DataFile)>, RefreshError> {
    let mut damaged = Vec::new();
    for table in runs::RESULTS {
        let of_run = |file: &DataFile| file.partitions.get("run").is_some_and(|of| of == run.as_str());
        let files: Vec<DataFile> = lake.files(table).await?.into_iter().filter(of_run).collect();
        let mut inspection = Inspection::new(Depth::Bytes);
        inspection.look_at_files(lake, table, files.clone()).await?;
        let is_damaged = |file: &DataFile| {
            let ends = format!("{table}/{}", file.path);
            inspection.damages.iter().any(|damage: &Damage| damage.at.ends_with(&ends))
        };
        damaged.extend(files.into_iter().filter(is_damaged).map(|file| (table.to_owned(), file)));
    }
    Ok(damaged)
}

/// The metrics and schemes of a run, which must be what they were.
async fn as_then(workspace: &Workspace, run: &Run) -> Result<Catalogue, RefreshError> {
    let refused = |why: Text| RefreshError::NotAgain { run: run.id.clone(), why };
    let now = Catalogue::load(Some(workspace))?;
    let schemes: Vec<SchemeId> = now
        .schemes
        .iter()
        .map(|s| s.spec.id.clone())
        .filter(|id| run.schemes.contains_key(id.as_str()))
        .collect();
    let metrics = now
        .metrics
        .iter()
        .map(|m| m.spec.id.clone())
        .filter(|id| run.metrics.contains_key(id.as_str()))
        .collect::<Vec<_>>();
    if schemes.is_empty() {
        return Err(refused(Text::new("its schemes are gone", "其方案已不存在")));
    }
    let then = now.only(&schemes, &metrics)?;
    let documents: BTreeMap<&str, String> =
        then.schemes.iter().map(|s| (s.spec.id.as_str(), versions::fingerprint(&s.document))).collect();
    let changed = run.schemes.iter().find(|(id, of)| documents.get(id.as_str()) != Some(&of.document));
    if let Some((id, _)) = changed {
        return Err(refused(Text::new(
            format!("the scheme {id} has changed since"),
            format!("方案 {id} 此后已改动"),
        )));
    }
    let versions: BTreeMap<String, u32> =
        then.metrics.iter().map(|m| (m.spec.id.to_string(), m.spec.version)).collect();
    if versions != run.metrics {
        return Err(refused(Text::new("its metrics have changed since", "其指标此后已改动")));
    }
    Ok(then)
}
