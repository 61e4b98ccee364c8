//! Where a page that is too large to be read at once can be cut.

use super::tags::{Tag, Ways};
use super::tokenizer::{Token, Tokenizer};

/// Tags and stretches of text that are read at once: each takes some memory.
pub const MAX_PARTS: usize = 1 << 17;

/// The end of the first part of a page that can be read by itself: as long as these bytes if they are the whole page and not
/// too many tags, else up to the last tag of a block before that. None where no tag of a block begins in the second half:
/// there is no telling what is cut in two then. The page need not be UTF-8, only compatible with ASCII.
pub fn first_part(page: &[u8], is_whole: bool) -> Option<usize> {
    let mut tokens = Tokenizer::over(page);
    let (mut last, mut at, mut count) = (0, 0, 0);
    while let Some(token) = tokens.next() {
        count += 1;
        if count > MAX_PARTS {
            // Few bytes may be many tags, so this needs no second half.
            return Some(if last > 0 { last } else { at });
        }
        match token {
            Token::Text(span) | Token::End { span, .. } => at = span.end,
            Token::Start { tag, span, .. } => {
                if tag.is(Ways::BLOCK) && !matches!(tag, Tag::Td | Tag::Th) {
                    last = span.start;
                }
                at = span.end;
                if tag.is(Ways::RAW) || tag.is(Ways::PLAIN) || tag == Tag::Plaintext {
                    at = tokens.content(tag).1;
                }
            }
        }
    }
    if is_whole { Some(page.len()) } else { Some(last).filter(|last| *last > page.len() / 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_cut_before_blocks() {
        let page = b"<p>one<p>two<b>three</b><script><p></script> four";
        assert_eq!(first_part(page, true), Some(page.len()));
        assert_eq!(first_part(b"<p>one two three<p>two<b>", false), Some(16));
        assert_eq!(first_part(page, false), None, "the last block begins too early");
        assert_eq!(first_part(b"<p><script>one two three four five", false), None);
        let many = b"<p>a".repeat(MAX_PARTS);
        let end = first_part(&many, true).unwrap();
        assert_eq!((end % 4, end / 4), (0, MAX_PARTS / 2 - 1));
    }
}
