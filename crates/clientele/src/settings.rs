//! How a command runs: defaults, then `clientele.toml`, then the environment, then flags.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use clientele_engine::EngineSettings;
use clientele_model::Language;
use clientele_model::problem::kinds::command as kinds;
use clientele_pipeline::workspace::{SETTINGS_FILE, Settings};
use figment::Figment;
use figment::providers::{Env, Serialized};
use serde::{Deserialize, Serialize};

use crate::args::Global;
use crate::failure::Failure;

/// What a command runs with.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSettings {
    pub workspace: PathBuf,
    pub language: Language,
    /// The engine's address as it was given; read when it is needed.
    pub engine: String,
    pub memory_bytes: u64,
    pub threads: usize,
    /// How long a change waits for another writer.
    pub wait: Duration,
    /// The time to go by instead of the clock's, so that trials can live through years.
    pub now: Option<DateTime<Utc>>,
}

/// The layers put together.
#[derive(Serialize, Deserialize)]
struct Layered {
    workspace: PathBuf,
    language: Option<String>,
    engine: String,
    memory: String,
    threads: usize,
    wait: String,
    now: Option<String>,
}

impl Default for Layered {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Layered {
            workspace: PathBuf::from("."),
            language: None,
            engine: "local".to_owned(),
            memory: "4GiB".to_owned(),
            threads,
            wait: "0s".to_owned(),
            now: None,
        }
    }
}

impl RunSettings {
    /// Puts the layers together.
    ///
    /// # Errors
    /// A value of the environment or the flags that cannot be used.
    pub fn layered(flags: &Global) -> Result<Self, Failure> {
        let environment = || Env::prefixed("CLIENTELE_").ignore(&["log"]);
        let without_file = Figment::from(Serialized::defaults(Layered::default()))
            .merge(environment())
            .merge(Serialized::globals(flags));
        let wrong = |error: figment::Error| Failure::from(kinds::SETTING.problem().with("cause", error));
        let folder: PathBuf = without_file.extract_inner("workspace").map_err(wrong)?;
        let layered: Layered = Figment::from(Serialized::defaults(Layered::default()))
            .merge(own_settings(&folder))
            .merge(environment())
            .merge(Serialized::globals(flags))
            .extract_lossy()
            .map_err(wrong)?;
        let language = match &layered.language {
            Some(name) => {
                name.parse().map_err(|_| Failure::from(kinds::LANGUAGE.problem().with("name", name)))?
            }
            None => language_of_system(),
        };
        Ok(RunSettings {
            workspace: folder,
            language,
            memory_bytes: bytes(&layered.memory)?,
            engine: layered.engine,
            threads: layered.threads.max(1),
            wait: time(&layered.wait)?,
            now: layered.now.as_deref().map(instant).transpose()?,
        })
    }

    /// The settings of a session.
    ///
    /// # Errors
    /// An engine that cannot be used.
    pub fn engine(&self) -> Result<EngineSettings, Failure> {
        Ok(EngineSettings {
            engine: self.engine.parse()?,
            memory_limit_bytes: Some(self.memory_bytes),
            target_partitions: self.threads,
            ..EngineSettings::default()
        })
    }
}

/// The workspace's settings that concern how a command runs; the others are the workspace's own, and
/// so is any complaint about a file that cannot be read.
fn own_settings(folder: &Path) -> Figment {
    let text = std::fs::read_to_string(folder.join(SETTINGS_FILE)).unwrap_or_default();
    let Ok(settings) = Settings::parse(&text) else { return Figment::new() };
    let own = OwnSettings {
        language: settings.language.pick("en", "zh"),
        engine: settings.engine,
        memory: settings.memory,
        threads: settings.threads,
    };
    Figment::from(Serialized::defaults(own))
}

#[derive(Serialize)]
struct OwnSettings {
    language: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threads: Option<u16>,
}

/// Chinese, when the system's settings say so; else English.
#[expect(clippy::disallowed_methods, reason = "the system's language stands in its environment")]
pub fn language_of_system() -> Language {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    if said.is_some_and(|value| value.starts_with("zh")) { Language::Zh } else { Language::En }
}

/// A time as people write it: `30s`, `2 m`, `1h`, or plain seconds.
fn time(text: &str) -> Result<Duration, Failure> {
    let wrong = || Failure::from(kinds::WAIT.problem().with("text", text));
    let digits = text.trim().find(|c: char| !c.is_ascii_digit()).unwrap_or(text.trim().len());
    let (number, unit) = text.trim().split_at(digits);
    let seconds = match unit.trim() {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(wrong)
}

/// A moment, as in `2026-01-31T06:00:00Z`.
fn instant(text: &str) -> Result<DateTime<Utc>, Failure> {
    text.parse().map_err(|_| Failure::from(kinds::NOW.problem().with("text", text)))
}

/// A size as people write it: `512MiB`, `4 GB`, `2g`, or plain bytes.
fn bytes(text: &str) -> Result<u64, Failure> {
    let wrong = || Failure::from(kinds::MEMORY.problem().with("text", text));
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..end].parse().map_err(|_| wrong())?;
    let unit = match text[end..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kib" => 1024.0,
        "kb" => 1e3,
        "m" | "mib" => 1024.0 * 1024.0,
        "mb" => 1e6,
        "g" | "gib" => 1024.0 * 1024.0 * 1024.0,
        "gb" => 1e9,
        "t" | "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        "tb" => 1e12,
        _ => return Err(wrong()),
    };
    let bytes = number * unit;
    if bytes < 16.0 * 1024.0 * 1024.0 {
        return Err(kinds::TOO_LITTLE_MEMORY.problem().with("text", text).into());
    }
    Ok(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes_as_people_write_them() {
        assert_eq!(bytes("4GiB").ok(), Some(4 << 30));
        assert_eq!(bytes("512 mib").ok(), Some(512 << 20));
        assert_eq!(bytes("1.5g").ok(), Some(3 << 29));
        assert_eq!(bytes("20000000").ok(), Some(20_000_000));
        assert!(bytes("4 bananas").is_err());
        assert!(bytes("1k").is_err());
    }

    #[test]
    fn reads_times_as_people_write_them() {
        let seconds = |text: &str| time(text).ok().map(|time| time.as_secs());
        assert_eq!(seconds("30s"), Some(30));
        assert_eq!(seconds("2 m"), Some(120));
        assert_eq!(seconds("1h"), Some(3600));
        assert_eq!(seconds("15"), Some(15));
        for wrong in ["", "s", "-3s", "1.5s", "3 weeks", "99999999999999999999s", "18446744073709551615h"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
