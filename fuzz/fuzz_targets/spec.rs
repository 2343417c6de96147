//! Arbitrary text as a document of the library: it is read or refused, never a panic.

#![no_main]

use clientele_model::spec::source::SourceLayout;
use clientele_model::spec::{Alert, Metric, Questionnaire, Scheme};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let questionnaire = Questionnaire::parse("fuzz.toml", text);
    // What a questionnaire brings with it is held to the rules of what people write.
    for metric in questionnaire.iter().flat_map(Questionnaire::metrics) {
        assert!(Metric::parse("fuzz.toml", &metric.text).is_ok(), "{}", metric.text);
    }
    let refused = [
        Alert::parse("fuzz.toml", text).err(),
        Metric::parse("fuzz.toml", text).err(),
        Scheme::parse("fuzz.toml", text).err(),
        SourceLayout::parse("fuzz.toml", text).err(),
        questionnaire.err(),
    ];
    for error in refused.iter().flatten() {
        assert!(error.line > 0);
        assert!([&error.problem, &error.cure].iter().all(|text| !text.is_incomplete()));
    }
});
