//! How satisfied the classes of a scheme are.

use clientele_report::page::{Block, Cell, Section, Table, TableColumn};

use super::super::data::{ReportData, SchemeData};
use super::super::numbers::{Numbers, dash};
use super::{facts, scheme};
use crate::understand::satisfaction::{ClassSatisfaction, GroupSatisfaction};

/// The part.
pub fn part(data: &ReportData, classes: &SchemeData, n: &Numbers) -> Section {
    let l = n.language;
    let section = Section::new("abc-satisfaction", l.pick("How satisfied each class is", "各类客户的满意度"));
    if facts::no_answers(&data.insight.absent) {
        return section.note(facts::import_answers(n));
    }
    let found = &data.insight.satisfaction;
    if found.is_empty() {
        let least = data.insight.minimum_group;
        return section.note(l.pick(
            format!("No class has {least} customers who answered, so nothing is shown."),
            format!("各类中作答的客户都不足 {least} 位，不予显示。"),
        ));
    }
    let mut section = section;
    if let Some(says) = says(classes, found, n) {
        section = section.says(says);
    }
    section.with(Block::Table(table(data, classes, found, n)))
}

/// The measures that some class has, each once.
fn measures(found: &[ClassSatisfaction]) -> Vec<&GroupSatisfaction> {
    let mut measures: Vec<&GroupSatisfaction> = Vec::new();
    for measure in found.iter().flat_map(|c| &c.measures) {
        if !measures.iter().any(|known| known.metric == measure.metric) {
            measures.push(measure);
        }
    }
    measures
}

fn of<'a>(class: &'a ClassSatisfaction, metric: &str) -> Option<&'a GroupSatisfaction> {
    class.measures.iter().find(|m| m.metric == metric)
}

fn shown(measure: &GroupSatisfaction, n: &Numbers) -> String {
    match measure.nps {
        Some(nps) => format!("{nps:+.0}"),
        None => n.mean(measure.mean, measure.unit),
    }
}

/// Whether one of the classes stands out in what most of them answered.
fn says(classes: &SchemeData, found: &[ClassSatisfaction], n: &Numbers) -> Option<String> {
    let l = n.language;
    let most = |metric: &str| found.iter().filter_map(|c| of(c, metric)).map(|m| m.answered).sum::<u64>();
    let measure = measures(found).into_iter().max_by_key(|m| most(&m.metric))?;
    let parts: Vec<String> = found
        .iter()
        .filter_map(|class| {
            let own = of(class, &measure.metric)?;
            let name = scheme::tier_name(&classes.scheme, &class.class, n);
            Some(format!("{} {}", n.named(&name), shown(own, n)))
        })
        .collect();
    let apart: Vec<String> = found
        .iter()
        .filter(|c| of(c, &measure.metric).is_some_and(|m| m.verdict.is_some_and(|v| v.tells)))
        .map(|c| n.named(&scheme::tier_name(&classes.scheme, &c.class, n)))
        .collect();
    let name = measure.name.get(l);
    let end = match apart.is_empty() {
        true => l.pick(
            "The differences are too small, or may be chance.".to_owned(),
            "差异太小，或可能出于偶然。".to_owned(),
        ),
        false => l.pick(
            format!("{} differ from the others by more than chance.", n.list(&apart)),
            format!("{}与其他客户的差异超出偶然。", n.list(&apart)),
        ),
    };
    Some(
        l.pick(
            format!("{name}: {}. {end}", parts.join(", ")),
            format!("{name}：{}。{end}", parts.join("，")),
        ),
    )
}

fn table(data: &ReportData, classes: &SchemeData, found: &[ClassSatisfaction], n: &Numbers) -> Table {
    let l = n.language;
    let measures = measures(found);
    let rows = found.iter().map(|class| {
        let name = scheme::tier_name(&classes.scheme, &class.class, n);
        let mut row = vec![Cell::new(name).with_mark(scheme::shade(&classes.scheme, &class.class))];
        row.extend(measures.iter().map(|measure| match of(class, &measure.metric) {
            None => Cell::new(dash()),
            Some(own) => Cell::new(shown(own, n)).with_small(small(own, n)),
        }));
        row
    });
    let mut columns = vec![TableColumn::text(l.pick("Class", "类别"))];
    columns.extend(measures.iter().map(|m| TableColumn::number(m.name.get(l))));
    let least = data.insight.minimum_group;
    let caption = l.pick(
        format!(
            "Means, or shares of those who say yes, with their 95{nbsp}% interval (Wilson) and how many answered; the net \
             promoter score from -100 to 100. A dash stands where fewer than {least} answered.",
            nbsp = '\u{a0}'
        ),
        format!(
            "均值或回答“是”的占比、95% 区间（Wilson 法）与作答人数；净推荐值为 -100 至 100。不足 {least} 人作答处以短横线表示。"
        ),
    );
    Table { caption, columns, rows: rows.collect(), ..Table::default() }
}

fn small(measure: &GroupSatisfaction, n: &Numbers) -> String {
    let count = n.count(i64::try_from(measure.answered).unwrap_or(i64::MAX));
    let answered = n.language.pick(format!("{count} answered"), format!("{count} 人"));
    let range = match measure.nps {
        Some(_) => measure.nps_interval.map(|(low, high)| {
            n.language.pick(format!("{low:+.0} to {high:+.0}"), format!("{low:+.0} 至 {high:+.0}"))
        }),
        None => measure
            .interval
            .map(|(low, high)| format!("{}–{}", n.mean(low, measure.unit), n.mean(high, measure.unit))),
    };
    range.map_or(answered.clone(), |range| format!("{range} · {answered}"))
}
