//! Characters as the model sees them: a code (lower case, digits and white space alike) and a class (script and case).

use crate::char_table::CharTable;

/// Code in the low half, [`class`] above it.
pub(super) type Packed = u32;

/// What stands before and after a text.
pub(super) const EDGE: Packed = ' ' as u32;

const CODE: u32 = 0xFFFF;

static PACKED: CharTable<Packed> = CharTable::new(pack);

/// What [`pack`] says, looked up.
#[inline]
pub(super) fn packed(c: char) -> Packed {
    PACKED.get(c)
}

#[inline]
pub(super) fn code(c: Packed) -> u64 {
    u64::from(c & CODE)
}

#[inline]
pub(super) fn class_of(c: Packed) -> u32 {
    c >> 16
}

/// Code and class of a character.
pub(super) fn pack(c: char) -> Packed {
    let class = class(c);
    let code = match (class, c) {
        (SPACE, _) => ' ',
        (DIGIT, _) => '0',
        // They have no case.
        (HAN | HANGUL, _) => c,
        // Romanian is written with either, and encodings differ in nothing else.
        (_, 'Ș' | 'ș' | 'Ş') => 'ş',
        (_, 'Ț' | 'ț' | 'Ţ') => 'ţ',
        _ => c.to_lowercase().next().unwrap_or(c),
    };
    class << 16 | (code as u32 & CODE)
}

const SPACE: u32 = 0;
const DIGIT: u32 = 1;
const HAN: u32 = 23;
const HANGUL: u32 = 24;
/// Letters and marks of all scripts, from ASCII to Hangul.
const LETTERS: std::ops::RangeInclusive<u32> = 4..=HANGUL;
const OTHER_LETTER: u32 = 31;

#[inline]
pub(super) fn is_letter(c: Packed) -> bool {
    LETTERS.contains(&class_of(c)) || class_of(c) == OTHER_LETTER
}

/// How many characters an n-gram may have that begins with this one: what is no letter ends words, and there are too
/// many Han characters and syllables of Hangul for sequences of three to come again.
#[inline]
pub(super) fn reach(c: Packed) -> usize {
    match class_of(c) {
        HAN | HANGUL => 2,
        20 | 21 => 3,
        _ if is_letter(c) => usize::MAX,
        _ => 2,
    }
}

/// Less than 32, so that three fit into fifteen bits.
fn class(c: char) -> u32 {
    let cased = |lower: u32, other: u32| match (c.is_lowercase(), c.is_uppercase()) {
        (true, _) => lower,
        (_, true) => lower + 1,
        _ => other,
    };
    match c {
        // Most characters first.
        '\u{3400}'..='\u{9FFF}' => HAN,
        '\u{AC00}'..='\u{D7A3}' => HANGUL,
        ' ' | '\t' | '\n' | '\r' | '\u{0C}' => SPACE,
        '0'..='9' => DIGIT,
        '\0'..='\x1F' | '\x7F' => 3,
        'a'..='z' => 4,
        'A'..='Z' => 5,
        '\0'..='\x7F' => 2,
        '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' => 30,
        'ª' | 'º' | '\u{A0}'..='\u{BF}' | '×' | '÷' => 27,
        '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => cased(6, OTHER_LETTER),
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => cased(10, 29),
        '\u{400}'..='\u{52F}' => cased(8, 29),
        '\u{2B0}'..='\u{36F}' | '\u{64B}'..='\u{65F}' | '\u{670}' => 14,
        '\u{5D0}'..='\u{5EA}' => 12,
        '\u{590}'..='\u{5FF}' => 14,
        '\u{600}'..='\u{6FF}' | '\u{FB50}'..='\u{FEFE}' => 13,
        '\u{531}'..='\u{556}' => 19,
        '\u{557}'..='\u{58F}' => 18,
        '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}' => 16,
        '\u{E00}'..='\u{E7F}' => 15,
        '\u{10A0}'..='\u{10FF}' => 17,
        '\u{2000}'..='\u{203F}' => 26,
        '\u{2500}'..='\u{259F}' => 28,
        '\u{2040}'..='\u{2BFF}' => 29,
        '\u{3041}'..='\u{309F}' => 20,
        '\u{30A0}'..='\u{30FF}' => 21,
        '\u{FF61}'..='\u{FF9F}' => 22,
        '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}' => 25,
        '\u{10000}'.. => 30,
        _ => OTHER_LETTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_class_and_not_code() {
        for (a, b) in [('é', 'É'), ('ж', 'Ж'), ('ω', 'Ω'), ('a', 'A'), ('ş', 'Ș'), ('ե', 'Ե')] {
            assert_eq!(code(pack(a)), code(pack(b)));
            if a != 'ş' {
                assert_eq!(class_of(pack(a)) + 1, class_of(pack(b)), "{a}");
            }
        }
        assert_eq!(pack('3'), pack('7'));
        assert_eq!(pack('\n'), EDGE);
    }

    #[test]
    fn the_table_says_the_same() {
        for c in ['a', 'Ж', '漢', '\u{FFFF}', '😀'] {
            assert_eq!(packed(c), pack(c));
            assert!(class_of(pack(c)) < 32);
        }
    }
}
