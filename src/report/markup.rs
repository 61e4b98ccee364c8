//! [`Markup`]: HTML text in which nothing from outside can be anything but text.

use std::fmt::{Display, Write as _};

use crate::lang::Label;
use crate::repair::Signs;

/// The style of all pages.
const STYLE: &str = include_str!("style.css");

/// An HTML page that grows.
#[derive(Debug, Default)]
pub(crate) struct Markup(pub(crate) String);

impl Markup {
    /// A page up to the beginning of what is in it.
    pub(crate) fn page(title: &str) -> Self {
        let mut page = Self::default();
        page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        // Even if something should slip through, the browser loads nothing and runs nothing.
        page.raw(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
        );
        page.raw("<title>")
            .text(title)
            .raw("</title>\n<style>\n")
            .raw(STYLE)
            .raw("</style>\n</head>\n<body>\n<main>\n");
        page
    }

    /// Ends what [`page`](Self::page) began.
    pub(crate) fn end(&mut self) {
        self.raw("</main>\n</body>\n</html>\n");
    }

    /// Markup as it stands.
    pub(crate) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// A number or the like, which has nothing to escape.
    pub(crate) fn value(&mut self, value: impl Display) -> &mut Self {
        let _ = write!(self.0, "{value}");
        self
    }

    /// Text of our own, or of names: escaped.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.character(c);
        }
        self
    }

    /// Text of documents, isolated from its surroundings, in its own direction and language. What can't be seen is named.
    pub(crate) fn foreign(&mut self, text: &str, language: &str) -> &mut Self {
        self.raw("<bdi dir=\"auto\"");
        if !language.is_empty() {
            self.raw(" lang=\"").text(language).raw("\"");
        }
        self.raw(">");
        self.shown(text, "<br>").raw("</bdi>")
    }

    /// Text on one line whose invisible characters are shown.
    pub(crate) fn visible(&mut self, text: &str) -> &mut Self {
        self.shown(text, "<b class=\"u s\">\u{240a}</b>")
    }

    fn shown(&mut self, text: &str, line_end: &str) -> &mut Self {
        for (i, c) in text.chars().enumerate() {
            let signs = Signs::of(c.encode_utf8(&mut [0; 4]));
            let space = c != ' ' && c.is_whitespace() && !c.is_control();
            match c {
                '\n' => self.raw(line_end),
                '\0'..='\u{1f}' => self.sign(char::from_u32(0x2400 + u32::from(c)).unwrap_or(' ')),
                '\u{7f}' => self.sign('\u{2421}'),
                _ if c.is_control() || space || signs.meets(Signs::INVISIBLE) || is_private(c) => {
                    self.raw("<b class=\"u\">").value(format_args!("U+{:04X}", u32::from(c))).raw("</b>")
                }
                // A mark without a letter stands on a circle, as in tables of characters.
                _ if i == 0 && signs.meets(Signs::MARK) => self.raw("\u{25cc}").character(c),
                _ => self.character(c),
            };
        }
        self
    }

    fn sign(&mut self, sign: char) -> &mut Self {
        self.raw("<b class=\"u s\">").character(sign).raw("</b>")
    }

    fn character(&mut self, c: char) -> &mut Self {
        match c {
            '<' => self.raw("&lt;"),
            '>' => self.raw("&gt;"),
            '&' => self.raw("&amp;"),
            '"' => self.raw("&quot;"),
            '\'' => self.raw("&#39;"),
            _ => {
                self.0.push(c);
                self
            }
        }
    }
}

/// Noncharacters, private use and tags: they have no agreed shape.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{10ffff}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// English name and own name of a label's language. Its own name only where it is in the label's script: what is Serbian in Latin
/// letters isn't called `Српски`.
pub(crate) fn names(label: &str) -> (&'static str, &'static str, String) {
    match label.parse::<Label>() {
        Ok(parsed) => match parsed.info() {
            Some(info) => {
                let is_own =
                    info.scripts.first() == Some(&parsed.script.code()) || parsed.script.code().starts_with("Han");
                (info.name, if is_own { info.autonym } else { "" }, parsed.bcp47())
            }
            None if label.starts_with("zxx") => ("No language", "", String::new()),
            None if label.starts_with("und") => ("Not certain", "", String::new()),
            None => ("", "", parsed.bcp47()),
        },
        Err(_) => ("", "", String::new()),
    }
}

/// A whole number in groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A number of things.
pub(crate) fn plural(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A share as per cent, exact enough for a person; nothing that is there is 0 %.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    let share = part as f64 * 100.0 / whole.max(1) as f64;
    match share {
        _ if part == 0 => "0 %".to_owned(),
        ..0.1 => "< 0.1 %".to_owned(),
        ..10.0 => format!("{share:.1} %"),
        _ if part < whole && share > 99.5 => format!("{:.1} %", share.min(99.9)),
        _ => format!("{share:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_text() {
        let mut page = Markup::default();
        page.foreign("</bdi><script>alert('x')</script>\u{202e}a\u{200b}\u{0}\u{85}\u{a0}&amp;\u{ffff}", "ar\"><x>");
        let want = "<bdi dir=\"auto\" lang=\"ar&quot;&gt;&lt;x&gt;\">&lt;/bdi&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\
            <b class=\"u\">U+202E</b>a<b class=\"u\">U+200B</b><b class=\"u s\">\u{2400}</b><b class=\"u\">U+0085</b>\
            <b class=\"u\">U+00A0</b>&amp;amp;<b class=\"u\">U+FFFF</b></bdi>";
        assert_eq!(page.0, want);
        let mut mark = Markup::default();
        mark.visible("\u{301}e\u{301}");
        assert_eq!(mark.0, "\u{25cc}\u{301}e\u{301}");
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1\u{202f}000", "1\u{202f}234\u{202f}567"]);
        let shares = [(0, 5), (1, 5000), (1, 40), (1, 5), (5, 5), (9999, 10_000)].map(|(a, b)| percent(a, b));
        assert_eq!(shares, ["0 %", "< 0.1 %", "2.5 %", "20 %", "100 %", "99.9 %"]);
    }
}
