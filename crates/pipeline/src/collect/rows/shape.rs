//! Which columns rows have, and which column of the lake each fills.

/// What the whole numbers of a column stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumKind {
    /// Ten-thousandths.
    Decimal,
    /// Microseconds since 1970.
    Time,
    /// Days since 1970.
    Day,
    /// A count.
    Int,
    /// Ten-thousandths that the lake keeps as floating point.
    Double,
}

/// The columns of [`super::Rows`], named as in the lake.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// The column of [`super::Rows::at`].
    pub at: &'static str,
    /// The column of [`super::Rows::id`]; empty where records have none.
    pub id: &'static str,
    /// Whether the customer's id stands beside the key.
    pub customer_id: bool,
    pub nums: Vec<(&'static str, NumKind)>,
    pub codes: Vec<&'static str>,
    pub texts: Vec<&'static str>,
}

impl Shape {
    /// Where a column of numbers is.
    pub fn num(&self, name: &str) -> Option<usize> {
        self.nums.iter().position(|(n, _)| *n == name)
    }

    /// Where a column of words is.
    pub fn code(&self, name: &str) -> Option<usize> {
        self.codes.iter().position(|n| *n == name)
    }

    /// Where a column of texts is.
    pub fn text(&self, name: &str) -> Option<usize> {
        self.texts.iter().position(|n| *n == name)
    }
}
