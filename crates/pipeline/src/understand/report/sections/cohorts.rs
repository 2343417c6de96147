//! Who came back: the retention grid.

use clientele_report::page::{Block, Cell, Look, Section, Table, TableColumn};

use super::super::data::ReportData;
use super::super::data::cohorts::Cohort;
use super::super::data::facts::last_month;
use super::super::numbers::{Numbers, ratio};

/// The section; `None` when nobody has ordered in the last thirteen months.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    if data.cohorts.is_empty() {
        return None;
    }
    let (last, complete) = last_month(data.as_of);
    let whole = |cohort: &Cohort, since: usize| complete || cohort.month.0 + since as i64 != last.0;
    let title = l.pick("Who comes back", "谁会回来再买");
    let mut section = Section::new("cohorts", title);
    section.question = Some(
        l.pick(
            "Of the customers who first ordered in a month, how many order again one, two, three months later?",
            "某月首购的客户，此后每个月还有多少人再次下单？",
        )
        .to_owned(),
    );
    section = section.says(says(&data.cohorts, &whole, n)).with(Block::Table(grid(&data.cohorts, &whole, n)));
    if !complete {
        section = section.note(l.pick(
            format!("* {last} is not complete: the data end before {}.", data.as_of),
            format!("* {last} 不是完整月份：数据截至 {} 之前。", data.as_of),
        ));
    }
    if let Some(first) = data.cohorts.iter().find(|c| c.first_of_all) {
        section = section.note(l.pick(
            format!(
                "{} is the first month of the data: some of its customers may have bought before it, so the \
                 averages leave it out where they can.",
                first.month
            ),
            format!(
                "{} 是数据的第一个月，其中部分客户可能此前已经买过，因此平均值尽量不计入该月。",
                first.month
            ),
        ));
    }
    Some(section)
}

type Whole<'a> = &'a dyn Fn(&Cohort, usize) -> bool;

/// The average over cohorts after one month and after the longest time that three cohorts have seen.
fn says(cohorts: &[Cohort], whole: Whole<'_>, n: &Numbers) -> String {
    let l = n.language;
    // Where others are there, without the first of the data: many of its customers are not new.
    let known_new = cohorts.iter().any(|c| !c.first_of_all && c.ordered.len() > 1 && whole(c, 1));
    let average = |since: usize| {
        let new = cohorts.iter().filter(|c| !(c.first_of_all && known_new));
        let seen = new.filter(|c| since < c.ordered.len() && whole(c, since));
        let (mut ordered, mut customers, mut count) = (0, 0, 0);
        for cohort in seen {
            ordered += cohort.ordered.get(since).copied().unwrap_or(0);
            customers += cohort.customers;
            count += 1;
        }
        ratio(ordered.into(), customers.into()).map(|share| (share, count))
    };
    let Some((next, _)) = average(1) else {
        return l
            .pick("No month after a first order is complete yet.", "首购之后还没有完整的月份。")
            .to_owned();
    };
    let far = (2..=12)
        .rev()
        .find_map(|since| average(since).filter(|(_, count)| *count >= 3).map(|(share, _)| (since, share)));
    if next <= 0.0 && far.is_none_or(|(_, share)| share <= 0.0) {
        return l
            .pick(
                "None of the new customers ordered in the month after their first order.",
                "新客户中没有人在首购后的下一个月再次下单。",
            )
            .to_owned();
    }
    let next = n.share(next);
    match far {
        Some((since, share)) => l.pick(
            format!(
                "On average {next} of new customers order in the month after their first order, and {} in \
                 the {} month after it.",
                n.share(share),
                ordinal(since)
            ),
            format!("新客户平均有 {next} 在首购后的下一个月再次下单，第 {since} 个月为 {}。", n.share(share)),
        ),
        None => l.pick(
            format!("On average {next} of new customers order in the month after their first order."),
            format!("新客户平均有 {next} 在首购后的下一个月再次下单。"),
        ),
    }
}

fn ordinal(number: usize) -> String {
    let end = match number {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

fn grid(cohorts: &[Cohort], whole: Whole<'_>, n: &Numbers) -> Table {
    let l = n.language;
    let width = cohorts.iter().map(|c| c.ordered.len()).max().unwrap_or(1);
    let share = |cohort: &Cohort, count: i64| ratio(count.into(), cohort.customers.into()).unwrap_or(0.0);
    let later = |c: &Cohort| c.ordered.iter().skip(1).map(|&count| share(c, count)).fold(0.0, f64::max);
    let most = cohorts.iter().map(later).fold(0.0, f64::max);
    let rows = cohorts.iter().map(|cohort| {
        let mut row = vec![Cell::new(cohort.month.to_string()), Cell::new(n.count(cohort.customers))];
        row.extend((1..width).map(|since| match cohort.ordered.get(since) {
            None => Cell::default(),
            Some(&count) => {
                let share = share(cohort, count);
                let star = if whole(cohort, since) { "" } else { "*" };
                let strength = if most > 0.0 { share / most } else { 0.0 };
                Cell::new(format!("{:.0}{star}", share * 100.0)).with_heat(strength)
            }
        }));
        row
    });
    let mut columns =
        vec![TableColumn::text(l.pick("First order", "首购月份")), TableColumn::text(l.pick("Size", "人数"))];
    columns.extend((1..width).map(|since| TableColumn::text(format!("+{since}"))));
    Table {
        caption: l
            .pick(
                "Percent of each cohort that ordered so many months after the first order.",
                "每组客户在首购后第几个月再次下单的百分比。",
            )
            .to_owned(),
        columns,
        rows: rows.collect(),
        look: Look::Heat,
    }
}
