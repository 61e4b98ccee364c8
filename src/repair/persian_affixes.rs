//! Affixes of Persian that are written to their word with a zero-width non-joiner, where a space stands for it. A space may also
//! be meant, so this is for those who want one form.

use super::{Context, Repair, Rewrite, Signs};

const ZWNJ: &str = "\u{200C}";

/// Of verbs.
const PREFIXES: [&str; 2] = ["می", "نمی"];

/// Of nouns and adjectives: plural, possession, comparison.
const SUFFIXES: [&str; 12] =
    ["ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان", "تر", "تری", "ترین"];

fn is_letter(c: char) -> bool {
    matches!(c, '\u{621}'..='\u{64A}' | '\u{671}'..='\u{6D3}')
}

pub(super) struct PersianAffixes;

impl Repair for PersianAffixes {
    fn name(&self) -> &'static str {
        "persian-affixes"
    }

    fn about(&self) -> &'static str {
        "affixes of Persian are joined to their word by a non-joiner"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("او می رود", "او می\u{200c}رود")
    }

    fn signs(&self) -> Signs {
        Signs::ARABIC
    }

    fn languages(&self) -> &'static [&'static str] {
        &["fas", "pes", "prs"]
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        let mut before = "";
        let mut start = 0usize;
        for word in text.split(' ') {
            let space = start.checked_sub(1);
            let bare = word.trim_end_matches(|c| !is_letter(c));
            let joins = PREFIXES.contains(&before) && word.starts_with(is_letter)
                || SUFFIXES.contains(&bare) && before.ends_with(is_letter);
            if let Some(space) = space.filter(|_| joins) {
                out.keep(text, kept, space);
                out.replace(text, space, start, ZWNJ);
                kept = start;
            }
            start += word.len() + 1;
            before = word;
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair_as};

    #[test]
    fn affixes_join_their_word() {
        let profile = Profile::none().with("persian-affixes", Setting::On).unwrap();
        for (broken, right) in [
            ("او می رود", "او می‌رود"),
            ("نمی دانم، کتاب ها را", "نمی‌دانم، کتاب‌ها را"),
            ("می", "می"),
            ("ها", "ها"),
            ("خانه های بزرگ تر.", "خانه‌های بزرگ‌تر."),
            ("12 ها", "12 ها"),
        ] {
            assert_eq!(repair_as(broken, &profile, "pes_Arab".parse().ok()).text, right, "{broken:?}");
        }
    }
}
