use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::error::Result;
use datafusion::prelude::{SessionConfig, SessionContext};

async fn answer(partitions: usize, sql: &str) -> Result<String> {
    let config = SessionConfig::new().with_target_partitions(partitions).with_batch_size(3);
    let context = SessionContext::new_with_config(config);
    for function in super::aggregates() {
        context.register_udaf(function.as_ref().clone());
    }
    let batches = context.sql(sql).await?.collect().await?;
    Ok(pretty_format_batches(&batches)?.to_string())
}

#[tokio::test]
async fn favourite_breaks_ties_by_the_smaller_text() -> Result<()> {
    let sql = "with t(g, x) as (values (1,'tea'),(1,'oil'),(1,'tea'),(1,'oil'),(1,null),
                 (2,null),(3,'a name longer than twelve bytes'),(3,'b'),(3,'a name longer than twelve bytes'))
               select g, favourite(x)['value'] v, favourite(x)['share'] s, favourite(x)['distinct'] d
               from t group by g order by g";
    let expected = "\
+---+---------------------------------+--------------------+---+
| g | v                               | s                  | d |
+---+---------------------------------+--------------------+---+
| 1 | oil                             | 0.5                | 2 |
| 2 |                                 |                    | 0 |
| 3 | a name longer than twelve bytes | 0.6666666666666666 | 2 |
+---+---------------------------------+--------------------+---+";
    assert_eq!(answer(1, sql).await?, expected);
    assert_eq!(answer(4, sql).await?, expected);
    Ok(())
}

#[tokio::test]
async fn favourite_counts_integers_and_respects_filters() -> Result<()> {
    let sql = "with t(x) as (values (7),(7),(1),(1),(1)) select (favourite(x) filter (where x > 1))['value'] v from t";
    assert!(answer(2, sql).await?.contains("| 7 |"));
    Ok(())
}

#[tokio::test]
async fn favourite_outgrows_its_list() -> Result<()> {
    let sql = "select favourite(v % 100)['distinct'] d, favourite(v % 100)['value'] v from (select unnest(range(0, 1000)) v)";
    assert!(answer(3, sql).await?.contains("| 100 | 0 |"));
    Ok(())
}

#[tokio::test]
async fn gaps_agree_with_numpy() -> Result<()> {
    // numpy: g = [1, 3, 10.5]; mean 4.8333, median 3, std(ddof=1) 5.0083, percentile(80) 7.5
    let sql = "with t(x) as (values ('2024-01-05T00:00:00'),('2024-01-01T00:00:00'),('2024-01-02T00:00:00'),('2024-01-15T12:00:00'))
               select order_gaps(x::timestamp) g from t";
    let text = answer(2, sql).await?;
    for part in [
        "mean: 4.833333333333333",
        "median: 3.0",
        "stddev: 5.0083",
        "min: 1.0",
        "p80: 7.5",
        "max: 10.5",
        "count: 3",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    Ok(())
}

#[tokio::test]
async fn one_order_has_no_gap() -> Result<()> {
    let sql = "select order_gaps('2024-01-05'::timestamp)['mean'] m, order_gaps('2024-01-05'::timestamp)['count'] n";
    assert!(answer(1, sql).await?.contains("|   | 0 |"));
    Ok(())
}

#[tokio::test]
async fn the_last_and_the_first_value_are_those_by_time() -> Result<()> {
    // Group 1: b and c at the same last time, so c; what has no value or no time does not count.
    let sql = "with t(g, v, n, t) as (values
                 (1, 'b', 2.5, '2024-03-01T10:00:00'), (1, 'a', 9.0, '2024-01-01T00:00:00'),
                 (1, 'c', -1.0, '2024-03-01T10:00:00'), (1, null, null, '2024-05-01T00:00:00'),
                 (2, null, null, '2024-01-01T00:00:00'), (3, 'x', 1.0, null),
                 (4, 'a value longer than twelve bytes', 7.0, '2020-01-01T00:00:00'), (4, 'z', 8.0, '2019-12-31T23:59:59'))
               select g, last_value_by(v, t::timestamp) l, first_value_by(v, t::timestamp) f,
                 last_value_by(n, t::timestamp) n, last_value_by((n + 0)::decimal(18,4), t::timestamp) d,
                 first_value_by(n > 2, t::date) b from t group by g order by g";
    let expected = "\
+---+----------------------------------+----+------+--------+------+
| g | l                                | f  | n    | d      | b    |
+---+----------------------------------+----+------+--------+------+
| 1 | c                                | a  | 2.5  | 2.5000 | true |
| 2 |                                  |    |      |        |      |
| 3 |                                  |    |      |        |      |
| 4 | a value longer than twelve bytes | z  | 7.0  | 7.0000 | true |
+---+----------------------------------+----+------+--------+------+";
    let lean = |text: &str| text.replace([' ', '-'], "");
    for partitions in [1, 4] {
        assert_eq!(lean(&answer(partitions, sql).await?), lean(expected));
    }
    Ok(())
}

#[tokio::test]
async fn the_last_value_respects_filters_and_answers_without_groups() -> Result<()> {
    let rows = "with t(v, t) as (values (1, '2024-03-01'), (2, '2024-03-02'), (3, '2024-03-03'))";
    let sql = format!("{rows} select last_value_by(v, t::date) filter (where v < 3) v from t");
    assert!(answer(2, &sql).await?.contains("| 2 |"));
    let none = format!("{rows} select last_value_by(v, t::date) filter (where v > 3) is null v from t");
    assert!(answer(2, &none).await?.contains("| true |"));
    Ok(())
}

#[tokio::test]
async fn a_trend_is_the_slope_per_365_days() -> Result<()> {
    // Group 1: days 0, 365 and 730, values 1, 2 and 4. Means 365 and 7/3; 3 over 2 makes 1.5 a year.
    // Group 2: from 5 to 4 in 73 days, a fifth of the year. Group 3: one time only.
    let sql = "with t(g, v, t) as (values
                 (1, 4, '2024-12-31'), (1, 1, '2023-01-01'), (1, 2, '2024-01-01'), (1, null, '2030-01-01'),
                 (2, 4, '2023-03-15'), (2, 5, '2023-01-01'), (3, 1, '2023-01-01'), (3, 9, '2023-01-01'), (4, 1, null))
               select g, round(trend(v, t::date), 9) s from t group by g order by g";
    let expected = "\
+---+------+
| g | s    |
+---+------+
| 1 | 1.5  |
| 2 | -5.0 |
| 3 |      |
| 4 |      |
+---+------+";
    for partitions in [1, 4] {
        assert_eq!(answer(partitions, sql).await?, expected);
    }
    Ok(())
}

#[tokio::test]
async fn a_trend_does_not_depend_on_the_order_of_rows() -> Result<()> {
    let rows = "select v, sin(v) * 1e9 + cos(v * 7) y, arrow_cast(v * v % 997 * 86400000000, 'Timestamp(Microsecond, None)') t
                from (select unnest(range(1, 500)) v)";
    let mut found = Vec::new();
    for (order, partitions) in [("v", 1), ("v % 7, v", 3), ("-v", 2), ("y", 4)] {
        let sql = format!("select trend(y, t) s from ({rows} order by {order} limit 499)");
        found.push(answer(partitions, &sql).await?);
    }
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{found:?}");
    Ok(())
}

#[tokio::test]
async fn distinct_values_are_counted_as_the_engine_does() -> Result<()> {
    let rows = "select v % 3 g, v % 17 n, concat('a text longer than twelve ', v % 5) l, concat('t', v % 11) s,
                  case when v % 4 = 0 then null else v % 2 = 0 end b, (v % 6)::decimal(9,2) d, (v % 7) * 0.5 f,
                  arrow_cast(v % 13 * 3600000000, 'Timestamp(Microsecond, None)') t
                from (select unnest(range(0, 400)) v)";
    for column in ["n", "l", "s", "b", "d", "f", "t", "t::date", "null"] {
        for filter in ["", "filter (where s <> 't3')"] {
            let sql = |call: &str| format!("select g, {call} {filter} c from ({rows}) group by g order by g");
            let (own, theirs) =
                (sql(&format!("distinct_count({column})")), sql(&format!("count(distinct {column})")));
            assert_eq!(answer(1, &own).await?, answer(1, &theirs).await?, "{column}");
            assert_eq!(answer(4, &own).await?, answer(1, &theirs).await?, "{column}");
        }
    }
    Ok(())
}
