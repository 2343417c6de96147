//! What is wrong with a file of a lake.

use std::fmt;

use clientele_model::Text;
use clientele_model::problem::{Problem, kinds::lake as kinds};

/// The word for the store in errors of reading.
const STORE: &str = "lake";

/// A file of a lake is not what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at} is damaged: {kind}")]
pub struct Damage {
    /// The file.
    pub at: String,
    pub kind: Kind,
    /// The partition values that its path tells, by column: which batch, run or bucket it belongs to.
    pub part: Vec<(String, String)>,
}

/// See [`Damage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is named and not there.
    Missing,
    /// It is cut off, or its end is not as it was written.
    NotWhole,
    /// So many bytes of it are not as they were written.
    Bytes { from: u64, until: u64 },
    /// It has another size than was written down.
    Size { found: u64, written: u64 },
    /// It is another file, of the same size, than was written down.
    Other,
    /// An entry of a table's log that was cut off or changed.
    Log,
}

impl Damage {
    /// Damage of a file by its whole path.
    pub fn new(at: String, kind: Kind) -> Self {
        let parts = at.split('/').filter_map(|part| part.split_once('='));
        let part = parts.map(|(column, value)| (column.to_owned(), value.to_owned())).collect();
        Self { at, kind, part }
    }

    /// The damage that a message tells of which has been passed on as text: some layers between a reader and
    /// its caller keep only the words of a cause, and a cluster's executors send nothing else.
    pub(crate) fn in_text(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once(&format!("Generic {STORE} error: "))?;
        let (at, kind) = rest.split_once(" is damaged: ")?;
        Some(Self::new(at.to_owned(), Kind::in_text(kind)?))
    }

    /// What is told of it: what is wrong with the file, to what it belongs, and the cure.
    pub fn problem(&self) -> Problem {
        let problem = match (self.partition("run"), self.partition("batch")) {
            (Some(run), _) => kinds::RUN_DAMAGED.problem().with("run", run),
            (None, Some(batch)) => kinds::BATCH_DAMAGED.problem().with("batch", batch),
            (None, None) => kinds::FILE_DAMAGED.problem(),
        };
        problem.with("at", &self.at).with_text("what", self.kind.text())
    }

    /// A partition value of the file.
    pub fn partition(&self, column: &str) -> Option<&str> {
        self.part.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
    }
}

impl Kind {
    /// What is wrong with the file.
    pub fn text(self) -> Text {
        match self {
            Self::Missing => Text::new("it is not there", "文件不在了"),
            Self::NotWhole => Text::new("it is cut off, or its end was changed", "文件不完整，或末尾被改动"),
            Self::Bytes { from, until } => Text::new(
                format!("bytes {from} to {until} are not as they were written"),
                format!("第 {from} 至 {until} 字节与写入时不同"),
            ),
            Self::Size { found, written } => Text::new(
                format!("it has {found} bytes, {written} were written"),
                format!("现有 {found} 字节，写入时为 {written} 字节"),
            ),
            Self::Other => Text::new("its content is not what was written", "内容与写入时不同"),
            Self::Log => Text::new(
                "this entry of a table's log was cut off or changed",
                "表日志的这一条目被截断或改动",
            ),
        }
    }

    /// The kind whose words a text begins with.
    fn in_text(text: &str) -> Option<Self> {
        let plain = [Self::Missing, Self::NotWhole, Self::Other, Self::Log];
        if let Some(kind) = plain.into_iter().find(|kind| text.starts_with(&kind.to_string())) {
            return Some(kind);
        }
        let mut words = text.split_whitespace();
        let mut number = |before: &str| {
            (words.next()? == before).then_some(())?;
            words.next()?.parse().ok()
        };
        Some(Self::Bytes { from: number("bytes")?, until: number("to")? })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl From<Damage> for object_store::Error {
    fn from(damage: Damage) -> Self {
        object_store::Error::Generic { store: STORE, source: Box::new(damage) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_known_by_its_words_too() {
        for kind in [Kind::Missing, Kind::NotWhole, Kind::Bytes { from: 7, until: 65_543 }, Kind::Log] {
            let at = "/湖 1/labels/run=r0002/bucket=3/part-1.sealed.parquet";
            let damage = Damage::new(at.to_owned(), kind);
            let told = format!("Parquet error: {} (in task 7)", object_store::Error::from(damage.clone()));
            assert_eq!(Damage::in_text(&told), Some(damage));
        }
        assert_eq!(Damage::in_text("Generic lake error: something is amiss"), None);
    }
}
