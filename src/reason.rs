//! [`Reason`]: why something is in the rejects.

use crate::batch::Role;

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
    /// An input whose compression or structure is broken, or a record that this cost; what comes before was kept, and what follows where
    /// reading goes on.
    Damaged,
    /// A body, or a part of a mail, that is not all there; what there is of it was kept.
    Truncated,
    /// A line of JSON lines that is no JSON object.
    BadJson,
    /// A JSON record without the text field, or with something else than text in it.
    NoText,
    /// A line or record larger than the largest document allowed.
    TooLong,
    /// An entry of a container that nobody without its password can read.
    Encrypted,
    /// A format, a compression or a kind of entry that is not read.
    Unsupported,
    /// Unpacks to far more than was read.
    Bomb,
    /// A container inside containers, more of them than are opened.
    TooDeep,
    /// An entry of a container that has more of them than are opened.
    TooMany,
    /// Text of a page that is beside its main text.
    BesideMain,
    /// Fewer letters than asked for.
    TooShort,
    /// In another language than the rest of its paragraph.
    Foreign,
    /// A role that `--roles` keeps out of the corpora.
    Role(Role),
}

/// Why a record is passed over: on purpose, so that it is counted, but not kept as a reject. Its bytes are structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Skip {
    /// A folder, link or device in an archive.
    NoFile,
    /// A record or entry without content.
    Empty,
    /// A record of an archive that holds no document: a request, a revisit, information on the archive.
    NoDocument,
    /// An image, a program or another medium without text.
    MediaType,
    /// A file of a book or message that is not its text.
    Attachment,
    /// A page of a wiki that only leads to another.
    Redirect,
    /// A page of a wiki in a namespace that was not asked for.
    Namespace,
    /// Its name, address or type was excluded, or not included.
    Excluded,
    /// Not in the sample.
    Sampled,
}

/// All of them, with one line for people.
#[rustfmt::skip]
pub static SKIPS: &[(Skip, &str, &str)] = &[
    (Skip::NoFile,     "no-file",     "a folder, link or device in an archive"),
    (Skip::Empty,      "empty",       "a record or entry without content"),
    (Skip::NoDocument, "no-document", "a request, a revisit or information on the archive"),
    (Skip::MediaType,  "media-type",  "an image, a program or another medium without text"),
    (Skip::Attachment, "attachment",  "a file of a book or message that is not its text"),
    (Skip::Redirect,   "redirect",    "a page of a wiki that only leads to another"),
    (Skip::Namespace,  "namespace",   "a page of a wiki in a namespace that was not asked for"),
    (Skip::Excluded,   "excluded",    "excluded by --exclude, or not included by --include"),
    (Skip::Sampled,    "sampled",     "not in the --sample"),
];

impl Skip {
    /// Name in reports.
    pub fn name(self) -> &'static str {
        SKIPS.iter().find(|r| r.0 == self).map_or("", |r| r.1)
    }
}

/// All reasons, with the stage that gives them and one line for people.
#[rustfmt::skip]
pub static REASONS: &[(Reason, &str, &str, &str)] = &[
    (Reason::Binary,     "binary",     "decode", "no text in any encoding"),
    (Reason::Malformed,  "malformed",  "decode", "bytes that the encoding does not explain (--on-malformed reject)"),
    (Reason::Unreadable, "unreadable", "source", "the input could not be opened or read"),
    (Reason::Damaged,    "damaged",    "source", "compression or structure is broken; what comes before was kept, and what follows where reading goes on"),
    (Reason::Truncated,  "truncated",  "source", "a body or a part of a mail that is not all there; what there is of it was kept"),
    (Reason::BadJson,    "bad-json",   "source", "the line is no JSON object"),
    (Reason::NoText,     "no-text",    "source", "the record has no text field"),
    (Reason::TooLong,    "too-long",   "source", "a line or record larger than --max-document, or of very many lines"),
    (Reason::Encrypted,  "encrypted",  "source", "an entry that takes a password"),
    (Reason::Unsupported,"unsupported","source", "a format, a compression or a kind of entry that is not read"),
    (Reason::Bomb,       "bomb",       "source", "unpacks to more than --max-ratio times what was read"),
    (Reason::TooDeep,    "too-deep",   "source", "more than --max-depth containers and compressions in each other"),
    (Reason::TooMany,    "too-many",   "source", "an archive of more than --max-entries entries"),
    (Reason::BesideMain, "beside-main", "decode", "text of a page beside its main text (--html-text main)"),
    (Reason::TooShort,   "too-short",  "filter", "fewer letters than --min-letters"),
    (Reason::Foreign,    "foreign",    "filter", "in another language than the rest of its paragraph (--fragments drop)"),
    (Reason::Role(Role::Ui),          "ui",          "role", "a menu, a button, a widget (--roles)"),
    (Reason::Role(Role::Boilerplate), "boilerplate", "role", "notices, teasers and the like around the content (--roles)"),
    (Reason::Role(Role::Duplicate),   "duplicate",   "role", "a repetition of what is just before it (--roles)"),
    (Reason::Role(Role::Noise),       "noise",       "role", "no language: numbers, addresses, ornaments (--roles)"),
    (Reason::Role(Role::Content),     "content",     "role", "running text, where --roles drops it"),
    (Reason::Role(Role::Heading),     "heading",     "role", "titles, where --roles drops them"),
    (Reason::Role(Role::Caption),     "caption",     "role", "captions, where --roles drops them"),
    (Reason::Role(Role::List),        "list",        "role", "items of lists, where --roles drops them"),
    (Reason::Role(Role::Quote),       "quote",       "role", "quotations, where --roles drops them"),
    (Reason::Role(Role::Name),        "name",        "role", "names of authors, where --roles drops them"),
    (Reason::Role(Role::Code),        "code",        "role", "program text and markup, where --roles drops them"),
    (Reason::Role(Role::Table),       "table",       "role", "cells of tables, where --roles drops them"),
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
        for role in Role::all() {
            assert_eq!(Reason::Role(role).name(), role.name());
        }
        for (skip, name, about) in SKIPS {
            assert_eq!(skip.name(), *name);
            assert!(!about.is_empty());
        }
    }
}
