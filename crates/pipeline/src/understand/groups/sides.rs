//! Who of everybody is in a group.

use clientele_engine::EngineError;

use super::group::Group;
use crate::understand::RunView;

/// Inside or outside of a group, by customer key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::understand) struct Sides(Vec<u8>);

impl Sides {
    /// The place of those outside in whatever is kept of both sides, and of those inside.
    pub const THERE: usize = 0;
    pub const HERE: usize = 1;

    /// On which side a customer is; nothing for somebody whom the run does not know.
    pub fn get(&self, key: i32) -> Option<usize> {
        let side = usize::try_from(key).ok().and_then(|key| self.0.get(key))?;
        usize::from(*side).checked_sub(1)
    }

    /// The keys of all, with their sides.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        let known = self.0.iter().enumerate().filter(|(_, side)| **side > 0);
        known.map(|(key, side)| (key, usize::from(*side) - 1))
    }
}

impl RunView {
    /// Who is in a group, and who is not.
    pub(in crate::understand) async fn sides(&self, group: &Group) -> Result<Sides, EngineError> {
        let table = format!(
            "(SELECT customer_key, CASE WHEN here THEN 'here' ELSE 'there' END AS side FROM ({}))",
            group.members()
        );
        let Some(codes) = self.codes(&table, &["side".to_owned()]).await?.pop() else {
            return Ok(Sides::default());
        };
        let here = codes.number("here");
        let side = |key| codes.get(key).map_or(0, |code| 1 + u8::from(Some(code) == here));
        Ok(Sides((0..codes.len()).map(side).collect()))
    }
}
