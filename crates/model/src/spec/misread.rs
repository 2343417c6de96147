//! What the reader of documents says when one has not the form that it should have, in both languages.

use super::segment::nearest;
use crate::Text;

/// What is wrong and the cure, from the reader's message. Messages of a kind that is not known here stay in English.
pub(super) fn told(message: &str) -> (Text, Text) {
    let mut names = message.split('`').skip(1).step_by(2);
    let found = names.next().unwrap_or_default();
    let known: Vec<&str> = names.collect();
    let compare = Text::new("compare with a file under library/", "可参照 library/ 下的文件");
    if message.starts_with("unknown field `") {
        let problem = Text::new(format!("unknown field `{found}`"), format!("没有 `{found}` 这个键"));
        return (problem, meant(found, &known));
    }
    if message.starts_with("unknown variant `") {
        let problem = Text::new(format!("unknown variant `{found}`"), format!("没有 `{found}` 这个取值"));
        return (problem, meant(found, &known));
    }
    if message.starts_with("missing field `") {
        let problem = Text::new(format!("missing field `{found}`"), format!("缺少 `{found}`"));
        let cure = Text::new(format!("add it; {}", compare.en), format!("请补上；{}", compare.zh));
        return (problem, cure);
    }
    let problem = match message.strip_prefix("invalid type: ") {
        Some(types) => Text::new(message, format!("值的类型不对：{types}")),
        None => Text::new(message, format!("无法读取：{message}")),
    };
    (problem, compare)
}

/// Which of the known names was meant, or all of them.
fn meant(found: &str, known: &[&str]) -> Text {
    if let Some(near) = nearest(found, known.iter().copied()) {
        return Text::new(format!("did you mean `{near}`?"), format!("是不是 `{near}`？"));
    }
    match known.join(", ") {
        list if list.is_empty() => Text::new("remove it", "请删去"),
        list => Text::new(format!("use one of {list}"), format!("可用：{list}")),
    }
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::Text;

    #[test]
    fn names_that_are_not_known_have_a_nearest_one() {
        let (problem, cure) = told("unknown field `metrik`, expected one of `id`, `metric`, `name`");
        assert_eq!(problem, Text::new("unknown field `metrik`", "没有 `metrik` 这个键"));
        assert_eq!(cure, Text::new("did you mean `metric`?", "是不是 `metric`？"));
        let (_, cure) = told("unknown variant `stripes`, expected `bands` or `share`");
        assert_eq!(cure, Text::new("use one of bands, share", "可用：bands, share"));
        assert_eq!(told("unknown field `x`, there are no fields").1.en, "remove it");
    }

    #[test]
    fn other_messages_keep_their_words() {
        let (problem, cure) = told("missing field `goal`");
        assert_eq!(
            (problem.zh.as_str(), cure.zh.as_str()),
            ("缺少 `goal`", "请补上；可参照 library/ 下的文件")
        );
        let (problem, _) = told("invalid type: map, expected a sequence");
        assert_eq!(problem.zh, "值的类型不对：map, expected a sequence");
        assert_eq!(told("extra `=`, expected nothing").0.en, "extra `=`, expected nothing");
    }
}
