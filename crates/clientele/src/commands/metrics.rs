//! `clientele metrics`: what is measured.

use clientele_model::Unit;
use clientele_model::problem::kinds::questions::UNKNOWN_METRIC;
use clientele_model::spec::MetricSource;
use clientele_pipeline::Catalogue;
use clientele_pipeline::measure::registry::RegisteredMetric;
use clientele_present::metrics::{MetricDefinition, Metrics as Document};

use crate::args::{Metrics, MetricsCommand};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::{Align, Table};
use crate::text::Word;

pub async fn run(context: &Context, args: Metrics) -> Result<(), Failure> {
    let catalogue = catalogue(context).await?;
    match args.command {
        MetricsCommand::List => list(context, &catalogue),
        MetricsCommand::Show { metric } => show(context, &catalogue, &metric),
    }
}

/// The library, with the workspace's own documents where there is a workspace.
pub async fn catalogue(context: &Context) -> Result<Catalogue, Failure> {
    use clientele_pipeline::workspace::{SETTINGS_FILE, Workspace};
    let workspace = match context.folder().join(SETTINGS_FILE).exists() {
        true => Some(Workspace::open(context.folder()).await?),
        false => None,
    };
    Ok(Catalogue::load(workspace.as_ref())?)
}

fn list(context: &Context, catalogue: &Catalogue) -> Result<(), Failure> {
    let mut metrics: Vec<&RegisteredMetric> = catalogue.metrics.iter().collect();
    metrics.sort_by(|a, b| a.spec.id.cmp(&b.spec.id));
    let document = Document {
        metrics: metrics.iter().map(|metric| MetricDefinition::new(&metric.spec, context.language)).collect(),
    };
    context.output.result(&document, || {
        let language = context.language;
        let mut table = Table::new(&[
            (Word::Metric.text(language), Align::Left),
            (Word::Name.text(language), Align::Left),
            (Word::Unit.text(language), Align::Left),
            (Word::Facts.text(language), Align::Left),
        ]);
        for metric in &document.metrics {
            let (unit, source) = (unit(context, metric.unit), source(context, metric.source));
            table.row([metric.id.clone(), metric.name.clone(), unit.to_owned(), source.to_owned()]);
        }
        table.text()
    })
}

fn show(context: &Context, catalogue: &Catalogue, id: &str) -> Result<(), Failure> {
    let Some(metric) = catalogue.metrics.get(&id.into()) else {
        let ids = catalogue.metrics.ids();
        let hint = clientele_pipeline::library::nearest(id, ids.into_iter());
        let nearest = hint.map(str::to_owned);
        return Err(UNKNOWN_METRIC.problem().with("name", id).or_nearest(nearest.as_ref()).into());
    };
    let document = MetricDefinition::new(&metric.spec, context.language);
    context.output.result(&document, || {
        let [measures, formula, absent, sql, counted, unit_] = context.pick(
            ["measures", "formula", "when there is none", "expression", "counted", "unit"],
            ["含义", "公式", "缺失时", "表达式", "计入条件", "单位"],
        );
        let mut lines = vec![
            format!("{} ({})", document.name, document.id),
            format!("  {measures}: {}", document.meaning),
            format!("  {formula}: {}", document.formula),
            format!("  {unit_}: {}", unit(context, document.unit)),
            format!("  {absent}: {}", document.absent_means),
            format!("  {sql}: {} · {}", source(context, document.source), document.expression),
        ];
        lines.extend(document.filter.as_ref().map(|filter| format!("  {counted}: {filter}")));
        lines.join("\n")
    })
}

fn unit(context: &Context, unit: Unit) -> &'static str {
    let (en, zh) = match unit {
        Unit::Count => ("count", "个数"),
        Unit::Quantity => ("quantity", "数量"),
        Unit::Days => ("days", "天"),
        Unit::Money => ("money", "金额"),
        Unit::Share => ("share", "占比"),
        Unit::Ratio => ("ratio", "比率"),
        Unit::Date => ("date", "日期"),
        Unit::Time => ("time", "时间"),
        Unit::Text => ("text", "文本"),
        Unit::YesNo => ("yes or no", "是否"),
    };
    context.pick(en, zh)
}

fn source(context: &Context, source: MetricSource) -> &'static str {
    let (en, zh) = match source {
        MetricSource::Orders => ("orders", "订单"),
        MetricSource::OrderLines => ("order lines", "订单明细"),
        MetricSource::Customers => ("customers", "客户"),
        MetricSource::Events => ("events", "行为事件"),
        MetricSource::Interactions => ("interactions", "互动"),
        MetricSource::Tickets => ("tickets", "工单"),
        MetricSource::Responses => ("responses", "问卷答复"),
        MetricSource::Opportunities => ("opportunities", "商机"),
        MetricSource::Relations => ("relations", "关系"),
        MetricSource::Graph => ("relations of all customers", "全体客户的关系"),
        MetricSource::Consents => ("consents", "授权"),
        MetricSource::Memberships => ("memberships", "会员"),
        MetricSource::ServiceCosts => ("costs to serve", "服务成本"),
        MetricSource::Derived => ("other metrics", "其他指标"),
    };
    context.pick(en, zh)
}
