//! Values of settings that flags, TOML and JSON write as text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::lang::Label;

/// A number of bytes: `4096`, `64K`, `4M`, `1G` (powers of 1024).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "Loose")]
pub struct ByteSize(pub u64);

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let shift = match text[digits.len()..].to_ascii_lowercase().as_str() {
            "" | "b" => 0,
            "k" | "kb" | "kib" => 10,
            "m" | "mb" | "mib" => 20,
            "g" | "gb" | "gib" => 30,
            _ => return Err("takes a number of bytes such as 4096, 64K, 4M or 1G".to_owned()),
        };
        let number: u64 =
            digits.parse().map_err(|_| "takes a number of bytes such as 4096, 64K, 4M or 1G".to_owned())?;
        number.checked_mul(1 << shift).map(Self).ok_or_else(|| "is too large".to_owned())
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n > 0 && n % (1 << 30) == 0 => write!(f, "{}G", n >> 30),
            n if n > 0 && n % (1 << 20) == 0 => write!(f, "{}M", n >> 20),
            n if n > 0 && n % (1 << 10) == 0 => write!(f, "{}K", n >> 10),
            n => write!(f, "{n}"),
        }
    }
}

/// A number that is not to be exceeded, or `none`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "Loose")]
pub struct Limit(pub Option<u64>);

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "none" => Ok(Self(None)),
            number => number.parse().map(|n| Self(Some(n))).map_err(|_| "takes a number, or none".to_owned()),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("none"),
            Some(number) => write!(f, "{number}"),
        }
    }
}

/// Words with commas between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "Loose")]
pub struct Words(pub Vec<String>);

impl FromStr for Words {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        Ok(Self(text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()))
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

/// Labels to choose among; all when empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "Loose")]
pub struct LabelSet(pub Vec<Label>);

impl FromStr for LabelSet {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let names = text.split(',').map(str::trim).filter(|n| !n.is_empty());
        names.map(Label::from_str).collect::<std::result::Result<_, _>>().map(Self)
    }
}

impl fmt::Display for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(Label::to_string).collect::<Vec<_>>().join(","))
    }
}

/// A share of the inputs: `0/7` to `6/7` are all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "Loose")]
pub struct Shard {
    /// Which one, from 0.
    pub index: u32,
    /// Of how many.
    pub of: u32,
}

impl Default for Shard {
    fn default() -> Self {
        Self { index: 0, of: 1 }
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let number = |text: &str| text.parse::<u32>().ok();
        let parsed = text.split_once('/').and_then(|(index, of)| Some((number(index)?, number(of)?)));
        match parsed {
            Some((index, of)) if index < of => Ok(Self { index, of }),
            _ => Err("takes a number from 0 and how many there are, such as 0/7 up to 6/7".to_owned()),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// What TOML may hold where a flag takes text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Number(u64),
    Text(String),
    List(Vec<String>),
}

macro_rules! as_text {
    ($($name:ident)+) => { $(
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }

        impl TryFrom<Loose> for $name {
            type Error = String;

            fn try_from(value: Loose) -> std::result::Result<Self, String> {
                match value {
                    Loose::Number(n) => n.to_string().parse(),
                    Loose::Text(t) => t.parse(),
                    Loose::List(l) => l.join(",").parse(),
                }
            }
        }
    )+ };
}

as_text! { ByteSize Limit Words LabelSet Shard }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        for (text, limit) in [("none", None), ("0", Some(0)), ("17", Some(17))] {
            assert_eq!(text.parse(), Ok(Limit(limit)));
            assert_eq!(Limit(limit).to_string(), text);
        }
        assert!("-1".parse::<Limit>().is_err() && "".parse::<Limit>().is_err());
    }

    #[test]
    fn shards() {
        assert_eq!("6/7".parse(), Ok(Shard { index: 6, of: 7 }));
        assert_eq!(Shard::default().to_string().parse(), Ok(Shard::default()));
        for text in ["", "1", "7/7", "0/0", "-1/2", "1/2/3", "a/b"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [("0", 0), ("4096", 4096), ("64K", 65536), ("4m", 4 << 20), ("1GiB", 1 << 30)] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)));
        }
        assert_eq!(ByteSize(4 << 20).to_string(), "4M");
        for text in ["", "M", "4X", "-1", "99999999999G"] {
            assert!(text.parse::<ByteSize>().is_err(), "{text}");
        }
    }
}
