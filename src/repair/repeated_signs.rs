//! The same sign twice in a row on a letter of an Indic script, Burmese or Khmer: typed twice, and often drawn as one. Signs
//! behind their letter are left, which people repeat to draw a word out.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct RepeatedSigns;

/// Signs above, below and before a letter, but for those of which two look like a third.
fn is_sign(c: char) -> bool {
    match u32::from(c) {
        // Devanagari, Bengali.
        0x901 | 0x902 | 0x93C | 0x93F | 0x941..=0x948 | 0x962 | 0x963 => true,
        0x981 | 0x9BC | 0x9BF | 0x9C1..=0x9C4 | 0x9C7 | 0x9C8 => true,
        // Gurmukhi, Gujarati, Odia.
        0xA01 | 0xA02 | 0xA3C | 0xA3F | 0xA41..=0xA4C | 0xA70 | 0xA71 => true,
        0xA81 | 0xA82 | 0xABC | 0xABF | 0xAC1..=0xAC5 | 0xAC7 | 0xAC8 => true,
        0xB01 | 0xB3C | 0xB3F | 0xB41..=0xB44 | 0xB47 | 0xB48 => true,
        // Tamil, Telugu, Kannada, Malayalam, Sinhala.
        0xBC0 | 0xBC6..=0xBC8 | 0xC3F | 0xC40 | 0xC46..=0xC4C | 0xCBC | 0xCBF | 0xCC6 => true,
        0xD41..=0xD44 | 0xD47 | 0xD48 | 0xDD2..=0xDD6 | 0xDDA | 0xDDB => true,
        // Burmese, Khmer.
        0x102D..=0x1037 | 0x103A..=0x103E | 0x17B7..=0x17BD | 0x17C6 | 0x17C9..=0x17D1 | 0x17DD => true,
        _ => false,
    }
}

impl Repair for RepeatedSigns {
    fn name(&self) -> &'static str {
        "repeated-signs"
    }

    fn about(&self) -> &'static str {
        "a sign of an Indic script, Burmese or Khmer that is there twice in a row stays once"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("मे\u{902}\u{902}, ခဲ\u{1037}\u{1037}", "में, ခဲ့")
    }

    fn signs(&self) -> Signs {
        Signs::INDIC.or(Signs::MYANMAR).or(Signs::KHMER)
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        let mut last = ' ';
        text.chars().any(|c| std::mem::replace(&mut last, c) == c && is_sign(c))
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| {
            let mut before = None;
            for (at, c) in text.char_indices() {
                if before == Some(c) && is_sign(c) {
                    patch.replace(at, at + c.len_utf8(), "");
                }
                before = Some(c);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair, repair_as};

    #[test]
    fn a_sign_stays_once() {
        let profile = Profile::none().with("repeated-signs", Setting::On).unwrap();
        for (broken, right) in [
            ("है\u{902}\u{902} चााा", "हैं चााा"),
            ("বল\u{9c7}\u{9c7}\u{9c7}ন", "বলেন"),
            ("ପ\u{b3f}\u{b3f}ଲା", "ପିଲା"),
            ("တ\u{102d}\u{102d}\u{102f}\u{102f}\u{1037}\u{1037}", "တို့"),
            ("ស\u{17ca}\u{17ca}\u{17b8}\u{17b8} ណាាា", "ស៊ី ណាាា"),
            ("\u{dd9}\u{dd9}", "\u{dd9}\u{dd9}"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }

    #[test]
    fn two_that_make_a_third_become_it() {
        let sinhala = "sin_Sinh".parse().ok();
        assert_eq!(repair_as("ක\u{dd9}\u{dd9}\u{dd2}\u{dd2}", &Profile::default(), sinhala).text, "කෛ\u{dd2}");
    }
}
