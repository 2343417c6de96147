//! The quality of a batch in figures between 0 and 1.

use std::collections::BTreeMap;

use clientele_model::Language;
use serde::{Deserialize, Serialize};

/// One of the five figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    Completeness,
    Validity,
    Uniqueness,
    Consistency,
    Timeliness,
}

impl Figure {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Figure; 5] =
        [Figure::Completeness, Figure::Validity, Figure::Uniqueness, Figure::Consistency, Figure::Timeliness];

    /// The name that users read.
    pub fn name(self, language: Language) -> &'static str {
        match self {
            Figure::Completeness => language.pick("completeness", "完整性"),
            Figure::Validity => language.pick("validity", "有效性"),
            Figure::Uniqueness => language.pick("uniqueness", "唯一性"),
            Figure::Consistency => language.pick("consistency", "一致性"),
            Figure::Timeliness => language.pick("timeliness", "及时性"),
        }
    }

    /// How it is computed.
    pub fn definition(self, language: Language) -> &'static str {
        match self {
            Figure::Completeness => language
                .pick("cells with a value ÷ cells of mapped columns", "有值的单元格 ÷ 已映射列的单元格"),
            Figure::Validity => language.pick(
                "rows whose dates, numbers and statuses can be read ÷ rows read",
                "日期、数字和状态均可识别的行 ÷ 读取的行",
            ),
            Figure::Uniqueness => {
                language.pick("rows that do not repeat a number ÷ rows read", "编号不重复的行 ÷ 读取的行")
            }
            Figure::Consistency => language.pick(
                "rows that do not contradict themselves or their order ÷ rows read",
                "与自身及所属订单不矛盾的行 ÷ 读取的行",
            ),
            Figure::Timeliness => language.pick(
                "rows whose dates can be read, are not before 1970 and not in the future ÷ rows read",
                "日期可识别、不早于 1970 年且不在未来的行 ÷ 读取的行",
            ),
        }
    }
}

/// The figures of a batch. A figure that has no rows to stand on is absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// The five figures.
    pub overall: BTreeMap<Figure, f64>,
    /// Completeness of each mapped field.
    pub completeness: BTreeMap<String, f64>,
}

/// `part ÷ whole`; `None` when there is no whole.
pub(crate) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
