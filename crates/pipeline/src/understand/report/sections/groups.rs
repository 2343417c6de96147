//! The chapters of the catalogue.

/// A chapter: its id, its name in English and in Chinese, and its schemes.
pub struct Chapter {
    pub id: &'static str,
    pub name: (&'static str, &'static str),
    schemes: &'static [&'static str],
}

/// All chapters, in their order; the last takes every scheme that no other names.
pub const CHAPTERS: [Chapter; 10] = [
    Chapter {
        id: "value",
        name: ("Value", "价值"),
        schemes: &[
            "spend-tier",
            "value-core",
            "value-tier",
            "importance",
            "abc",
            "profit-tier",
            "clv-tier",
            "rfm-11",
            "rfm-8",
            "rfm-6",
            "rfm-bands",
            "key-account",
            "high-value",
            "medal",
            "rating",
            "mass-discount",
            "purchase-power",
            "loyalty-power",
            "store-customer",
            "vip-bank",
            "vip-travel",
            "vip-shop",
            "value-margin-share",
            "value-predicted",
        ],
    },
    Chapter {
        id: "behaviour",
        name: ("Behaviour", "行为"),
        schemes: &[
            "frequency-tier",
            "buyer-habit",
            "behaviour",
            "engagement",
            "price-sensitivity",
            "channel",
            "payment",
            "daypart",
            "week-part",
            "weekday",
            "purchase-cycle",
            "decision-stage",
            "variety",
        ],
    },
    Chapter {
        id: "lifecycle",
        name: ("Lifecycle", "生命周期"),
        schemes: &[
            "lifecycle",
            "lifecycle-loyal",
            "four-types",
            "relationship",
            "activity-status",
            "churn-risk",
        ],
    },
    Chapter {
        id: "sales",
        name: ("Intent and sales", "意向与销售"),
        schemes: &[
            "intent-grade",
            "close-time",
            "intent-level",
            "prospect-standard",
            "buying-power",
            "buying-need",
            "buyer-kind",
            "funnel-stage",
        ],
    },
    Chapter {
        id: "loyalty",
        name: ("Loyalty and satisfaction", "忠诚与满意"),
        schemes: &["loyalty", "nps", "satisfaction", "perceived-value"],
    },
    Chapter {
        id: "needs",
        name: ("Needs and psychology", "需求与心理"),
        schemes: &[
            "need-function",
            "need-price",
            "need-service",
            "social-style",
            "decision-style",
            "communication-style",
            "values",
            "sales-style",
            "motive",
        ],
    },
    Chapter {
        id: "profile",
        name: ("Who and where", "客户属性与地域"),
        schemes: &[
            "kind",
            "household",
            "region",
            "domestic",
            "settlement",
            "demography",
            "age",
            "age-band",
            "gender",
            "occupation",
            "interest",
            "interests",
        ],
    },
    Chapter {
        id: "society",
        name: ("Groups and society", "群体与社会"),
        schemes: &["adopter", "influence", "belonging"],
    },
    Chapter { id: "data", name: ("From the data", "数据聚类"), schemes: &["clusters"] },
    Chapter { id: "others", name: ("Others", "其他"), schemes: &[] },
];

/// The place of a scheme's chapter. Names with a further word go with what they begin with: `region-country` with
/// `region`.
pub fn chapter(scheme: &str) -> usize {
    let named = |chapter: &Chapter| chapter.schemes.contains(&scheme);
    let begins = |chapter: &Chapter| {
        chapter.schemes.iter().any(|s| scheme.strip_prefix(s).is_some_and(|rest| rest.starts_with('-')))
    };
    let found = CHAPTERS.iter().position(named).or_else(|| CHAPTERS.iter().position(begins));
    found.unwrap_or(CHAPTERS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheme_has_a_chapter() {
        let of = |scheme| CHAPTERS[chapter(scheme)].id;
        assert_eq!(of("lifecycle-loyal"), "lifecycle");
        assert_eq!(of("demography-age"), "profile");
        assert_eq!(of("value-core"), "value");
        assert_eq!(of("house-rule"), "others");
    }
}
