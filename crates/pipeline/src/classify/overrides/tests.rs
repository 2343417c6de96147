//! Which overrides hold on which day.

use super::*;

fn on(id: &str, customer: &str, set_at: &str, since: &str, until: Option<&str>) -> Override {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    Override {
        id: id.into(),
        source: "shop".into(),
        customer_id: customer.into(),
        customer_key: 1,
        scheme: "abc".into(),
        tier: "a".into(),
        reason: "because".into(),
        method: None,
        by: None,
        set_at: day(set_at).and_hms_opt(12, 0, 0).expect("noon"),
        since: day(since),
        until: until.map(day),
        revoked_at: None,
    }
}

#[test]
fn the_latest_that_holds_on_the_day_counts() {
    let mut all = vec![
        on("o0001", "C1", "2025-05-01", "2025-05-01", None),
        on("o0002", "C1", "2025-06-01", "2025-06-01", Some("2025-06-30")),
        on("o0003", "C2", "2025-06-01", "2025-07-01", None),
        on("o0004", "C3", "2025-06-01", "2025-06-01", None),
    ];
    all[3].revoked_at = Some(all[3].set_at);
    let holds = |day: &str| -> Vec<&str> {
        holding(&all, day.parse().expect("a day")).into_iter().map(|o| o.id.as_str()).collect()
    };
    assert_eq!(holds("2025-04-30"), Vec::<&str>::new());
    assert_eq!(holds("2025-05-31"), ["o0001"]);
    // The last day still counts.
    assert_eq!(holds("2025-06-30"), ["o0002"]);
    // When the later one is over, the earlier one holds again.
    assert_eq!(holds("2025-07-01"), ["o0001", "o0003"]);

    use State::*;
    let states = |day: &str| states(&all, day.parse().expect("a day"));
    assert_eq!(states("2025-06-15"), [Replaced, Holds, ToCome, Ended]);
    assert_eq!(states("2025-07-01"), [Holds, Over, Holds, Ended]);
}
