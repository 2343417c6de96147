use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{Language, MetricId, SchemeId, Text, TierId, Unit};

fn names() -> Vocabulary {
    let metrics = [
        ("spend_365d", Unit::Money),
        ("frequency", Unit::Count),
        ("return_rate", Unit::Share),
        ("is_member", Unit::YesNo),
        ("last_order_at", Unit::Time),
        ("favourite_category", Unit::Text),
    ];
    let scheme = |tiers: &[(&str, &str, &str)]| KnownScheme {
        tiers: tiers.iter().map(|(id, en, zh)| (TierId::new(*id), Text::new(*en, *zh))).collect(),
    };
    Vocabulary {
        metrics: metrics.into_iter().map(|(id, unit)| (id.to_owned(), unit)).collect(),
        schemes: BTreeMap::from([
            ("lifecycle".into(), scheme(&[("active", "Active", "活跃"), ("silent", "Silent", "沉默")])),
            (
                "rfm-11".into(),
                scheme(&[("champions", "Champions", "重要冠军"), ("at_risk", "At risk", "有风险")]),
            ),
            ("rfm-code".into(), scheme(&[("545", "545", "545"), ("any", "Any", "任意")])),
            ("gender".into(), scheme(&[("female", "Female", "女"), ("male", "Male", "男")])),
        ]),
        segments: ["vip".to_owned(), "win-back".to_owned()].into(),
    }
}

#[track_caller]
fn read(text: &str) -> SegmentRule {
    parse(text, &names()).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn refused(text: &str) -> RuleError {
    parse(text, &names()).expect_err("the rule is wrong")
}

#[test]
fn and_binds_closer_than_or() {
    let rule = read("frequency > 1 or frequency = 0 and not is_member");
    let SegmentRule::Any(parts) = &rule else { panic!("{rule:?}") };
    assert!(matches!(parts.as_slice(), [SegmentRule::When(_), SegmentRule::All(both)] if both.len() == 2));
    assert_eq!(rule.to_string(), "frequency > 1 or (frequency = 0 and not is_member = yes)");
}

#[test]
fn texts_are_written_one_way() {
    for (given, written) in [
        ("spend_365d > 1000 and lifecycle = silent and not segment(vip)", ""),
        ("SPEND_365D>=-0.5 AND Lifecycle != 'Silent'", "spend_365d >= -0.5 and lifecycle != silent"),
        ("return_rate > 20%", "return_rate > 0.2"),
        ("rfm_11 in (at-risk, \"champions\")", "rfm-11 in (at_risk, champions)"),
        ("rfm_code in (545, 'any')", "rfm-code in ('545', 'any')"),
        ("lifecycle = 沉默", "lifecycle = silent"),
        // Of a field and a scheme of the same name the plain word means the field.
        ("gender = 女 and Tier.Gender = 女", "gender = '女' and tier.gender = female"),
        ("tier.rfm_11 is known", "rfm-11 is known"),
        ("email = a.b", "email = 'a.b'"),
        ("country = UK", "country = 'UK'"),
        ("name = 'O''Neill'", ""),
        ("company = “大 公司”", "company = '大 公司'"),
        (
            "last_order_at between 2024-01-01 and '2024-12-31'",
            "last_order_at between 2024-01-01 and 2024-12-31",
        ),
        ("email is not known", "email is unknown"),
        ("email is not unknown", "email is known"),
        ("favourite_category not in ('tea', 'cups')", ""),
        ("moved(lifecycle, active->silent)", "moved(lifecycle, active -> silent)"),
        ("moved(lifecycle, any → silent, 30)", "moved(lifecycle, any -> silent, 30)"),
        ("entered(rfm-11, champions, 30)", ""),
        ("events(cart, 30) >= 2", ""),
        ("events('a b', 7) = 0 or events(7) < 3", ""),
        ("orders(90) = 0 and tickets(complaint, 180) > 0", ""),
        ("segment(win_back)", "segment(win-back)"),
        ("（frequency ＞ 1）", "frequency > 1"),
        ("not (frequency = 1 or is_member)", "not (frequency = 1 or is_member = yes)"),
    ] {
        let rule = read(given);
        assert_eq!(rule.to_string(), if written.is_empty() { given } else { written });
        assert_eq!(read(&rule.to_string()), rule);
    }
}

#[test]
fn the_tree_is_plain_json() {
    let rule = read("spend_365d > 1000 and not segment(vip)");
    let json = serde_json::to_value(&rule).expect("a tree");
    let tree = serde_json::json!({ "all": [
        { "when": { "compare": { "field": { "metric": "spend_365d" }, "is": ">", "value": { "number": 1000.0 } } } },
        { "not": { "when": { "segment": { "id": "vip" } } } },
    ] });
    assert_eq!(json, tree);
    assert_eq!(serde_json::from_value::<SegmentRule>(json).expect("a rule"), rule);
}

/// What people are told: the place, what was expected, the nearest name.
#[test]
fn mistakes_are_told_with_place_and_cure() {
    let told: Vec<String> = [
        "",
        "spend_356d > 1000",
        "frequency > 1 and\nlifecycle = silnt",
        "frequency >",
        "frequency 5",
        "frequency > 1 frequency < 3",
        "(frequency > 1",
        "frequency > many",
        "country > 'UK'",
        "lifecycle < silent",
        "name = 'Ada",
        "frequency between 5 and 2",
        "segment(vpi)",
        "segmnet(vip)",
        "moved(lifecycle, silent -> silent)",
        "moved(lifecycel, silent -> active)",
        "events(cart) > 2",
        "entered(rfm-11, champions, 0)",
        "frequency = 1234567890123456",
        "email is nice",
        "last_order_at > yesterday",
        "frequency > 1; drop table customers; --",
        "1 = 1 union select * from customers",
        "frequency > (select max(frequency) from metrics)",
        "客户 = 好",
    ]
    .into_iter()
    .map(|text| refused(text).to_string())
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn mistakes_are_told_in_chinese() {
    let zh = |text: &str| refused(text).problem().sentence(Language::Zh);
    assert_eq!(
        zh("spend_356d > 1000"),
        "第 1 行第 1 列：没有指标、分层方案或客户字段 spend_356d；是不是 spend_365d？\n  spend_356d > 1000\n  ^^^^^^^^^^"
    );
    assert!(zh("tier.gendr = 女").contains("是不是 tier.gender？"));
    assert_eq!(
        zh("country = '沪' and frequency >"),
        "第 1 行第 30 列：这里应为取值，但规则已结束；请补上，或去掉前面的内容\n  country = '沪' and frequency >\n                                ^"
    );
}

#[test]
fn very_long_rules_are_refused_by_a_clear_limit() {
    let many = |count: usize, joiner: &str| vec!["frequency > 1"; count].join(joiner);
    assert!(parse(&many(MAX_CONDITIONS, " or "), &names()).is_ok());
    for joiner in [" or ", " and "] {
        let told = refused(&many(10_000, joiner));
        assert_eq!(told.problem, RuleProblem::TooManyConditions { conditions: 10_000 });
    }
    let nested = |depth: usize| format!("{}frequency > 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH), &names()).is_ok());
    assert_eq!(refused(&nested(MAX_DEPTH + 1)).problem, RuleProblem::TooDeep);
    assert_eq!(refused(&nested(100_000)).problem, RuleProblem::TooDeep);
    assert_eq!(refused(&format!("{}is_member", "not ".repeat(20_000))).problem, RuleProblem::TooDeep);
    let values = |count: usize| format!("country in ({})", vec!["'x'"; count].join(", "));
    assert!(parse(&values(10_000), &names()).is_ok());
    assert!(matches!(refused(&values(30_000)).problem, RuleProblem::TooManyValues { .. }));
    assert!(matches!(refused(&"x".repeat(MAX_BYTES + 1)).problem, RuleProblem::TooLong { .. }));
}

fn field() -> impl Strategy<Value = (Field, ValueKind)> {
    prop::sample::select(vec![
        (Field::Metric(MetricId::new("spend_365d")), ValueKind::Number),
        (Field::Metric(MetricId::new("return_rate")), ValueKind::Number),
        (Field::Metric(MetricId::new("is_member")), ValueKind::YesNo),
        (Field::Metric(MetricId::new("last_order_at")), ValueKind::Date),
        (Field::Metric(MetricId::new("favourite_category")), ValueKind::Text),
        (Field::Profile("country".into()), ValueKind::Text),
        (Field::Profile("birth_date".into()), ValueKind::Date),
        (Field::Scheme(SchemeId::new("rfm-11")), ValueKind::Tier),
        (Field::Scheme(SchemeId::new("rfm-code")), ValueKind::Tier),
        (Field::Scheme(SchemeId::new("gender")), ValueKind::Tier),
    ])
}

fn tier_of(scheme: &str) -> impl Strategy<Value = TierId> + use<> {
    let tiers = names().schemes[scheme].tiers.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    prop::sample::select(tiers)
}

fn number() -> impl Strategy<Value = f64> {
    (-99_999_999_999_999i64..99_999_999_999_999, 0..6)
        .prop_map(|(n, digits)| n as f64 / 10f64.powi(digits) + 0.0)
}

fn value((field, kind): (Field, ValueKind)) -> BoxedStrategy<Value> {
    match (field, kind) {
        (Field::Scheme(id), _) => tier_of(id.as_str()).prop_map(Value::Tier).boxed(),
        (_, ValueKind::Number) => number().prop_map(Value::Number).boxed(),
        (_, ValueKind::YesNo) => any::<bool>().prop_map(Value::YesNo).boxed(),
        (_, ValueKind::Date) => (0i32..40_000)
            .prop_map(|days| Value::Date(chrono::NaiveDate::from_epoch_days(days).expect("a day")))
            .boxed(),
        _ => any::<String>().prop_map(Value::Text).boxed(),
    }
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{AtLeast, AtMost, Equal, Less, More, NotEqual};
    prop::sample::select(vec![Equal, NotEqual, Less, AtMost, More, AtLeast])
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let compare = (field(), comparison()).prop_flat_map(|(field, is)| {
        let is =
            if matches!(field.1, ValueKind::Number | ValueKind::Date) { is } else { Comparison::NotEqual };
        value(field.clone()).prop_map(move |value| Condition::Compare { field: field.0.clone(), is, value })
    });
    let one_of = (field(), any::<bool>()).prop_flat_map(|(field, negated)| {
        prop::collection::vec(value(field.clone()), 1..5).prop_map(move |values| Condition::OneOf {
            field: field.0.clone(),
            values,
            negated,
        })
    });
    let between = (number(), number(), any::<bool>()).prop_map(|(a, b, negated)| Condition::Between {
        field: Field::Metric(MetricId::new("frequency")),
        low: Value::Number(a.min(b)),
        high: Value::Number(a.max(b)),
        negated,
    });
    let known =
        (field(), any::<bool>()).prop_map(|(field, known)| Condition::Known { field: field.0, known });
    let days = || prop::option::of(1u32..=36_500);
    let moved =
        (prop::option::of(Just(TierId::new("545"))), prop::option::of(Just(TierId::new("any"))), days())
            .prop_map(|(from, to, days)| Condition::Moved {
                scheme: SchemeId::new("rfm-code"),
                from,
                to,
                days,
            });
    let entered = (tier_of("rfm-11"), days()).prop_map(|(tier, days)| Condition::Entered {
        scheme: SchemeId::new("rfm-11"),
        tier,
        days,
    });
    let kind = prop::option::of("[a-z][a-z_ ]{0,6}[a-z]");
    let happened = (kind, 1u32..=36_500, comparison(), number()).prop_map(|(kind, days, is, count)| {
        Condition::Happened { what: FactTable::Events, kind, days, is, count }
    });
    let segment = Just(Condition::Segment { id: "win-back".into() });
    prop_oneof![compare, one_of, between, known, moved, entered, happened, segment]
}

fn any_rule() -> impl Strategy<Value = SegmentRule> {
    let leaf = any_condition().prop_map(SegmentRule::When);
    leaf.prop_recursive(6, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..5).prop_map(SegmentRule::All),
            prop::collection::vec(inner.clone(), 2..5).prop_map(SegmentRule::Any),
            inner.prop_map(|rule| SegmentRule::Not(Box::new(rule))),
        ]
    })
}

proptest! {
    #[test]
    fn every_rule_is_read_as_it_is_written(rule in any_rule()) {
        let text = rule.to_string();
        let back = parse(&text, &names());
        prop_assert_eq!(back.map_err(|e| e.to_string()), Ok(rule.clone()));
        let json = serde_json::to_string(&rule).expect("a tree");
        prop_assert_eq!(serde_json::from_str::<SegmentRule>(&json).expect("a rule"), rule);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        if let Err(error) = parse(&text, &names()) {
            prop_assert!(error.place.bytes.end <= text.len());
            prop_assert!(!error.problem().sentence(Language::Zh).is_empty());
        }
    }

    #[test]
    fn words_in_any_order_are_read_or_refused(
        words in prop::collection::vec(prop::sample::select(vec![
            "and", "or", "not", "(", ")", "frequency", "=", ">", "5", "in", "is", "known", "between", ",",
            "segment", "vip", "moved", "lifecycle", "active", "->", "silent", "events", "'x'", "country", "is_member",
        ]), 0..14)
    ) {
        if let Ok(rule) = parse(&words.join(" "), &names()) {
            let back = parse(&rule.to_string(), &names());
            prop_assert_eq!(back.map_err(|e| e.to_string()), Ok(rule));
        }
    }
}
