//! A persona as text, one table a section.

use std::collections::BTreeSet;

use clientele_model::{Unit, UnitFormat};
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::persona::{PairsOf, Persona, PriceLevel, TELLING_EFFECT, TELLING_P};

use super::habits::habits;
use super::shown::{MOST, noted, titled, told};
use crate::commands::{demand, satisfaction};
use crate::context::{Context, money};
use crate::output::figure::{chance, effect, lift};
use crate::output::table::{Align, Table, count, share};

/// The sections that have something to say.
pub fn all(context: &Context, view: &RunView, persona: &Persona) -> Vec<String> {
    let format = context.format(&view.settings.currency);
    let sections = [
        figures(context, persona, &format),
        traits(context, persona),
        nothing(context, persona, view.minimum_group()),
        typical(context, persona, &format),
        sparse(context, persona, view.minimum_group()),
        categories(context, view, persona),
        price(context, &persona.price, &format),
        habits(context, persona),
        together(context, persona),
        demand::table(context, &persona.demand, &view.settings.currency),
        satisfaction::table(context, &persona.satisfaction, &format),
    ];
    sections.into_iter().flatten().collect()
}

fn figures(context: &Context, persona: &Persona, format: &UnitFormat) -> Option<String> {
    let mut table = Table::new(&[
        (context.pick("metric", "指标"), Align::Left),
        (context.pick("mean here", "本群体均值"), Align::Right),
        (context.pick("mean of all", "全体均值"), Align::Right),
        (context.pick("index (95 %)", "指数（95 %）"), Align::Right),
        (context.pick("difference", "差异"), Align::Left),
        (context.pick("chance", "偶然概率"), Align::Right),
    ]);
    let mut rows = 0;
    let mut seen = BTreeSet::new();
    let telling = persona.telling_figures().filter(|figure| seen.insert(without_window(&figure.metric)));
    for figure in telling.take(MOST) {
        let verdict = figure.verdict.as_ref();
        let mean = |value: f64| format.number(value, figure.unit.of_mean());
        table.row([
            figure.name.get(context.language).to_owned(),
            mean(figure.mean),
            figure.base_mean.map_or("–".to_owned(), mean),
            figure.index.map_or("–".to_owned(), |index| ranged(index, figure.index_range)),
            effect(verdict, context.language),
            verdict.map_or("–".to_owned(), |v| chance(v.adjusted)),
        ]);
        rows += 1;
    }
    let title = context.pick(
        "What sets them apart (index 100 = everybody; difference in standard deviations)",
        "与众不同之处（指数 100 为全体；差异以标准差计）",
    );
    (rows > 0).then(|| titled(title, &table))
}

/// An index with its interval: `154 (138–169)`.
fn ranged(index: f64, range: Option<(f64, f64)>) -> String {
    // A little below nothing is nothing, without a sign.
    let whole = |value: f64| format!("{}", value.round() + 0.0);
    match range {
        Some((low, high)) => format!("{} ({}–{})", whole(index), whole(low), whole(high)),
        None => whole(index),
    }
}

/// A metric without its window: orders of 90 days and of 365 tell the same, so the stronger one is enough.
fn without_window(metric: &str) -> &str {
    metric.split_once(|c: char| c.is_ascii_digit()).map_or(metric, |(name, _)| name)
}

fn traits(context: &Context, persona: &Persona) -> Option<String> {
    let language = context.language;
    let mut table = Table::new(&[
        (context.pick("attribute", "属性"), Align::Left),
        (context.pick("value", "取值"), Align::Left),
        (context.pick("of members", "占成员"), Align::Right),
        (context.pick("of all customers", "占全体客户"), Align::Right),
        (context.pick("lift (95 %)", "提升（95 %）"), Align::Right),
        (context.pick("difference", "差异"), Align::Left),
    ]);
    let mut rows = 0;
    let mut seen = BTreeSet::new();
    for one in persona.telling_traits().filter(|one| seen.insert(&one.of)).take(MOST) {
        table.row([
            one.name.get(language).to_owned(),
            one.value_name.get(language).to_owned(),
            share(one.share),
            one.base_share.map_or("–".to_owned(), share),
            lift(one.lift.as_ref()),
            effect(one.verdict.as_ref(), language),
        ]);
        rows += 1;
    }
    let title = context.pick(
        "What they have more or less often (lift and difference: among those of whom it is known)",
        "更常见或更少见的特征（提升与差异只比较有记录的客户）",
    );
    (rows > 0).then(|| titled(title, &table))
}

/// Says so when nothing sets them apart, and how that was judged.
fn nothing(context: &Context, persona: &Persona, minimum: u64) -> Option<String> {
    let tests = persona.tests;
    if !persona.size.compared {
        return Some(context.pick(
            "There are too few other customers to compare with.".to_owned(),
            "其他客户太少，无法比较。".to_owned(),
        ));
    }
    let none = persona.telling_figures().next().is_none() && persona.telling_traits().next().is_none();
    let said = match none {
        true => context.pick(
            format!("Beyond its own rule nothing sets this group apart: {tests} differences were tested."),
            format!("除划分规则本身外，这一群体没有明显不同：共检验 {tests} 项差异。"),
        ),
        false => {
            context.pick(format!("{tests} differences were tested."), format!("共检验 {tests} 项差异。"))
        }
    };
    let rule = context.pick(
        format!(
            " Shown are those of at least {TELLING_EFFECT} standard deviations and a tenth of the base's, whose 95 % \
             intervals leave out that there is none, and of which no more than {:.0} % are made by chance (adjusted \
             after Benjamini and Hochberg). The words are for the deviations or for the ratio, whichever is less: from \
             1.1 small, 1.25 medium, 1.5 large. Left out are values that fewer than {minimum} customers have, or whose \
             number would follow.",
            TELLING_P * 100.0
        ),
        format!(
            "仅列出不小于 {TELLING_EFFECT} 个标准差、与全体相差至少一成、95 % 区间不含“无差异”的差异，其中由偶然造成的不超过 \
             {:.0} %（按 Benjamini–Hochberg 校正）。大小以标准差与比值中较小者为准：比值 1.1 起为小，1.25 起为中，1.5 起为大。\
             不足 {minimum} 名客户具有的取值，以及可由此推算出的取值，不予列出。",
            TELLING_P * 100.0
        ),
    );
    Some(format!("{said}{rule}"))
}

fn typical(context: &Context, persona: &Persona, format: &UnitFormat) -> Option<String> {
    let language = context.language;
    let typical = &persona.typical;
    let mut table = Table::new(&[
        (context.pick("metric", "指标"), Align::Left),
        (context.pick("typical", "典型值"), Align::Right),
        (context.pick("half are between", "一半介于"), Align::Right),
        (context.pick("eight in ten are between", "八成介于"), Align::Right),
    ]);
    for spread in &typical.spreads {
        let number = |value: f64| format.number(value, spread.unit);
        table.row([
            spread.name.get(language).to_owned(),
            number(spread.median),
            format!("{} … {}", number(spread.p25), number(spread.p75)),
            spread
                .p10
                .zip(spread.p90)
                .map_or("–".to_owned(), |(p10, p90)| format!("{} … {}", number(p10), number(p90))),
        ]);
    }
    let title = context.pick("The typical member", "典型成员");
    let few = context.pick("Left out or –: too few customers to tell.", "未列出或“–”：客户太少，不便说明。");
    if typical.spreads.is_empty() {
        return typical.few.then(|| format!("{title}\n{few}"));
    }
    let mut out = titled(title, &table);
    if typical.few {
        out += &format!("\n{few}");
    }
    let values: Vec<String> = typical
        .values
        .iter()
        .take(MOST)
        .map(|(name, value, part)| {
            format!("{}: {} ({})", name.get(language), value.get(language), share(*part))
        })
        .collect();
    if !values.is_empty() {
        let common = context.pick("In common to more than half of the members", "半数以上成员的共同点");
        out += &format!("\n{common}{}{}", context.pick(": ", "："), values.join(" · "));
    }
    if let Some((source, id)) = &typical.nearest {
        out += &context.pick(
            format!("\nNearest to it: customer {id} ({source})"),
            format!("\n最接近的客户：{id}（{source}）"),
        );
    }
    Some(out)
}

/// Says of what most members have no value, as nothing is in common to them there.
fn sparse(context: &Context, persona: &Persona, minimum: u64) -> Option<String> {
    let members = persona.size.customers;
    let of = persona.sparse.iter().take(MOST).map(|one| {
        let name = one.name.get(context.language);
        let known = one.known.map_or_else(
            || context.pick(format!("fewer than {minimum}"), format!("不足 {minimum}")),
            |known| known.to_string(),
        );
        context.pick(format!("{name} (known of {known})"), format!("{name}（已知 {known} 名）"))
    });
    let of: Vec<String> = of.collect();
    let more = persona.sparse.len() - of.len();
    let more = match more {
        0 => String::new(),
        _ => context.pick(format!(", and {more} more"), format!("等 {} 项", persona.sparse.len())),
    };
    (!of.is_empty()).then(|| {
        context.pick(
            format!("Most of the {members} members have no value of: {}{more}.", of.join(", ")),
            format!("{members} 名成员中，多数没有以下属性的值：{}{more}。", of.join("、")),
        )
    })
}

fn categories(context: &Context, view: &RunView, persona: &Persona) -> Option<String> {
    let mut table = Table::new(&[
        (context.pick("category", "品类"), Align::Left),
        (context.pick("customers", "客户数"), Align::Right),
        (context.pick("of members", "占成员"), Align::Right),
        (context.pick("of all customers", "占全体客户"), Align::Right),
        (context.pick("lift (95 %)", "提升（95 %）"), Align::Right),
        (context.pick("revenue", "收入"), Align::Right),
    ]);
    for one in persona.categories.iter().take(MOST) {
        table.row([
            one.category.clone(),
            count(one.customers as i64),
            share(one.customer_share),
            one.base_share.map_or("–".to_owned(), share),
            told(context, one.lift.as_ref(), one.verdict.as_ref()),
            money(one.revenue, &view.settings.currency),
        ]);
    }
    let few = persona.size.compared && persona.categories.iter().any(|one| one.base_share.is_none());
    let table = noted(context, titled(context.pick("What they buy", "购买的品类"), &table), few);
    (!persona.categories.is_empty()).then_some(table)
}

fn price(context: &Context, price: &PriceLevel, format: &UnitFormat) -> Option<String> {
    let mut parts = Vec::new();
    let mut pair = |name: &str, here: Option<f64>, all: Option<f64>, unit: Unit| {
        if let Some(here) = here {
            let all = all.map(|all| {
                let all = format.number(all, unit);
                context.pick(format!(" (of all {all})"), format!("（全体 {all}）"))
            });
            let colon = context.pick(": ", "：");
            parts.push(format!("{name}{colon}{}{}", format.number(here, unit), all.unwrap_or_default()));
        }
    };
    let (value, base_value) = (price.order_value, price.base_order_value);
    pair(context.pick("mean order", "平均订单金额"), value, base_value, Unit::Money);
    let (part, base_part) = (price.discounted, price.base_discounted);
    pair(context.pick("orders on discount", "优惠订单占比"), part, base_part, Unit::Share);
    if let Some(index) = price.price_index {
        parts.push(context.pick(
            format!("prices paid: {index:.0} (100 = everybody's, category by category)"),
            format!("价格水平：{index:.0}（100 为同品类的全体均价）"),
        ));
    }
    if price.few {
        let few = context.pick("what is missing: too few customers to tell", "未列出的：客户太少，不便说明");
        parts.push(few.to_owned());
    }
    (!parts.is_empty())
        .then(|| format!("{}\n{}", context.pick("What they pay", "价格水平"), parts.join(" · ")))
}

fn together(context: &Context, persona: &Persona) -> Option<String> {
    let found = persona.together.as_ref().filter(|t| !t.pairs.is_empty())?;
    let mut table = Table::new(&[
        (context.pick("one", "其一"), Align::Left),
        (context.pick("other", "其二"), Align::Left),
        (context.pick("orders", "订单数"), Align::Right),
        (context.pick("support", "支持度"), Align::Right),
        (context.pick("confidence", "置信度"), Align::Right),
        (context.pick("lift", "提升"), Align::Right),
    ]);
    for (a, b, pair) in found.pairs.iter().take(MOST) {
        table.row([
            a.clone(),
            b.clone(),
            count(pair.together as i64),
            share(pair.support),
            share(pair.confidence_a.max(pair.confidence_b)),
            format!("{:.1}", pair.lift),
        ]);
    }
    let orders = context.count(found.orders, ["order", "orders"], "个订单");
    let (what, what_zh) = match found.of {
        PairsOf::Products => ("products", "商品"),
        PairsOf::Categories => ("categories", "品类"),
    };
    let part = match found.sampled {
        true => context.pick(", a part of all", "，为部分订单"),
        false => "",
    };
    let title = context.pick(
        format!("Bought together ({what}; {orders}{part})"),
        format!("一起购买（{what_zh}；{orders}{part}）"),
    );
    Some(titled(&title, &table))
}
