//! This is the head of a record: its id and metadata, without reading its text.

use super::{Field, Given};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// What a record says of itself beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// Its `id`, a string or a number.
    pub id: Option<String>,
    /// Its metadata, also those in an object `metadata`.
    pub given: Given,
}

impl Head {
    /// Reads it; a record that is no JSON object has an empty head, and reading its text will say why.
    pub fn of(line: &[u8]) -> Self {
        serde_json::from_slice(line).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Record;
        impl<'de> Visitor<'de> for Record {
            type Value = Head;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
                let mut head = Head::default();
                while let Some(key) = map.next_key::<std::borrow::Cow<'_, str>>()? {
                    match key.as_ref() {
                        "id" => head.id = words(&map.next_value()?),
                        "text" | "sections" => drop(map.next_value::<IgnoredAny>()?),
                        "metadata" => {
                            if let Value::Object(fields) = map.next_value()? {
                                fields.iter().for_each(|(key, value)| head.add(key, value));
                            }
                        }
                        key if Field::called(key).is_some() => {
                            let key = key.to_owned();
                            head.add(&key, &map.next_value()?);
                        }
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(head)
            }
        }
        deserializer.deserialize_map(Record)
    }
}

impl Head {
    fn add(&mut self, key: &str, value: &Value) {
        if let (Some(field), Some(words)) = (Field::called(key), words(value)) {
            self.given.set(field, &words);
        }
    }
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(words) if !words.trim().is_empty() => Some(words.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_records() {
        let head =
            Head::of(br#"{"text":"Sam \u00e9","id":7,"team":" North ","metadata":{"Primary need":"ASD","x":[1]}}"#);
        assert_eq!(head.id.as_deref(), Some("7"));
        assert_eq!((head.given.get(Field::Team), head.given.get(Field::Need)), (Some("North"), Some("ASD")));
        assert_eq!(Head::of(b"[1]"), Head::default());
        assert_eq!(Head::of(b"{\"id\":\"a\""), Head::default());
    }
}
