//! Unicode normalization (UAX #15) by `icu_normalizer`.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed as Composing, DecomposingNormalizerBorrowed as Decomposing};

use super::{Context, Repair, Rewrite, Signs};
use crate::config::Form;

const NFC: Composing<'static> = Composing::new_nfc();
const NFKC: Composing<'static> = Composing::new_nfkc();
const NFD: Decomposing<'static> = Decomposing::new_nfd();
const NFKD: Decomposing<'static> = Decomposing::new_nfkd();

/// The text in a normalization form; borrowed when it is in it already.
///
/// ```
/// use babelsift::{config::Form, repair::normalize};
/// assert_eq!(normalize("A\u{30A}", Form::Nfc), "Å");
/// ```
pub fn normalize(text: &str, form: Form) -> Cow<'_, str> {
    match form {
        Form::Nfc => NFC.normalize(text),
        Form::Nfkc => NFKC.normalize(text),
        Form::Nfd => NFD.normalize(text),
        Form::Nfkd => NFKD.normalize(text),
        Form::None => Cow::Borrowed(text),
    }
}

fn is_normalized(text: &str, form: Form) -> bool {
    match form {
        Form::Nfc => NFC.is_normalized(text),
        Form::Nfkc => NFKC.is_normalized(text),
        Form::Nfd => NFD.is_normalized(text),
        Form::Nfkd => NFKD.is_normalized(text),
        Form::None => true,
    }
}

pub(super) struct Normalize;

impl Repair for Normalize {
    fn name(&self) -> &'static str {
        "normalize"
    }

    fn about(&self) -> &'static str {
        "Unicode normalization, by default to NFC"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("e\u{301}", "é")
    }

    fn signs(&self) -> Signs {
        Signs::HIGH
    }

    fn suspects(&self, text: &str, context: &Context<'_>) -> bool {
        !is_normalized(text, context.profile.form)
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        // A space is a starter that composes with nothing before it, so each word can be normalized by itself, and
        // offsets of the words around stay exact.
        let mut at = 0;
        while at < text.len() {
            let end = text.as_bytes()[at + 1..].iter().position(|b| *b == b' ').map_or(text.len(), |i| at + 1 + i);
            match normalize(&text[at..end], context.profile.form) {
                Cow::Borrowed(_) => out.keep(text, at, end),
                Cow::Owned(word) => out.replace(text, at, end, &word),
            }
            at = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn forms_agree_with_the_oracle() {
        for text in
            ["Å\u{323}ngström \u{fb01}ne", "각 각", "क\u{93c}\u{947}", "\u{1e9b}\u{323}", "Việt Nam", "a \u{301}b"]
        {
            assert_eq!(normalize(text, Form::Nfc), text.nfc().collect::<String>());
            assert_eq!(normalize(text, Form::Nfkc), text.nfkc().collect::<String>());
            assert_eq!(normalize(text, Form::Nfd), text.nfd().collect::<String>());
            assert_eq!(normalize(text, Form::Nfkd), text.nfkd().collect::<String>());
            for form in [Form::Nfc, Form::Nfkc, Form::Nfd, Form::Nfkd] {
                let profile = Profile::none().with("normalize", Setting::On).unwrap().form(form);
                assert_eq!(repair(text, &profile), normalize(text, form), "{form:?}");
            }
        }
    }
}
