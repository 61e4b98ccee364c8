//! The engine of the crate `whatlang`: trigram ranks and alphabets, 70 languages.

use whatlang::{Detector, Lang};

use super::script::by_script;
use super::{Identifier, Label};
use crate::error::Result;
use crate::script::Script;

/// Opens the engine.
pub(super) fn open(_: &str, languages: &[Label]) -> Result<Box<dyn Identifier>> {
    let wanted = |label: &Label| languages.is_empty() || languages.contains(label);
    let scripts = |lang: &Lang| {
        let label = Label::usual(lang.code());
        let rows = label.and_then(|l| l.info()).map_or(&[][..], |i| i.scripts);
        rows.iter().filter_map(|s| Script::from_code(s)).filter_map(|s| Label::of(lang.code(), s)).collect::<Vec<_>>()
    };
    let mut labels: Vec<Label> = Lang::all().iter().flat_map(scripts).filter(|l| answers(l) && wanted(l)).collect();
    labels.sort_unstable_by_key(Label::written);
    let langs = Lang::all().iter().copied().filter(|l| labels.iter().any(|label| scripts(l).contains(label))).collect();
    let detector = if languages.is_empty() { Detector::new() } else { Detector::with_allowlist(langs) };
    Ok(Box::new(Whatlang { labels, detector }))
}

/// `whatlang` has a model of the language in one script only.
fn answers(label: &Label) -> bool {
    label.script == Script::HANT || Label::usual(label.language()) == Some(*label)
}

/// Bytes that whatlang is given of a long text. Its cost grows with the number of different trigrams, its accuracy
/// hardly any more.
const ENOUGH: usize = 400;

/// The first bytes of a text, cut at a character.
fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(ENOUGH)]
}

struct Whatlang {
    labels: Vec<Label>,
    detector: Detector,
}

impl Identifier for Whatlang {
    fn name(&self) -> &'static str {
        "whatlang"
    }

    fn labels(&self) -> &[Label] {
        &self.labels
    }

    fn rank(&self, text: &str, script: Script, out: &mut Vec<(Label, f32)>) {
        // Kana, Hangul and the Han variants were counted already, and better.
        let answer = match script {
            Script::JPAN | Script::KORE | Script::HANI | Script::HANS | Script::HANT => by_script(script),
            // One or two letters tell nothing.
            _ if text.chars().nth(2).is_none() => None,
            _ => self.detector.detect(head(text)).and_then(|info| {
                // Its confidence comes from a ratio of two distances; 1 for languages that their script alone tells.
                Some((Label::of(info.lang().code(), script)?, info.confidence().clamp(0.0, 1.0) as f32))
            }),
        };
        out.extend(answer.filter(|(label, _)| self.labels.contains(label)));
    }
}
