//! Words for the state of an order that many systems share.

use clientele_model::spec::source::OrderStatus;

use OrderStatus::{Cancelled, Completed, PartlyReturned, Pending, Returned};

/// Words, folded as by [`super::text::folded`], and what they mean. A layout's own words win.
pub const COMMON: &[(&str, OrderStatus)] = &[
    ("completed", Completed), ("complete", Completed), ("paid", Completed), ("shipped", Completed),
    ("delivered", Completed), ("fulfilled", Completed), ("closed", Completed), ("done", Completed),
    ("success", Completed), ("successful", Completed), ("finished", Completed), ("processing", Completed),
    ("invoiced", Completed), ("sold", Completed), ("received", Completed), ("confirmed", Completed),
    ("已完成", Completed), ("完成", Completed), ("交易成功", Completed), ("交易完成", Completed),
    ("已付款", Completed), ("已支付", Completed), ("已发货", Completed), ("待发货", Completed),
    ("已签收", Completed), ("已收货", Completed), ("成功", Completed),
    ("returned", Returned), ("return", Returned), ("refunded", Returned), ("refund", Returned),
    ("fullyrefunded", Returned), ("已退货", Returned), ("退货", Returned), ("已退款", Returned),
    ("退款", Returned), ("退款成功", Returned),
    ("partlyreturned", PartlyReturned), ("partiallyreturned", PartlyReturned),
    ("partiallyrefunded", PartlyReturned), ("partlyrefunded", PartlyReturned),
    ("partialrefund", PartlyReturned), ("部分退货", PartlyReturned), ("部分退款", PartlyReturned),
    ("cancelled", Cancelled), ("canceled", Cancelled), ("cancel", Cancelled), ("voided", Cancelled),
    ("void", Cancelled), ("failed", Cancelled), ("expired", Cancelled), ("rejected", Cancelled),
    ("已取消", Cancelled), ("取消", Cancelled), ("交易关闭", Cancelled), ("已关闭", Cancelled),
    ("关闭", Cancelled), ("作废", Cancelled),
    ("pending", Pending), ("unpaid", Pending), ("open", Pending), ("onhold", Pending),
    ("awaitingpayment", Pending), ("draft", Pending), ("authorized", Pending), ("created", Pending),
    ("待付款", Pending), ("待支付", Pending), ("未付款", Pending), ("未支付", Pending),
    ("等待买家付款", Pending), ("待确认", Pending),
];
