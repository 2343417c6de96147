//! Why a row is not in the table.

use clientele_model::Language;

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
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::En => self.english(),
            Language::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::TooFewFields { found, expected } => {
                format!("{found} fields, but the header has {expected} columns")
            }
            Self::TooManyFields { found, expected } => format!(
                "{found} fields, but the header has {expected} columns; a delimiter inside a value needs quotes"
            ),
            Self::NotText { offset } => {
                format!("the bytes at offset {offset} are not text in the file's encoding")
            }
            Self::Nul { offset } => format!("a NUL byte at offset {offset}"),
            Self::FieldTooLong { column, bytes, limit } => {
                format!("the value in column {column} has {bytes} bytes, more than the limit of {limit}")
            }
            Self::NotJson { detail } => format!("not valid JSON: {detail}"),
            Self::NotAnObject => "not a JSON object".to_owned(),
            Self::KeyTwice { key } => format!("the key {key:?} stands twice in the object"),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::TooFewFields { found, expected } => {
                format!("只有 {found} 个字段，而表头有 {expected} 列")
            }
            Self::TooManyFields { found, expected } => {
                format!("有 {found} 个字段，而表头只有 {expected} 列；值中含分隔符时需要加引号")
            }
            Self::NotText { offset } => format!("偏移 {offset} 处的字节不是该文件编码下的文本"),
            Self::Nul { offset } => format!("偏移 {offset} 处有 NUL 字节"),
            Self::FieldTooLong { column, bytes, limit } => {
                format!("第 {column} 列的值有 {bytes} 字节，超过上限 {limit}")
            }
            Self::NotJson { detail } => format!("不是有效的 JSON：{detail}"),
            Self::NotAnObject => "不是 JSON 对象".to_owned(),
            Self::KeyTwice { key } => format!("键 {key:?} 在对象中出现两次"),
        }
    }
}
