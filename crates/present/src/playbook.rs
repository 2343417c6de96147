//! What to do for the customers of a tier.

use clientele_model::spec::scheme;
use clientele_model::{Language, Text};
use serde::Serialize;

/// A playbook in one language. Owner, channel and cadence are words of documents, the same in every language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Playbook {
    pub goal: String,
    pub owner: &'static str,
    pub actions: Vec<Action>,
    pub offer: String,
    pub kpi: String,
    /// What to say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub talk: Vec<String>,
    #[serde(skip)]
    owner_name: String,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action {
    pub text: String,
    pub channel: &'static str,
    pub cadence: &'static str,
    #[serde(skip)]
    when: String,
}

impl Playbook {
    /// The playbook in a language.
    pub fn new(playbook: &scheme::Playbook, language: Language) -> Self {
        let text = |text: &Text| text.get(language).to_owned();
        let action = |action: &scheme::Action| Action {
            text: text(&action.text),
            channel: action.channel.word(),
            cadence: action.cadence.word(),
            when: format!("{} · {}", text(&action.channel.name()), text(&action.cadence.name())),
        };
        Playbook {
            goal: text(&playbook.goal),
            owner: playbook.owner.word(),
            actions: playbook.actions.iter().map(action).collect(),
            offer: text(&playbook.offer),
            kpi: text(&playbook.kpi),
            talk: playbook.talk.iter().map(text).collect(),
            owner_name: text(&playbook.owner.name()),
        }
    }

    /// The playbook for people, a line each.
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
