//! What takes the values of rows.

/// Takes the values of a row, one after the other in the order of the columns.
pub trait Cells {
    fn text(&mut self, value: &str);
    /// A letter and a number of ten digits or more, such as `C0000000042`.
    fn id(&mut self, letter: char, number: u64);
    fn count(&mut self, value: i64);
    fn money(&mut self, hundredths: i64);
    fn number(&mut self, hundredths: i64);
    fn time(&mut self, seconds: u32);
    /// A day, as days since 1970-01-01.
    fn date(&mut self, epoch_day: i32);
    /// No value.
    fn none(&mut self);
    fn end_row(&mut self);
}

/// The customer's number as people see it: from 1.
pub fn shown(customer: u32) -> u64 {
    u64::from(customer) + 1
}
