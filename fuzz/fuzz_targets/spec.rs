//! Arbitrary text as a document of the library: it is read or refused, never a panic.

#![no_main]

use clientele_model::spec::metric::Metric;
use clientele_model::spec::scheme::Scheme;
use clientele_model::spec::source::SourceLayout;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let refused = [
        Metric::parse("fuzz.toml", text).err(),
        Scheme::parse("fuzz.toml", text).err(),
        SourceLayout::parse("fuzz.toml", text).err(),
    ];
    for error in refused.iter().flatten() {
        assert!(!error.to_string().is_empty());
    }
});
