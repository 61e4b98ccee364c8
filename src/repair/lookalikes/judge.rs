//! Which alphabet a word of two is meant to be in.

use super::odds;
use super::pairs::{Alphabet, has_like, like};
use super::words::{Surroundings, Word};
use Alphabet::{Cyrillic, Greek, Latin};

/// The word in one alphabet; `None` when it is right or cannot be told.
pub(super) fn mended(word: &Word<'_>, around: &Surroundings) -> Option<String> {
    let target = target(word, around)?;
    let mut out = String::with_capacity(word.text.len());
    let mut before = None;
    let typed_v = word.text.contains(['v', 'V']);
    let typed = Typed { v: typed_v, front: typed_v || has_front_vowels(word.text, around) };
    for (i, c) in word.text.char_indices() {
        match Alphabet::of(c) {
            Some(own) if own != target => {
                let next = word.text[i + c.len_utf8()..].chars().next();
                match typed.in_cyrillic(c, before, next, around).filter(|_| target == Cyrillic) {
                    Some(own) => out.push(own),
                    None => out.push_str(&like(c, target)?),
                }
            }
            _ => out.push(c),
        }
        before = Some(c);
    }
    Some(out)
}

fn target(word: &Word<'_>, around: &Surroundings) -> Option<Alphabet> {
    let mut alphabets = word.alphabets();
    let (a, b) = (alphabets.next()?, alphabets.next()?);
    if alphabets.next().is_some() || is_acronym_with_ending(word.text) {
        return None;
    }
    match (can_be(word, a), can_be(word, b)) {
        (true, false) => Some(a).filter(|a| is_native(word, *a, around)),
        (false, true) => Some(b).filter(|b| is_native(word, *b, around)),
        (true, true) => one_of(word, a, b, around),
        (false, false) => None,
    }
}

/// True when every letter of another alphabet has one that looks like it in this.
fn can_be(word: &Word<'_>, target: Alphabet) -> bool {
    let foreign = || word.text.chars().filter(|c| Alphabet::of(*c).is_some_and(|own| own != target));
    // Mongolian ү typed as v is typed so throughout the word; other words with v are no Cyrillic ones.
    let mongolian = |c: char| matches!(c, 'v' | 'V' | 'y' | 'Y');
    (foreign().all(|c| has_like(c, target)) || target == Cyrillic && is_palochka_typed_l(word.text))
        && (target != Cyrillic || !foreign().any(|c| matches!(c, 'v' | 'V')) || foreign().all(mongolian))
}

/// `IPшник`, `KITAнын`: capitals of one alphabet with an ending in small letters of another.
fn is_acronym_with_ending(word: &str) -> bool {
    let capitals = word.chars().take_while(|c| c.is_uppercase()).count();
    let mut first = word.chars().take(capitals).map(Alphabet::of);
    let mut rest = word.chars().skip(capitals).filter(|c| Alphabet::of(*c).is_some()).peekable();
    let alphabet = first.next().flatten();
    capitals >= 2
        && rest.peek().is_some()
        && first.all(|a| a == alphabet)
        && rest.all(|c| c.is_lowercase() && Alphabet::of(c) != alphabet)
}

/// True when a word that only this alphabet can write is a word of it, not a symbol beside letters of another.
fn is_native(word: &Word<'_>, target: Alphabet, around: &Surroundings) -> bool {
    let (own, all) = (word.of(target), word.letters.iter().sum::<u32>());
    let foreign = all - own;
    match target {
        // Formulas are written with single Greek letters: `ΔH`, `kΩ`.
        Greek => match around.main() {
            Some(Greek) => own >= 2 || has_small(word, Greek),
            Some(_) => own >= 3 && own > foreign,
            None => own >= 2 || is_greek_typed_in_latin(word.text),
        },
        Latin if word.of(Greek) > 0 => own >= 2 && own > foreign,
        Latin | Cyrillic if word.of(Greek) == 0 && word.of(Alphabet::Armenian) == 0 => true,
        _ => own >= 2 && own > foreign,
    }
}

/// A word with one Greek letter: `τov`, `Oι`. Formulas have other letters, and no iota.
fn is_greek_typed_in_latin(word: &str) -> bool {
    let foreign = || word.chars().filter(char::is_ascii);
    foreign().count() >= 2 && foreign().all(|c| matches!(c, 'o' | 'v')) || word.contains(['ι', 'ί'])
}

fn has_small(word: &Word<'_>, alphabet: Alphabet) -> bool {
    word.text.chars().any(|c| Alphabet::of(c) == Some(alphabet) && c.is_lowercase())
}

/// Which of two alphabets a word is in that either can write.
fn one_of(word: &Word<'_>, a: Alphabet, b: Alphabet, around: &Surroundings) -> Option<Alphabet> {
    if a == Latin && (is_roman_number(word.text) || b == Cyrillic && has_strangers(word.text, around)) {
        return Some(Latin);
    }
    if let Some(main) = around.main().filter(|main| *main == a || *main == b) {
        return Some(main).filter(|main| *main != Greek || has_small(word, Greek) || word.of(Greek) >= 2);
    }
    if a != Latin || b != Cyrillic {
        let most = if word.of(a) > word.of(b) { a } else { b };
        let least = word.letters.iter().sum::<u32>() - word.of(most);
        return (word.of(most) >= 2 && word.of(most) > least).then_some(most);
    }
    if word.text.chars().any(is_rather_latin) {
        return Some(Latin);
    }
    match word.of(Latin).cmp(&word.of(Cyrillic)) {
        std::cmp::Ordering::Greater => Some(Latin),
        std::cmp::Ordering::Less => Some(Cyrillic),
        // Keyboards for Russian have no і, those for English all that English needs.
        std::cmp::Ordering::Equal if word.text.chars().filter(char::is_ascii).all(|c| c == 'i') => Some(Cyrillic),
        std::cmp::Ordering::Equal => odds::slavic(word.text).map(|odds| if odds > 0 { Cyrillic } else { Latin }),
    }
}

/// Letters that few Cyrillic alphabets have, and Latin ones with marks that no Cyrillic letter has.
fn is_rather_latin(c: char) -> bool {
    let stressed = |like: &str| like.ends_with(['\u{300}', '\u{301}']);
    matches!(c, 'h' | 's' | 'S' | '\u{4BB}' | '\u{455}' | '\u{405}')
        || !c.is_ascii()
            && Alphabet::of(c) == Some(Latin)
            && like(c, Cyrillic).is_some_and(|like| like.chars().count() > 1 && !stressed(&like))
}

/// True for a word with an s or h, which Cyrillic letters of few languages look like, where the text has no letters of theirs.
fn has_strangers(word: &str, around: &Surroundings) -> bool {
    let macedonian = || "ѕѓќљњџј".chars().any(|c| around.has(c));
    word.contains(['s', 'S']) && !macedonian() || word.contains('h') && around.slavic()
}

/// Centuries and the like, which Cyrillic text writes with Latin letters.
fn is_roman_number(word: &str) -> bool {
    word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | '\u{406}' | '\u{425}'))
}

/// How a word is typed that may be Mongolian.
struct Typed {
    /// With v for ү.
    v: bool,
    /// With ү for certain.
    front: bool,
}

impl Typed {
    /// Cyrillic letters that a Latin letter stands for besides the one that looks like it.
    fn in_cyrillic(&self, c: char, before: Option<char>, after: Option<char>, around: &Surroundings) -> Option<char> {
        match c {
            'I' => is_palochka(before, after, around).then_some('\u{4C0}'),
            'l' => Some('\u{4C0}'),
            'y' if self.v => Some('\u{4AF}'),
            'Y' if self.front => Some('\u{4AE}'),
            _ => None,
        }
    }
}

/// The letter of Caucasian languages that looks like a capital I and stands beside small letters.
pub(super) fn is_palochka(before: Option<char>, after: Option<char>, around: &Surroundings) -> bool {
    let small = |c: Option<char>| c.is_some_and(|c| c.is_lowercase());
    match before {
        Some(before) => small(after) || "гкптхцчшщъь".contains(before),
        None => around.palochka,
    }
}

/// True when each small l of a word stands where the palochka does, after a letter that it makes another sound of and before
/// a Cyrillic one, and all other letters can be Cyrillic.
fn is_palochka_typed_l(word: &str) -> bool {
    let cyrillic = |c: Option<char>| c.is_none_or(|c| Alphabet::of(c) == Some(Cyrillic));
    let mut before = None;
    let mut found = false;
    for (i, c) in word.char_indices() {
        if c == 'l' {
            found = true;
            if !before.is_some_and(|c| "гкптхцчшщъь".contains(c)) || !cyrillic(word[i + 1..].chars().next())
            {
                return false;
            }
        } else if !cyrillic(Some(c)) && !has_like(c, Cyrillic) {
            return false;
        }
        before = Some(c);
    }
    found
}

/// Mongolian words have front vowels or back ones, so beside э and ө stands ү, not у.
fn has_front_vowels(word: &str, around: &Surroundings) -> bool {
    word.contains(['э', 'ө', 'ү'])
        && !word.chars().any(|c| "аоуыяёюіўїє".contains(c))
        && (around.mongolian || !"іўє".chars().any(|c| around.has(c)))
}
