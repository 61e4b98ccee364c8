//! Where a page that is too large to be read at once is cut, and which stretches of it are too large for themselves: a tag
//! with a picture in it, a script.

use super::tags::{Tag, Ways};
use super::tokenizer::{RawText, TagEnd, Token, Tokenizer, comment_end};

/// Tags and stretches of text that are read at once: each takes some memory.
pub const MAX_PARTS: usize = 1 << 16;
/// Blocks and line ends among them: each makes a row in all that follows.
const MAX_ROWS: usize = 1 << 14;

/// What the next bytes of a page are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// So many of them can be read as a page by itself.
    Page(usize),
    /// So many of them belong to something that is larger than what can be read at once; what that is, for people.
    Long(usize, &'static str),
}

/// Cuts one page into pieces, none of which is larger than what it is given at once. The page need not be UTF-8, only
/// compatible with ASCII.
#[derive(Clone, Debug, Default)]
pub struct Cutter {
    /// What it is in the middle of.
    long: Option<Long>,
}

/// Something that did not end in as many bytes as are read at once.
#[derive(Clone, Debug)]
enum Long {
    /// A tag; of an element whose content is characters that are not shown, with that.
    Tag(TagEnd, Option<Tag>),
    /// A comment.
    Comment,
    /// What looks like a comment or a declaration.
    Declaration,
    /// The content of a script or a style sheet.
    Raw(RawText),
    /// Text without any place to cut it.
    Text,
}

/// The places where a page could be cut.
#[derive(Debug, Default)]
struct Places {
    /// The last tag of a block.
    block: usize,
    /// The first one.
    first: Option<usize>,
    /// The last line end, as a tag or in the text.
    line: usize,
    /// What the page ends in the middle of, and where that begins.
    open: Option<(usize, Long)>,
    /// The end of the last token of so many that no more are read at once.
    full: Option<usize>,
}

impl Cutter {
    /// The next piece of a page that goes on with these bytes. They are at most what can be read at once, and the more of that
    /// they are the better; `is_whole`: the page ends with them. The piece is empty only where the bytes are.
    pub fn next(&mut self, page: &[u8], is_whole: bool) -> Piece {
        if let Some(long) = &mut self.long {
            let what = long.name();
            match long.end(page, is_whole) {
                Ok((end, next)) => {
                    self.long = next;
                    if end > 0 {
                        return Piece::Long(end, what);
                    }
                }
                Err(passed) => return Piece::Long(passed.max(1).min(page.len()), what),
            }
        }
        let places = places(page, is_whole);
        if let Some(end) = places.full {
            // Few bytes may be many tags.
            return Piece::Page(if places.block > 0 { places.block } else { end });
        }
        if is_whole {
            return Piece::Page(page.len());
        }
        // After each cut the bytes up to here have no such place any more, so none is read often.
        match places {
            Places { block, .. } if block > 0 => Piece::Page(block),
            Places { open: Some((at, _)), .. } if at > 0 => Piece::Page(at),
            Places { line, .. } if line > 0 => Piece::Page(line),
            Places { open: Some((_, long)), .. } => {
                self.long = Some(long);
                self.next(page, false)
            }
            _ => {
                self.long = Some(Long::Text);
                Piece::Long(page.len(), Long::Text.name())
            }
        }
    }
}

fn places(page: &[u8], is_whole: bool) -> Places {
    let mut tokens = Tokenizer::over(page);
    let (mut places, mut at, mut count, mut rows) = (Places::default(), 0, 0, 0);
    loop {
        let token = tokens.next();
        if !is_whole && tokens.unfinished().is_some() {
            places.open = open_comment(&tokens, page);
            return places;
        }
        let Some(token) = token else { break };
        count += 1;
        if count > MAX_PARTS || rows > MAX_ROWS {
            places.full = Some(at);
            return places;
        }
        match token {
            Token::Text(span) => {
                if let Some(feed) = memchr::memrchr(b'\n', &page[span.clone()]) {
                    places.line = span.start + feed + 1;
                }
                at = span.end;
            }
            Token::End { span, .. } => at = span.end,
            Token::Start { tag, span, .. } => {
                if tag.is(Ways::BLOCK) && !matches!(tag, Tag::Td | Tag::Th) {
                    places.block = span.start;
                    places.first.get_or_insert(span.start);
                    rows += 1;
                } else if tag == Tag::Br {
                    places.line = span.start;
                    rows += 1;
                }
                at = span.end;
                if is_raw(tag) || tag.is(Ways::PLAIN) {
                    at = tokens.content(tag).1;
                    // Only what hides all that follows may be long; the others just miss their end, unless that is cut off.
                    let hides = matches!(tag, Tag::Script | Tag::Style | Tag::Plaintext);
                    let is_open = tokens.is_unclosed(tag) || at == page.len() && !page.ends_with(b">");
                    if !is_whole && is_open && (hides || span.start > page.len() / 2) {
                        // The start tag is part of what is passed over.
                        places.open = Some((span.start, Long::Tag(TagEnd::default(), Some(tag))));
                        return places;
                    }
                }
            }
        }
    }
    if !is_whole {
        places.open = open_tag(&tokens, page);
    }
    places
}

/// The first comment or declaration without an end.
fn open_comment(tokens: &Tokenizer<'_>, page: &[u8]) -> Option<(usize, Long)> {
    let at = tokens.unfinished()?;
    Some((at, if page[at..].starts_with(b"<!--") { Long::Comment } else { Long::Declaration }))
}

/// The tag that the page ends in.
fn open_tag(tokens: &Tokenizer<'_>, page: &[u8]) -> Option<(usize, Long)> {
    let at = tokens.at();
    let rest = page.get(at..).filter(|rest| !rest.is_empty())?;
    let name = tokens.name(at + 1);
    let raw = Some(Tag::of(&page[name])).filter(|tag| rest.get(1) != Some(&b'/') && is_raw(*tag));
    Some((at, Long::Tag(TagEnd::default(), raw)))
}

fn is_raw(tag: Tag) -> bool {
    tag.is(Ways::RAW) || tag == Tag::Plaintext
}

impl Long {
    fn name(&self) -> &'static str {
        match self {
            Self::Tag(_, Some(_)) | Self::Raw(_) => "a script or the like",
            Self::Tag(..) => "a tag",
            Self::Comment | Self::Declaration => "a comment",
            Self::Text => "a text without a place to cut it",
        }
    }

    /// Where it ends, and what goes on there; or how many bytes are looked at for good.
    fn end(&mut self, page: &[u8], is_whole: bool) -> Result<(usize, Option<Self>), usize> {
        let kept = |n: usize| if is_whole { page.len() } else { page.len().saturating_sub(n) };
        match self {
            Self::Tag(tag, raw) => match (tag.find(page), *raw) {
                (None, _) => Err(page.len()),
                (Some(end), None) => Ok((end, None)),
                (Some(end), Some(raw)) => {
                    *self = Self::Raw(RawText::of(raw));
                    let rest = self.end(&page[end..], is_whole);
                    rest.map(|(at, next)| (end + at, next)).map_err(|passed| end + passed)
                }
            },
            Self::Raw(raw) => {
                let limit = kept(RawText::LONGEST).max(1);
                raw.find(page, limit).map(|end| (end, None)).ok_or(limit)
            }
            Self::Comment => comment_end(page).map(|end| (end, None)).ok_or(kept(3)),
            Self::Declaration => memchr::memchr(b'>', page).map(|end| (end + 1, None)).ok_or(page.len()),
            Self::Text => match places(page, is_whole) {
                Places { first: Some(block), .. } => Ok((block, None)),
                Places { open: Some((0, long)), .. } => Ok((0, Some(long))),
                Places { open: Some((at, _)), .. } | Places { full: Some(at), .. } => Err(at),
                _ => Err(page.len()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of a page of which `most` bytes are read at once; those that are too long in brackets.
    fn pieces(page: &str, most: usize) -> Vec<String> {
        let (mut cutter, mut rest, mut pieces) = (Cutter::default(), page.as_bytes(), Vec::<String>::new());
        let mut was_long = false;
        while !rest.is_empty() {
            let window = &rest[..rest.len().min(most)];
            let (n, long) = match cutter.next(window, window.len() == rest.len()) {
                Piece::Page(n) => (n, false),
                Piece::Long(n, _) => (n, true),
            };
            assert!(n > 0, "{page}");
            let piece = std::str::from_utf8(&rest[..n]).unwrap();
            match pieces.last_mut() {
                Some(last) if long && was_long => last.insert_str(last.len() - 1, piece),
                _ => pieces.push(if long { format!("[{piece}]") } else { piece.to_owned() }),
            }
            (rest, was_long) = (&rest[n..], long);
        }
        pieces
    }

    #[test]
    fn pages_are_cut_before_blocks() {
        for (page, most, want) in [
            ("<p>one", 8, &["<p>one"][..]),
            ("<p>one two three<p>two<b>four", 24, &["<p>one two three", "<p>two<b>four"]),
            ("<p>one<br>two<br>three four", 24, &["<p>one<br>two", "<br>three four"]),
            ("<pre>one\ntwo\nthree four five</pre>", 24, &["<pre>one\ntwo\n", "three four five</pre>"]),
            ("<p>one<script>let a;</script>two<p>three", 28, &["<p>one", "<script>let a;</script>two", "<p>three"]),
        ] {
            assert_eq!(pieces(page, most), want, "{page}");
        }
        let many = b"<p>a".repeat(MAX_PARTS);
        assert_eq!(Cutter::default().next(&many, true), Piece::Page(MAX_ROWS * 4));
        let many = b"<b>a".repeat(MAX_PARTS);
        assert_eq!(Cutter::default().next(&many, true), Piece::Page(MAX_PARTS / 2 * 4));
    }

    #[test]
    fn what_is_too_long_costs_itself() {
        let data = "data:,".to_owned() + &"x".repeat(60);
        for (long, rest) in [
            (format!("<img alt='>' src=\"{data}\">"), ""),
            (format!("<img src={data} />"), ""),
            (format!("<img src = \"{data}>'>\" >"), ""),
            (format!("<!-- <p> -- > {data} -->"), ""),
            (format!("<script>let a = '<p>'; {data}"), "</script>"),
            (format!("<script src='{data}'>let a = '<p>';"), "</script>"),
            (format!("<script><!-- <script>{data}</script> <p>"), "</script>"),
            (format!("<style>{data}</styles>"), "</style >"),
            (format!("<?xml {data}>"), ""),
        ] {
            for pad in 0..32 {
                let before = format!("<p>{}one", "-".repeat(pad));
                let page = format!("{before}{long}{rest} two<p>three");
                let found = pieces(&page, 40);
                let want = [before.as_str(), &format!("[{long}]"), &format!("{rest} two<p>three")];
                assert_eq!(found, want, "{page}");
            }
        }
    }

    #[test]
    fn text_without_a_place_is_passed_over_up_to_the_next_block() {
        let text = "word <b>word</b> ".repeat(8);
        let page = format!("<p>{text}<p>two");
        assert_eq!(pieces(&page, 40), [format!("[<p>{text}]"), "<p>two".to_owned()]);
        let image = format!("<img src='{}'>", "x".repeat(80));
        let page = format!("<p>{text}{image}two");
        assert_eq!(pieces(&page, 40), [format!("[<p>{text}{image}]"), "two".to_owned()]);
    }

    #[test]
    fn no_byte_is_read_often() {
        const SIZE: usize = if cfg!(debug_assertions) { 1 << 18 } else { 1 << 22 };
        let units = [
            "<title><p>",
            "<p><textarea>",
            "<p><script>",
            "<p><!--",
            "<p><a b='",
            "<p><b",
            "<br>a",
            "a\n",
            "<p></",
            "<!-",
        ];
        for unit in units {
            let page = unit.repeat(SIZE / unit.len());
            let start = std::time::Instant::now();
            assert_eq!(pieces(&page, SIZE / 4).concat().replace(['[', ']'], ""), page);
            assert!(start.elapsed().as_secs() < 5, "{unit} takes {:?}", start.elapsed());
        }
    }

    #[test]
    fn what_never_ends_hides_the_rest() {
        let page = format!("<p>one<a href='{}<p>two", "x".repeat(80));
        assert_eq!(pieces(&page, 40), ["<p>one", &format!("[{}]", &page[6..])]);
        // An element that is shown just misses its end.
        let page = format!("<p>one<textarea>{}<p>two", "<p>x".repeat(20));
        assert_eq!(pieces(&page, 40).concat(), page);
    }
}
