//! `clientele doctor`: a checklist of everything that has to be in order.

mod checks;
mod files;

use serde::Serialize;

use crate::args::Doctor;
use crate::context::Context;
use crate::failure::Failure;

/// One line of the checklist.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    pub ok: bool,
    /// What was found; for a fault, with the cure.
    pub detail: String,
}

#[derive(Serialize)]
struct Document {
    ok: bool,
    checks: Vec<Check>,
}

pub async fn run(context: &Context, args: &Doctor) -> Result<(), Failure> {
    let checks = checks::all(context, args.deep).await;
    let document = Document { ok: checks.iter().all(|check| check.ok), checks };
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
