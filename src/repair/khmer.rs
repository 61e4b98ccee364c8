//! Khmer syllables in the order of the Khmer Character Specification (Unicode, chapter 16.4): base, robat, subscripts with
//! ro last, register shifter, vowels, signs. Fonts show many wrong orders like the right one, so they are common.

use super::{Context, Repair, Rewrite, Signs};

/// What a character is in its syllable; sorting by this is the canonical order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Other,
    Base,
    Robat,
    /// The coeng and the letter below.
    Below,
    FinalBelow,
    Shifter,
    NonJoiner,
    Before,
    VowelBelow,
    VowelAbove,
    After,
    Sign,
    End,
}

fn part(c: char) -> Part {
    match c {
        '\u{1780}'..='\u{17A2}' | '\u{17A5}'..='\u{17B3}' => Part::Base,
        '\u{17CC}' => Part::Robat,
        COENG => Part::Below,
        '\u{200D}' => Part::FinalBelow,
        MUUSIKATOAN | TRIISAP => Part::Shifter,
        '\u{200C}' => Part::NonJoiner,
        '\u{17BE}'..='\u{17C5}' => Part::Before,
        '\u{17BB}'..='\u{17BD}' => Part::VowelBelow,
        '\u{17B7}'..='\u{17BA}' => Part::VowelAbove,
        AA => Part::After,
        '\u{17C6}' | '\u{17CB}' | '\u{17CD}'..='\u{17D1}' | '\u{17D3}' | '\u{17DD}' => Part::Sign,
        '\u{17C7}' | '\u{17C8}' => Part::End,
        _ => Part::Other,
    }
}

const COENG: char = '\u{17D2}';
const RO: char = '\u{179A}';
const BA: char = '\u{1794}';
const AA: char = '\u{17B6}';
const II: char = '\u{17B8}';
const U: char = '\u{17BB}';
const OE: char = '\u{17BE}';
const E: char = '\u{17C1}';
const OO: char = '\u{17C4}';
const NIKAHIT: char = '\u{17C6}';
const MUUSIKATOAN: char = '\u{17C9}';
const TRIISAP: char = '\u{17CA}';

/// Consonants of the first series, which take the triisap; the others, and all with ba, take the muusikatoan.
fn is_first_series(c: char) -> bool {
    let second = matches!(
        c,
        '\u{1784}' | '\u{1789}' | '\u{178E}' | '\u{1793}' | '\u{1794}' | '\u{1798}'..='\u{179D}' | '\u{17A1}'
    );
    ('\u{1780}'..='\u{17A2}').contains(&c) && !second
}

/// Rewrites each syllable (a base and what belongs to it).
fn syllables(text: &str, out: &mut Rewrite, mend: impl Fn(&mut Vec<(Part, char)>)) {
    let mut syllable = Vec::new();
    let mut buffer = String::new();
    let mut start = 0;
    // After a coeng, or a coeng and a joiner, a letter is below.
    let mut coeng = false;
    for (at, c) in text.char_indices() {
        let part = match part(c) {
            Part::Base | Part::FinalBelow if coeng && !syllable.is_empty() => Part::Below,
            part => part,
        };
        coeng = c == COENG || coeng && c == '\u{200D}';
        if part <= Part::Base {
            flush(text, start, at, &mut syllable, &mut buffer, out, &mend);
            start = at;
        }
        if part != Part::Other && (part == Part::Base || !syllable.is_empty()) {
            syllable.push((part, c));
        }
    }
    flush(text, start, text.len(), &mut syllable, &mut buffer, out, &mend);
}

fn flush(
    text: &str,
    start: usize,
    end: usize,
    syllable: &mut Vec<(Part, char)>,
    buffer: &mut String,
    out: &mut Rewrite,
    mend: impl Fn(&mut Vec<(Part, char)>),
) {
    if syllable.len() < 2 {
        out.keep(text, start, end);
    } else {
        mend(syllable);
        buffer.clear();
        buffer.extend(syllable.iter().map(|(_, c)| c));
        out.replace(text, start, end, buffer);
    }
    syllable.clear();
}

/// Puts a syllable in order.
fn order(syllable: &mut Vec<(Part, char)>) {
    if !syllable.is_sorted_by_key(|(part, _)| *part) {
        syllable.sort_by_key(|(part, _)| *part);
    }
    invisible(syllable);
    vowels(syllable);
    shifter(syllable);
    ro_last(syllable);
}

/// Subscript ro is drawn before the base, so it may have been typed first; it is the last of the subscripts.
fn ro_last(syllable: &mut [(Part, char)]) {
    let from = syllable.iter().position(|(part, _)| *part == Part::Below).unwrap_or(syllable.len());
    let to = from + syllable[from..].iter().take_while(|(part, _)| *part == Part::Below).count();
    let below = &mut syllable[from..to];
    let pairs = below.chunks(2).all(|pair| matches!(pair, [(_, COENG), (_, '\u{1780}'..='\u{17B3}')]));
    if pairs && below.len() > 2 {
        let mut letters: Vec<char> = below.iter().skip(1).step_by(2).map(|(_, c)| *c).collect();
        letters.sort_by_key(|c| *c == RO);
        below.iter_mut().skip(1).step_by(2).zip(letters).for_each(|(place, letter)| place.1 = letter);
    }
}

/// Joiners and coengs that nothing comes between are one.
fn invisible(syllable: &mut Vec<(Part, char)>) {
    let is_joiner = |c| matches!(c, '\u{200C}' | '\u{200D}');
    if syllable.iter().any(|(_, c)| is_joiner(*c)) || syllable.windows(2).any(|w| w[0].1 == COENG && w[1].1 == COENG) {
        let mut before = [' '; 2];
        syllable.retain(|&(_, c)| {
            let hidden = |c| is_joiner(c) || c == COENG;
            let one =
                hidden(before[1]) && (is_joiner(before[0]) || is_joiner(before[1]) && c != COENG || before[1] == c);
            let kept = !(hidden(c) && one);
            if kept {
                before = [before[1], c];
            }
            kept
        });
    }
}

/// Vowels of two signs that were typed as their parts.
fn vowels(syllable: &mut Vec<(Part, char)>) {
    let Some(e) = syllable.iter().position(|(_, c)| *c == E) else {
        return raise(syllable);
    };
    let after = e + 1 + usize::from(syllable.get(e + 1).is_some_and(|(part, _)| *part == Part::VowelBelow));
    let whole = match syllable.get(after) {
        Some((_, II)) => OE,
        Some((_, AA)) => OO,
        _ => return raise(syllable),
    };
    syllable.remove(after);
    syllable[e].1 = whole;
    raise(syllable);
}

/// The vowel u before oe, where it stands for a shifter.
fn raise(syllable: &mut [(Part, char)]) {
    for i in 1..syllable.len() {
        if (syllable[i - 1].1, syllable[i].1) == (OE, U) {
            syllable.swap(i - 1, i);
        }
    }
}

/// Below a vowel above, a shifter is drawn like the vowel u, and often typed as that.
fn shifter(syllable: &mut Vec<(Part, char)>) {
    let Some(u) = syllable.iter().position(|(_, c)| *c == U) else {
        return;
    };
    let rest = syllable[u + 1..].iter().map(|(_, c)| *c);
    let raised = match rest.clone().next() {
        Some('\u{17B7}'..='\u{17BA}' | OE | '\u{17BF}' | '\u{17DD}' | '\u{17D0}') => true,
        Some(AA) => rest.clone().nth(1) == Some(NIKAHIT),
        _ => false,
    };
    let shifted = syllable.iter().any(|(part, _)| *part == Part::Shifter);
    if !raised || shifted {
        return;
    }
    let mut letters = syllable.iter().filter(|(part, c)| *part == Part::Base || *part == Part::Below && *c != COENG);
    let last = letters.clone().next_back().is_some_and(|(_, c)| is_first_series(*c));
    let first = last || letters.clone().any(|(_, c)| is_first_series(*c)) && letters.all(|(_, c)| *c != BA);
    syllable.remove(u);
    let place = syllable.iter().position(|(part, _)| *part > Part::Shifter).unwrap_or(syllable.len());
    syllable.insert(place, (Part::Shifter, if first { TRIISAP } else { MUUSIKATOAN }));
}

/// Neighbours without which a text is in order.
fn may_be_wrong(a: char, b: char) -> bool {
    match (part(a), part(b)) {
        (_, Part::Other | Part::Base) | (Part::Other, _) => false,
        (_, Part::NonJoiner | Part::FinalBelow) => true,
        (Part::Base, _) => a == RO && b == COENG,
        (before, after) => before > after || matches!(a, COENG | E | OE | U),
    }
}

pub(super) struct KhmerOrder;

impl Repair for KhmerOrder {
    fn name(&self) -> &'static str {
        "khmer-order"
    }

    fn about(&self) -> &'static str {
        "Khmer subscripts, shifters, vowels and signs in canonical order"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("ផែ្លឈើ ដេីម", "ផ្លែឈើ ដើម")
    }

    fn signs(&self) -> Signs {
        Signs::KHMER
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        text.chars().zip(text.chars().skip(1)).any(|(a, b)| may_be_wrong(a, b))
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        syllables(text, out, order);
    }
}

pub(super) struct KhmerLetters;

impl Repair for KhmerLetters {
    fn name(&self) -> &'static str {
        "khmer-letters"
    }

    fn about(&self) -> &'static str {
        "deprecated Khmer letters, and subscript da, which looks like ta"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("ប៉ណ្ដិត", "ប៉ណ្តិត")
    }

    fn signs(&self) -> Signs {
        Signs::KHMER
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            let with = match c {
                '\u{178A}' if before == COENG => "\u{178F}",
                '\u{17A3}' => "\u{17A2}",
                '\u{17A4}' => "\u{17A2}\u{17B6}",
                '\u{17B4}' | '\u{17B5}' => "",
                '\u{17D3}' => "\u{17C6}",
                _ => {
                    before = c;
                    continue;
                }
            };
            before = c;
            out.keep(text, kept, at);
            kept = at + c.len_utf8();
            out.replace(text, at, kept, with);
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn syllables_come_in_order() {
        let profile = Profile::none().with("khmer-order", Setting::On).unwrap();
        for (broken, right) in [
            ("ខ្ញុំរៀនភាសាខ្មែរ", "ខ្ញុំរៀនភាសាខ្មែរ"),
            ("ផែ្លឈើ", "ផ្លែឈើ"),
            ("កា្រ", "ក្រា"),
            ("មន្រ្ត", "មន្ត្រ"),
            ("ហ៊្វូ", "ហ្វ៊ូ"),
            ("ទំុ", "ទុំ"),
            ("ដេីម", "ដើម"),
            ("កេាះ", "កោះ"),
            ("សុីអុី", "ស៊ីអ៊ី"),
            ("មុីង", "ម៉ីង"),
            ("ញុាំ", "ញ៉ាំ"),
            ("ចុំ", "ចុំ"),
            ("ក\u{200d}\u{200d}ខ", "ក\u{200d}ខ"),
            (" ា្រ", " ា្រ"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }

    #[test]
    fn letters_are_those_in_use() {
        let profile = Profile::none().with("khmer-letters", Setting::On).unwrap();
        for (broken, right) in
            [("ប៉ណ្ដិត", "ប៉ណ្តិត"), ("ដូច", "ដូច"), ("\u{17a3}\u{17a4}", "\u{17a2}\u{17a2}\u{17b6}"), ("ក\u{17b4}", "ក")]
        {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
