//! Hangul letters of the compatibility block put together to syllables. By themselves they are how Koreans laugh and cry;
//! words of nothing else, which read as syllables from end to end, were taken apart by a program.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Jamo;

const LEADS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const TAILS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
const FIRST_VOWEL: char = 'ㅏ';
const LAST_VOWEL: char = 'ㅣ';
/// Two letters that are one in a syllable.
const PAIRS: [(char, char, char); 18] = [
    ('ㄱ', 'ㅅ', 'ㄳ'),
    ('ㄴ', 'ㅈ', 'ㄵ'),
    ('ㄴ', 'ㅎ', 'ㄶ'),
    ('ㄹ', 'ㄱ', 'ㄺ'),
    ('ㄹ', 'ㅁ', 'ㄻ'),
    ('ㄹ', 'ㅂ', 'ㄼ'),
    ('ㄹ', 'ㅅ', 'ㄽ'),
    ('ㄹ', 'ㅌ', 'ㄾ'),
    ('ㄹ', 'ㅍ', 'ㄿ'),
    ('ㄹ', 'ㅎ', 'ㅀ'),
    ('ㅂ', 'ㅅ', 'ㅄ'),
    ('ㅗ', 'ㅏ', 'ㅘ'),
    ('ㅗ', 'ㅐ', 'ㅙ'),
    ('ㅗ', 'ㅣ', 'ㅚ'),
    ('ㅜ', 'ㅓ', 'ㅝ'),
    ('ㅜ', 'ㅔ', 'ㅞ'),
    ('ㅜ', 'ㅣ', 'ㅟ'),
    ('ㅡ', 'ㅣ', 'ㅢ'),
];

pub(super) fn is_jamo(c: char) -> bool {
    matches!(c, 'ㄱ'..='ㅣ')
}

fn is_vowel(c: char) -> bool {
    (FIRST_VOWEL..=LAST_VOWEL).contains(&c)
}

fn pair(a: Option<char>, b: Option<char>) -> Option<char> {
    PAIRS.iter().find(|(x, y, _)| Some(*x) == a && Some(*y) == b).map(|(_, _, both)| *both)
}

/// Appends letters as syllables where they make some; how many syllables, and how many letters are left by themselves.
pub(super) fn compose(letters: impl Iterator<Item = char>, out: &mut String) -> (usize, usize) {
    // A syllable takes at most two letters for each of its later parts, and one more says where it ends.
    let mut rest = Window { letters, ahead: [None; 6] };
    rest.fill();
    let (mut syllables, mut single) = (0, 0);
    while let Some(first) = rest.ahead[0] {
        let lead = LEADS.chars().position(|l| l == first);
        let vowel = rest.ahead[1].filter(|v| is_vowel(*v));
        let (Some(lead), Some(vowel)) = (lead, vowel) else {
            out.push(first);
            single += 1;
            rest.take(1);
            continue;
        };
        let long = pair(Some(vowel), rest.ahead[2]);
        let at = if long.is_some() { 3 } else { 2 };
        let vowel = long.unwrap_or(vowel);
        let [a, b, c] = [rest.ahead[at], rest.ahead[at + 1], rest.ahead.get(at + 2).copied().flatten()];
        let before_vowel = |c: Option<char>| c.is_some_and(is_vowel);
        // A consonant before a vowel begins the next syllable.
        let (tail, length) = match pair(a, b) {
            Some(both) if !before_vowel(c) && !is_vowel(both) => (Some(both), 2),
            _ if a.is_some() && !before_vowel(a) && !before_vowel(b) => (a, 1),
            _ => (None, 0),
        };
        let place = tail.and_then(|t| TAILS.chars().position(|known| known == t));
        let tail = place.map_or(0, |place| place as u32 + 1);
        let code = 0xAC00 + (lead as u32 * 21 + (vowel as u32 - FIRST_VOWEL as u32)) * 28 + tail;
        out.extend(char::from_u32(code));
        syllables += 1;
        rest.take(at + if tail > 0 { length } else { 0 });
    }
    (syllables, single)
}

struct Window<I> {
    letters: I,
    ahead: [Option<char>; 6],
}

impl<I: Iterator<Item = char>> Window<I> {
    fn fill(&mut self) {
        for place in &mut self.ahead {
            *place = place.or_else(|| self.letters.next());
        }
    }

    fn take(&mut self, count: usize) {
        self.ahead.rotate_left(count);
        let left = self.ahead.len() - count;
        self.ahead[left..].fill(None);
        self.fill();
    }
}

impl Repair for Jamo {
    fn name(&self) -> &'static str {
        "jamo"
    }

    fn about(&self) -> &'static str {
        "words of Hangul compatibility letters become syllables"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("ㅎㅏㄴㄱㅜㄱㅇㅓ ㅋㅋㅋ", "한국어 ㅋㅋㅋ")
    }

    fn signs(&self) -> Signs {
        Signs::JAMO
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut word = String::new();
        out.patch(text, |patch| {
            let mut done = 0;
            for (at, _) in text.char_indices().filter(|(_, c)| is_jamo(*c)) {
                if at < done {
                    continue;
                }
                let run = &text[at..];
                let run = &run[..run.find(|c| !is_jamo(c)).unwrap_or(run.len())];
                done = at + run.len();
                word.clear();
                if let (2.., 0) = compose(run.chars(), &mut word) {
                    patch.replace(at, done, &word);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn words_become_syllables() {
        let profile = Profile::none().with("jamo", Setting::On).unwrap();
        for (broken, right) in [
            ("ㅎㅏㄴㄱㅡㄹ", "한글"),
            ("ㅇㅓㅂㅅㄷㅏ, ㅇㅓㅄㄷㅏ", "없다, 없다"),
            ("ㄱㅗㅏㅈㅏ ㅇㅡㅣㅅㅏ", "과자 의사"),
            ("ㅇㅏㄴㅈㅏ ㅇㅏㄴㅈㄷㅏ ㄱㅏㅂㅅㅇㅣ", "안자 앉다 값이"),
            ("ㅋㅋㅋ ㅠㅠ ㄱ ㅎㅏ ㅇㅋ ㄱㅏㅏ", "ㅋㅋㅋ ㅠㅠ ㄱ ㅎㅏ ㅇㅋ ㄱㅏㅏ"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
