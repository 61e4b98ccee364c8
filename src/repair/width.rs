//! Full- and half-width forms by context. Full-width letters and digits become ASCII, half-width kana and Hangul full ones;
//! full-width punctuation is what East Asian text is written with and stays there, but not between full-width letters.

use icu_normalizer::ComposingNormalizerBorrowed as Composing;

use super::kinds::{is_east_asian, is_kana};
use super::rewrite::Patch;
use super::{Context, Repair, Rewrite, Signs, jamo};

pub(super) struct Width;

const NFKC: Composing<'static> = Composing::new_nfkc();

impl Repair for Width {
    fn name(&self) -> &'static str {
        "width"
    }

    fn about(&self) -> &'static str {
        "full-width letters and digits become ASCII, half-width kana and Hangul full; punctuation by what is around it"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("Ｕﾀｰﾝ、１２：３０！", "Uターン、12:30！")
    }

    fn signs(&self) -> Signs {
        Signs::WIDTH
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| if context.profile.ftfy { as_ftfy(text, patch) } else { by_context(text, patch) });
    }
}

/// Whatever has another form has that one.
fn as_ftfy(text: &str, patch: &mut Patch<'_>) {
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '\u{3000}' | '\u{FF01}'..='\u{FFEF}')) {
        patch.replace(at, at + 3, &NFKC.normalize(c.encode_utf8(&mut [0; 4])));
    }
}

fn by_context(text: &str, patch: &mut Patch<'_>) {
    let mut east_asian = None;
    let mut word = String::new();
    let mut done = 0;
    // All of these characters begin with the same byte.
    for at in memchr::memchr_iter(0xEF, text.as_bytes()) {
        let Some(c) = text[at..].chars().next().filter(|_| at >= done) else { continue };
        let before = text[..at].chars().next_back();
        done = at + c.len_utf8();
        match c {
            '\u{FF61}'..='\u{FF9F}' => {
                done = run_end(text, at, |c| matches!(c, '\u{FF61}'..='\u{FF9F}'));
                kana(&text[at..done], before, &mut word);
                patch.replace(at, done, &word);
            }
            '\u{FFA0}'..='\u{FFDC}' => {
                done = run_end(text, at, |c| compatibility(c).is_some());
                word.clear();
                jamo::compose(text[at..done].chars().filter_map(compatibility), &mut word);
                if !word.is_empty() {
                    patch.replace(at, done, &word);
                }
                done = done.max(at + 3);
            }
            '\u{FFE8}'..='\u{FFEE}' => patch.replace(at, done, &NFKC.normalize(&text[at..done])),
            _ if is_letter(c) => patch.replace_by(at, done, narrow(c)),
            '\u{FF01}'..='\u{FF5E}' | '\u{FFE0}'..='\u{FFE2}' | '\u{FFE4}'..='\u{FFE6}' => {
                let after = text[done..].chars().next();
                let own = || text.chars().any(|c| is_east_asian(c) || matches!(c, '\u{FF61}'..='\u{FF65}'));
                if is_between(before, c, after) || !*east_asian.get_or_insert_with(own) {
                    patch.replace(at, done, &NFKC.normalize(&text[at..done]));
                }
            }
            _ => {}
        }
    }
}

fn run_end(text: &str, start: usize, is: impl Fn(char) -> bool) -> usize {
    text[start..].find(|c| !is(c)).map_or(text.len(), |length| start + length)
}

/// Full-width letters and digits of ASCII.
fn is_letter(c: char) -> bool {
    matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

fn narrow(c: char) -> char {
    char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
}

/// True for punctuation inside of what is written in full-width letters and digits; a tilde there is a wave dash.
fn is_between(before: Option<char>, c: char, after: Option<char>) -> bool {
    let wide = |c: Option<char>| c.is_some_and(is_letter);
    let any = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric()) || wide(c);
    c != '～' && any(before) && any(after) && (wide(before) || wide(after))
}

/// Half-width kana in full width, with the voicing marks on their letters.
fn kana(run: &str, before: Option<char>, word: &mut String) {
    word.clear();
    let mut letters = run;
    // A mark without a letter before it stands for itself.
    if !before.is_some_and(is_kana) {
        letters = run.trim_start_matches(['\u{FF9E}', '\u{FF9F}']);
        let marks = run[..run.len() - letters.len()].chars();
        word.extend(marks.map(|c| if c == '\u{FF9E}' { '゛' } else { '゜' }));
    }
    word.push_str(&NFKC.normalize(letters));
}

/// The compatibility letter of a half-width Hangul letter.
fn compatibility(c: char) -> Option<char> {
    let code = c as u32;
    char::from_u32(match code {
        0xFFA1..=0xFFBE => code - 0xFFA1 + 0x3131,
        0xFFC2..=0xFFC7 => code - 0xFFC2 + 0x314F,
        0xFFCA..=0xFFCF => code - 0xFFCA + 0x3155,
        0xFFD2..=0xFFD7 => code - 0xFFD2 + 0x315B,
        0xFFDA..=0xFFDC => code - 0xFFDA + 0x3161,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn width_follows_the_context() {
        let profile = Profile::none().with("width", Setting::On).unwrap();
        for (broken, right) in [
            ("ＬＯＵＤ！ （ｖｅｒｙ）", "LOUD! (very)"),
            ("これはＯＫ！（たぶん）", "これはOK！（たぶん）"),
            ("ｗｗｗ．ｅｘａｍｐｌｅ．ｊｐを見る", "www.example.jpを見る"),
            ("第1，2章，约１，０００人", "第1，2章，约1,000人"),
            ("１０～２０个", "10～20个"),
            ("ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟ ｳﾞ ｡｢｣､･", "ガギグ パピ ヴ 。「」、・"),
            ("ﾞ カﾞ", "゛ カ\u{3099}"),
            ("ﾡￂﾤ ﾾﾾ", "간 ㅎㅎ"),
            ("￥100 ￫ ￡５", "¥100 → £5"),
            ("你好，世界！￥", "你好，世界！￥"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
        assert_eq!(repair("你好，ﾊﾟ　￣", &Profile::ftfy()), "你好,パ  \u{304}");
    }
}
