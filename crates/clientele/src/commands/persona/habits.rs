//! When, where and how a group orders, as text.

use clientele_pipeline::understand::persona::{Habit, HabitKind, Persona};

use super::shown::{noted, titled, told};
use crate::context::Context;
use crate::output::table::{Align, Table, count, share};

pub(super) fn habits(context: &Context, persona: &Persona) -> Option<String> {
    let mut table = Table::new(&[
        ("", Align::Left),
        ("", Align::Left),
        (context.pick("orders", "订单数"), Align::Right),
        (context.pick("of their orders", "占本群体订单"), Align::Right),
        (context.pick("of all orders", "占全部订单"), Align::Right),
        (context.pick("lift (95 %)", "提升（95 %）"), Align::Right),
    ]);
    for habit in &persona.habits {
        for (place, value) in habit.values.iter().enumerate() {
            table.row([
                if place == 0 { kind(context, habit.kind).to_owned() } else { String::new() },
                value_name(context, habit, &value.value),
                count(value.orders as i64),
                share(value.share),
                value.base_share.map_or("–".to_owned(), share),
                told(context, value.lift.as_ref(), value.verdict.as_ref()),
            ]);
        }
    }
    let title = context.pick("When, where and how they order", "何时、何地、以何种方式下单");
    let mut values = persona.habits.iter().flat_map(|habit| &habit.values);
    let few = persona.size.compared && values.any(|value| value.base_share.is_none());
    let mut out = noted(context, titled(title, &table), few);
    for habit in &persona.habits {
        let Some(orders) = habit.orders.filter(|orders| 2 * habit.known < *orders) else { continue };
        let (kind, known, orders) =
            (kind(context, habit.kind), count(habit.known as i64), count(orders as i64));
        out += &context.pick(
            format!("\nThe {kind} is known of {known} of {orders} orders only; its shares are of these."),
            format!("\n{orders} 个订单中只有 {known} 个记有{kind}，占比按这些订单计算。"),
        );
    }
    (!persona.habits.is_empty()).then_some(out)
}

fn kind(context: &Context, kind: HabitKind) -> &'static str {
    let (en, zh) = match kind {
        HabitKind::Channel => ("channel", "渠道"),
        HabitKind::Daypart => ("time of day", "时段"),
        HabitKind::Weekday => ("weekday", "星期"),
        HabitKind::Region => ("region", "地区"),
    };
    context.pick(en, zh)
}

fn value_name(context: &Context, habit: &Habit, value: &str) -> String {
    let names = match habit.kind {
        HabitKind::Channel | HabitKind::Region => return value.to_owned(),
        HabitKind::Daypart => [
            ("night", "night 0–5 h", "凌晨 0–5 点"),
            ("morning", "morning 6–11 h", "上午 6–11 点"),
            ("afternoon", "afternoon 12–17 h", "下午 12–17 点"),
            ("evening", "evening 18–23 h", "晚上 18–23 点"),
        ]
        .as_slice(),
        HabitKind::Weekday => [
            ("1", "Monday", "周一"),
            ("2", "Tuesday", "周二"),
            ("3", "Wednesday", "周三"),
            ("4", "Thursday", "周四"),
            ("5", "Friday", "周五"),
            ("6", "Saturday", "周六"),
            ("7", "Sunday", "周日"),
        ]
        .as_slice(),
    };
    let named = names.iter().find(|(key, ..)| *key == value);
    named.map_or_else(|| value.to_owned(), |(_, en, zh)| context.pick(*en, *zh).to_owned())
}
