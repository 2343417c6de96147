//! Receipts say what labels say, and what they promise comes true.

mod steps;

use std::collections::{BTreeMap, BTreeSet};

use clientele_model::spec::Scheme;
use clientele_model::spec::scheme::{Best, Matching, Rule};
use clientele_model::{Language, SchemeId, TierId, UnitFormat};
use clientele_pipeline::classify::compile::{compile, text as quote};
use clientele_pipeline::classify::labels;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::receipt::{Change, KnownCustomer, Receipt, Step};
use clientele_pipeline::understand::rows::{Value, text};

use crate::support::{Base, ask, per_customer};
use steps::{check_value, lies_between, one_step_less, sorts};

/// A run with the labels and metrics of its customers at hand.
struct Witness {
    view: RunView,
    labels: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Witness {
    async fn new(view: RunView) -> Self {
        let mut columns: Vec<String> = Vec::new();
        for scheme in view.schemes() {
            let column = scheme.id.column();
            columns.extend(["since", "previous"].map(|what| format!("{column}__{what}")));
            if matches!(scheme.rule, Rule::Codes { .. }) {
                columns.push(format!("{column}__code"));
            }
            columns.push(column);
        }
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let found = per_customer(&view, "labels", &names).await;
        let by_column = |row: Vec<Value>| columns.iter().cloned().zip(row).collect();
        let labels = found.into_iter().map(|(id, row)| (id, by_column(row))).collect();
        Witness { view, labels }
    }

    /// A customer of each tier, in different places of the base; so many tiers at most.
    fn sample(&self, scheme: &Scheme, most: usize) -> Vec<String> {
        let column = scheme.id.column();
        let mut found: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for (customer, labels) in &self.labels {
            found.entry(text(&labels[&column])).or_default().push(customer);
        }
        let step = (found.len() / most).max(1);
        let picked = found.values().step_by(step).take(most);
        picked.enumerate().map(|(i, members)| members[i * members.len() / most].clone()).collect()
    }

    async fn receipt(&self, customer: &str, scheme: &Scheme) -> (KnownCustomer, Receipt) {
        let known = self.view.customer(customer).await.expect("a customer");
        let receipt = self.view.explain(&known, scheme).await.expect("a receipt");
        (known, receipt)
    }

    /// The tier of a customer with one figure changed, as a refresh would give it.
    async fn tier_with(&self, customer: &KnownCustomer, scheme: &Scheme, change: &Change) -> String {
        let view = &self.view;
        let wanted = view.catalogue.only(std::slice::from_ref(&scheme.id), &[]).expect("the scheme");
        let compiled: Vec<_> = wanted
            .schemes
            .iter()
            .map(|s| {
                compile(&s.spec, &view.run.schemes[s.spec.id.as_str()].cuts, &view.catalogue.metrics.units())
            })
            .collect();
        let columns: Vec<String> = view
            .run
            .metrics
            .keys()
            .map(|metric| match *metric == change.metric.to_string() {
                true => format!("{} AS \"{metric}\"", change.to.literal()),
                false => format!("\"{metric}\""),
            })
            .collect();
        let from = format!(
            "(SELECT customer_key, source, customer_id, {} FROM metrics WHERE customer_key = {})",
            columns.join(", "),
            customer.key
        );
        let sql = labels::query(&compiled, &from, &BTreeMap::new(), &BTreeMap::new(), view.as_of());
        let found = ask(view, &format!("SELECT \"{}\" FROM ({sql})", scheme.id.column())).await;
        text(&found[0][0])
    }

    /// Whether a condition holds for a customer.
    async fn holds(&self, customer: &str, condition: &str) -> bool {
        let sql = format!(
            "SELECT COALESCE(({condition}), false) FROM metrics WHERE customer_id = {}",
            quote(customer)
        );
        ask(&self.view, &sql).await[0][0] == Value::Bool(true)
    }

    /// Checks one receipt from top to bottom.
    async fn check(&self, customer: &str, scheme: &Scheme) {
        let (known, receipt) = self.receipt(customer, scheme).await;
        let labels = &self.labels[customer];
        let column = scheme.id.column();
        let at = format!("{customer} in {}: {receipt:#?}", scheme.id);
        assert_eq!(Value::Text(receipt.tier.clone()), labels[&column], "{at}");
        assert_eq!(receipt.since, labels[&format!("{column}__since")], "{at}");
        assert_eq!(
            receipt.previous.clone().unwrap_or_default(),
            text(&labels[&format!("{column}__previous")]),
            "{at}"
        );
        for input in &receipt.inputs {
            let metric = input.metric.as_str();
            assert_eq!(
                per_customer(&self.view, "metrics", &[metric]).await[customer][0],
                input.value,
                "{at}"
            );
        }
        match scheme.position(&receipt.tier) {
            None => self.check_unknown(customer, scheme, &receipt).await,
            Some(place) => self.check_steps(customer, scheme, &receipt, place).await,
        }
        self.check_change(&known, scheme, &receipt).await;
        for language in [Language::En, Language::Zh] {
            let format = UnitFormat { language, currency: self.view.settings.currency.clone() };
            let sentences = receipt.sentences(&format);
            assert!(sentences.len() >= 3 && sentences.iter().all(|s| !s.trim().is_empty()), "{at}");
            let is_plain = |s: &String| {
                let ids = receipt.inputs.iter().map(|i| i.metric.as_str());
                !s.contains("NaN") && ids.filter(|id| id.contains('_')).all(|id| !s.contains(id))
            };
            assert!(sentences.iter().all(is_plain), "{sentences:#?}");
        }
    }

    /// Nobody is unknown without a fact that is missing, or a base that they are not of.
    async fn check_unknown(&self, customer: &str, scheme: &Scheme, receipt: &Receipt) {
        assert_eq!(receipt.tier, TierId::UNKNOWN);
        assert_eq!(receipt.change, None);
        let outside = match &scheme.population {
            Some(population) => !self.holds(customer, population).await,
            None => false,
        };
        assert!(outside || !receipt.missing.is_empty(), "{receipt:#?}");
        for metric in &receipt.missing {
            let input = receipt.inputs.iter().find(|i| i.metric == *metric).expect("an input");
            assert_eq!(input.value, Value::Unknown, "{receipt:#?}");
        }
    }

    /// The steps lead to the tier.
    async fn check_steps(&self, customer: &str, scheme: &Scheme, receipt: &Receipt, place: usize) {
        let at = format!("{customer}: {receipt:#?}");
        assert_eq!(receipt.missing, [], "{at}");
        for step in &receipt.steps {
            check_value(step, receipt);
        }
        match (&scheme.rule, receipt.steps.as_slice()) {
            (Rule::Bands { .. }, [Step::Band { value, min, below, .. }]) => {
                let value = value.number().expect("a number");
                assert!(min.is_none_or(|m| value >= m) && below.is_none_or(|b| value < b), "{at}");
            }
            (Rule::Quantiles { best, .. }, [Step::Part { part, of, value, worse, better, .. }]) => {
                assert_eq!((*of, of - part), (scheme.tiers.len(), place), "{at}");
                lies_between(value, *best, *worse, *better, &at);
            }
            (Rule::Share { .. }, [Step::Cumulative { value, least, .. }]) => {
                let value = value.number().expect("money");
                assert!(least.is_none_or(|l| value >= l), "{at}");
            }
            (Rule::Codes { scores, matching }, [digits @ .., Step::Code { code }]) => {
                assert_eq!(
                    text(&self.labels[customer][&format!("{}__code", scheme.id.column())]),
                    *code,
                    "{at}"
                );
                assert_eq!(digits.len(), scores.len(), "{at}");
                let own = match matching {
                    Matching::Listed(_) => code,
                    Matching::EveryCode(codes) => &codes[place],
                };
                for ((step, score), digit) in digits.iter().zip(scores).zip(own.chars()) {
                    let digit = digit.to_digit(10).expect("a digit") as usize;
                    match step {
                        Step::Part { part, of, value, worse, better, .. } => {
                            assert_eq!((*part, *of), (digit, score.count()), "{at}");
                            lies_between(value, score.best, *worse, *better, &at);
                        }
                        Step::Split { is_good, value, middle, .. } => {
                            let value = value.number().expect("a number");
                            let is_better =
                                if score.best == Best::High { value >= *middle } else { value <= *middle };
                            assert_eq!((*is_good, digit), (is_better, if is_better { 2 } else { 1 }), "{at}");
                        }
                        Step::Digit { label, .. } => assert_eq!(*label, score.label(digit), "{at}"),
                        other => panic!("{other:?} is no digit: {at}"),
                    }
                }
                let is_there = match matching {
                    Matching::Listed(codes) => codes[place].contains(code),
                    // The tier is the code, in every column and sentence.
                    Matching::EveryCode(_) => receipt.tier == *code,
                };
                assert!(is_there, "{at}");
            }
            (Rule::Rules { when, .. }, [Step::Condition { condition, .. }]) => {
                assert_eq!(*condition, when.get(place).cloned(), "{at}");
                for (i, condition) in when.iter().enumerate().take(place + 1) {
                    assert_eq!(self.holds(customer, condition).await, i == place, "rule {i}: {at}");
                }
            }
            (Rule::Scorecard { points, least }, [lines @ .., Step::Sum { points: sum, least: asked }]) => {
                assert_eq!(lines.len(), points.len(), "{at}");
                let given = |step: &Step| match step {
                    Step::Points { points, .. } => *points,
                    other => panic!("{other:?} gives no points: {at}"),
                };
                assert!((lines.iter().map(given).sum::<f64>() - sum).abs() < 1e-9, "{at}");
                assert_eq!(*asked, least.get(place).copied(), "{at}");
                assert_eq!(least.iter().position(|l| sum >= l).unwrap_or(least.len()), place, "{at}");
            }
            (Rule::Matrix { rows, columns, cells }, [row, column]) => {
                let tier = |scheme: &SchemeId| text(&self.labels[customer][&scheme.column()]);
                assert!(cells[place].contains(&(tier(rows), tier(columns))), "{at}");
                for (step, id) in [(row, rows), (column, columns)] {
                    let Step::Crossed { scheme, tier: name, .. } = step else { panic!("{step:?}: {at}") };
                    assert_eq!(*scheme, id.to_string(), "{at}");
                    let crossed = self.view.scheme(id.as_str()).expect("the crossed scheme");
                    assert_eq!(*name, crossed.tier_name(&tier(id)), "{at}");
                }
            }
            (rule, steps) => sorts(rule, steps, scheme, place, &at),
        }
    }

    /// The change leads where it says, and a smaller one of the same figure does not.
    async fn check_change(&self, customer: &KnownCustomer, scheme: &Scheme, receipt: &Receipt) {
        let Some(change) = &receipt.change else { return };
        let at = format!("{receipt:#?}");
        let reached = self.tier_with(customer, scheme, change).await;
        assert_eq!(reached, change.tier, "{at}");
        assert!(scheme.is_better(&reached, &receipt.tier), "{at}");
        let unit = self.view.catalogue.metrics.units()[&change.metric];
        let less = one_step_less(change, unit);
        if let Some(to) = less {
            let nearer = self.tier_with(customer, scheme, &Change { to, ..change.clone() }).await;
            assert!(!scheme.is_better(&nearer, &receipt.tier), "a smaller change would do: {at}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_of_the_retail_base_agree_with_its_labels() {
    let (base, _) = Base::online_retail().await;
    base.refresh("2011-12-10", &[]).await;
    let witness = Witness::new(base.view(None).await).await;
    let schemes: Vec<Scheme> = witness.view.schemes().cloned().collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for scheme in &schemes {
        for customer in witness.sample(scheme, 4) {
            witness.check(&customer, scheme).await;
            seen.insert(customer);
        }
    }
    assert!(seen.len() >= 50, "only {} customers", seen.len());
}

#[tokio::test]
async fn receipts_of_the_tiny_shop_agree_with_its_labels() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-06-01", &["rfm-11", "channel", "price-sensitivity", "variety"]).await;
    base.refresh("2025-07-01", &[]).await;
    let witness = Witness::new(base.view(None).await).await;
    for scheme in ["rfm-11", "channel", "payment", "price-sensitivity", "variety", "rfm-bands"] {
        let scheme = witness.view.scheme(scheme).expect("a scheme");
        for customer in witness.sample(scheme, 12) {
            witness.check(&customer, scheme).await;
        }
    }
}

#[tokio::test]
async fn receipts_read_well_in_both_languages() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-05-01", &[]).await;
    base.refresh("2025-07-01", &[]).await;
    let view = base.view(None).await;
    for customer in ["C02", "C13", "C20"] {
        let known = view.customer(customer).await.expect("a customer");
        for language in [Language::En, Language::Zh] {
            let format = UnitFormat { language, currency: view.settings.currency.clone() };
            let mut text = String::new();
            for scheme in [
                "rfm-11",
                "rfm-8",
                "rfm-bands",
                "abc",
                "lifecycle",
                "value-tier",
                "purchase-power",
                "purchase-cycle",
                "mass-discount",
                "channel",
            ] {
                let scheme = view.scheme(scheme).expect("a scheme");
                let receipt = view.explain(&known, scheme).await.expect("a receipt");
                text += &receipt.sentences(&format).join("\n");
                text += "\n\n";
            }
            insta::assert_snapshot!(format!("{customer}_{}", language.tag()), text);
        }
    }
}

#[tokio::test]
async fn receipts_read_together_are_those_read_one_by_one() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &[]).await;
    let view = base.view(None).await;
    let schemes: Vec<&Scheme> = view.schemes().collect();
    assert!(schemes.len() > 70, "only {} schemes", schemes.len());
    for customer in ["C01", "C13"] {
        let known = view.customer(customer).await.expect("a customer");
        let together = view.receipts(&known, &schemes).await.expect("receipts");
        assert_eq!(together.len(), schemes.len());
        for (scheme, receipt) in schemes.iter().zip(together) {
            assert_eq!(receipt, view.explain(&known, scheme).await.expect("a receipt"), "{}", scheme.id);
        }
    }
}

#[tokio::test]
async fn customers_are_found_by_id_and_by_source() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["abc"]).await;
    let view = base.view(None).await;
    let known = view.customer("C01").await.expect("C01");
    let by_source = view.customer(&format!("{}:C01", known.source)).await.expect("C01");
    assert_eq!((by_source.key, by_source.id), (known.key, known.id));
    for (name, told) in [
        ("C99", "there is no customer `C99` in run r0001; check the id, or import and refresh first"),
        (
            "' OR '1'='1",
            "there is no customer `' OR '1'='1` in run r0001; check the id, or import and refresh first",
        ),
    ] {
        assert_eq!(view.customer(name).await.expect_err("nobody").to_string(), told);
    }
}
