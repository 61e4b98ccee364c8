//! Character references in the text of a page: as the HTML standard reads them, also those without a semicolon.

use crate::repair::entities::{self, Value};

/// The reference that `body`, the text after `&`, begins with: what it stands for and its length.
pub(super) fn reference(body: &[u8]) -> Option<(Value, usize)> {
    entities::reference(body, false).or_else(|| match body.first()? {
        b'#' => entities::digits(body).and_then(|(code, end)| Some((Value::Char(char::from_u32(code)?), end))),
        _ => open(body),
    })
}

/// A name that needs no semicolon: `&copy 2020`.
fn open(body: &[u8]) -> Option<(Value, usize)> {
    let end = body.iter().take(LONGEST).take_while(|b| b.is_ascii_alphanumeric()).count();
    (2..=end).rev().find_map(|length| {
        let word = std::str::from_utf8(&body[..length]).ok()?;
        Some((Value::Text(entities::open(word)?), length))
    })
}

/// Longest name that needs no semicolon.
const LONGEST: usize = 6;
