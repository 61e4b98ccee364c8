//! [`Reason`]: why something is in the rejects.

/// Why something is in the rejects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// No text in any encoding.
    Binary,
    /// Bytes that the encoding does not explain.
    Malformed,
    /// An input that could not be opened or read.
    Unreadable,
    /// An input whose compression or structure is broken from some point on; what came before was kept.
    Damaged,
    /// A line of JSON lines that is no JSON object.
    BadJson,
    /// A JSON record without the text field, or with something else than text in it.
    NoText,
    /// A line or record larger than the largest document allowed.
    TooLong,
    /// Text of a page that is beside its main text.
    BesideMain,
    /// Fewer letters than asked for.
    TooShort,
    /// In another language than the rest of its paragraph.
    Foreign,
}

/// All reasons, with the stage that gives them and one line for people.
#[rustfmt::skip]
pub static REASONS: &[(Reason, &str, &str, &str)] = &[
    (Reason::Binary,     "binary",     "decode", "no text in any encoding"),
    (Reason::Malformed,  "malformed",  "decode", "bytes that the encoding does not explain (--on-malformed reject)"),
    (Reason::Unreadable, "unreadable", "source", "the input could not be opened or read"),
    (Reason::Damaged,    "damaged",    "source", "compression or structure broken from here on; what came before was kept"),
    (Reason::BadJson,    "bad-json",   "source", "the line is no JSON object"),
    (Reason::NoText,     "no-text",    "source", "the record has no text field"),
    (Reason::TooLong,    "too-long",   "source", "a line or record larger than --max-document, or of very many lines"),
    (Reason::BesideMain, "beside-main", "decode", "text of a page beside its main text (--html main)"),
    (Reason::TooShort,   "too-short",  "filter", "fewer letters than --min-letters"),
    (Reason::Foreign,    "foreign",    "filter", "in another language than the rest of its paragraph (--fragments drop)"),
];

impl Reason {
    fn row(self) -> (&'static str, &'static str) {
        REASONS.iter().find(|r| r.0 == self).map_or(("", ""), |r| (r.1, r.2))
    }

    /// Name in records and reports.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The stage that gives it.
    pub fn stage(self) -> &'static str {
        self.row().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_one_row() {
        for (reason, name, stage, about) in REASONS {
            assert_eq!((reason.name(), reason.stage()), (*name, *stage));
            assert!(!about.is_empty());
        }
    }
}
