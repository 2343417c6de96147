//! Playbooks as JSON and as lines.

use clientele_model::Language;
use clientele_model::spec::scheme::{Action, Playbook};
use serde::Serialize;

/// What to do for the customers of a tier, in one language. Owner, channel and cadence are words of
/// documents, the same in every language.
#[derive(Serialize)]
pub struct PlaybookJson {
    goal: String,
    owner: &'static str,
    actions: Vec<ActionJson>,
    offer: String,
    kpi: String,
    /// What to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    talk: Vec<String>,
    #[serde(skip)]
    owner_name: String,
}

#[derive(Serialize)]
struct ActionJson {
    text: String,
    channel: &'static str,
    cadence: &'static str,
    #[serde(skip)]
    when: String,
}

impl PlaybookJson {
    pub fn new(playbook: &Playbook, language: Language) -> Self {
        let text = |text: &clientele_model::Text| text.get(language).to_owned();
        let action = |action: &Action| ActionJson {
            text: text(&action.text),
            channel: action.channel.word(),
            cadence: action.cadence.word(),
            when: format!("{} · {}", text(&action.channel.name()), text(&action.cadence.name())),
        };
        PlaybookJson {
            goal: text(&playbook.goal),
            owner: playbook.owner.word(),
            actions: playbook.actions.iter().map(action).collect(),
            offer: text(&playbook.offer),
            kpi: text(&playbook.kpi),
            talk: playbook.talk.iter().map(text).collect(),
            owner_name: text(&playbook.owner.name()),
        }
    }

    /// The playbook for people.
    pub fn lines(&self, language: Language) -> Vec<String> {
        let [owner, offer, kpi, talk] =
            language.pick(["owner", "offer", "KPI", "talk track"], ["负责", "优惠", "考核指标", "话术"]);
        let mut lines = vec![format!("{} ({owner}: {})", self.goal, self.owner_name)];
        lines.extend(self.actions.iter().map(|action| format!("• {} [{}]", action.text, action.when)));
        lines.push(format!("{offer}: {}", self.offer));
        lines.push(format!("{kpi}: {}", self.kpi));
        lines.extend(self.talk.iter().map(|line| format!("{talk}: {line}")));
        lines
    }
}
