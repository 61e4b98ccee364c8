//! What each character is to the letters of a text: a letter in lower case, a mark, or what parts words.

use std::sync::LazyLock;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_normalizer::properties::{
    CanonicalCombiningClassMapBorrowed, CanonicalCompositionBorrowed, CanonicalDecompositionBorrowed, Decomposed,
};

use crate::script::{Script, script_of};

/// Code points that have their class in a table; those above are looked up one by one.
const TABLE: usize = 0x2000;

/// A class in the high byte (a script, or what else the character is), a letter in lower case in the low bits, and between
/// them what normalization may do to it.
pub(super) type Class = u32;

pub(super) const SCRIPT_BITS: u32 = 24;
pub(super) const LETTER: u32 = (1 << 21) - 1;
/// It was a capital.
pub(super) const CAPITAL: Class = 1 << 21;
/// It may change places or become one with what stands before it.
pub(super) const JOINS: Class = 1 << 22;
/// It is another character, or more of them, in NFC; or nobody knows.
pub(super) const CHANGES: Class = 1 << 23;

/// What a character that is no letter does: the high byte above all scripts.
pub(super) const GAP: Class = 0xF0 << SCRIPT_BITS;
pub(super) const SPACE: Class = 0xF1 << SCRIPT_BITS;
pub(super) const DIGIT: Class = 0xF2 << SCRIPT_BITS;
pub(super) const APOSTROPHE: Class = 0xF3 << SCRIPT_BITS;
pub(super) const CODE: Class = 0xF4 << SCRIPT_BITS;
pub(super) const DOT: Class = 0xF5 << SCRIPT_BITS;
pub(super) const COLON: Class = 0xF6 << SCRIPT_BITS;
pub(super) const TAG: Class = 0xF7 << SCRIPT_BITS;
pub(super) const IGNORE: Class = 0xF8 << SCRIPT_BITS;
pub(super) const SYMBOL: Class = 0xFA << SCRIPT_BITS;
pub(super) const MARK: u32 = 0xF9;

/// The classes of code points below [`TABLE`].
pub(super) type Table = [Class; TABLE];

pub(super) static CLASSES: LazyLock<Box<Table>> = LazyLock::new(|| {
    let mut table = Box::new([GAP; TABLE]);
    for (code, class) in table.iter_mut().enumerate() {
        *class = char::from_u32(code as u32).map_or(GAP, classify);
    }
    note_normalization(&mut table);
    table
});

pub(super) const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
const COMPOSITION: CanonicalCompositionBorrowed<'static> = CanonicalCompositionBorrowed::new();
const DECOMPOSITION: CanonicalDecompositionBorrowed<'static> = CanonicalDecompositionBorrowed::new();

/// What normalization may do to the characters of the table: NFC_Quick_Check of UAX #15, and the order of marks.
fn note_normalization(table: &mut Table) {
    let marks = CanonicalCombiningClassMapBorrowed::new();
    for c in ('\0'..).take(TABLE) {
        if marks.get_u8(c) > 0 || matches!(c, '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}') {
            table[c as usize] |= JOINS;
        }
        let changes = match DECOMPOSITION.decompose(c) {
            Decomposed::Default => false,
            Decomposed::Singleton(_) => true,
            Decomposed::Expansion(first, second) => {
                if let Some(class) = table.get_mut(second as usize) {
                    *class |= JOINS;
                }
                COMPOSITION.compose(first, second) != Some(c)
            }
        };
        table[c as usize] |= if changes { CHANGES } else { 0 };
    }
}

/// The class of a character above the table: most are letters without case that are in NFC.
pub(super) fn classify_high(c: char) -> Class {
    let script = match c {
        '\u{3041}'..='\u{3096}' => Script::HIRA,
        '\u{30A1}'..='\u{30FA}' => Script::KANA,
        '\u{4E00}'..='\u{9FFF}' => Script::HANI,
        '\u{AC00}'..='\u{D7A3}' => Script::HANG,
        _ => return classify_rare(c),
    };
    script.index() << SCRIPT_BITS | c as u32
}

fn classify_rare(c: char) -> Class {
    let normal = matches!(c,
        '\u{2000}'..'\u{20D0}' | '\u{2190}'..'\u{2300}' | '\u{2400}'..'\u{2A00}' | '\u{3000}'..'\u{302A}'
        | '\u{3030}'..'\u{3099}' | '\u{309B}'..'\u{A600}' | '\u{AC00}'..'\u{D7A4}' | '\u{FE00}'..'\u{FE10}'
        | '\u{FF00}'..'\u{FFF0}' | '\u{1F000}'..'\u{1FB00}');
    classify(c) | if normal { 0 } else { CHANGES }
}

fn classify(c: char) -> Class {
    match c {
        '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' | '′' => APOSTROPHE,
        '@' | '_' | '\\' | '=' | '{' | '}' | '#' => CODE,
        '$' | '(' | ')' | '*' | ';' | '>' | '[' | ']' | '^' => SYMBOL,
        '.' => DOT,
        ':' => COLON,
        '<' => TAG,
        '&' => DIGIT,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' | '\u{640}' => IGNORE,
        // Its lower case would be two characters.
        'İ' => Script::LATN.index() << SCRIPT_BITS | CAPITAL | 'i' as u32,
        // Jamo by themselves are laughter and keyboard mash.
        '\u{3130}'..='\u{318F}' => GAP,
        c if c.is_whitespace() => SPACE,
        c if c.is_numeric() => DIGIT,
        c => match script_of(c) {
            Script::ZYYY | Script::ZINH if matches!(c, '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{655}' | '\u{670}') => {
                MARK << SCRIPT_BITS | c as u32
            }
            Script::ZYYY | Script::ZINH | Script::ZZZZ => GAP,
            script => {
                let capital = if c.is_uppercase() { CAPITAL } else { 0 };
                script.index() << SCRIPT_BITS | capital | c.to_lowercase().next().unwrap_or(c) as u32
            }
        },
    }
}

/// True when normalization may change a character of that class, `left` bytes before the end of the text.
pub(super) fn changes(text: &str, left: usize, c: char, class: Class) -> bool {
    let Some(before) = text[..text.len() - left - c.len_utf8()].chars().next_back() else { return class & CHANGES > 0 };
    let joined = |c: char| CLASSES.get(c as usize).is_none_or(|class| class & JOINS > 0);
    let composed = || !matches!(DECOMPOSITION.decompose(before), Decomposed::Default);
    class & CHANGES > 0 || joined(before) || composed() || COMPOSITION.compose(before, c).is_some()
}

/// The Cyrillic letter that a Latin one looks like; some texts are typed with both.
pub(super) fn cyrillic_twin(latin: u32) -> Option<u32> {
    const TWINS: [(char, char); 11] = [
        ('a', 'а'),
        ('c', 'с'),
        ('e', 'е'),
        ('i', 'і'),
        ('j', 'ј'),
        ('o', 'о'),
        ('p', 'р'),
        ('s', 'ѕ'),
        ('x', 'х'),
        ('y', 'у'),
        ('h', 'һ'),
    ];
    TWINS.iter().find(|(from, _)| *from as u32 == latin).map(|(_, to)| *to as u32)
}

/// The scripts whose letters make a writing system.
pub(super) fn systems(script: Script) -> [u32; 3] {
    let own = script.index();
    match script {
        Script::HANI | Script::HANS | Script::HANT | Script::JPAN => {
            [Script::HANI.index(), Script::HIRA.index(), Script::KANA.index()]
        }
        Script::KORE | Script::HANG => [Script::HANG.index(); 3],
        _ => [own; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_known() {
        assert!(CLASSES[..128].iter().all(|class| class & (JOINS | CHANGES) == 0));
        for c in ('\0'..).take(TABLE) {
            assert_eq!(CLASSES[c as usize] & CHANGES == 0, NFC.is_normalized(c.encode_utf8(&mut [0; 4])), "{c:?}");
        }
    }

    #[test]
    fn the_short_cuts_are_right() {
        assert!(('\u{2000}'..=char::MAX).all(|c| classify_high(c) == classify_rare(c)));
    }
}
