//! What the rows of a file stand for.

use serde::{Deserialize, Serialize};

/// What one row of a file stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One order a row.
    Order,
    /// One line of an order a row.
    OrderLine,
    /// One customer a row.
    Customer,
    /// Something a customer did: a visit, a view, a click.
    Event,
    /// A contact with a customer: a call, a visit, a message.
    Interaction,
    /// A request for help or a complaint.
    Ticket,
    /// An answer to a question; in a wide layout a sheet of answers.
    Response,
    /// A possible sale.
    Opportunity,
    /// A stage that an opportunity entered.
    OpportunityStage,
    /// A tie between two customers.
    Relation,
    /// Leave to write to a customer over a channel, given or withdrawn.
    Consent,
    /// A customer's place in a loyalty programme.
    Membership,
    /// What serving a customer cost.
    ServiceCost,
}

impl Grain {
    /// All grains.
    pub const ALL: [Grain; 13] = [
        Grain::Order,
        Grain::OrderLine,
        Grain::Customer,
        Grain::Event,
        Grain::Interaction,
        Grain::Ticket,
        Grain::Response,
        Grain::Opportunity,
        Grain::OpportunityStage,
        Grain::Relation,
        Grain::Consent,
        Grain::Membership,
        Grain::ServiceCost,
    ];

    /// The word that layouts and the lake use.
    pub fn name(self) -> &'static str {
        match self {
            Grain::Order => "order",
            Grain::OrderLine => "order_line",
            Grain::Customer => "customer",
            Grain::Event => "event",
            Grain::Interaction => "interaction",
            Grain::Ticket => "ticket",
            Grain::Response => "response",
            Grain::Opportunity => "opportunity",
            Grain::OpportunityStage => "opportunity_stage",
            Grain::Relation => "relation",
            Grain::Consent => "consent",
            Grain::Membership => "membership",
            Grain::ServiceCost => "service_cost",
        }
    }

    /// What users read of its records: one and several in English, and in Chinese.
    pub fn label(self) -> ([&'static str; 2], &'static str) {
        match self {
            Grain::Order => (["order", "orders"], "订单"),
            Grain::OrderLine => (["order line", "order lines"], "订单明细"),
            Grain::Customer => (["customer", "customers"], "客户"),
            Grain::Event => (["event", "events"], "行为事件"),
            Grain::Interaction => (["interaction", "interactions"], "互动"),
            Grain::Ticket => (["ticket", "tickets"], "工单"),
            Grain::Response => (["answer", "answers"], "问卷答复"),
            Grain::Opportunity => (["opportunity", "opportunities"], "商机"),
            Grain::OpportunityStage => (["stage of opportunities", "stages of opportunities"], "商机阶段"),
            Grain::Relation => (["relation", "relations"], "关系"),
            Grain::Consent => (["consent", "consents"], "授权"),
            Grain::Membership => (["membership", "memberships"], "会员"),
            Grain::ServiceCost => (["service cost", "service costs"], "服务成本"),
        }
    }
}
