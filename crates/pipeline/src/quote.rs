//! Names and texts as SQL.

/// Quotes a column name.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Quotes a text.
pub fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
