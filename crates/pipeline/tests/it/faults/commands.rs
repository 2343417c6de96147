//! What people do with a workspace, one after the other.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use chrono::{NaiveDateTime, TimeDelta};
use clientele_engine::EngineSettings;
use clientele_model::BatchId;
use clientele_model::progress::Quiet;
use clientele_pipeline::act::overrides;
use clientele_pipeline::collect::{ImportRequest, import, undo};
use clientele_pipeline::forget::{ForgetRequest, forget};
use clientele_pipeline::keep::{VacuumRequest, vacuum};
use clientele_pipeline::library::{Document, DocumentKind, built_in};
use clientele_pipeline::understand::publish::publish;
use clientele_pipeline::understand::segments;
use clientele_pipeline::workspace::{Keep, KeepRuns, Settings};
use clientele_pipeline::{RefreshRequest, Workspace, refresh};
use tempfile::TempDir;

use super::place::Place;
use crate::support::{fixture, now};

/// A command, with what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Command {
    Init,
    FirstImport,
    ImportCustomers,
    Update,
    /// A file that becomes two batches.
    TwoKinds,
    Refresh,
    RefreshLater,
    Define,
    Evaluate,
    Override,
    EndOverride,
    Publish,
    PublishAgain,
    Undo,
    Vacuum,
    Forget,
}

use Command::*;

/// All of them, in an order in which each can be done.
pub const STORY: [Command; 16] = [
    Init,
    FirstImport,
    ImportCustomers,
    Update,
    TwoKinds,
    Refresh,
    Define,
    Evaluate,
    RefreshLater,
    Override,
    EndOverride,
    Publish,
    PublishAgain,
    Undo,
    Vacuum,
    Forget,
];

impl Command {
    /// When it is done.
    fn now(self) -> NaiveDateTime {
        let place = STORY.iter().position(|command| *command == self).unwrap_or_default();
        now() + TimeDelta::minutes(i64::try_from(place).unwrap_or_default())
    }

    /// Whether doing it once more makes another run.
    pub fn makes_a_run(self) -> bool {
        matches!(self, Refresh | RefreshLater)
    }

    /// Whether it changes what was, and not only adds to it: earlier generations are not as they were then.
    pub fn rewrites(self) -> bool {
        matches!(self, Vacuum | Forget)
    }

    /// Whether it says something that no other does.
    pub fn is_looked_at(self) -> bool {
        self != ImportCustomers
    }

    /// Does it, as a process of its own would: nothing is known beforehand.
    pub async fn run(self, place: &Place) -> Result<(), String> {
        self.run_later(place, TimeDelta::zero()).await
    }

    /// The same, so much later by the clock of this machine, or earlier.
    pub async fn run_later(self, place: &Place, later: TimeDelta) -> Result<(), String> {
        if self == Init {
            let mut settings = Settings::new("GBP".parse().expect("a currency"));
            settings.timezone = chrono_tz::Europe::London;
            settings.bucket_customers = 7;
            settings.lake = place.lake();
            let runs = KeepRuns::parse("1 day").expect("runs to keep");
            settings.keep = Some(Keep { runs, ..Keep::default() });
            return said(Workspace::init(&place.folder(), settings).await);
        }
        let workspace = Workspace::open(&place.folder()).await.map_err(|error| error.to_string())?;
        self.run_in(&workspace, self.now() + later).await
    }

    async fn run_in(self, workspace: &Workspace, now: NaiveDateTime) -> Result<(), String> {
        let local = EngineSettings::default();
        let bring = async |file: PathBuf| {
            let mut request = ImportRequest::new(file, now);
            request.threads = 2;
            said(import(workspace, &request, Arc::new(Quiet)).await)
        };
        match self {
            Init => Ok(()),
            FirstImport => bring(fixture("tiny_shop/orders.csv")).await,
            ImportCustomers => bring(fixture("tiny_shop/customers.csv")).await,
            Update => bring(file("newer.csv")).await,
            TwoKinds => bring(file("tickets.csv")).await,
            Refresh | RefreshLater => {
                let request = RefreshRequest {
                    as_of: if self == Refresh { "2025-07-01" } else { "2025-08-01" }.parse().expect("a day"),
                    now,
                    schemes: ["abc".into(), "lifecycle".into()].to_vec(),
                    metrics: Vec::new(),
                    engine: local,
                    threads: 2,
                };
                said(refresh(workspace, &request, Arc::new(Quiet)).await)
            }
            Define => {
                let (id, rule) = ("big".into(), "monetary > 400 and lifecycle = active".into());
                let wish =
                    segments::SegmentRequest { id, rule, name_en: None, name_zh: None, note: None, now };
                said(segments::define(workspace, wish).await)
            }
            Evaluate => said(segments::evaluate(workspace, &local, &["big".to_owned()], now).await),
            Override => {
                let wish = overrides::OverrideRequest {
                    customer: "C04".into(),
                    scheme: "abc".into(),
                    tier: "a".into(),
                    reason: "A large order is promised.".into(),
                    method: None,
                    by: Some("Ann".into()),
                    since: None,
                    until: None,
                    now,
                };
                said(overrides::set(workspace, wish).await)
            }
            EndOverride => said(overrides::end(workspace, "o0001", now).await),
            Publish => said(publish(workspace, &local, &abc(2, "0.5"), false).await),
            PublishAgain => {
                // The workspace's own document lies under another name, as people move files.
                let shelf = workspace.library("schemes");
                if shelf.join("abc.toml").exists() && !shelf.join("mine.toml").exists() {
                    std::fs::rename(shelf.join("abc.toml"), shelf.join("mine.toml")).expect("a name");
                }
                said(publish(workspace, &local, &abc(3, "0.6"), false).await)
            }
            // A year later, most runs are gone, and all batches are settled.
            Vacuum => {
                let request = VacuumRequest {
                    now: now + TimeDelta::days(365),
                    grace: TimeDelta::zero(),
                    dry_run: false,
                    engine: local,
                };
                said(vacuum(workspace, &request, Arc::new(Quiet)).await)
            }
            Forget => {
                let request = ForgetRequest { customers: vec!["C04".into()], drops_totals: false, now };
                said(forget(workspace, &request, &(Arc::new(Quiet) as _)).await)
            }
            Undo => said(undo(workspace, &BatchId::new("b0003"), now).await),
        }
    }
}

fn said<T, E: std::fmt::Display>(done: Result<T, E>) -> Result<(), String> {
    done.map(|_| ()).map_err(|error| error.to_string())
}

/// The built-in ABC with another share.
fn abc(version: u32, until: &str) -> Document {
    let abc =
        built_in(DocumentKind::Schemes).into_iter().find(|d| d.name.ends_with("/abc.toml")).expect("abc");
    let text = abc.text.replace("until = 0.7", &format!("until = {until}"));
    let text = text.replace("version = 1\n", &format!("version = {version}\n"));
    Document { name: "new.toml".into(), text }
}

/// A file that is made for these tests.
fn file(name: &str) -> PathBuf {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [("newer.csv", newer_orders()), ("tickets.csv", TICKETS.to_owned())] {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        folder
    });
    folder.path().join(name)
}

/// The orders of the shop some weeks later: some are new, some changed, most are the same.
fn newer_orders() -> String {
    let text = std::fs::read_to_string(fixture("tiny_shop/orders.csv")).expect("orders");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (place, line) in lines.iter_mut().enumerate().skip(1) {
        if place.is_multiple_of(5) {
            *line = line.replacen(".00,0.00,", ".00,7.00,", 1);
        }
    }
    for (number, customer) in ["C20", "C01", "C21"].iter().enumerate() {
        lines.push(format!(
            "N{number},{customer},2025-07-2{number} 10:00:00,90.00,0.00,completed,coffee,web,card,GBP"
        ));
    }
    lines.join("\n") + "\n"
}

/// Tickets, and who wrote them.
const TICKETS: &str = "Ticket ID,Requester name,Requester email,Organization,Created at,Status,Priority,\
    Ticket type,Subject,Group,Solved at,Reopens,Via,Satisfaction Score\n\
    11,Ann Lee,ann@x.com,Acme,2025-01-02 10:00:00,Solved,Urgent,Problem,It broke,Support,2025-01-03 10:00:00,1,Email,Good\n\
    12,Bob May,bob@x.com,,2025-01-04 10:00:00,On-hold,Normal,Question,How to?,Support,,0,Chat,\n";
