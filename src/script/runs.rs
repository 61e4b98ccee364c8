//! Runs of one script, with Common and Inherited characters resolved (UAX #24, section 5.1).

use super::table::{CODES, SETS};
use super::{Script, value};

/// A stretch of text in one script. The runs of a text tile it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Script of its letters; `Zyyy` when the text has none. Han without kana or Hangul is `Hani`.
    pub script: Script,
    /// Characters with a script of their own.
    pub letters: usize,
}

/// Divides a text into runs of one script.
///
/// Digits, punctuation and spaces belong to the run before them; what stands after the last space before the next run
/// (an opening quote, a number glued to it) belongs to that. A text without letters is one run of script `Zyyy`.
///
/// ```
/// use babelsift::script::runs;
/// let mut found = Vec::new();
/// runs("News 24: «Новости дня»", &mut found);
/// let shown: Vec<_> = found.iter().map(|r| (r.script.code(), &"News 24: «Новости дня»"[r.start..r.end])).collect();
/// assert_eq!(shown, [("Latn", "News 24: "), ("Cyrl", "«Новости дня»")]);
/// ```
pub fn runs(text: &str, out: &mut Vec<Run>) {
    out.clear();
    if text.is_empty() {
        return;
    }
    let end = text.len();
    let mut run = Run { start: 0, end, script: Script::ZYYY, letters: 0 };
    if text.is_ascii() {
        // Counted in bytes first: vector code adds up more of these at a time.
        let count = |some: &[u8]| some.iter().fold(0u8, |sum, byte| sum + u8::from(byte.is_ascii_alphabetic()));
        run.letters = text.as_bytes().chunks(255).map(|some| usize::from(count(some))).sum();
        run.script = if run.letters > 0 { Script::LATN } else { Script::ZYYY };
        out.push(run);
        return;
    }
    let mut rest = text.chars();
    loop {
        let plain = plain(rest.as_str().as_bytes(), run.script);
        run.letters += plain.letters;
        rest = rest.as_str()[plain.bytes..].chars();
        // So many characters before it is worth while to look for such blocks again.
        for _ in 0..BLOCK {
            let Some(c) = rest.next() else {
                out.push(run);
                return;
            };
            let own = strong(c);
            if (own != run.script.0) & (own != WEAK) {
                let own = Script(own);
                if let Some(script) = if run.letters == 0 { Some(own) } else { union(run.script, own) } {
                    run.script = script;
                } else {
                    let at = end - rest.as_str().len() - c.len_utf8();
                    let cut = cut(text, after_last_letter(&text[..at]), at);
                    out.push(Run { end: cut, ..run });
                    run = Run { start: cut, end, script: own, letters: 0 };
                }
            }
            // No branch here: where words end is hard to predict.
            run.letters += usize::from(own != WEAK);
        }
    }
}

/// Bytes that are looked at together.
pub(super) const BLOCK: usize = 16;

/// Blocks at the start of a text that have no letters but those of one script.
#[derive(Default)]
pub(super) struct Plain {
    pub(super) bytes: usize,
    pub(super) letters: usize,
}

/// Such blocks of a script, where they are known at sight.
pub(super) fn plain(bytes: &[u8], script: Script) -> Plain {
    match script {
        Script::LATN => plain_blocks(bytes, latin),
        Script::CYRL => plain_blocks(bytes, cyrillic),
        _ => Plain::default(),
    }
}

/// Whether a byte is the first of a letter of that script, and whether it may stand in its blocks at all.
type Kind = (bool, bool);

/// ASCII, and letters from À to ɿ: leading bytes that have no others, and no byte that may end a multiplication or division sign.
#[inline(always)]
fn latin(byte: u8) -> Kind {
    let high = (0xC3..=0xC9).contains(&byte);
    (byte.is_ascii_alphabetic() | high, (byte < 0xC0) & (byte != 0x97) & (byte != 0xB7) | high)
}

/// Letters from Ѐ to ѿ, and ASCII without letters.
#[inline(always)]
fn cyrillic(byte: u8) -> Kind {
    let high = (0xD0..=0xD1).contains(&byte);
    (high, (byte < 0xC0) & !byte.is_ascii_alphabetic() | high)
}

/// Blocks of bytes of such kinds. Written so that the compiler makes vector code of it.
#[inline(always)]
fn plain_blocks(bytes: &[u8], kind: impl Fn(u8) -> Kind) -> Plain {
    let mut found = Plain::default();
    for block in bytes.as_chunks::<BLOCK>().0 {
        let add = |(letters, only): (u8, bool), byte: &u8| {
            let (letter, own) = kind(*byte);
            (letters + u8::from(letter), only & own)
        };
        let (letters, only) = block.iter().fold((0, true), add);
        if !only {
            break;
        }
        found.bytes += BLOCK;
        found.letters += usize::from(letters);
    }
    // A letter that begins in the last block and ends behind it is left.
    if found.bytes > 0 && bytes[found.bytes - 1] >= 0xC0 {
        found.bytes -= 1;
        found.letters -= 1;
    }
    found
}

/// Where the last letter of a text ends.
fn after_last_letter(text: &str) -> usize {
    text.trim_end_matches(|c| strong(c) == WEAK).len()
}

/// Where one run ends and the next begins, between the last letter of the one and the first of the other.
fn cut(text: &str, from: usize, to: usize) -> usize {
    let gap = &text[from..to];
    let after_space =
        gap.rfind(char::is_whitespace).map_or(0, |at| at + gap[at..].chars().next().map_or(0, char::len_utf8));
    let opener = || gap.find(OPENERS).unwrap_or(gap.len());
    from + if after_space > 0 { after_space } else { opener() }
}

/// Punctuation that belongs to what follows it.
const OPENERS: [char; 16] = ['(', '[', '{', '«', '“', '„', '‘', '‹', '「', '『', '（', '【', '《', '〈', '¿', '¡'];

/// What [`strong`] says of characters that decide for no writing system.
pub(super) const WEAK: u8 = u8::MAX;

/// Code points up to the kana have their answer in one table.
const LOW: usize = 0x3100;

static STRONG: [u8; LOW] = {
    let mut strong = [WEAK; LOW];
    let mut code = 0;
    while code < LOW {
        strong[code] = decides(value(code));
        code += 1;
    }
    strong
};

/// The writing system that a character decides for, if it decides.
#[inline(always)]
pub(super) const fn strong(c: char) -> u8 {
    match c as usize {
        low if low < LOW => STRONG[low],
        0x4E00..0xA000 => Script::HANI.0,
        0xAC00..0xD7A4 => Script::KORE.0,
        high => decides(value(high)),
    }
}

/// True for characters that decide for a writing system: letters, syllables and the marks of abugidas.
pub(crate) const fn is_letter(c: char) -> bool {
    strong(c) != WEAK
}

const fn decides(value: usize) -> u8 {
    match value.checked_sub(CODES.len()) {
        None => system(value as u8),
        // The prolonged sound mark and the like: shared by the two kana only.
        Some(set) if only_kana(SETS[set]) => Script::JPAN.0,
        Some(_) => WEAK,
    }
}

const fn system(script: u8) -> u8 {
    match Script(script) {
        Script::ZYYY | Script::ZINH | Script::ZZZZ => WEAK,
        Script::HIRA | Script::KANA => Script::JPAN.0,
        Script::HANG => Script::KORE.0,
        Script::BOPO => Script::HANI.0,
        other => other.0,
    }
}

const fn only_kana(set: &[u8]) -> bool {
    let mut i = 0;
    while i < set.len() {
        if system(set[i]) != Script::JPAN.0 {
            return false;
        }
        i += 1;
    }
    true
}

/// The writing system of two neighbours, when there is one: Han goes with kana and with Hangul.
fn union(a: Script, b: Script) -> Option<Script> {
    match (a, b) {
        _ if a == b => Some(a),
        (Script::HANI, Script::JPAN | Script::KORE) => Some(b),
        (Script::JPAN | Script::KORE, Script::HANI) => Some(a),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_cuts_are_right() {
        for c in '\0'..=char::MAX {
            assert_eq!(strong(c), decides(value(c as usize)), "{c:?}");
        }
    }

    fn shown(text: &str) -> Vec<(&'static str, &str)> {
        let mut out = Vec::new();
        runs(text, &mut out);
        out.iter().map(|r| (r.script.code(), &text[r.start..r.end])).collect()
    }

    #[test]
    fn letters_are_counted_at_every_place() {
        let letters = ['a', 'é', 'ž', 'ɿ', 'ж', 'ѿ', '漢'];
        let others = [' ', '7', '×', '÷', '·', '—', '\u{301}'];
        let mut random = 1u64;
        for round in 0..4000 {
            let mut text = String::new();
            for _ in 0..random >> 57 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (random >> 33) as usize;
                // Mostly letters of one script, as in texts.
                let letter =
                    if at % 64 < 60 { letters[(round % 2) * 4 + at % (4 - 2 * (round % 2))] } else { letters[at % 7] };
                text.push(if at.is_multiple_of(5) { others[(at >> 8) % 7] } else { letter });
            }
            random = random.wrapping_add(1);
            let mut found = Vec::new();
            runs(&text, &mut found);
            assert_eq!(found.iter().map(|run| &text[run.start..run.end]).collect::<String>(), text);
            for run in &found {
                let own: Vec<u8> = text[run.start..run.end].chars().map(strong).filter(|own| *own != WEAK).collect();
                assert_eq!(run.letters, own.len(), "{text}");
                assert!(own.iter().all(|own| *own == run.script.0), "{text}");
            }
        }
    }

    #[test]
    fn common_goes_with_its_neighbours() {
        for (text, want) in [
            ("12:30 …", vec![("Zyyy", "12:30 …")]),
            ("«Да», 5 km (ну)", vec![("Cyrl", "«Да», 5 "), ("Latn", "km "), ("Cyrl", "(ну)")]),
            ("東京タワーはTower", vec![("Jpan", "東京タワーは"), ("Latn", "Tower")]),
            ("漢字と日本語、한국어", vec![("Jpan", "漢字と日本語、"), ("Kore", "한국어")]),
            ("大韓民國은", vec![("Kore", "大韓民國은")]),
            ("中文。", vec![("Hani", "中文。")]),
            ("e\u{301}tude β\u{342}", vec![("Latn", "e\u{301}tude "), ("Grek", "β\u{342}")]),
            ("مرحبا ١٢٣ ok", vec![("Arab", "مرحبا ١٢٣ "), ("Latn", "ok")]),
            ("हिन्दी। एक", vec![("Deva", "हिन्दी। एक")]),
            ("a«б»c", vec![("Latn", "a"), ("Cyrl", "«б»"), ("Latn", "c")]),
        ] {
            assert_eq!(shown(text), want);
        }
    }
}
