//! `clientele crosstab`: two classifications crossed.

use clap::Args;
use clientele_model::{RunId, UnitFormat};
use clientele_pipeline::understand::crosstab::{CrossTable, DimensionValue};
use clientele_predict::stats::Magnitude;
use clientele_present::crosstab::CrossTable as Document;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::figure::magnitude;
use crate::output::table::{Align, Table, count, share};

/// Residuals beyond this are marked.
const STRIKING: f64 = 3.0;

#[derive(Debug, Args)]
pub struct Crosstab {
    /// A scheme or metric: its tiers or values are the rows
    pub rows: String,
    /// Another: its tiers or values are the columns
    pub columns: String,
    /// The run, such as r0003 [default: the last]
    #[arg(long, value_parser = crate::args::run_id)]
    pub run: Option<RunId>,
}

pub async fn run(context: &Context, args: Crosstab) -> Result<(), Failure> {
    let view = context.view(args.run.as_ref()).await?;
    let table = view.cross_table(&args.rows, &args.columns).await?;
    let document = Document::new(&view, &table);
    let format = context.format(&view.settings.currency);
    context.output.result(&document, || {
        let head = format!("{} · {}", view.run.id, view.run.as_of);
        format!(
            "{head}\n{}\n{}",
            shown(context, &table, &format),
            says(context, &table, view.minimum_group())
        )
    })
}

fn named(context: &Context, value: &DimensionValue, format: &UnitFormat) -> String {
    let (Some((from, below)), Some(unit)) = (value.range, value.unit) else {
        return value.name.get(context.language).to_owned();
    };
    let number = |value: f64| format.number(value, unit);
    match (from, below) {
        (Some(from), Some(below)) => format!("{} … < {}", number(from), number(below)),
        (Some(from), None) => format!("≥ {}", number(from)),
        (None, Some(below)) => format!("< {}", number(below)),
        (None, None) => context.pick("all", "全部").to_owned(),
    }
}

/// Counts with their share of the row; striking cells carry an arrow.
fn shown(context: &Context, table: &CrossTable, format: &UnitFormat) -> String {
    let corner =
        format!("{} ↓ {} →", table.rows.name.get(context.language), table.columns.name.get(context.language));
    let names: Vec<String> = table.columns.values.iter().map(|v| named(context, v, format)).collect();
    let mut columns = vec![(corner.as_str(), Align::Left)];
    columns.extend(names.iter().map(|name| (name.as_str(), Align::Right)));
    columns.push((context.pick("total", "合计"), Align::Right));
    let mut out = Table::new(&columns);
    let width = table.columns.values.len().max(1);
    for ((value, cells), sum) in table.rows.values.iter().zip(table.cells.chunks(width)).zip(&table.row_sums)
    {
        let name = named(context, value, format);
        let cells = cells.iter().map(|cell| match cell.customers {
            Some(customers) => {
                let arrow = match cell.residual {
                    Some(residual) if residual >= STRIKING => " ▲",
                    Some(residual) if residual <= -STRIKING => " ▼",
                    _ => "",
                };
                let part = share(customers as f64 / (*sum).max(1) as f64);
                format!("{} · {part}{arrow}", count(customers as i64))
            }
            None => "*".to_owned(),
        });
        out.row([name].into_iter().chain(cells).chain([count(*sum as i64)]).collect::<Vec<_>>());
    }
    let total = context.pick("total", "合计").to_owned();
    let sums = table.column_sums.iter().map(|sum| count(*sum as i64));
    out.row([total].into_iter().chain(sums).chain([count(table.customers as i64)]).collect::<Vec<_>>());
    out.text()
}

fn says(context: &Context, table: &CrossTable, minimum: u64) -> String {
    let found = &table.connection;
    let (v, p) = (found.cramers_v_corrected, found.p.text(context.language));
    let freedom = found.freedom;
    let degrees = if freedom == 1 { "degree" } else { "degrees" };
    let word = magnitude(found.magnitude, context.language);
    let figures = match found.statistic {
        Some(statistic) => context.pick(
            format!(
                "Cramér's V {v:.2} ({word}); chi-square {statistic:.1} with {freedom} {degrees} of freedom, {p}."
            ),
            format!("克莱姆 V {v:.2}（{word}）；卡方 {statistic:.1}，自由度 {freedom}，{p}。"),
        ),
        // The exact figures would tell the hidden cells.
        None => context.pick(
            format!("Cramér's V {v:.2} ({word}), {p}; rounded, as cells are hidden."),
            format!("克莱姆 V {v:.2}（{word}），{p}；因有隐藏的格子，仅给出约数。"),
        ),
    };
    let connection = match (found.p.is_significant(), found.magnitude) {
        (false, _) => context.pick("No more connection than chance would make: ", "未见超出偶然的关联："),
        (true, Magnitude::Negligible) => {
            context.pick("More than chance, but too weak to matter: ", "超出偶然，但弱到可以忽略：")
        }
        (true, _) => context.pick("They go together: ", "两者有关联："),
    };
    let mut lines = vec![format!("{connection}{figures}")];
    if found.is_rough {
        let part = found.small_expected_share.map(share);
        let (many, many_zh) = (
            part.clone().map_or("too many".to_owned(), |part| format!("{part} of the")),
            part.map_or("过多".to_owned(), |part| format!("{part} 的")),
        );
        lines.push(context.pick(
            format!(
                "p is rough: {many} cells expect fewer than five customers; at most a fifth should. Cross fewer or \
                 larger classes."
            ),
            format!("p 值较粗略：{many_zh}格子期望人数不足五人，宜不超过五分之一。请换用更少或更大的分类。"),
        ));
    }
    if table.tested.is_none() {
        lines.push(context.pick(
            "The test and Cramér's V are about those whose tiers are both known; how many they are would give a hidden \
             cell away."
                .to_owned(),
            "检验与克莱姆 V 只计两项层级都已知的客户；其人数会泄露隐藏的格子，故不列出。".to_owned(),
        ));
    }
    if let Some(tested) = table.tested.filter(|tested| *tested < table.customers) {
        let shown = table.customers - tested;
        let (unknown, tested) = (context.customers(shown), count(tested as i64));
        let verb = if shown == 1 { "is" } else { "are" };
        lines.push(context.pick(
            format!(
                "The test and Cramér's V are about the {tested} whose tiers are both known; {unknown} of an unknown \
                 tier {verb} shown only."
            ),
            format!("检验与克莱姆 V 只计两项层级都已知的 {tested} 名客户；层级未知的 {unknown}仅列出，不参与检验。"),
        ));
    }
    if table.hides() {
        lines.push(context.pick(
            format!("* hidden: fewer than {minimum} customers, or would give such a cell away."),
            format!("* 已隐藏：不足 {minimum} 名客户，或会由此推算出这样的格子。"),
        ));
    }
    if table.left_out != Some(0) {
        let (left_out, verb) = match table.left_out {
            Some(1) => (context.customers(1), "is"),
            Some(some) => (context.customers(some), "are"),
            None => (
                context.pick(format!("Fewer than {minimum} customers"), format!("不足 {minimum} 名客户")),
                "are",
            ),
        };
        lines.push(context.pick(
            format!("{left_out} {verb} left out: one of both is not known, or too rare."),
            format!("{left_out}未计入：其中一项未知，或取值过少。"),
        ));
    }
    lines.join("\n")
}
