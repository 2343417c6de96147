//! How long the steps of long work take.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use clientele_model::Language;
use clientele_model::progress::{Progress, ProgressUnit, Step};

/// Tells the time of each step on stderr as soon as it is over; everything else goes on to `inner`.
pub struct StepTimes {
    language: Language,
    inner: Arc<dyn Progress>,
    running: Mutex<Option<(Step, Instant)>>,
}

impl StepTimes {
    pub fn new(language: Language, inner: Arc<dyn Progress>) -> Self {
        StepTimes { language, inner, running: Mutex::new(None) }
    }

    /// The last step is over.
    pub fn end(&self) {
        self.turn(None);
    }

    fn turn(&self, next: Option<Step>) {
        let next = next.map(|step| (step, Instant::now()));
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((step, began)) = std::mem::replace(&mut *running, next) {
            let seconds = began.elapsed().as_secs_f64();
            let unit = self.language.pick("s", "秒");
            eprintln!("{}: {seconds:.2} {unit}", name(step, self.language));
        }
    }
}

impl Progress for StepTimes {
    fn at(&self, stage: &str, done: u64, total: u64, unit: ProgressUnit) {
        self.inner.at(stage, done, total, unit);
    }

    fn finished(&self, stage: &str) {
        self.inner.finished(stage);
    }

    fn step(&self, step: Step) {
        self.turn(Some(step));
    }
}

fn name(step: Step, language: Language) -> &'static str {
    match step {
        Step::Prepare => language.pick("prepare", "准备"),
        Step::Graph => language.pick("graph", "关系图"),
        Step::Measure => language.pick("measure", "计算指标"),
        Step::CutPoints => language.pick("cut points", "计算切点"),
        Step::Classify => language.pick("classify", "划分层级"),
        Step::Record => language.pick("record", "记录"),
        Step::Segments => language.pick("segments", "更新客群"),
    }
}
