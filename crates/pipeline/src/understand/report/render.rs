//! The page as HTML.

use clientele_model::Language;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, context};

use super::ReportError;
use super::page::{Block, Card, Cell, Column, Entry, Play, Section, Table};

const TEMPLATE: &str = include_str!("template.html");
const STYLE: &str = include_str!("style.css");

/// What stands around the sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub title: String,
    pub subtitle: String,
    /// Where the figures come from, at the foot of the page.
    pub footer: String,
}

/// Writes the page. All texts are escaped but the drawings, which escape their own.
///
/// # Errors
/// Only when the template itself is wrong.
pub fn html(frame: &Frame, sections: &[Section], language: Language) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("report", TEMPLATE)?;
    let page = context! {
        language => language.tag(),
        title => &frame.title,
        subtitle => &frame.subtitle,
        footer => &frame.footer,
        style => Value::from_safe_string(STYLE.to_owned()),
        words => words(language),
        sections => sections.iter().map(section).collect::<Vec<_>>(),
    };
    Ok(environment.get_template("report")?.render(page)?)
}

/// The page's own words.
fn words(language: Language) -> Value {
    context! {
        skip => language.pick("Skip to the report", "跳到正文"),
        contents => language.pick("Contents", "目录"),
        figures => language.pick("The figures as a table", "以表格查看数据"),
        rule => language.pick("The rule", "规则"),
        playbook => language.pick("What to do for each tier", "各层级该怎么做"),
        owner => language.pick("Owner: ", "负责："),
        offer => language.pick("Offer: ", "优惠："),
        kpi => language.pick("It works when: ", "考核指标："),
        talk => language.pick("What to say:", "话术："),
        full => language.pick("Told in full above", "详见上文"),
    }
}

fn section(section: &Section) -> Value {
    context! {
        id => &section.id,
        title => &section.title,
        question => &section.question,
        blocks => section.blocks.iter().map(block).collect::<Vec<_>>(),
        parts => section.parts.iter().map(self::section).collect::<Vec<_>>(),
    }
}

fn block(block: &Block) -> Value {
    match block {
        Block::Says(text) => context! { kind => "says", text => unbroken(text) },
        Block::Note(text) => context! { kind => "note", text => unbroken(text) },
        Block::Rule(text) => context! { kind => "rule", text => text },
        Block::Cards(cards) => {
            context! { kind => "cards", cards => cards.iter().map(card).collect::<Vec<_>>() }
        }
        Block::Table(table) => context! { kind => "table", table => self::table(table) },
        Block::Folded(table) => context! { kind => "folded", table => self::table(table) },
        Block::Chart { svg, label, table } => context! {
            kind => "chart",
            svg => Value::from_safe_string(svg.clone()),
            label => label,
            table => self::table(table),
        },
        Block::Drawing { svg, label } => context! {
            kind => "drawing",
            svg => Value::from_safe_string(svg.clone()),
            label => label,
        },
        Block::Playbook(plays) => {
            context! { kind => "playbook", plays => plays.iter().map(play).collect::<Vec<_>>() }
        }
        Block::Entries(entries) => {
            context! { kind => "entries", entries => entries.iter().map(entry).collect::<Vec<_>>() }
        }
    }
}

/// With hyphens between digits at which a line does not break: dates stay whole.
fn unbroken(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let digit = |i: Option<usize>| i.and_then(|i| letters.get(i)).is_some_and(char::is_ascii_digit);
    let inner = |i: usize| digit(i.checked_sub(1)) && digit(i.checked_add(1));
    letters.iter().enumerate().map(|(i, c)| if *c == '-' && inner(i) { '\u{2011}' } else { *c }).collect()
}

fn card(card: &Card) -> Value {
    context! { name => &card.name, value => &card.value, note => &card.note }
}

fn play(play: &Play) -> Value {
    context! {
        tier => &play.tier,
        shade => play.shade.name(),
        goal => &play.goal,
        goals => play.goals.iter().map(|t| Value::from(t.as_str())).collect::<Vec<_>>(),
        owner => &play.owner,
        actions => play
            .actions
            .iter()
            .map(|(text, when)| context! { text => text, when => when })
            .collect::<Vec<_>>(),
        offer => &play.offer,
        kpi => &play.kpi,
        talk => play.talk.iter().map(|t| Value::from(t.as_str())).collect::<Vec<_>>(),
    }
}

fn entry(entry: &Entry) -> Value {
    let strip = entry.strip.as_ref();
    context! {
        id => &entry.id,
        title => &entry.title,
        asks => &entry.question,
        sort => &entry.kind,
        strip => strip.map(|(svg, _)| Value::from_safe_string(svg.clone())),
        label => strip.map(|(_, label)| label),
        lacks => &entry.lacks,
        told => &entry.told,
        blocks => entry.blocks.iter().map(block).collect::<Vec<_>>(),
    }
}

fn table(table: &Table) -> Value {
    context! {
        caption => &table.caption,
        look => table.look.name(),
        columns => table.columns.iter().map(column).collect::<Vec<_>>(),
        rows => table
            .rows
            .iter()
            .map(|row| Value::from(row.iter().map(cell).collect::<Vec<_>>()))
            .collect::<Vec<_>>(),
    }
}

fn column(column: &Column) -> Value {
    context! { name => &column.name, number => column.number }
}

fn cell(cell: &Cell) -> Value {
    context! {
        text => &cell.text,
        small => &cell.small,
        bar => cell.bar.map(|length| format!("{:.2}", length * 100.0)),
        shade => cell.shade.map(|shade| shade.name()),
        heat => cell.heat.map(|level| format!("h{level}")),
    }
}
