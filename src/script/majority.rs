//! The script of a text as a whole.

use std::cmp::Ordering;

use super::runs::{BLOCK, WEAK, plain, strong};
use super::{Script, han_variants, parts};

/// Bytes of a text that are looked at; of a longer one, three parts.
const SAMPLE: usize = 1024;

/// Japanese has at least one kana to so many Han characters; Chinese may have a few for decoration.
const HAN_TO_KANA: u32 = 16;

/// The script that most of a text is in: `Zyyy` when it has no letters; for Han alone `Hans` or `Hant` where the characters
/// tell, else `Hani`. Costs no more for a long text than for one of a kilobyte.
///
/// ```
/// use babelsift::script::main_script;
/// let codes = ["Привет, world", "東京タワーは高い", "这是汉字", "24/7"].map(|text| main_script(text).code());
/// assert_eq!(codes, ["Cyrl", "Jpan", "Hans", "Zyyy"]);
/// ```
pub fn main_script(text: &str) -> Script {
    let mut tally = Tally::default();
    if text.len() <= SAMPLE {
        tally.count(text);
    } else {
        parts(text, SAMPLE).for_each(|part| tally.count(part));
    }
    match tally.most() {
        Script::HANI => chinese(text),
        script => script,
    }
}

/// Letters by what they decide for. More than a few writing systems in a text are not counted.
#[derive(Default)]
struct Tally {
    rows: [(u8, u32); 8],
}

impl Tally {
    fn add(&mut self, script: u8, letters: u32) {
        if letters > 0
            && let Some(row) = self.rows.iter_mut().find(|(own, count)| *own == script || *count == 0)
        {
            *row = (script, row.1 + letters);
        }
    }

    fn count(&mut self, text: &str) {
        let (mut own, mut letters) = (Script::LATN.0, 0);
        let mut rest = text.chars();
        while !rest.as_str().is_empty() {
            let plain = plain(rest.as_str().as_bytes(), Script(own));
            letters += plain.letters as u32;
            rest = rest.as_str()[plain.bytes..].chars();
            for c in rest.by_ref().take(BLOCK) {
                let script = strong(c);
                if script != own && script != WEAK {
                    self.add(own, letters);
                    (own, letters) = (script, 0);
                }
                // No branch here: where words end is hard to predict.
                letters += u32::from(script == own);
            }
        }
        self.add(own, letters);
    }

    /// The script with most letters, the first of equals; a syllable says as much as two letters.
    fn most(&self) -> Script {
        let of = |script: Script| self.rows.iter().find(|(own, _)| *own == script.0).map_or(0, |(_, count)| *count);
        // Han goes with the kana or the Hangul beside it.
        let (han, kana, hangul) = (of(Script::HANI), of(Script::JPAN), of(Script::KORE));
        let (with_han, syllables) = if hangul > kana {
            (Script::KORE, hangul + han)
        } else if kana > 0 && kana * HAN_TO_KANA >= han {
            (Script::JPAN, kana + han)
        } else {
            (Script::HANI, han)
        };
        let is_syllabic = |script: &Script| [Script::HANI, Script::JPAN, Script::KORE].contains(script);
        let rows = self.rows.iter().map(|(own, count)| (Script(*own), *count)).filter(|(own, _)| !is_syllabic(own));
        let most = [(with_han, 2 * syllables)].into_iter().chain(rows);
        most.fold((Script::ZYYY, 0), |best, own| if own.1 > best.1 { own } else { best }).0
    }
}

/// Which Chinese script, if the characters tell.
fn chinese(text: &str) -> Script {
    let (mut simplified, mut traditional) = (0, 0);
    for part in parts(text, SAMPLE) {
        let (s, t) = han_variants(part);
        (simplified, traditional) = (simplified + s, traditional + t);
    }
    match simplified.cmp(&traditional) {
        Ordering::Greater => Script::HANS,
        Ordering::Less => Script::HANT,
        Ordering::Equal => Script::HANI,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_texts() {
        for (text, code) in [
            ("", "Zyyy"),
            ("12:30 …", "Zyyy"),
            ("plain", "Latn"),
            ("déjà vu à Nîmes, 24 août", "Latn"),
            ("Установите новый Microsoft Word", "Cyrl"),
            ("한국어 漢字", "Kore"),
            ("漢字", "Hant"),
            ("中", "Hani"),
            ("漢語の", "Jpan"),
            ("這是一個傳統的句子，沒有別的", "Hant"),
            ("哈哈の一二三四五六七八九十一二三四五六七八九十", "Hani"),
            ("हिन्दी में", "Deva"),
            ("ＡＢＣ", "Latn"),
        ] {
            assert_eq!(main_script(text).code(), code, "{text}");
        }
        assert_eq!(main_script(&"слово ".repeat(1_000_000)).code(), "Cyrl");
    }
}
