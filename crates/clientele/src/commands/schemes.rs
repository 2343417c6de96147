//! `clientele schemes`: the classifications.

mod check;
mod publish;

use clientele_pipeline::{Catalogue, CatalogueError};
use clientele_present::schemes::{SchemeDefinition, Schemes as Document};

use super::metrics::catalogue;
use crate::args::{Schemes, SchemesCommand};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table};
use crate::text::Word;

pub async fn run(context: &Context, args: Schemes) -> Result<(), Failure> {
    let catalogue = catalogue(context).await?;
    match args.command {
        SchemesCommand::List => list(context, &catalogue),
        SchemesCommand::Show { scheme } => show(context, &catalogue, scheme.as_str()),
        SchemesCommand::Check { files } => check::run(context, &catalogue, &files).await,
        SchemesCommand::Publish { file, dry_run } => publish::run(context, &file, dry_run).await,
    }
}

fn list(context: &Context, catalogue: &Catalogue) -> Result<(), Failure> {
    let schemes = catalogue
        .schemes
        .iter()
        .map(|scheme| SchemeDefinition::new(&scheme.spec, &scheme.metrics, context.language))
        .collect();
    let document = Document { schemes };
    context.output.result(&document, || {
        let language = context.language;
        let mut table = Table::new(&[
            (Word::Scheme.text(language), Align::Left),
            (Word::Name.text(language), Align::Left),
            (Word::Kind.text(language), Align::Left),
            (Word::Tiers.text(language), Align::Right),
            (Word::Question.text(language), Align::Left),
        ]);
        for scheme in &document.schemes {
            table.row([
                scheme.id.clone(),
                scheme.name.clone(),
                scheme.kind.to_owned(),
                scheme.tiers.len().to_string(),
                scheme.question.clone(),
            ]);
        }
        table.text()
    })
}

fn show(context: &Context, catalogue: &Catalogue, id: &str) -> Result<(), Failure> {
    let Some(scheme) = catalogue.schemes.get(id) else {
        let nearest = catalogue.schemes.nearest(id).map(str::to_owned);
        return Err(CatalogueError::UnknownScheme { name: id.to_owned(), nearest }.into());
    };
    let document = SchemeDefinition::new(&scheme.spec, &scheme.metrics, context.language);
    context.output.result(&document, || {
        let [question, rule, origin, metrics] =
            context.pick(["question", "rule", "origin", "metrics"], ["回答的问题", "规则", "出处", "指标"]);
        let mut lines = vec![
            format!("{} ({} · {} · {})", document.name, document.id, document.kind, document.version),
            format!("  {question}: {}", document.question),
            format!("  {rule}: {}", document.rule),
            format!("  {metrics}: {}", document.metrics.join(", ")),
            format!("  {origin}: {}", document.origin),
        ];
        for tier in &document.tiers {
            lines.push(format!("\n{} ({})", tier.name, tier.id));
            lines.extend(tier.playbook.lines(context.language).into_iter().map(|line| format!("  {line}")));
        }
        lines.join("\n")
    })
}
