//! Questionnaires that are filled in more than once.

use clientele_model::spec::Questionnaire;
use clientele_pipeline::library::Document;

use super::Shop;

/// Two questions about calm, the second turned round, and one about cheer; from 1 to 5.
const MOOD: &str = r#"id = "mood"
version = 1
name = { en = "Mood", zh = "心情" }
question = { en = "What is the mood?", zh = "心情怎样？" }
origin = { en = "Ours.", zh = "自有。" }
scale = { min = 1, max = 5 }
dimensions = [
  { id = "calm", name = { en = "Calm", zh = "平静" } },
  { id = "cheer", name = { en = "Cheer", zh = "开心" } },
]
questions = [
  { id = "q1", dimension = "calm", text = { en = "I rest.", zh = "我休息。" } },
  { id = "q2", dimension = "calm", reverse = true, text = { en = "I run.", zh = "我奔跑。" } },
  { id = "q3", dimension = "cheer", text = { en = "I laugh.", zh = "我笑。" } },
]
"#;

/// All answers, calm and cheer, to six places.
async fn moods(shop: &Shop, day: &str, customer: &str) -> [String; 3] {
    let mood = Questionnaire::parse("mood.toml", MOOD).expect("a questionnaire");
    let metrics = mood.metrics().into_iter();
    let documents: Vec<Document> =
        metrics.map(|m| Document { name: format!("{}.toml", m.id), text: m.text }).collect();
    let found = shop.measure(day, &documents).await;
    let row = &found[customer];
    [0, 1, 2].map(|place| row[place].number().map_or(String::new(), |share| format!("{share:.6}")))
}

#[tokio::test]
async fn the_newest_answer_to_each_question_counts() {
    let shop = Shop::with(&["ann", "bob", "cid", "dee"]).await;
    shop.add(
        "responses",
        "customer_id answered_at survey question value scale_min scale_max",
        &[
            // Filled in twice: first 0, 0 and 0.5; then 1, 1 and 0.75.
            "ann | 2025-01-10T10:00:00 | mood | q1 | 1 | 1 | 5",
            "ann | 2025-01-10T10:00:00 | mood | q2 | 5 | 1 | 5",
            "ann | 2025-01-10T10:00:00 | mood | q3 | 3 | 1 | 5",
            "ann | 2025-03-10T10:00:00 | mood | q1 | 5 | 1 | 5",
            "ann | 2025-03-10T10:00:00 | mood | q2 | 1 | | ",
            "ann | 2025-03-10T10:00:00 | mood | q3 | 4 | 1 | 5",
            // First 0.25, 0.75 and 1; the second time only the first question: 0.75.
            "bob | 2025-01-10T10:00:00 | mood | q1 | 2 | 1 | 5",
            "bob | 2025-01-10T10:00:00 | mood | q2 | 2 | 1 | 5",
            "bob | 2025-01-10T10:00:00 | mood | q3 | 5 | 1 | 5",
            "bob | 2025-03-10T10:00:00 | mood | q1 | 4 | 1 | 5",
            // Two answers at the same time: the greater one. Another survey asks something else.
            "cid | 2025-01-10T10:00:00 | mood | q1 | 2 | 1 | 5",
            "cid | 2025-01-10T10:00:00 | mood | q1 | 4 | 1 | 5",
            "cid | 2025-02-10T10:00:00 | other | q1 | 1 | 1 | 5",
        ],
    )
    .await;
    let of = async |day: &str, customer: &str| moods(&shop, day, customer).await;
    assert_eq!(of("2025-02-01", "ann").await, ["0.166667", "0.000000", "0.500000"]);
    assert_eq!(of("2025-04-01", "ann").await, ["0.916667", "1.000000", "0.750000"]);
    assert_eq!(of("2025-02-01", "bob").await, ["0.666667", "0.500000", "1.000000"]);
    assert_eq!(of("2025-04-01", "bob").await, ["0.833333", "0.750000", "1.000000"]);
    assert_eq!(of("2025-04-01", "cid").await, ["0.750000", "0.750000", ""]);
    assert_eq!(of("2025-04-01", "dee").await, ["", "", ""]);
}
