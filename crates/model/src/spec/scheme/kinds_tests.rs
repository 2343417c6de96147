//! Checklists, questionnaires, clusters, estimates, attributes, what people say, and stay rules.

use super::tests::{HEAD, PLAY, document, read, refused};
use super::*;

const LIST: &str = r#"must = [
  { when = "able", name = { en = "Able", zh = "有能力" } },
  { when = "willing", name = { en = "Willing", zh = "有意愿" } },
]
signs = [{ when = "calls > 1", name = { en = "Calls", zh = "来电" } }]
needs = ["able"]
"#;

#[test]
fn checklists_are_read_and_their_mistakes_told() {
    let tiers =
        [("a", "grades = [\"2/1\", \"1 / 1\"]"), ("b", "grades = [\"1/0\"]"), ("c", "otherwise = true")];
    let Rule::Checklist { needs, must, signs, grades } = read(&document("checklist", LIST, &tiers)).rule
    else {
        panic!("a checklist is none")
    };
    assert_eq!((needs.len(), must.len(), signs[0].when.as_str()), (1, 2, "calls > 1"));
    assert_eq!(grades[0], [Grade { must: 2, signs: 1 }, Grade { must: 1, signs: 1 }]);

    let of = |first: &str| refused(&document("checklist", LIST, &[("a", first), ("b", "otherwise = true")]));
    assert_eq!(
        of("grades = [\"3/1\"]"),
        "mine.toml:17: `tiers[0].grades`: `3/1` can never be met: there are 2 must-haves and 1 signs; ask for fewer"
    );
    assert!(of("grades = [\"two\"]").contains("`two` is not a grade; write must-haves/signs"));
    assert!(of("grades = []").contains("the tier has no grade"));
    assert!(of("").contains("the tier has no grade"));
    let open = refused(&document("checklist", LIST, &[("a", "grades = [\"1/1\"]")]));
    assert!(open.contains("the last tier must take the rest"), "{open}");
    let none = refused(&document("checklist", "", &[("a", "otherwise = true")]));
    assert!(none.contains("a checklist wants conditions"), "{none}");
    let silent = LIST.replace("zh = \"有意愿\"", "zh = \"\"");
    let told = refused(&document("checklist", &silent, &[("a", "otherwise = true")]));
    assert_eq!(told, "mine.toml:10: `must[1].name`: a language is missing; write both en and zh");
}

#[test]
fn questionnaires_go_by_the_leading_dimension_or_by_the_whole() {
    let keys = "survey = \"social-style\"\nmargin = 0.1";
    let tiers = [
        ("out", "dimension = \"extrovert\""),
        ("in", "dimension = \"introvert\""),
        ("mid", "otherwise = true"),
    ];
    let dimensions = vec![Some("extrovert".to_owned()), Some("introvert".to_owned()), None];
    let answers = Answers::Leading { dimensions, margin: 0.1 };
    let rule = Rule::Questionnaire { survey: "social-style".into(), answers };
    assert_eq!(read(&document("questionnaire", keys, &tiers)).rule, rule);

    let bands = [("much", "min = 0.6"), ("little", "below = 0.6")];
    let whole = read(&document("questionnaire", "survey = \"value\"", &bands)).rule;
    let bounds = vec![(Some(0.6), None), (None, Some(0.6))];
    assert_eq!(whole, Rule::Questionnaire { survey: "value".into(), answers: Answers::Overall { bounds } });

    let of = |keys: &str, tiers: &[(&str, &str)]| refused(&document("questionnaire", keys, tiers));
    assert!(of("", &tiers).contains("no questionnaire to decide by"));
    assert!(of("survey = \"it's\"", &tiers).contains("`it's` is not an id"));
    assert!(of("survey = \"s\"", &tiers).contains("without a margin one dimension always leads"));
    assert!(of(keys, &tiers[..2]).contains("nobody takes those of whom no dimension leads"));
    assert!(of("survey = \"s\"\nmargin = 1.5", &tiers).contains("the lead is a share of the scale"));
    assert!(of(keys, &[tiers[0], tiers[2]]).contains("one dimension alone cannot lead"));
    assert!(of(keys, &[tiers[0], ("x", "dimension = \"extrovert\""), tiers[2]]).contains("is there twice"));
    assert!(of("survey = \"s\"\nmargin = 0.1", &bands).contains("a margin goes with dimensions"));
    assert!(of(keys, &[tiers[0], ("x", "min = 0.5"), tiers[2]]).contains("not by the overall score"));
}

#[test]
fn clusters_have_one_playbook_and_as_many_tiers_as_there_may_be() {
    let keys = "features = [\"recency_days\", \"monetary\"]\nlog = [\"monetary\"]\nmax_clusters = 3\n";
    let play = format!("[cluster_tiers]\n{PLAY}");
    let text = format!("{HEAD}\"cluster\"\n{keys}{play}");
    let scheme = read(&text);
    let ids: Vec<&str> = scheme.tiers.iter().map(|t| t.id.as_str()).collect();
    assert_eq!((ids, scheme.ranked), (vec!["c1", "c2", "c3"], false));
    let Rule::Cluster(found) = scheme.rule else { panic!("no clusters") };
    assert_eq!((found.least, found.most, found.seed, found.log.len()), (2, 3, 42, 1));

    let change = |from: &str, to: &str| refused(&text.replacen(from, to, 1));
    assert!(
        change("log = [\"monetary\"]", "log = [\"margin\"]").contains("`margin` is not among the features")
    );
    assert!(change("max_clusters = 3", "max_clusters = 9").contains("from 2 to 9 clusters cannot be tried"));
    assert!(change("\"recency_days\"", "\"monetary\"").contains("1 to 12 different metrics are wanted"));
    assert!(
        change("owner = \"sales\"", "owner = \"none\"").starts_with("mine.toml:13: `cluster_tiers.owner`")
    );
    let named = format!(
        "{HEAD}\"cluster\"\n{keys}{play}{}",
        "[[tiers]]\nid = \"a\"\nname = { en = \"A\", zh = \"甲\" }\n"
    );
    assert!(refused(&named).contains("the data make the tiers of a clustering"));
    assert!(refused(&format!("{HEAD}\"cluster\"\n{keys}")).contains("add [cluster_tiers]"));
}

#[test]
fn estimates_are_cut_by_bounds_or_shares_and_say_what_they_are() {
    let keys = "metric = \"churn\"\nestimate = { en = \"Simple.\", zh = \"简单估计。\" }\ninterval = [\"lo\", \"hi\"]\n";
    let bands = [("high", "min = 0.7"), ("low", "below = 0.7")];
    let Rule::Model { interval, cut, .. } = read(&document("model", keys, &bands)).rule else {
        panic!("none")
    };
    assert_eq!(interval, Some(("lo".into(), "hi".into())));
    assert!(matches!(cut, ModelCut::Bands { .. }));
    let shares = [("high", "share = 0.25"), ("low", "share = 0.75")];
    let Rule::Model { cut, .. } = read(&document("model", &format!("{keys}best = \"low\""), &shares)).rule
    else {
        panic!("none")
    };
    assert_eq!(cut, ModelCut::Quantiles { best: Best::Low, shares: vec![0.25, 0.75] });

    let of = |keys: &str, tiers: &[(&str, &str)]| refused(&document("model", keys, tiers));
    assert!(of("metric = \"churn\"", &bands).contains("nothing says what the estimate is"));
    assert!(of(&keys.replace(", \"hi\"", ""), &bands).contains("`interval`: two metrics are wanted"));
    assert!(of(keys, &[bands[0], shares[1]]).contains("the tiers have bounds and shares"));
}

#[test]
fn attributes_sort_known_values_without_regard_to_case() {
    let keys = "metric = \"profile_gender\"";
    let tiers = [
        ("f", "values = [\"Female\", \" F\", \"女\"]"),
        ("m", "values = [\"male\"]"),
        ("o", "otherwise = true"),
    ];
    let rule = read(&document("attribute", keys, &tiers)).rule;
    let values = vec![vec!["female".into(), "f".into(), "女".into()], vec!["male".into()]];
    let expected = Rule::Attribute { metric: "profile_gender".into(), values, has_rest: true };
    assert_eq!(rule, expected);
    let of = |first: &str, last: &str| refused(&document("attribute", keys, &[("a", first), ("b", last)]));
    assert_eq!(
        of("values = [\"x\"]", "values = [\"X\"]"),
        "mine.toml:20: `tiers[1].values`: `x` belongs to a too; leave it in one place; case does not matter"
    );
    assert!(of("otherwise = true", "values = [\"x\"]").contains("only the last tier can take the rest"));
    assert!(of("", "values = [\"x\"]").contains("the tier has no value"));
    assert!(of("values = [\" \"]", "otherwise = true").contains("a value is empty"));
}

#[test]
fn manual_schemes_have_tiers_only() {
    let tiers = [("a", ""), ("b", "")];
    let scheme = read(&document("manual", "methods = [\"interview\"]", &tiers));
    assert_eq!((scheme.rule, scheme.methods), (Rule::Manual, vec!["interview".to_owned()]));
    assert!(refused(&document("manual", "metric = \"m\"", &tiers)).contains("belongs to bands, quantiles"));
    assert!(
        refused(&document("manual", "methods = [\"By phone\"]", &tiers)).contains("`By phone` is not a word")
    );
    let kept = document("manual", "[stay]\ngrace_days = 3", &tiers);
    assert!(refused(&kept).contains("people decide here"));
}

#[test]
fn stay_rules_go_with_what_can_be_kept() {
    let bands = |stay: &str| {
        document("bands", &format!("metric = \"m\"\n[stay]\n{stay}"), &[("a", "min = 1"), ("b", "below = 1")])
    };
    let stay = read(&bands("hysteresis = 0.1\ngrace_days = 30\nminimum_days = 60")).stay;
    assert_eq!(stay, Some(Stay { hysteresis: 0.1, grace_days: 30, minimum_days: 60 }));
    assert_eq!(
        refused(&bands("hysteresis = 1.0")),
        "mine.toml:10: `stay.hysteresis`: it must be above 0 and below 1; write 0.1 for a tenth"
    );
    assert!(refused(&bands("")).contains("nothing is said"));
    assert!(refused(&bands("grace_days = 4000")).contains("longer than ten years"));
    assert!(refused(&bands("grace_days = -1")).starts_with("mine.toml:10: "));
    let loose = document(
        "bands",
        "metric = \"m\"\nranked = false\n[stay]\ngrace_days = 3",
        &[("a", "min = 1"), ("b", "below = 1")],
    );
    assert!(refused(&loose).contains("of tiers that are not ranked none is worse"));
    let rules =
        document("rules", "[stay]\nhysteresis = 0.1", &[("a", "when = \"x\""), ("b", "otherwise = true")]);
    assert!(refused(&rules).contains("cuts no figure"));
}

#[test]
fn conditions_and_checklists_may_look_at_a_part_of_the_base() {
    let population = "population = \"orders >= 1\"\n";
    let rules = format!("{population}needs = [\"orders\"]");
    let rest = ("b", "otherwise = true");
    for scheme in [
        read(&document("rules", &rules, &[("a", "when = \"orders > 1\""), rest])),
        read(&document("checklist", &format!("{population}{LIST}"), &[("a", "grades = [\"1/0\"]"), rest])),
    ] {
        assert_eq!(scheme.population.as_deref(), Some("orders >= 1"), "{}", scheme.rule.kind());
    }
    let told = refused(&document("manual", population, &[("a", ""), ("b", "")]));
    assert!(
        told.contains("`population`: belongs to quantiles,") && told.contains("rules, checklist"),
        "{told}"
    );
}
