//! The elements that mean something here, with what each means for the tree and for lines of text.

/// What an element does; see [`Tag::is`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ways(u16);

impl Ways {
    /// Text before, in and after it is never on one line.
    pub(super) const BLOCK: Self = Self(1);
    /// It has no content and no end tag.
    pub(super) const VOID: Self = Self(2);
    /// Its content is characters up to its end tag, and none of it is shown.
    pub(super) const RAW: Self = Self(4);
    /// Its content is characters and references up to its end tag.
    pub(super) const PLAIN: Self = Self(8);
    /// None of its content is shown.
    pub(super) const UNSEEN: Self = Self(16);
    /// End tags inside it close nothing outside of it.
    pub(super) const SCOPE: Self = Self(32);
    /// It ends an open paragraph.
    pub(super) const ENDS_P: Self = Self(64);
    /// Line ends and spaces of its text are kept.
    pub(super) const KEEPS_SPACE: Self = Self(128);

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

const NONE: Ways = Ways(0);
const BLOCK: Ways = Ways::BLOCK.or(Ways::ENDS_P);
const HEAD: Ways = Ways::VOID.or(Ways::UNSEEN);
const RAW: Ways = Ways::RAW.or(Ways::UNSEEN);

macro_rules! tags {
    ($($item:ident $name:literal $ways:expr;)+) => {
        /// An element by its name; a text; or an element that means nothing here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Tag {
            /// Characters.
            Text,
            /// An element of another name.
            Other,
            /// What all others are in.
            Root,
            $($item,)+
        }

        const ROWS: &[(Tag, &str, Ways)] = &[
            (Tag::Text, "", NONE),
            (Tag::Other, "", NONE),
            (Tag::Root, "", Ways::BLOCK.or(Ways::SCOPE)),
            $((Tag::$item, $name, $ways),)+
        ];
    };
}

tags! {
    A "a" NONE;
    Abbr "abbr" NONE;
    Address "address" BLOCK;
    Annotation "annotation" Ways::UNSEEN;
    Applet "applet" RAW;
    Area "area" HEAD;
    Article "article" BLOCK;
    Aside "aside" BLOCK;
    Audio "audio" Ways::UNSEEN;
    B "b" NONE;
    Base "base" HEAD;
    Blockquote "blockquote" BLOCK;
    Body "body" Ways::BLOCK;
    Br "br" Ways::VOID;
    Button "button" Ways::BLOCK;
    Canvas "canvas" Ways::UNSEEN;
    Caption "caption" Ways::BLOCK.or(Ways::SCOPE);
    Center "center" BLOCK;
    Cite "cite" NONE;
    Code "code" NONE;
    Col "col" HEAD;
    Colgroup "colgroup" NONE;
    Datalist "datalist" Ways::UNSEEN;
    Dd "dd" BLOCK;
    Details "details" BLOCK;
    Dialog "dialog" BLOCK;
    Dir "dir" BLOCK;
    Div "div" BLOCK;
    Dl "dl" BLOCK;
    Dt "dt" BLOCK;
    Em "em" NONE;
    Embed "embed" HEAD;
    Fieldset "fieldset" BLOCK;
    Figcaption "figcaption" BLOCK;
    Figure "figure" BLOCK;
    Font "font" NONE;
    Footer "footer" BLOCK;
    Form "form" BLOCK;
    Frame "frame" HEAD;
    Frameset "frameset" Ways::UNSEEN;
    H1 "h1" BLOCK;
    H2 "h2" BLOCK;
    H3 "h3" BLOCK;
    H4 "h4" BLOCK;
    H5 "h5" BLOCK;
    H6 "h6" BLOCK;
    Head "head" Ways::BLOCK;
    Header "header" BLOCK;
    Hgroup "hgroup" BLOCK;
    Hr "hr" BLOCK.or(Ways::VOID);
    Html "html" Ways::BLOCK;
    I "i" NONE;
    Iframe "iframe" RAW;
    Img "img" Ways::VOID;
    Input "input" HEAD;
    Label "label" NONE;
    Legend "legend" Ways::BLOCK;
    Li "li" BLOCK;
    Link "link" HEAD;
    Listing "listing" BLOCK.or(Ways::KEEPS_SPACE);
    Main "main" BLOCK;
    Map "map" NONE;
    Math "math" NONE;
    Menu "menu" BLOCK;
    Meta "meta" HEAD;
    Nav "nav" BLOCK;
    Nobr "nobr" NONE;
    Noembed "noembed" RAW;
    Noframes "noframes" RAW;
    Noscript "noscript" RAW;
    Object "object" Ways::UNSEEN;
    Ol "ol" BLOCK;
    Optgroup "optgroup" Ways::BLOCK;
    Option "option" Ways::BLOCK;
    P "p" BLOCK;
    Param "param" HEAD;
    Plaintext "plaintext" Ways::BLOCK.or(Ways::KEEPS_SPACE);
    Pre "pre" BLOCK.or(Ways::KEEPS_SPACE);
    Rp "rp" Ways::UNSEEN;
    Rt "rt" Ways::UNSEEN;
    Ruby "ruby" NONE;
    Script "script" RAW;
    Search "search" BLOCK;
    Section "section" BLOCK;
    Select "select" Ways::UNSEEN;
    Source "source" HEAD;
    Span "span" NONE;
    Strong "strong" NONE;
    Style "style" RAW;
    Summary "summary" BLOCK;
    Svg "svg" Ways::UNSEEN;
    Table "table" BLOCK.or(Ways::SCOPE);
    Tbody "tbody" Ways::BLOCK;
    Td "td" Ways::BLOCK.or(Ways::SCOPE);
    Template "template" Ways::UNSEEN.or(Ways::SCOPE);
    Textarea "textarea" Ways::BLOCK.or(Ways::PLAIN).or(Ways::KEEPS_SPACE);
    Tfoot "tfoot" Ways::BLOCK;
    Th "th" Ways::BLOCK.or(Ways::SCOPE);
    Thead "thead" Ways::BLOCK;
    Time "time" NONE;
    Title "title" Ways::BLOCK.or(Ways::PLAIN);
    Tr "tr" Ways::BLOCK;
    Track "track" HEAD;
    U "u" NONE;
    Ul "ul" BLOCK;
    Video "video" Ways::UNSEEN;
    Wbr "wbr" Ways::VOID;
    Xmp "xmp" BLOCK.or(Ways::RAW).or(Ways::KEEPS_SPACE);
}

impl Tag {
    /// How many there are.
    pub(super) const COUNT: usize = ROWS.len();

    /// True when it does any of this.
    pub(super) fn is(self, ways: Ways) -> bool {
        ROWS[self as usize].2.0 & ways.0 != 0
    }

    /// The element of a name in whatever case.
    pub(super) fn of(name: &[u8]) -> Self {
        let mut at = slot(key(name));
        loop {
            match SLOTS[at] {
                0 => return Self::Other,
                row if ROWS[row as usize].1.as_bytes().eq_ignore_ascii_case(name) => return ROWS[row as usize].0,
                _ => at = (at + 1) % SLOTS.len(),
            }
        }
    }

    /// Level of a heading, else 0.
    pub(super) fn heading(self) -> u8 {
        match self {
            Self::H1 => 1,
            Self::H2 => 2,
            Self::H3 => 3,
            Self::H4 => 4,
            Self::H5 => 5,
            Self::H6 => 6,
            _ => 0,
        }
    }
}

/// A number for a name: its first and last bytes in lower case, and its length.
const fn key(name: &[u8]) -> u32 {
    let mut key = name.len() as u32;
    let mut at = 0;
    while at < name.len() && at < 4 {
        key = key.wrapping_mul(61).wrapping_add((name[at] | 0x20) as u32);
        at += 1;
    }
    if !name.is_empty() {
        key = key.wrapping_mul(61).wrapping_add((name[name.len() - 1] | 0x20) as u32);
    }
    key
}

const fn slot(key: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> 23) as usize
}

/// Rows by [`slot`], each at its own place or the next one that is free; 0 is none.
static SLOTS: [u8; 512] = {
    let mut slots = [0; 512];
    let mut row = 3;
    while row < ROWS.len() {
        let mut at = slot(key(ROWS[row].1.as_bytes()));
        while slots[at] != 0 {
            at = (at + 1) % slots.len();
        }
        slots[at] = row as u8;
        row += 1;
    }
    slots
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found() {
        for (tag, name, _) in &ROWS[3..] {
            assert_eq!(Tag::of(name.as_bytes()), *tag);
            assert_eq!(Tag::of(name.to_ascii_uppercase().as_bytes()), *tag);
            assert!(Tag::of(format!("{name}x").as_bytes()) != *tag, "{name}");
        }
        assert_eq!(Tag::of(b""), Tag::Other);
        assert_eq!(Tag::of(b"my-element"), Tag::Other);
        assert_eq!((Tag::of(b"h3").heading(), Tag::P.heading()), (3, 0));
    }
}
