//! Words all of whose letters another alphabet has as well: single letters between words of that alphabet, and words that
//! only Slavic languages have.

use super::odds;
use super::pairs::{Alphabet, has_like, like};
use super::words::{Surroundings, Word};
use Alphabet::{Cyrillic, Greek, Latin};

/// The word in the alphabet of the text around it; `None` when it is right or cannot be told.
pub(super) fn mended(word: &Word<'_>, text: &str, around: &Surroundings) -> Option<String> {
    let own = word.alphabets().next()?;
    let main = around.main().filter(|main| *main != own)?;
    let mut chars = word.text.chars();
    let letter = chars.next()?;
    if chars.next().is_some() {
        let slavic = own == Latin && main == Cyrillic && is_slavic(word.text, around) && stands_by_itself(word, text);
        return slavic.then(|| word.text.chars().filter_map(|c| like(c, Cyrillic)).collect());
    }
    let like = like(letter, main)?;
    (is_word(letter, main, around) && stands_alone(word, text, main)).then_some(like)
}

/// True for letters that are words in languages of this alphabet.
fn is_word(letter: char, main: Alphabet, around: &Surroundings) -> bool {
    match (main, letter) {
        (Cyrillic, _) if around.formulas => false,
        (Cyrillic, _) if !around.slavic() => false,
        (Cyrillic, 'i' | 'I') => around.has('і') || !around.has('и'),
        // Is, in Bulgarian and Macedonian.
        (Cyrillic, 'e') => !"ыэёі".chars().any(|c| around.has(c)),
        (Cyrillic, _) => "acoyACOYBK".contains(letter),
        (Latin, _) => "аеоіуАОІ".contains(letter),
        (Greek, _) => "oO".contains(letter),
        _ => false,
    }
}

/// True for Latin letters that make a Slavic word and hardly one of another language. Names and abbreviations in Latin
/// letters are far more frequent in Cyrillic text than words in the wrong letters.
fn is_slavic(word: &str, around: &Surroundings) -> bool {
    let letters = word.chars().count();
    let least = if letters == 3 && word.chars().all(char::is_uppercase) { SURE_OF_THREE } else { SURE };
    let fits = |c: char| !"bhijmst".contains(c.to_ascii_lowercase()) || "BHMT".contains(c);
    letters >= 3
        && around.slavic()
        && word.chars().all(|c| fits(c) && has_like(c, Cyrillic))
        && odds::slavic(word).is_some_and(|odds| odds >= least)
}

/// Odds, in quarters of a nat, from which words are Slavic.
const SURE: i32 = 20;
/// The same for three capitals, which abbreviate anything.
const SURE_OF_THREE: i32 = 32;

/// True unless the word is part of an address or stands beside another one in Latin letters.
fn stands_by_itself(word: &Word<'_>, text: &str) -> bool {
    let (before, after) = (&text[..word.start], &text[word.end()..]);
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "/\\@_-=+#<".contains(c));
    let latin = |c: Option<char>| c.is_some_and(|c| Alphabet::of(c) == Some(Latin));
    let joined = after.strip_prefix(['.', '&']).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    !joined
        && !part(before.chars().next_back())
        && !part(after.chars().next())
        && !before.ends_with(['.', '&'])
        && !latin(before.trim_end().chars().next_back())
        && !latin(after.trim_start().chars().next())
}

/// True when the word stands between words of the other alphabet, as a word does; a capital only where a sentence begins.
fn stands_alone(word: &Word<'_>, text: &str, main: Alphabet) -> bool {
    let (before, after) = (&text[..word.start], &text[word.end()..]);
    let of_main = |c: char| Alphabet::of(c) == Some(main);
    let ahead = after.trim_start_matches([' ', '.']).chars().next();
    let spaced = after.starts_with(' ') || after.starts_with(". ") && ahead.is_some_and(|c| c.is_lowercase());
    if !spaced || !before.chars().next_back().is_none_or(|c| " («„“(".contains(c)) {
        return false;
    }
    let behind = before.trim_end_matches([' ', '(', '«', '„', '“']).chars().next_back();
    let starts = behind.is_none_or(|c| ".!?…:".contains(c));
    let fits = |c: char| of_main(c) || c.is_ascii_digit() || ",;:.!?…)»”\"'-–—".contains(c);
    let capital = word.text.chars().all(char::is_uppercase);
    let follows = ahead.is_some_and(|c| of_main(c) || c.is_ascii_digit() || "(«„“\"".contains(c));
    follows && behind.is_none_or(fits) && (!capital || starts && !ahead.is_some_and(char::is_uppercase))
}
