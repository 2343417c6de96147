//! What somebody sees who may see a part: the same as if there were no more.

mod reference;

use std::collections::{BTreeMap, BTreeSet};

use clientele_model::progress::Quiet;
use clientele_model::spec::segment::PROFILE;
use clientele_model::{FieldClass, Sight};
use clientele_pipeline::act::export::{ExportFormat, What, export};
use clientele_pipeline::understand::segments::{self, Counter, SegmentError};
use clientele_pipeline::understand::{Reach, RunView, Scope, ViewError};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::side_by_side::{self, QUESTIONS, Question};
use crate::support::{Base, ask};

fn scope(reach: Reach, fields: &[(FieldClass, Sight)]) -> Scope {
    Scope { reach, fields: fields.iter().copied().collect() }
}

fn rule(text: &str) -> Reach {
    Reach::rule(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

async fn within(view: &RunView, scope: &Scope) -> RunView {
    view.within(scope).await.unwrap_or_else(|error| panic!("{scope:?}: {error}"))
}

/// The customers of a view, by id.
async fn ids(view: &RunView) -> BTreeSet<String> {
    let rows = ask(view, "SELECT customer_id FROM metrics").await;
    rows.iter().map(|row| clientele_pipeline::understand::rows::text(&row[0])).collect()
}

/// Asks all that can be asked, of the scope and of a lake that holds only it.
async fn compare(base: &Base, scope: &Scope, questions: &[Question]) {
    let whole = base.view(None).await;
    let seen = within(&whole, scope).await;
    let cut = reference::cut(base, &whole, scope, &ids(&seen).await).await;
    let alone = cut.view(None).await;
    assert_eq!(seen.run.customers, alone.run.customers, "{scope:?}");
    let hides_money = scope.fields.get(&FieldClass::Money).is_some_and(|sight| *sight != Sight::Shown);
    let counters = [
        Counter::over(seen.clone()).await.expect("a counter"),
        Counter::over(alone.clone()).await.expect("a counter"),
    ];
    for question in questions {
        if let Question::Receipt(customer, _) = question
            && !ids(&seen).await.contains(*customer)
        {
            let error = seen.customer(customer).await.expect_err("beyond reach");
            assert!(matches!(error, ViewError::UnknownCustomer { .. }), "{customer}: {error}");
            continue;
        }
        // What a receipt holds back is looked at by itself.
        let is_other = match question {
            Question::Receipt(..) => hides_money,
            // Causes are counted over figures that only the whole base has.
            Question::Causes(_) => hides_money,
            // What the lake has on record of a segment is about all its members.
            Question::SegmentMembers(_) => true,
            _ => false,
        };
        if is_other {
            continue;
        }
        let found = side_by_side::answer(base, &seen, &counters[0], *question).await;
        let wanted = side_by_side::answer(&cut, &alone, &counters[1], *question).await;
        assert!(!found.starts_with("Err(\n    Engine"), "{question:?} within {scope:?}: {found}");
        if !(found.starts_with("Err(") && wanted.starts_with("Err(")) {
            let difference = found.lines().zip(wanted.lines()).find(|(a, b)| a != b);
            assert!(found == wanted, "{question:?} within {scope:?}: {difference:?}");
        }
    }
}

const HIDDEN: Sight = Sight::Hidden;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scope_answers_as_a_lake_that_holds_only_it() {
    let base = side_by_side::base().await;
    let leads = BTreeSet::from(["open".to_owned()]);
    for (place, scope) in [
        scope(rule("country = GB"), &[]),
        scope(Reach::Of { column: "lead_status".into(), values: leads }, &[(FieldClass::Contact, HIDDEN)]),
        scope(Reach::Everybody, &[(FieldClass::Money, HIDDEN)]),
        scope(rule("country = GB or city is unknown"), &[(FieldClass::Money, Sight::Masked)]),
    ]
    .iter()
    .enumerate()
    {
        // All are asked all; each kind of question is asked of each scope.
        let some: Vec<Question> = QUESTIONS.into_iter().skip(place % 2).step_by(2).collect();
        compare(&base, scope, &some).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_scopes_answer_as_lakes_that_hold_only_them() {
    let base = side_by_side::base().await;
    let customers: Vec<String> = ids(&base.view(None).await).await.into_iter().collect();
    let sight = || proptest::sample::select(vec![Sight::Shown, Sight::Masked, Sight::Hidden]);
    let fields = proptest::collection::btree_map(
        proptest::sample::select(FieldClass::GUARDED.to_vec()),
        sight(),
        0..4,
    );
    let scopes = (proptest::sample::subsequence(customers.clone(), 1..customers.len()), fields);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for round in 0..4 {
        let (customers, fields) = scopes.new_tree(&mut runner).expect("a scope").current();
        let reach = rule(&format!("customer_id in ({})", customers.join(", ")));
        let some: Vec<Question> = QUESTIONS.into_iter().skip(round).step_by(5).collect();
        compare(&base, &Scope { reach, fields }, &some).await;
    }
}

#[tokio::test]
async fn what_is_hidden_does_not_exist_and_what_is_masked_is_only_shown() {
    let base = side_by_side::base().await;
    let whole = base.view(None).await;
    let fields = [
        (FieldClass::Contact, Sight::Masked),
        (FieldClass::Identity, HIDDEN),
        (FieldClass::Money, HIDDEN),
        (FieldClass::Sensitive, HIDDEN),
    ];
    let seen = within(&whole, &scope(Reach::Everybody, &fields)).await;
    let counter = Counter::over(seen.clone()).await.expect("a counter");
    let count = async |text: &str| {
        let rule = counter.rule(text)?;
        counter.count(&rule).await.map(|count| count.customers)
    };
    assert!(count("frequency > 0 and country is known").await.is_ok());
    for (text, name, masked) in [
        ("monetary > 100", "monetary", false),
        ("name is known", "name", false),
        ("gender = male", "gender", false),
        ("not (monetary > 100)", "monetary", false),
        ("email is known", "email", true),
        ("phone = '+442079460001'", "phone", true),
    ] {
        let error = count(text).await.expect_err("not shown");
        match &error {
            SegmentError::NotShown { name: told, is_masked, shown } => {
                assert_eq!((told.as_str(), *is_masked), (name, masked), "{text}");
                // What there is, is named.
                assert!(shown.contains("country") || shown.contains("frequency"), "{text}: {shown}");
                assert!(!shown.split(", ").any(|word| word == name), "{text}: {shown}");
            }
            other => panic!("{text}: {other}"),
        }
        assert!(error.problem().sentence(clientele_model::Language::Zh).contains(name), "{text}");
    }
    // A masked value is shown in part, under a name that no rule can say.
    let email = seen.shown("customers", "email").expect("masked");
    let sql = format!("SELECT {email} FROM customers WHERE customer_id = 'F001'");
    let found = clientele_pipeline::understand::rows::text(&ask(&seen, &sql).await[0][0]);
    assert_eq!(found, "c***@example.org");
    assert_eq!(seen.shown("customers", "name"), None);
    let known = ask(&seen, "SELECT count(email), count(name) FROM customers").await;
    assert_eq!(known, ask(&seen, "SELECT 0 AS a, 0 AS b").await);
    for sql in ["SELECT monetary FROM metrics", "SELECT monetary FROM metrics ORDER BY monetary"] {
        assert!(seen.session.sql(sql).await.is_err(), "{sql}");
    }
    for table in ["metrics", "metrics as views"] {
        let columns = seen.columns_of(table).await.expect("an answer").expect("columns");
        assert!(columns.field_with_name("frequency").is_ok() && columns.field_with_name("monetary").is_err());
    }
    for table in ["orders", "\"orders as views\""] {
        let known = ask(&seen, &format!("SELECT count(amount), count(*) > 0 FROM {table}")).await;
        assert_eq!(known, ask(&seen, "SELECT 0 AS a, true AS b").await, "{table}");
    }
    // A receipt tells the tier, and nothing that the figures could be read from.
    let known = seen.customer("F001").await.expect("a customer");
    let receipt = seen.explain(&known, seen.scheme("abc").expect("abc")).await.expect("a receipt");
    assert!(receipt.steps.is_empty() && receipt.change.is_none());
    assert!(receipt.inputs.iter().all(|input| input.metric.as_str() != "monetary"));
    assert_eq!(receipt.hidden.iter().map(|m| m.as_str()).collect::<Vec<_>>(), ["monetary"]);
    // A page about amounts is refused, not filled with noughts.
    let error = clientele_pipeline::understand::report::page(&seen, clientele_model::Language::En).await;
    assert!(error.expect_err("refused").to_string().contains("money"));
}

#[tokio::test]
async fn exports_hold_only_what_may_be_seen() {
    let base = side_by_side::base().await;
    let whole = base.view(None).await;
    let fields =
        [(FieldClass::Contact, Sight::Masked), (FieldClass::Identity, HIDDEN), (FieldClass::Money, HIDDEN)];
    let seen = within(&whole, &scope(rule("customer_id in (F001, F002, F003)"), &fields)).await;
    let folder = tempfile::tempdir().expect("a folder");
    for what in [What::Metrics, What::Labels, What::Segment("often".into()), What::Segment("others".into())] {
        let file = folder.path().join("out.csv");
        let format = ExportFormat::Csv { byte_order_mark: false };
        export(&seen, what.clone(), &file, format, &(std::sync::Arc::new(Quiet) as _)).await.expect("a file");
        let text = std::fs::read_to_string(&file).expect("a file");
        let (header, rows) = text.split_once('\n').expect("a header");
        let header: Vec<&str> = header.trim_end().split(',').collect();
        assert!(!header.contains(&"monetary") && !header.contains(&"name"), "{what}: {header:?}");
        for row in rows.lines() {
            assert!(["F001", "F002", "F003"].iter().any(|id| row.starts_with(id)), "{what}: {row}");
            assert!(!row.contains("c1@") && !row.contains("+4420794"), "{what}: {row}");
        }
    }
}

#[tokio::test]
async fn of_segments_only_those_within_reach_are_told() {
    let base = side_by_side::base().await;
    let whole = base.view(None).await;
    let reach = ["F001", "F002", "F003", "F004", "F005", "F006", "F007", "F008"];
    let seen = within(&whole, &scope(rule(&format!("customer_id in ({})", reach.join(", "))), &[])).await;
    for segment in ["often", "others"] {
        let all = segments::history(&base.workspace, Some(&whole), segment, 1000).await.expect("a history");
        let some = segments::history(&base.workspace, Some(&seen), segment, 1000).await.expect("a history");
        let wanted: Vec<_> =
            all.changes.iter().filter(|c| reach.contains(&c.customer_id.as_str())).cloned().collect();
        assert_eq!(some.changes, wanted, "{segment}");
        // Everybody who is in it came at some time, and has not left since.
        let last = some.evaluations.last().expect("an evaluation");
        let came = wanted.iter().filter(|c| c.change == "entered").count() as u64;
        let went = wanted.iter().filter(|c| c.change == "left").count() as u64;
        assert_eq!(last.members, came - went, "{segment}");
        let (standing, members) = segments::members(&seen, segment, 1000).await.expect("members");
        assert_eq!(standing.last.expect("an evaluation").members, members.len() as u64, "{segment}");
        assert!(members.iter().all(|m| reach.contains(&m.customer_id.as_str())), "{segment}");
    }
}

#[tokio::test]
async fn a_scope_cannot_be_left_again() {
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["abc"]).await;
    let whole = base.view(None).await;
    let some =
        within(&whole, &scope(rule("customer_id in (C01, C02, C03)"), &[(FieldClass::Money, HIDDEN)])).await;
    assert_eq!(ids(&some).await, ["C01", "C02", "C03"].map(str::to_owned).into());
    let all = within(&some, &Scope::default()).await;
    assert_eq!(ids(&all).await, ids(&some).await);
    assert!(!all.knows_revenue());
    let other = within(&some, &scope(rule("customer_id in (C03, C04)"), &[])).await;
    assert_eq!((ids(&other).await, other.run.customers), (["C03".to_owned()].into(), 1));
    let nobody = within(&other, &scope(rule("customer_id = C01"), &[])).await;
    assert!(ids(&nobody).await.is_empty());
    let abc = nobody.scheme("abc").expect("abc");
    assert!(nobody.tiers(abc).await.expect("tiers").tiers.iter().all(|tier| tier.customers == 0));
}

#[tokio::test]
async fn only_fields_of_the_profile_decide_whose_customers_are_seen() {
    for text in ["frequency > 1", "abc = a", "segment(often)", "orders(90) >= 1", "country = GB and abc = a"]
    {
        assert!(Reach::rule(text).is_err(), "{text}");
    }
    for (field, _) in PROFILE {
        assert!(Reach::rule(&format!("{field} is known")).is_ok(), "{field}");
    }
    let nobody =
        Reach::Of { column: "owner'; --".into(), values: BTreeSet::from(["x' OR '1'='1".to_owned()]) };
    let base = Base::tiny_shop().await;
    base.refresh("2025-07-01", &["abc"]).await;
    let seen = within(&base.view(None).await, &Scope { reach: nobody, fields: BTreeMap::new() }).await;
    assert!(ids(&seen).await.is_empty());
}
