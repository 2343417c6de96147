//! What every command has at hand.

use std::path::Path;
use std::sync::Arc;

use chrono::{NaiveDateTime, Utc};
use clientele_engine::EngineSettings;
use clientele_model::progress::Progress;
use clientele_model::{AsOf, Currency, Language, Money, RunId, UnitFormat, counted};
use clientele_pipeline::Workspace;
use clientele_pipeline::forget::exports::{self, Content};
use clientele_pipeline::understand::{RunView, RunViews};

use crate::args::Global;
use crate::failure::Failure;
use crate::output::progress::Bars;
use crate::output::{Output, table};
use crate::settings::RunSettings;

/// The settings of a command, and where its output goes.
#[derive(Clone)]
pub struct Context {
    pub language: Language,
    pub settings: RunSettings,
    pub output: Output,
    /// Opened runs, where several questions share them.
    pub views: Option<Arc<RunViews>>,
}

impl Context {
    /// Reads the settings.
    pub fn new(flags: &Global) -> Result<Self, Failure> {
        let settings = RunSettings::layered(flags)?;
        let output = Output::printed(flags.json);
        Ok(Context { language: settings.language, settings, output, views: None })
    }

    /// A text in the user's language.
    pub fn pick<T>(&self, en: T, zh: T) -> T {
        self.language.pick(en, zh)
    }

    /// A count with its noun: `1 customer`, `4,338 customers`; in Chinese with the word that goes between.
    pub fn count(&self, count: u64, [one, many]: [&str; 2], zh: &str) -> String {
        match self.language {
            Language::En => counted(count, one, many),
            Language::Zh => format!("{} {zh}", table::count(count as i64)),
        }
    }

    /// `1 customer`, `4,338 customers`; `4,338 位客户`.
    pub fn customers(&self, count: u64) -> String {
        self.count(count, ["customer", "customers"], "位客户")
    }

    /// The folder that is, or will be, the workspace.
    pub fn folder(&self) -> &Path {
        &self.settings.workspace
    }

    /// Opens the workspace.
    pub async fn workspace(&self) -> Result<Workspace, Failure> {
        if let Some(views) = &self.views {
            return Ok(views.workspace().clone());
        }
        Ok(Workspace::open(self.folder()).await?.waiting(self.settings.wait))
    }

    /// The wall-clock time of a workspace. Only the command line reads the clock.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now(&self, workspace: &Workspace) -> NaiveDateTime {
        self.settings.now.unwrap_or_else(Utc::now).with_timezone(&workspace.settings().timezone).naive_local()
    }

    /// The day of a workspace.
    pub fn today(&self, workspace: &Workspace) -> AsOf {
        AsOf::new(self.now(workspace).date())
    }

    /// The settings of a session.
    pub fn engine(&self) -> Result<EngineSettings, Failure> {
        self.settings.engine()
    }

    /// Opens a run for questions; the last one, when none is named. What is answered then says so when the data have
    /// changed since.
    pub async fn view(&self, run: Option<&RunId>) -> Result<RunView, Failure> {
        let view = match &self.views {
            Some(views) => views.open(run).await?,
            None => RunView::open(&self.workspace().await?, &self.engine()?, run).await?,
        };
        self.note(&view).await?;
        Ok(view)
    }

    /// Sees to it that what is answered over a view says so when the data have changed since.
    pub async fn note(&self, view: &RunView) -> Result<(), Failure> {
        if let Some(what) = view.staleness().await? {
            let message = what.sentence(&view.run.id, self.language);
            self.output.set_stale(what, message);
        }
        Ok(())
    }

    /// Notes a file that was written for others, by which `forget` finds it. The file is there either way,
    /// so a note that cannot be made is only told.
    pub fn note_export(&self, workspace: &Workspace, file: &Path, content: Content) {
        if let Err(error) = exports::note(workspace, file, content) {
            let error = error.problem().sentence(self.language);
            self.output.tell(&self.pick(
                format!("{} cannot be noted, so forget will not find it: {error}", file.display()),
                format!("未能记录 {}，之后的 forget 找不到它：{error}", file.display()),
            ));
        }
    }

    /// Progress bars on stderr, which only a terminal shows.
    pub fn progress(&self) -> Arc<dyn Progress> {
        Arc::new(Bars::new(self.language))
    }

    /// Writes numbers in the user's language and a currency.
    pub fn format(&self, currency: &Currency) -> UnitFormat {
        UnitFormat { language: self.language, currency: currency.clone() }
    }
}

/// An amount as people write it.
pub fn money(ten_thousandths: i128, currency: &Currency) -> String {
    Money::from_ten_thousandths(ten_thousandths, currency.clone()).to_string()
}
