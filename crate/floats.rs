//! Float32 numbers in JSON: a list when a person writes them, base64 when the program does.
//!
//! Base64 of little-endian float32 keeps every bit and is a third of the length of decimal digits.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A list of numbers that may be long.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Floats(pub Vec<f32>);

impl Serialize for Floats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|value| value.to_le_bytes()).collect();
        serializer.serialize_str(&STANDARD.encode(bytes))
    }
}

impl<'de> Deserialize<'de> for Floats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Floats;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a list of numbers, or base64 of little-endian float32")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Floats, E> {
                let bytes =
                    STANDARD.decode(text).map_err(|error| E::custom(format!("no base64: {error}")))?;
                let (whole, rest) = bytes.as_chunks::<4>();
                if !rest.is_empty() {
                    return Err(E::custom(format!(
                        "the base64 holds {} bytes, which are no whole float32 numbers",
                        bytes.len()
                    )));
                }
                Ok(Floats(whole.iter().map(|word| f32::from_le_bytes(*word)).collect()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Floats, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                Ok(Floats(values))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_survives_and_a_list_is_read_too() {
        let values = Floats(vec![0.1, -0.0, f32::MIN_POSITIVE / 8.0, 3.4e38]);
        let text = serde_json::to_string(&values).unwrap();
        let back: Floats = serde_json::from_str(&text).unwrap();
        let bits = |floats: &Floats| floats.0.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&back), bits(&values));
        assert_eq!(serde_json::from_str::<Floats>("[1, 0.5]").unwrap(), Floats(vec![1.0, 0.5]));
    }

    #[test]
    fn what_is_neither_is_refused_with_a_reason() {
        for (text, reason) in [("\"AAAA\"", "3 bytes"), ("\"*\"", "no base64"), ("{}", "list of numbers")] {
            let error = serde_json::from_str::<Floats>(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
