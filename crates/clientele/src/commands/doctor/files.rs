//! Whether the files of the lake are what was written, and what else lies in its place.

use clientele_engine::lake::{Depth, Inspection};
use clientele_engine::{EngineUrl, Lake};
use clientele_pipeline::runs;
use clientele_pipeline::session::session;

use super::good;
use crate::context::Context;
use crate::failure::Failure;
use clientele_present::workspaces::Check;

/// How many things are named; the others are counted.
const NAMED: usize = 20;

/// Looks at the files as of now, and deeply at those that runs read too.
pub async fn check(context: &Context, lake: &Lake, deep: bool) -> Result<Check, Failure> {
    let mut inspection = Inspection::new(if deep { Depth::Bytes } else { Depth::Sizes });
    inspection.look_at(lake).await?;
    if deep {
        let local = clientele_engine::EngineSettings { engine: EngineUrl::Local, ..context.engine()? };
        let session = session(&local).await?;
        session.register_location(lake.location())?;
        // With the record of runs damaged, that is said already.
        let runs = runs::list(lake, &session).await.unwrap_or_default();
        for run in runs {
            inspection.look_at(&lake.with_versions(&run.inputs)).await?;
        }
    }
    let count = context.count(inspection.files() as u64, ["file", "files"], "个文件");
    let mebibytes = inspection.bytes >> 20;
    if inspection.damages.is_empty() {
        let en = format!("{count}, {mebibytes} MiB, {}", if deep { "all as written" } else { "all there" });
        let zh = format!("{count}，{mebibytes} MiB，{}", if deep { "均与写入时相同" } else { "均在" });
        return Ok(good("files", context.pick(en, zh)));
    }
    let told = inspection.damages.iter().map(|damage| damage.problem().sentence(context.language));
    Ok(Check { name: "files", ok: false, detail: listed(context, told.collect()) })
}

/// Names what lies in the lake's place and is not the lake's. It does no harm there, and none is done to it.
pub async fn foreign(context: &Context, lake: &Lake) -> Result<Check, Failure> {
    let found = lake.foreign_files().await?;
    if found.is_empty() {
        return Ok(good("foreign", context.pick("none", "无").to_owned()));
    }
    let said = context.pick(
        "not of the lake, and left alone; better kept elsewhere",
        "不属于数据湖，不会被改动；建议另存他处",
    );
    Ok(good("foreign", format!("{said}{}", listed(context, found))))
}

/// Each on a line of its own; of many only the first ones.
fn listed(context: &Context, all: Vec<String>) -> String {
    let more = all.len().saturating_sub(NAMED);
    let mut text: String = all.into_iter().take(NAMED).map(|one| format!("\n    {one}")).collect();
    if more > 0 {
        text += &context.pick(format!("\n    and {more} more"), format!("\n    另有 {more} 个"));
    }
    text
}
