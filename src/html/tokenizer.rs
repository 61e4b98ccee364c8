//! Markup to tokens: tags, stretches of text, and nothing else. As the HTML standard's tokenizer sees them, but for errors
//! that would swallow the rest of a page (a title without an end). One pass, each byte looked at once or twice.

use std::ops::Range;

use memchr::memchr;

use super::tags::Tag;

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Characters and references.
    Text(Range<usize>),
    Start {
        tag: Tag,
        /// From `<` to after `>`.
        span: Range<usize>,
        name: Range<usize>,
        /// Between the name and `>`.
        attributes: Range<usize>,
        closed: bool,
    },
    End {
        tag: Tag,
        span: Range<usize>,
        name: Range<usize>,
    },
}

/// Cuts a page into tokens.
#[derive(Clone, Debug)]
pub(super) struct Tokenizer<'a> {
    page: &'a [u8],
    at: usize,
    /// Elements known to have no end tag any more: bits of [`unclosed`].
    unclosed: u8,
    /// Comments are known to have no end any more.
    open_comment: bool,
    /// Where the first comment or declaration begins that has no end in the page.
    unfinished: Option<usize>,
}

impl<'a> Tokenizer<'a> {
    pub(super) fn over(page: &'a [u8]) -> Self {
        Self { page, at: 0, unclosed: 0, open_comment: false, unfinished: None }
    }

    /// Where the next token begins; at the end, the tag that the page ends in.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Where the first comment or declaration begins, of those passed over, that has no end in the page.
    pub(super) fn unfinished(&self) -> Option<usize> {
        self.unfinished
    }

    /// True where an element was found to have no end tag in the page, or one like it.
    pub(super) fn is_unclosed(&self, tag: Tag) -> bool {
        tag == Tag::Plaintext || self.unclosed & unclosed(tag) != 0
    }

    /// The next token. A tag that the page ends in is none, and the last.
    pub(super) fn next(&mut self) -> Option<Token> {
        loop {
            let start = self.at;
            let rest = self.page.get(start..).filter(|rest| !rest.is_empty())?;
            if rest[0] != b'<' {
                self.at = self.text_end(start);
                return Some(Token::Text(start..self.at));
            }
            match rest.get(1) {
                Some(b) if b.is_ascii_alphabetic() => return self.start(start),
                Some(b'/') => match rest.get(2) {
                    Some(b) if b.is_ascii_alphabetic() => return self.end(start),
                    Some(b'>') => self.at = start + 3,
                    Some(_) => self.at = self.after(start, start),
                    None => return self.rest_as_text(start),
                },
                Some(b'!') => self.at = self.declaration(start),
                Some(b'?') => self.at = self.after(start, start),
                // No markup; the next sign that is may follow.
                _ => {
                    self.at = self.text_end(start + 1);
                    return Some(Token::Text(start..self.at));
                }
            }
        }
    }

    fn rest_as_text(&mut self, start: usize) -> Option<Token> {
        self.at = self.page.len();
        Some(Token::Text(start..self.at))
    }

    /// Where text that begins here ends: at the next `<` that begins markup.
    fn text_end(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(found) = memchr(b'<', &self.page[at..]) {
            at += found;
            match self.page.get(at + 1) {
                Some(b'!' | b'?' | b'/') => return at,
                Some(b) if b.is_ascii_alphabetic() => return at,
                _ => at += 1,
            }
        }
        self.page.len()
    }

    /// The place after the next `>`, for what begins at `start`.
    fn after(&mut self, start: usize, from: usize) -> usize {
        if let Some(found) = memchr(b'>', &self.page[from..]) {
            return from + found + 1;
        }
        self.unfinished.get_or_insert(start);
        self.page.len()
    }

    /// The end of `<!...`: a comment, a type of document, a section of characters.
    fn declaration(&mut self, start: usize) -> usize {
        let rest = &self.page[start + 2..];
        if !rest.starts_with(b"--") || self.open_comment {
            return self.after(start, start);
        }
        if rest.starts_with(b"-->") || rest.starts_with(b"--->") {
            return self.after(start, start + 4);
        }
        if let Some(end) = comment_end(&self.page[start + 4..]) {
            return start + 4 + end;
        }
        // It hides the rest of the page: rather take it for a single tag.
        self.open_comment = true;
        self.unfinished.get_or_insert(start);
        self.after(start, start)
    }

    fn start(&mut self, start: usize) -> Option<Token> {
        let name = self.name(start + 1);
        let (end, closed) = self.tag_end(name.end)?;
        let attributes = name.end..end - 1;
        let tag = Tag::of(&self.page[name.clone()]);
        self.at = end;
        Some(Token::Start { tag, span: start..end, name, attributes, closed })
    }

    fn end(&mut self, start: usize) -> Option<Token> {
        let name = self.name(start + 2);
        let (end, _) = self.tag_end(name.end)?;
        self.at = end;
        Some(Token::End { tag: Tag::of(&self.page[name.clone()]), span: start..end, name })
    }

    pub(super) fn name(&self, start: usize) -> Range<usize> {
        let end = self.page[start..].iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
        start..end.map_or(self.page.len(), |i| start + i)
    }

    /// The place after the `>` of a tag, and whether a slash stands before it.
    fn tag_end(&self, from: usize) -> Option<(usize, bool)> {
        let end = from + TagEnd::default().find(&self.page[from..])?;
        Some((end, end - 1 > from && self.page[end - 2] == b'/'))
    }

    /// The content of an element that holds characters only and was just opened, and where the element ends.
    pub(super) fn content(&mut self, tag: Tag) -> (Range<usize>, usize) {
        let start = self.at;
        self.at = self.content_end(tag);
        let content = start..self.at;
        let rest = &self.page[self.at..];
        if rest.starts_with(b"</") && is_tag(&rest[2..], tag) {
            // The end tag, which may have attributes.
            self.at = self.tag_end(self.at).map_or(self.page.len(), |(end, _)| end);
        }
        (content, self.at)
    }

    fn content_end(&mut self, tag: Tag) -> usize {
        let start = self.at;
        if tag == Tag::Plaintext {
            return self.page.len();
        }
        if self.unclosed & unclosed(tag) == 0 {
            if let Some(end) = RawText::of(tag).find(&self.page[start..], self.page.len() - start) {
                return start + end;
            }
            self.unclosed |= unclosed(tag);
        }
        match tag {
            // Whatever follows could be of the program.
            Tag::Script | Tag::Style => self.page.len(),
            _ => self.text_end(start),
        }
    }
}

/// Looks for the end of a tag, quoted values passed over; goes on where bytes end before it.
#[derive(Clone, Debug, Default)]
pub(super) struct TagEnd {
    /// The quote that the value which is open ends with.
    quote: Option<u8>,
    /// Only white space since an equals sign.
    equals: bool,
}

impl TagEnd {
    /// The place after the `>`.
    pub(super) fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        let (mut from, mut at) = (0, 0);
        loop {
            if let Some(quote) = self.quote {
                at += 1 + memchr(quote, &bytes[at..])?;
                (self.quote, self.equals, from) = (None, false, at);
            }
            let Some(found) = memchr::memchr3(b'>', b'"', b'\'', &bytes[at..]) else {
                self.equals = self.ends_in_equals(&bytes[from..]);
                return None;
            };
            at += found;
            if bytes[at] == b'>' {
                return Some(at + 1);
            }
            // A quote that begins a value stands behind an equals sign; any other is part of a name or of a value.
            if self.ends_in_equals(&bytes[from..at]) {
                self.quote = Some(bytes[at]);
            }
            at += 1;
        }
    }

    fn ends_in_equals(&self, bytes: &[u8]) -> bool {
        bytes.iter().rev().find(|b| !b.is_ascii_whitespace()).map_or(self.equals, |b| *b == b'=')
    }
}

/// Looks for the end tag of an element whose content is characters; goes on where bytes end before it.
#[derive(Clone, Debug)]
pub(super) struct RawText {
    tag: Tag,
    /// Inside `<!-- <script>` the end tag belongs to the inner script.
    comment: bool,
    inner: bool,
}

impl RawText {
    /// What must be seen of the bytes behind a place to tell what is there.
    pub(super) const LONGEST: usize = 14;

    pub(super) fn of(tag: Tag) -> Self {
        Self { tag, comment: false, inner: false }
    }

    /// Where the end tag begins, if it begins before `limit`.
    pub(super) fn find(&mut self, bytes: &[u8], limit: usize) -> Option<usize> {
        if self.tag == Tag::Plaintext {
            return None;
        }
        let mut at = 0;
        while let Some(found) = memchr::memchr2(b'<', b'-', bytes.get(at..limit)?) {
            at += found;
            let rest = &bytes[at..];
            if rest[0] == b'-' {
                let ends = rest.starts_with(b"-->");
                (self.comment, self.inner) = (self.comment && !ends, self.inner && !ends);
            } else if self.tag == Tag::Script && rest.starts_with(b"<!--") {
                self.comment = true;
                // `<!-->` is all of a comment.
                at += 1;
            } else if is_tag(&rest[1..], self.tag) && self.comment {
                self.inner = true;
            } else if rest.get(1) == Some(&b'/') && is_tag(&rest[2..], self.tag) {
                if !self.inner {
                    return Some(at);
                }
                self.inner = false;
            }
            at += 1;
        }
        None
    }
}

/// The place after the end of a comment whose begin was before.
pub(super) fn comment_end(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'>', bytes)
        .find(|at| bytes[..*at].ends_with(b"--") || bytes[..*at].ends_with(b"--!"))
        .map(|at| at + 1)
}

/// A bit for each element whose content is characters.
fn unclosed(tag: Tag) -> u8 {
    match tag {
        Tag::Script => 1,
        Tag::Style => 2,
        Tag::Title => 4,
        Tag::Textarea => 8,
        Tag::Noscript => 16,
        Tag::Iframe => 32,
        Tag::Xmp => 64,
        _ => 128,
    }
}

/// True where the name of this element stands, and ends.
fn is_tag(rest: &[u8], tag: Tag) -> bool {
    let end = rest.iter().take(12).position(|b| !b.is_ascii_alphabetic());
    end.is_some_and(|end| {
        (rest[end].is_ascii_whitespace() || matches!(rest[end], b'/' | b'>')) && Tag::of(&rest[..end]) == tag
    })
}

/// The attributes of a tag: names as written, values as written (without quotes), in their order.
pub(super) fn attributes(bytes: &[u8]) -> Attributes<'_> {
    Attributes { bytes, at: 0 }
}

/// Iterator of [`attributes`].
#[derive(Clone, Debug)]
pub(super) struct Attributes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Attributes<'_> {
    fn skip(&mut self, also: u8) {
        while self.bytes.get(self.at).is_some_and(|b| b.is_ascii_whitespace() || *b == also) {
            self.at += 1;
        }
    }

    fn until(&mut self, ends: impl Fn(u8) -> bool) -> Range<usize> {
        let start = self.at;
        self.at += self.bytes[start..].iter().position(|b| ends(*b)).unwrap_or(self.bytes.len() - start);
        start..self.at
    }
}

impl Iterator for Attributes<'_> {
    /// Where the name and the value are in the tag.
    type Item = (Range<usize>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(b'/');
        let start = self.at;
        // An equals sign in front is part of the name.
        self.at += usize::from(self.bytes.get(start)? == &b'=');
        self.until(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'='));
        let name = start..self.at;
        self.skip(b' ');
        if self.bytes.get(self.at) != Some(&b'=') {
            return Some((name, self.at..self.at));
        }
        self.at += 1;
        self.skip(b' ');
        let value = match self.bytes.get(self.at) {
            Some(&quote @ (b'"' | b'\'')) => {
                self.at += 1;
                let value = self.until(|b| b == quote);
                self.at = (self.at + 1).min(self.bytes.len());
                value
            }
            _ => self.until(|b| b.is_ascii_whitespace()),
        };
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens as text: tags by what stands in them.
    fn tokens(page: &str) -> Vec<String> {
        let mut tokenizer = Tokenizer::over(page.as_bytes());
        let mut found = Vec::new();
        while let Some(token) = tokenizer.next() {
            match token {
                Token::Text(span) => found.push(page[span].to_owned()),
                Token::Start { tag, span, .. } => {
                    found.push(page[span].to_owned());
                    if matches!(tag, Tag::Script | Tag::Style | Tag::Title | Tag::Textarea | Tag::Xmp) {
                        found.push(format!("[{}]", &page[tokenizer.content(tag).0]));
                    }
                }
                Token::End { span, .. } => found.push(page[span].to_owned()),
            }
        }
        found
    }

    #[test]
    fn pages_are_cut() {
        for (page, want) in [
            ("", &[][..]),
            ("a < b & c <3 d", &["a < b & c <3 d"]),
            ("< a", &["< a"]),
            ("<p>a</p >b", &["<p>", "a", "</p >", "b"]),
            ("<a href='>'>x", &["<a href='>'>", "x"]),
            ("<a b=\"it's\" c=it's>x", &["<a b=\"it's\" c=it's>", "x"]),
            ("<a 'b>x", &["<a 'b>", "x"]),
            (
                "a<!-- <p> -- > --!>b<!-->c<!--->d<!doctype html>e<?php x?>f</>g</ x>h",
                &["a", "b", "c", "d", "e", "f", "g", "h"],
            ),
            ("a<!-- b <i>c", &["a", "c"]),
            ("<script>if (a < b) x('</p>')</script>y", &["<script>", "[if (a < b) x('</p>')]", "y"]),
            ("<script><!-- <script></script> --></script>y", &["<script>", "[<!-- <script></script> -->]", "y"]),
            ("<script>x", &["<script>", "[x]"]),
            ("<title>a &lt; <b></TITLE\n>x", &["<title>", "[a &lt; <b>]", "x"]),
            ("<title>a<p>b", &["<title>", "[a]", "<p>", "b"]),
            ("<textarea><p></textareas></textarea>", &["<textarea>", "[<p></textareas>]"]),
            ("a<p", &["a"]),
            ("a<p b='c", &["a"]),
            ("a</", &["a", "</"]),
            ("<p/>a<br / >b", &["<p/>", "a", "<br / >", "b"]),
        ] {
            assert_eq!(tokens(page), want, "{page}");
        }
    }

    #[test]
    fn attributes_are_read() {
        let tag = br#" id=a CLASS = "b c" hidden data-x='>"' =y /z/ lang= de x"#;
        let text = |range: Range<usize>| std::str::from_utf8(&tag[range]).unwrap();
        let found: Vec<_> = attributes(tag).map(|(name, value)| (text(name), text(value))).collect();
        let want = [
            ("id", "a"),
            ("CLASS", "b c"),
            ("hidden", ""),
            ("data-x", ">\""),
            ("=y", ""),
            ("z", ""),
            ("lang", "de"),
            ("x", ""),
        ];
        assert_eq!(found, want);
    }
}
