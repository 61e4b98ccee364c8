//! Tones of Vietnamese on the vowel where the old style has them, which most text follows: `hòa`, `thúy`, not `hoà`, `thuý`;
//! a tone that is misplaced in either style (`nghịêm`) or there twice (`vịệc`) is put right, and so is a vowel that lacks one of
//! its horns (`nguời`).

use super::super::{Context, Repair, Rewrite, Signs};
use super::{syllable, words};

pub(in super::super) struct VietnameseTones;

impl Repair for VietnameseTones {
    fn name(&self) -> &'static str {
        "vietnamese-tones"
    }

    fn about(&self) -> &'static str {
        "Vietnamese tones once, on the vowel where the old style has them (hòa, not hoà), and both horns of ươ"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("uỷ ban, nghịêm túc, nguời", "ủy ban, nghiệm túc, người")
    }

    fn signs(&self) -> Signs {
        Signs::VIETNAMESE
    }

    fn languages(&self) -> &'static [&'static str] {
        &["vie"]
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        for (start, end) in words(text) {
            let word = &text[start..end];
            if word.is_ascii() {
                continue;
            }
            if let Some(respelt) = syllable::respelt(word).filter(|respelt| respelt != word) {
                out.keep(text, kept, start);
                out.replace(text, start, end, &respelt);
                kept = end;
            }
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair_as};

    #[test]
    fn only_vietnamese_syllables_change() {
        let text = "Hoà bình, uỷ ban và café ở Đà Nẵng; nghịêm túc.";
        let right = "Hòa bình, ủy ban và café ở Đà Nẵng; nghiệm túc.";
        let profile = Profile::standard();
        assert_eq!(repair_as(text, &profile, "vie_Latn".parse().ok()).text, right);
        assert_eq!(repair_as(text, &profile, "fra_Latn".parse().ok()).text, text);
    }
}
