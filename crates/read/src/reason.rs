//! Why a row is not in the table.

use clientele_model::Text;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadReason {
    /// Fewer fields than the header has names.
    TooFewFields { found: usize, expected: usize },
    /// More fields than the header has names.
    TooManyFields { found: usize, expected: usize },
    /// Bytes that are no text in the file's encoding; `offset` counts in the decoded text, which
    /// for UTF-8 is the position in the (unpacked) file, from 0.
    NotText { offset: u64 },
    /// A NUL byte; `offset` as above.
    Nul { offset: u64 },
    /// A field above the limit.
    FieldTooLong { column: usize, bytes: usize, limit: usize },
    /// A line that is no JSON; the parser's own words.
    NotJson { detail: String },
    /// A JSON line that is not an object.
    NotAnObject,
    /// A JSON object with the same key twice.
    KeyTwice { key: String },
}

impl BadReason {
    /// A stable name for the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooFewFields { .. } => "too_few_fields",
            Self::TooManyFields { .. } => "too_many_fields",
            Self::NotText { .. } => "not_text",
            Self::Nul { .. } => "nul_byte",
            Self::FieldTooLong { .. } => "field_too_long",
            Self::NotJson { .. } => "not_json",
            Self::NotAnObject => "not_an_object",
            Self::KeyTwice { .. } => "key_twice",
        }
    }

    /// The reason in a sentence.
    pub fn text(&self) -> Text {
        match self {
            Self::TooFewFields { found, expected } => Text::new(
                format!("{found} fields, but the header has {expected} columns"),
                format!("只有 {found} 个字段，而表头有 {expected} 列"),
            ),
            Self::TooManyFields { found, expected } => Text::new(
                format!(
                    "{found} fields, but the header has {expected} columns; a delimiter inside a value needs quotes"
                ),
                format!("有 {found} 个字段，而表头只有 {expected} 列；值中含分隔符时需要加引号"),
            ),
            Self::NotText { offset } => Text::new(
                format!("the bytes at offset {offset} are not text in the file's encoding"),
                format!("偏移 {offset} 处的字节不是该文件编码下的文本"),
            ),
            Self::Nul { offset } => {
                Text::new(format!("a NUL byte at offset {offset}"), format!("偏移 {offset} 处有 NUL 字节"))
            }
            Self::FieldTooLong { column, bytes, limit } => Text::new(
                format!("the value in column {column} has {bytes} bytes, more than the limit of {limit}"),
                format!("第 {column} 列的值有 {bytes} 字节，超过上限 {limit}"),
            ),
            Self::NotJson { detail } => {
                Text::new(format!("not valid JSON: {detail}"), format!("不是有效的 JSON：{detail}"))
            }
            Self::NotAnObject => Text::new("not a JSON object", "不是 JSON 对象"),
            Self::KeyTwice { key } => Text::new(
                format!("the key {key:?} stands twice in the object"),
                format!("键 {key:?} 在对象中出现两次"),
            ),
        }
    }
}
