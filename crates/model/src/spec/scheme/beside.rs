//! Tiers of a ranked scheme of which neither is better.

use super::raw::{Kind, RawScheme};
use super::{Document, SpecError};

/// Checks what tiers say of each other.
pub(super) fn check(document: &Document<'_>, raw: &RawScheme) -> Result<(), SpecError> {
    for (i, tier) in raw.tiers.iter().enumerate() {
        let Some(beside) = &tier.beside else { continue };
        let key = format!("tiers[{i}].beside");
        if !raw.ranked || raw.kind == Kind::Cluster {
            let problem = ("of tiers that are not ranked none is better", "层级没有高低之分，无须再说明并列");
            return Err(document.error(&key, problem, ("remove it", "请删去")));
        }
        if raw.stay.is_some_and(|stay| stay.grace_days.is_some() || stay.minimum_days.is_some()) {
            let problem = (
                "grace_days and minimum_days keep from worse tiers, so each must be better or worse",
                "grace_days 与 minimum_days 用于防止降级，各层级须分出高低",
            );
            let cure = ("remove it, or these", "请删去此键，或删去那两项");
            return Err(document.error(&key, problem, cure));
        }
        for other in beside {
            if *other == tier.id || !raw.tiers.iter().any(|known| known.id == *other) {
                let problem = (
                    format!("`{other}` is no other tier of this scheme"),
                    format!("`{other}` 不是本方案的其他层级"),
                );
                return Err(document.error(&key, problem, ("name tiers of the list", "请写列表中的层级")));
            }
        }
    }
    Ok(())
}
