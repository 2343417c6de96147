//! The SELECT that yields every customer's tiers from the metrics.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use clientele_model::{AsOf, SchemeId};

use super::select::{select_more, then};
use super::settle::settle;
use super::{Before, Companion, HeldTiers, companion};
use crate::classify::compile::{Compiled, ident, tier_column};
use crate::quote::text;

/// The query over `metrics` and, for schemes that were applied before, over the tables in `previous` with
/// the labels of then, by which stay rules go. Schemes in `held` have a column for what the rule alone says,
/// even where the list is empty. Since when a customer is in a tier is added by [`super::history`].
pub fn query(
    compiled: &[Compiled],
    metrics: &str,
    previous: &BTreeMap<SchemeId, Before>,
    held: &HeldTiers,
    as_of: AsOf,
) -> String {
    let naming = ["customer_key", "source", "customer_id"];
    format!("{} ORDER BY customer_key", unordered(&naming, compiled, metrics, previous, held, as_of))
}

/// [`query`] with only these columns of `metrics` before the labels, and the rows in any order.
pub fn unordered(
    naming: &[&str],
    compiled: &[Compiled],
    metrics: &str,
    previous: &BTreeMap<SchemeId, Before>,
    held: &HeldTiers,
    as_of: AsOf,
) -> String {
    let (crossed, plain): (Vec<&Compiled>, Vec<&Compiled>) = compiled.iter().partition(|c| c.over_tiers);
    let parts: Vec<String> =
        compiled.iter().flat_map(|c| &c.parts).map(|p| format!("{} AS {}", p.sql, p.column)).collect();
    let mut sql = select_more(metrics, &parts);
    sql = with_before(&sql, compiled, previous, held);
    for group in [plain, crossed] {
        if !group.is_empty() {
            sql = settle(&sql, &group, previous, held, as_of);
        }
    }
    let mut columns: Vec<String> = naming.iter().map(|&name| name.into()).collect();
    for scheme in compiled {
        let id = &scheme.scheme;
        columns.push(tier_column(id));
        let mut add = |what| columns.push(ident(&companion(id, what)));
        if scheme.code.is_some() {
            add(Companion::Code);
        }
        if scheme.stay.is_some() || held.contains_key(id) {
            add(Companion::Computed);
        }
        if scheme.stay.is_some() && previous.contains_key(id) {
            add(Companion::Pending);
        }
        if held.contains_key(id) {
            add(Companion::By);
        }
    }
    format!("SELECT {} FROM ({sql}) t", columns.join(", "))
}

/// Adds what the earlier runs said, and what people set.
fn with_before(
    sql: &str,
    compiled: &[Compiled],
    previous: &BTreeMap<SchemeId, Before>,
    held: &HeldTiers,
) -> String {
    let (mut columns, mut joins) = (String::new(), String::new());
    let mut joined = BTreeSet::new();
    for scheme in compiled {
        let id = &scheme.scheme;
        if let Some(Before { table, columns: there }) = previous.get(id).filter(|_| scheme.stay.is_some()) {
            if joined.insert(table) {
                let _ = write!(joins, " LEFT JOIN {table} ON t.customer_key = {table}.customer_key");
            }
            let _ = write!(columns, ", {table}.{} AS {}", tier_column(id), then(id, "tier"));
            for (what, name, data_type) in [
                (Companion::Since, "since", "DATE"),
                (Companion::Pending, "pending", "DATE"),
                (Companion::By, "by", "VARCHAR"),
            ] {
                let column = companion(id, what);
                let value = match there.contains(&column) {
                    true => format!("{table}.{}", ident(&column)),
                    false => format!("CAST(NULL AS {data_type})"),
                };
                let _ = write!(columns, ", {value} AS {}", then(id, name));
            }
        }
        if let Some(list) = held.get(id) {
            let (tier, by) = (then(id, "set"), ident(&companion(id, Companion::By)));
            if list.is_empty() {
                let _ = write!(columns, ", CAST(NULL AS VARCHAR) AS {tier}, CAST(NULL AS VARCHAR) AS {by}");
                continue;
            }
            let rows: Vec<String> = list
                .iter()
                .map(|h| format!("({}, {}, {})", h.customer_key, text(&h.tier), text(&h.id)))
                .collect();
            let table = ident(&format!("{}__set", id.column()));
            let _ = write!(columns, ", {table}.tier AS {tier}, {table}.id AS {by}");
            let _ = write!(
                joins,
                " LEFT JOIN (VALUES {}) AS {table}(key, tier, id) ON t.customer_key = {table}.key",
                rows.join(", ")
            );
        }
    }
    if columns.is_empty() {
        return sql.to_owned();
    }
    format!("SELECT t.*{columns} FROM ({sql}) t{joins}")
}
