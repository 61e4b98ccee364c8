//! Kinds of characters by which repairs decide from the neighbours of a character whether it is needed.

use crate::script::{Script, script_of};

/// Scripts whose letters invisible characters do nothing for: they have no joining forms, no clusters, and either spaces
/// between words or breaks between all characters.
const PLAIN: [Script; 14] = [
    Script::LATN,
    Script::CYRL,
    Script::GREK,
    Script::ARMN,
    Script::GEOR,
    Script::HEBR,
    Script::HANI,
    Script::HIRA,
    Script::KANA,
    Script::HANG,
    Script::BOPO,
    Script::ETHI,
    Script::CHER,
    Script::CANS,
];

/// True for letters and marks of scripts that need invisible characters to join, separate or break: Arabic and its kin,
/// Indic, those of South-East Asia, Mongolian. Marks and punctuation that several of them share count too.
pub(super) fn is_complex(c: char) -> bool {
    if c < '\u{600}' || is_invisible(c) {
        return false;
    }
    let script = script_of(c);
    if script == Script::ZYYY || script == Script::ZINH {
        return matches!(c, '\u{600}'..='\u{109F}' | '\u{1700}'..='\u{1C7F}' | '\u{1CD0}'..='\u{1CFF}' | '\u{A8E0}'..='\u{A8FF}');
    }
    script != Script::ZZZZ && !PLAIN.contains(&script)
}

/// True for Mongolian letters, Todo, Sibe and Manchu included.
pub(super) fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1807}' | '\u{180A}'..='\u{180D}' | '\u{180F}' | '\u{1820}'..='\u{18AF}')
}

/// True for letters written from right to left.
pub(super) fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}'
        | '\u{1E800}'..='\u{1EFFF}')
        && !is_invisible(c)
}

/// Characters without a shape of their own that another repair may be about.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// True for what is written in East Asian text: Han, kana, Hangul, Bopomofo and their punctuation, in full width.
pub(super) fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{2FDF}' | '\u{3001}'..='\u{30FF}' | '\u{3105}'..='\u{33FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FFDC}' | '\u{20000}'..='\u{3FFFF}')
}

/// Hiragana and katakana.
pub(super) fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}')
}

/// Combining marks of scripts with case, of symbols, and half marks: those that can be set on any letter.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{34E}' | '\u{350}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Pictographs, and what follows them in a sequence: variation selector, skin tone, key cap, flag letters.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{203C}'..='\u{2049}' | '\u{20E3}' | '\u{2122}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}'
        | '\u{24C2}' | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}' | '\u{E0020}'..='\u{E007F}')
}

/// What the first byte of a character of UTF-8 is in Latin-1 (two bytes), or one of its later bytes: with a control character
/// or a soft hyphen beside it, part of a wrong decoding that could not be undone. Quotation marks are no sign of that.
pub(super) fn is_stray_byte(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}' | '\u{A1}'..='\u{AA}' | '\u{AC}' | '\u{AE}'..='\u{BA}' | '\u{BC}'..='\u{BF}' | '\u{C2}'..='\u{DE}')
}
