//! Words for tickets, surveys and consents.

use super::{Otherwise, Words};
use crate::clean::Rule;

/// What a ticket is.
pub static TICKET_KINDS: Words = Words {
    known: &[
        (
            "question",
            &[
                "query",
                "inquiry",
                "enquiry",
                "product inquiry",
                "billing inquiry",
                "general inquiry",
                "information",
                "咨询",
                "询问",
                "问题咨询",
            ],
        ),
        (
            "request",
            &[
                "service request",
                "task",
                "cancellation request",
                "feature request",
                "change request",
                "请求",
                "需求",
                "服务请求",
                "申请",
            ],
        ),
        ("complaint", &["complain", "complaints", "grievance", "投诉", "抱怨", "客诉"]),
        (
            "incident",
            &[
                "problem",
                "issue",
                "technical issue",
                "bug",
                "fault",
                "defect",
                "故障",
                "问题",
                "报障",
                "技术问题",
            ],
        ),
        (
            "return",
            &[
                "refund",
                "refund request",
                "return request",
                "exchange",
                "rma",
                "退货",
                "退款",
                "换货",
                "退换货",
                "退款申请",
            ],
        ),
    ],
    otherwise: Otherwise::Keep,
};

/// Where a ticket stands.
pub static TICKET_STATUSES: Words = Words {
    known: &[
        (
            "open",
            &[
                "new",
                "active",
                "in progress",
                "reopened",
                "assigned",
                "processing",
                "open ticket",
                "新建",
                "打开",
                "处理中",
                "进行中",
                "未处理",
                "待处理",
                "已分配",
                "重新打开",
            ],
        ),
        (
            "pending",
            &[
                "on-hold",
                "hold",
                "waiting",
                "pending customer response",
                "awaiting customer",
                "waiting on customer",
                "waiting for customer",
                "waiting on contact",
                "waiting on us",
                "awaiting reply",
                "挂起",
                "等待",
                "等待客户",
                "待回复",
                "待客户回复",
                "暂停",
            ],
        ),
        (
            "closed",
            &[
                "solved",
                "resolved",
                "done",
                "completed",
                "complete",
                "finished",
                "cancelled",
                "canceled",
                "已关闭",
                "关闭",
                "已解决",
                "解决",
                "已完成",
                "完成",
                "已处理",
            ],
        ),
    ],
    otherwise: Otherwise::Refuse(Rule::UnknownStatus),
};

/// How urgent a ticket is.
pub static PRIORITIES: Words = Words {
    known: &[
        ("low", &["minor", "p4", "低"]),
        ("normal", &["medium", "standard", "p3", "中", "普通", "一般"]),
        ("high", &["major", "important", "p2", "高", "重要"]),
        ("urgent", &["critical", "emergency", "blocker", "p1", "紧急", "特急"]),
    ],
    otherwise: Otherwise::Keep,
};

/// How a ticket came in.
pub static TICKET_CHANNELS: Words = Words {
    known: &[
        ("phone", &["call", "voice", "telephone", "电话"]),
        ("email", &["e-mail", "mail", "邮件", "邮箱"]),
        ("chat", &["live chat", "messaging", "im", "在线客服", "聊天"]),
        ("web", &["website", "web form", "portal", "form", "网页", "网站", "表单"]),
        ("wechat", &["微信"]),
        ("app", &["mobile", "in-app", "应用"]),
        ("social", &["social media", "twitter", "facebook", "weibo", "社交媒体", "微博"]),
        ("store", &["in person", "counter", "门店", "柜台"]),
    ],
    otherwise: Otherwise::Keep,
};

/// Surveys that everybody knows.
pub static SURVEYS: Words = Words {
    known: &[
        ("nps", &["net promoter score", "net promoter", "recommendation", "净推荐值", "推荐意愿"]),
        ("csat", &["customer satisfaction", "satisfaction", "满意度", "客户满意度"]),
        ("ces", &["customer effort score", "customer effort", "effort", "费力度", "客户费力度"]),
    ],
    otherwise: Otherwise::Keep,
};

/// Channels that leave is given for.
pub static CONSENT_CHANNELS: Words = Words {
    known: &[
        ("email", &["e-mail", "mail", "newsletter", "email marketing", "邮件", "邮箱", "电子邮件"]),
        ("sms", &["text", "text message", "sms marketing", "短信"]),
        ("phone", &["call", "calls", "telephone", "voice", "电话"]),
        ("wechat", &["weixin", "微信"]),
        ("post", &["postal", "letter", "direct mail", "邮寄", "信件"]),
        ("ads", &["advertising", "retargeting", "tracking", "cookies", "广告", "个性化广告"]),
    ],
    otherwise: Otherwise::Keep,
};

/// Whether leave is given.
pub static CONSENT_STATUSES: Words = Words {
    known: &[
        (
            "given",
            &[
                "yes",
                "true",
                "1",
                "opt in",
                "opted in",
                "opt_in",
                "subscribed",
                "granted",
                "accepted",
                "allow",
                "allowed",
                "agree",
                "agreed",
                "consented",
                "on",
                "是",
                "同意",
                "已同意",
                "已授权",
                "授权",
                "订阅",
                "已订阅",
                "允许",
            ],
        ),
        (
            "withdrawn",
            &[
                "no",
                "false",
                "0",
                "opt out",
                "opted out",
                "unsubscribed",
                "denied",
                "declined",
                "refused",
                "revoked",
                "withdraw",
                "disallowed",
                "rejected",
                "off",
                "否",
                "拒绝",
                "已拒绝",
                "撤回",
                "已撤回",
                "取消授权",
                "退订",
                "已退订",
                "不同意",
                "未授权",
            ],
        ),
    ],
    otherwise: Otherwise::Refuse(Rule::UnknownConsent),
};
