//! Runs of one script, with Common and Inherited characters resolved (UAX #24, section 5.1).

use super::{Entry, Script, entry};

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
    let mut run = Run { start: 0, end: 0, script: Script::ZYYY, letters: 0 };
    if text.is_ascii() {
        run.letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
        run.script = if run.letters > 0 { Script::LATN } else { Script::ZYYY };
        run.end = text.len();
        out.push(run);
        return;
    }
    // Where the gap since the last letter may be cut.
    let mut gap = Gap::default();
    for (at, c) in text.char_indices() {
        let Some(own) = strong(c) else {
            gap.see(c, at);
            continue;
        };
        let joined = if run.letters == 0 { Some(own) } else { union(run.script, own) };
        match joined {
            Some(script) => run.script = script,
            None => {
                let cut = gap.cut(at);
                out.push(Run { end: cut, ..run });
                run = Run { start: cut, end: 0, script: own, letters: 0 };
            }
        }
        run.letters += 1;
        gap = Gap::default();
    }
    run.end = text.len();
    out.push(run);
}

/// The writing system a character decides for, if it decides.
fn strong(c: char) -> Option<Script> {
    let system = |script| match script {
        Script::HIRA | Script::KANA => Script::JPAN,
        Script::HANG => Script::KORE,
        Script::BOPO => Script::HANI,
        other => other,
    };
    match entry(c) {
        Entry::Own(Script::ZYYY | Script::ZINH | Script::ZZZZ) => None,
        Entry::Own(script) => Some(system(script)),
        // The prolonged sound mark and the like: shared by the two kana only.
        Entry::Shared(set) if set.iter().all(|s| system(Script(*s)) == Script::JPAN) => Some(Script::JPAN),
        Entry::Shared(_) => None,
    }
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

/// Characters without a script between two letters.
#[derive(Clone, Copy, Default)]
struct Gap {
    after_space: Option<usize>,
    opener: Option<usize>,
}

impl Gap {
    fn see(&mut self, c: char, at: usize) {
        if c.is_whitespace() {
            *self = Self { after_space: Some(at + c.len_utf8()), opener: None };
        } else if matches!(
            c,
            '(' | '[' | '{' | '«' | '“' | '„' | '‘' | '‹' | '「' | '『' | '（' | '【' | '《' | '〈' | '¿' | '¡'
        ) {
            self.opener.get_or_insert(at);
        }
    }

    fn cut(self, next: usize) -> usize {
        self.after_space.or(self.opener).unwrap_or(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&'static str, &str)> {
        let mut out = Vec::new();
        runs(text, &mut out);
        out.iter().map(|r| (r.script.code(), &text[r.start..r.end])).collect()
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
