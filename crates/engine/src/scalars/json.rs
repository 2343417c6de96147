//! One member of a JSON object, without building the rest of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// The value of a key of an object; none when the text is no object or does not have the key. What
/// follows the key is not read, so that a fault there goes unseen. Of several equal keys the first.
pub fn member(json: &str, key: &str) -> Option<Value> {
    // A key that is written plainly can be looked for plainly, and most objects lack most keys.
    if !json.contains(key) && !json.contains('\\') {
        return None;
    }
    let mut found = None;
    let mut reader = serde_json::Deserializer::from_str(json);
    // It always fails where the key was found: the object is left before its end.
    reader.deserialize_map(Search { key, found: &mut found }).ok();
    found
}

struct Search<'a> {
    key: &'a str,
    found: &'a mut Option<Value>,
}

impl<'de> Visitor<'de> for Search<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(is_it) = object.next_key_seed(Is(self.key))? {
            if is_it {
                *self.found = Some(object.next_value()?);
                return Ok(());
            }
            object.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Whether a text is the given one.
struct Is<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        Ok(text == self.0)
    }
}
