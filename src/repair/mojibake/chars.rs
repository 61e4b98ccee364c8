//! Characters as the model sees them: a code (lower case, digits and white space alike) and a class (script and case).

use crate::char_table::CharTable;

/// Code in the low 21 bits, class above it.
pub(super) type Packed = u32;

const CODE: u32 = 0x1F_FFFF;

/// What stands before and after a text.
pub(super) const EDGE: Packed = ' ' as u32;

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

/// Less than 64, so that three fit into eighteen bits.
#[inline]
pub(super) fn class_of(c: Packed) -> u32 {
    c >> 21
}

const SPACE: u32 = 0;
const DIGIT: u32 = 1;
const PUNCTUATION: u32 = 2;
const CONTROL: u32 = 3;
/// From here to [`OTHER_LETTER`]: letters and marks.
const ASCII: u32 = 4;
const KANA: u32 = 22;
const HAN: u32 = 25;
const HANGUL: u32 = 26;
const OTHER_LETTER: u32 = 40;
const NO_TEXT: u32 = 58;

#[inline]
pub(super) fn is_letter(c: Packed) -> bool {
    (ASCII..=OTHER_LETTER).contains(&class_of(c))
}

/// How many characters an n-gram may have that begins with this one: what is no letter ends words, and there are too
/// many Han characters and syllables of Hangul for sequences of three to come again.
#[inline]
pub(super) fn reach(c: Packed) -> usize {
    match class_of(c) {
        HAN | HANGUL => 2,
        KANA..=24 => 3,
        _ if is_letter(c) => usize::MAX,
        _ => 2,
    }
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
    class << 21 | code as u32
}

/// Script and case of letters, the kind of everything else.
fn class(c: char) -> u32 {
    let cased = |lower: u32| if c.is_uppercase() { lower + 1 } else { lower };
    match c {
        // Most characters first.
        '\u{4E00}'..='\u{9FFF}' => HAN,
        '\u{AC00}'..='\u{D7A3}' => HANGUL,
        ' ' | '\t' | '\n' | '\r' | '\u{0C}' => SPACE,
        '0'..='9' => DIGIT,
        '\0'..='\x1F' | '\x7F' => CONTROL,
        'a'..='z' | 'A'..='Z' => cased(ASCII),
        '\0'..='\x7F' => PUNCTUATION,
        '\u{80}'..='\u{9F}' => NO_TEXT,
        'ª' | 'º' | '\u{A0}'..='\u{BF}' | '×' | '÷' => 50,
        '\u{C0}'..='\u{FF}' => cased(6),
        '\u{100}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => cased(8),
        '\u{250}'..='\u{2AF}' => 36,
        '\u{2B0}'..='\u{2FF}' => 37,
        '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' => 16,
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => cased(10),
        '\u{400}'..='\u{52F}' => cased(12),
        '\u{5D0}'..='\u{5FF}' => 14,
        '\u{600}'..='\u{8FF}' => 15,
        '\u{531}'..='\u{58F}' => cased(19),
        '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}' => 18,
        '\u{E00}'..='\u{EFF}' => 17,
        '\u{900}'..='\u{DFF}' => 30,
        '\u{F00}'..='\u{FFF}' => 31,
        '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => 32,
        '\u{10A0}'..='\u{10FF}' | '\u{1C90}'..='\u{1CBF}' => 21,
        '\u{1200}'..='\u{139F}' => 33,
        '\u{13A0}'..='\u{167F}' => 34,
        '\u{2000}'..='\u{200A}' | '\u{200E}'..='\u{203F}' => 51,
        '\u{200B}'..='\u{200D}' => 52,
        '\u{2500}'..='\u{259F}' => 53,
        '\u{20A0}'..='\u{20CF}' | '\u{2122}' => 54,
        '\u{2040}'..='\u{2BFF}' => 55,
        '\u{3041}'..='\u{309F}' => KANA,
        '\u{30A0}'..='\u{30FF}' => 23,
        '\u{FF66}'..='\u{FF9F}' => 24,
        '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}' => 56,
        '\u{3400}'..='\u{4DBF}' => 27,
        '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' => 38,
        '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}' => NO_TEXT,
        '\u{FE00}'..='\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}' => 57,
        '\u{E0000}'.. => NO_TEXT,
        '\u{10000}'.. => 39,
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
            assert_eq!(class_of(pack(a)) + 1, class_of(pack(b)), "{a}");
        }
        assert_eq!(pack('3'), pack('7'));
        assert_eq!(pack('\n'), EDGE);
    }

    #[test]
    fn the_table_says_the_same() {
        for c in ['a', 'Ж', '漢', '\u{FFFF}', '😀'] {
            assert_eq!(packed(c), pack(c));
            assert!(class_of(pack(c)) < 64);
        }
    }
}
