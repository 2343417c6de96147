//! Documents as users write them, to change a line or two of.

/// A metric over orders: seven lines, then texts.
pub const METRIC: &str = r#"id = "busy_days"
version = 1
unit = "count"
source = "orders"
expression = "count(distinct day)"
filter = "is_order"
absent = "zero"
direction = "high"
name = { en = "Busy days", zh = "下单天数" }
meaning = { en = "On how many days the customer ordered.", zh = "客户在多少天里下过单。" }
formula = { en = "number of different days with orders", zh = "有订单的不同日期个数" }
absent_means = { en = "No orders: 0.", zh = "没有订单，记为 0。" }
"#;

/// What every scheme says of itself: eight lines with the last one's rule.
pub const HEAD: &str = r#"id = "busy"
version = 1
name = { en = "Busy", zh = "忙闲" }
question = { en = "Who comes often?", zh = "谁常来？" }
origin = { en = "Ours.", zh = "自有规则。" }
rule = { en = "By days with orders.", zh = "按下单天数。" }
"#;

/// What to do for a tier; five lines.
pub const PLAY: &str = r#"goal = { en = "Keep them.", zh = "留住他们。" }
owner = "sales"
actions = [{ en = "Write a letter.", zh = "写一封信。", channel = "post", cadence = "yearly" }]
offer = { en = "No offer: a letter is enough.", zh = "无优惠：写信即可。" }
kpi = { en = "Half of them order within a year.", zh = "一年内有一半再次下单。" }
"#;

/// A scheme: the head, some keys, and tiers with keys of their own.
pub fn scheme(keys: &str, tiers: &[(&str, &str)]) -> String {
    let tiers: Vec<String> = tiers
        .iter()
        .map(|(id, keys)| {
            format!("\n[[tiers]]\nid = \"{id}\"\n{keys}\nname = {{ en = \"{id}\", zh = \"层级\" }}\n{PLAY}")
        })
        .collect();
    format!("{HEAD}{keys}\n{}", tiers.concat())
}

/// Who was here on two days or more, by the metric above.
pub fn busy() -> String {
    let keys = "kind = \"bands\"\nmetric = \"busy_days\"";
    scheme(keys, &[("often", "min = 2"), ("once", "min = 1\nbelow = 2"), ("never", "below = 1")])
}
