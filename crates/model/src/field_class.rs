//! Kinds of what is known of customers, by the care that they ask for.

use serde::{Deserialize, Serialize};

use crate::Language;

/// What a column or a metric tells of a customer. Every one belongs to a class, so that a new one cannot be
/// seen by people who should not see its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldClass {
    /// What may always be seen: ids, days, kinds, counts.
    General,
    /// How to reach them.
    Contact,
    /// Who they are.
    Identity,
    /// Amounts of money.
    Money,
    /// What people wrote freely; anything may be in it.
    FreeText,
    /// What the law or good manners protect: gender, age, occupation, credit.
    Sensitive,
}

/// How a class of fields is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    Shown,
    /// A part is shown, as `a***@example.com`. Nothing can be compared, sorted, grouped or filtered by it.
    Masked,
    /// It does not exist.
    Hidden,
}

impl FieldClass {
    /// All classes but [`FieldClass::General`], which is always shown.
    pub const GUARDED: [FieldClass; 5] = [
        FieldClass::Contact,
        FieldClass::Identity,
        FieldClass::Money,
        FieldClass::FreeText,
        FieldClass::Sensitive,
    ];

    /// Its name for people.
    pub fn name(self, language: Language) -> &'static str {
        match self {
            FieldClass::General => language.pick("general", "一般信息"),
            FieldClass::Contact => language.pick("contact", "联系方式"),
            FieldClass::Identity => language.pick("identity", "身份"),
            FieldClass::Money => language.pick("money", "金额"),
            FieldClass::FreeText => language.pick("free text", "自由文本"),
            FieldClass::Sensitive => language.pick("sensitive", "敏感信息"),
        }
    }
}
