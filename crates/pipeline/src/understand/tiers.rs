//! Tier sizes and values, and who is in a tier.

use clientele_model::TierId;
use clientele_model::spec::Scheme;

use super::rows::{Value, int, money, rows, text};
use super::view::{RunView, ViewError};
use crate::classify::compile::text as quote;
use crate::classify::compile::{ident, tier_column};

/// The tiers of one scheme in a run.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemeTiers {
    pub scheme: String,
    pub version: u32,
    /// In the scheme's order, empty tiers included; `unknown` last, when anyone is there.
    pub tiers: Vec<TierSize>,
}

/// How many customers are in a tier, and what they brought.
#[derive(Debug, Clone, PartialEq)]
pub struct TierSize {
    pub tier: String,
    pub customers: i64,
    /// Of all customers, 0 to 1.
    pub customer_share: f64,
    /// Net revenue in ten-thousandths of the currency's unit.
    pub revenue: i128,
    /// Of all net revenue; 0 when there is none.
    pub revenue_share: f64,
}

/// A customer in a tier.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub source: String,
    pub customer_id: String,
    pub since: Value,
    pub previous: Option<String>,
    /// Net revenue in ten-thousandths.
    pub revenue: i128,
}

impl RunView {
    /// The sizes of a scheme's tiers.
    pub async fn tiers(&self, scheme: &Scheme) -> Result<SchemeTiers, ViewError> {
        let column = tier_column(&scheme.id);
        let sql = format!(
            "SELECT l.{column}, count(*), CAST(sum({}) AS DECIMAL(38,4)) FROM labels l \
             JOIN metrics m ON l.customer_key = m.customer_key GROUP BY l.{column}",
            self.revenue(),
        );
        let batches = self.session.sql(&sql).await?.collect().await?;
        let found: Vec<(String, i64, i128)> =
            rows(&batches).map(|r| (text(&r[0]), int(&r[1]), money(&r[2]))).collect();
        let everyone: i64 = found.iter().map(|f| f.1).sum();
        let total: i128 = found.iter().map(|f| f.2).sum();
        let size = |tier: &str| {
            let (customers, revenue) = found.iter().find(|f| f.0 == tier).map_or((0, 0), |f| (f.1, f.2));
            TierSize {
                tier: tier.to_owned(),
                customers,
                customer_share: share(customers as f64, everyone as f64),
                revenue,
                revenue_share: share(revenue as f64, total as f64),
            }
        };
        let mut tiers: Vec<TierSize> = scheme.tiers.iter().map(|t| size(t.id.as_str())).collect();
        if scheme.tiers.len() > 40 {
            // Where every code is a tier, most stand empty.
            tiers.retain(|t| t.customers > 0);
        }
        let unknown = size(TierId::UNKNOWN);
        if unknown.customers > 0 {
            tiers.push(unknown);
        }
        let version = self.run.schemes.get(scheme.id.as_str()).map_or(0, |s| s.version);
        Ok(SchemeTiers { scheme: scheme.id.to_string(), version, tiers })
    }

    /// The customers of a tier, those with the most revenue first.
    pub async fn members(&self, scheme: &Scheme, tier: &str, limit: usize) -> Result<Vec<Member>, ViewError> {
        if scheme.position(tier).is_none() && tier != TierId::UNKNOWN {
            let known = scheme.tiers.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(", ");
            return Err(ViewError::UnknownTier {
                scheme: scheme.id.to_string(),
                name: tier.to_owned(),
                known,
            });
        }
        let column = scheme.id.column();
        let sql = format!(
            "SELECT l.source, l.customer_id, l.{since}, l.{previous}, {revenue} AS revenue FROM labels l \
             JOIN metrics m ON l.customer_key = m.customer_key WHERE l.{tier_column} = {tier} \
             ORDER BY revenue DESC, l.customer_id, l.source LIMIT {limit}",
            since = ident(&format!("{column}__since")),
            previous = ident(&format!("{column}__previous")),
            revenue = self.revenue(),
            tier_column = ident(&column),
            tier = quote(tier),
        );
        let batches = self.session.sql(&sql).await?.collect().await?;
        let members = rows(&batches).map(|r| Member {
            source: text(&r[0]),
            customer_id: text(&r[1]),
            since: r[2].clone(),
            previous: Some(text(&r[3])).filter(|p| !p.is_empty()),
            revenue: money(&r[4]),
        });
        Ok(members.collect())
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}
