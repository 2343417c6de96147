//! The fields that a source can fill.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Grain;

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// An identifier: kept letter by letter.
    Id,
    /// Words of few kinds: a channel, a category.
    Word,
    /// Free text.
    Text,
    /// A date and time.
    Time,
    /// A day.
    Date,
    /// Money or a quantity: up to four digits after the point.
    Number,
    /// The state of an order, a ticket or a consent.
    Status,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $kind:ident, [$($grain:ident),+], $en:literal, $zh:literal;)+) => {
        /// A field of a source record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Field {
            $($(#[$doc])* #[serde(rename = $word)] $name,)+
        }

        impl Field {
            /// All fields, in the order of their tables.
            pub const ALL: &'static [Field] = &[$(Field::$name),+];

            /// The name that layouts and `--map` use.
            pub fn name(self) -> &'static str {
                match self { $(Field::$name => $word),+ }
            }

            /// What kind of value it holds.
            pub fn kind(self) -> FieldKind {
                match self { $(Field::$name => FieldKind::$kind),+ }
            }

            /// The grains of files that can have it.
            pub fn grains(self) -> &'static [Grain] {
                match self { $(Field::$name => &[$(Grain::$grain),+]),+ }
            }

            /// The name that users read, in English and Chinese.
            pub fn label(self) -> (&'static str, &'static str) {
                match self { $(Field::$name => ($en, $zh)),+ }
            }
        }
    };
}

fields! {
    CustomerId = "customer_id", Id, [
        Order, OrderLine, Customer, Event, Interaction, Ticket, Response, Opportunity, OpportunityStage, Relation,
        Consent, Membership, ServiceCost
    ], "customer", "客户编号";
    OrderId = "order_id", Id, [Order, OrderLine], "order number", "订单编号";
    OrderedAt = "ordered_at", Time, [Order, OrderLine], "ordered at", "下单时间";
    PaidAt = "paid_at", Time, [Order, OrderLine], "paid at", "付款时间";
    Status = "status", Status, [Order, OrderLine, Ticket, Consent], "status", "订单状态";
    /// Before discount.
    Gross = "gross", Number, [Order, OrderLine], "gross amount", "原价金额";
    /// At line grain: of the line.
    Discount = "discount", Number, [Order, OrderLine], "discount", "优惠金额";
    /// Money given back. At line grain: of the line.
    Refunded = "refunded", Number, [Order, OrderLine], "refunded", "退款金额";
    /// Paid, after discount and before refunds. At line grain: of the line.
    Amount = "amount", Number, [Order, OrderLine, Opportunity, ServiceCost], "amount paid", "实付金额";
    /// At line grain: of the line.
    Cost = "cost", Number, [Order, OrderLine], "cost", "成本";
    /// Of the row's money.
    Currency = "currency", Word, [Order, OrderLine, Event, Opportunity, ServiceCost], "currency", "币种";
    Channel = "channel", Word, [Order, OrderLine, Event, Ticket, Consent], "channel", "渠道";
    PaymentMethod = "payment_method", Word, [Order, OrderLine], "payment method", "支付方式";
    Shop = "shop", Word, [Order, OrderLine], "shop", "店铺";
    Region = "region", Word, [Order, OrderLine], "region", "地区";
    Staff = "staff", Word, [Order, OrderLine, Interaction], "staff", "员工";
    Category = "category", Word, [Order, OrderLine, Event, Ticket], "category", "品类";
    /// The order that a credit note takes back.
    RefundsOrderId = "refunds_order_id", Id, [Order, OrderLine], "order refunded", "所退订单";
    /// Paid for the whole order, where a line's row says so.
    OrderAmount = "order_amount", Number, [OrderLine], "order total", "订单总额";
    OrderGross = "order_gross", Number, [OrderLine], "order gross amount", "订单原价";
    OrderDiscount = "order_discount", Number, [OrderLine], "order discount", "订单优惠";
    OrderRefunded = "order_refunded", Number, [OrderLine], "order refunded", "订单退款";
    LineId = "line_id", Id, [OrderLine], "line number", "子订单编号";
    ProductId = "product_id", Word, [OrderLine], "product", "商品编号";
    ProductName = "product_name", Word, [OrderLine], "product name", "商品名称";
    Quantity = "quantity", Number, [OrderLine], "quantity", "数量";
    UnitPrice = "unit_price", Number, [OrderLine], "unit price", "单价";
    Name = "name", Text, [Customer], "name", "姓名";
    Email = "email", Text, [Customer], "e-mail", "电子邮箱";
    Phone = "phone", Text, [Customer], "phone", "电话";
    Kind = "kind", Word, [Customer, Event, Interaction, Ticket, Relation, ServiceCost], "kind", "客户类型";
    Gender = "gender", Word, [Customer], "gender", "性别";
    BirthDate = "birth_date", Date, [Customer], "birth date", "出生日期";
    Company = "company", Text, [Customer], "company", "公司";
    Occupation = "occupation", Word, [Customer], "occupation", "职业";
    Country = "country", Word, [Customer], "country", "国家";
    Province = "province", Word, [Customer], "province", "省份";
    City = "city", Word, [Customer], "city", "城市";
    Address = "address", Text, [Customer], "address", "地址";
    Postcode = "postcode", Text, [Customer], "postcode", "邮编";
    RegisteredAt = "registered_at", Time, [Customer], "registered at", "注册时间";
    SourceChannel = "source_channel", Word, [Customer], "source channel", "来源渠道";
    AnonymousId = "anonymous_id", Id, [Event], "anonymous visitor", "匿名访客";
    EventId = "event_id", Id, [Event], "event number", "事件编号";
    OccurredAt = "occurred_at", Time, [Event, Interaction, ServiceCost], "time", "发生时间";
    ItemId = "item_id", Text, [Event], "item", "对象编号";
    Value = "value", Number, [Event, Response], "value", "数值";
    SessionId = "session_id", Text, [Event], "session", "会话";
    Campaign = "campaign", Word, [Event], "campaign", "营销活动";
    InteractionId = "interaction_id", Id, [Interaction], "interaction number", "互动编号";
    Direction = "direction", Word, [Interaction], "direction", "方向";
    Outcome = "outcome", Word, [Interaction, Opportunity], "outcome", "结果";
    Minutes = "minutes", Number, [Interaction], "minutes", "时长（分钟）";
    Text = "text", Text, [Interaction, Ticket, Response], "text", "文本";
    TicketId = "ticket_id", Id, [Ticket], "ticket number", "工单编号";
    OpenedAt = "opened_at", Time, [Ticket], "opened at", "创建时间";
    FirstResponseAt = "first_response_at", Time, [Ticket], "first response at", "首次响应时间";
    ClosedAt = "closed_at", Time, [Ticket, Opportunity], "closed at", "关闭时间";
    Reason = "reason", Word, [Ticket], "reason", "原因";
    Priority = "priority", Word, [Ticket], "priority", "优先级";
    /// 1 to 5.
    Satisfaction = "satisfaction", Number, [Ticket], "satisfaction", "满意度";
    /// How often a ticket was opened again.
    Reopened = "reopened", Number, [Ticket], "times reopened", "重开次数";
    AnsweredAt = "answered_at", Time, [Response], "answered at", "答复时间";
    Survey = "survey", Word, [Response], "survey", "问卷";
    Question = "question", Word, [Response], "question", "问题";
    ScaleMin = "scale_min", Number, [Response], "lowest answer", "量表下限";
    ScaleMax = "scale_max", Number, [Response], "highest answer", "量表上限";
    OpportunityId = "opportunity_id", Id, [Opportunity, OpportunityStage], "opportunity number", "商机编号";
    CreatedAt = "created_at", Time, [Opportunity], "created at", "创建时间";
    Stage = "stage", Word, [Opportunity, OpportunityStage], "stage", "阶段";
    /// 0 to 1; percentages are taken too.
    Probability = "probability", Number, [Opportunity, OpportunityStage], "probability", "赢单概率";
    ExpectedClose = "expected_close", Date, [Opportunity], "expected close", "预计成交日期";
    Owner = "owner", Word, [Opportunity], "owner", "负责人";
    Product = "product", Word, [Opportunity], "product", "产品";
    /// When the stage began.
    EnteredAt = "entered_at", Time, [OpportunityStage], "stage entered at", "进入阶段时间";
    ToId = "to_id", Id, [Relation], "other customer", "对方客户";
    Since = "since", Time, [Relation], "since", "开始时间";
    ChangedAt = "changed_at", Time, [Consent], "changed at", "变更时间";
    Origin = "origin", Word, [Consent], "origin", "来源";
    Programme = "programme", Word, [Membership], "programme", "会员计划";
    Level = "level", Word, [Membership], "level", "会员等级";
    Points = "points", Number, [Membership], "points", "积分";
    JoinedAt = "joined_at", Time, [Membership], "joined at", "入会时间";
    ExpiresAt = "expires_at", Time, [Membership], "expires at", "到期时间";
}

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        Field::ALL
            .iter()
            .copied()
            .find(|field| field.name() == name)
            .ok_or_else(|| format!("`{name}` is not a field"))
    }
}
