//! A persona as JSON.

use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::persona::{
    CategoryShare, Figure, Habit, HabitKind, PairsOf, Persona, Spread, Trait, TraitOf,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::commands::demand::{CategoryJson, category};
use crate::commands::satisfaction::{MeasureJson, measure};
use crate::output::figure::{LiftJson, VerdictJson, figure, maybe};
use crate::output::json::{RunJson, money};

#[derive(Serialize)]
pub struct Document {
    run: RunJson,
    group: String,
    customers: u64,
    customer_share: Value,
    revenue: f64,
    revenue_share: Value,
    /// The fewest customers that anything is said of.
    minimum_group: u64,
    /// How many differences were tested; p-values are adjusted for them.
    tests: usize,
    figures: Vec<FigureJson>,
    traits: Vec<TraitJson>,
    typical: TypicalJson,
    categories: Vec<CategoryShareJson>,
    price: Value,
    habits: Vec<HabitJson>,
    together: Value,
    demand: Vec<CategoryJson>,
    satisfaction: Vec<MeasureJson>,
}

#[derive(Serialize)]
struct FigureJson {
    metric: String,
    unit: clientele_model::Unit,
    known: u64,
    mean: Value,
    deviation: Value,
    base_mean: Value,
    index: Value,
    index_low: Value,
    index_high: Value,
    by_rule: bool,
    difference: Option<VerdictJson>,
}

#[derive(Serialize)]
struct TraitJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheme: Option<String>,
    value: String,
    customers: u64,
    known: u64,
    share: Value,
    base_share: Value,
    lift: Option<LiftJson>,
    by_rule: bool,
    difference: Option<VerdictJson>,
}

#[derive(Serialize)]
struct TypicalJson {
    spreads: Vec<Value>,
    nearest: Option<Value>,
}

#[derive(Serialize)]
struct CategoryShareJson {
    category: String,
    customers: u64,
    customer_share: Value,
    base_share: Value,
    lift: Option<LiftJson>,
    difference: Option<VerdictJson>,
    orders: u64,
    revenue: f64,
    revenue_share: Value,
}

#[derive(Serialize)]
struct HabitJson {
    kind: &'static str,
    values: Vec<Value>,
}

pub fn document(view: &RunView, persona: &Persona) -> Document {
    let size = &persona.size;
    Document {
        run: RunJson::new(&view.run),
        group: persona.group.clone(),
        customers: size.customers,
        customer_share: figure(size.share()),
        revenue: money(size.revenue),
        revenue_share: figure(size.revenue_share()),
        minimum_group: view.minimum_group(),
        tests: persona.tests,
        figures: persona.figures.iter().map(of_figure).collect(),
        traits: persona.traits.iter().map(of_trait).collect(),
        typical: TypicalJson {
            spreads: persona.typical.spreads.iter().map(spread).collect(),
            nearest: persona
                .typical
                .nearest
                .as_ref()
                .map(|(source, id)| json!({ "source": source, "customer_id": id })),
        },
        categories: persona.categories.iter().map(of_category).collect(),
        price: json!({
            "order_value": maybe(persona.price.order_value),
            "base_order_value": maybe(persona.price.base_order_value),
            "discounted_share": maybe(persona.price.discounted),
            "base_discounted_share": maybe(persona.price.base_discounted),
            "price_index": maybe(persona.price.price_index),
        }),
        habits: persona.habits.iter().map(habit).collect(),
        together: together(persona),
        demand: persona.demand.iter().map(category).collect(),
        satisfaction: persona.satisfaction.iter().map(measure).collect(),
    }
}

fn of_figure(one: &Figure) -> FigureJson {
    FigureJson {
        metric: one.metric.clone(),
        unit: one.unit,
        known: one.known,
        mean: figure(one.mean),
        deviation: figure(one.deviation),
        base_mean: maybe(one.base_mean),
        index: maybe(one.index),
        index_low: maybe(one.index_range.map(|range| range.0)),
        index_high: maybe(one.index_range.map(|range| range.1)),
        by_rule: one.by_rule,
        difference: one.verdict.as_ref().map(VerdictJson::new),
    }
}

fn of_trait(one: &Trait) -> TraitJson {
    let (metric, scheme) = match &one.of {
        TraitOf::Metric(id) => (Some(id.clone()), None),
        TraitOf::Scheme(id) => (None, Some(id.clone())),
    };
    TraitJson {
        metric,
        scheme,
        value: one.value.clone(),
        customers: one.customers,
        known: one.known,
        share: figure(one.share),
        base_share: maybe(one.base_share),
        lift: one.lift.as_ref().map(LiftJson::new),
        by_rule: one.by_rule,
        difference: one.verdict.as_ref().map(VerdictJson::new),
    }
}

fn spread(spread: &Spread) -> Value {
    json!({
        "metric": spread.metric,
        "p10": maybe(spread.p10),
        "p25": figure(spread.p25),
        "median": figure(spread.median),
        "p75": figure(spread.p75),
        "p90": maybe(spread.p90),
    })
}

fn of_category(one: &CategoryShare) -> CategoryShareJson {
    CategoryShareJson {
        category: one.category.clone(),
        customers: one.customers,
        customer_share: figure(one.customer_share),
        base_share: maybe(one.base_share),
        lift: one.lift.as_ref().map(LiftJson::new),
        difference: one.verdict.as_ref().map(VerdictJson::new),
        orders: one.orders,
        revenue: money(one.revenue),
        revenue_share: figure(one.revenue_share),
    }
}

fn habit(habit: &Habit) -> HabitJson {
    let kind = match habit.kind {
        HabitKind::Channel => "channel",
        HabitKind::Daypart => "daypart",
        HabitKind::Weekday => "weekday",
        HabitKind::Region => "region",
    };
    let values = habit.values.iter().map(|value| {
        json!({
            "value": value.value,
            "orders": value.orders,
            "share": figure(value.share),
            "base_share": maybe(value.base_share),
            "lift": value.lift.as_ref().map(LiftJson::new),
            "difference": value.verdict.as_ref().map(VerdictJson::new),
        })
    });
    HabitJson { kind, values: values.collect() }
}

fn together(persona: &Persona) -> Value {
    let Some(found) = &persona.together else { return Value::Null };
    let pairs = found.pairs.iter().map(|(a, b, pair)| {
        json!({
            "a": a,
            "b": b,
            "orders": pair.together,
            "customers": pair.buyers,
            "support": figure(pair.support),
            "confidence_a_to_b": figure(pair.confidence_a),
            "confidence_b_to_a": figure(pair.confidence_b),
            "lift": figure(pair.lift),
        })
    });
    json!({
        "of": match found.of { PairsOf::Products => "products", PairsOf::Categories => "categories" },
        "orders": found.orders,
        "sampled": found.sampled,
        "pairs": pairs.collect::<Vec<_>>(),
    })
}
