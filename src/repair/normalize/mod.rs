//! Unicode normalization (UAX #15).
//!
//! [`scan`] goes through the text at the speed of reading it and finds the characters that may have something to do with
//! normalization; [`changes`] looks at each with its neighbours and makes anew the short stretches that are not in the
//! form. What is in the form costs a look at most. The data is that of Unicode 18.0.

mod changes;
mod character;
mod scan;
#[rustfmt::skip]
mod table;

use std::borrow::Cow;

use changes::Changes;
use character::Plan;

use super::{Context, Repair, Rewrite, Signs};
use crate::config::Form;

/// The text in a normalization form; borrowed when it is in it already.
///
/// ```
/// use babelsift::{config::Form, repair::normalize};
/// assert_eq!(normalize("A\u{30A}", Form::Nfc), "Å");
/// ```
pub fn normalize(text: &str, form: Form) -> Cow<'_, str> {
    let Some(mut changes) = Plan::of(form).and_then(|plan| Changes::of(text, plan)) else { return Cow::Borrowed(text) };
    let Some(mut stretch) = changes.next() else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut kept = 0;
    loop {
        out.push_str(&text[kept..stretch.start]);
        changes.write(&mut out);
        kept = stretch.end;
        match changes.next() {
            Some(next) => stretch = next,
            None => break,
        }
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// True when the text is in a normalization form.
///
/// ```
/// use babelsift::{config::Form, repair::is_normalized};
/// assert!(is_normalized("Å", Form::Nfc) && !is_normalized("Å", Form::Nfd));
/// ```
pub fn is_normalized(text: &str, form: Form) -> bool {
    Plan::of(form).and_then(|plan| Changes::of(text, plan)).is_none_or(|mut changes| changes.next().is_none())
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
        let mut kept = 0;
        if let Some(mut changes) = Plan::of(context.profile.form).and_then(|plan| Changes::of(text, plan)) {
            let mut with = String::new();
            while let Some(stretch) = changes.next() {
                with.clear();
                changes.write(&mut with);
                out.keep(text, kept, stretch.start);
                out.replace(text, stretch.start, stretch.end, &with);
                kept = stretch.end;
            }
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::{Profile, Setting, repair_as};

    /// Text, and what it becomes in NFC, NFKC, NFD and NFKD.
    const CASES: [[&str; 5]; 14] = [
        ["plain text", "plain text", "plain text", "plain text", "plain text"],
        ["re\u{301}sume\u{301}", "résumé", "résumé", "re\u{301}sume\u{301}", "re\u{301}sume\u{301}"],
        // A mark that goes before the one in the letter.
        ["\u{1E0A}\u{323}", "\u{1E0C}\u{307}", "\u{1E0C}\u{307}", "D\u{323}\u{307}", "D\u{323}\u{307}"],
        ["\u{10B}\u{323}", "\u{10B}\u{323}", "\u{10B}\u{323}", "c\u{323}\u{307}", "c\u{323}\u{307}"],
        ["Vie\u{323}\u{302}t", "Việt", "Việt", "Vie\u{323}\u{302}t", "Vie\u{323}\u{302}t"],
        // A mark between keeps one of its own class from the letter, and no other.
        ["a\u{315}\u{300}", "à\u{315}", "à\u{315}", "a\u{300}\u{315}", "a\u{300}\u{315}"],
        ["a\u{5AE}\u{300}", "à\u{5AE}", "à\u{5AE}", "a\u{5AE}\u{300}", "a\u{5AE}\u{300}"],
        [
            "\u{B47}\u{300}\u{B3E}",
            "\u{B47}\u{300}\u{B3E}",
            "\u{B47}\u{300}\u{B3E}",
            "\u{B47}\u{300}\u{B3E}",
            "\u{B47}\u{300}\u{B3E}",
        ],
        [
            "\u{1112}\u{1161}\u{11AB}글",
            "한글",
            "한글",
            "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}",
            "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}",
        ],
        ["\u{212B}\u{958}", "Å\u{915}\u{93C}", "Å\u{915}\u{93C}", "A\u{30A}\u{915}\u{93C}", "A\u{30A}\u{915}\u{93C}"],
        [
            "ﬁ½\u{FF76}\u{FF9E}",
            "ﬁ½\u{FF76}\u{FF9E}",
            "fi1\u{2044}2ガ",
            "ﬁ½\u{FF76}\u{FF9E}",
            "fi1\u{2044}2\u{30AB}\u{3099}",
        ],
        ["رّ\u{64E}", "ر\u{64E}\u{651}", "ر\u{64E}\u{651}", "ر\u{64E}\u{651}", "ر\u{64E}\u{651}"],
        ["\u{1611E}\u{16123}", "\u{16126}", "\u{16126}", "\u{1611E}\u{1611E}\u{1611F}", "\u{1611E}\u{1611E}\u{1611F}"],
        ["\u{301}\u{301}", "\u{301}\u{301}", "\u{301}\u{301}", "\u{301}\u{301}", "\u{301}\u{301}"],
    ];

    #[test]
    fn forms() {
        for [text, wanted @ ..] in CASES {
            for (form, want) in [Form::Nfc, Form::Nfkc, Form::Nfd, Form::Nfkd].into_iter().zip(wanted) {
                assert_eq!(normalize(text, form), want, "{form:?} of {}", text.escape_unicode());
                assert_eq!(is_normalized(text, form), text == want, "{form:?} of {}", text.escape_unicode());
            }
            assert_eq!(normalize(text, Form::None), text);
        }
    }

    #[test]
    fn only_what_changes_is_edited() {
        let text = "Привет, cafe\u{301} — हिन्दी \u{95C} 漢字 re\u{301}";
        let profile = Profile::none().with("normalize", Setting::On).unwrap();
        let repaired = repair_as(text, &profile, None);
        let edited: Vec<(&str, &str)> =
            repaired.edits.iter().map(|e| (&text[e.input.range()], &repaired.text[e.output.range()])).collect();
        assert_eq!(edited, [("e\u{301}", "é"), ("\u{95C}", "\u{921}\u{93C}"), ("e\u{301}", "é")]);
    }
}
