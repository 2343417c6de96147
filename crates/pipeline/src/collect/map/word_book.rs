//! What the words of a column mean in one file.

use std::collections::{BTreeMap, HashMap};

use super::super::records::words::{Otherwise, Words};
use super::super::values::text::folded;

/// Words of a column: the layout's own, then those that are widely known.
#[derive(Debug)]
pub struct WordBook {
    ours: HashMap<String, String>,
    pub otherwise: Otherwise,
}

impl WordBook {
    /// Prepares for a file.
    pub fn new(words: &Words, own: Option<&BTreeMap<String, String>>) -> Self {
        let mut ours = HashMap::new();
        for (word, names) in words.known {
            ours.insert(folded(word), (*word).to_owned());
            ours.extend(names.iter().map(|name| (folded(name), (*word).to_owned())));
        }
        for (name, word) in own.into_iter().flatten() {
            ours.insert(folded(name), word.clone());
        }
        WordBook { ours, otherwise: words.otherwise }
    }

    /// Our word for a name; `None` where it is not known.
    pub fn known(&self, name: &str) -> Option<&str> {
        if self.ours.is_empty() {
            return None;
        }
        self.ours.get(&folded(name)).map(String::as_str)
    }
}
