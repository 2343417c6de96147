//! `clientele generate`: synthetic data.

use clientele_generate::{Facts, GenerateRequest, Generated, generate};
use clientele_pipeline::library;
use clientele_present::files::GeneratedFiles;

use crate::args::{Generate, MoreFacts};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::table::count;

impl MoreFacts {
    /// What is asked for, for so many customers with orders.
    fn facts(&self, customers: u64) -> Facts {
        let usual = if self.everything { Facts::everything(customers) } else { Facts::default() };
        Facts {
            prospects: self.prospects.unwrap_or(usual.prospects),
            profiles: self.profiles || usual.profiles,
            events: self.events.unwrap_or(usual.events),
            interactions: self.interactions.unwrap_or(usual.interactions),
            tickets: self.tickets.unwrap_or(usual.tickets),
            responses: self.responses.unwrap_or(usual.responses),
            opportunities: self.opportunities.unwrap_or(usual.opportunities),
            relations: self.relations.unwrap_or(usual.relations),
            consents: self.consents.unwrap_or(usual.consents),
            memberships: self.memberships.unwrap_or(usual.memberships),
            service_costs: self.service_costs.unwrap_or(usual.service_costs),
        }
    }
}

pub async fn run(context: &Context, args: Generate) -> Result<(), Failure> {
    let request = GenerateRequest {
        customers: args.customers,
        orders: args.orders,
        seed: args.seed,
        format: args.format,
        currency: args.currency,
        lines: !args.no_lines,
        facts: args.facts.facts(args.customers),
        questionnaires: library::built_in_questionnaires()?,
    };
    let progress = context.progress();
    // Nothing else runs meanwhile, so blocking here keeps nobody waiting.
    let made = tokio::task::block_in_place(|| generate(&args.dir, &request, &progress))?;
    let document = GeneratedFiles {
        files: made.files.iter().map(|file| file.display().to_string()).collect(),
        customers: made.customers,
        orders: made.orders,
        lines: made.lines,
        facts: made.facts.iter().cloned().collect(),
        bytes: made.bytes,
        as_of: made.as_of.to_string(),
    };
    context.output.result(&document, || text(context, &made, &document))
}

fn text(context: &Context, made: &Generated, document: &GeneratedFiles) -> String {
    let customers = context.customers(made.customers);
    let orders = context.count(made.orders, ["order", "orders"], "张订单");
    let lines = context.count(made.lines, ["order line", "order lines"], "行明细");
    let (files, as_of) = (document.files.join("\n  "), &document.as_of);
    let facts: u64 = made.facts.iter().map(|(_, rows)| rows).sum();
    let (and, others) = match count(facts as i64) {
        _ if facts == 0 => (" and", String::new()),
        facts => (",", context.pick(format!(" and {facts} other facts"), format!("、{facts} 条其他记录"))),
    };
    context.pick(
        format!(
            "Made {customers}, {orders}{and} {lines}{others}:\n  {files}\n\
             A good day to look from: clientele refresh --as-of {as_of}"
        ),
        format!(
            "已生成 {customers}、{orders}、{lines}{others}：\n  {files}\n\
             合适的截止日期：clientele refresh --as-of {as_of}"
        ),
    )
}
