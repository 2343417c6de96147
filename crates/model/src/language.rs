//! The two languages of the product and texts that exist in both.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that users read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    Zh,
}

impl Language {
    /// Chooses between the two forms of a fixed text.
    pub fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    /// The BCP 47 tag, as HTML wants it.
    pub fn tag(self) -> &'static str {
        self.pick("en", "zh-CN")
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "en" => Ok(Language::En),
            "zh" | "zh-cn" => Ok(Language::Zh),
            other => Err(format!("`{other}` is not a language here; use en or zh")),
        }
    }
}

/// A text that users read, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub en: String,
    pub zh: String,
}

/// The English form, then the Chinese.
impl<En: Into<String>, Zh: Into<String>> From<(En, Zh)> for Text {
    fn from((en, zh): (En, Zh)) -> Self {
        Text::new(en, zh)
    }
}

impl Text {
    /// Builds a text from its two forms.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Text { en: en.into(), zh: zh.into() }
    }

    /// A text that is the same in both languages: a name, a number, what another program says.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Text { zh: text.clone(), en: text }
    }

    /// The form in one language.
    pub fn get(&self, language: Language) -> &str {
        language.pick(&self.en, &self.zh)
    }

    /// Whether either form is missing.
    pub fn is_incomplete(&self) -> bool {
        self.en.trim().is_empty() || self.zh.trim().is_empty()
    }
}
