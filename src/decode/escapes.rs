//! Lines of seven bits that are more than ASCII: ISO 2022, HZ and UTF-7.

use std::sync::LazyLock;

use super::Encoding;
use super::guess::{Family, Guesser};
use super::look::Look;

const ESC: u8 = 0x1B;
const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;

/// Bytes of lines that make sense with the escapes of a line before, where no way back follows: ASCII hardly ever does.
const ENOUGH: usize = 16;

const HZ: &str = "hz-gb-2312";

/// Bits by which UTF-7 must read better than ASCII.
const SURE: f32 = 4.0;

struct Encodings {
    jp: Encoding,
    kr: Option<Encoding>,
    cn: Option<Encoding>,
    jp2: Option<Encoding>,
    hz: Option<Encoding>,
    utf7: Option<Encoding>,
}

static ENCODINGS: LazyLock<Encodings> = LazyLock::new(|| Encodings {
    jp: Encoding::ISO_2022_JP,
    kr: Encoding::for_label("iso-2022-kr"),
    cn: Encoding::for_label("iso-2022-cn"),
    jp2: Encoding::for_label("iso-2022-jp-2"),
    hz: Encoding::for_label(HZ),
    utf7: Encoding::for_label("utf-7"),
});

/// What the bytes of a document hold of this kind; most hold nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    escapes: bool,
    /// Lines of ISO-2022-KR have escapes only in the header of a mail.
    korean: bool,
    tildes: bool,
    pluses: bool,
}

impl Signs {
    /// `look`: what was seen of the bytes.
    #[inline]
    pub(super) fn of(bytes: &[u8], look: &Look<'_>) -> Self {
        let escapes = look.controls && memchr::memchr2(ESC, SHIFT_OUT, bytes).is_some();
        let korean = escapes && memchr::memmem::find(bytes, b"\x1B$)C").is_some();
        Self { escapes, korean, tildes: look.tildes, pluses: look.pluses }
    }

    pub(super) fn any(self) -> bool {
        self.escapes || self.tildes || self.pluses
    }

    /// The encoding of a line of ASCII bytes whose escapes all make sense.
    pub(super) fn encoding(self, line: &[u8], guesser: &mut Guesser, text: &mut String) -> Option<Encoding> {
        let all = &*ENCODINGS;
        let mut explains = |encoding: Option<Encoding>| {
            text.clear();
            encoding.filter(|e| e.decode_into(line, text) == 0)
        };
        if self.escapes && memchr::memchr2(ESC, SHIFT_OUT, line).is_some() {
            let shifts = |names: &[&[u8]]| {
                memchr::memchr_iter(ESC, line).any(|at| names.iter().any(|name| line[at + 1..].starts_with(name)))
            };
            let found = match () {
                () if shifts(&[b"$)C"]) => explains(all.kr),
                () if shifts(&[b"$)A", b"$)G", b"$*H"]) => explains(all.cn),
                () if shifts(&[b"$B", b"$@", b"(J", b"(I"]) => explains(Some(all.jp)).or_else(|| explains(all.jp2)),
                () if shifts(&[b"$A", b"$(C", b"$(D", b".A", b".F"]) => explains(all.jp2),
                () if self.korean => explains(all.kr),
                () => None,
            };
            return found.filter(|_| line.is_ascii());
        }
        if self.tildes && memchr::memmem::find(line, b"~{").is_some() {
            return explains(all.hz).filter(|_| !text.is_ascii());
        }
        if self.pluses && line.is_ascii() && shifts_to_base64(line) {
            let utf7 = explains(all.utf7)?;
            if text.is_ascii() || text.chars().any(|c| c.is_control() && !c.is_ascii_whitespace()) {
                return None;
            }
            let best = guesser.candidates(line, Family::Seven);
            return best.first().is_some_and(|b| b.encoding == utf7 && b.margin >= SURE).then_some(utf7);
        }
        None
    }
}

/// Where escapes are in force beyond the end of a line, against the standards of mail: until which line, in `encoding` from the
/// first of these on. They make sense in all of these lines, in the last of which a way back to ASCII stands; without it there
/// is enough text. If not, the number of lines is what was looked at in vain.
pub(super) fn go_on<'a>(
    mut encoding: Encoding,
    lines: impl Iterator<Item = &'a [u8]>,
    text: &mut String,
) -> Result<usize, usize> {
    let (mut count, mut size) = (0, 0);
    for line in lines {
        count += 1;
        size += line.len();
        text.clear();
        // A writer that says anew what is in force did not mean it to be.
        if !line.is_ascii() || begins_anew(line, encoding) || encoding.decode_into(line, text) > 0 {
            return Err(count);
        }
        match encoding.after(line) {
            Some(next) => encoding = next,
            None => return Ok(count),
        }
    }
    if size >= ENOUGH && !must_close(encoding) { Ok(count) } else { Err(count) }
}

/// True where a way out of ASCII is nothing without the way back.
pub(super) fn must_close(encoding: Encoding) -> bool {
    encoding.name() == HZ
}

/// True for a line whose first escape says what is in force already.
fn begins_anew(line: &[u8], encoding: Encoding) -> bool {
    let force = encoding.in_force();
    let name = force.strip_suffix(&[SHIFT_OUT]).unwrap_or(force);
    let first = line.iter().position(|b| matches!(*b, ESC | SHIFT_OUT | SHIFT_IN));
    first.is_some_and(|at| {
        let rest = &line[at..];
        rest[0] == SHIFT_OUT || rest.starts_with(b"$@") || (!name.is_empty() && rest.starts_with(name))
    })
}

/// True when a plus sign and as many base64 digits as a character needs stand in it, and no run that is shorter.
fn shifts_to_base64(line: &[u8]) -> bool {
    let mut found = false;
    for at in memchr::memchr_iter(b'+', line) {
        match line.get(at + 1) {
            _ if begins_base64(&line[at + 1..]) => found = true,
            Some(b'-') => {}
            _ if at > 0 && (line[at - 1].is_ascii_alphanumeric() || line[at - 1] == b'/') => {}
            _ => return false,
        }
    }
    found
}

/// True where there are as many base64 digits as a character of UTF-7 has at least.
pub(super) fn begins_base64(bytes: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+');
    bytes.first_chunk::<3>().is_some_and(|digits| digits.iter().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &[u8]) -> Option<&'static str> {
        Signs::of(line, &Look::at(line, false))
            .encoding(line, &mut Guesser::default(), &mut String::new())
            .map(Encoding::name)
    }

    #[test]
    fn escapes_tell() {
        for (label, text) in [
            ("iso-2022-jp", "日本語の手紙"),
            ("iso-2022-kr", "한국어 편지"),
            ("iso-2022-cn", "中文的信"),
            ("hz-gb-2312", "中文的信 and more"),
            ("utf-7", "Größere Änderungen für Österreich"),
            ("utf-7", "письмо домой"),
        ] {
            let encoding = Encoding::for_label(label).unwrap();
            assert_eq!(found(&encoding.encode(text).unwrap()), Some(encoding.name()), "{text}");
        }
    }

    #[test]
    fn source_code_and_formulas_are_ascii() {
        for line in [
            "a+b-c",
            "x = a+b; y = c+d-e;",
            "for (i = 0; i < n; i++) sum += v[i]+w[i];",
            "int total=first+second-third;",
            "C++ and Objective-C++",
            "+1-202-555-0123",
            "name+tag@example.org, other+word-list@example.org",
            "q=rust+utf+encoding-detection&lang=en",
            "a = ~{b, c}; d = ~{e}",
            "SGVsbG8+V29ybGQ/aGVsbG8=",
            "\x1B[31mred\x1B[0m",
        ] {
            assert_eq!(found(line.as_bytes()), None, "{line}");
        }
    }
}
