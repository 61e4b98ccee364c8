//! A JSON object whose members stay as they are written: order, number text and escapes.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::source::lossy_string;

/// Members in their order.
#[derive(Default)]
pub(super) struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    /// The string in a member.
    pub(super) fn string(&self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(n, _)| n == name)?;
        Some(lossy_string(value.get())?.0)
    }

    /// The text that a filter works on.
    pub(super) fn text(&self) -> Result<String, String> {
        Ok(self.text_and_surrogates()?.0)
    }

    /// The same, with U+FFFD for lone surrogates, and how many there were.
    pub(super) fn text_and_surrogates(&self) -> Result<(String, u32), String> {
        let value = self.0.iter().find(|(n, _)| n == "text");
        let text = value.and_then(|(_, value)| lossy_string(value.get()));
        text.ok_or_else(|| "no field \"text\" with a string".to_owned())
    }

    /// Sets a member, in its old place if it has one.
    pub(super) fn set(&mut self, name: &str, value: &impl Serialize) {
        // Strings, numbers and lists of them always have a JSON form.
        let Ok(value) = to_raw_value(value) else { return };
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Appends it as one line.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for (i, (name, value)) in self.0.iter().enumerate() {
            out.push(if i == 0 { b'{' } else { b',' });
            out.extend_from_slice(serde_json::to_string(name).unwrap_or_default().as_bytes());
            out.push(b':');
            out.extend_from_slice(value.get().as_bytes());
        }
        out.extend_from_slice(if self.0.is_empty() { b"{}\n" } else { b"}\n" });
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        de.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_are_replaced() {
        let object: Object = serde_json::from_str(r#"{"text":"\ud83d\ude00 \ud83d"}"#).unwrap();
        assert_eq!(object.text_and_surrogates().unwrap(), ("😀 \u{fffd}".to_owned(), 1));
    }

    #[test]
    fn what_is_not_set_stays_as_written() {
        let mut object: Object =
            serde_json::from_str(r#"{"z": 1.50, "text":"a\u00e9", "a":[1,  2], "n":12345678901234567890123}"#).unwrap();
        assert_eq!(object.text().unwrap(), "aé");
        object.set("text", &"b");
        object.set("new", &[1, 2]);
        let mut out = Vec::new();
        object.write(&mut out);
        let want = r#"{"z":1.50,"text":"b","a":[1,  2],"n":12345678901234567890123,"new":[1,2]}"#;
        assert_eq!(String::from_utf8(out).unwrap(), format!("{want}\n"));
    }
}
