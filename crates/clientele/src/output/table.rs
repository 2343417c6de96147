//! Tables for the terminal.

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table as Comfy, TableStyle};

/// Lines under the head and the last row only.
const STYLE: TableStyle = TableStyle::new().header_separator(LINE).bottom_border(LINE);
const LINE: LineStyle = LineStyle::none().fill('─').junction('─');

/// The width of tables that go to a file or another program.
const USUAL_WIDTH: u16 = 140;

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A table. Wide characters count as two; in a terminal that is too narrow, text wraps.
pub struct Table {
    inner: Comfy,
    aligns: Vec<Align>,
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: &[(&str, Align)]) -> Self {
        let mut inner = Comfy::new();
        inner.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
        if !inner.is_tty() {
            inner.set_width(USUAL_WIDTH);
        }
        let aligns: Vec<Align> = columns.iter().map(|(_, align)| *align).collect();
        inner.set_header(columns.iter().map(|(name, align)| cell(name, *align)));
        Table { inner, aligns }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells = cells.into_iter().zip(&self.aligns).map(|(text, align)| cell(&text, *align));
        self.inner.add_row(cells.collect::<Vec<_>>());
    }

    /// The table as text.
    pub fn text(&self) -> String {
        self.inner.trim_fmt()
    }
}

fn cell(text: &str, align: Align) -> Cell {
    Cell::new(text).set_alignment(match align {
        Align::Left => CellAlignment::Left,
        Align::Right => CellAlignment::Right,
    })
}

/// A share with one digit: `12.3 %`.
pub fn share(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A whole number with thousands apart.
pub fn count(number: i64) -> String {
    let digits = clientele_model::money::group_thousands(&number.unsigned_abs().to_string());
    if number < 0 { format!("-{digits}") } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_stay_in_line() {
        let mut table = Table::new(&[("层级", Align::Left), ("客户数", Align::Right)]);
        table.row(["冠军客户".to_owned(), "12".to_owned()]);
        table.row(["A".to_owned(), "1,234".to_owned()]);
        insta::assert_snapshot!(table.text(), @r"
         层级       客户数
        ───────────────────
         冠军客户       12
         A           1,234
        ───────────────────
        ");
    }
}
