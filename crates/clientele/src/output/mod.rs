//! What users see: results on stdout, messages on stderr.

mod complaint;
pub mod figure;
pub mod json;
pub mod overrides;
pub mod playbook;
pub mod progress;
pub mod steps;
pub mod table;

use std::io::Write as _;

use serde::Serialize;

use crate::failure::Failure;
pub use complaint::complain;

/// Where results go.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// As one JSON document instead of text.
    pub json: bool,
}

impl Output {
    /// Shows a result: as JSON when that is asked for, else as text.
    pub fn result(&self, document: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        if self.json {
            let json = serde_json::to_string_pretty(document);
            let json = json.map_err(|error| Failure::Output(error.into()))?;
            return print(&json);
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
