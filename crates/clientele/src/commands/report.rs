//! `clientele report`: one HTML page, or all that it shows as a JSON document.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clientele_model::Language;
use clientele_pipeline::forget::exports::Content;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::report::{ReportFormat, report};
use clientele_present::files::ReportFile;

use crate::args::Report;
use crate::context::Context;
use crate::failure::Failure;

pub async fn run(context: &Context, args: Report) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let file = args.out.unwrap_or_else(|| context.folder().join("report.html"));
    write(context, &view, &file).await?;
    let is_chinese = context.language == Language::Zh;
    let content = Content::Report { run: view.run.id.clone(), is_chinese };
    context.note_export(&context.workspace().await?, &file, content);
    let document = ReportFile { run: (&view.run).into(), file: shown(&file).display().to_string() };
    context.output.result(&document, || {
        let file = &document.file;
        context.pick(format!("Wrote the report to {file}"), format!("报告已写入 {file}"))
    })
}

/// Writes the report of a run; the file is there as a whole or not at all.
pub async fn write(context: &Context, view: &RunView, file: &Path) -> Result<(), Failure> {
    let page = report(view, context.language, ReportFormat::of(file)).await?;
    let failed = |cause| Failure::file(file, &cause);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut passing = passing(folder).map_err(failed)?;
    passing.write_all(page.as_bytes()).map_err(failed)?;
    passing.persist(file).map_err(|error| failed(error.error))?;
    Ok(())
}

/// The path that can be opened from anywhere.
fn shown(file: &Path) -> PathBuf {
    std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf())
}

fn passing(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".report-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any new file has them, not those of a passing one.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
