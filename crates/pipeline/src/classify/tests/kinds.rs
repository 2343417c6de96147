use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use super::base::{Customer, NUMBERS, for_all, label, scheme};
use super::reference::{cumulative, equal_parts, middles, parts};

const NAMES: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
const POPULATION: &str = "population = \"orders >= 2\"\n";

/// Whether a customer belongs to the base of schemes, with and without a population.
fn belongs(has_population: bool) -> impl Fn(&Customer) -> bool {
    move |customer| !has_population || customer.orders.is_some_and(|o| o >= 2)
}

fn population(there: bool) -> &'static str {
    if there { POPULATION } else { "" }
}

fn named(tier: Option<usize>) -> &'static str {
    tier.map_or("unknown", |tier| NAMES[tier])
}

/// Insists on one tier for each customer.
#[track_caller]
fn same(labels: &super::base::Labels, scheme: &str, expected: &[Option<usize>]) {
    let found: Vec<&str> = labels.iter().map(|l| l[scheme].0.as_str()).collect();
    let expected: Vec<&str> = expected.iter().map(|t| named(*t)).collect();
    assert_eq!(found, expected, "{scheme}");
}

#[test]
fn bands_take_the_band_of_the_value() {
    // Thresholds that lie on values and between them, in any order of tiers.
    let thresholds = subsequence(vec![-0.5, 0.0, 0.25, 1.0, 2.0, 2.1, 4.0], 1..6);
    for_all(
        (select(&NUMBERS[..]), thresholds, any::<bool>()),
        async |session, customers, (metric, ends, is_falling)| {
            let mut bounds: Vec<(Option<f64>, Option<f64>)> = vec![(None, Some(ends[0]))];
            bounds.extend(ends.windows(2).map(|w| (Some(w[0]), Some(w[1]))));
            bounds.push((ends.last().copied(), None));
            if is_falling {
                bounds.reverse();
            }
            let line =
                |key: &str, end: Option<f64>| end.map_or(String::new(), |end| format!("{key} = {end:?}\n"));
            let keys = bounds.iter().map(|(min, below)| line("min", *min) + &line("below", *below));
            let tiers: Vec<(&str, String)> = NAMES.iter().copied().chain(["seventh"]).zip(keys).collect();
            let names: Vec<&str> = tiers.iter().map(|t| t.0).collect();
            let scheme = scheme("mine", "bands", &format!("metric = \"{metric}\""), &tiers);
            let labels = label(session, &customers, &[scheme]).await;
            for (customer, label) in customers.iter().zip(labels) {
                let expected = customer.number(metric).map_or("unknown", |value| {
                    let holds = |(min, below): &(Option<f64>, Option<f64>)| {
                        min.is_none_or(|m| value >= m) && below.is_none_or(|b| value < b)
                    };
                    names[bounds.iter().position(holds).expect("a band")]
                });
                assert_eq!(label["mine"].0, expected, "{customer:?}");
            }
        },
    );
}

#[test]
fn quantiles_are_equal_parts_of_the_base() {
    let beside = (select(&NUMBERS[..]), any::<bool>(), 2..6usize, any::<bool>());
    for_all(beside, async |session, customers, (metric, is_high_best, count, has_population)| {
        let best = if is_high_best { "high" } else { "low" };
        let keys = format!("metric = \"{metric}\"\nbest = \"{best}\"\n{}", population(has_population));
        let tiers: Vec<_> = NAMES[..count].iter().map(|name| (*name, String::new())).collect();
        let labels = label(session, &customers, &[scheme("mine", "quantiles", &keys, &tiers)]).await;
        let parts = equal_parts(&customers, metric, is_high_best, count, &belongs(has_population));
        let expected: Vec<Option<usize>> = parts.into_iter().map(|p| Some(count - p?)).collect();
        same(&labels, "mine", &expected);
    });
}

#[test]
fn quantiles_with_shares_are_parts_of_that_size() {
    let shares = select(vec![vec![0.2, 0.3, 0.5], vec![0.01, 0.99], vec![0.7, 0.1, 0.1, 0.1], vec![1.0]]);
    for_all(
        (select(&NUMBERS[..]), any::<bool>(), shares),
        async |session, customers, (metric, is_high_best, shares)| {
            let best = if is_high_best { "high" } else { "low" };
            let keys = format!("metric = \"{metric}\"\nbest = \"{best}\"");
            let tiers: Vec<_> =
                NAMES.iter().copied().zip(shares.iter().map(|s| format!("share = {s:?}"))).collect();
            let labels = label(session, &customers, &[scheme("mine", "quantiles", &keys, &tiers)]).await;
            let weakest_first: Vec<f64> = shares.iter().rev().copied().collect();
            let parts = parts(&customers, metric, is_high_best, &weakest_first, &belongs(false));
            let expected: Vec<Option<usize>> = parts.into_iter().map(|p| Some(shares.len() - p?)).collect();
            same(&labels, "mine", &expected);
        },
    );
}

#[test]
fn shares_go_from_the_greatest_down() {
    let percent = select(vec![vec![70, 90, 100], vec![50, 100], vec![10, 20, 30, 100]]);
    for_all(
        (select(&NUMBERS[..]), percent, any::<bool>()),
        async |session, customers, (metric, percent, has_population)| {
            let keys = format!("metric = \"{metric}\"\n{}", population(has_population));
            let until = percent.iter().map(|p| format!("until = {:?}", *p as f64 / 100.0));
            let tiers: Vec<_> = NAMES.iter().copied().zip(until).collect();
            let labels = label(session, &customers, &[scheme("mine", "share", &keys, &tiers)]).await;
            same(&labels, "mine", &cumulative(&customers, metric, &percent, &belongs(has_population)));
        },
    );
}

/// A digit from parts, one from a middle and one from fixed cuts.
const SCORES: &str = r#"
[[scores]]
digit = "p"
metric = "spend"
method = "quantiles"
count = 4
best = "high"
[[scores]]
digit = "s"
metric = "orders"
method = "split"
at = MIDDLE
best = "BEST"
[[scores]]
digit = "b"
metric = "gap"
method = "bands"
cuts = [1, 2.5]
best = "low"
"#;

#[test]
fn codes_put_digits_together() {
    let middle = select(vec!["\"median\"", "\"mean\"", "3"]);
    for_all(
        (middle, any::<bool>(), any::<bool>()),
        async |session, customers, (middle, is_high_best, has_population)| {
            let best = if is_high_best { "high" } else { "low" };
            let scores = SCORES.replace("MIDDLE", middle).replace("BEST", best);
            // Every code with a 4 or a 3 in the first place, then the rest.
            let codes = |first: &[u8]| {
                let mut codes = Vec::new();
                for p in first {
                    for s in 1..=2 {
                        codes.extend((1..=3).map(|b| format!("{p}{s}{b}")));
                    }
                }
                format!("codes = {codes:?}")
            };
            let tiers = [("first", codes(&[3, 4])), ("second", codes(&[1])), ("third", codes(&[2]))];
            let keys = format!("{}{scores}", population(has_population));
            let labels = label(session, &customers, &[scheme("mine", "codes", &keys, &tiers)]).await;

            let among = belongs(has_population);
            let parts = equal_parts(&customers, "spend", true, 4, &among);
            let at = middles(&customers, "orders", &among).map(|(median, mean)| match middle {
                "\"median\"" => median,
                "\"mean\"" => mean,
                _ => 3.0,
            });
            for ((customer, label), part) in customers.iter().zip(&labels).zip(parts) {
                let split = customer.orders.zip(at).map(|(orders, at)| {
                    let orders = orders as f64;
                    if (is_high_best && orders >= at) || (!is_high_best && orders <= at) { 2 } else { 1 }
                });
                let band = customer.gap.map(|gap| {
                    if gap <= 1.0 {
                        3
                    } else if gap <= 2.5 {
                        2
                    } else {
                        1
                    }
                });
                let expected = match (part, split, band) {
                    (Some(part), Some(split), Some(band)) if among(customer) => {
                        let tier = if part >= 3 {
                            "first"
                        } else if part == 1 {
                            "second"
                        } else {
                            "third"
                        };
                        (tier.to_owned(), Some(format!("{part}{split}{band}")))
                    }
                    _ => ("unknown".to_owned(), None),
                };
                assert_eq!(label["mine"].0, expected.0, "{customer:?}");
                if among(customer) {
                    assert_eq!(label["mine"].1, expected.1, "{customer:?}");
                }
            }
        },
    );
}

#[test]
fn the_first_rule_that_holds_wins() {
    let order = Just(vec![0, 1, 2, 3]).prop_shuffle();
    for_all((order, any::<bool>()), async |session, customers, (order, needs_gap)| {
        type Rule = (&'static str, fn(&Customer) -> bool);
        // A comparison with what is unknown does not hold, and neither does its opposite.
        let rules: [Rule; 4] = [
            ("orders >= 3 and spend > 0.25", |c| {
                c.orders.is_some_and(|o| o >= 3) && c.spend.is_some_and(|s| s > 2500)
            }),
            ("not liked or gap < 1", |c| c.liked == Some(false) || c.gap.is_some_and(|g| g < 1.0)),
            ("spend is null", |c| c.spend.is_none()),
            ("coalesce(gap, 9) <= greatest(cast(orders as double), 2)", |c| {
                c.gap.unwrap_or(9.0) <= c.orders.map_or(2.0, |o| (o as f64).max(2.0))
            }),
        ];
        let mut tiers: Vec<(&str, String)> =
            NAMES.iter().copied().zip(order.iter().map(|i| format!("when = \"{}\"", rules[*i].0))).collect();
        tiers.push(("fifth", "otherwise = true".to_owned()));
        let keys = if needs_gap { "needs = [\"gap\", \"liked\"]" } else { "" };
        let labels = label(session, &customers, &[scheme("mine", "rules", keys, &tiers)]).await;
        let expected: Vec<Option<usize>> = customers
            .iter()
            .map(|c| match needs_gap && (c.gap.is_none() || c.liked.is_none()) {
                true => None,
                false => Some(order.iter().position(|i| rules[*i].1(c)).unwrap_or(4)),
            })
            .collect();
        same(&labels, "mine", &expected);
    });
}

#[test]
fn scorecards_add_points() {
    let beside = (any::<bool>(), select(vec![0.5, 1.0, -1.0]), any::<bool>());
    for_all(beside, async |session, customers, (has_population, weight, is_high_best)| {
        let best = if is_high_best { "high" } else { "low" };
        let keys = format!(
            "{}[[points]]\nmetric = \"spend\"\nmethod = \"quantiles\"\ncount = 3\nbest = \"{best}\"\n\
             [[points]]\nmetric = \"orders\"\nmethod = \"bands\"\ncuts = [1, 3]\npoints = [0, 0.5, 2]\nweight = {weight:?}\n\
             [[points]]\nwhen = \"gap <= 2\"\npoints = 1\n",
            population(has_population)
        );
        let least = [3.5, 2.0, 1.0];
        let mut tiers: Vec<(&str, String)> =
            NAMES.iter().copied().zip(least.iter().map(|l| format!("min_points = {l:?}"))).collect();
        tiers.push(("fourth", String::new()));
        let labels = label(session, &customers, &[scheme("mine", "scorecard", &keys, &tiers)]).await;
        let among = belongs(has_population);
        let parts = equal_parts(&customers, "spend", is_high_best, 3, &among);
        let expected: Vec<Option<usize>> = customers
            .iter()
            .zip(parts)
            .map(|(c, part)| {
                let orders = c.orders.map(|o| {
                    if o < 1 {
                        0.0
                    } else if o < 3 {
                        0.5
                    } else {
                        2.0
                    }
                })?;
                let rhythm = if c.gap.is_some_and(|g| g <= 2.0) { 1.0 } else { 0.0 };
                let sum = part? as f64 + orders * weight + rhythm;
                Some(least.iter().position(|least| sum >= *least).unwrap_or(3))
            })
            .collect();
        same(&labels, "mine", &expected);
    });
}

#[test]
fn a_matrix_crosses_two_schemes() {
    // Which of three tiers each of the six cells leads to.
    let cells = proptest::collection::vec(any::<Index>(), 6);
    for_all(cells, async |session, customers, cells| {
        let places: Vec<usize> = cells.iter().map(|c| c.index(3)).collect();
        let rows = scheme(
            "rows",
            "quantiles",
            "metric = \"spend\"",
            &["first", "second"].map(|n| (n, String::new())),
        );
        let bands = [("first", "min = 2"), ("second", "min = 1\nbelow = 2"), ("third", "below = 1")];
        let columns = scheme("columns", "bands", "metric = \"gap\"", &bands.map(|(n, k)| (n, k.to_owned())));
        let cell = |i: usize| format!("{}/{}", NAMES[i / 3], NAMES[i % 3]);
        let used: Vec<usize> = (0..3).filter(|tier| places.contains(tier)).collect();
        let tiers: Vec<(&str, String)> = used
            .iter()
            .map(|tier| {
                let mine: Vec<String> = (0..6).filter(|i| places[*i] == *tier).map(cell).collect();
                (NAMES[*tier], format!("cells = {mine:?}"))
            })
            .collect();
        let crossed = scheme("crossed", "matrix", "rows = \"rows\"\ncolumns = \"columns\"", &tiers);
        let labels = label(session, &customers, &[rows, columns, crossed]).await;
        for label in &labels {
            let place = |scheme: &str| NAMES.iter().position(|n| *n == label[scheme].0);
            let expected = place("rows").zip(place("columns")).map(|(r, c)| places[r * 3 + c]);
            assert_eq!(label["crossed"].0, named(expected), "{label:?}");
        }
    });
}
