//! What a group of customers is like, against everybody.
//!
//! Every difference carries its size and how sure it is. Only what is large enough to matter, by the effect as well as
//! by the ratio that is shown, too large for chance, and of which no interval holds that there is none, is said to tell
//! the group apart; p-values are adjusted for how many differences were looked at together. Nothing is
//! said of fewer customers than the workspace's smallest group (`minimum_group`), whoever asks.

mod categories;
mod counted;
mod figures;
mod habits;
mod moments;
mod orders;
mod pairs;
mod price;
mod tally;
mod traits;
mod typical;

pub use categories::CategoryShare;
pub use counted::HabitKind;
pub use figures::Figure;
pub use habits::{Habit, HabitValue};
pub use pairs::{BoughtTogether, PairsOf};
pub use price::PriceLevel;
use traits::Traits;
pub use traits::{Sparse, Trait, TraitOf};
pub use typical::{Spread, Typical};

pub use super::groups::{Group, GroupSize, InsightError, TELLING_EFFECT, TELLING_P, Verdict};

use std::sync::Arc;

use clientele_model::Text;

use super::demand::{CategoryDemand, group_told};
use super::groups::{Sides, verdict};
use super::minimum::Minimum;
use super::satisfaction::GroupSatisfaction;
use super::view::RunView;

/// A group described.
#[derive(Debug, Clone, PartialEq)]
pub struct Persona {
    pub group: String,
    pub name: Text,
    pub size: GroupSize,
    /// Metrics with numbers, those that tell the group apart most first.
    pub figures: Vec<Figure>,
    /// Values of attributes, tiers of other schemes, yes or no; in the same order.
    pub traits: Vec<Trait>,
    /// Attributes that most members have no value of.
    pub sparse: Vec<Sparse>,
    /// How many differences were tested, for which p-values are adjusted.
    pub tests: usize,
    pub typical: Typical,
    /// What the group orders, by revenue; empty when no order names a category, or too few customers order of any.
    pub categories: Vec<CategoryShare>,
    pub price: PriceLevel,
    /// When, where and how the group orders.
    pub habits: Vec<Habit>,
    pub together: Option<BoughtTogether>,
    /// Which categories the group orders more or less of than a quarter before.
    pub demand: Vec<CategoryDemand>,
    pub satisfaction: Vec<GroupSatisfaction>,
}

impl Persona {
    /// The figures that tell the group apart beyond the rule that made it.
    pub fn telling_figures(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|f| f.verdict.is_some_and(|v| v.tells) && !f.by_rule)
    }

    /// The traits that tell the group apart beyond the rule that made it.
    pub fn telling_traits(&self) -> impl Iterator<Item = &Trait> {
        self.traits.iter().filter(|t| t.verdict.is_some_and(|v| v.tells) && !t.by_rule)
    }
}

impl RunView {
    /// Describes a group.
    ///
    /// # Errors
    /// When it holds fewer customers than the smallest group that may be described.
    pub async fn persona(&self, group: &Group) -> Result<Persona, InsightError> {
        let sides = Arc::new(self.sides(group).await?);
        let outline = self.outline(group, &sides).await?;
        if !self.has("orders").await? {
            return Ok(Persona { together: pairs::together(self, &sides).await?, ..outline });
        }
        let (size, minimum) = (&outline.size, self.minimum());
        let orders = orders::count(self, Arc::clone(&sides)).await?;
        Ok(Persona {
            categories: categories::categories(&orders, minimum, size),
            price: price::price(self, &orders, &sides, size).await?,
            habits: habits::habits(&orders, minimum, size),
            together: pairs::together(self, &sides).await?,
            demand: group_told(self, orders.sold),
            ..outline
        })
    }

    /// Describes a group by its figures and attributes alone, without a pass over its orders: categories, prices,
    /// habits, pairs and demand stay empty.
    ///
    /// # Errors
    /// When it holds fewer customers than the smallest group that may be described.
    pub async fn persona_outline(&self, group: &Group) -> Result<Persona, InsightError> {
        self.outline(group, &Arc::new(self.sides(group).await?)).await
    }

    async fn outline(&self, group: &Group, sides: &Arc<Sides>) -> Result<Persona, InsightError> {
        let (size, mut figures) = figures::figures(self, group, sides).await?;
        let Traits { mut traits, sparse } = traits::traits(self, group, sides, &size).await?;
        let tests = ranked(&mut figures, &mut traits);
        let typical = typical::typical(self, sides, &figures, &traits).await?;
        Ok(Persona {
            group: group.id.clone(),
            name: group.name.clone(),
            figures,
            traits,
            sparse,
            tests,
            typical,
            categories: Vec::new(),
            price: PriceLevel::default(),
            habits: Vec::new(),
            together: None,
            demand: Vec::new(),
            satisfaction: self.group_satisfaction(sides, &size).await?,
            size,
        })
    }

    /// The smallest group of which anything is said.
    pub fn minimum_group(&self) -> u64 {
        self.minimum().customers()
    }

    /// The same, with what may be told by it.
    pub fn minimum(&self) -> Minimum {
        Minimum::new(u64::from(self.settings.minimum_group))
    }
}

/// Settles which differences tell, puts these first, and returns how many were tested.
fn ranked(figures: &mut [Figure], traits: &mut [Trait]) -> usize {
    let tests = verdict::adjust(
        figures.iter_mut().map(|f| &mut f.verdict).chain(traits.iter_mut().map(|t| &mut t.verdict)),
    );
    figures.sort_by(|a, b| verdict::order(a.verdict, b.verdict).then_with(|| a.metric.cmp(&b.metric)));
    traits.sort_by(|a, b| {
        verdict::order(a.verdict, b.verdict).then_with(|| a.of.cmp(&b.of)).then_with(|| a.value.cmp(&b.value))
    });
    tests
}
