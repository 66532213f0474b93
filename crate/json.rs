//! Reading JSON: every error names the field that it is about.

use serde::de::DeserializeOwned;

use crate::error::LabError;

/// Why a text was not understood.
#[derive(Debug)]
pub struct Misread {
    /// Path of the field, such as `network.width`, or what the whole is called.
    pub field: String,
    /// What is wrong with it. Where in the text it stands is said only where the text is no JSON, which no field tells.
    pub message: String,
}

impl From<Misread> for LabError {
    fn from(Misread { field, message }: Misread) -> Self {
        Self::field(field, message)
    }
}

/// Reads a text that holds one JSON value and nothing else; `whole` is what it is called.
pub fn read<T: DeserializeOwned>(text: &str, whole: &str) -> Result<T, Misread> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let field = if matches!(path.as_str(), "." | "?") { whole.to_owned() } else { path };
        Misread { field, message: message(error.inner()) }
    })?;
    reader.end().map_err(|error| Misread { field: whole.to_owned(), message: error.to_string() })?;
    Ok(value)
}

fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(told) if error.is_data() => told.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Whole {
        parts: Vec<Part>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Part {
        size: u8,
        kind: Option<Kind>,
        shade: Option<Shade>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Round,
        Square,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Shade {
        Light,
        Grey,
        Dark,
    }

    fn misread(text: &str) -> (String, String) {
        let Misread { field, message } = read::<Whole>(text, "whole").expect_err(text);
        (field, message)
    }

    #[test]
    fn the_field_is_named_and_its_place_is_not() {
        let part = |fields: &str| format!(r#"{{"parts":[{{"size":1}},{{{fields}}}]}}"#);
        for (text, field, message) in [
            ("{}".to_owned(), "whole", "missing field `parts`"),
            (r#"{"part":[]}"#.to_owned(), "part", "unknown field `part`, expected `parts`"),
            (part(r#""size":-1"#), "parts[1].size", "invalid value: integer `-1`, expected u8"),
            (part(r#""size":"1""#), "parts[1].size", "invalid type: string \"1\", expected u8"),
            (
                part(r#""kind":"flat""#),
                "parts[1].kind",
                "unknown variant `flat`, expected `round` or `square`",
            ),
            (
                part(r#""shade":"red""#),
                "parts[1].shade",
                "unknown variant `red`, expected one of `light`, `grey`, `dark`",
            ),
        ] {
            assert_eq!(misread(&text), (field.to_owned(), message.to_owned()));
        }
    }

    #[test]
    fn what_is_no_json_is_told_by_its_place() {
        assert_eq!(misread("{\n\"parts\":[}").1, "expected value at line 2 column 10");
        assert_eq!(
            misread(r#"{"parts":[]} x"#),
            ("whole".into(), "trailing characters at line 1 column 14".into())
        );
    }
}
