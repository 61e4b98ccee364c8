//! All text that is shown, block by block: white space as a browser sets it, references decoded, line ends where the page
//! has them. Every stretch that is not as in the page is noted, so that each character leads back to its bytes.

use super::Kind;
use super::pen::Pen;
use super::tags::{Tag, Ways};
use super::tree::{Is, NONE, Node, Tree};
use super::words::Hints;
use crate::batch::Edit;

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
pub(super) struct Place {
    pub(super) kind: Kind,
    /// The innermost block, [`NONE`] outside of all.
    pub(super) block: u32,
    pub(super) link: bool,
    pub(super) keeps_space: bool,
    /// In a row of a table that is one block: 1 in a cell, 2 in one that is not the first.
    pub(super) cell: bool,
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
            Tag::Td | Tag::Th if place.cell => pen.cell(),
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
            // Readings are no part of the sentence.
            ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", &["漢字"]),
            ("<ruby>東<rt>とう</rt>京<rt>きょう</ruby>へ行く", &["東京へ行く"]),
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
