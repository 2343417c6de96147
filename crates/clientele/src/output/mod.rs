//! What users see: results on stdout, messages on stderr.

mod complaint;
pub mod figure;
pub mod progress;
pub mod steps;
pub mod table;

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::failure::Failure;
pub use complaint::complain;

/// Where results go.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// As one JSON document instead of text.
    pub json: bool,
    /// Where the document is kept instead of being printed.
    kept: Option<Kept>,
}

/// A document that was kept.
#[derive(Debug, Clone, Default)]
pub struct Kept(Arc<Mutex<serde_json::Value>>);

impl Kept {
    /// Takes the document out; null when there is none.
    pub fn take(&self) -> serde_json::Value {
        // The value is put in whole, so a poisoned lock guards a sound one.
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Output {
    /// Prints results, as JSON or as text.
    pub fn printed(json: bool) -> Output {
        Output { json, kept: None }
    }

    /// Keeps the document of a result instead of printing it.
    pub fn kept() -> (Output, Kept) {
        let kept = Kept::default();
        (Output { json: true, kept: Some(kept.clone()) }, kept)
    }

    /// Shows a result: as JSON when that is asked for, else as text.
    pub fn result(&self, document: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        let failed = |error: serde_json::Error| Failure::Output(error.into());
        if let Some(Kept(kept)) = &self.kept {
            let document = serde_json::to_value(document).map_err(failed)?;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = document;
            return Ok(());
        }
        if self.json {
            return print(&serde_json::to_string_pretty(document).map_err(failed)?);
        }
        print(&text())
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
