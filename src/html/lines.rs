//! All text that is shown, block by block: white space as a browser sets it, references decoded, line ends where the page
//! has them. Every stretch that is not as in the page is noted, so that each character leads back to its bytes.

use super::Kind;
use super::references::reference;
use super::tags::{Tag, Ways};
use super::tree::{Is, NONE, Node, Tree};
use super::words::Hints;
use crate::batch::{Edit, Span};

/// A block: text that stands by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Its text in [`Lines::text`].
    pub(super) text: (u32, u32),
    /// Its bytes in the page, from its first character to its last.
    pub(super) source: (u32, u32),
    /// What was changed, rows of [`Lines::edits`].
    pub(super) edits: (u32, u32),
    /// The element it is the text of.
    pub(super) node: u32,
    /// The innermost element that all of its text is in.
    pub(super) inner: u32,
    pub(super) kind: Kind,
    pub(super) language: u32,
    /// Letters and digits; a character that is wide counts twice.
    pub(super) letters: u32,
    /// Those of links.
    pub(super) linked: u32,
    /// Signs at which a sentence pauses or ends.
    pub(super) pauses: u32,
}

/// The blocks of a page, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    pub(super) text: String,
    pub(super) rows: Vec<Row>,
    pub(super) edits: Vec<Edit>,
    /// What is known of each node: what text in it is.
    places: Vec<Place>,
    /// For tables: how many blocks of text each node holds, and bytes of them.
    amounts: Vec<(u32, u32)>,
    /// Where the open blocks end.
    ends: Vec<u32>,
}

/// What text in an element is.
#[derive(Clone, Copy, Debug)]
struct Place {
    kind: Kind,
    /// The innermost block, [`NONE`] outside of all.
    block: u32,
    link: bool,
    keeps_space: bool,
    /// In a row of a table that is one block: 1 in a cell, 2 in one that is not the first.
    cell: bool,
}

/// Longest cell of a row that is read as one block.
const CELL: u32 = 250;

impl Lines {
    /// Finds the blocks of a page; what was found before is forgotten.
    pub(super) fn read(&mut self, page: &str, tree: &Tree) {
        self.text.clear();
        self.rows.clear();
        self.edits.clear();
        self.places.clear();
        self.ends.clear();
        self.measure(page, tree);
        let top = Place { kind: Kind::Paragraph, block: NONE, link: false, keeps_space: false, cell: false };
        self.places.resize(tree.nodes.len(), top);
        let mut pen = Pen::new(page);
        let mut at = 0;
        while at < tree.nodes.len() {
            let node = &tree.nodes[at];
            while self.ends.last().is_some_and(|end| *end as usize <= at) {
                self.ends.pop();
                pen.finish(self);
            }
            let parent = self.places[node.parent as usize];
            if node.tag == Tag::Text {
                pen.write(self, node, &parent);
                pen.widen(tree, node);
                at += 1;
                continue;
            }
            if node.is.has(Is::HIDDEN) || node.tag.is(Ways::UNSEEN) {
                if node.tag.is(Ways::BLOCK) && !parent.cell {
                    pen.finish(self);
                }
                at = (node.end as usize).max(at + 1);
                continue;
            }
            self.places[at] = self.place(tree, at, parent);
            self.open(&mut pen, node, at, &parent);
            at += 1;
        }
        pen.finish(self);
    }

    /// The text of a block.
    pub(super) fn text_of(&self, row: &Row) -> &str {
        self.text.get(row.text.0 as usize..row.text.1 as usize).unwrap_or_default()
    }

    /// What the beginning of an element does to the block.
    fn open(&mut self, pen: &mut Pen<'_>, node: &Node, at: usize, parent: &Place) {
        let place = self.places[at];
        match node.tag {
            Tag::Br => pen.line_end(self),
            Tag::Td | Tag::Th if place.cell => pen.cell(self),
            _ if node.tag.is(Ways::BLOCK) && parent.cell => pen.gap(),
            _ if node.tag.is(Ways::BLOCK) => {
                pen.finish(self);
                self.ends.push(node.end);
            }
            _ => {}
        }
    }

    fn place(&self, tree: &Tree, at: usize, parent: Place) -> Place {
        let node = &tree.nodes[at];
        let mut place = parent;
        place.link |= node.tag == Tag::A && node.is.has(Is::LINK);
        place.keeps_space |= node.tag.is(Ways::KEEPS_SPACE);
        if node.tag.is(Ways::BLOCK) && !parent.cell {
            place.block = at as u32;
        }
        let heading = node.tag.heading();
        place.kind = match node.tag {
            _ if heading > 0 => Kind::Heading(heading),
            Tag::Li | Tag::Dd | Tag::Dt => Kind::Item,
            Tag::Tr if self.is_row(tree, at) => {
                place.cell = true;
                Kind::Row
            }
            Tag::Td | Tag::Th if parent.cell => Kind::Row,
            Tag::Td | Tag::Th if self.amounts.get(at).is_some_and(|a| a.0 < 2) => Kind::Cell,
            Tag::Td | Tag::Th | Tag::Article | Tag::Section | Tag::Main => Kind::Paragraph,
            Tag::Caption | Tag::Figcaption => Kind::Caption,
            Tag::Figure if parent.kind == Kind::Paragraph => Kind::Caption,
            Tag::Blockquote => Kind::Quote,
            Tag::Title => Kind::Title,
            _ if node.hints.meets(Hints::CAPTION) => Kind::Caption,
            _ if place.keeps_space => Kind::Code,
            _ => parent.kind,
        };
        place
    }

    /// True for a row of a table whose cells are so short that it is read as one.
    fn is_row(&self, tree: &Tree, at: usize) -> bool {
        let (mut child, mut cells) = (at + 1, 0);
        let end = tree.nodes[at].end as usize;
        while child < end {
            let node = &tree.nodes[child];
            let (blocks, bytes) = self.amounts.get(child).copied().unwrap_or_default();
            match node.tag {
                Tag::Td | Tag::Th if blocks > 1 || bytes > CELL => return false,
                Tag::Td | Tag::Th => cells += u32::from(blocks > 0),
                _ if blocks > 0 => return false,
                _ => {}
            }
            child = (node.end as usize).max(child + 1);
        }
        cells > 1
    }

    /// Counts what each node of a page with tables holds.
    fn measure(&mut self, page: &str, tree: &Tree) {
        self.amounts.clear();
        if !tree.nodes.iter().any(|node| node.tag == Tag::Tr) {
            return;
        }
        self.amounts.resize(tree.nodes.len(), (0, 0));
        for at in (1..tree.nodes.len()).rev() {
            let node = &tree.nodes[at];
            let own = if node.tag == Tag::Text {
                let text = page.get(node.span.0 as usize..node.span.1 as usize).unwrap_or_default().trim_ascii();
                (0, text.len() as u32)
            } else if node.is.has(Is::HIDDEN) || node.tag.is(Ways::UNSEEN) {
                (0, 0)
            } else {
                let (blocks, bytes) = self.amounts[at];
                // A line end, a list, a table makes blocks of their own.
                let several = matches!(node.tag, Tag::Br | Tag::Li | Tag::Table | Tag::H1 | Tag::H2 | Tag::H3);
                let more = u32::from(several) + u32::from(node.tag.is(Ways::BLOCK) && blocks == 0 && bytes > 0);
                (blocks.saturating_add(more), bytes)
            };
            self.amounts[at] = own;
            let above = &mut self.amounts[node.parent as usize];
            *above = (above.0.saturating_add(own.0), above.1.saturating_add(own.1));
        }
    }
}

/// Writes the text of the block that is open.
struct Pen<'a> {
    page: &'a str,
    /// The block, while it has text.
    row: Option<Row>,
    /// White space that is written before the next character.
    pending: Pending,
    /// Up to here page and text are accounted for by edits or the same.
    page_at: usize,
    text_at: usize,
    /// Letters are counted from here on.
    counted: usize,
    counting_links: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pending {
    Nothing,
    Space,
    Cell,
    LineEnd,
}

impl<'a> Pen<'a> {
    fn new(page: &'a str) -> Self {
        let pending = Pending::Nothing;
        Self { page, row: None, pending, page_at: 0, text_at: 0, counted: 0, counting_links: false }
    }

    fn write(&mut self, lines: &mut Lines, node: &Node, place: &Place) {
        let (start, end) = (node.span.0 as usize, node.span.1 as usize);
        if place.link != self.counting_links {
            self.count(lines);
            self.counting_links = place.link;
        }
        let raw = node.is.has(Is::RAW);
        let bytes = self.page.as_bytes();
        let mut at = start;
        if place.keeps_space && self.row.is_none() {
            // A line end right behind the tag is not shown.
            at += usize::from(bytes[at..end].starts_with(b"\r"));
            at += usize::from(bytes[at..end].starts_with(b"\n"));
        }
        while at < end {
            match bytes[at] {
                b'&' if !raw => at = self.reference(lines, node, place, at, end),
                b'\r' if place.keeps_space => at += 1,
                b'\n' if place.keeps_space => {
                    self.verbatim(lines, node, place, at..at + 1);
                    at += 1;
                }
                b' ' | b'\t' if place.keeps_space => {
                    let stop = at + bytes[at..end].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                    self.verbatim(lines, node, place, at..stop);
                    at = stop;
                }
                b' ' | b'\t' | b'\n' | b'\r' | 0x0C => {
                    self.pending = self.pending.max(Pending::Space);
                    at += bytes[at..end].iter().take_while(|b| b.is_ascii_whitespace()).count();
                }
                _ => {
                    let stop = word_end(bytes, at, end, raw, place.keeps_space);
                    self.verbatim(lines, node, place, at..stop);
                    at = stop;
                }
            }
        }
    }

    /// Notes that a text is part of the block.
    fn widen(&mut self, tree: &Tree, node: &Node) {
        let Some(row) = &mut self.row else { return };
        while row.inner > node.parent || tree.nodes[row.inner as usize].end <= node.parent {
            row.inner = tree.nodes[row.inner as usize].parent;
        }
    }

    fn reference(&mut self, lines: &mut Lines, node: &Node, place: &Place, at: usize, end: usize) -> usize {
        let Some((value, length)) = reference(&self.page.as_bytes()[at + 1..end]) else {
            self.verbatim(lines, node, place, at..at + 1);
            return at + 1;
        };
        let (end, mut utf8) = (at + 1 + length, [0; 4]);
        let meant = value.as_str(&mut utf8);
        if !place.keeps_space && matches!(meant, " " | "\t" | "\n" | "\r") {
            self.pending = self.pending.max(Pending::Space);
            return end;
        }
        self.begin(lines, node, place, at);
        self.edit(lines, at);
        lines.text.push_str(meant);
        self.edit(lines, end);
        if let Some(row) = &mut self.row {
            row.source.1 = end as u32;
        }
        end
    }

    fn verbatim(&mut self, lines: &mut Lines, node: &Node, place: &Place, span: std::ops::Range<usize>) {
        self.begin(lines, node, place, span.start);
        self.edit(lines, span.start);
        lines.text.push_str(self.page.get(span.clone()).unwrap_or_default());
        (self.page_at, self.text_at) = (span.end, lines.text.len());
        if let Some(row) = &mut self.row {
            row.source.1 = span.end as u32;
        }
    }

    /// Notes that what was written since the last stretch of the page stands for what lies between.
    fn edit(&mut self, lines: &mut Lines, to: usize) {
        let base = self.row.map_or((0, 0), |row| (row.source.0 as usize, row.text.0 as usize));
        if to > self.page_at || lines.text.len() > self.text_at {
            let input = Span::new(self.page_at - base.0, to - base.0);
            let output = Span::new(self.text_at - base.1, lines.text.len() - base.1);
            lines.edits.push(Edit { layer: 0, input, output });
        }
        (self.page_at, self.text_at) = (to, lines.text.len());
    }

    /// Begins a block if none is open, and writes the white space that is due.
    fn begin(&mut self, lines: &mut Lines, node: &Node, place: &Place, at: usize) {
        if self.row.is_none() {
            let text = lines.text.len() as u32;
            let edits = lines.edits.len() as u32;
            self.row = Some(Row {
                text: (text, text),
                source: (at as u32, at as u32),
                edits: (edits, edits),
                node: if place.block == NONE { 0 } else { place.block },
                inner: node.parent,
                kind: place.kind,
                language: node.language,
                letters: 0,
                linked: 0,
                pauses: 0,
            });
            (self.page_at, self.text_at, self.counted) = (at, lines.text.len(), lines.text.len());
        } else {
            match self.pending {
                Pending::Nothing => {}
                Pending::Space => lines.text.push(' '),
                Pending::Cell => lines.text.push('\t'),
                Pending::LineEnd => lines.text.push('\n'),
            }
        }
        self.pending = Pending::Nothing;
    }

    /// `<br>`: twice, a block ends.
    fn line_end(&mut self, lines: &mut Lines) {
        if self.pending == Pending::LineEnd {
            self.finish(lines);
        } else if self.row.is_some() {
            self.pending = Pending::LineEnd;
        }
    }

    fn cell(&mut self, _lines: &mut Lines) {
        self.pending = self.pending.max(Pending::Cell);
    }

    fn gap(&mut self) {
        self.pending = self.pending.max(Pending::Space);
    }

    /// Counts the letters written since the last time.
    fn count(&mut self, lines: &Lines) {
        let Some(row) = &mut self.row else { return };
        for c in lines.text.get(self.counted..).unwrap_or_default().chars() {
            let weight = match c {
                '.' | ',' | ';' | ':' | '!' | '?' => {
                    row.pauses += 1;
                    0
                }
                _ if c.is_ascii() => u32::from(c.is_ascii_alphanumeric()),
                '\u{2000}'..='\u{2BFF}' => 0,
                _ if is_pause(c) => {
                    row.pauses += 1;
                    0
                }
                // Each stands for a syllable or more.
                '\u{1200}'..='\u{167F}'
                | '\u{2E80}'..='\u{A4CF}'
                | '\u{AC00}'..='\u{D7FF}'
                | '\u{F900}'..='\u{FAFF}'
                | '\u{20000}'.. => 2,
                _ => 1,
            };
            row.letters += weight;
            row.linked += if self.counting_links { weight } else { 0 };
        }
        self.counted = lines.text.len();
    }

    /// Ends the block.
    fn finish(&mut self, lines: &mut Lines) {
        self.pending = Pending::Nothing;
        self.count(lines);
        let Some(mut row) = self.row.take() else { return };
        let start = row.text.0 as usize;
        let own = &lines.text[start..];
        // Spaces that references stand for, and line ends, have nothing to hold apart at the end.
        let trimmed = own.trim_end().len();
        if trimmed == 0 || own.trim_start_matches(['\u{200b}', '\u{feff}', '\u{200e}', '\u{200f}']).trim().is_empty() {
            lines.text.truncate(start);
            lines.edits.truncate(row.edits.0 as usize);
            return;
        }
        if trimmed < own.len() {
            let edits = &lines.edits[row.edits.0 as usize..];
            row.source.1 = row.source.0 + Edit::before(edits, trimmed) as u32;
            let kept = edits.partition_point(|edit| (edit.output.start as usize) < trimmed);
            lines.edits.truncate(row.edits.0 as usize + kept);
        }
        row.text.1 = (start + trimmed) as u32;
        row.edits.1 = lines.edits.len() as u32;
        lines.rows.push(row);
    }
}

/// Where a stretch ends that can be copied: single spaces are part of it.
fn word_end(bytes: &[u8], from: usize, end: usize, raw: bool, keeps_space: bool) -> usize {
    let mut at = from;
    while at < end {
        match bytes[at] {
            b'&' if !raw => return at,
            b' ' if keeps_space || at + 1 < end && !bytes[at + 1].is_ascii_whitespace() => {}
            b' ' | b'\t' | b'\n' | b'\r' | 0x0C => return at,
            _ => {}
        }
        at += 1;
    }
    end
}

/// Signs of many scripts at which a sentence pauses or ends.
fn is_pause(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '．'
            | '！'
            | '？'
            | '：'
            | '；'
            | '،'
            | '؛'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '՝'
            | '׃'
            | '።'
            | '፣'
            | '፤'
            | '፧'
            | '၊'
            | '။'
            | '។'
            | '៕'
            | '།'
            | '་'
            | '᠂'
            | '᠃'
            | '·'
            | '߸'
            | '꓿'
    )
}

#[cfg(test)]
mod tests {
    use super::super::Page;
    use super::*;

    fn blocks(html: &str) -> Vec<(Kind, String)> {
        let mut page = Page::default();
        page.read(html);
        page.blocks().map(|block| (block.kind, block.text.to_owned())).collect()
    }

    fn texts(html: &str) -> Vec<String> {
        blocks(html).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn text_is_set_as_in_a_browser() {
        for (html, want) in [
            ("", &[][..]),
            ("a  b\n\t c", &["a b c"]),
            ("<p> a <b> b</b>c </p> d", &["a bc", "d"]),
            ("<div>a<p>b</p>c</div>", &["a", "b", "c"]),
            ("a<br>b<br/>c<br><br>d", &["a\nb\nc", "d"]),
            ("<div>text before<br></div><div><br>and after</div>", &["text before", "and after"]),
            ("a<wbr>b<img src=x>c", &["abc"]),
            (
                "AT&amp;T &eacute;t&eacute &#233;&#xe9;&nbsp;&copy 2020 &notin; &foo; &",
                &["AT&T été éé\u{a0}© 2020 ∉ &foo; &"],
            ),
            ("a&#32;&#32;b&#10;c", &["a b c"]),
            ("a&nbsp;&nbsp;<p>&nbsp;<p>&#8203;", &["a"]),
            ("a<script>b</script>c<style>d</style><template>e</template><noscript>f</noscript>g", &["acg"]),
            (
                "a<span hidden>b</span><i style='display:none'>c</i>d<iframe>e</iframe><svg><text>f</text></svg>",
                &["ad"],
            ),
            ("a<select><option>b</select><video>c</video><object>d</object><canvas>e</canvas>f", &["af"]),
            ("<p>a<!-- b -->c<![CDATA[ d ]]>", &["ac"]),
            ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", &["漢かん"]),
            ("<math><mi>x</mi><annotation>y</annotation></math>", &["x"]),
        ] {
            assert_eq!(texts(html), want, "{html}");
        }
    }

    #[test]
    fn code_keeps_its_line_ends() {
        let html = "<pre>\r\n  let a = 1;\r\n\r\n\tb &lt; c\n</pre><p>a\nb<textarea>\n c\n d</textarea>";
        let want = [
            (Kind::Code, "  let a = 1;\n\n\tb < c".to_owned()),
            (Kind::Paragraph, "a b".to_owned()),
            (Kind::Code, " c\n d".to_owned()),
        ];
        assert_eq!(blocks(html), want);
        assert_eq!(blocks("<xmp><b>&lt;</b></xmp>"), [(Kind::Code, "<b>&lt;</b>".to_owned())]);
    }

    #[test]
    fn blocks_have_kinds() {
        let html = "<title>t</title><h2>h</h2><p>p<ul><li>i<li><p>j</ul><dl><dt>k<dd>l</dl><blockquote><p>q</blockquote>\
                    <figure><img><figcaption>c</figcaption></figure><p class=wp-caption-text>d</p>\
                    <table><caption>e</caption><tr><th>f<th>g<tr><td>1<td>2</table><li><article><h3>x</h3><p>y</article>";
        let found = blocks(html);
        let want = [
            (Kind::Title, "t"),
            (Kind::Heading(2), "h"),
            (Kind::Paragraph, "p"),
            (Kind::Item, "i"),
            (Kind::Item, "j"),
            (Kind::Item, "k"),
            (Kind::Item, "l"),
            (Kind::Quote, "q"),
            (Kind::Caption, "c"),
            (Kind::Caption, "d"),
            (Kind::Caption, "e"),
            (Kind::Row, "f\tg"),
            (Kind::Row, "1\t2"),
            (Kind::Heading(3), "x"),
            (Kind::Paragraph, "y"),
        ];
        assert_eq!(found.iter().map(|(kind, text)| (*kind, text.as_str())).collect::<Vec<_>>(), want);
    }

    #[test]
    fn tables_for_layout_are_no_rows() {
        let long = "word ".repeat(80);
        let html = format!("<table><tr><td><a href=x>Home</a><br>News<td><p>{long}</p><p>end</p></table>");
        assert_eq!(texts(&html), ["Home\nNews", long.trim(), "end"]);
    }

    #[test]
    fn characters_lead_back_to_their_bytes() {
        let html = "<p>\n  One &amp; <b>two</b>\n three<br>caf&eacute;&nbsp;<i>ö</i> &#65;</p><td>x</td>";
        let mut page = Page::default();
        page.read(html);
        let block = page.blocks().next().unwrap();
        assert_eq!(block.text, "One & two three\ncafé\u{a0}ö A");
        for (at, want) in [
            (0, "One"),
            (4, "&amp;"),
            (6, "two"),
            (10, "three"),
            (16, "caf"),
            (19, "&eacute;"),
            (21, "&nbsp;"),
            (23, "ö"),
            (26, "&#65;"),
        ] {
            assert!(html[block.source_offset(at)..].starts_with(want), "{at}: {}", &html[block.source_offset(at)..]);
        }
        assert_eq!(&html[block.source.clone()], "One &amp; <b>two</b>\n three<br>caf&eacute;&nbsp;<i>ö</i> &#65;");
    }

    #[test]
    fn letters_and_links_are_counted() {
        let mut page = Page::default();
        page.read("<p>ab <a href=/x>cd</a><a href=#y>ef</a>, <a>gh</a><p>日本、語");
        let rows: Vec<(u32, u32, u32)> = page.lines.rows.iter().map(|r| (r.letters, r.linked, r.pauses)).collect();
        assert_eq!(rows, [(8, 2, 1), (6, 0, 1)]);
    }
}
