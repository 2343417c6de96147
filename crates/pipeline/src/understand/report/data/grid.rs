//! Buyers by how recently and how often they bought.

use clientele_engine::{EngineError, Session};

use crate::understand::rows::{int, money, rows, text};

/// Buyers with the same two digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridCell {
    /// 1 to 5, 5 for those who bought most recently.
    pub recency: u32,
    /// 1 to 5, 5 for those who bought most often.
    pub frequency: u32,
    pub customers: i64,
    /// In ten-thousandths.
    pub revenue: i128,
}

/// Counts the cells that are not empty.
pub async fn grid(session: &Session, revenue: &str) -> Result<Vec<GridCell>, EngineError> {
    let sql = format!(
        "SELECT substr(l.rfm_11__code, 1, 2) AS digits, count(*), \
         CAST(sum({revenue}) AS DECIMAL(38,4)) FROM labels l \
         JOIN metrics m ON l.customer_key = m.customer_key \
         WHERE l.rfm_11__code IS NOT NULL GROUP BY 1 ORDER BY 1"
    );
    let batches = session.sql(&sql).await?.collect().await?;
    let cell = rows(&batches).filter_map(|r| {
        let digits = text(&r[0]);
        let mut digits = digits.chars().filter_map(|c| c.to_digit(10));
        Some(GridCell {
            recency: digits.next()?,
            frequency: digits.next()?,
            customers: int(&r[1]),
            revenue: money(&r[2]),
        })
    });
    Ok(cell.collect())
}
