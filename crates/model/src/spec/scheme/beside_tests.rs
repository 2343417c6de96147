//! Which tier is better than which.

use super::tests::{document, read, refused};

fn bands(keys: &str) -> String {
    let tiers = [("high", "min = 9"), ("mid", keys), ("low", "below = 4")];
    document("bands", "metric = \"frequency\"", &tiers)
}

#[test]
fn tiers_are_better_in_their_order_but_for_those_beside_each_other() {
    let scheme = read(&bands("min = 4\nbelow = 9"));
    assert!(
        scheme.is_better("high", "mid") && scheme.is_better("mid", "low") && !scheme.is_better("low", "mid")
    );
    assert!(scheme.is_best("high") && !scheme.is_best("mid"));
    assert!(!scheme.is_better("high", "unknown") && !scheme.is_better("high", "high"));
    let scheme = read(&bands("min = 4\nbelow = 9\nbeside = [\"high\", \"low\"]"));
    assert!(scheme.is_better("high", "low") && scheme.is_best("mid"));
    for (one, other) in [("high", "mid"), ("mid", "high"), ("mid", "low"), ("low", "mid")] {
        assert!(!scheme.is_better(one, other), "{one}, {other}");
    }
}

#[test]
fn codes_that_are_tiers_are_better_where_no_digit_is_less() {
    let score = |digit: &str, best: &str| {
        format!(
            "[[scores]]\ndigit = \"{digit}\"\nmetric = \"frequency\"\nmethod = \"bands\"\ncuts = [1, 2]\nbest = \"{best}\"\n"
        )
    };
    let play = super::tests::PLAY;
    let keys =
        format!("{}{}[code_tiers]\ntemplate = \"{{r}}{{f}}\"\n{play}", score("r", "low"), score("f", "high"));
    let scheme = read(&document("codes", &keys, &[]));
    assert!(scheme.is_better("33", "32") && scheme.is_better("33", "11") && scheme.is_best("33"));
    assert!(!scheme.is_better("31", "13") && !scheme.is_better("13", "31") && !scheme.is_better("32", "33"));
}

#[test]
fn what_cannot_be_beside_is_refused() {
    is_refused(
        &bands("min = 4\nbelow = 9\nbeside = [\"higher\"]"),
        "`higher` is no other tier of this scheme",
    );
    is_refused(&bands("min = 4\nbelow = 9\nbeside = [\"mid\"]"), "`mid` is no other tier of this scheme");
    let unranked =
        bands("min = 4\nbelow = 9\nbeside = [\"low\"]").replacen("metric =", "ranked = false\nmetric =", 1);
    is_refused(&unranked, "not ranked");
    let staying = format!("{}\n[stay]\ngrace_days = 30\n", bands("min = 4\nbelow = 9\nbeside = [\"low\"]"));
    is_refused(&staying, "keep from worse tiers");
}

fn is_refused(text: &str, says: &str) {
    let told = refused(text);
    assert!(told.contains(says), "{told}");
}
