//! Expressions: what gets through, what does not, and how they are rewritten.

use std::collections::BTreeMap;

use clientele_engine::expr::{AllowedFunctions, ExprProblem, MAX_DEPTH};
use clientele_engine::{ExprError, ParsedExpr, parse_expression};
use proptest::prelude::*;

const COLUMNS: &[&str] = &["net", "age_days", "is_order", "category", "ordered_at", "order_id", "as_of"];
const FUNCTIONS: AllowedFunctions<'static> = AllowedFunctions {
    scalars: &["coalesce", "round", "abs", "floor", "ceil", "nullif", "extract", "ln", "power", "sqrt"],
    aggregates: &["sum", "count", "min", "max", "avg", "favourite"],
};

fn parse(sql: &str) -> Result<ParsedExpr, ExprError> {
    parse_expression(sql, COLUMNS, &FUNCTIONS)
}

#[test]
fn the_usual_expressions_get_through() {
    for (sql, columns, aggregates) in [
        ("sum(net)", "net", "sum"),
        ("count(*)", "", "count"),
        ("count(DISTINCT order_id)", "order_id", "count"),
        ("coalesce(sum(net) / nullif(count(*), 0), 0)", "net", "count sum"),
        ("favourite(category)['value']", "category", "favourite"),
        ("case when is_order and age_days < 90 then net else 0 end", "age_days is_order net", ""),
        ("min(cast(ordered_at as date)) - as_of", "as_of ordered_at", "min"),
        ("net between 1 and 2 or category in ('a', 'b') or category is null", "category net", ""),
        ("ordered_at >= as_of - interval '30' day", "as_of ordered_at", ""),
        ("extract(year from ordered_at)", "ordered_at", ""),
        ("round(avg(net) FILTER (WHERE is_order), 2)", "is_order net", "avg"),
        ("-abs(NET) + floor(net)", "net", ""),
        ("category like 'A%' and not is_order", "category is_order", ""),
        ("ordered_at < date '2024-01-31'", "ordered_at", ""),
    ] {
        let found = parse(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(found.columns().collect::<Vec<_>>().join(" "), columns, "{sql}");
        assert_eq!(found.aggregates().collect::<Vec<_>>().join(" "), aggregates, "{sql}");
        let again = parse(&found.to_sql()).unwrap();
        assert_eq!(again.to_sql(), found.to_sql());
    }
}

#[test]
fn what_is_not_allowed_is_refused_with_a_cure() {
    for (sql, message) in [
        ("(select 1)", "a subquery may not be used"),
        ("net in (select 1)", "a subquery may not be used"),
        ("exists (select 1)", "a subquery may not be used"),
        ("sum(net) over ()", "a window function (over) may not be used"),
        ("sum(*)", "* may not be used"),
        ("*", "it cannot be read"),
        ("orders.net", "a name with a dot may not be used"),
        ("sum(nett)", "there is no column \"nett\""),
        ("summ(net)", "the function \"summ\" may not be used"),
        ("now()", "the function \"now\" may not be used"),
        ("current_date", "a function without parentheses may not be used"),
        ("sum(sum(net))", "the function \"sum\" stands inside another function of many rows"),
        ("sum(net order by net)", "an order or limit inside a function call may not be used"),
        ("sum(net) net", "\"net\" follows the end of the expression"),
        ("sum(net); drop table x", "\";\" follows the end of the expression"),
        ("select 1", "\"1\" follows the end of the expression"),
    ] {
        let error = parse(sql).err().unwrap_or_else(|| panic!("{sql} got through"));
        assert!(error.to_string().contains(message), "{sql}: {error}");
    }
    let error = parse("sum(net)\n + nett").unwrap_err();
    assert_eq!((error.line, error.column), (Some(2), Some(4)));
    let cure = |error: &ExprError| error.problem().cure(clientele_model::Language::En);
    assert_eq!(cure(&error), "did you mean `net`?");
    assert_eq!(cure(&parse("summ(net)").unwrap_err()), "did you mean `sum`?");
    let rows = AllowedFunctions { scalars: &["coalesce"], aggregates: &[] };
    let error = parse_expression("sum(net) > 3", COLUMNS, &rows).unwrap_err();
    assert!(matches!(error.problem, ExprProblem::AggregateNotAllowed { .. }));
    let error = parse("sum(net").unwrap_err();
    assert!(matches!(error.problem, ExprProblem::Syntax { .. }), "{error}");
}

#[test]
fn what_may_not_be_used_is_told_in_both_languages() {
    let told = |language| parse("1 + (select 1)").unwrap_err().problem().sentence(language);
    assert!(told(clientele_model::Language::En).contains("a subquery may not be used; "));
    assert!(
        told(clientele_model::Language::Zh).contains("不能使用 子查询；请用列、值"),
        "{}",
        told(clientele_model::Language::Zh)
    );
}

#[test]
fn huge_expressions_are_refused_and_survived() {
    let chain = vec!["net"; 10_000].join(" + ");
    assert_eq!(parse(&chain).unwrap_err().problem, ExprProblem::TooDeep);
    let nested = format!("{}net{}", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(parse(&nested).unwrap_err().problem, ExprProblem::TooDeep);
    let calls = format!("{}net{}", "abs(".repeat(5000), ")".repeat(5000));
    assert_eq!(parse(&calls).unwrap_err().problem, ExprProblem::TooDeep);
    let not = format!("{}is_order", "not ".repeat(300));
    parse(&not).unwrap_err();
    let long = format!("net in ({})", vec!["1"; 50_000].join(","));
    assert!(matches!(parse(&long).unwrap_err().problem, ExprProblem::TooLong { .. }));
    let wide = format!("net in ({})", vec!["1"; 5_000].join(","));
    parse(&wide).unwrap();
    parse(&vec!["net"; MAX_DEPTH - 1].join(" + ")).unwrap();
}

#[test]
fn filters_are_added_to_each_aggregate() {
    let filter = parse("is_order and age_days < 90").unwrap();
    let filtered = |sql: &str| parse(sql).unwrap().with_filter(&filter).to_sql();
    assert_eq!(filtered("sum(net)"), "sum(net) FILTER (WHERE is_order AND age_days < 90)");
    assert_eq!(
        filtered("sum(net) filter (where net > 0) / count(*)"),
        "sum(net) FILTER (WHERE (net > 0) AND (is_order AND age_days < 90)) / \
         count(*) FILTER (WHERE is_order AND age_days < 90)"
    );
    assert_eq!(
        filtered("coalesce(favourite(category)['share'], 0)"),
        "coalesce(favourite(category) FILTER (WHERE is_order AND age_days < 90)['share'], 0)"
    );
    let columns = parse("sum(net)").unwrap().with_filter(&filter);
    assert_eq!(columns.columns().collect::<Vec<_>>(), ["age_days", "is_order", "net"]);
}

#[test]
fn columns_are_substituted_all_at_once() {
    let expr = parse("net * 2 + age_days").unwrap();
    let with = BTreeMap::from([
        ("net".to_owned(), parse("age_days + 1").unwrap()),
        ("age_days".to_owned(), parse("net").unwrap()),
    ]);
    let done = expr.substitute(&with);
    assert_eq!(done.to_sql(), "(age_days + 1) * 2 + net");
    assert_eq!(done.columns().collect::<Vec<_>>(), ["age_days", "net"]);
    let names = BTreeMap::from([("net".to_owned(), "Odd name".to_owned())]);
    assert_eq!(expr.rename(&names).to_sql(), "\"Odd name\" * 2 + age_days");
}

#[test]
fn forgiving_expressions_give_null_for_what_has_no_answer() {
    for (sql, expected) in [
        ("net / age_days", "net / nullif(age_days, 0)"),
        ("net % (age_days - 1) / 2", "net % nullif((age_days - 1), 0) / 2"),
        ("net / 0", "net / nullif(0, 0)"),
        ("net * 2 + 1", "net * 2 + 1"),
        ("cast(category as int) + category::int", "TRY_CAST(category AS INT) + TRY_CAST(category AS INT)"),
        ("sum(net / age_days) / count(*)", "sum(net / nullif(age_days, 0)) / nullif(count(*), 0)"),
        ("ln(sum(net)) + 1", "finite(ln(sum(net))) + 1"),
        ("sqrt(net)", "finite(power((net) * 1e0, 5e-1))"),
        ("power(ln(net), 2)", "finite(power((finite(ln(net))) * 1e0, (2) * 1e0))"),
    ] {
        let found = parse(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(found.forgiving().to_sql(), expected);
    }
    // Each divisor is written once, however deep they nest.
    let deep = format!("{}net{}", "net / (".repeat(40), ")".repeat(40));
    assert!(parse(&deep).unwrap().forgiving().to_sql().len() < 1_000);
}

#[test]
fn lean_expressions_count_distinct_values_in_groups() {
    let only = parse("is_order").unwrap();
    for (sql, expected) in [
        ("count(distinct order_id)", "distinct_count(order_id) FILTER (WHERE is_order)"),
        (
            "COUNT(order_id) + count(*)",
            "COUNT(order_id) FILTER (WHERE is_order) + count(*) FILTER (WHERE is_order)",
        ),
        ("count(distinct net, age_days)", "count(DISTINCT net, age_days) FILTER (WHERE is_order)"),
        ("favourite(distinct category)", "favourite(DISTINCT category) FILTER (WHERE is_order)"),
    ] {
        let found = parse(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(found.lean().with_filter(&only).to_sql(), expected);
        assert_eq!(found.with_filter(&only).lean().to_sql(), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_survived(text in ".{0,200}") {
        if let Ok(found) = parse(&text) {
            found.to_sql();
        }
    }

    #[test]
    fn any_sequence_of_words_is_survived(
        words in proptest::collection::vec(prop_oneof![
            Just("sum("), Just("count(*)"), Just("net"), Just("("), Just(")"), Just("case"), Just("when"),
            Just("then"), Just("end"), Just("and"), Just("not"), Just("'a'"), Just("1.5e3"), Just("["), Just("]"),
            Just("interval"), Just("cast("), Just("as"), Just("date"), Just("::"), Just("in"), Just("between"),
            Just("is"), Just("null"), Just("filter (where"), Just("over"), Just("select"), Just(","), Just("second"),
            Just("extract("), Just("from"), Just("{fn"), Just("->"), Just("$1"), Just("@"), Just("array"), Just("{"),
        ], 0..40)
    ) {
        let text = words.join(" ");
        if let Ok(found) = parse(&text) {
            let filter = parse("is_order").unwrap();
            found.with_filter(&filter).to_sql();
        }
    }
}
