//! `clientele schemes`: the classifications.

mod check;
mod publish;

use clientele_model::spec::Scheme;
use clientele_pipeline::{Catalogue, CatalogueError};
use serde::Serialize;

use super::metrics::catalogue;
use crate::args::{Schemes, SchemesCommand};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::playbook::PlaybookJson;
use crate::output::table::{Align, Table};
use crate::text::Word;

#[derive(Serialize)]
struct ListDocument {
    schemes: Vec<SchemeJson>,
}

#[derive(Serialize)]
struct SchemeJson {
    id: String,
    version: u32,
    kind: &'static str,
    name: String,
    question: String,
    origin: String,
    rule: String,
    metrics: Vec<String>,
    /// What keeps a customer in a tier although the rule says another.
    #[serde(skip_serializing_if = "Option::is_none")]
    stay: Option<StayJson>,
    /// How people may have come to a tier that they set by hand; any way, when there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    methods: Vec<String>,
    tiers: Vec<TierJson>,
}

#[derive(Serialize)]
struct StayJson {
    hysteresis: f64,
    grace_days: u32,
    minimum_days: u32,
}

#[derive(Serialize)]
struct TierJson {
    id: String,
    name: String,
    playbook: PlaybookJson,
}

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
    let schemes: Vec<SchemeJson> = catalogue
        .schemes
        .iter()
        .map(|scheme| json(context, &scheme.spec, scheme.metrics.iter().map(ToString::to_string).collect()))
        .collect();
    let document = ListDocument { schemes };
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
    let metrics = scheme.metrics.iter().map(ToString::to_string).collect();
    let document = json(context, &scheme.spec, metrics);
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

fn json(context: &Context, scheme: &Scheme, metrics: Vec<String>) -> SchemeJson {
    let text = |text: &clientele_model::Text| text.get(context.language).to_owned();
    SchemeJson {
        id: scheme.id.to_string(),
        version: scheme.version,
        kind: scheme.rule.kind(),
        name: text(&scheme.name),
        question: text(&scheme.question),
        origin: text(&scheme.origin),
        rule: text(&scheme.rule_text),
        metrics,
        stay: scheme.stay.map(|stay| StayJson {
            hysteresis: stay.hysteresis,
            grace_days: stay.grace_days,
            minimum_days: stay.minimum_days,
        }),
        methods: scheme.methods.clone(),
        tiers: scheme
            .tiers
            .iter()
            .map(|tier| TierJson {
                id: tier.id.to_string(),
                name: text(&tier.name),
                playbook: PlaybookJson::new(&tier.playbook, context.language),
            })
            .collect(),
    }
}
