//! Affixes of Persian that are written to their word with a zero-width non-joiner, where a space stands for it. A space may also
//! be meant, so this is for those who want one form.

use super::{Context, Repair, Rewrite, Signs};

const ZWNJ: &str = "\u{200C}";

/// Of verbs.
const PREFIXES: [&str; 2] = [MI, "نمی"];

/// Also the name of a month, so only before what may be a verb.
const MI: &str = "می";

/// What verbs end in: person, tense, object.
const ENDS_OF_VERBS: [char; 7] = ['م', 'ی', 'د', 'ت', 'ه', 'ش', 'ن'];

/// Of nouns and adjectives: plural, possession, comparison.
const SUFFIXES: [&str; 12] =
    ["ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان", "تر", "تری", "ترین"];

/// Of words that end in a heh, which they would join: being, possession, one, the linking i.
const AFTER_HEH: [&str; 8] = ["ام", "ای", "اید", "ایم", "اند", "ات", "اش", "ی"];
const HEH: char = 'ه';

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
        out.patch(text, |patch| {
            let mut before = "";
            let mut start = 0usize;
            for word in text.split(' ') {
                let bare = word.trim_end_matches(|c| !is_letter(c));
                if let Some(space) = start.checked_sub(1).filter(|_| joins(before, word, bare)) {
                    patch.replace(space, start, ZWNJ);
                }
                if let Some(stem) = stem(bare) {
                    patch.replace(start + stem, start + stem, ZWNJ);
                }
                start += word.len() + 1;
                before = word;
            }
        });
    }
}

/// True for a word and an affix with a space between them.
fn joins(before: &str, word: &str, bare: &str) -> bool {
    let verb = word.starts_with(is_letter) && (before != MI || bare.ends_with(ENDS_OF_VERBS));
    let heh = || before.ends_with(HEH) && before.chars().filter(|c| is_letter(*c)).nth(2).is_some();
    PREFIXES.contains(&before) && verb
        || SUFFIXES.contains(&bare) && before.ends_with(is_letter)
        || AFTER_HEH.contains(&bare) && heh()
}

/// Where the stem ends of a plural that was joined to the heh of its word: two of them come in no word otherwise.
fn stem(bare: &str) -> Option<usize> {
    let suffix = SUFFIXES.iter().find(|s| s.starts_with(HEH) && bare.ends_with(*s))?;
    let stem = bare.strip_suffix(suffix)?;
    (stem.ends_with(HEH) && stem.chars().nth(1).is_some()).then_some(stem.len())
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
            ("اول می باز، می دیدمش", "اول می باز، می‌دیدمش"),
            ("می بینند ماه می امسال", "می‌بینند ماه می امسال"),
            ("گفته اند خانه ی ما، نامه اش. که ای", "گفته‌اند خانه‌ی ما، نامه‌اش. که ای"),
            ("نامهها، راههای دور، شهها", "نامه‌ها، راه‌های دور، شه‌ها"),
            ("هها", "هها"),
        ] {
            assert_eq!(repair_as(broken, &profile, "pes_Arab".parse().ok()).text, right, "{broken:?}");
        }
    }
}
