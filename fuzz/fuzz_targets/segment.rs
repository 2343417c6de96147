//! Arbitrary text as the rule of a segment: it is read or refused with its place, never a panic, and a
//! rule that was read and written out reads as the same rule.

#![no_main]

use std::sync::LazyLock;

use clientele_model::spec::segment::{KnownScheme, RuleProblem, Vocabulary, parse};
use clientele_model::{Language, Text, TierId, Unit};
use libfuzzer_sys::fuzz_target;

/// One name of each kind.
static NAMES: LazyLock<Vocabulary> = LazyLock::new(|| {
    let metrics = [
        ("spend", Unit::Money),
        ("orders", Unit::Count),
        ("returns", Unit::Share),
        ("member", Unit::YesNo),
        ("seen", Unit::Time),
        ("taste", Unit::Text),
    ];
    let tier = |id: &str, en: &str, zh: &str| (TierId::new(id), Text::new(en, zh));
    let tiers = vec![tier("active", "Active", "活跃"), tier("silent", "Silent", "沉默")];
    Vocabulary {
        metrics: metrics.into_iter().map(|(id, unit)| (id.to_owned(), unit)).collect(),
        schemes: [("life-cycle".to_owned(), KnownScheme { tiers })].into(),
        segments: ["vip".to_owned()].into(),
    }
});

fuzz_target!(|text: &str| {
    match parse(text, &NAMES) {
        Ok(rule) => {
            let written = rule.to_string();
            match parse(&written, &NAMES) {
                Ok(again) => assert_eq!(again, rule, "{written}"),
                // What is written in full may be longer or deeper than a rule may be.
                Err(error) => {
                    let is_limit =
                        matches!(error.problem, RuleProblem::TooLong { .. } | RuleProblem::TooDeep);
                    assert!(is_limit, "{written}: {error}");
                }
            }
        }
        Err(error) => {
            for language in [Language::En, Language::Zh] {
                assert!(!error.message(language).is_empty());
            }
        }
    }
});
