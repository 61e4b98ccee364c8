//! The languages of a page, and what is foreign to it.

use super::Piece;
use super::line::Line;
use super::rules::Page;
use crate::lang::Label;
use crate::script::Script;

/// Labels that are counted at most: a page has few.
const LABELS: usize = 32;

/// A language of the page has at least this share of the content's letters.
const SHARE: u64 = 10;

/// How sure the label of a foreign line is at least, where it is in another script and in the page's own.
const LIKELY: f32 = 0.5;
const SURE: f32 = 0.8;

/// Letters of a foreign line at least: names and buttons are shorter.
const LETTERS: u32 = 12;

/// The languages of the content.
pub(super) fn languages(page: &Page<'_>, out: &mut Vec<(Label, u64)>) {
    out.clear();
    let mut all = 0;
    for (at, (piece, line)) in page.pieces.iter().zip(page.lines).enumerate() {
        if !page.content[at] || piece.label.is_unknown() {
            continue;
        }
        let letters = u64::from(line.letters());
        all += letters;
        match out.iter().position(|(label, _)| *label == piece.label) {
            Some(row) => out[row].1 += letters,
            None if out.len() < LABELS => out.push((piece.label, letters)),
            None => {}
        }
    }
    out.retain(|(_, letters)| letters * SHARE >= all);
}

/// True for a line in a language that the page is not in. Menus are often in English: words of an interface are foreign
/// to no page, nor is what has no corpus of its own to go to.
pub(super) fn is_foreign(languages: &[(Label, u64)], piece: &Piece<'_>, line: &Line) -> bool {
    let label = piece.label;
    let own = languages.is_empty() || languages.iter().any(|(own, _)| *own == label);
    if own || label.is_unknown() || line.letters() < LETTERS || line.is_furniture() {
        return false;
    }
    let system = writing_system(label.script);
    let another = !languages.iter().any(|(own, _)| writing_system(own.script) == system);
    piece.score >= if another { LIKELY } else { SURE }
}

/// Han alone does not say whether a line is Chinese or Japanese.
fn writing_system(script: Script) -> Script {
    match script {
        Script::HANS | Script::HANT | Script::JPAN => Script::HANI,
        other => other,
    }
}
