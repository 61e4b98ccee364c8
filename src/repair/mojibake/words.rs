//! The words of a text that may be wrongly decoded, and its pieces: what is repaired or left as one, and what chains are proposed of.

use super::sequences::is_mark;
use super::wrong::{self, Set, WIDE};

/// Bytes of a piece of which chains are proposed.
const PIECE: usize = 400;

const STOPS: [char; 8] = ['.', '!', '?', '。', '！', '？', ':', ';'];

/// True where a sentence or a line may end, as far as that can be told of text that was wrongly decoded.
pub(super) fn ends_sentence(word: &str) -> bool {
    word.contains('\n') || word.trim_end().trim_end_matches(['"', '\'', ')', '»']).ends_with(STOPS)
}

/// Where a word begins, of words that end there.
pub(super) fn word_start(ends: &[usize], word: usize) -> usize {
    word.checked_sub(1).map_or(0, |before| ends[before])
}

/// The end of a stretch of so many bytes or less, after a space if there is one in its second half.
pub(super) fn cut(text: &str, start: usize, most: usize) -> usize {
    if text.len() - start <= most {
        return text.len();
    }
    let end = text.floor_char_boundary(start + most);
    let space = text.as_bytes()[start + most / 2..end].iter().rposition(|b| b.is_ascii_whitespace());
    space.map_or(end, |at| start + most / 2 + at + 1)
}

/// Ends of words with the spaces after them, of sentences where there are no spaces, and of what no encoding has together with
/// what stands beside it: good text in Han and what was wrongly decoded.
pub(super) fn words(text: &str, ends: &mut Vec<usize>) {
    ends.clear();
    let mut space = false;
    // The last character, and that before a space: the space may have been a byte in the midst of a sequence.
    let (mut last, mut lead) = (None, None);
    // Where the last characters of one width begin, and which encodings have them, and all of the word.
    let (mut turn, mut wide, mut run, mut all) = (0, None, Set::MAX, Set::MAX);
    for (at, c) in text.char_indices() {
        // A wide space is a word of its own: the encodings of narrow text don't have it.
        let is_space = matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{3000}');
        let goes_on = space && lead.is_some_and(|lead| wrong::may_be_three(lead, c)) && !is_mark(c);
        lead = if c == ' ' && !space { last.take() } else { None };
        last = Some(c);
        if space && !is_space && !goes_on || !space && c == '\u{3000}' && at > 0 {
            ends.push(at);
            (turn, wide, run, all) = (0, None, Set::MAX, Set::MAX);
        }
        if !c.is_ascii() && !is_space && c != char::REPLACEMENT_CHARACTER {
            let (is_wide, holders) = (Some(c >= WIDE), wrong::holders(c));
            if wide != is_wide {
                (turn, wide, run) = (if wide.is_none() { 0 } else { at }, is_wide, Set::MAX);
            }
            (run, all) = (run & holders, all & holders);
            if all == 0 && turn > 0 {
                ends.push(turn);
                (turn, all) = (0, run);
            }
        }
        space = is_space || matches!(c, '。' | '！' | '？');
    }
    ends.push(text.len());
}

/// The end of a piece: a sentence, or as many words as one encoding can have.
pub(super) fn piece(text: &str, start: usize, words: &[usize]) -> usize {
    let first = words.partition_point(|end| *end <= start);
    let (mut set, mut from) = (Set::MAX, start);
    for end in &words[first..] {
        let word = &text[from..*end];
        let told = |c: &char| !c.is_ascii() && *c != char::REPLACEMENT_CHARACTER;
        let with = word.chars().filter(told).fold(set, |set, c| set & wrong::holders(c));
        if from > start && (with == 0 || end - start > PIECE) {
            return from;
        }
        set = with;
        from = *end;
        if ends_sentence(word) {
            break;
        }
    }
    from
}
