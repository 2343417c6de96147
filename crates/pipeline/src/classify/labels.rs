//! The SELECT that yields every customer's tiers from the metrics.

use std::collections::{BTreeMap, BTreeSet};

use clientele_engine::arrow::datatypes::{DataType, Field, Schema};
use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::Rule;
use clientele_model::{AsOf, SchemeId};

use super::compile::{Compiled, ident, tier_column};

/// The name of the column with a scheme's code, previous tier or date since when.
pub fn companion(scheme: &SchemeId, what: Companion) -> String {
    format!("{}__{}", scheme.column(), what.suffix())
}

/// The columns that stand beside a scheme's tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Companion {
    /// The digits that decided (`545`); code schemes only.
    Code,
    /// The first day of the unbroken time in this tier, as far as runs saw it.
    Since,
    /// The tier before this one.
    Previous,
}

impl Companion {
    fn suffix(self) -> &'static str {
        match self {
            Companion::Code => "code",
            Companion::Since => "since",
            Companion::Previous => "previous",
        }
    }
}

/// The columns of the labels table for these schemes.
pub fn schema<'a>(schemes: impl Iterator<Item = &'a Scheme>) -> Schema {
    let mut fields = vec![
        Field::new("customer_key", DataType::Int32, false),
        Field::new("source", DataType::Utf8, false),
        Field::new("customer_id", DataType::Utf8, false),
    ];
    for scheme in schemes {
        fields.push(Field::new(scheme.id.column(), DataType::Utf8, true));
        let mut add = |what, data_type| {
            fields.push(Field::new(companion(&scheme.id, what), data_type, true));
        };
        if matches!(scheme.rule, Rule::Codes { .. }) {
            add(Companion::Code, DataType::Utf8);
        }
        add(Companion::Since, DataType::Date32);
        add(Companion::Previous, DataType::Utf8);
    }
    Schema::new(fields)
}

/// The query over `metrics` and, for schemes that were applied before, over the table in `previous`
/// that holds the labels of then.
pub fn query(
    compiled: &[Compiled],
    metrics: &str,
    previous: &BTreeMap<SchemeId, &str>,
    as_of: AsOf,
) -> String {
    let (crossed, plain): (Vec<&Compiled>, Vec<&Compiled>) = compiled.iter().partition(|c| c.over_tiers);

    let parts: Vec<String> =
        compiled.iter().flat_map(|c| &c.parts).map(|p| format!("{} AS {}", p.sql, p.column)).collect();
    let mut sql = select_more(metrics, &parts);
    let mut tiers: Vec<String> = plain.iter().map(|c| tier(c)).collect();
    for scheme in compiled {
        if let Some(code) = &scheme.code {
            tiers.push(format!("{code} AS {}", ident(&companion(&scheme.scheme, Companion::Code))));
        }
    }
    sql = select_more(&format!("({sql})"), &tiers);
    let tiers: Vec<String> = crossed.iter().map(|c| tier(c)).collect();
    if !tiers.is_empty() {
        sql = select_more(&format!("({sql})"), &tiers);
    }

    let mut columns = vec!["t.customer_key".to_owned(), "t.source".into(), "t.customer_id".into()];
    for scheme in compiled {
        let name = tier_column(&scheme.scheme);
        columns.push(format!("t.{name} AS {name}"));
        if scheme.code.is_some() {
            let code = ident(&companion(&scheme.scheme, Companion::Code));
            columns.push(format!("t.{code} AS {code}"));
        }
        columns.extend(history(&scheme.scheme, previous.get(&scheme.scheme).copied(), as_of));
    }
    let tables: BTreeSet<&str> = compiled.iter().filter_map(|c| previous.get(&c.scheme).copied()).collect();
    let joins: String = tables
        .iter()
        .map(|table| format!(" LEFT JOIN {table} ON t.customer_key = {table}.customer_key"))
        .collect();
    format!("SELECT {} FROM ({sql}) t{joins} ORDER BY t.customer_key", columns.join(", "))
}

fn tier(scheme: &Compiled) -> String {
    format!("{} AS {}", scheme.tier, tier_column(&scheme.scheme))
}

fn select_more(from: &str, columns: &[String]) -> String {
    let more: String = columns.iter().map(|c| format!(", {c}")).collect();
    format!("SELECT *{more} FROM {from}")
}

/// Since when, and the tier before: carried over while the tier stays the same.
fn history(scheme: &SchemeId, before: Option<&str>, as_of: AsOf) -> [String; 2] {
    let tier = tier_column(scheme);
    let since = ident(&companion(scheme, Companion::Since));
    let previous = ident(&companion(scheme, Companion::Previous));
    let Some(before) = before else {
        return [format!("DATE '{as_of}' AS {since}"), format!("CAST(NULL AS VARCHAR) AS {previous}")];
    };
    let stayed = format!("CASE WHEN t.{tier} = {before}.{tier} THEN {before}.");
    [
        format!("{stayed}{since} ELSE DATE '{as_of}' END AS {since}"),
        format!("{stayed}{previous} ELSE {before}.{tier} END AS {previous}"),
    ]
}
