//! Marks of the Indic scripts in the order of the Unicode Standard (chapter 12): nukta, vowel sign, then what nasalizes,
//! breathes or doubles. Fonts show some wrong orders like the right one; normalization does not know the order of vowel signs.

use super::{Context, Repair, Rewrite, Signs};

/// Rank of a mark after its letter, and its script's block.
#[inline]
fn rank(c: char) -> Option<(u32, u8)> {
    let code = u32::from(c);
    let rank = *RANKS.get(code.wrapping_sub(FIRST) as usize)?;
    (rank != NONE).then_some((code >> 7, rank))
}

/// The first character of the Indic scripts.
const FIRST: u32 = 0x900;
/// The rank of what is no mark.
const NONE: u8 = u8::MAX;

/// The ranks of all characters of the Indic scripts.
static RANKS: [u8; 0xE00 - FIRST as usize] = {
    let mut ranks = [NONE; 0xE00 - FIRST as usize];
    let mut at = 0;
    while at < ranks.len() {
        let code = FIRST + at as u32;
        ranks[at] = rank_of(code & !0x7F, code & 0x7F);
        at += 1;
    }
    ranks
};

/// The rank of a character by its script's block and its place in that.
const fn rank_of(block: u32, place: u32) -> u8 {
    match (block, place) {
        // Sinhala has an order of its own in its block.
        (0xD80, 0x01..=0x03) => 2,
        (0xD80, 0x4A | 0x4F..=0x5F | 0x72 | 0x73) => 1,
        (0xD80, _) => NONE,
        // What looks like the sign of others is a letter in Tamil, a virama in Malayalam.
        (0xB80, 0x03) | (0xD00, 0x3B | 0x3C) => NONE,
        (_, 0x3C) => 0,
        (_, 0x3E..=0x4D | 0x55..=0x57 | 0x62 | 0x63) | (0x900, 0x3A | 0x3B | 0x4E | 0x4F) => 1,
        (_, 0x00..=0x03) | (0xA00, 0x70 | 0x71) => 2,
        _ => NONE,
    }
}

/// Letters that are written with a nukta in some language.
fn takes_nukta(c: char) -> bool {
    let code = u32::from(c);
    matches!(
        (code & !0x7F, code & 0x7F),
        (0x900..0xD00, 0x21 | 0x22)
            | (0x900 | 0xA00 | 0xA80 | 0xC80, 0x16 | 0x17 | 0x1C | 0x2B)
            | (0x900, 0x15 | 0x33)
            | (0x980, 0x2F)
            | (0xA00, 0x32 | 0x38)
    )
}

/// Vowel signs that are drawn before their letter: in text that was converted from a font they belong to the next one.
fn is_before(c: char) -> bool {
    matches!(
        c,
        '\u{93F}' | '\u{94E}' | '\u{9BF}' | '\u{9C7}' | '\u{9C8}' | '\u{A3F}' | '\u{ABF}' | '\u{B47}' | '\u{B48}'
            | '\u{BC6}'..='\u{BC8}' | '\u{D46}'..='\u{D48}' | '\u{DD9}' | '\u{DDB}'
    )
}

fn is_virama(c: char) -> bool {
    (FIRST..0xE00).contains(&u32::from(c)) && (u32::from(c) & 0x7F == 0x4D || c == '\u{DCA}')
}

pub(super) struct IndicOrder;

impl Repair for IndicOrder {
    fn name(&self) -> &'static str {
        "indic-order"
    }

    fn about(&self) -> &'static str {
        "nukta, vowel sign and nasal of the Indic scripts in this order"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("बड\u{93f}\u{93c}या", "बड\u{93c}\u{93f}या")
    }

    fn signs(&self) -> Signs {
        Signs::INDIC
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        let mut last = None;
        text.chars().any(|c| {
            let before = std::mem::replace(&mut last, rank(c));
            before.zip(last).is_some_and(|((block, a), (own, b))| block == own && a > b)
        })
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        let mut marks: Vec<char> = Vec::new();
        let mut buffer = String::new();
        let mut chars = text.char_indices().peekable();
        let mut letter = ' ';
        while let Some((at, c)) = chars.next() {
            let Some((block, first)) = rank(c) else {
                letter = c;
                continue;
            };
            let mut end = at + c.len_utf8();
            let (mut last, mut sorted) = (first, true);
            marks.clear();
            marks.push(c);
            while let Some((place, mark)) = chars.next_if(|(_, c)| rank(*c).is_some_and(|(own, _)| own == block)) {
                let rank = rank(mark).map_or(0, |(_, rank)| rank);
                sorted &= last <= rank;
                last = rank;
                marks.push(mark);
                end = place + mark.len_utf8();
            }
            let next = chars.peek().map_or(' ', |(_, c)| *c);
            if !sorted && u32::from(letter) >> 7 == block && settle(&mut marks, letter, next) {
                // A nukta that was typed before its letter.
                let nukta = if takes_nukta(letter) { None } else { marks.pop_if(|c| rank(*c) == Some((block, 0))) };
                buffer.clear();
                buffer.extend(&marks);
                if let Some(nukta) = nukta {
                    chars.next();
                    end += next.len_utf8();
                    buffer.extend([next, nukta]);
                }
                out.keep(text, kept, at);
                out.replace(text, at, end, &buffer);
                kept = end;
            }
            letter = ' ';
        }
        out.keep(text, kept, text.len());
    }
}

/// Sorts the marks of a letter where it is clear which letter they belong to. A nukta that belongs to the next letter is
/// last then.
fn settle(marks: &mut [char], letter: char, next: char) -> bool {
    let rank_of = |c: &char| rank(*c).map_or(0, |(_, rank)| rank);
    let nasal = marks.iter().position(|c| rank_of(c) == 2).unwrap_or(marks.len());
    // After a nasal, neither a vowel sign of the next letter nor a virama is out of order: it is wrong.
    if marks[nasal..].iter().any(|c| is_before(*c) || is_virama(*c)) {
        return false;
    }
    let nuktas = marks.iter().filter(|c| rank_of(c) == 0).count();
    match (nuktas, takes_nukta(letter)) {
        (0, _) | (1, true) => marks.sort_by_key(rank_of),
        (1, false) if takes_nukta(next) && marks.last().is_some_and(|c| rank_of(c) == 0) => {
            let last = marks.len() - 1;
            marks[..last].sort_by_key(rank_of);
        }
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn marks_come_in_order() {
        let profile = Profile::none().with("indic-order", Setting::On).unwrap();
        for (broken, right) in [
            ("बड\u{93f}\u{93c}या", "बड\u{93c}\u{93f}या"),
            ("मे\u{902}", "मे\u{902}"),
            ("म\u{902}\u{947}", "म\u{947}\u{902}"),
            ("सा\u{93c}फ", "साफ\u{93c}"),
            ("वा\u{93c}ट", "वा\u{93c}ट"),
            ("चह\u{902}\u{93f}", "चह\u{902}\u{93f}"),
            ("\u{902}\u{947}", "\u{902}\u{947}"),
            ("চ\u{981}\u{9be}দ", "চ\u{9be}\u{981}দ"),
            ("স\u{982}\u{9c7}কত", "স\u{982}\u{9c7}কত"),
            ("ব\u{982}\u{9cd}শ", "ব\u{982}\u{9cd}শ"),
            ("ਜੋ\u{a3c}ਰ", "ਜ\u{a3c}ੋਰ"),
            ("ਮ\u{a70}\u{a41}ਡਾ", "ਮ\u{a41}\u{a70}ਡਾ"),
            ("ଗଡ\u{b3f}\u{b3c}ବା", "ଗଡ\u{b3c}\u{b3f}ବା"),
            ("දුඃඛ", "දුඃඛ"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
