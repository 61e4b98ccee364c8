//! JSON as some programs write it: divided in ways of their own, and with what JSON does not know.

use std::io::Write as _;

/// What stands before each object of a sequence (RFC 7464).
const SEPARATOR: u8 = 0x1E;

/// Numbers that are none.
const NO_NUMBERS: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];

/// The objects of a line; a carriage return may divide them.
pub(super) fn pieces(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let next = |at: usize| rest[at..].iter().find(|b| !b.is_ascii_whitespace());
        let divides = |at: &usize| rest[..*at].ends_with(b"}") && matches!(next(*at), Some(b'{' | &SEPARATOR));
        let at = memchr::memchr_iter(b'\r', rest).find(divides).map_or(rest.len(), |at| at + 1);
        let piece = rest.split_off(..at)?;
        (!piece.is_empty()).then_some(piece)
    })
}

/// A line without what stands before objects of a sequence.
pub(super) fn without_separators(line: &[u8]) -> &[u8] {
    &line[line.iter().take_while(|b| **b == SEPARATOR || b.is_ascii_whitespace()).count()..]
}

/// JSON of what programs write that is none: control characters in strings as they are, and numbers that are none (`NaN`, `Infinity`),
/// for which JSON has `null`. `None` where there is nothing of that.
pub(super) fn strict(line: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(line.len() + 16);
    let (mut rest, mut in_string) = (line, false);
    while let Some(&byte) = rest.first() {
        let number = if in_string { None } else { NO_NUMBERS.iter().find(|word| rest.starts_with(word)) };
        let used = match (byte, number) {
            (_, Some(word)) => {
                out.extend_from_slice(b"null");
                word.len()
            }
            (b'\\', _) if in_string && rest.len() > 1 => {
                out.extend_from_slice(&rest[..2]);
                2
            }
            (..0x20, _) if in_string => {
                // Writing to memory does not fail.
                let _ = write!(out, "\\u{byte:04x}");
                1
            }
            _ => {
                in_string ^= byte == b'"';
                out.push(byte);
                1
            }
        };
        rest = &rest[used..];
    }
    (out != line).then_some(out)
}
