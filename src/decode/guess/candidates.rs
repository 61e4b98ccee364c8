//! The encodings that unknown bytes may be in, and how usual each is.

use std::sync::LazyLock;

use super::chars::{Packed, packed};
use super::structure::Structure;
use crate::decode::Encoding;

/// Labels and how unusual they are, in bits: what is to be said against one before its bytes are seen. Of encodings that
/// read a text alike the most usual gives its name.
const USE: &[(&str, f32)] = &[
    ("windows-1252", 0.0),
    ("windows-1251", 1.0),
    ("windows-1250", 1.0),
    ("windows-1253", 1.0),
    ("windows-1254", 1.0),
    ("windows-1255", 1.0),
    ("windows-1256", 1.0),
    ("windows-1257", 1.0),
    ("windows-874", 1.0),
    ("windows-1258", 2.0),
    ("shift_jis", 1.0),
    ("gbk", 1.0),
    ("big5", 1.0),
    ("euc-kr", 1.0),
    ("euc-jp", 1.5),
    ("koi8-r", 1.0),
    ("koi8-u", 2.0),
    ("iso-8859-2", 1.5),
    ("iso-8859-5", 2.0),
    ("iso-8859-7", 1.5),
    ("iso-8859-8", 2.0),
    ("iso-8859-6", 2.0),
    ("iso-8859-15", 1.0),
    ("iso-8859-3", 3.0),
    ("iso-8859-4", 3.0),
    ("iso-8859-10", 3.5),
    ("iso-8859-13", 3.0),
    ("iso-8859-14", 3.5),
    ("iso-8859-16", 3.5),
    ("ibm866", 2.0),
    ("ibm850", 2.0),
    ("ibm852", 2.0),
    ("ibm437", 2.5),
    ("ibm855", 3.0),
    ("cp737", 3.5),
    ("cp720", 3.5),
    ("ibm775", 3.5),
    ("ibm857", 3.5),
    ("ibm862", 3.5),
    ("ibm00858", 4.0),
    ("ibm860", 4.0),
    ("ibm861", 4.0),
    ("ibm863", 4.0),
    ("ibm865", 4.0),
    ("ibm869", 4.0),
    ("cp1125", 4.0),
    ("macintosh", 2.5),
    ("x-mac-cyrillic", 3.0),
    ("x-mac-ce", 3.0),
    ("x-mac-croatian", 4.0),
    ("x-mac-romanian", 4.0),
    ("x-mac-turkish", 4.0),
    ("x-mac-greek", 4.0),
    ("x-mac-icelandic", 4.0),
    ("x-mac-farsi", 6.0),
    ("x-mac-arabic", 6.0),
    ("x-mac-hebrew", 6.0),
    ("kz-1048", 4.0),
    ("ptcp154", 4.0),
    ("koi8-t", 5.0),
    ("koi8-ru-strict", 6.0),
    ("armscii-8", 4.0),
    ("georgian-ps", 4.0),
    ("georgian-academy", 5.0),
    ("viscii", 4.0),
    ("tcvn5712-1", 4.0),
    ("x-viet-vps", 6.0),
    ("hp-roman8", 7.0),
    ("johab", 4.0),
    ("euc-tw", 4.0),
    ("ibm037", 4.0),
    ("ibm273", 4.0),
    ("ibm424", 4.0),
    ("ibm500", 4.0),
    ("ibm1026", 4.0),
    ("cp875", 5.0),
    ("ibm01140", 6.0),
    ("utf-16le", 4.0),
    ("utf-16be", 5.0),
    ("utf-7", 4.0),
    ("utf-8-windows-1252", 1.0),
];

/// A set of candidates, by index.
pub(super) type Members = u128;

/// How the characters of a candidate are found.
#[derive(Debug)]
pub(super) enum Form {
    /// A byte each; ASCII is ASCII.
    Single(Table),
    /// A byte each; no byte is what it is in ASCII.
    Ebcdic(Table),
    /// Several bytes; ASCII is ASCII.
    Multi(Structure),
    /// UTF-8 with stray bytes.
    Utf8,
    /// UTF-16 and UTF-7, of which all characters count.
    Other,
}

/// What each byte means.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) units: [u16; 256],
    pub(super) packed: [Packed; 256],
    /// Bytes that mean nothing or a control character that no text has, a bit each.
    pub(super) undefined: [u64; 4],
}

/// An encoding that may be it.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) encoding: Encoding,
    /// In bits.
    pub(super) unusual: f32,
    pub(super) form: Form,
}

static CANDIDATES: LazyLock<Vec<Candidate>> = LazyLock::new(|| {
    let known = |(label, unusual): &(&str, f32)| Some(candidate(Encoding::for_label(label)?, *unusual));
    USE.iter().filter_map(known).take(Members::BITS as usize).collect()
});

/// All of them, in an order that does not change.
pub(super) fn candidates() -> &'static [Candidate] {
    &CANDIDATES
}

/// How usual each is, as a share.
pub(super) fn usual() -> &'static [f32] {
    static USUAL: LazyLock<Vec<f32>> = LazyLock::new(|| candidates().iter().map(|c| (-c.unusual).exp2()).collect());
    &USUAL
}

/// Gives the index of each member to `take`.
pub(super) fn each(mut members: Members, mut take: impl FnMut(usize)) {
    while members != 0 {
        take(members.trailing_zeros() as usize);
        members &= members - 1;
    }
}

fn candidate(encoding: Encoding, unusual: f32) -> Candidate {
    let form = match encoding.single_byte() {
        Some(units) if encoding.is_ebcdic() => Form::Ebcdic(Table::new(units, true)),
        Some(units) => Form::Single(Table::new(units, false)),
        None if encoding == Encoding::UTF_8_STRAY => Form::Utf8,
        None if encoding.is_ascii_compatible() => Form::Multi(Structure::of(encoding.name())),
        None => Form::Other,
    };
    Candidate { encoding, unusual, form }
}

impl Table {
    fn new(units: &[u16; 256], ebcdic: bool) -> Self {
        let mut table = Self { units: *units, packed: [0; 256], undefined: [0; 4] };
        for (byte, unit) in units.iter().enumerate() {
            let line_end = matches!(byte, 0x15 | 0x25) && ebcdic;
            let c = if line_end { '\n' } else { char::from_u32((*unit).into()).unwrap_or('\u{FFFD}') };
            table.packed[byte] = packed(c);
            // ASCII control characters at their own place are not evidence for one or the other.
            let control = matches!(c, '\u{80}'..='\u{9F}') || (ebcdic && c.is_control() && !c.is_ascii_whitespace());
            if *unit == Encoding::UNDEFINED || control {
                table.undefined[byte / 64] |= 1 << (byte % 64);
            }
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_known_and_there_is_room() {
        assert_eq!(candidates().len(), USE.len());
        assert!(candidates().len() <= Members::BITS as usize);
        assert_eq!(candidates()[0].encoding, Encoding::WINDOWS_1252);
    }

    #[test]
    fn no_text_has_c1_controls() {
        let of = |label| candidates().iter().find(|c| c.encoding.name() == label).map(|c| &c.form);
        for (label, byte, undefined) in [
            ("windows-1252", 0x81, true),
            ("windows-1252", 0x80, false),
            ("iso-8859-2", 0x95, true),
            ("ibm850", 0x95, false),
        ] {
            let Some(Form::Single(table)) = of(label) else { panic!("{label} is no single-byte encoding") };
            assert_eq!(table.undefined[byte / 64] >> (byte % 64) & 1 == 1, undefined, "{label} {byte:X}");
        }
        let Some(Form::Ebcdic(table)) = of("ibm500") else { panic!("ibm500 is EBCDIC") };
        assert_eq!(table.undefined[0] >> 0x25 & 1, 0, "a line end");
    }
}
