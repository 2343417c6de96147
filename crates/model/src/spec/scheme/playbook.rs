//! What to do for the customers of a tier.

use super::raw::{RawAction, RawPlaybook};
use super::{Document, SpecError};
use crate::Text;

/// A word that documents use, with its name for people.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal, $en:literal, $zh:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($variant),* }

        impl $name {
            /// All of them, in the order in which documents list them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word that documents use.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            /// The name that people read.
            pub fn name(self) -> Text {
                match self { $($name::$variant => Text::new($en, $zh)),* }
            }

            /// Reads the word of a document.
            pub fn of(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    };
}

words! {
    /// Who in the company answers for a tier.
    Owner {
        Marketing = "marketing", "marketing", "市场";
        Sales = "sales", "sales", "销售";
        Service = "service", "service", "客服";
        Operations = "operations", "operations", "运营";
        Finance = "finance", "finance", "财务";
        Management = "management", "management", "管理层";
    }
}

words! {
    /// Where an action reaches the customer.
    Channel {
        Phone = "phone", "phone", "电话";
        Email = "email", "e-mail", "邮件";
        Sms = "sms", "text message", "短信";
        Wechat = "wechat", "WeChat", "微信";
        App = "app", "app", "应用";
        Web = "web", "website", "网站";
        Store = "store", "shop", "门店";
        Visit = "visit", "visit", "上门";
        Post = "post", "post", "邮寄";
        Ads = "ads", "advertising", "广告";
        Ticket = "ticket", "service ticket", "工单";
        Internal = "internal", "in-house", "内部";
    }
}

words! {
    /// How often an action is taken.
    Cadence {
        Once = "once", "once", "一次";
        AtEvent = "at_event", "whenever it happens", "事件发生时";
        Daily = "daily", "daily", "每天";
        Weekly = "weekly", "weekly", "每周";
        Biweekly = "biweekly", "every two weeks", "每两周";
        Monthly = "monthly", "monthly", "每月";
        Quarterly = "quarterly", "quarterly", "每季度";
        HalfYearly = "half_yearly", "twice a year", "每半年";
        Yearly = "yearly", "yearly", "每年";
    }
}

/// What to do for the customers of a tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playbook {
    /// What the company wants with these customers.
    pub goal: Text,
    /// Who sees to it.
    pub owner: Owner,
    /// What is done, one at least.
    pub actions: Vec<Action>,
    /// What they are offered, or that nothing is.
    pub offer: Text,
    /// The figure that shows whether it worked, with its window.
    pub kpi: Text,
    /// What to say; may be empty.
    pub talk: Vec<Text>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub text: Text,
    pub channel: Channel,
    pub cadence: Cadence,
}

/// Reads the playbook that stands under the keys of `at`, as in `tiers[2].`.
pub(super) fn playbook(
    document: &Document<'_>,
    at: &dyn Fn(&str) -> String,
    raw: &RawPlaybook<'_>,
) -> Result<Playbook, SpecError> {
    let text = |key: &str, text: &Option<Text>, problem: Text, cure: Text| match text {
        None => Err(document.error(&at(key), problem, cure)),
        Some(text) => document.both_languages(&at(key), text).map(|()| text.clone()),
    };
    let goal = text("goal", raw.goal, Text::new("no goal", "没有目标"), write("goal", "", ""))?;
    let owner = owner(document, &at("owner"), raw.owner)?;
    let offer = text(
        "offer",
        raw.offer,
        Text::new("no word on what is offered", "没有写给什么优惠"),
        write("offer", "; where nothing is offered, say so", "；没有优惠也请写明"),
    )?;
    let kpi = text(
        "kpi",
        raw.kpi,
        Text::new("nothing shows whether it worked", "没有衡量成效的指标"),
        write("kpi", " with a figure and its window", "，写明数值与期限"),
    )?;
    let actions = actions(document, &at("actions"), raw.actions.unwrap_or_default())?;
    let talk = raw.talk.unwrap_or_default();
    talk.iter().try_for_each(|text| document.both_languages(&at("talk"), text))?;
    Ok(Playbook { goal, owner, actions, offer, kpi, talk: talk.to_vec() })
}

/// How a text is written, and what more is to be said of it.
fn write(key: &str, more: &str, more_zh: &str) -> Text {
    let form = format!("{key} = {{ en = \"…\", zh = \"…\" }}");
    Text::new(format!("write {form}{more}"), format!("请写 {form}{more_zh}"))
}

fn actions(document: &Document<'_>, key: &str, raw: &[RawAction]) -> Result<Vec<Action>, SpecError> {
    if raw.is_empty() {
        let form = "actions = [{ en = \"…\", zh = \"…\", channel = \"email\", cadence = \"monthly\" }]";
        let cure = Text::new(format!("write {form}"), format!("请写 {form}"));
        return Err(document.error(key, Text::new("nothing to do", "没有行动"), cure));
    }
    let mut read = Vec::new();
    for (i, action) in raw.iter().enumerate() {
        let at = |problem: Text, cure: Text| {
            let (i, Text { en, zh }) = (i + 1, problem);
            document.error(key, Text::new(format!("action {i}: {en}"), format!("第 {i} 条行动：{zh}")), cure)
        };
        if action.en.trim().is_empty() || action.zh.trim().is_empty() {
            let problem = Text::new("it says nothing in a language", "有一种语言没有内容");
            return Err(at(problem, Text::new("write both en and zh", "请写全 en 与 zh")));
        }
        let word = &action.channel;
        let channel = Channel::of(word).ok_or_else(|| {
            let problem = Text::new(format!("`{word}` is not a channel"), format!("`{word}` 不是渠道"));
            at(problem, one_of(Channel::ALL, Channel::word))
        })?;
        let word = &action.cadence;
        let cadence = Cadence::of(word).ok_or_else(|| {
            let problem = Text::new(format!("`{word}` is not a cadence"), format!("`{word}` 不是频率"));
            at(problem, one_of(Cadence::ALL, Cadence::word))
        })?;
        read.push(Action { text: Text::new(&action.en, &action.zh), channel, cadence });
    }
    Ok(read)
}

fn owner(document: &Document<'_>, key: &str, given: Option<&str>) -> Result<Owner, SpecError> {
    let problem = match given {
        None => Text::new("nobody answers for it", "没有负责人"),
        Some(word) => match Owner::of(word) {
            Some(owner) => return Ok(owner),
            None => Text::new(format!("`{word}` is not an owner"), format!("`{word}` 不是负责角色")),
        },
    };
    Err(document.error(key, problem, one_of(Owner::ALL, Owner::word)))
}

fn one_of<T: Copy>(words: &[T], word: impl Fn(T) -> &'static str) -> Text {
    let words = words.iter().map(|w| word(*w)).collect::<Vec<_>>().join(", ");
    Text::new(format!("write one of {words}"), format!("请写其中之一：{words}"))
}
