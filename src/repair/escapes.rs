//! Escapes of programming languages left in text: `\u00e9`, `\U0001F600`, `\u{e9}`, `\xc3\xa9`. Off unless asked for, since
//! text about programs has them too.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Escapes;

impl Repair for Escapes {
    fn name(&self) -> &'static str {
        "escapes"
    }

    fn about(&self) -> &'static str {
        "escapes such as \\u00e9 and \\xc3\\xa9 become the characters that they stand for"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("caf\\u00e9 \\ud83d\\ude00", "café 😀")
    }

    fn signs(&self) -> Signs {
        Signs::ALL
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        memchr::memchr(b'\\', text.as_bytes()).is_some()
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let bytes = text.as_bytes();
        let mut word = String::new();
        out.patch(text, |patch| {
            let mut done = 0;
            for at in memchr::memchr_iter(b'\\', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\\')) {
                // A backslash before another makes it stand for itself.
                if at < done || at > 0 && bytes[at - 1] == b'\\' {
                    continue;
                }
                word.clear();
                if let Some(length) = escape(&bytes[at..], &mut word) {
                    done = at + length;
                    patch.replace(at, done, &word);
                }
            }
        });
    }
}

/// Appends what the escape stands for that `bytes` begins with, and says how long it is.
fn escape(bytes: &[u8], out: &mut String) -> Option<usize> {
    let (code, length) = match bytes.get(1)? {
        b'x' => return Some(byte_escapes(bytes, out)).filter(|length| *length > 0),
        b'U' => (hex(bytes.get(2..10)?)?, 10),
        b'u' if bytes.get(2) == Some(&b'{') => {
            let digits = bytes[3..].iter().take(7).position(|b| *b == b'}').filter(|n| *n > 0)?;
            (hex(&bytes[3..3 + digits])?, 4 + digits)
        }
        b'u' => unit(bytes)?,
        _ => return None,
    };
    if let (0xD800..=0xDBFF, Some((low @ 0xDC00..=0xDFFF, more))) = (code, unit(&bytes[length..])) {
        out.extend(char::from_u32(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)));
        return Some(length + more);
    }
    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    // A backslash that comes of it would begin another escape.
    (c != '\\').then(|| out.push(c))?;
    Some(length)
}

/// `\uXXXX`.
fn unit(bytes: &[u8]) -> Option<(u32, usize)> {
    Some((hex(bytes.strip_prefix(b"\\u")?.get(..4)?)?, 6))
}

/// Bytes one after another: UTF-8 if they are, else Latin-1. Those of ASCII stay.
fn byte_escapes(bytes: &[u8], out: &mut String) -> usize {
    let code = |escape: &[u8]| hex(escape.strip_prefix(b"\\x")?).filter(|code| *code >= 0x80);
    let codes: Vec<u8> = bytes.chunks_exact(4).map_while(code).map(|code| code as u8).collect();
    match std::str::from_utf8(&codes) {
        Ok(text) => out.push_str(text),
        Err(_) => out.extend(codes.iter().map(|b| char::from(*b))),
    }
    codes.len() * 4
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |code, b| Some(code << 4 | char::from(*b).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn escapes_become_characters() {
        let profile = Profile::none().with("escapes", Setting::On).unwrap();
        for (broken, right) in [
            ("\\u00e9t\\u{e9} \\U0001F600 \\ud83d\\ude00", "été 😀 😀"),
            ("caf\\xc3\\xa9, caf\\xe9", "café, café"),
            ("\\ud83d alone", "\u{fffd} alone"),
            ("C:\\users\\\\u00e9 \\u12 \\x41 \\n \\", "C:\\users\\\\u00e9 \\u12 \\x41 \\n \\"),
            ("\\u005cu00e9", "\\u005cu00e9"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
        assert_eq!(repair("caf\\u00e9", &Profile::standard()), "caf\\u00e9");
    }
}
