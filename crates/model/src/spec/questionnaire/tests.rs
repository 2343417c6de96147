//! Questionnaires are read, make metrics, and mistakes in them are told with line and cure.

use super::*;
use crate::spec::Metric;

const DOCUMENT: &str = r#"id = "calm-or-lively"
version = 2
name = { en = "Calm or lively", zh = "动静" }
question = { en = "What is this customer like?", zh = "这位客户是什么性格？" }
origin = { en = "Ours.", zh = "自有。" }
scale = { min = 1, max = 3, labels = { en = ["no", "so so", "yes"], zh = ["否", "一般", "是"] } }

[[dimensions]]
id = "calm"
name = { en = "Calm", zh = "安静" }

[[dimensions]]
id = "very-lively"
name = { en = "Lively", zh = "活泼" }

[[questions]]
id = "q1"
dimension = "calm"
text = { en = "I like quiet rooms.", zh = "我喜欢安静的房间。" }

[[questions]]
id = "q2"
dimension = "calm"
reverse = true
text = { en = "I like \"loud\" parties.", zh = "我喜欢热闹的聚会。" }

[[questions]]
id = "q3"
dimension = "very-lively"
scale = { min = 0, max = 10 }
text = { en = "I talk to strangers.", zh = "我会和陌生人聊天。" }
"#;

fn refused(from: &str, to: &str) -> String {
    let text = DOCUMENT.replacen(from, to, 1);
    assert_ne!(text, DOCUMENT, "{from} is not there");
    match Questionnaire::parse("q.toml", &text) {
        Ok(_) => panic!("it was read with {to}"),
        Err(error) => error.told_in_both(),
    }
}

#[test]
fn it_is_read_with_its_scales() {
    let read = Questionnaire::parse("q.toml", DOCUMENT).unwrap();
    assert_eq!(read.questions.len(), 3);
    let (first, last) = (&read.questions[0], read.question("q3").unwrap());
    assert!(read.scale_of(first).takes(3.0) && !read.scale_of(first).takes(4.0));
    assert!(read.scale_of(last).takes(0.0) && !read.scale_of(last).takes(-1.0));
}

#[test]
fn open_questions_have_no_scale_and_make_no_metric() {
    let open = "\n[[open]]\nid = \"why\"\ntext = { en = \"Why?\", zh = \"为什么？\" }\n";
    let text = format!("{DOCUMENT}{open}");
    let read = Questionnaire::parse("q.toml", &text).unwrap();
    assert!(read.is_open("why") && !read.is_open("q1") && read.question("why").is_none());
    assert_eq!(read.question_ids().collect::<Vec<_>>(), ["q1", "q2", "q3", "why"]);
    assert_eq!(read.metrics(), Questionnaire::parse("q.toml", DOCUMENT).unwrap().metrics());
    let error = Questionnaire::parse("q.toml", &text.replace("\"why\"", "\"q3\"")).unwrap_err().to_string();
    assert!(error.contains("`open[0].id`: `q3` is there twice; rename one"), "{error}");
}

#[test]
fn it_makes_metrics_of_all_answers_and_of_each_dimension() {
    let metrics = Questionnaire::parse("q.toml", DOCUMENT).unwrap().metrics();
    let ids: Vec<&str> = metrics.iter().map(|m| m.id.as_str()).collect();
    let expected =
        ["answers_calm_or_lively", "answers_calm_or_lively_calm", "answers_calm_or_lively_very_lively"];
    assert_eq!(ids, expected);
    let line = |metric: usize, key: &str| {
        let line = metrics[metric].text.lines().find(|l| l.starts_with(key)).unwrap();
        line.split_once(" = ").unwrap().1.trim_matches('"').to_owned()
    };
    let share = "coalesce(score, (value - 1.0) / 2.0)";
    assert_eq!(
        line(1, "expression"),
        format!("avg(case when question in ('q2') then 1 - {share} else {share} end)")
    );
    assert_eq!(
        line(1, "filter"),
        format!(
            "survey = 'calm-or-lively' and question in ('q1', 'q2') and is_latest and {share} between 0 and 1"
        )
    );
    let own =
        "coalesce(score, case question when 'q3' then (value - 0.0) / 10.0 else (value - 1.0) / 2.0 end)";
    assert_eq!(line(2, "expression"), format!("avg({own})"));
    assert!(metrics[0].text.contains("version = 2\nunit = \"share\"\nsource = \"responses\"\n"));
}

#[test]
fn mistakes_have_their_line_and_cure() {
    assert_eq!(
        refused("dimension = \"very-lively\"", "dimension = \"livly\""),
        "q.toml:29: `questions[2].dimension`: there is no dimension `livly`; use one of calm, very-lively"
    );
    assert_eq!(
        refused("id = \"q2\"", "id = \"q1\""),
        "q.toml:22: `questions[1].id`: `q1` is there twice; rename one"
    );
    assert_eq!(
        refused("id = \"q3\"", "id = \"q'3\""),
        "q.toml:28: `questions[2].id`: `q'3` is not an id; use lower-case letters, digits, - and _, starting with a letter"
    );
    assert_eq!(
        refused("max = 3", "max = 1"),
        "q.toml:6: `scale`: it goes from 1 to 1; write min below max, as in { min = 1, max = 5 }"
    );
    assert!(refused("[\"no\", \"so so\", \"yes\"]", "[\"no\", \"yes\"]").contains("write 3 in en and in zh"));
    assert!(
        refused("dimension = \"very-lively\"", "dimension = \"calm\"")
            .contains("no question is about `very-lively`")
    );
    assert!(refused("zh = \"自有。\"", "zh = \"\"").contains("`origin`: a language is missing"));
    assert!(refused("reverse = true", "reversed = true").contains("unknown field `reversed`"));
    assert!(refused("max = 10", "max = inf").contains("is not a number to compare with"));
}

/// Only when metrics can come from responses.
#[test]
fn its_metrics_are_metric_documents() {
    for metric in Questionnaire::parse("q.toml", DOCUMENT).unwrap().metrics() {
        let read = Metric::parse("generated", &metric.text);
        assert!(read.is_ok(), "{read:?}\n{}", metric.text);
    }
}
