//! Single quotation marks, which are apostrophes in most texts: what is one of a pair is told by what stands around it.

use super::marks::{Kind, kind};
use crate::script::is_letter;

/// Bytes between the marks of a pair at most, and words at least: what is shorter is an apostrophe's (’n’, ’twas).
const LONGEST: usize = 240;
const WORDS: usize = 2;

/// Finds pairs in a text that is read once, from its beginning on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Singles {
    /// The mark that closes what was opened.
    close: usize,
}

impl Singles {
    /// Where the mark stands that closes what was opened, if it comes after a place.
    pub(super) fn awaited(&self, at: usize) -> Option<usize> {
        (self.close >= at && self.close > 0).then_some(self.close)
    }

    /// What a mark is that stands at an offset, by whether a space or an opening mark stands before it.
    pub(super) fn kind(&mut self, text: &str, at: usize, after_gap: bool) -> Kind {
        if self.close > 0 && at <= self.close {
            return if at == self.close { Kind::CloseQuote } else { Kind::Other };
        }
        match closing(text, at).filter(|_| after_gap) {
            Some(close) => {
                self.close = close;
                Kind::OpenQuote
            }
            None => Kind::Other,
        }
    }
}

/// The mark that closes what one at an offset opens.
fn closing(text: &str, at: usize) -> Option<usize> {
    let mut rest = text[at..text.floor_char_boundary(at + LONGEST)].char_indices().peekable();
    rest.next();
    if !rest.peek().is_some_and(|(_, c)| is_letter(*c)) {
        return None;
    }
    let (mut words, mut last) = (1, Kind::Space);
    while let Some((offset, c)) = rest.next() {
        let own = kind(c);
        match own {
            Kind::Line => break,
            Kind::Space => words += usize::from(last != Kind::Space),
            Kind::Single if last != Kind::Space && words >= WORDS => {
                let goes_on = rest.peek().is_some_and(|(_, next)| matches!(kind(*next), Kind::Letter | Kind::Digit));
                if !goes_on {
                    return Some(at + offset);
                }
            }
            _ => {}
        }
        last = own;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_told_from_apostrophes() {
        for (text, want) in [
            ("Il a dit 'je ne sais pas' et il est parti", &["'je ne sais pas'"][..]),
            ("He said ‘I don’t know what it’s about’, and left", &["‘I don’t know what it’s about’"]),
            ("the boys' dogs and the girls' cats", &[]),
            ("rock 'n' roll, 'tis the season", &[]),
            ("'s avonds zijn de foto's mooi", &[]),
            ("'n man en 'n vrou", &[]),
            ("Er sagte ‚ich komme gleich‘ und ging", &["‚ich komme gleich‘"]),
            ("'one two' 'three four'", &["'one two'", "'three four'"]),
            ("'so it\nis' here", &[]),
            ("5' 6' 'a", &[]),
        ] {
            let (mut singles, mut found, mut from) = (Singles::default(), Vec::new(), 0);
            for (at, c) in text.char_indices().filter(|(_, c)| kind(*c) == Kind::Single) {
                let after_gap = text[..at].chars().next_back().is_none_or(|c| kind(c) == Kind::Space);
                match singles.kind(text, at, after_gap) {
                    Kind::OpenQuote => from = at,
                    Kind::CloseQuote => found.push(&text[from..at + c.len_utf8()]),
                    _ => {}
                }
            }
            assert_eq!(found, want, "{text}");
        }
    }
}
