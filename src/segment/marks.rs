//! What characters are to a cut, and the quotations and brackets of a text.

use std::ops::Range;

use super::singles::Singles;
use super::units::{Gap, next_mark};
use crate::script::is_letter;

/// What a character is to a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Letter,
    Digit,
    Space,
    Line,
    /// Ends something if a space follows.
    Soft(Gap),
    /// Ends something.
    Hard(Gap),
    Dash,
    Open,
    Close,
    /// A quotation mark that opens in most languages, one that closes in most, and one that does both.
    OpenQuote,
    CloseQuote,
    Quote,
    /// An apostrophe or a single quotation mark.
    Single,
    Other,
}

impl Kind {
    fn opens(self) -> bool {
        matches!(self, Self::Open | Self::OpenQuote)
    }

    /// A quotation mark or bracket.
    pub(super) fn is_mark(self) -> bool {
        self.opens() || matches!(self, Self::Close | Self::CloseQuote | Self::Quote)
    }

    /// Ends a sentence or a line.
    pub(super) fn is_end(self) -> bool {
        matches!(self, Self::Soft(Gap::End) | Self::Hard(Gap::End) | Self::Line)
    }
}

/// Code points up to the kana have their kind in a table.
pub(super) const LOW: usize = 0x3100;

pub(super) static KINDS: [Kind; LOW] = {
    let mut kinds = [Kind::Other; LOW];
    let mut code = 0;
    while code < LOW {
        if let Some(c) = char::from_u32(code as u32) {
            kinds[code] = classify(c);
        }
        code += 1;
    }
    kinds
};

#[inline]
pub(super) fn kind(c: char) -> Kind {
    match KINDS.get(c as usize) {
        Some(kind) => *kind,
        None => classify(c),
    }
}

const fn classify(c: char) -> Kind {
    match c {
        '0'..='9' | '٠'..='٩' | '۰'..='۹' => Kind::Digit,
        ' ' | '\t' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Kind::Space,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Kind::Line,
        '.' | '!' | '?' | '…' | '؟' | '۔' | '։' => Kind::Soft(Gap::End),
        '。' | '！' | '？' | '।' | '॥' | '။' | '።' | '។' | '།' => Kind::Hard(Gap::End),
        ',' | '،' => Kind::Soft(Gap::Comma),
        '、' | '，' => Kind::Hard(Gap::Comma),
        ':' | ';' | '؛' => Kind::Soft(Gap::Clause),
        '：' | '；' => Kind::Hard(Gap::Clause),
        '-' | '–' | '—' | '―' | '|' | '·' | '•' | '/' => Kind::Dash,
        '"' => Kind::Quote,
        '\'' | '‘' | '’' | '‚' | '‛' => Kind::Single,
        '«' | '“' | '„' | '‹' => Kind::OpenQuote,
        '»' | '”' | '›' => Kind::CloseQuote,
        '(' | '[' | '{' | '「' | '『' | '（' | '【' | '《' | '〈' => Kind::Open,
        ')' | ']' | '}' | '」' | '』' | '）' | '】' | '》' | '〉' => Kind::Close,
        c if is_letter(c) => Kind::Letter,
        _ => Kind::Other,
    }
}

/// The kind of the mark that stands before `after`, by the kind of the last character and what follows. Languages differ in
/// which quotation marks they open with (”Finnish”, »Danish«, „German“), but what is opened follows, and what is closed was
/// before.
#[inline]
pub(super) fn kind_between(last: Kind, c: char, text: &str, after: usize, singles: &mut Singles) -> Kind {
    let own = kind(c);
    if !matches!(own, Kind::OpenQuote | Kind::CloseQuote | Kind::Quote | Kind::Single) {
        return own;
    }
    let after_gap = matches!(last, Kind::Space | Kind::Line | Kind::Dash) || last.opens();
    if own == Kind::Single {
        return singles.kind(text, after - c.len_utf8(), after_gap);
    }
    let begins =
        |c| matches!(kind(c), Kind::Letter | Kind::Digit | Kind::Other | Kind::Quote | Kind::Single) || kind(c).opens();
    match (after_gap, text[after..].chars().next().is_some_and(begins)) {
        (true, true) => Kind::OpenQuote,
        (false, false) => Kind::CloseQuote,
        _ if own != Kind::Quote => own,
        (true, false) => Kind::OpenQuote,
        (false, true) => Kind::CloseQuote,
    }
}

/// True if a text begins and ends with a mark; the end of a sentence may stand behind it.
pub(super) fn are_around(text: &str) -> bool {
    let inner = text.trim_end_matches(|c| kind(c) == Kind::Space || kind(c).is_end());
    [inner.chars().next(), inner.chars().next_back()].iter().all(|c| c.is_some_and(|c| kind(c).is_mark()))
}

/// Letters outside of marks that may be the host of what stands within.
pub(super) const HOST: u32 = 4;

/// Marks that wait for theirs at most.
const DEPTH: usize = 16;

/// Quotations and brackets of a text with their marks, those within others left out; what is not closed is none.
#[derive(Debug, Default)]
pub(super) struct Marked {
    pub(super) spans: Vec<Range<usize>>,
    open: Vec<(usize, bool)>,
}

impl Marked {
    pub(super) fn find(&mut self, text: &str) {
        self.spans.clear();
        self.open.clear();
        // What the last mark was taken for, and where it ended.
        let (mut last, mut after, mut singles) = (Kind::Space, 0, Singles::default());
        loop {
            let at = next_mark(text, after, singles.awaited(after).unwrap_or(text.len()));
            let Some(c) = text[at..].chars().next() else { break };
            if at > after {
                last = text[..at].chars().next_back().map_or(Kind::Space, kind);
            }
            after = at + c.len_utf8();
            last = kind_between(last, c, text, after, &mut singles);
            let is_quote = matches!(last, Kind::OpenQuote | Kind::CloseQuote);
            match last {
                Kind::Open | Kind::OpenQuote => {
                    if self.open.len() == DEPTH {
                        self.open.remove(0);
                    }
                    self.open.push((at, is_quote));
                }
                Kind::Close | Kind::CloseQuote => {
                    if let Some(own) = self.open.iter().rposition(|(_, quote)| *quote == is_quote) {
                        let start = self.open[own].0;
                        self.open.truncate(own);
                        while self.spans.pop_if(|span| span.start > start).is_some() {}
                        self.spans.push(start..after);
                    }
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_right() {
        assert!(kind('ß') == Kind::Letter && kind('語') == Kind::Letter && kind('（') == Kind::Open);
        assert!(kind('\u{A0}') == Kind::Space && kind('€') == Kind::Other && kind('٣') == Kind::Digit);
    }

    #[test]
    fn pairs_of_marks_are_found_in_all_styles() {
        for (text, want) in [
            ("no marks", &[][..]),
            ("a “b” c", &["“b”"]),
            ("Hän sanoi: ”Tule tänne!” ja lähti", &["”Tule tänne!”"]),
            ("Hun sagde »kom her«, og gik", &["»kom her«"]),
            ("Er sagte „komm her“, und ging", &["„komm her“"]),
            ("Mondta: „gyere ide”, és ment", &["„gyere ide”"]),
            ("Il dit : « viens ici », puis", &["« viens ici »"]),
            ("say \"no way\", (or \"not\") please", &["\"no way\"", "(or \"not\")"]),
            ("«одно „другое“ третье» (четыре)", &["«одно „другое“ третье»", "(четыре)"]),
            ("彼は「はい」と“言った”。", &["「はい」", "“言った”"]),
            ("She said 'come here, will you' and it’s the boys’ own", &["'come here, will you'"]),
            ("(“so ‘it is now’ there”)", &["(“so ‘it is now’ there”)"]),
            ("unclosed ( and “closed”", &["“closed”"]),
            ("a) one, b) two", &[]),
            ("5\" wide and 6\" high", &[]),
        ] {
            let mut found = Marked::default();
            found.find(text);
            assert_eq!(found.spans.iter().map(|span| &text[span.clone()]).collect::<Vec<_>>(), want, "{text}");
        }
    }

    #[test]
    fn marks_around_a_text() {
        assert!(are_around("“all of it” ") && are_around("(so it is). ") && are_around("「はい」"));
        assert!(!are_around("“some” of it") && !are_around("of “it”") && !are_around(" ") && !are_around(""));
    }

    #[test]
    fn many_open_marks_take_linear_time() {
        let mut found = Marked::default();
        found.find(&("(«".repeat(100_000) + &"x»".repeat(100_000)));
        assert!(found.spans.len() <= 1);
    }
}
