//! A text of each customer, as a number.

use clientele_engine::arrow::array::{Array, ArrayRef, AsArray};
use rustc_hash::FxHashMap;

/// A text of each customer by customer key, as a number: tiers, attributes. Small enough to hold many columns of
/// millions of customers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codes {
    names: Vec<String>,
    codes: Numbers,
}

/// By customer key, 0 for nothing known, else the place of the name from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Numbers {
    Narrow(Vec<u16>),
    Wide(Vec<u32>),
}

impl Default for Numbers {
    fn default() -> Self {
        Numbers::Narrow(Vec::new())
    }
}

impl Codes {
    /// The names that occur, by number.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of a name.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The number of a customer's text; nothing where it is not known, or is empty.
    pub fn get(&self, key: usize) -> Option<usize> {
        let code = match &self.codes {
            Numbers::Narrow(codes) => codes.get(key).copied().unwrap_or_default().into(),
            Numbers::Wide(codes) => codes.get(key).copied().unwrap_or_default(),
        };
        (code as usize).checked_sub(1)
    }

    /// One more than the greatest key.
    pub fn len(&self) -> usize {
        match &self.codes {
            Numbers::Narrow(codes) => codes.len(),
            Numbers::Wide(codes) => codes.len(),
        }
    }

    /// In memory.
    pub fn bytes(&self) -> usize {
        let codes = match &self.codes {
            Numbers::Narrow(codes) => 2 * codes.capacity(),
            Numbers::Wide(codes) => 4 * codes.capacity(),
        };
        codes + self.names.iter().map(|name| name.len() + size_of::<String>()).sum::<usize>()
    }

    /// Codes that were worked out: for each customer key the number of one of the names, if any.
    pub fn of(names: Vec<String>, numbers: impl Iterator<Item = Option<usize>>) -> Codes {
        let mut made = Codes { names, ..Codes::default() };
        for (key, number) in numbers.enumerate() {
            made.set(key, number.map_or(0, |number| number as u32 + 1));
        }
        made
    }

    fn set(&mut self, key: usize, code: u32) {
        if let (Numbers::Narrow(codes), true) = (&mut self.codes, code > u32::from(u16::MAX)) {
            self.codes = Numbers::Wide(codes.iter().map(|code| u32::from(*code)).collect());
        }
        match &mut self.codes {
            Numbers::Narrow(codes) => put(codes, key, code as u16),
            Numbers::Wide(codes) => put(codes, key, code),
        }
    }
}

fn put<T: Copy + Default>(codes: &mut Vec<T>, key: usize, code: T) {
    if codes.len() <= key {
        codes.resize(key + 1, T::default());
    }
    codes[key] = code;
}

/// Gives texts numbers from 1 as they come, and 0 to none and to an empty one.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<String>,
    known: FxHashMap<String, u32>,
    /// Short texts as Arrow lays them out in views.
    short: FxHashMap<u128, u32>,
}

impl Names {
    /// The texts by number, the first of which is 1.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of a text.
    pub fn number(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        self.names.push(text.to_owned());
        let number = self.names.len() as u32;
        self.known.insert(text.to_owned(), number);
        number
    }

    /// The numbers of a column's texts, row by row. A column that has no texts has none.
    pub fn numbers(&mut self, texts: &ArrayRef, mut each: impl FnMut(usize, u32)) {
        if let Some(texts) = texts.as_string_opt::<i32>() {
            let mut last = ("", 0);
            for row in 0..texts.len() {
                let text = if texts.is_null(row) { "" } else { texts.value(row) };
                if text != last.0 {
                    last = (text, self.number(text));
                }
                each(row, last.1);
            }
        } else if let Some(texts) = texts.as_string_view_opt() {
            // Of longer texts the layout says where they lie: the same place is the same text, in this column.
            let mut long: FxHashMap<u128, u32> = FxHashMap::default();
            let mut last = (0, 0);
            for (row, view) in texts.views().iter().enumerate() {
                if texts.is_null(row) {
                    each(row, 0);
                    continue;
                }
                if *view != last.0 {
                    let is_short = *view as u32 <= MOST_INLINE;
                    let known = if is_short { self.short.get(view) } else { long.get(view) };
                    let number = match known {
                        Some(number) => *number,
                        None => {
                            let number = self.number(texts.value(row));
                            let places = if is_short { &mut self.short } else { &mut long };
                            places.insert(*view, number);
                            number
                        }
                    };
                    last = (*view, number);
                }
                each(row, last.1);
            }
        } else if let Some(yes) = texts.as_boolean_opt() {
            for row in 0..yes.len() {
                let text = if yes.is_null(row) {
                    ""
                } else if yes.value(row) {
                    "true"
                } else {
                    "false"
                };
                each(row, self.number(text));
            }
        }
    }
}

/// Bytes of a text that lies in its view itself.
const MOST_INLINE: u32 = 12;

/// Makes codes of texts as they come.
#[derive(Default)]
pub struct Coder {
    made: Codes,
    names: Names,
}

impl Coder {
    /// Takes the texts of some customers.
    pub fn take(&mut self, keys: &[i32], texts: &ArrayRef) {
        let Coder { made, names } = self;
        names.numbers(texts, |row, number| {
            if let Ok(key) = usize::try_from(keys[row]) {
                made.set(key, number);
            }
        });
    }

    /// What was taken.
    pub fn finish(self) -> Codes {
        Codes { names: self.names.names, ..self.made }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clientele_engine::arrow::array::{ArrayRef, StringArray, StringViewArray};

    use super::Coder;

    #[test]
    fn each_customer_has_the_text_that_they_came_with() {
        let mut coder = Coder::default();
        let long = "more than fits into a view";
        let plain: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("b"), Some("a")]));
        let views = |texts: Vec<Option<&str>>| Arc::new(StringViewArray::from(texts)) as ArrayRef;
        coder.take(&[0, 1, 2, 5], &plain);
        coder.take(&[7, 3, 4], &views(vec![Some("b"), Some(""), Some("c")]));
        coder.take(&[10, 11, 12, 13], &views(vec![Some(long), None, Some(long), Some("a")]));
        // Another text at the same place of another column.
        coder.take(&[14, 15], &views(vec![Some("another that is too long"), Some(long)]));
        let codes = coder.finish();
        let name = |key| codes.get(key).map(|code| codes.names()[code].as_str());
        let found: Vec<_> = (0..17).map(name).collect();
        let (a, b, c, long) = (Some("a"), Some("b"), Some("c"), Some(long));
        let other = Some("another that is too long");
        let first = [a, None, b, None, c, a, None, b, None, None];
        assert_eq!(found, [first.as_slice(), &[long, None, long, a, other, long, None]].concat());
        assert_eq!(codes.len(), 16);
    }

    #[test]
    fn more_texts_than_fit_into_two_bytes_are_told_apart() {
        let mut coder = Coder::default();
        let texts: Vec<String> = (0..70_000).map(|n| format!("text {n}")).collect();
        let keys: Vec<i32> = (0..70_000).collect();
        coder.take(&keys, &(Arc::new(StringArray::from(texts.clone())) as ArrayRef));
        let codes = coder.finish();
        for key in [0, 65_534, 65_535, 65_536, 69_999] {
            assert_eq!(codes.get(key).map(|code| &codes.names()[code]), Some(&texts[key]));
        }
    }
}
