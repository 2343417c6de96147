//! Progress bars.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use clientele_model::Language;
use clientele_model::progress::{Progress, ProgressUnit};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One bar on stderr for the stage at work; nothing at all when stderr is no terminal.
pub struct Bars {
    language: Language,
    now: Mutex<Option<(String, ProgressBar)>>,
}

impl Bars {
    pub fn new(language: Language) -> Self {
        Bars { language, now: Mutex::new(None) }
    }

    fn bar(&self, stage: &str, total: u64, unit: ProgressUnit) -> ProgressBar {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((there, bar)) = now.as_ref()
            && there == stage
        {
            return bar.clone();
        }
        if let Some((_, bar)) = now.take() {
            bar.finish_and_clear();
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(8));
        bar.set_style(style(total, unit));
        bar.set_message(name(stage, self.language));
        bar.enable_steady_tick(Duration::from_millis(200));
        *now = Some((stage.to_owned(), bar.clone()));
        bar
    }
}

impl Progress for Bars {
    fn at(&self, stage: &str, done: u64, total: u64, unit: ProgressUnit) {
        let bar = self.bar(stage, total, unit);
        if total != bar.length().unwrap_or_default() {
            bar.set_length(total);
        }
        bar.set_position(done);
    }

    fn finished(&self, stage: &str) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bar)) = now.take_if(|(there, _)| there == stage) {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        let now = self.now.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bar)) = now.take() {
            bar.finish_and_clear();
        }
    }
}

fn style(total: u64, unit: ProgressUnit) -> ProgressStyle {
    let figures = match unit {
        ProgressUnit::Bytes => "{bytes} / {total_bytes}",
        ProgressUnit::Rows | ProgressUnit::Files | ProgressUnit::Steps => "{human_pos} / {human_len}",
    };
    let template = match total {
        0 => "{spinner} {msg} {human_pos}".to_owned(),
        _ => format!("{{spinner}} {{msg}} {{wide_bar}} {figures} {{eta}}"),
    };
    // A template that cannot be read would only cost the looks.
    ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// What a stage does, in the user's words. A file's name stands for itself.
fn name(stage: &str, language: Language) -> String {
    let (en, zh) = match stage {
        "measure" => ("measuring", "计算指标"),
        "classify" => ("classifying", "划分层级"),
        "forget" => ("forgetting", "遗忘"),
        "export" => ("exporting", "导出"),
        "generate" => ("generating", "生成数据"),
        "import" => ("importing", "导入"),
        "read" => ("reading", "读取"),
        "write" => ("writing", "写入"),
        "backup" => ("copying", "备份"),
        "restore" => ("restoring", "恢复"),
        "vacuum" => ("clearing out", "清理"),
        "report" => ("writing the report", "生成报告"),
        other => return other.to_owned(),
    };
    language.pick(en, zh).to_owned()
}
