//! From how likely lines are content to which stay. Unsure means content: what is taken out must look like it and stand
//! where there is more of it.

use super::line::Line;
use super::phrases::{BYLINE, LEGAL, RELATED, TIME};

/// How much rather a line must be no content than content before it goes, in 1/256 nat.
pub const SURE: i32 = -640;

/// The same for the main text of a page of HTML, from which most of the interface has been taken already.
pub(super) const MAIN_SURE: i32 = SURE * 2;

/// Lines of a page at least, lines among them that speak for an interface, letters of a line that speaks for content.
const PAGE: (usize, usize, u32) = (4, 2, 40);

/// The same where sentences speak for content only together: lines of an interface, letters of each sentence.
const BRIEF: (usize, u32) = (3, 12);

/// Lines below a title that are a list.
const LISTED: usize = 2;

/// Teasers below one heading at most, letters of one, and of one that is a sentence.
const TEASERS: (usize, u32, u32) = (12, 100, 40);

/// How much surer a sentence beside content must be none to go, and letters of such a sentence.
const BESIDE: (i32, u32) = (2, 30);

/// False for a document that is all content, whatever a model says of its lines.
pub(super) fn may_be_page(lines: &[Line]) -> bool {
    let furniture = || lines.iter().filter(|line| line.is_furniture()).count();
    lines.len() >= PAGE.0 && least_furniture(lines.iter()).is_some_and(|least| furniture() >= least)
}

/// How many lines of an interface make a page of such lines of content; none do where these have no prose.
fn least_furniture<'l>(content: impl Iterator<Item = &'l Line>) -> Option<usize> {
    let mut told = 0;
    for line in content {
        if line.letters() >= PAGE.2 {
            return Some(PAGE.1);
        }
        let is_told = line.ends_sentence() && line.letters() >= BRIEF.1 && !line.is_furniture();
        told += if is_told { line.letters() } else { 0 };
    }
    (told >= PAGE.2).then_some(BRIEF.0)
}

/// Says of each line whether it is content; true when the document is a page, with an interface around its content.
pub(super) fn content(lines: &[Line], margins: &[i32], sure: i32, out: &mut Vec<bool>) -> bool {
    out.clear();
    // The words of an interface are evidence enough with half of what is asked anywhere.
    let sure_of = |line: &Line| if line.is_furniture() { SURE.max(sure) / 2 } else { sure };
    out.extend(lines.iter().zip(margins).map(|(line, margin)| *margin > sure_of(line)));
    drop_teasers(lines, out);
    let furniture = lines.iter().zip(out.iter()).filter(|(line, content)| !**content && line.is_furniture()).count();
    let least = least_furniture(lines.iter().zip(out.iter()).filter(|(_, content)| **content).map(|(line, _)| line));
    if lines.len() < PAGE.0 || least.is_none_or(|least| furniture < least) {
        out.fill(true);
        return false;
    }
    // The first and the last sentence have an interface on one side, which speaks against them.
    let fits = |at: usize| {
        let line = &lines[at];
        let told = line.ends_sentence() && line.letters() >= BESIDE.1 && !line.is_furniture();
        told && margins[at] > sure * BESIDE.0
    };
    for at in 1..lines.len() {
        out[at] |= out[at - 1] && fits(at);
    }
    for at in (1..lines.len()).rev() {
        out[at - 1] |= out[at] && fits(at - 1);
    }
    // A stretch inside the content that has nothing of an interface is a list or a table of it.
    let mut at = 0;
    while at < lines.len() {
        let end = at + out[at..].iter().take_while(|content| **content == out[at]).count();
        let inside = at > 0 && end < lines.len();
        if !out[at] && inside && !lines[at..end].iter().any(is_button) {
            out[at..end].fill(true);
        }
        at = end;
    }
    true
}

/// Titles of other articles look like content; what tells them is `Read also` above, and that nothing is told below.
fn drop_teasers(lines: &[Line], out: &mut [bool]) {
    let is_teaser = |line: &&Line| {
        line.letters() <= if line.ends_sentence() { TEASERS.2 } else { TEASERS.1 } && !line.is_furniture()
    };
    for at in 0..lines.len() {
        if out[at] || !lines[at].is_furniture() || lines[at].phrases.first & RELATED == 0 {
            continue;
        }
        let from = at + 1;
        let to = from + lines[from..].iter().take(TEASERS.0).take_while(is_teaser).count();
        if lines.get(to).is_none_or(|next| next.is_furniture() && !out[to]) {
            out[from..to].fill(false);
        }
    }
}

/// Makes content of the lines between a title and the content below, where they are several and nothing of an interface is
/// among them, nor who wrote it and when: the ingredients of a recipe, the beginning of a poem.
pub(super) fn fill_below(title: usize, lines: &[Line], content: &mut [bool]) {
    let below = content[title + 1..].iter().position(|content| *content).unwrap_or(0);
    let beside = |line: &Line| line.separators > 0 || line.phrases.topics & (TIME | BYLINE) != 0;
    let between = &lines[title + 1..][..below];
    if below >= LISTED && !between.iter().any(|line| is_button(line) || beside(line)) {
        content[title + 1..][..below].fill(true);
    }
}

/// True for a line of an interface that is no answer in a dialogue: buttons have no full stop, only notices do.
fn is_button(line: &Line) -> bool {
    line.is_furniture() && (!line.ends_sentence() || line.has(Line::CLAIM) || line.phrases.topics & LEGAL != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::phrases::Finder;

    fn kept(texts: &[&str], margins: &[i32]) -> Vec<bool> {
        let mut finder = Finder::default();
        let lines: Vec<Line> = texts.iter().map(|text| Line::of(text, &mut finder)).collect();
        let mut out = Vec::new();
        content(&lines, margins, SURE, &mut out);
        out
    }

    const PROSE: &str = "The ferry was late again, and nobody on the quay was surprised by it.";

    #[test]
    fn a_page_has_prose_and_an_interface() {
        let page = ["Log in", "Subscribe", PROSE, "Privacy policy"];
        assert_eq!(kept(&page, &[-2000, -2000, 900, -2000]), [false, false, true, false]);
        assert_eq!(kept(&page, &[-2000, -2000, -2000, -2000]), [true; 4], "no prose");
        assert_eq!(kept(&page[1..], &[-2000, 900, -2000]), [true; 3], "too little of anything");
        let poem = ["Green", "Grey", PROSE, "Blue"];
        assert_eq!(kept(&poem, &[-2000, -2000, 900, -2000]), [true; 4], "nothing of an interface");
    }

    #[test]
    fn sentences_beside_content_stay() {
        let last = "Nobody on the quay asked the ferryman about it.";
        let page = ["Log in", "Subscribe", PROSE, last, "Privacy policy", last];
        let margins = [-2000, -2000, 900, -1000, -2000, -1000];
        assert_eq!(kept(&page, &margins), [false, false, true, true, false, false], "the second has none beside it");
    }

    #[test]
    fn teasers_leave_with_what_is_above_them() {
        let page = |last| ["Log in", "Subscribe", PROSE, "Read also", "Seven walks along the river", "Why cats?", last];
        let margins = [-2000, -2000, 900, -2000, 500, 500, -2000];
        assert_eq!(kept(&page("Privacy policy"), &margins), [false, false, true, false, false, false, false]);
        let margins = [-2000, -2000, 900, -2000, 500, 500, 500];
        assert_eq!(kept(&page(PROSE), &margins), [false, false, true, false, true, true, true], "they lead to a text");
    }

    #[test]
    fn short_sentences_make_a_page_together() {
        let page =
            |last| ["Log in", "Home", "Stir all of the flour.", "Peel the green apples.", "Bake it very slowly.", last];
        let margins = [-2000, -2000, 900, 900, 900, -2000];
        assert_eq!(kept(&page("Privacy policy"), &margins), [false, false, true, true, true, false]);
        assert_eq!(kept(&page("Apples"), &margins), [true; 6], "two lines of an interface are too few");
    }

    #[test]
    fn answers_are_no_buttons() {
        let page = |answer| ["Log in", "Subscribe", PROSE, "ANNA", answer, PROSE, "Privacy policy"];
        let margins = [-2000, -2000, 900, -2000, -2000, 900, -2000];
        assert_eq!(kept(&page("Yes."), &margins), [false, false, true, true, true, true, false]);
        assert_eq!(kept(&page("Share"), &margins), [false, false, true, false, false, true, false]);
        assert_eq!(kept(&page("All rights reserved."), &margins), [false, false, true, false, false, true, false]);
    }

    #[test]
    fn lists_below_a_title_stay() {
        let mut finder = Finder::default();
        let mut filled = |texts: &[&str]| {
            let lines: Vec<Line> = texts.iter().map(|text| Line::of(text, &mut finder)).collect();
            let mut content = vec![false; lines.len()];
            *content.last_mut().unwrap() = true;
            fill_below(1, &lines, &mut content);
            content[2..].iter().all(|content| *content)
        };
        assert!(filled(&["Home", "Bread of the ferry", "Flour", "Salt", "Water", PROSE]));
        assert!(!filled(&["Home", "Bread of the ferry", "Flour", "Share", "Water", PROSE]));
        assert!(!filled(&["Home", "Bread of the ferry", "By Ida Lund", "Monday", PROSE]));
        assert!(!filled(&["Home", "Bread of the ferry", "Ida Lund", PROSE]));
    }

    #[test]
    fn lists_inside_stay() {
        let page = ["Log in", "Subscribe", PROSE, "Flour", "Salt", PROSE, "Privacy policy"];
        let margins = [-2000, -2000, 900, -2000, -2000, 900, -2000];
        assert_eq!(kept(&page, &margins), [false, false, true, true, true, true, false]);
    }
}
