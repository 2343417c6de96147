//! What was counted → the quality report.

use std::collections::BTreeMap;

use clientele_model::spec::source::{Field, Grain};

use super::super::map::Tally;
use super::super::staged::Staged;
use super::super::values::time::to_datetime;
use crate::clean::{Figure, Figures, QualityReport, Rule, RuleCount, Totals, share};

/// Writes the report of a staged file.
pub fn judge(staged: &Staged) -> QualityReport {
    let passed = &staged.passed;
    let tally = &passed.tally;
    let rules = tally.rules.iter().map(|(rule, (count, examples))| RuleCount {
        rule: *rule,
        count: *count,
        examples: examples.clone(),
    });
    QualityReport {
        rows_read: tally.rows,
        accepted: passed.accepted,
        changed: tally.changed.min(passed.accepted),
        rejected: passed.rejected,
        answers_rejected: passed.answers_rejected,
        left_out: tally.left_out,
        elsewhere: tally.elsewhere,
        unchanged: passed.unchanged,
        duplicates: passed.duplicates,
        records: passed.records,
        updated: passed.updated.union(&passed.joined).count() as u64,
        credit_notes_matched: passed.matched,
        credit_notes_unmatched: passed.unmatched,
        rules: rules.collect(),
        totals: totals(staged),
        figures: figures(staged),
    }
}

fn totals(staged: &Staged) -> Totals {
    let (passed, tally) = (&staged.passed, &staged.passed.tally);
    let time = |micros: i64| to_datetime(micros).map(|time| time.to_string());
    let any = tally.first_at <= tally.last_at;
    let grain = staged.cx.layout.grain;
    let of_orders = matches!(grain, Grain::Order | Grain::OrderLine);
    Totals {
        rows: tally.rows,
        orders: if of_orders { passed.distinct_records } else { 0 },
        records: if of_orders || grain == Grain::Customer { 0 } else { passed.distinct_records },
        customers: passed.distinct_customers,
        rows_without_customer: tally.without_customer,
        cancellation_rows: tally.cancellations,
        control_sum: tally.control_sum_text(),
        first_at: any.then(|| time(tally.first_at)).flatten(),
        last_at: any.then(|| time(tally.last_at)).flatten(),
    }
}

fn figures(staged: &Staged) -> Figures {
    let tally = &staged.passed.tally;
    let rows = tally.rows;
    let count = |rules: &[Rule]| -> u64 {
        rules.iter().filter_map(|rule| tally.rules.get(rule)).map(|(count, _)| count).sum()
    };
    let invalid = count(&[
        Rule::BadShape,
        Rule::BadDate,
        Rule::FutureDate,
        Rule::BadNumber,
        Rule::AbsurdNumber,
        Rule::UnknownStatus,
        Rule::NoRate,
        Rule::BadPhone,
        Rule::BadOptionalDate,
        Rule::OffScale,
        Rule::UnknownAnswer,
        Rule::BadShare,
        Rule::UnknownConsent,
        Rule::UnknownOutcome,
    ]);
    let repeated = count(&[Rule::DuplicateRow, Rule::DuplicateKey]);
    let contradictory = count(&[
        Rule::NegativeAmount,
        Rule::ConflictingOrder,
        Rule::DuplicateKey,
        Rule::NegativeValue,
        Rule::EndBeforeStart,
        Rule::LateResponse,
        Rule::SelfRelation,
    ]);
    let completeness = completeness(staged, tally);
    let mean = completeness.values().sum::<f64>() / completeness.len().max(1) as f64;
    let good = |bad: u64| share(rows.saturating_sub(bad), rows);
    let figures = [
        (Figure::Completeness, (!completeness.is_empty()).then_some(mean)),
        (Figure::Validity, good(invalid)),
        (Figure::Uniqueness, good(repeated)),
        (Figure::Consistency, good(contradictory)),
        (Figure::Timeliness, timeliness(staged, tally)),
    ];
    let overall = figures.into_iter().filter_map(|(figure, value)| Some((figure, value?))).collect();
    Figures { overall, completeness }
}

fn completeness(staged: &Staged, tally: &Tally) -> BTreeMap<String, f64> {
    let mapped = Field::ALL.iter().filter(|field| staged.cx.mapping.has(**field));
    mapped
        .filter_map(|field| {
            // A cell that is looked at twice counts twice; a share never exceeds one.
            let present = tally.present[*field as usize].min(tally.rows);
            Some((field.name().to_owned(), share(present, tally.rows)?))
        })
        .collect()
}

/// Old data are no fault: only dates that cannot be true count. Absent where the file has none.
fn timeliness(staged: &Staged, tally: &Tally) -> Option<f64> {
    let mapping = &staged.cx.mapping;
    let facts = staged.cx.records.as_ref().and_then(|plan| plan.table.at_field());
    let times = [Some(Field::OrderedAt), Some(Field::RegisteredAt), facts];
    if !times.into_iter().flatten().any(|field| mapping.has(field)) {
        return None;
    }
    let rules = [Rule::BadDate, Rule::FutureDate, Rule::BadOptionalDate];
    let wrong: u64 = rules.iter().filter_map(|rule| tally.rules.get(rule)).map(|(count, _)| count).sum();
    share(tally.rows.saturating_sub(wrong + tally.early), tally.rows)
}
