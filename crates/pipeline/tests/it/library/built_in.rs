//! Every built-in document is complete, sound and as published.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clientele_model::Text;
use clientele_model::spec::scheme::{Matching, Rule};
use clientele_model::spec::{Metric, Scheme};
use clientele_pipeline::Catalogue;
use clientele_pipeline::classify::check;
use clientele_pipeline::library::{DocumentKind, built_in, layouts};

fn catalogue() -> Catalogue {
    Catalogue::load(None).expect("the built-in library")
}

#[test]
fn every_document_is_in_the_catalogue_under_its_file_name() {
    let catalogue = catalogue();
    let metrics = built_in(DocumentKind::Metrics);
    // Questionnaires bring metrics of their own.
    let own = catalogue.metrics.iter().filter(|m| !m.spec.id.as_str().starts_with("answers_"));
    assert_eq!(metrics.len(), own.count());
    for document in metrics {
        let metric = Metric::parse(&document.name, &document.text).expect("a metric");
        let file = format!("library/metrics/{}.toml", metric.id.as_str().replace('_', "-"));
        assert_eq!(document.name, file);
    }
    let schemes = built_in(DocumentKind::Schemes);
    assert_eq!(schemes.len(), catalogue.schemes.iter().count());
    for document in schemes {
        let scheme = Scheme::parse(&document.name, &document.text).expect("a scheme");
        assert_eq!(document.name, format!("library/schemes/{}.toml", scheme.id));
        // A scheme's column stands beside those of metrics.
        assert!(!catalogue.metrics.ids().contains(&scheme.id.column().as_str()), "{}", scheme.id);
    }
}

#[test]
fn every_layout_is_sound_and_under_its_own_name() {
    let documents = built_in(DocumentKind::Sources);
    let layouts = layouts(&documents).expect("sound layouts");
    assert_eq!((layouts.len(), documents.len()), (40, 40));
    for layout in layouts {
        let name = format!("library/sources/{}.toml", layout.id);
        assert!(documents.iter().any(|document| document.name == name), "{name}");
    }
}

fn is_bilingual(text: &Text) -> bool {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    text.zh.chars().any(is_chinese) && text.en.chars().any(|c| c.is_ascii_alphabetic())
}

/// Schemes of which staff must know what to say to each tier.
const TALKING: [&str; 5] = ["sales-style", "social-style", "decision-style", "communication-style", "values"];

#[test]
fn every_text_is_in_both_languages() {
    let catalogue = catalogue();
    for metric in catalogue.metrics.iter().map(|m| &m.spec) {
        for text in [&metric.name, &metric.meaning, &metric.formula, &metric.absent_means] {
            assert!(is_bilingual(text), "{}: {text:?}", metric.id);
        }
    }
    for scheme in catalogue.schemes.iter().map(|s| &s.spec) {
        for text in [&scheme.name, &scheme.question, &scheme.origin, &scheme.rule_text] {
            assert!(is_bilingual(text), "{}: {text:?}", scheme.id);
        }
        let is_generated = matches!(&scheme.rule, Rule::Codes { matching: Matching::EveryCode(_), .. });
        for tier in &scheme.tiers {
            // Codes and brands have one name everywhere.
            let is_name = is_generated || tier.name.en == tier.name.zh;
            assert!(is_name || is_bilingual(&tier.name), "{}: {:?}", scheme.id, tier.name);
            let play = &tier.playbook;
            for text in [&play.goal, &play.offer, &play.kpi].into_iter().chain(&play.talk) {
                assert!(is_bilingual(text), "{}: {text:?}", scheme.id);
            }
            assert!((2..=4).contains(&play.actions.len()), "{}: {}", scheme.id, tier.id);
            assert!(play.actions.iter().all(|a| is_bilingual(&a.text)), "{}: {:?}", scheme.id, play.actions);
            if TALKING.contains(&scheme.id.as_str()) {
                assert!((2..=4).contains(&play.talk.len()), "{}: {}", scheme.id, tier.id);
            }
        }
    }
}

#[tokio::test]
async fn every_scheme_puts_everyone_in_one_tier_and_every_tier_can_be_reached() {
    let catalogue = catalogue();
    for document in built_in(DocumentKind::Schemes) {
        let report = check::check(&document, &catalogue.schemes, &catalogue.metrics).await.expect("a report");
        assert!(report.is_sound(), "{}: {:?} {:?}", document.name, report.gaps, report.overlaps);
        assert_eq!(report.unreachable, Vec::<String>::new(), "{}", document.name);
        assert!(report.combinations >= report.scheme.tiers.len(), "{}", document.name);
    }
}

/// The default is careful; what is ours has been thought about.
#[test]
fn every_metric_says_whether_a_company_can_move_it() {
    for document in built_in(DocumentKind::Metrics) {
        let says = document.text.lines().filter(|line| line.starts_with("movable = ")).count();
        assert_eq!(says, 1, "{}", document.name);
    }
}

#[test]
fn the_catalogue_is_as_released() {
    let catalogue = catalogue();
    let mut text = String::new();
    for metric in catalogue.metrics.iter().map(|m| &m.spec) {
        let (id, version) = (&metric.id, metric.version);
        let kind = format!(
            "{:?}, {:?}, absent {:?}, good {:?}",
            metric.source, metric.unit, metric.absent, metric.direction
        );
        let kind = if metric.movable { format!("{kind}, movable") } else { kind };
        writeln!(text, "metric {id} {version}: {}", kind.to_lowercase()).expect("text");
    }
    for scheme in catalogue.schemes.iter().map(|s| &s.spec) {
        let tiers: Vec<&str> = scheme.tiers.iter().map(|t| t.id.as_str()).collect();
        let tiers = if tiers.len() > 20 { format!("{} tiers", tiers.len()) } else { tiers.join(", ") };
        let kind = scheme.rule.kind();
        let ranked = if scheme.ranked { "" } else { ", unranked" };
        writeln!(text, "scheme {} {}: {kind}{ranked}: {tiers}", scheme.id, scheme.version).expect("text");
    }
    insta::assert_snapshot!("catalogue", text);
}

/// The published lists of codes, tier by tier.
const ELEVEN: [&str; 11] = [
    "555 554 544 545 454 455 445",
    "543 444 435 355 354 345 344 335",
    "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323",
    "512 511 422 421 412 411 311",
    "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313",
    "535 534 443 434 343 334 325 324",
    "331 321 312 221 213 231 241 251",
    "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124",
    "155 154 144 214 215 115 114 113",
    "332 322 233 232 223 222 132 123 122 212 211",
    "111 112 121 131 141 151",
];
const SIX: [&str; 6] = [
    "333 332 323",
    "321 322 331 232 233",
    "312 313 311 222 223",
    "213 221 123 132 133",
    "231 212 122 131 211",
    "111 112 113 121",
];

#[test]
fn code_lists_are_the_published_ones() {
    let catalogue = catalogue();
    for (scheme, published) in [("rfm-11", ELEVEN.as_slice()), ("rfm-6", &SIX)] {
        let rule = &catalogue.schemes.get(scheme).expect("a scheme").spec.rule;
        let Rule::Codes { matching: Matching::Listed(listed), .. } = rule else {
            panic!("{scheme} has no codes")
        };
        let set = |codes: &mut dyn Iterator<Item = String>| codes.collect::<BTreeSet<String>>();
        let listed: Vec<_> = listed.iter().map(|codes| set(&mut codes.iter().cloned())).collect();
        let published: Vec<_> =
            published.iter().map(|codes| set(&mut codes.split(' ').map(str::to_owned))).collect();
        assert_eq!(listed, published, "{scheme}");
    }
    assert_eq!(ELEVEN.map(|codes| codes.split(' ').count()), [7, 8, 24, 7, 16, 8, 8, 22, 8, 11, 6]);
}
