//! Words all of whose letters another alphabet has as well: single letters between words of that alphabet.

use super::pairs::{Alphabet, like};
use super::words::{Surroundings, Word};
use Alphabet::{Cyrillic, Greek, Latin};

/// The word in the alphabet of the text around it; `None` when it is right or cannot be told.
pub(super) fn mended(word: &Word<'_>, text: &str, around: &Surroundings) -> Option<String> {
    let own = word.alphabets().next()?;
    let main = around.main().filter(|main| *main != own)?;
    let mut chars = word.text.chars();
    let (letter, None) = (chars.next()?, chars.next()) else { return None };
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
