//! The page as HTML.

use clientele_model::Language;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, context};
use thiserror::Error;

use crate::charts::{Chart, Strip};
use crate::page::{Block, Card, Cell, Entry, Page, Play, Section, Table, TableColumn};

const TEMPLATE: &str = include_str!("template.html");
const STYLE: &str = include_str!("style.css");

/// Why a page cannot be written.
#[derive(Debug, Error)]
#[error(transparent)]
pub enum RenderError {
    Chart(#[from] charts_rs::Error),
    Page(#[from] minijinja::Error),
}

/// Writes the page. All texts are escaped but the drawings, which escape their own.
///
/// # Errors
/// Only when the template itself is wrong, or a drawing cannot be made.
pub fn html(page: &Page) -> Result<String, RenderError> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("report", TEMPLATE)?;
    let context = context! {
        language => page.language.tag(),
        title => &page.title,
        subtitle => &page.subtitle,
        footer => &page.footer,
        style => Value::from_safe_string(STYLE.to_owned()),
        words => words(page.language),
        sections => all(&page.sections, section)?,
    };
    Ok(environment.get_template("report")?.render(context)?)
}

fn all<T>(things: &[T], value: impl Fn(&T) -> Result<Value, RenderError>) -> Result<Vec<Value>, RenderError> {
    things.iter().map(value).collect()
}

fn drawn(chart: &Chart) -> Result<Value, RenderError> {
    Ok(Value::from_safe_string(chart.svg()?))
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

fn section(section: &Section) -> Result<Value, RenderError> {
    Ok(context! {
        id => &section.id,
        title => &section.title,
        question => &section.question,
        blocks => all(&section.blocks, block)?,
        parts => all(&section.parts, self::section)?,
    })
}

fn block(block: &Block) -> Result<Value, RenderError> {
    Ok(match block {
        Block::Says(text) => context! { kind => "says", text => unbroken(text) },
        Block::Note(text) => context! { kind => "note", text => unbroken(text) },
        Block::Rule(text) => context! { kind => "rule", text => text },
        Block::Cards(cards) => {
            context! { kind => "cards", cards => cards.iter().map(card).collect::<Vec<_>>() }
        }
        Block::Table(table) => context! { kind => "table", table => self::table(table) },
        Block::Folded(table) => context! { kind => "folded", table => self::table(table) },
        Block::Chart { chart, label, table } => context! {
            kind => "chart",
            svg => drawn(chart)?,
            label => label,
            table => self::table(table),
        },
        Block::Drawing { chart, label } => context! {
            kind => "drawing",
            svg => drawn(chart)?,
            label => label,
        },
        Block::Playbook(plays) => {
            context! { kind => "playbook", plays => plays.iter().map(play).collect::<Vec<_>>() }
        }
        Block::Entries(entries) => {
            context! { kind => "entries", entries => all(entries, entry)? }
        }
    })
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

fn entry(entry: &Entry) -> Result<Value, RenderError> {
    Ok(context! {
        id => &entry.id,
        title => &entry.title,
        asks => &entry.question,
        sort => &entry.kind,
        strip => entry.strip.as_ref().map(Strip::svg).map(Value::from_safe_string),
        label => entry.strip.as_ref().map(|_| &entry.label),
        lacks => &entry.lacks,
        told => &entry.told,
        blocks => all(&entry.blocks, block)?,
    })
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

fn column(column: &TableColumn) -> Value {
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
