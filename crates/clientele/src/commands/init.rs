//! `clientele init`: makes a workspace.

use clientele_pipeline::Workspace;
use clientele_pipeline::workspace::Settings;
use clientele_present::workspaces::NewWorkspace;

use crate::args::Init;
use crate::context::Context;
use crate::failure::Failure;

pub async fn run(context: &Context, args: Init) -> Result<(), Failure> {
    let mut settings = Settings::new(args.currency);
    settings.timezone = args.timezone;
    settings.language = context.language;
    settings.country = args.country;
    settings.lake = args.lake.unwrap_or(settings.lake);
    let workspace = Workspace::init(&args.dir, settings).await?;
    let settings = workspace.settings();
    let document = NewWorkspace {
        workspace: workspace.folder().display().to_string(),
        currency: settings.currency.to_string(),
        timezone: settings.timezone.name().to_owned(),
        language: settings.language.pick("en", "zh"),
        lake: settings.lake.clone(),
    };
    context.output.result(&document, || {
        let (at, currency, timezone) = (&document.workspace, &document.currency, &document.timezone);
        context.pick(
            format!("Made the workspace {at}: {currency}, {timezone}.\nNext: clientele --workspace {at} import FILE"),
            format!("已新建工作区 {at}：{currency}，{timezone}。\n下一步：clientele --workspace {at} import 文件"),
        )
    })
}
