//! What the main groups are like.

mod differences;

use clientele_report::page::{Block, Cell, Section, Table, TableColumn};

use super::super::data::ReportData;
use super::super::data::insight::GroupPersona;
use super::super::numbers::{Numbers, dash};
use differences::{TellingDifference, drawing, told};

use crate::understand::persona::{Persona, TELLING_EFFECT, TELLING_P};

/// So many figures of the typical member are shown, and so many of its traits.
const MOST_TYPICAL: usize = 8;

/// The section; `None` when the run did not apply any of the main schemes.
pub fn section(data: &ReportData, n: &Numbers) -> Option<Section> {
    let l = n.language;
    let personas = &data.insight.personas;
    if personas.is_empty() || data.customers == 0 {
        return None;
    }
    let mut section = Section::new("personas", l.pick("What the main groups are like", "主要群体画像"));
    section.question = Some(
        l.pick("What sets these customers apart from everybody else?", "这些客户与其他客户有什么不同？")
            .to_owned(),
    );
    section = section.note(l.pick(
        format!(
            "Shown are differences of at least {TELLING_EFFECT} standard deviations and a tenth of the base’s, whose \
             95{nbsp}% intervals leave out that there is none, and of which no more than {:.0}{nbsp}% are made by \
             chance, adjusted for all that were tested (Benjamini and Hochberg). Groups of fewer than {} customers \
             are not described, nor values that so few have or whose number would follow.",
            TELLING_P * 100.0,
            data.insight.minimum_group,
            nbsp = '\u{a0}'
        ),
        format!(
            "仅列出不小于 {TELLING_EFFECT} 个标准差、与全体相差至少一成、95% 区间不含“无差异”的差异，其中由偶然造成的不超过 {:.0}%（按 Benjamini–Hochberg 校正）。不足 {} 位客户的群体不作描述，只有这样少的客户具有或可由此推算出的取值也不列出。",
            TELLING_P * 100.0,
            data.insight.minimum_group
        ),
    ));
    section.parts = personas.iter().map(|p| part(p, data.insight.minimum_group, n)).collect();
    Some(section)
}

fn part(group: &GroupPersona, minimum: u64, n: &Numbers) -> Section {
    let l = n.language;
    let id = format!("persona-{}", group.group.replace('=', "-"));
    let section = Section::new(id, group.name.get(l));
    let persona = match &group.persona {
        Ok(persona) => persona,
        Err(why) => return section.note(withheld(why.get(l), n)),
    };
    let told = told(persona, n);
    let says = says(persona, &told, n);
    let mut section = section.says(&says);
    if !told.is_empty() {
        section = section.with(drawing(&told, &says, n));
    }
    if let Some(table) = typical(persona, n) {
        section = section.with(Block::Table(table));
    }
    for line in [values(persona, n), sparse(persona, minimum, n), few(persona, n)].into_iter().flatten() {
        section = section.note(line);
    }
    section.note(l.pick(
        format!("What they order, when and with what: clientele persona {}", group.group),
        format!("购买品类、时间与搭配：clientele persona {}", group.group),
    ))
}

/// A sentence from the words of a message.
pub fn withheld(why: &str, n: &Numbers) -> String {
    n.language.pick(format!("Nothing is said here: {why}."), format!("此处没有结果：{why}。"))
}

fn says(persona: &Persona, told: &[TellingDifference], n: &Numbers) -> String {
    let l = n.language;
    let size = &persona.size;
    let (customers, part, value) = (
        n.customers(i64::try_from(size.customers).unwrap_or(i64::MAX)),
        n.share(size.share()),
        n.share(size.revenue_share()),
    );
    if !size.compared {
        return l.pick(
            format!("They are {customers}, {part} of all; there are too few others to compare with."),
            format!("共 {customers}，占 {part}；其他客户太少，无法比较。"),
        );
    }
    let most: Vec<String> = told
        .iter()
        .take(3)
        .map(|t| {
            l.pick(
                format!("{} ({} against {})", t.name, t.here, t.all),
                format!("{}（{}，全体 {}）", t.name, t.here, t.all),
            )
        })
        .collect();
    if most.is_empty() {
        return l.pick(
            format!(
                "They are {customers}, {part} of all, and brought {value} of revenue. Beyond the rule itself \
                 nothing sets them apart; {} differences were tested.",
                persona.tests
            ),
            format!(
                "共 {customers}，占 {part}，贡献 {value} 的收入。除划分规则本身外没有明显不同；共检验 {} 项差异。",
                persona.tests
            ),
        );
    }
    l.pick(
        format!(
            "They are {customers}, {part} of all, and brought {value} of revenue. Beyond the rule itself they differ \
             most in: {}.",
            most.join("; ")
        ),
        format!(
            "共 {customers}，占 {part}，贡献 {value} 的收入。除划分规则本身外，最大的不同在于：{}。",
            most.join("；")
        ),
    )
}

fn typical(persona: &Persona, n: &Numbers) -> Option<Table> {
    let l = n.language;
    let spreads = &persona.typical.spreads;
    let rows = spreads.iter().take(MOST_TYPICAL).map(|s| {
        let value = |v: f64| n.value(v, s.unit);
        vec![
            Cell::new(s.name.get(l)),
            Cell::new(value(s.median)),
            Cell::new(format!("{} – {}", value(s.p25), value(s.p75))),
            Cell::new(
                s.p10.zip(s.p90).map_or_else(dash, |(p10, p90)| format!("{} – {}", value(p10), value(p90))),
            ),
        ]
    });
    let table = Table {
        caption: l
            .pick("The typical member, and how far the others are from it.", "典型成员，以及其他成员的分布。")
            .to_owned(),
        columns: vec![
            TableColumn::text(l.pick("Figure", "指标")),
            TableColumn::number(l.pick("Typical", "典型值")),
            TableColumn::number(l.pick("Half are between", "一半介于")),
            TableColumn::number(l.pick("Eight in ten are between", "八成介于")),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    (!spreads.is_empty()).then_some(table)
}

fn values(persona: &Persona, n: &Numbers) -> Option<String> {
    let l = n.language;
    let values: Vec<String> = persona
        .typical
        .values
        .iter()
        .take(MOST_TYPICAL)
        .map(|(name, value, share)| {
            let share = n.share(*share);
            l.pick(
                format!("{}: {} ({share})", name.get(l), value.get(l)),
                format!("{}：{}（{share}）", name.get(l), value.get(l)),
            )
        })
        .collect();
    (!values.is_empty()).then(|| {
        l.pick(
            format!("Common to more than half of the members: {}.", values.join("; ")),
            format!("半数以上成员的共同点：{}。", values.join("；")),
        )
    })
}

/// Says of what most members have no value.
fn sparse(persona: &Persona, minimum: u64, n: &Numbers) -> Option<String> {
    let l = n.language;
    let of = persona.sparse.iter().take(MOST_TYPICAL).map(|one| {
        let known = one.known.map_or_else(
            || l.pick(format!("fewer than {minimum}"), format!("不足 {minimum}")),
            |known| n.count(i64::try_from(known).unwrap_or(i64::MAX)),
        );
        let name = one.name.get(l);
        l.pick(format!("{name} (known of {known})"), format!("{name}（已知 {known} 位）"))
    });
    let of: Vec<String> = of.collect();
    let more = match persona.sparse.len() - of.len() {
        0 => String::new(),
        more => l.pick(format!(", and {more} more"), format!("等 {} 项", persona.sparse.len())),
    };
    let members = n.customers(i64::try_from(persona.size.customers).unwrap_or(i64::MAX));
    (!of.is_empty()).then(|| {
        l.pick(
            format!("Of {members} most have no value of: {}{more}.", of.join(", ")),
            format!("{members}中，多数没有以下属性的值：{}{more}。", of.join("、")),
        )
    })
}

/// Says so where the middle or the spread of a figure is left out.
fn few(persona: &Persona, n: &Numbers) -> Option<String> {
    let said = n.language.pick(
        "Where the typical value or the spread is missing, there are too few customers to tell.",
        "未列典型值或分布之处，客户太少，不便说明。",
    );
    persona.typical.few.then(|| said.to_owned())
}
