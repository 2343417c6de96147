//! Sheets of answers: single answers that cannot be, labels, and answers in words.

use clientele_model::BatchId;
use clientele_pipeline::clean::Rule;
use clientele_pipeline::collect::quarantine::{quarantine_export, quarantine_list};

use super::super::fixture::Shop;

const RESPONSES: &str = "customer_id, survey, question, value";

/// Scales from none at all to plenty, and a question that is answered in words.
const DRINKS: &str = r#"
id = "drinks"
version = 1
name = { en = "Drinks", zh = "饮品" }
question = { en = "What?", zh = "喝什么？" }
origin = { en = "Ours", zh = "自有" }
scale = { min = 0, max = 2, labels = { en = ["None", "Some", "Plenty"], zh = ["无", "一些", "很多"] } }

[[dimensions]]
id = "taste"
name = { en = "Taste", zh = "口味" }

[[questions]]
id = "tea"
dimension = "taste"
text = { en = "How much tea?", zh = "喝多少茶？" }

[[questions]]
id = "milk"
dimension = "taste"
text = { en = "How much milk?", zh = "加多少奶？" }

[[open]]
id = "why"
text = { en = "Why?", zh = "为什么？" }
"#;

async fn with_drinks() -> Shop {
    let shop = Shop::new("CNY").await;
    let folder = shop.workspace.library("questionnaires");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("drinks.toml"), DRINKS).expect("a questionnaire");
    shop
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_answer_is_refused_alone_and_the_sheet_goes_on() {
    let shop = Shop::new("CNY").await;
    let report = shop
        .import("a.csv", "customer_id,answered_at,nps,csat\na,2025-01-01,9,5\nb,2025-01-01,9,6\nc,2025-01-01,,\nd,2025-01-01,nine,5\n")
        .await;
    assert_eq!(report.layout, "generic-answer-sheets");
    let quality = &report.report;
    assert_eq!((quality.accepted, quality.rejected, quality.answers_rejected), (3, 1, 2));
    assert_eq!(quality.records, 4);
    let counts = [Rule::OffScale, Rule::MissingValue, Rule::UnknownAnswer].map(|rule| quality.count(rule));
    assert_eq!(counts, [1, 1, 1]);
    assert_eq!(
        shop.rows("responses", RESPONSES).await,
        ["a|csat|csat|5.0", "a|nps|nps|9.0", "b|nps|nps|9.0", "d|csat|csat|5.0"]
    );
    let listed = quarantine_list(&shop.workspace, None, 10).await.expect("a list");
    let told: Vec<_> = listed.iter().map(|row| (row.row, row.rule.as_str(), row.value.as_str())).collect();
    assert_eq!(told, [(2, "off_scale", "6"), (3, "missing_value", ""), (4, "unknown_answer", "nine")]);
    assert!(listed[0].file == "a.csv" && listed[0].message.contains("(column csat); correct the answer"));
    assert!(listed[2].message.contains("(column nps); write the number"), "{}", listed[2].message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_with_several_wrong_answers_is_exported_once_and_comes_back() {
    let shop = Shop::new("CNY").await;
    let report = shop
        .import("a.csv", "customer_id,answered_at,nps,csat,ces\na,2025-01-01,99,0,4\nb,2025-01-01,x,y,z\n")
        .await;
    let quality = &report.report;
    // Nothing is left of the second sheet: it is refused for its first answer, the others beside it.
    assert_eq!((quality.accepted, quality.rejected, quality.answers_rejected), (1, 1, 4));
    let path = shop.folder.path().join("fix.csv");
    let rows = quarantine_export(&shop.workspace, &BatchId::new("b0001"), &path).await.expect("an export");
    assert_eq!(rows, 2);
    let text = std::fs::read_to_string(&path).expect("the export");
    let (_, sheet) = text.split_once("\r\n").expect("lines");
    assert!(sheet.starts_with("a,2025-01-01,99,0,4,1,off_scale | off_scale,"), "{sheet}");
    assert!(text.contains("column nps") && text.contains("column csat"));
    let fixed = text.replace(",99,0,4,", ",9,1,4,").replace(",x,y,z,", ",1,2,3,");
    let report = shop.import("fixed.csv", fixed).await;
    assert_eq!((report.report.accepted, report.report.rejected, report.report.records), (2, 0, 5));
    let found = shop.rows("responses", RESPONSES).await;
    assert_eq!(found[..3], ["a|ces|ces|4.0", "a|csat|csat|1.0", "a|nps|nps|9.0"]);
    assert_eq!(found[3..], ["b|ces|ces|3.0", "b|csat|csat|2.0", "b|nps|nps|1.0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_answers_in_either_language() {
    let shop = Shop::new("CNY").await;
    let text = "customer_id,answered_at,q1,q2,q3,q4\na,2025-01-01,Agree,非常同意,strongly disagree,perhaps\n";
    let mut request = shop.request(shop.file("a.csv", text));
    request.by_hand.set("survey", "social-style").expect("a field");
    let report = shop.run(&request).await.expect("an import");
    assert_eq!((report.report.accepted, report.report.answers_rejected), (1, 1));
    assert_eq!(
        shop.rows("responses", "question, value, scale_min, scale_max").await,
        ["q1|4.0|1.0|5.0", "q2|5.0|1.0|5.0", "q3|1.0|1.0|5.0"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_kept_for_open_questions_and_are_no_numbers() {
    let shop = with_drinks().await;
    let sheet = "customer_id,answered_at,tea,milk,why,comment\n\
        a,2025-01-01,plenty,无,无,Thanks\nb,2025-01-01,,1,It is warm,\nc,2025-01-01,,,Only words,A remark\n";
    let report = shop.import("sheet.csv", sheet).await;
    assert_eq!(report.layout, "generic-answer-sheets");
    let quality = &report.report;
    assert_eq!((quality.accepted, quality.rejected, quality.answers_rejected), (3, 0, 0), "{quality:?}");
    let columns = "customer_id, question, value, scale_max, text, attributes";
    let expected = [
        "a|milk|0.0|2.0||",
        "a|tea|2.0|2.0|Thanks|",
        "a|why|||无|",
        "b|milk|1.0|2.0||",
        "b|why|||It is warm|",
        "c|why|||Only words|{\"text\":\"A remark\"}",
    ];
    assert_eq!(shop.rows("responses", columns).await, expected);

    // The same answers, one a row, are the same answers.
    let long = "customer_id,answered_at,survey,question,value\n\
        b,2025-01-01,drinks,milk,some\nb,2025-01-01,drinks,why,It is warm\n\
        d,2025-01-01,drinks,tea,lots\nd,2025-01-01,drinks,why,无\n";
    let report = shop.import("long.csv", long).await;
    let quality = &report.report;
    assert_eq!(report.layout, "generic-responses");
    assert_eq!((quality.accepted, quality.unchanged, quality.count(Rule::UnknownAnswer)), (1, 2, 1));
    let rows = shop.rows("responses", columns).await;
    assert_eq!(rows[..6], expected);
    assert_eq!(rows[6..], ["d|why|||无|"]);
}
