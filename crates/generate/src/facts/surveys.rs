//! Questionnaires, as far as answering them goes.

use clientele_model::spec::Questionnaire;

/// A questionnaire.
pub struct Survey {
    pub id: String,
    pub questions: Vec<Question>,
    /// How many things it finds out.
    pub dimensions: usize,
}

pub struct Question {
    pub id: String,
    pub dimension: usize,
    /// Whether agreeing speaks against the dimension.
    pub reverse: bool,
    pub min: f64,
    pub max: f64,
}

impl Survey {
    /// What there is to answer in a questionnaire.
    pub fn new(questionnaire: &Questionnaire) -> Self {
        let place = |id: &str| questionnaire.dimensions.iter().position(|d| d.id == id).unwrap_or(0);
        let questions = questionnaire.questions.iter().map(|question| {
            let scale = questionnaire.scale_of(question);
            Question {
                id: question.id.clone(),
                dimension: place(&question.dimension),
                reverse: question.reverse,
                min: scale.min,
                max: scale.max,
            }
        });
        Survey {
            id: questionnaire.id.clone(),
            questions: questions.collect(),
            dimensions: questionnaire.dimensions.len(),
        }
    }
}
