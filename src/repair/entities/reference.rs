//! One character reference: the part after `&`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::repair::c1_controls::windows_1252;

/// What a reference stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Char(char),
    Text(&'static str),
}

impl Value {
    pub(crate) fn as_str<'a>(&'a self, utf8: &'a mut [u8; 4]) -> &'a str {
        match self {
            Self::Char(c) => c.encode_utf8(utf8),
            Self::Text(text) => text,
        }
    }
}

/// The reference that `body`, the text after `&`, begins with, and its length. Without a semicolon only where no text
/// without markup would have it; `strict` asks for the semicolon always.
pub(crate) fn reference(body: &[u8], strict: bool) -> Option<(Value, usize)> {
    match body.first()? {
        b'#' => number(body, strict),
        b'a'..=b'z' | b'A'..=b'Z' => name(body, strict),
        _ => None,
    }
}

/// Longest name, `;` not counted.
const LONGEST: usize = 31;
/// Most digits: leading zeros are usual.
const DIGITS: usize = 23;

fn name(body: &[u8], strict: bool) -> Option<(Value, usize)> {
    let end = body.iter().take(LONGEST + 1).take_while(|b| b.is_ascii_alphanumeric()).count();
    let names = &*NAMES;
    let word = std::str::from_utf8(&body[..end]).ok()?;
    if let (Some(b';'), Some(text)) = (body.get(end), names.all.get(word)) {
        return Some((Value::Text(text), end + 1));
    }
    if strict {
        return None;
    }
    let open = !matches!(body.get(end), Some(b'=' | b';'));
    if SURE.contains(&word) && open {
        return names.all.get(word).map(|text| (Value::Text(text), end));
    }
    let (length, text) = names.accented.iter().find(|(n, _)| word.starts_with(n)).map(|(n, text)| (n.len(), *text))?;
    open.then_some((Value::Text(text), length))
}

fn number(body: &[u8], strict: bool) -> Option<(Value, usize)> {
    let (code, end) = digits(body)?;
    let closed = body.get(end) == Some(&b';');
    let sure = code >= 128 && !body.get(end).is_some_and(|b| b.is_ascii_alphabetic() && body[1] | 0x20 == b'x');
    if !closed && (strict || !sure) || strict && code == u32::from(b';') {
        return None;
    }
    let end = end + usize::from(closed);
    if let (false, 0xD800..=0xDBFF, Some((low @ 0xDC00..=0xDFFF, length))) = (strict, code, next(&body[end..])) {
        // An emoji written by a program that knows only halves of it.
        let c = char::from_u32(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00))?;
        return Some((Value::Char(c), end + length));
    }
    let value = match code {
        0 | 0xD800..=0xDFFF | 0x11_0000.. => Value::Char('\u{FFFD}'),
        0x01..=0x08 | 0x0B | 0x0E..=0x1F | 0x7F | 0xFDD0..=0xFDEF => Value::Text(""),
        _ if code & 0xFFFE == 0xFFFE => Value::Text(""),
        _ => Value::Char(windows_1252(code).or(char::from_u32(code))?),
    };
    Some((value, end))
}

/// The number of the reference that follows, and its length.
fn next(rest: &[u8]) -> Option<(u32, usize)> {
    let (code, end) = digits(rest.strip_prefix(b"&")?)?;
    (rest.get(end + 1) == Some(&b';')).then_some((code, end + 2))
}

/// The number after `#`, decimal or with `x` hexadecimal, and where it ends.
pub(crate) fn digits(body: &[u8]) -> Option<(u32, usize)> {
    let hex = matches!(body.get(1)?, b'x' | b'X');
    let (start, radix) = if hex { (2, 16) } else { (1, 10) };
    let digits = body.get(start..)?.iter().take(DIGITS + 1).map_while(|b| char::from(*b).to_digit(radix));
    let (code, count) = digits.fold((0u32, 0), |(code, n), d| (code.saturating_mul(radix).saturating_add(d), n + 1));
    (1..=DIGITS).contains(&count).then_some((code, start + count))
}

/// What a name means that HTML accepts without a semicolon.
pub(crate) fn open(name: &str) -> Option<&'static str> {
    NAMES.legacy.get(name).copied()
}

/// Names of which nothing else is written: text has them without a semicolon where markup was cut off carelessly.
const SURE: [&str; 4] = ["amp", "quot", "lt", "gt"];

/// Ends of the names of letters with accents, and of ligatures.
const ACCENTS: [&str; 9] = ["acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "slash", "lig"];

struct Names {
    /// Those with a semicolon.
    all: HashMap<String, Cow<'static, str>>,
    /// Letters with accents of HTML 4, and the no-break space: also inside a word they may lack the semicolon.
    accented: Vec<(&'static str, &'static str)>,
    /// Those that may lack the semicolon.
    legacy: HashMap<&'static str, &'static str>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let parts = |e: &entities::Entity| Some((e.entity.strip_prefix('&')?, e.characters));
    let (closed, legacy): (Vec<_>, Vec<_>) =
        entities::ENTITIES.iter().filter_map(parts).partition(|(n, _)| n.ends_with(';'));
    let mut all: HashMap<_, _> =
        closed.iter().map(|(n, text)| (n.trim_end_matches(';').to_owned(), Cow::Borrowed(*text))).collect();
    // Programs that write everything in capitals do so with names too: `&EACUTE;` is É, if no other name begins so.
    let is_small = |name: &str| !name.bytes().any(|b| b.is_ascii_uppercase());
    let capital: Vec<&str> =
        legacy.iter().map(|(l, _)| *l).filter(|l| !l.bytes().any(|b| b.is_ascii_lowercase())).collect();
    for (name, text) in closed.iter().map(|(n, text)| (n.trim_end_matches(';'), text)).filter(|(n, _)| is_small(n)) {
        let capitals = name.to_ascii_uppercase();
        if !all.contains_key(&capitals) && !capital.iter().any(|c| capitals.starts_with(c)) {
            all.insert(capitals, Cow::Owned(text.to_uppercase()));
        }
    }
    let is_accented = |n: &str| ACCENTS.iter().any(|a| n.strip_suffix(a).is_some_and(|letter| !letter.is_empty()));
    let accented = legacy.iter().copied().filter(|(n, _)| is_accented(n) || *n == "nbsp").collect();
    Names { all, accented, legacy: legacy.into_iter().collect() }
});

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, strict: bool) -> Option<(String, usize)> {
        let (value, length) = reference(text.as_bytes(), strict)?;
        Some((value.as_str(&mut [0; 4]).to_owned(), length))
    }

    #[test]
    fn references_are_read() {
        for (body, text, length) in [
            ("eacute;", "é", 7),
            ("CounterClockwiseContourIntegral;", "∳", 32),
            ("NotEqualTilde;", "≂\u{338}", 14),
            ("#233;", "é", 5),
            ("#0000233;", "é", 9),
            ("#xE9;", "é", 5),
            ("#X1F600;", "😀", 8),
            ("#150;", "–", 5),
            ("#55357;&#56832;", "😀", 15),
            ("#55357;", "\u{FFFD}", 7),
            ("#0;", "\u{FFFD}", 3),
            ("#1114112;", "\u{FFFD}", 9),
            ("#7;", "", 3),
            ("EACUTE;", "É", 7),
            ("SZLIG;", "SS", 6),
            ("nbsp ", "\u{a0}", 4),
            ("nbspkg", "\u{a0}", 4),
            ("eacutefique", "é", 6),
            ("szlige", "ß", 5),
            ("#8217s", "’", 5),
        ] {
            assert_eq!(read(body, false), Some((text.to_owned(), length)), "{body}");
            let closed = length == body.len() && body.ends_with(';') && !body.contains('&');
            assert_eq!(read(body, true).is_some(), closed || body == "#55357;&#56832;", "{body}");
        }
    }

    #[test]
    fn what_is_none_stays() {
        for body in [
            "",
            ";",
            "#;",
            "#x;",
            "#xg;",
            "# 12;",
            "T",
            "D &",
            "copy=2",
            "not that",
            "section",
            "nbsp=1",
            "ampere",
            "aring=3",
            "nosuchname;",
            "#12 ",
            "#xE9cole",
            "nTILDE;",
            "#99999999999999999999999999;",
        ] {
            assert_eq!(read(body, false), None, "{body}");
        }
    }
}
