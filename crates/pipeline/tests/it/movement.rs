//! Movement between runs, and since when and from where customers are in their tiers.

use std::collections::BTreeMap;

use clientele_model::{BatchId, Language, RunId};
use clientele_pipeline::Run;
use clientele_pipeline::collect::undo;
use clientele_pipeline::understand::movement::{Cause, CausedFlow, Direction, Flow};
use clientele_pipeline::understand::report::{ReportFormat, report};
use clientele_pipeline::understand::rows::{Value, text};

use crate::support::{Base, ask, now, per_customer, tiers_of};

const SCHEMES: [&str; 4] = ["lifecycle", "abc", "rfm-11", "mass-discount"];

type Label = (String, Value, Option<String>);

async fn labels(base: &Base, run: &Run, scheme: &str) -> BTreeMap<String, Label> {
    let column = scheme.replace('-', "_");
    let columns = [column.clone(), format!("{column}__since"), format!("{column}__previous")];
    let columns = columns.each_ref().map(String::as_str);
    let view = base.view(Some(&run.id)).await;
    let found = per_customer(&view, "labels", &columns).await;
    let label = |row: Vec<Value>| {
        let previous = Some(text(&row[2])).filter(|p| !p.is_empty());
        (text(&row[0]), row[1].clone(), previous)
    };
    found.into_iter().map(|(id, row)| (id, label(row))).collect()
}

#[tokio::test]
async fn labels_remember_across_runs() {
    let base = Base::tiny_shop().await;
    // The second run leaves schemes out, the fourth looks back: neither may spoil what others remember.
    let days: [(&str, &[&str]); 5] = [
        ("2025-05-01", &SCHEMES),
        ("2025-07-01", &["abc"]),
        ("2025-08-01", &SCHEMES),
        ("2025-06-01", &SCHEMES),
        ("2025-09-01", &SCHEMES),
    ];
    // Which run each follows, scheme by scheme, from 1.
    let follows = |run: usize, scheme: &str| match (run, scheme) {
        (1, _) => None,
        (2, _) => Some(1),
        (3, "abc") => Some(2),
        (3 | 4, _) => Some(1),
        _ => Some(3),
    };
    let mut runs: Vec<Run> = Vec::new();
    for (day, schemes) in days {
        runs.push(base.refresh(day, schemes).await);
    }
    let mut moved = 0;
    for scheme in SCHEMES {
        let mut told: BTreeMap<usize, BTreeMap<String, Label>> = BTreeMap::new();
        for (number, run) in (1..).zip(&runs).filter(|(_, run)| run.schemes.contains_key(scheme)) {
            let before = follows(number, scheme).map(|n| told[&n].clone());
            let today = Value::Date(run.as_of.date());
            let found = labels(&base, run, scheme).await;
            for (customer, (tier, since, previous)) in &found {
                let expected = match before.as_ref().map(|b| &b[customer]) {
                    None => (today.clone(), None),
                    Some((was, since, previous)) if was == tier => (since.clone(), previous.clone()),
                    Some((was, ..)) => (today.clone(), Some(was.clone())),
                };
                moved += usize::from(expected.1.is_some());
                assert_eq!((since.clone(), previous.clone()), expected, "{scheme}, {}, {customer}", run.id);
            }
            told.insert(number, found);
        }
    }
    assert!(moved > 50, "little moved, so little was tested: {moved}");

    // The default is the run that was followed.
    for (number, run) in (1..).zip(&runs).filter(|(_, run)| run.schemes.contains_key("lifecycle")) {
        let view = base.view(Some(&run.id)).await;
        let scheme = view.scheme("lifecycle").expect("a scheme").clone();
        let movement = view.movement(&scheme, None).await.expect("an answer");
        let expected = follows(number, "lifecycle").map(|n| runs[n - 1].id.clone());
        assert_eq!(movement.map(|m| m.from), expected, "{}", run.id);
    }
}

#[tokio::test]
async fn a_month_without_orders_moves_as_worked_out_by_hand() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["lifecycle"]).await;
    base.refresh("2025-08-01", &["lifecycle"]).await;
    let view = base.view(None).await;
    let scheme = view.scheme("lifecycle").expect("a scheme").clone();
    let movement = view.movement(&scheme, None).await.expect("an answer").expect("a run before");
    let flows: Vec<(Option<&str>, Option<&str>, i64, Direction)> = movement
        .flows
        .iter()
        .map(|f| (f.from.as_deref(), f.to.as_deref(), f.customers, f.direction))
        .collect();
    let flow = |from, to, customers, direction| (Some(from), Some(to), customers, direction);
    let expected = [
        flow("active", "active", 4, Direction::Stayed),
        flow("active", "silent", 4, Direction::Down),
        // Thirty days went by; nothing was ordered.
        flow("new", "active", 1, Direction::Across),
        flow("silent", "churned", 3, Direction::Down),
        flow("prospect", "prospect", 1, Direction::Stayed),
        flow("churned", "churned", 7, Direction::Stayed),
    ];
    assert_eq!(flows, expected);
}

/// A third order made one of two new customers active; the other only grew older.
#[tokio::test]
async fn who_grew_older_has_not_risen_and_who_ordered_has() {
    let base = Base::new(8).await;
    let orders =
        "order_id,customer_id,ordered_at,amount\n1,A,2025-06-20,10\n2,A,2025-06-21,10\n3,B,2025-06-05,10\n";
    base.import_text("orders.csv", orders).await;
    base.refresh("2025-07-01", &["lifecycle", "lifecycle-loyal"]).await;
    base.import_text("more.csv", "order_id,customer_id,ordered_at,amount\n4,A,2025-07-08,10\n").await;
    base.refresh("2025-07-10", &["lifecycle", "lifecycle-loyal"]).await;
    let view = base.view(None).await;
    let aged = |to| ("new", to, 1, Direction::Across);
    for (scheme, expected, up) in [
        ("lifecycle", vec![("new", "active", 1, Direction::Up), aged("active")], 1),
        // Nobody is developing before thirty days have gone by, however often they order.
        ("lifecycle-loyal", vec![aged("developing"), ("new", "new", 1, Direction::Stayed)], 0),
    ] {
        let scheme = view.scheme(scheme).expect("a scheme").clone();
        let movement = view.movement(&scheme, None).await.expect("an answer").expect("a run before");
        let told = |flows: &[Flow]| -> Vec<(String, String, i64, Direction)> {
            let name = |tier: &Option<String>| tier.clone().unwrap_or_default();
            flows.iter().map(|f| (name(&f.from), name(&f.to), f.customers, f.direction)).collect()
        };
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(from, to, n, direction)| (from.to_owned(), to.to_owned(), n, direction))
            .collect();
        assert_eq!(told(&movement.flows), expected);
        let caused = view.causes(&scheme, &movement).await.expect("causes");
        let flows: Vec<Flow> = caused.iter().map(|c| c.flow.clone()).collect();
        assert_eq!(told(&flows), expected);
        let across = caused.iter().find(|c| c.flow.direction == Direction::Across).expect("who grew older");
        assert_eq!(across.causes, BTreeMap::from([(Cause::Ageing, 1)]));
        let periods = view.periods(&scheme).await.expect("periods");
        assert_eq!((periods[0].rates.up, periods[0].rates.across, periods[0].rates.down), (up, 1, 0));
    }
}

/// From 155 to 145 is a worse frequency, and from “cannot lose” to “at risk”; from 543 to 553 a better one, and from
/// “loyal” to “potential loyalist”, which the list puts below.
#[tokio::test]
async fn a_worse_code_is_no_step_up_and_a_better_one_none_down() {
    let base = Base::online_retail().await.0;
    base.refresh("2011-06-10", &["rfm-11"]).await;
    base.refresh("2011-12-10", &["rfm-11"]).await;
    let view = base.view(None).await;
    let scheme = view.scheme("rfm-11").expect("a scheme").clone();
    let movement = view.movement(&scheme, None).await.expect("an answer").expect("a run before");
    let mut moved = 0;
    for flow in &movement.flows {
        let ends = (flow.from.as_deref().unwrap_or_default(), flow.to.as_deref().unwrap_or_default());
        if let ("cannot_lose", "at_risk") | ("at_risk", "cannot_lose") = ends {
            assert_eq!(flow.direction, Direction::Across);
        }
        moved += flow.customers;
    }
    let sql = "SELECT a.rfm_11, b.rfm_11, a.rfm_11__code, b.rfm_11__code FROM \"labels of r0001\" a \
               FULL OUTER JOIN labels b ON a.customer_key = b.customer_key";
    let mut counted: BTreeMap<(String, String, &str), i64> = BTreeMap::new();
    for row in ask(&view, sql).await {
        let [from, to, then, now] = [0, 1, 2, 3].map(|at| text(&row[at]));
        if from.is_empty() || to.is_empty() || from == to {
            continue;
        }
        let all = |holds: fn(char, char) -> bool| {
            !then.is_empty() && !now.is_empty() && then.chars().zip(now.chars()).all(|(a, b)| holds(a, b))
        };
        let way = match (scheme.is_better(&to, &from), scheme.is_better(&from, &to)) {
            (true, _) if !all(|then, now| now <= then) => "up",
            (_, true) if !all(|then, now| now >= then) => "down",
            _ => "across",
        };
        *counted.entry((from, to, way)).or_default() += 1;
    }
    for ((from, to, way), customers) in &counted {
        let direction = match *way {
            "up" => Direction::Up,
            "down" => Direction::Down,
            _ => Direction::Across,
        };
        let found = movement
            .flows
            .iter()
            .find(|f| (f.from.as_deref(), f.to.as_deref(), f.direction) == (Some(from), Some(to), direction));
        assert_eq!(found.map(|f| f.customers), Some(*customers), "{from} > {to}: {way}");
    }
    assert!(counted.values().sum::<i64>() > 500, "little moved: {moved}");
    // The causes part the same flows.
    let caused = view.causes(&scheme, &movement).await.expect("causes");
    for flow in movement.flows.iter().filter(|f| f.direction != Direction::Stayed) {
        let same = |c: &&CausedFlow| {
            (&c.flow.from, &c.flow.to, c.flow.direction) == (&flow.from, &flow.to, flow.direction)
        };
        let found = caused.iter().find(same).expect("the flow");
        assert_eq!(found.causes.values().sum::<i64>(), flow.customers, "{flow:?}");
    }
}

#[tokio::test]
async fn flows_add_up_when_customers_come_and_go() {
    let base = Base::tiny_shop().await;
    let first = base.refresh("2025-07-01", &SCHEMES).await;
    let more =
        "order_id,customer_id,ordered_at,amount\nN1,N1,2025-07-02 10:00,50\nN2,N2,2025-07-03 10:00,5000\n";
    base.import_text("more.csv", more).await;
    let second = base.refresh("2025-07-10", &SCHEMES).await;
    undo(&base.workspace, &BatchId::new("b0003"), now()).await.expect("an undo");
    let third = base.refresh("2025-07-10", &SCHEMES).await;
    assert_eq!([first.customers, second.customers, third.customers], [20, 22, 20]);

    for (from, to) in [(&first, &second), (&second, &third), (&first, &third), (&third, &first)] {
        for scheme in SCHEMES {
            let before = tiers_of(&base.view(Some(&from.id)).await, scheme).await;
            let view = base.view(Some(&to.id)).await;
            let after = tiers_of(&view, scheme).await;
            let scheme = view.scheme(scheme).expect("a scheme").clone();
            let movement = view.movement(&scheme, Some(&from.id)).await.expect("an answer").expect("flows");
            let sum = |of: &dyn Fn(&Option<String>, &Option<String>) -> bool| {
                movement.flows.iter().filter(|f| of(&f.from, &f.to)).map(|f| f.customers).sum::<i64>()
            };
            for tier in scheme.tiers.iter().map(|t| t.id.as_str()).chain(["unknown"]) {
                let size =
                    |tiers: &BTreeMap<String, String>| tiers.values().filter(|t| *t == tier).count() as i64;
                assert_eq!(sum(&|from, _| from.as_deref() == Some(tier)), size(&before), "{tier}");
                assert_eq!(sum(&|_, to| to.as_deref() == Some(tier)), size(&after), "{tier}");
            }
            let new = after.keys().filter(|id| !before.contains_key(*id)).count() as i64;
            let gone = before.keys().filter(|id| !after.contains_key(*id)).count() as i64;
            assert_eq!((sum(&|from, _| from.is_none()), sum(&|_, to| to.is_none())), (new, gone));
            for flow in &movement.flows {
                let expected = match (&flow.from, &flow.to) {
                    (None, _) => Direction::New,
                    (_, None) => Direction::Gone,
                    (Some(from), Some(to)) if from == to => Direction::Stayed,
                    (Some(from), Some(to)) if scheme.is_better(to, from) => Direction::Up,
                    (Some(from), Some(to)) if scheme.is_better(from, to) => Direction::Down,
                    _ => Direction::Across,
                };
                // Who only aged has not gone up.
                let is_aged = (flow.direction, expected) == (Direction::Across, Direction::Up);
                assert!(flow.direction == expected || is_aged, "{flow:?}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_inherits_the_past_of_somebody_who_was_undone() {
    let base = Base::tiny_shop().await;
    let order = |id: &str, amount: i32| format!("{id},{id},2025-06-02 10:00,{amount}\n");
    let header = "order_id,customer_id,ordered_at,amount\n";
    base.import_text("more.csv", &format!("{header}{}{}", order("N1", 9000), order("N2", 1))).await;
    base.refresh("2025-07-01", &["spend-tier"]).await;
    undo(&base.workspace, &BatchId::new("b0003"), now()).await.expect("an undo");
    // The corrected file names them in another order.
    base.import_text("again.csv", &format!("{header}{}{}", order("N2", 1), order("N1", 9000))).await;
    base.refresh("2025-07-10", &["spend-tier"]).await;

    let view = base.view(None).await;
    let scheme = view.scheme("spend-tier").expect("a scheme").clone();
    let movement = view.movement(&scheme, None).await.expect("an answer").expect("flows");
    let moved: Vec<_> = movement.flows.iter().filter(|f| f.from != f.to && f.to.is_some()).collect();
    assert!(moved.iter().all(|f| f.from.is_none()), "two came, nobody rose or fell: {moved:?}");
    assert_eq!(moved.iter().map(|f| f.customers).sum::<i64>(), 2);
}

#[tokio::test]
async fn movement_says_which_runs_and_schemes_there_are() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["abc"]).await;
    base.refresh("2025-08-01", &["abc", "channel"]).await;
    let view = base.view(None).await;
    let abc = view.scheme("abc").expect("a scheme").clone();
    let error = view.movement(&abc, Some(&RunId::new("r0009"))).await.expect_err("no such run");
    assert_eq!(error.to_string(), "there is no run `r0009`; the runs are r0001, r0002");
    let channel = view.scheme("channel").expect("a scheme").clone();
    assert_eq!(view.movement(&channel, None).await.expect("an answer"), None, "nothing was before");
    let error = view.movement(&channel, Some(&RunId::new("r0001"))).await.expect_err("no such scheme");
    assert_eq!(
        error.to_string(),
        "run r0001 has no scheme `channel`; see `clientele schemes list`, or refresh"
    );
    assert!(view.scheme("lifecycle").is_err());
}

#[tokio::test]
async fn a_report_tells_movement_from_the_run_that_applied_the_scheme_last() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["lifecycle", "abc"]).await;
    base.refresh("2025-07-15", &["abc"]).await;
    base.refresh("2025-08-01", &["lifecycle", "abc"]).await;
    let page = report(&base.view(None).await, Language::En, ReportFormat::Html).await.expect("a report");
    assert!(page.contains("id=\"moved-lifecycle\""), "lifecycle moved since the first run");
    assert!(page.contains("Who has changed tier since the scheme was last applied?"));
}
