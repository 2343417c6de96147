//! Identifiers. Each is its own type, so that a tier is never taken for a scheme.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as the id.
            pub fn new(text: impl Into<String>) -> Self {
                $name(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $name::new(text)
            }
        }
    };
}

text_id!(
    /// A customer's id as the source gives it.
    CustomerId
);
text_id!(
    /// One import of one file, `b0001` and on.
    BatchId
);
text_id!(
    /// One refresh, `r0001` and on.
    RunId
);
text_id!(
    /// A metric; also its column's name: lower-case letters, digits and `_`.
    MetricId
);
text_id!(
    /// A scheme: lower-case letters, digits and `-`.
    SchemeId
);
text_id!(
    /// A tier within its scheme: lower-case letters, digits and `_`.
    TierId
);

impl TierId {
    /// The tier of customers for whom a fact that the scheme needs is missing.
    pub const UNKNOWN: &'static str = "unknown";
}

impl SchemeId {
    /// The scheme's column name in the labels table (`rfm-11` → `rfm_11`).
    pub fn column(&self) -> String {
        self.0.replace('-', "_")
    }
}

/// Whether `text` is made of lower-case ASCII letters, digits and single `joiner`s, and starts with a
/// letter. A doubled joiner is the product's own: columns such as `rfm_11__since` have it.
pub(crate) fn is_word(text: &str, joiner: char) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 64
        && !text.contains(&[joiner, joiner].iter().collect::<String>())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joiner)
}
