//! Words for possible sales and for ties between customers.

use super::{Otherwise, Words};
use crate::clean::Rule;

/// Stages of a possible sale. Stages of other names keep them, without a rank.
pub static STAGES: Words = Words {
    known: &[
        (
            "prospecting",
            &[
                "lead",
                "new",
                "prospect",
                "identified",
                "appointment scheduled",
                "初步接触",
                "线索",
                "潜在",
                "发现商机",
                "初访",
            ],
        ),
        (
            "qualification",
            &[
                "qualified",
                "qualify",
                "qualified to buy",
                "needs analysis",
                "discovery",
                "perception analysis",
                "需求确认",
                "需求分析",
                "资格确认",
                "立项",
            ],
        ),
        (
            "engaging",
            &[
                "engaged",
                "engage",
                "value proposition",
                "presentation scheduled",
                "demo",
                "evaluation",
                "id. decision makers",
                "decision maker bought-in",
                "方案沟通",
                "跟进中",
                "演示",
                "价值呈现",
            ],
        ),
        (
            "proposal",
            &[
                "proposal/price quote",
                "proposal/quote",
                "proposal made",
                "proposal sent",
                "quote",
                "quotation",
                "quoted",
                "报价",
                "方案报价",
                "提案",
                "投标",
            ],
        ),
        (
            "negotiation",
            &[
                "negotiation/review",
                "negotiating",
                "negotiate",
                "contract sent",
                "contract",
                "谈判",
                "商务谈判",
                "合同",
                "签约中",
            ],
        ),
        ("won", &["closed won", "close won", "win", "deal won", "赢单", "成交", "已成交", "签约", "已赢单"]),
        (
            "lost",
            &[
                "closed lost",
                "close lost",
                "lose",
                "deal lost",
                "closed lost to competition",
                "输单",
                "丢单",
                "失败",
                "已输单",
                "流失",
            ],
        ),
    ],
    otherwise: Otherwise::Keep,
};

/// How far a stage is, 1 to 6; `None` where its name is not known.
pub fn stage_rank(stage: &str) -> Option<i64> {
    Some(match stage {
        "prospecting" => 1,
        "qualification" => 2,
        "engaging" => 3,
        "proposal" => 4,
        "negotiation" => 5,
        "won" | "lost" => 6,
        _ => return None,
    })
}

/// How a possible sale ended.
pub static OUTCOMES: Words = Words {
    known: &[
        ("open", &["pending", "in progress", "active", "进行中", "未结束", "跟进中"]),
        ("won", &["win", "closed won", "success", "赢单", "成交", "成功", "已赢单"]),
        ("lost", &["lose", "closed lost", "failed", "abandoned", "输单", "失败", "丢单", "已输单"]),
    ],
    otherwise: Otherwise::Refuse(Rule::UnknownOutcome),
};

/// What ties a customer to another.
pub static RELATION_KINDS: Words = Words {
    known: &[
        (
            "referral",
            &[
                "referred",
                "refers",
                "refer",
                "recommended",
                "invite",
                "invited",
                "推荐",
                "转介绍",
                "邀请",
                "介绍",
            ],
        ),
        ("follows", &["follow", "following", "follower", "关注", "粉丝"]),
        ("knows", &["friend", "friends", "acquaintance", "contact", "朋友", "好友", "认识"]),
        (
            "family",
            &[
                "relative",
                "spouse",
                "mother",
                "father",
                "child",
                "sibling",
                "household",
                "家人",
                "亲属",
                "配偶",
                "亲戚",
            ],
        ),
        ("colleague", &["coworker", "co-worker", "works with", "同事"]),
        (
            "parent_company",
            &[
                "subsidiary of",
                "belongs to",
                "parent",
                "parent account",
                "owned by",
                "母公司",
                "上级单位",
                "隶属",
            ],
        ),
        ("other", &["其他"]),
    ],
    otherwise: Otherwise::Other,
};
