//! What a group is like, and how it differs from the others.

mod basket;
mod habits;
mod traits;

use clientele_model::Figure;
use clientele_model::Language;
use clientele_pipeline::understand::RunView;
use clientele_pipeline::understand::persona;
use serde::Serialize;

use crate::demand::CategoryDemand;
use crate::run::RunReference;
use crate::satisfaction::Measure;
use crate::value::money;

pub use basket::{CategoryShare, Pair, Pairs, PairsOf, Price};
pub use habits::{Habit, HabitKind, HabitValue};
pub use traits::{
    CommonValue, FigureComparison, SparseAttribute, Trait, Typical, TypicalCustomer, TypicalSpread,
};

/// What `persona` answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Persona {
    pub run: RunReference,
    /// A tier, as `abc=a`, or a segment.
    pub group: String,
    pub customers: u64,
    /// Of all customers of the run, 0 to 1.
    pub customer_share: Figure,
    /// Net, in the workspace's currency; null where the run does not tell it.
    pub revenue: Option<f64>,
    /// Of the revenue of all customers of the run, 0 to 1.
    pub revenue_share: Option<Figure>,
    /// The fewest customers that anything is said of.
    pub minimum_group: u64,
    /// How many differences were tested; p-values are adjusted for them.
    pub tests: usize,
    pub figures: Vec<FigureComparison>,
    pub traits: Vec<Trait>,
    /// Attributes that most members have no value of.
    pub sparse: Vec<SparseAttribute>,
    pub typical: Typical,
    pub categories: Vec<CategoryShare>,
    pub price: Price,
    pub habits: Vec<Habit>,
    /// What is bought together; null where too little is known of it.
    pub together: Option<Pairs>,
    pub demand: Vec<CategoryDemand>,
    pub satisfaction: Vec<Measure>,
}

impl Persona {
    /// The persona of a group of a run, with names in a language.
    pub fn new(view: &RunView, persona: &persona::Persona, language: Language) -> Self {
        let size = &persona.size;
        Persona {
            run: (&view.run).into(),
            group: persona.group.clone(),
            customers: size.customers,
            customer_share: size.share().into(),
            revenue: view.knows_revenue().then(|| money(size.revenue)),
            revenue_share: view.knows_revenue().then(|| size.revenue_share().into()),
            minimum_group: view.minimum_group(),
            tests: persona.tests,
            figures: persona.figures.iter().map(FigureComparison::from).collect(),
            traits: persona.traits.iter().map(Trait::from).collect(),
            sparse: persona.sparse.iter().map(SparseAttribute::from).collect(),
            typical: Typical::new(&persona.typical, language),
            categories: persona.categories.iter().map(|one| CategoryShare::new(view, one)).collect(),
            price: (&persona.price).into(),
            habits: persona.habits.iter().map(Habit::from).collect(),
            together: persona.together.as_ref().map(Pairs::from),
            demand: persona.demand.iter().map(|demand| CategoryDemand::new(view, demand)).collect(),
            satisfaction: persona.satisfaction.iter().map(Measure::from).collect(),
        }
    }
}
