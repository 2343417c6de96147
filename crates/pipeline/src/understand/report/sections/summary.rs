//! The key figures, revenue over time, and where the data come from.

use clientele_model::RunId;
use clientele_report::Page;
use clientele_report::charts::{Bar, Chart, Columns};
use clientele_report::page::{Block, Card, Cell, Section, Table, TableColumn};
use clientele_report::shade::Shade;

use super::super::data::ReportData;
use super::super::data::facts::last_month;
use super::super::numbers::{Numbers, dash, ratio};

/// The page of some sections, with its title and what stands around it.
pub fn page(data: &ReportData, sections: Vec<Section>, n: &Numbers) -> Page {
    let l = n.language;
    let (run, as_of) = (&data.run, data.as_of);
    Page {
        language: l,
        run: run.clone(),
        as_of: as_of.to_string(),
        title: l.pick("Customer report", "客户分层报告").to_owned(),
        subtitle: l.pick(format!("As of {as_of} · run {run}"), format!("统计日 {as_of} · 刷新 {run}")),
        footer: l.pick(
            format!(
                "Made by Clientele from run {run}. Only orders before {as_of} count. Revenue is what \
                 was paid minus what was refunded; cancelled and unpaid orders bring none."
            ),
            format!(
                "由 Clientele 根据刷新 {run} 生成。只统计 {as_of} 之前的订单。收入为实付金额减去退款；\
                 已取消和未付款的订单不计。"
            ),
        ),
        sections,
    }
}

/// The section.
pub fn section(data: &ReportData, n: &Numbers) -> Section {
    let l = n.language;
    let mut section = Section::new("summary", l.pick("Summary", "概览"));
    if let Some(stale) = &data.stale {
        section = section.says(stale.sentence(&RunId::new(&data.run), l));
    }
    section = section.says(sentence(data, n)).with(Block::Cards(cards(data, n)));
    if data.months.len() > 1 {
        section.parts.push(months(data, n));
    }
    if !data.sources.is_empty() {
        section.parts.push(sources(data, n));
    }
    section
}

fn sentence(data: &ReportData, n: &Numbers) -> String {
    let l = n.language;
    let facts = &data.facts;
    let customers = n.customers(data.customers);
    let Some((first, last)) = facts.period else {
        return l.pick(
            format!("The base holds {customers} and no paid order before {}.", data.as_of),
            format!("共有 {customers}，{} 之前没有已付款的订单。", data.as_of),
        );
    };
    let (orders, revenue) = (n.orders(facts.orders), n.money(facts.revenue));
    let when = match first == last {
        true => l.pick(format!("on {first}"), first.to_string()),
        false => l.pick(format!("between {first} and {last}"), format!("{first} 至 {last}")),
    };
    let buyers = n.count(facts.buyers);
    if facts.buyers == data.customers {
        return l.pick(
            format!("{customers} placed {orders} {when} and brought {revenue} net of refunds."),
            format!("{when}，{customers}共下单 {orders}，扣除退款后收入 {revenue}。"),
        );
    }
    l.pick(
        format!(
            "{buyers} of {customers} placed {orders} {when} and brought {revenue} \
             net of refunds."
        ),
        format!("{when}，{customers}中有 {buyers} 位下单，共 {orders}，扣除退款后收入 {revenue}。"),
    )
}

fn cards(data: &ReportData, n: &Numbers) -> Vec<Card> {
    let l = n.language;
    let facts = &data.facts;
    let card = |name: (&str, &str), value: String, note: String| Card {
        name: l.pick(name.0, name.1).to_owned(),
        value,
        note,
    };
    let per_order = match facts.orders {
        0 => dash(),
        orders => n.money(facts.revenue / i128::from(orders)),
    };
    let refunds = ratio(facts.refunded, facts.revenue + facts.refunded)
        .map(|share| l.pick(format!("{} refunded", n.share(share)), format!("退款占 {}", n.share(share))));
    let days = facts.period.map_or_else(String::new, |(first, last)| {
        let days = n.count((last - first).num_days() + 1);
        l.pick(format!("{days} days, to {last}"), format!("至 {last}，共 {days} 天"))
    });
    let buyers = n.part(facts.buyers, data.customers);
    vec![
        card(
            ("Customers", "客户"),
            n.count(data.customers),
            l.pick(format!("{buyers} have ordered"), format!("{buyers} 下过单")),
        ),
        card(
            ("Orders", "订单"),
            n.count(facts.orders),
            l.pick(format!("{per_order} net per order"), format!("每单净额 {per_order}")),
        ),
        card(("Net revenue", "净收入"), n.money(facts.revenue), refunds.unwrap_or_default()),
        card(("First order", "首笔订单"), facts.period.map_or_else(dash, |p| p.0.to_string()), days),
    ]
}

fn months(data: &ReportData, n: &Numbers) -> Section {
    let l = n.language;
    let (last, complete) = last_month(data.as_of);
    let months = &data.months;
    let unfinished: Vec<bool> = months.iter().map(|m| m.month == last && !complete).collect();
    let title = l.pick("Revenue by month", "按月收入");
    let axis = format!("{title} ({})", n.currency());
    let whole: Vec<_> = months.iter().zip(&unfinished).filter(|(_, u)| !**u).map(|(m, _)| m).collect();
    let best = whole.iter().max_by_key(|m| (m.revenue, std::cmp::Reverse(m.month)));
    let says = match (best, whole.last()) {
        (Some(best), Some(newest)) if best.month != newest.month => l.pick(
            format!(
                "The strongest month was {} with {}; the last full month, {}, brought {}.",
                best.month,
                n.money(best.revenue),
                newest.month,
                n.money(newest.revenue)
            ),
            format!(
                "收入最高的月份是 {}，为 {}；最近一个完整月份 {} 为 {}。",
                best.month,
                n.money(best.revenue),
                newest.month,
                n.money(newest.revenue)
            ),
        ),
        (Some(best), _) => l.pick(
            format!("The last full month, {}, was the strongest: {}.", best.month, n.money(best.revenue)),
            format!("最近一个完整月份 {} 收入最高，为 {}。", best.month, n.money(best.revenue)),
        ),
        (None, _) => l.pick("No month is complete yet.", "还没有完整的月份。").to_owned(),
    };
    let rows = months.iter().map(|m| {
        vec![Cell::new(m.month.to_string()), Cell::new(n.count(m.orders)), Cell::new(n.money(m.revenue))]
    });
    let table = Table {
        columns: vec![
            TableColumn::text(l.pick("Month", "月份")),
            TableColumn::number(l.pick("Orders", "订单")),
            TableColumn::number(l.pick("Net revenue", "净收入")),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    let columns = months.iter().zip(&unfinished).map(|(month, unfinished)| Bar {
        label: month.month.to_string(),
        value: month.revenue as f64 / 10_000.0,
        complete: !unfinished,
    });
    let chart = Chart::Columns(Columns { name: title.to_owned(), columns: columns.collect() });
    let label = format!("{axis}{}{says}", l.pick(". ", "。"));
    let mut section = Section::new("months", axis).says(says).with(Block::Chart { chart, label, table });
    if months.iter().zip(&unfinished).any(|(m, unfinished)| *unfinished && m.revenue != 0) {
        let before = data.as_of;
        section = section.note(l.pick(
            format!("The grey column is not a full month: it ends before {before}."),
            format!("灰色柱子不是完整月份，只到 {before} 之前。"),
        ));
    }
    section
}

fn sources(data: &ReportData, n: &Numbers) -> Section {
    let l = n.language;
    let most = data.sources.iter().map(|s| s.orders).max().unwrap_or(0);
    let several = data.sources.len() > 1;
    let rows = data.sources.iter().map(|s| {
        let orders = Cell::new(n.count(s.orders));
        let length = ratio(s.orders.into(), most.into()).unwrap_or(0.0);
        vec![
            Cell::new(&s.source),
            Cell::new(n.count(s.customers)),
            if several { orders.with_bar(length, Shade::Accent) } else { orders },
            Cell::new(n.money(s.revenue)),
        ]
    });
    let table = Table {
        columns: vec![
            TableColumn::text(l.pick("Source", "来源")),
            TableColumn::number(l.pick("Customers", "客户")),
            TableColumn::number(l.pick("Orders", "订单")),
            TableColumn::number(l.pick("Net revenue", "净收入")),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    Section::new("sources", l.pick("Where the orders come from", "订单来源")).with(Block::Table(table))
}
