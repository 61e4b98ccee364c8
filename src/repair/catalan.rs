//! The Catalan l·l, typed with a full stop, a bullet or another dot, or with the old character ŀ.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct CatalanDots;

/// What is typed for the middle dot: . • ‧ ∙ ⋅ ・ · (Greek).
const TYPED: [char; 7] = ['.', '\u{2022}', '\u{2027}', '\u{2219}', '\u{22C5}', '\u{30FB}', '\u{387}'];

impl Repair for CatalanDots {
    fn name(&self) -> &'static str {
        "catalan-dots"
    }

    fn about(&self) -> &'static str {
        "the Catalan l·l, written with another dot or with ŀ"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("una pel.lícula, iŀlusió", "una pel·lícula, il·lusió")
    }

    fn signs(&self) -> Signs {
        Signs::ALL
    }

    fn languages(&self) -> &'static [&'static str] {
        &["cat"]
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        text.contains(['\u{140}', '\u{13F}']) || text.contains(TYPED)
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            let (before, after) = (&text[kept..at], &text[end..]);
            let with = match c {
                '\u{140}' if after.starts_with(['l', 'L']) => "l·",
                '\u{13F}' if after.starts_with(['l', 'L']) => "L·",
                _ if TYPED.contains(&c) && is_geminate(before, after) => "·",
                _ => continue,
            };
            out.keep(text, kept, at);
            out.replace(text, at, end, with);
            kept = end;
        }
        out.keep(text, kept, text.len());
    }
}

/// Between two l, a vowel on either side, both of the same case. Addresses have a dot or a slash nearby as well. After -al a
/// word that is an article begins a sentence: `al final.la casa`; -el, -il and -ul have words like `novel·la`.
fn is_geminate(before: &str, after: &str) -> bool {
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiouàèéíòóúïüAEIOUÀÈÉÍÒÓÚÏÜ".contains(c));
    let (mut back, mut ahead) = (before.chars().rev(), after.chars());
    let same = matches!((back.next(), ahead.next()), (Some('l'), Some('l')) | (Some('L'), Some('L')));
    let in_word = |c: &char| !c.is_whitespace();
    let address = |c: char| matches!(c, '.' | '/' | '@' | ':');
    // A full stop may end the word itself.
    let article = matches!(&after[..after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len())], "la" | "les");
    if article && before.ends_with("al") {
        return false;
    }
    let mut rest = after.chars().take(NEAR).take_while(in_word).collect::<Vec<_>>();
    while rest.last().is_some_and(|c| !c.is_alphanumeric()) {
        rest.pop();
    }
    same && vowel(back.next())
        && vowel(ahead.next())
        && !rest.into_iter().any(address)
        && !before.chars().rev().take(NEAR).take_while(in_word).any(address)
}

/// So many characters of a word are looked at.
const NEAR: usize = 40;

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair_as};

    #[test]
    fn geminates_have_a_middle_dot() {
        for (text, right) in [
            ("una pel.lícula excel•lent, iŀlusió i COL.LEGI.", "una pel·lícula excel·lent, il·lusió i COL·LEGI."),
            ("www.hotel.la/casa, al final. L'altre", "www.hotel.la/casa, al final. L'altre"),
            ("col·legi", "col·legi"),
            ("Això és el final.la nova obra és una novel.la", "Això és el final.la nova obra és una novel·la"),
        ] {
            assert_eq!(repair_as(text, &Profile::standard(), "cat_Latn".parse().ok()).text, right);
        }
    }
}
