//! Vietnamese syllables: their vowels, their tone, and where it is written.

use std::sync::LazyLock;

/// Vowels by quality, in both cases, each with its six tones: level, acute, grave, hook, tilde, dot.
const VOWELS: [&str; 24] = [
    "aáàảãạ",
    "ăắằẳẵặ",
    "âấầẩẫậ",
    "eéèẻẽẹ",
    "êếềểễệ",
    "iíìỉĩị",
    "oóòỏõọ",
    "ôốồổỗộ",
    "ơớờởỡợ",
    "uúùủũụ",
    "ưứừửữự",
    "yýỳỷỹỵ",
    "AÁÀẢÃẠ",
    "ĂẮẰẲẴẶ",
    "ÂẤẦẨẪẬ",
    "EÉÈẺẼẸ",
    "ÊẾỀỂỄỆ",
    "IÍÌỈĨỊ",
    "OÓÒỎÕỌ",
    "ÔỐỒỔỖỘ",
    "ƠỚỜỞỠỢ",
    "UÚÙỦŨỤ",
    "ƯỨỪỬỮỰ",
    "YÝỲỶỸỴ",
];

const ONSETS: [&str; 29] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu",
    "r", "s", "t", "th", "tr", "v", "x", "q",
];
const CODAS: [&str; 9] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];

/// Vowels of a syllable, and on which the tone is.
const NUCLEI: [(&str, usize); 61] = [
    ("a", 0),
    ("ă", 0),
    ("â", 0),
    ("e", 0),
    ("ê", 0),
    ("i", 0),
    ("o", 0),
    ("ô", 0),
    ("ơ", 0),
    ("u", 0),
    ("ư", 0),
    ("y", 0),
    ("ai", 0),
    ("ao", 0),
    ("au", 0),
    ("ay", 0),
    ("âu", 0),
    ("ây", 0),
    ("eo", 0),
    ("êu", 0),
    ("ia", 0),
    ("iê", 1),
    ("iu", 0),
    ("oa", 0),
    ("oă", 1),
    ("oe", 0),
    ("oi", 0),
    ("oo", 1),
    ("ôô", 1),
    ("ôi", 0),
    ("ơi", 0),
    ("ua", 0),
    ("uâ", 1),
    ("uê", 1),
    ("ui", 0),
    ("uô", 1),
    ("uơ", 1),
    ("uy", 0),
    ("ưa", 0),
    ("ưi", 0),
    ("ươ", 1),
    ("ưu", 0),
    ("yê", 1),
    ("ya", 0),
    ("yu", 0),
    ("iêu", 1),
    ("yêu", 1),
    ("oai", 1),
    ("oay", 1),
    ("oao", 1),
    ("oeo", 1),
    ("uây", 1),
    ("uôi", 1),
    ("uya", 1),
    ("uyê", 2),
    ("uyu", 1),
    ("ươi", 1),
    ("ươu", 1),
    ("uao", 1),
    ("uai", 1),
    ("uêu", 1),
];

/// Vowels lie below this.
const END: usize = 0x1F00;

/// Of each vowel what it is without its tone, and the tone.
static TONES: LazyLock<Vec<Option<(char, usize)>>> = LazyLock::new(|| {
    let mut table = vec![None; END];
    for row in VOWELS {
        for (tone, c) in row.chars().enumerate() {
            if let Some(entry) = table.get_mut(c as usize) {
                *entry = row.chars().next().map(|base| (base, tone));
            }
        }
    }
    table
});

/// A vowel without its tone, and the tone.
fn vowel(c: char) -> Option<(char, usize)> {
    TONES.get(c as usize).copied().flatten()
}

/// A vowel with a tone.
fn with_tone(base: char, tone: usize) -> char {
    VOWELS.iter().find(|row| row.starts_with(base)).and_then(|row| row.chars().nth(tone)).unwrap_or(base)
}

fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// The longest syllable, `nghiêng`, in letters.
const LONGEST: usize = 7;

/// The syllable with its tone where the old style has it (`hòa`, `thúy`) and both horns of `ươ`; `None` for what is no
/// Vietnamese syllable of one tone at most. A tone may be there on two vowels, as some keyboards leave it.
pub(super) fn respelt(word: &str) -> Option<String> {
    let (mut letters, mut tone, mut toned) = (Vec::with_capacity(LONGEST), 0, '\0');
    for c in word.chars() {
        let (base, own) = vowel(c).unwrap_or((c, 0));
        // The same vowel twice draws a word out.
        let other = own > 0 && tone > 0 && (own != tone || base == toned);
        if letters.len() == LONGEST || other {
            return None;
        }
        if own > 0 {
            (tone, toned) = (own, base);
        }
        letters.push(base);
    }
    horns(&mut letters);
    let at = tone_place(&letters.iter().map(|c| small(*c)).collect::<Vec<_>>())?;
    if let Some(letter) = letters.get_mut(at) {
        *letter = with_tone(*letter, tone);
    }
    Some(letters.into_iter().collect())
}

/// Gives `ươ` both its horns where it has one and something follows: no syllable has `uơ` or `ưo` there.
fn horns(letters: &mut [char]) {
    let one = |pair: &[char]| matches!((small(pair[0]), small(pair[1])), ('u', 'ơ') | ('ư', 'o'));
    let Some(at) = letters.windows(2).position(one).filter(|at| at + 2 < letters.len()) else { return };
    if at > 0 && small(letters[at - 1]) == 'q' {
        return;
    }
    for letter in &mut letters[at..at + 2] {
        *letter = match *letter {
            'u' => 'ư',
            'U' => 'Ư',
            'o' => 'ơ',
            'O' => 'Ơ',
            other => other,
        };
    }
}

/// On which letter of a syllable (small letters without tones) the tone is.
fn tone_place(letters: &[char]) -> Option<usize> {
    let is_vowel = |c: &char| vowel(*c).is_some();
    let string = |part: &[char]| part.iter().collect::<String>();
    let mut start = letters.iter().position(is_vowel)?;
    let end = letters.iter().rposition(is_vowel)? + 1;
    // The u of qu, and the i of gi before another vowel, belong to the consonant.
    let glide = match (&letters[..start], &letters[start..end]) {
        (['q'], ['u', _, ..]) => true,
        (['g'], ['i', next, ..]) => *next != 'ê' || end == letters.len(),
        _ => false,
    };
    start += usize::from(glide);
    if !ONSETS.contains(&&*string(&letters[..start])) || !CODAS.contains(&&*string(&letters[end..])) {
        return None;
    }
    let nucleus = string(&letters[start..end]);
    let (_, place) = NUCLEI.iter().find(|(vowels, _)| *vowels == nucleus)?;
    // Before a consonant the tone is on the last vowel: hoàn, thoát.
    let closed = end < letters.len() && end - start == 2;
    Some(start + if closed { 1 } else { *place })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_are_where_the_old_style_has_them() {
        for (word, right) in [
            ("hoà", "hòa"),
            ("thuý", "thúy"),
            ("Hoè", "Hòe"),
            ("baỏ", "bảo"),
            ("lựơng", "lượng"),
            ("nghịêm", "nghiệm"),
            ("quý", "quý"),
            ("quả", "quả"),
            ("giá", "giá"),
            ("giêng", "giêng"),
            ("hoàn", "hoàn"),
            ("toán", "toán"),
            ("khuya", "khuya"),
            ("xoáy", "xoáy"),
            ("tuyết", "tuyết"),
            ("người", "người"),
            ("đường", "đường"),
            ("mùa", "mùa"),
            ("của", "của"),
            ("ÐÀ", ""),
            ("café", ""),
            ("HOÀ", "HÒA"),
            ("gì", "gì"),
            ("giữa", "giữa"),
            ("ý", "ý"),
            ("uỷ", "ủy"),
            ("tiếng", "tiếng"),
            ("séjour", ""),
            ("ngoẹo", "ngoẹo"),
            ("nguời", "người"),
            ("Đuờng", "Đường"),
            ("trưóc", "trước"),
            ("BÚƠC", "BƯỚC"),
            ("quơ", "quơ"),
            ("thuở", "thuở"),
            ("vịệc", "việc"),
            ("rựợu", "rượu"),
            ("đóó", ""),
            ("hìhì", ""),
            ("tóán", "toán"),
            ("tóàn", ""),
            ("giếng", "giếng"),
        ] {
            assert_eq!(respelt(word).unwrap_or_default(), right, "{word}");
        }
    }
}
