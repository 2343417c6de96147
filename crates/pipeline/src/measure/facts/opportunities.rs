//! Columns of opportunities, as they stood on the day that is looked from.
//!
//! A record of an opportunity says how it stands now. How it stood on an earlier day is in the
//! history of its stages: rows of a file of stages, and rows that newer versions of the record left.

use super::{Beside, FactColumn, age, between, column, exact, plain, seen};
use crate::collect::tables;

/// What the history of stages says, a row an opportunity:
///
/// - `moves_later`: whether it changes on the day or after it;
/// - `told`: rank and name of the last stage that it entered before the day. Of several at that time
///   the furthest. What the first version of a record says tells only that the stage was entered
///   at some time after the creation, so it counts for nothing where a file tells the stages;
/// - `told_chance`: the chance to win that is told with it;
/// - `told_since`: when it entered that stage, however often the stage was told again; null where
///   only an earliest time is known.
///
/// A stage of which only the time is known before which it was entered, that of an import, counts
/// from the day before, so that a refresh on the day of the import sees it.
pub(super) const STAGES: Beside = Beside {
    table: tables::OPPORTUNITY_STAGES,
    join: "LEFT JOIN (\
        SELECT customer_key AS told_customer, opportunity_id AS told_of, \
            bool_or(since >= {midnight}) AS moves_later, \
            CASE WHEN bool_or(NOT is_bound AND since < {midnight}) OR NOT bool_or(is_read) \
                THEN last_value_by(told, moment) FILTER (WHERE since < {midnight}) END AS told, \
            NULLIF(last_value_by(chance, moment) FILTER (WHERE since < {midnight}), -1.0) AS told_chance, \
            arrow_cast(max(CASE WHEN is_change AND NOT is_bound AND since < {midnight} THEN since END), \
                'Timestamp(Microsecond, None)') AS told_since \
        FROM (\
            SELECT *, told IS DISTINCT FROM lag(told) OVER (PARTITION BY customer_key, opportunity_id, \
                is_bound ORDER BY since, told) AS is_change \
            FROM (\
                SELECT customer_key, opportunity_id, since, is_bound, is_read, \
                    concat(CASE stage WHEN 'prospecting' THEN '1' WHEN 'qualification' THEN '2' \
                        WHEN 'engaging' THEN '3' WHEN 'proposal' THEN '4' WHEN 'negotiation' THEN '5' \
                        WHEN 'won' THEN '6' WHEN 'lost' THEN '6' ELSE '0' END, stage) AS told, \
                    CASE WHEN is_bound THEN arrow_cast('1700-01-01T00:00:00', \
                        'Timestamp(Microsecond, None)') ELSE since END AS moment, \
                    COALESCE(probability, -1.0) AS chance \
                FROM (\
                    SELECT customer_key, opportunity_id, stage, probability, \
                        CASE WHEN attributes = '{\"from\":\"opportunities\",\"entered\":\"before import\"}' \
                            THEN entered_at - INTERVAL '1 day' ELSE entered_at END AS since, \
                        COALESCE(attributes = '{\"from\":\"opportunities\",\"entered\":\"after creation\"}', \
                            false) AS is_bound, \
                        COALESCE(attributes NOT LIKE '{\"from\":\"opportunities\"%', true) AS is_read \
                    FROM opportunity_stages))) \
        GROUP BY customer_key, opportunity_id) AS history \
        ON customer_key = told_customer AND opportunity_id = told_of",
    nothing: "CAST(NULL AS BOOLEAN) AS moves_later, CAST(NULL AS VARCHAR) AS told, \
        CAST(NULL AS DOUBLE) AS told_chance, arrow_cast(NULL, 'Timestamp(Microsecond, None)') AS told_since",
    columns: &[
        "stage",
        "stage_rank",
        "stage_since",
        "stage_days",
        "probability",
        "outcome",
        "is_open",
        "is_won",
        "is_lost",
    ],
};

/// `now` where the record stood on the day as it stands: it was decided by then, or neither its
/// closing nor its history tells of a change since. Otherwise `then`.
macro_rules! standing {
    ($now:expr, $then:expr) => {
        concat!(
            "CASE WHEN CASE WHEN closed_at < {midnight} AND outcome IN ('won', 'lost') THEN true \
             WHEN closed_at >= {midnight} THEN false ELSE moves_later IS NOT TRUE END THEN ",
            $now,
            " ELSE ",
            $then,
            " END"
        )
    };
}

/// The name of the stage that the history tells.
macro_rules! told {
    () => {
        "substr(told, 2)"
    };
}

/// When the stage of the day was entered, where that is known.
macro_rules! since {
    () => {
        standing!(concat!("CASE WHEN stage = ", told!(), " THEN told_since END"), "told_since")
    };
}

/// Possible sales. Stage, chance and outcome are those of the day that is looked from: where the
/// record changed since, the history of stages tells them, and what it does not tell is unknown. One
/// that is decided later is open. `days_to_expected` is below zero when overdue.
pub const OPPORTUNITIES: &[FactColumn] = &[
    plain("opportunity_id"),
    plain("created_at"),
    column("day", "CAST(created_at AS DATE)"),
    column("age_days", age!("created_at")),
    column("stage", standing!("stage", told!())),
    column("stage_rank", standing!("stage_rank", "NULLIF(CAST(substr(told, 1, 1) AS INT), 0)")),
    column("stage_since", since!()),
    column("stage_days", age!(since!())),
    plain("amount"),
    column(
        "probability",
        exact!(standing!("probability", "CASE WHEN told IS NOT NULL THEN told_chance END")),
    ),
    plain("expected_close"),
    column("closed_at", seen!("closed_at")),
    column(
        "outcome",
        standing!(
            "outcome",
            concat!("CASE WHEN ", told!(), " IN ('won', 'lost') THEN ", told!(), " ELSE 'open' END")
        ),
    ),
    column(
        "is_open",
        standing!(
            "CASE WHEN closed_at IS NULL THEN COALESCE(outcome, 'open') = 'open' ELSE outcome = 'open' END",
            concat!("COALESCE(", told!(), " NOT IN ('won', 'lost'), true)")
        ),
    ),
    column("is_won", standing!("outcome = 'won'", concat!("COALESCE(", told!(), " = 'won', false)"))),
    column("is_lost", standing!("outcome = 'lost'", concat!("COALESCE(", told!(), " = 'lost', false)"))),
    column("days_to_close", between!("created_at", seen!("closed_at"), "86400000000.0")),
    column("days_to_expected", "(CAST(arrow_cast(expected_close, 'Int32') AS BIGINT) - {today})"),
    plain("owner"),
    plain("product"),
    plain("attributes"),
];

#[cfg(test)]
mod tests {
    use super::STAGES;
    use crate::collect::records::words::{self, stage_rank};
    use crate::collect::records::{AFTER_CREATION, BEFORE_IMPORT, MADE_STAGE};

    #[test]
    fn rows_that_imports_make_are_told_from_those_of_files() {
        for asked in [
            format!("attributes = '{AFTER_CREATION}'"),
            format!("attributes = '{BEFORE_IMPORT}'"),
            format!("attributes NOT LIKE '{MADE_STAGE}%'"),
        ] {
            assert!(STAGES.join.contains(&asked), "{asked} is not there");
        }
    }

    #[test]
    fn stages_have_the_ranks_of_records() {
        for (stage, _) in words::STAGES.known {
            let rank = stage_rank(stage).expect("a rank");
            let case = format!("WHEN '{stage}' THEN '{rank}'");
            assert!(STAGES.join.contains(&case), "{case} is not told");
        }
    }
}
