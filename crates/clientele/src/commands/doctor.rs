//! `clientele doctor`: a checklist of everything that has to be in order.

mod checks;
mod files;

use clientele_present::workspaces::{Check, Checklist};

use crate::args::Doctor;
use crate::context::Context;
use crate::failure::Failure;

pub async fn run(context: &Context, args: &Doctor) -> Result<(), Failure> {
    let checks = checks::all(context, args.deep).await;
    let document = Checklist::new(checks);
    context.output.result(&document, || {
        let line = |check: &Check| {
            let mark = if check.ok { '✔' } else { '✖' };
            format!("{mark} {}: {}", checks::name(context, check.name), check.detail)
        };
        document.checks.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    // The list has said it all.
    if document.ok { Ok(()) } else { Err(Failure::Shown) }
}

/// A check that found nothing wrong.
fn good(name: &'static str, detail: String) -> Check {
    Check { name, ok: true, detail }
}

/// A check that found something.
fn bad(name: &'static str, failure: &Failure, context: &Context) -> Check {
    Check { name, ok: false, detail: failure.sentence(context.language) }
}
