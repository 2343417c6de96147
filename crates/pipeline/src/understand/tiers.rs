//! Tier sizes and values, and who is in a tier.

use std::sync::Arc;

use clientele_model::TierId;
use clientele_model::spec::Scheme;

use super::columns::Codes;
use super::rows::{Value, money, rows, text};
use super::view::{RunView, ViewError};
use crate::classify::compile::text as quote;
use crate::classify::compile::{ident, tier_column};

/// Schemes whose tiers are held in memory at the same time.
const AT_A_TIME: usize = 16;
/// Customers who are asked for by their keys; of more, all of the tier are looked through.
const MOST_NAMED: usize = 500;

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
        let column = [tier_column(&scheme.id)];
        let (codes, revenues) = (self.codes("labels", &column).await?, self.revenues().await?);
        Ok(self.sizes(scheme, codes.first().map(Arc::as_ref), &revenues))
    }

    /// The sizes of the tiers of several schemes, in their order.
    pub async fn tiers_of(&self, schemes: &[&Scheme]) -> Result<Vec<SchemeTiers>, ViewError> {
        let revenues = self.revenues().await?;
        let mut found = Vec::with_capacity(schemes.len());
        for some in schemes.chunks(AT_A_TIME) {
            let columns: Vec<String> = some.iter().map(|scheme| tier_column(&scheme.id)).collect();
            let codes = self.codes("labels", &columns).await?;
            found.extend(some.iter().zip(&codes).map(|(s, codes)| self.sizes(s, Some(codes), &revenues)));
        }
        Ok(found)
    }

    fn sizes(&self, scheme: &Scheme, codes: Option<&Codes>, revenues: &[i64]) -> SchemeTiers {
        let mut found: Vec<(i64, i128)> = vec![(0, 0); codes.map_or(0, |codes| codes.names().len())];
        for (code, key) in codes.iter().flat_map(|c| (0..c.len()).filter_map(|key| Some((c.get(key)?, key))))
        {
            found[code].0 += 1;
            found[code].1 += i128::from(revenues.get(key).copied().unwrap_or_default());
        }
        let everyone: i64 = found.iter().map(|f| f.0).sum();
        let total: i128 = found.iter().map(|f| f.1).sum();
        let size = |tier: &str| {
            let (customers, revenue) =
                codes.and_then(|codes| codes.number(tier)).map_or((0, 0), |code| found[code]);
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
        SchemeTiers { scheme: scheme.id.to_string(), version, tiers }
    }

    /// The customers of a tier, those with the most revenue first.
    pub async fn members(&self, scheme: &Scheme, tier: &str, limit: usize) -> Result<Vec<Member>, ViewError> {
        self.check_tier(scheme, tier)?;
        let (tier_column, revenue) = (tier_column(&scheme.id), self.revenue());
        let codes = self.codes("labels", std::slice::from_ref(&tier_column)).await?;
        let revenues = self.revenues().await?;
        // Who may be among the first: as many as are wanted, and whoever brought as much as the last of them.
        let mut first = first(codes.first().map(Arc::as_ref), tier, &revenues, limit);
        if first.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = if first.len() <= MOST_NAMED {
            first.sort_unstable();
            let keys: Vec<String> = first.iter().map(usize::to_string).collect();
            format!("l.customer_key IN ({})", keys.join(", "))
        } else {
            let least = first.iter().filter_map(|key| revenues.get(*key)).min().copied().unwrap_or_default();
            format!(
                "l.{tier_column} = {} AND {revenue} >= {}",
                quote(tier),
                Value::Money(least.into()).literal()
            )
        };
        let column = scheme.id.column();
        let sql = format!(
            "SELECT l.source, l.customer_id, l.{since}, l.{previous}, {revenue} AS revenue FROM labels l \
             JOIN metrics m ON l.customer_key = m.customer_key WHERE {wanted} \
             ORDER BY revenue DESC, l.customer_id, l.source LIMIT {limit}",
            since = ident(&format!("{column}__since")),
            previous = ident(&format!("{column}__previous")),
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

/// The keys of the `limit` customers of a tier with the most revenue, and of all who have as much as the last of them.
fn first(codes: Option<&Codes>, tier: &str, revenues: &[i64], limit: usize) -> Vec<usize> {
    let Some((codes, code)) = codes.and_then(|codes| Some((codes, codes.number(tier)?))) else {
        return Vec::new();
    };
    let of = |key: usize| revenues.get(key).copied().unwrap_or_default();
    let mut keys: Vec<usize> = (0..codes.len()).filter(|key| codes.get(*key) == Some(code)).collect();
    if limit == 0 || keys.is_empty() {
        return Vec::new();
    }
    if limit < keys.len() {
        let (_, last, _) = keys.select_nth_unstable_by_key(limit - 1, |key| std::cmp::Reverse(of(*key)));
        let least = of(*last);
        keys.retain(|key| of(*key) >= least);
    }
    keys
}

fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}
