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
