//! What drivers advise: only what a company can move, towards the end that is good in itself.

use clientele_pipeline::understand::drivers::{DriverAnalysis, MetricDriver, NoAdvice, Quadrant, SEED};

use crate::support::Base;

/// Sixty customers who all bought in August. Thirty of them still buy: they ask and complain more, were registered
/// earlier, and are on the site. The service lets those wait who stayed away, and they say so.
async fn shop() -> Base {
    let base = Base::new(100).await;
    let mut customers = String::from("customer_id,registered_at,email\n");
    let mut orders = String::from("order_id,customer_id,ordered_at,amount\n");
    let mut tickets =
        String::from("ticket_id,customer_id,opened_at,first_response_at,closed_at,type,status\n");
    let mut answers = String::from("customer_id,answered_at,survey,question,value,scale_min,scale_max\n");
    let mut events = String::from("event_id,customer_id,event_time,event_type\n");
    for n in 0..60 {
        let stays = n < 30;
        let (id, spread) = (format!("C{n:02}"), n % 5);
        let month = if stays { 1 } else { 5 };
        customers += &format!("{id},2024-0{}-{:02},{id}@example.org\n", month + spread % 3, 1 + n % 28);
        orders += &format!("A{n},{id},2024-08-{:02},50\n", 1 + n % 28);
        if stays {
            orders += &format!("B{n},{id},2025-06-{:02},50\n", 1 + n % 28);
            for view in 0..1 + spread {
                events += &format!("V{n}-{view},{id},2025-06-0{} 10:00:00,view\n", 1 + view);
                events += &format!("P{n}-{view},{id},2025-06-0{} 10:30:00,purchase\n", 1 + view);
            }
        }
        let asked = if stays { 3 + spread % 2 } else { 1 };
        for ticket in 0..asked {
            let hours = if stays { 1 + spread } else { 7 + 2 * spread };
            tickets += &format!(
                "T{n}-{ticket},{id},2025-05-1{ticket} 08:00:00,2025-05-1{ticket} {:02}:00:00,2025-05-20 10:00:00,complaint,closed\n",
                8 + hours
            );
        }
        let happy = if stays { 5 - spread % 2 } else { 1 + spread % 3 };
        answers += &format!("{id},2025-06-01 10:00:00,csat,csat,{happy},1,5\n");
    }
    for (name, text) in [
        ("customers.csv", &customers),
        ("orders.csv", &orders),
        ("tickets.csv", &tickets),
        ("answers.csv", &answers),
        ("events.csv", &events),
    ] {
        base.import_text(name, text).await;
    }
    let metrics = [
        "frequency",
        "recency_days",
        "tenure_days",
        "weekend_share",
        "days_since_registration",
        "complaints_365d",
        "first_response_hours",
        "csat_score_mean",
        "views_90d",
        "purchase_days_365d",
        "days_since_event",
        "profile_completeness",
    ];
    base.refresh_metrics("2025-07-01", &["abc"], &metrics).await;
    base
}

fn of<'a>(found: &'a DriverAnalysis, metric: &str) -> Option<&'a MetricDriver> {
    found.drivers.iter().find(|driver| driver.metric == metric)
}

#[tokio::test]
async fn churn_is_not_lowered_by_more_complaints_or_by_having_registered_earlier() {
    let base = shop().await;
    let view = base.view(None).await;
    let found = view.drivers("churn", &[], None, SEED).await.expect("drivers");
    assert!(found.explains());
    let advice = |metric: &str| of(&found, metric).map(|driver| driver.advice);
    // Who stays complains more, which is no reason to make them complain.
    assert!(of(&found, "complaints_365d").expect("complaints").driver.correlation < 0.0);
    assert_eq!(advice("complaints_365d"), Some(Err(NoAdvice::Contrary)));
    assert_eq!(advice("days_since_registration"), Some(Err(NoAdvice::NotMovable)));
    assert_eq!(advice("views_90d"), Some(Err(NoAdvice::NotMovable)));
    assert!(matches!(advice("first_response_hours"), Some(Ok(_))), "{found:#?}");
    // What is made of orders is another word for having ordered, in the record of behaviour too.
    for metric in ["frequency", "weekend_share", "purchase_days_365d", "days_since_event"] {
        assert_eq!(advice(metric), None, "{metric}");
    }
}

#[tokio::test]
async fn waiting_is_to_be_improved_for_satisfaction() {
    let base = shop().await;
    let view = base.view(None).await;
    let of_waiting = ["first_response_hours".to_owned()];
    let found = view.drivers("satisfaction", &of_waiting, None, SEED).await.expect("drivers");
    let waiting = of(&found, "first_response_hours").expect("waiting");
    assert!(waiting.driver.correlation < 0.0);
    assert!(matches!(waiting.advice, Ok(Quadrant::Improve | Quadrant::Keep)));
    // Hours had better be few: the place of the mean is counted from the many.
    let among = view.drivers("satisfaction", &of_waiting, Some(&super::group("m.frequency = 2")), SEED).await;
    let among = among.expect("drivers");
    assert!((0.0..=1.0).contains(&of(&among, "first_response_hours").expect("waiting").performance));
}

#[tokio::test]
async fn named_figures_that_say_the_same_are_shown_without_advice() {
    let base = shop().await;
    let view = base.view(None).await;
    let named = ["purchase_days_365d".to_owned(), "first_response_hours".to_owned()];
    let found = view.drivers("repeat", &named, None, SEED).await.expect("drivers");
    assert_eq!(of(&found, "purchase_days_365d").map(|d| d.advice), Some(Err(NoAdvice::SameFacts)));
    let reasons: Vec<NoAdvice> = found.without_advice().into_iter().map(|(why, _)| why).collect();
    assert!(reasons.contains(&NoAdvice::SameFacts), "{reasons:?}");
}
