//! Escape sequences of terminals (ECMA-48), which make text coloured where it is printed and are noise in a corpus.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct AnsiEscapes;

const ESC: u8 = 0x1B;
/// What ends a C1 control sequence here: colours, the cursor, erasing, modes. Others may be cp1252's `›`.
const C1_FINAL: &[u8] = b"mABCDHJKfhlsu";

impl Repair for AnsiEscapes {
    fn name(&self) -> &'static str {
        "ansi-escapes"
    }

    fn about(&self) -> &'static str {
        "escape sequences of terminals are removed"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("\u{1b}[1;32mok\u{1b}[0m", "ok")
    }

    fn signs(&self) -> Signs {
        Signs::ESCAPE
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let bytes = text.as_bytes();
        out.patch(text, |patch| {
            let mut end = 0;
            for at in
                memchr::memchr2_iter(ESC, 0x9B, bytes).filter(|at| text.is_char_boundary(*at) || bytes[at - 1] == 0xC2)
            {
                // U+009B is C2 9B; a sequence may have what looks like the beginning of another inside.
                let from = if bytes[at] == ESC { at } else { at - 1 };
                if from < end {
                    continue;
                }
                let length = match (bytes[at], context.profile.ftfy) {
                    (ESC, true) => simple_sequence(&bytes[at..]),
                    (ESC, false) => sequence(&bytes[at..]),
                    (_, true) => 0,
                    (_, false) => c1_sequence(&bytes[from..]),
                };
                if length > 0 {
                    end = from + length;
                    patch.replace(from, end, "");
                }
            }
        });
    }
}

/// Length of the sequence that begins with ESC; 0 if it is none.
fn sequence(bytes: &[u8]) -> usize {
    match bytes.get(1) {
        Some(b'[') => control_sequence(bytes, 2),
        Some(b']' | b'P' | b'X' | b'^' | b'_') => string(bytes),
        // Character sets, keypad, saved cursor.
        Some(b'(' | b')' | b'*' | b'+') if bytes.get(2).is_some_and(u8::is_ascii_alphanumeric) => 3,
        Some(b'=' | b'>' | b'7' | b'8') => 2,
        _ => 0,
    }
}

/// Parameters, intermediate bytes, one final byte.
fn control_sequence(bytes: &[u8], start: usize) -> usize {
    let while_in =
        |from: usize, low: u8, high: u8| from + bytes[from..].iter().take_while(|b| (low..=high).contains(*b)).count();
    let end = while_in(while_in(start, 0x30, 0x3F), 0x20, 0x2F);
    if bytes.get(end).is_some_and(|b| (0x40..=0x7E).contains(b)) { end + 1 } else { 0 }
}

/// ESC, `[`, digits and semicolons, a letter.
fn simple_sequence(bytes: &[u8]) -> usize {
    if bytes.get(1) != Some(&b'[') {
        return 0;
    }
    let end = 2 + bytes[2..].iter().take_while(|b| b.is_ascii_digit() || **b == b';').count();
    if bytes.get(end).is_some_and(u8::is_ascii_alphabetic) { end + 1 } else { 0 }
}

/// A control sequence that begins with U+009B, only where parameters and a usual end say that it is one.
fn c1_sequence(bytes: &[u8]) -> usize {
    let end = 2 + bytes[2..].iter().take_while(|b| b.is_ascii_digit() || **b == b';').count();
    if end > 2 && bytes.get(end).is_some_and(|b| C1_FINAL.contains(b)) { end + 1 } else { 0 }
}

/// A string up to BEL, ESC `\` or U+009C, on one line.
fn string(bytes: &[u8]) -> usize {
    let is_end = |i: &usize| matches!(bytes[*i], 0x07 | 0x0A | ESC) || bytes[*i..].starts_with(b"\xC2\x9C");
    match (2..bytes.len()).find(is_end) {
        Some(end) if bytes[end] == 0x07 => end + 1,
        Some(end) if bytes[end] == 0xC2 || bytes[end..].starts_with(b"\x1B\\") => end + 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn sequences_go_and_text_stays() {
        let profile = Profile::none().with("ansi-escapes", Setting::On).unwrap();
        for (broken, right) in [
            ("\u{1b}[1;31mred\u{1b}[0m and \u{1b}[Kblack", "red and black"),
            ("\u{1b}[?25lhidden\u{1b}[38:2:1:2:3m cursor", "hidden cursor"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("\u{1b}]8;;https://example.org\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}]0;title\u{9c}text", "text"),
            ("\u{1b}(Bplain\u{1b}=", "plain"),
            ("\u{9b}31mred\u{9b}0m", "red"),
            ("a \u{9b}quote\u{9b} 12", "a \u{9b}quote\u{9b} 12"),
            ("é\u{1b}[31mж\u{1b}[0mя", "éжя"),
            ("\u{1b}]0;never ended\n\u{1b}[", "\u{1b}]0;never ended\n\u{1b}["),
            ("\u{1b}word", "\u{1b}word"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
