//! What each column of each table tells of a customer, and how it may be seen.

use std::collections::BTreeMap;

use clientele_model::spec::scheme::Rule;
use clientele_model::{FieldClass, MetricId, Sight};

use crate::catalogue::Catalogue;
use crate::measure::facts;
use crate::quote::ident;

/// Columns by their class, wherever they stand. One that is not here stops a test; a view that does not show
/// everything takes it for the most sensitive.
const COLUMNS: [(FieldClass, &[&str]); 6] = [
    (
        FieldClass::General,
        &[
            // What leads to records.
            "batch",
            "bucket",
            "customer_id",
            "customer_key",
            "event_id",
            "id",
            "interaction_id",
            "item_id",
            "line_no",
            "occurrence",
            "opportunity_id",
            "order_id",
            "product_id",
            "refunds_order_id",
            "row",
            "session_id",
            "source",
            "superseded_by",
            "ticket_id",
            "to_id",
            // Times.
            "answered_at",
            "changed_at",
            "closed_at",
            "created_at",
            "entered_at",
            "expected_close",
            "expires_at",
            "first_response_at",
            "joined_at",
            "occurred_at",
            "opened_at",
            "ordered_at",
            "paid_at",
            "registered_at",
            "since",
            // What happened, of which kind, how much of it.
            "campaign",
            "category",
            "channel",
            "country",
            "currency",
            "city",
            "direction",
            "kind",
            "level",
            "minutes",
            "origin",
            "original_currency",
            "outcome",
            "owner",
            "own_status",
            "payment_method",
            "points",
            "priority",
            "probability",
            "product",
            "product_name",
            "programme",
            "province",
            "quantity",
            "question",
            "reason",
            "region",
            "reopened",
            "satisfaction",
            "scale_max",
            "scale_min",
            "shop",
            "source_channel",
            "staff",
            "stage",
            "stage_rank",
            "status",
            "survey",
            // Batches.
            "accepted",
            "changed",
            "confirms",
            "duplicates",
            "field",
            "file_bytes",
            "file_hash",
            "grain",
            "imported_at",
            "layout",
            "records",
            "rejected",
            "rows_read",
            "rule",
            "settled_at",
            "unchanged",
            "undone_at",
            "updated",
            // Segments, lists and tiers set by hand.
            "by",
            "change",
            "evaluation",
            "method",
            "override_id",
            "problem",
            "revoked_at",
            "scheme",
            "segment",
            "set_at",
            "tier",
            "until",
            "version",
        ],
    ),
    (FieldClass::Contact, &["address", "email", "phone", "postcode"]),
    (FieldClass::Identity, &["company", "name"]),
    (
        FieldClass::Money,
        &["amount", "cost", "discount", "gross", "original_amount", "refunded", "unit_price", "value"],
    ),
    (
        FieldClass::FreeText,
        &["attributes", "file", "given", "header", "mapping", "message", "raw", "report", "text"],
    ),
    (FieldClass::Sensitive, &["birth_date", "gender", "occupation"]),
];

/// Columns that tell something else in one table than elsewhere.
const ELSEWHERE: [(&str, &str, FieldClass); 5] = [
    // An answer on a scale.
    ("responses", "value", FieldClass::General),
    ("superseded_responses", "value", FieldClass::General),
    // Why somebody set a tier by hand, in their words.
    ("overrides", "reason", FieldClass::FreeText),
    // What a refused row said.
    ("quarantine", "value", FieldClass::FreeText),
    // The id of whatever kind of record.
    ("confirmations", "id", FieldClass::General),
];

/// The class of a column of a table of records, segments or lists.
pub(in crate::understand) fn class_of(table: &str, column: &str) -> Option<FieldClass> {
    if let Some((.., class)) = ELSEWHERE.iter().find(|(t, c, _)| *t == table && *c == column) {
        return Some(*class);
    }
    COLUMNS.iter().find(|(_, columns)| columns.contains(&column)).map(|(class, _)| *class)
}

/// The class of a metric: what its document says; else what is most guarded of the fields that it reads, be they
/// columns or other metrics. Amounts of money that it reads count only where it is an amount itself: a share of
/// them, or how many there are, is none.
fn class_of_metric(catalogue: &Catalogue, id: &str) -> FieldClass {
    let Some(metric) = catalogue.metrics.get(&MetricId::new(id)) else { return FieldClass::Sensitive };
    if let Some(class) = metric.spec.class {
        return class;
    }
    let table = facts::table(metric.spec.source);
    let of_read = metric.reads.iter().map(|read| match table {
        None => class_of_metric(catalogue, read),
        // What only the query makes of columns is counted and dated, and general.
        Some(table) => class_of(table, read).unwrap_or(FieldClass::General),
    });
    let guarded = of_read.filter(|class| *class != FieldClass::Money).max().unwrap_or(FieldClass::General);
    guarded.max(metric.spec.class())
}

/// The class of a scheme's tiers. A tier says less than the figures that it is made of, and people work with
/// it, so it is general; what is made of something sensitive stays so.
fn class_of_scheme(catalogue: &Catalogue, id: &str) -> FieldClass {
    let Some(scheme) = catalogue.schemes.get(id) else { return FieldClass::Sensitive };
    let of_metrics = scheme.metrics.iter().map(|metric| class_of_metric(catalogue, metric.as_str()));
    let crossed = match &scheme.spec.rule {
        Rule::Matrix { rows, columns, .. } => vec![rows, columns],
        _ => Vec::new(),
    };
    let of_crossed = crossed.into_iter().map(|crossed| class_of_scheme(catalogue, crossed.as_str()));
    match of_metrics.chain(of_crossed).max() {
        Some(FieldClass::Sensitive) => FieldClass::Sensitive,
        _ => FieldClass::General,
    }
}

/// How each class of fields is seen; what is not named is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sights(BTreeMap<FieldClass, Sight>);

impl Sights {
    /// These classes, as they are to be seen. What is general is always shown.
    pub fn new(sights: impl IntoIterator<Item = (FieldClass, Sight)>) -> Sights {
        let guarded = sights.into_iter().filter(|(class, _)| *class != FieldClass::General);
        Sights(guarded.filter(|(_, sight)| *sight != Sight::Shown).collect())
    }

    /// What both show.
    #[must_use]
    pub fn and(mut self, others: &Sights) -> Sights {
        for (class, sight) in &others.0 {
            let own = self.0.entry(*class).or_insert(*sight);
            *own = (*own).max(*sight);
        }
        self
    }

    /// Whether all is shown.
    pub fn is_everything(&self) -> bool {
        self.0.is_empty()
    }

    /// How a class is seen.
    pub fn of(&self, class: FieldClass) -> Sight {
        self.0.get(&class).copied().unwrap_or(Sight::Shown)
    }

    /// How a column of records is seen.
    pub fn of_column(&self, table: &str, column: &str) -> Sight {
        self.of(class_of(table, column).unwrap_or(FieldClass::Sensitive))
    }

    /// How a metric is seen.
    pub fn of_metric(&self, catalogue: &Catalogue, id: &str) -> Sight {
        if self.is_everything() { Sight::Shown } else { self.of(class_of_metric(catalogue, id)) }
    }

    /// How a scheme's tiers are seen.
    pub fn of_scheme(&self, catalogue: &Catalogue, id: &str) -> Sight {
        if self.is_everything() { Sight::Shown } else { self.of(class_of_scheme(catalogue, id)) }
    }
}

/// The name of a column that shows only a part of another.
pub(super) fn masked_name(column: &str) -> String {
    format!("{column} (masked)")
}

/// The part of a column that is shown, as text: enough to know again what one knows, not to learn it.
pub(super) fn mask(column: &str) -> String {
    let value = ident(column);
    match column {
        "email" => format!(
            "CASE WHEN {value} IS NOT NULL THEN \
             concat(left({value}, 1), '***@', split_part({value}, '@', 2)) END"
        ),
        "phone" => format!(
            "CASE WHEN {value} IS NOT NULL THEN \
             concat('***', CASE WHEN character_length({value}) > 8 THEN right({value}, 4) ELSE '' END) END"
        ),
        "name" => format!("CASE WHEN {value} IS NOT NULL THEN concat(left({value}, 1), '**') END"),
        _ => format!("CASE WHEN {value} IS NOT NULL THEN '***' END"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::classify::overrides;
    use crate::collect::tables;
    use crate::library::Document;
    use crate::measure::registry::MetricRegistry;
    use crate::understand::segment_tables as segments;

    #[test]
    fn every_column_has_one_class() {
        let mut known = BTreeSet::new();
        for column in COLUMNS.iter().flat_map(|(_, columns)| columns.iter()) {
            assert!(known.insert(*column), "{column} has two classes");
        }
        let mut used = BTreeSet::new();
        let mut look = |table: &str, schema: &clientele_engine::arrow::datatypes::Schema| {
            for field in schema.fields() {
                assert!(class_of(table, field.name()).is_some(), "{table}.{} has no class", field.name());
                used.insert(field.name().clone());
            }
        };
        for table in tables::ALL {
            look(table, &tables::schema_of(table));
        }
        for table in [segments::LISTS, segments::MEMBERS, segments::MOVES] {
            look(table, &segments::schema(table));
        }
        look(overrides::TABLE, &overrides::schema());
        let unused: Vec<_> = known.iter().filter(|column| !used.contains(**column)).collect();
        assert!(unused.is_empty(), "no table has {unused:?}");
    }

    #[test]
    fn a_metric_is_as_guarded_as_what_it_reads() {
        let document = |id: &str, unit: &str, source: &str, expression: &str, class: &str| Document {
            name: format!("{id}.toml"),
            text: format!(
                r#"
id = "{id}"
version = 1
unit = "{unit}"
source = "{source}"
expression = "{expression}"
absent = "unknown"
direction = "none"
{class}
name = {{ en = "It", zh = "它" }}
meaning = {{ en = "It.", zh = "它。" }}
formula = {{ en = "it", zh = "它" }}
absent_means = {{ en = "None.", zh = "没有。" }}
"#
            ),
        };
        let own = [
            ("firm", "text", "customers", "min(company)", "", FieldClass::Identity),
            (
                "passport",
                "text",
                "customers",
                "min(attribute(attributes, 'passport'))",
                "",
                FieldClass::FreeText,
            ),
            ("sex", "text", "customers", "min(gender)", "", FieldClass::Sensitive),
            ("of_sex", "text", "derived", "sex", "", FieldClass::Sensitive),
            ("told", "text", "customers", "min(gender)", r#"class = "general""#, FieldClass::General),
            ("spent", "money", "orders", "sum(amount)", "", FieldClass::Money),
            ("bought", "count", "orders", "count(amount)", "", FieldClass::General),
        ];
        let documents: Vec<Document> = own
            .iter()
            .map(|(id, unit, source, sql, class, _)| document(id, unit, source, sql, class))
            .collect();
        let mut catalogue = Catalogue::load(None).expect("the library");
        catalogue.metrics = MetricRegistry::build(&documents).expect("metrics");
        for (id, .., class) in own {
            assert_eq!(class_of_metric(&catalogue, id), class, "{id}");
        }
    }

    #[test]
    fn what_the_catalogue_does_not_know_is_not_shown() {
        let catalogue = Catalogue::load(None).expect("the library");
        let sights =
            Sights::new([(FieldClass::Sensitive, Sight::Hidden), (FieldClass::Money, Sight::Masked)]);
        for (id, sight) in [
            ("frequency", Sight::Shown),
            ("monetary", Sight::Masked),
            ("age_years", Sight::Hidden),
            ("of_tomorrow", Sight::Hidden),
        ] {
            assert_eq!(sights.of_metric(&catalogue, id), sight, "{id}");
        }
        for (id, sight) in [("abc", Sight::Shown), ("gender", Sight::Hidden), ("of-tomorrow", Sight::Hidden)]
        {
            assert_eq!(sights.of_scheme(&catalogue, id), sight, "{id}");
        }
        assert_eq!(sights.of_column("customers", "of_tomorrow"), Sight::Hidden);
    }
}
