//! What users see: results on stdout, messages on stderr.

mod complaint;
pub mod figure;
pub mod progress;
pub mod steps;
pub mod table;

use std::io::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use clientele_pipeline::understand::staleness::Staleness;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::failure::Failure;
pub use complaint::complain;

/// Where results go.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// As one JSON document instead of text.
    pub json: bool,
    /// Where the document is kept instead of being printed.
    kept: Option<Kept>,
    /// What has changed since the run that the results are of, with that in a sentence.
    stale: OnceLock<(Staleness, String)>,
}

/// A document that was kept.
#[derive(Debug, Clone, Default)]
pub struct Kept(Arc<Mutex<Option<Box<RawValue>>>>);

impl Kept {
    /// Takes the document out.
    pub fn take(&self) -> Option<Box<RawValue>> {
        // The value is put in whole, so a poisoned lock guards a sound one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A document of a run that is not of what there is now.
#[derive(Serialize)]
struct Stale<'a, D> {
    #[serde(flatten)]
    document: &'a D,
    stale: StaleJson<'a>,
}

#[derive(Serialize)]
struct StaleJson<'a> {
    #[serde(flatten)]
    what: &'a Staleness,
    message: &'a str,
}

impl Output {
    /// Prints results, as JSON or as text.
    pub fn printed(json: bool) -> Output {
        Output { json, ..Output::default() }
    }

    /// Keeps the document of a result instead of printing it.
    pub fn kept() -> (Output, Kept) {
        let kept = Kept::default();
        (Output { json: true, kept: Some(kept.clone()), ..Output::default() }, kept)
    }

    /// Says with every result that the data have changed since the run that it is of.
    pub fn set_stale(&self, what: Staleness, message: String) {
        // A command asks about one run; the first that it opened counts.
        self.stale.set((what, message)).ok();
    }

    /// Shows a result: as JSON when that is asked for, else as text.
    pub fn result(&self, document: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        let failed = |error: serde_json::Error| Failure::Output(error.into());
        let stale = self.stale.get();
        if self.json {
            let json = match stale {
                None => self.written(document),
                Some((what, message)) => {
                    self.written(&Stale { document, stale: StaleJson { what, message } })
                }
            };
            let Some(json) = json.map_err(failed)? else { return Ok(()) };
            return print(&json);
        }
        match stale {
            None => print(&text()),
            Some((_, message)) => print(&format!("{}\n\n{message}", text().trim_end_matches('\n'))),
        }
    }

    /// A document as text to be printed; none when it is kept.
    fn written(&self, document: &impl Serialize) -> serde_json::Result<Option<String>> {
        let Some(Kept(kept)) = &self.kept else { return serde_json::to_string_pretty(document).map(Some) };
        let document = to_raw_value(document)?;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(document);
        Ok(None)
    }

    /// Tells something on the way, on stderr.
    pub fn tell(&self, message: &str) {
        // Nobody to tell is no reason to fail.
        writeln!(std::io::stderr(), "{message}").ok();
    }
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let text = text.trim_end_matches('\n');
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(Failure::Output)
}
