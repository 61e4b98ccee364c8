//! What is printed twice, without a gap, as captions are where they stand once for the eye and once for the picture:
//! where to cut.

use super::chars::Kind;

/// Letters (in halves) of what counts as printed twice; more where a space is between the two.
const GLUED: u32 = 24;
const SPACED: u32 = 50;

/// Letters (in halves) of a credit behind a caption.
const CREDIT: u32 = 80;

/// Letters (in halves) at the beginning that are looked for again.
const HEAD: u32 = 20;
/// Bytes of them that are looked for first; no character has more than half as many.
const START: usize = 8;

/// Places that are looked at, and copies that are cut; what is there more often is no caption.
const PLACES: usize = 8;

/// Where a text is cut, and which of the parts repeat what was there before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cuts {
    /// Ends of the parts but the last.
    pub(super) ends: Vec<usize>,
    /// For each part, the last too, whether it is a repetition.
    pub(super) repeated: Vec<bool>,
}

/// Finds what is printed twice at the beginning of a text, or once where the line before said the same.
pub(super) fn cuts(text: &str, before: &str) -> Option<Cuts> {
    let (mut cuts, mut at, mut glued) = (Cuts::default(), 0, false);
    let unit = if let Some(end) = twice(text) {
        cuts.ends.push(end);
        cuts.repeated.push(false);
        at = end;
        let unit = text[..end].trim();
        glued = text[..end].ends_with(unit);
        unit
    } else {
        let before = before.trim();
        credited(text.trim_start(), before).unwrap_or(before)
    };
    if unit.is_empty() {
        return None;
    }
    while let Some(end) = again(&text[at..], unit, glued) {
        at += end;
        cuts.ends.push(at);
        cuts.repeated.push(true);
        if cuts.ends.len() > PLACES {
            return None;
        }
    }
    if cuts.repeated.last() != Some(&true) {
        return None;
    }
    if at == text.len() {
        cuts.ends.pop();
    } else {
        cuts.repeated.push(false);
    }
    // A whole line that says what the one before said is no matter of cuts.
    (!cuts.ends.is_empty()).then_some(cuts)
}

/// The end of the first copy, with the space behind it.
fn twice(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start().len();
    let body = &text[start..];
    let mut weight_of_head = 0;
    let head = body.char_indices().find_map(|(at, c)| {
        let full = weight_of_head >= HEAD;
        weight_of_head += Kind::of(c).weight();
        full.then(|| &body[..at])
    })?;
    if body.len() < 2 * head.len() {
        return None;
    }
    // What repeats all before it begins in the first half, or behind a gap in the middle.
    let half = body.floor_char_boundary(body.len() / 2);
    let last = body.len() - body[half..].trim_start().len();
    let places = &body.as_bytes()[head.len()..(last + head.len()).min(body.len())];
    if !may_begin(places, head) {
        return None;
    }
    let finder = memchr::memmem::Finder::new(head);
    finder.find_iter(places).take(PLACES).map(|at| at + head.len()).find_map(|at| {
        let unit = body.get(..at)?.trim_end();
        let spaced = unit.len() < at;
        let same = body[at..].starts_with(unit) && weight(unit) >= if spaced { SPACED } else { GLUED };
        (same && copy(&body[at..], unit, !spaced).is_some()).then_some(start + at)
    })
}

/// A first look: false for bytes that have the beginning of `head` nowhere, as most have not. A searcher costs more to make.
fn may_begin(bytes: &[u8], head: &str) -> bool {
    let start = &head.as_bytes()[..head.len().min(START)];
    // The first byte of a letter is that of many others.
    let telling = head.ceil_char_boundary(1) - 1;
    memchr::memchr_iter(start[telling], bytes).any(|at| at >= telling && bytes[at - telling..].starts_with(start))
}

/// The end of another copy of `unit` at the beginning of a text, with the space behind it; what follows must be a new
/// beginning.
fn again(text: &str, unit: &str, glued: bool) -> Option<usize> {
    let lead = text.len() - text.trim_start().len();
    let body = &text[lead..];
    if !body.starts_with(unit) || weight(unit) < GLUED {
        return None;
    }
    let end = lead + copy(body, unit, glued)?;
    Some(text.len() - text[end..].trim_start().len())
}

/// The length of the copy of `unit` that a text begins with, if what follows is a new beginning; with the full stop that
/// only the copy may have. In a script without capitals the copies are enough where they are glued and long.
fn copy(body: &str, unit: &str, glued: bool) -> Option<usize> {
    let len = unit.len() + stop(body, unit);
    let next = body[len..].chars().next().map_or(Kind::Space, Kind::of);
    let bare = glued && next.is_letter() && next != Kind::Lower && weight(unit) >= SPACED;
    (bare || ends_well(body, &body[..len])).then_some(len)
}

/// The length of the full stop that a copy has and `unit` has not, as where a caption became the first sentence.
fn stop(body: &str, unit: &str) -> usize {
    let ended = unit.chars().next_back().is_none_or(|last| Kind::of(last) == Kind::End);
    let mark = body[unit.len()..].chars().next().filter(|mark| Kind::of(*mark) == Kind::End);
    match mark {
        Some(mark) if !ended && weight(unit) >= SPACED => mark.len_utf8(),
        _ => 0,
    }
}

/// The sentence that a line begins with as the one before it did, where that one has nothing more but a credit:
/// a caption with its photographer.
fn credited<'t>(text: &str, before: &'t str) -> Option<&'t str> {
    let same = text.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
    let shared = &before[..before.floor_char_boundary(same)];
    // The last end of a sentence in what both have.
    let (at, mark) = shared.char_indices().rev().find(|(_, c)| Kind::of(*c) == Kind::End)?;
    let (sentence, credit) = before.split_at(at + mark.len_utf8());
    let spaced = credit.starts_with(char::is_whitespace) || Kind::of(credit.chars().next()?).is_wide();
    let is_credit = |c: char| matches!(Kind::of(c), Kind::Colon | Kind::Claim | Kind::Separator | Kind::Open);
    let short = weight(credit) <= CREDIT && credit.contains(is_credit);
    (spaced && short && weight(sentence) >= SPACED).then_some(sentence)
}

/// True where after the copy nothing comes, or what can't go on with it: another word glued to it, or a new sentence.
fn ends_well(body: &str, unit: &str) -> bool {
    let rest = &body[unit.len()..];
    let last = unit.chars().next_back().map_or(Kind::Space, Kind::of);
    match rest.chars().next().map(Kind::of) {
        None => true,
        Some(Kind::Space) => {
            matches!(last, Kind::End | Kind::Close | Kind::Quote) || rest.trim_start().starts_with(unit)
        }
        Some(Kind::Upper | Kind::Open | Kind::Quote) => true,
        // Scripts without capitals: the same again, or after the end of a sentence.
        Some(next) => rest.starts_with(unit) || (last == Kind::End && next.is_word()),
    }
}

fn weight(text: &str) -> u32 {
    text.chars().map(|c| Kind::of(c).weight()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, before: &str) -> Vec<(String, bool)> {
        let Some(cuts) = cuts(text, before) else { return Vec::new() };
        let mut from = 0;
        let ends = cuts.ends.iter().copied().chain([text.len()]);
        let parts = ends.zip(&cuts.repeated).map(|(end, repeated)| {
            let part = (text[from..end].to_owned(), *repeated);
            from = end;
            part
        });
        parts.collect()
    }

    #[test]
    fn captions_printed_twice() {
        let caption = "The old mill at Harrow Ford";
        let want = |rest: &[(&str, bool)]| rest.iter().map(|(t, r)| ((*t).to_owned(), *r)).collect::<Vec<_>>();
        for rest in ["The mill was sold in May.", "Заголовок"] {
            let glued = format!("{caption}{caption}{rest}");
            assert_eq!(parts(&glued, ""), want(&[(caption, false), (caption, true), (rest, false)]));
            let glued = format!("{caption}{rest}");
            assert_eq!(parts(&glued, caption), want(&[(caption, true), (rest, false)]));
        }
        let thrice = caption.repeat(3);
        assert_eq!(parts(&thrice, ""), want(&[(caption, false), (caption, true), (caption, true)]));
        let sentence = "The old mill at Harrow Ford was sold. ";
        assert_eq!(parts(&sentence.repeat(2), ""), want(&[(sentence, false), (sentence, true)]));
        assert_eq!(parts("旧磨坊在河边的照片旧磨坊在河边的照片", "").len(), 2);
        assert_eq!(parts("旧磨坊在河边的照片。旧磨坊在河边的照片。五月卖掉了。", "").len(), 3);
        assert_eq!(parts("पुरानी चक्की और नदी का चित्रपुरानी चक्की और नदी का चित्र", "").len(), 2);
    }

    #[test]
    fn captions_that_became_a_sentence() {
        let caption = "Two herons on the wall of the old mill";
        let (text, copy) = (format!("{caption}. It was sold in May."), format!("{caption}. "));
        let want = [(copy, true), ("It was sold in May.".to_owned(), false)];
        assert_eq!(parts(&text, caption), want);
        assert_eq!(parts(&text, &format!("{caption}. Photo: Ida Lund")), want);
        assert_eq!(parts(&text, &format!("{caption}. (Ida Lund / The Post)")), want);
        assert_eq!(parts("两只苍鹭站在老磨坊的墙上。五月卖掉了。", "两只苍鹭站在老磨坊的墙上").len(), 2);
        assert_eq!(parts("川のほとりの古い水車小屋川のほとりの古い水車小屋町は五月に", "").len(), 3);
        for (text, before) in [
            (text.as_str(), "Two herons on the wall of the old mill. Then they flew away"),
            (
                text.as_str(),
                "Two herons on the wall of the old mill. The Post: a paper that nobody has read since the flood",
            ),
            ("Nobody came. The door stood open.", "Nobody came"),
            ("Nobody came. The door stood open.", "Nobody came. Photo: Ida Lund"),
            ("The old mill at Harrow FordThe old mill at Harrow Fords", ""),
        ] {
            assert_eq!(cuts(text, before), None, "{text} {before}");
        }
    }

    #[test]
    fn what_only_begins_alike_stays_whole() {
        for (text, before) in [
            ("no no no no no no no no no no", ""),
            ("The old mill at Harrow Ford is closed.", "The old mill at Harrow Ford"),
            ("The old mill at Harrow Fords", "The old mill at Harrow Ford"),
            ("It was late. It was late, and it was dark.", ""),
            ("He said it again and again and again and again.", ""),
            ("", ""),
            ("The old mill at Harrow Ford", "The old mill at Harrow Ford"),
        ] {
            assert_eq!(cuts(text, before), None, "{text}");
        }
    }

    #[test]
    fn long_repetitions_take_linear_time() {
        let text = "a".repeat(1 << 20);
        assert_eq!(cuts(&text, ""), None);
        let text = "abcdefghijkl mnop".repeat(1 << 16);
        assert_eq!(cuts(&text, &text), None);
    }
}
