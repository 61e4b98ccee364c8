//! The engine that needs no model: where one language is by far the usual one of a script, the script names it.

use super::{Identifier, Label};
use crate::error::Result;
use crate::script::Script;

/// Scripts that tell a language, and how surely.
#[rustfmt::skip]
static BY_SCRIPT: &[(&str, &str, f32)] = &[
    ("Armn", "hye", 0.98), ("Geor", "kat", 0.98), ("Grek", "ell", 0.98), ("Gujr", "guj", 0.98), ("Guru", "pan", 0.98),
    ("Hang", "kor", 0.99), ("Hans", "cmn", 0.99), ("Hant", "cmn", 0.98), ("Hebr", "heb", 0.95), ("Jpan", "jpn", 0.99),
    ("Khmr", "khm", 0.98), ("Knda", "kan", 0.97), ("Kore", "kor", 0.99), ("Laoo", "lao", 0.98), ("Mlym", "mal", 0.98),
    ("Mymr", "mya", 0.9), ("Nkoo", "nqo", 0.98), ("Olck", "sat", 0.98), ("Orya", "ory", 0.98), ("Sinh", "sin", 0.97),
    ("Taml", "tam", 0.98), ("Telu", "tel", 0.98), ("Thaa", "div", 0.98), ("Thai", "tha", 0.98), ("Tibt", "bod", 0.85),
    ("Ethi", "amh", 0.8), ("Beng", "ben", 0.9), ("Hani", "cmn", 0.6),
];

/// The language that a script alone tells, with a score.
pub(super) fn by_script(script: Script) -> Option<(Label, f32)> {
    let (_, code, score) = BY_SCRIPT.iter().find(|(s, ..)| *s == script.code())?;
    Some((Label::of(code, script)?, *score))
}

/// Opens the engine.
pub(super) fn open(_: &str, languages: &[Label]) -> Result<Box<dyn Identifier>> {
    let all = BY_SCRIPT.iter().filter_map(|(s, code, _)| Label::of(code, Script::from_code(s)?));
    let mut labels: Vec<Label> = all.filter(|l| languages.is_empty() || languages.contains(l)).collect();
    labels.sort_unstable_by_key(Label::written);
    labels.dedup();
    Ok(Box::new(ByScript { labels }))
}

struct ByScript {
    labels: Vec<Label>,
}

impl Identifier for ByScript {
    fn name(&self) -> &'static str {
        "script"
    }

    fn labels(&self) -> &[Label] {
        &self.labels
    }

    fn rank(&self, _: &str, script: Script, out: &mut Vec<(Label, f32)>) {
        out.extend(by_script(script).filter(|(label, _)| self.labels.contains(label)));
    }
}
