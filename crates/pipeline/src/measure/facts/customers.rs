//! Columns of customers, of what they allow and what they belong to.

use super::{FactColumn, age, column, exact, plain};

/// How many of the 14 fields of a profile are filled.
const KNOWN_FIELDS: &str = "(CAST(name IS NOT NULL AS BIGINT) + CAST(email IS NOT NULL AS BIGINT) \
    + CAST(phone IS NOT NULL AS BIGINT) + CAST(kind IS NOT NULL AS BIGINT) \
    + CAST(gender IS NOT NULL AS BIGINT) + CAST(birth_date IS NOT NULL AS BIGINT) \
    + CAST(company IS NOT NULL AS BIGINT) + CAST(occupation IS NOT NULL AS BIGINT) \
    + CAST(country IS NOT NULL AS BIGINT) + CAST(province IS NOT NULL AS BIGINT) \
    + CAST(city IS NOT NULL AS BIGINT) + CAST(address IS NOT NULL AS BIGINT) \
    + CAST(postcode IS NOT NULL AS BIGINT) + CAST(source_channel IS NOT NULL AS BIGINT))";

/// What sources say of a customer.
pub const CUSTOMERS: &[FactColumn] = &[
    plain("registered_at"),
    plain("birth_date"),
    plain("kind"),
    plain("gender"),
    plain("country"),
    plain("province"),
    plain("city"),
    plain("occupation"),
    plain("company"),
    plain("source_channel"),
    column("has_email", "(email IS NOT NULL)"),
    column("has_phone", "(phone IS NOT NULL)"),
    column("known_fields", KNOWN_FIELDS),
    plain("attributes"),
];

/// Permissions, given and withdrawn; of a channel the latest one counts.
pub const CONSENTS: &[FactColumn] = &[
    plain("channel"),
    plain("status"),
    plain("changed_at"),
    column("age_days", age!("changed_at")),
    plain("origin"),
];

/// Places in loyalty programmes; `age_days` counts from joining, `is_current` says that the place
/// has not run out.
pub const MEMBERSHIPS: &[FactColumn] = &[
    plain("programme"),
    plain("level"),
    column("points", exact!("points")),
    plain("joined_at"),
    plain("expires_at"),
    column("age_days", age!("joined_at")),
    column("is_current", "(expires_at IS NULL OR arrow_cast(expires_at, 'Int64') > {as_of})"),
];
