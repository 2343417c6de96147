//! What is asked of an import.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDateTime;
use clientele_model::spec::source::{DateOrder, Field};

use super::super::error::ImportError;

/// What to import and how.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The file; it becomes a batch, or several where it holds records of several kinds.
    pub file: PathBuf,
    /// The id of the layout; found in the file when absent.
    pub source: Option<String>,
    pub by_hand: ByHand,
    /// Do everything but commit.
    pub dry_run: bool,
    /// The wall-clock time of the workspace.
    pub now: NaiveDateTime,
    /// Threads that read; as many write.
    pub threads: usize,
    /// What the import may hold in memory, in bytes, roughly.
    pub memory_limit: u64,
}

impl ImportRequest {
    /// A request with the usual limits.
    pub fn new(file: PathBuf, now: NaiveDateTime) -> Self {
        ImportRequest {
            file,
            source: None,
            by_hand: ByHand::default(),
            dry_run: false,
            now,
            threads: std::thread::available_parallelism().map_or(2, usize::from),
            memory_limit: 2 << 30,
        }
    }
}

/// What the user says of a file, where it is not to be found in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByHand {
    /// The column of each field.
    pub fields: BTreeMap<Field, String>,
    /// The order of day and month.
    pub dates: Option<DateOrder>,
    /// The source whose customers the file is about, when it is not the layout's own.
    pub family: Option<String>,
}

impl ByHand {
    /// Reads pairs as people write them: a field and its column; `dates` and `dmy` or `mdy`; `family` and a
    /// source. Of pairs about the same thing the last counts.
    ///
    /// # Errors
    /// A name that is no field, or dates in another order.
    pub fn read(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, ImportError> {
        let mut read = ByHand::default();
        for (name, value) in pairs {
            read.set(&name, &value)?;
        }
        Ok(read)
    }

    /// Adds a pair; see [`Self::read`].
    ///
    /// # Errors
    /// As there.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), ImportError> {
        let unknown = |name: &str| ImportError::UnknownField {
            name: name.to_owned(),
            known: Field::ALL.iter().map(|field| field.name()).collect(),
        };
        match (name, value.trim()) {
            ("dates", "dmy") => self.dates = Some(DateOrder::Dmy),
            ("dates", "mdy") => self.dates = Some(DateOrder::Mdy),
            ("dates", other) => return Err(unknown(&format!("dates={other}"))),
            ("family", family) if !family.is_empty() => self.family = Some(family.to_owned()),
            _ => {
                self.fields.insert(name.parse().map_err(|_| unknown(name))?, value.to_owned());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<ByHand, ImportError> {
        ByHand::read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn pairs_are_fields_dates_and_a_family() {
        let pairs = [("amount", "total"), ("dates", "mdy"), ("family", " shop "), ("amount", "sum ")];
        let by_hand = read(&pairs).expect("pairs");
        assert_eq!(by_hand.fields, BTreeMap::from([(Field::Amount, "sum ".to_owned())]));
        assert_eq!((by_hand.dates, by_hand.family.as_deref()), (Some(DateOrder::Mdy), Some("shop")));
    }

    #[test]
    fn other_names_are_told_with_what_there_is() {
        for (name, value, told) in
            [("colour", "c", "colour"), ("dates", "ymd", "dates=ymd"), ("family", " ", "family")]
        {
            match read(&[(name, value)]) {
                Err(ImportError::UnknownField { name, known }) => {
                    assert_eq!(name, told);
                    assert!(known.contains(&"amount"));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
