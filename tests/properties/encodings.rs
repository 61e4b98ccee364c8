//! Decoding and splitting of any bytes.

use babelsift::config::{OnMalformed, Paragraphs};
use babelsift::decode::sniff::{Shape, sniff};
use babelsift::decode::{Decode, Encoding, Hints, paragraphs, split};
use babelsift::{Batch, Scratch, stage::Stage};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::cases;
use super::values::{LABELS, bytes, encode, encoding, text};

/// What the crate decodes to, and what its oracle does.
fn both(label: &str, bytes: &[u8]) -> [(String, bool); 2] {
    let mut text = String::new();
    let malformed = Encoding::for_label(label).unwrap().decode_into(bytes, &mut text);
    assert!(text.matches('\u{fffd}').count() >= malformed as usize, "each malformed sequence leaves a mark");
    let oracle = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().decode_without_bom_handling(bytes);
    [(text, malformed > 0), (oracle.0.into_owned(), oracle.1)]
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn decoding_agrees_with_the_oracle(bytes in bytes()) {
        for label in LABELS {
            let [found, want] = both(label, &bytes);
            prop_assert_eq!(found, want, "{}", label);
        }
    }

    #[test]
    fn paragraphs_are_those_of_the_stage(
        bytes in bytes(),
        encoding in encoding(),
        declares in any::<bool>(),
        on_malformed in prop::sample::select(&[OnMalformed::Cp1252, OnMalformed::Replace, OnMalformed::Reject][..]),
    ) {
        let declared = declares.then_some(encoding);
        let mut batch = Batch::default();
        batch.push_document(&bytes).declared = declared;
        Decode::new(Paragraphs::Line).on_malformed(on_malformed).run(&mut batch, &mut Scratch::default());
        let hints = Hints { declared, on_malformed, ..Hints::default() };
        let found: Vec<_> = paragraphs(&bytes, &hints).collect();
        prop_assert_eq!(found.len(), batch.paragraphs.len());
        let mut last = 0;
        for (line, paragraph) in found.iter().zip(&batch.paragraphs) {
            prop_assert!(last <= line.raw.start && line.raw.start < line.raw.end);
            last = line.raw.end;
            prop_assert_eq!(&line.text, &batch.text[paragraph.text.range()]);
            prop_assert_eq!(&line.raw, &paragraph.raw.range());
            prop_assert_eq!(line.rejected, paragraph.rejected);
            let row = &batch.lines_of(paragraph)[0];
            prop_assert_eq!((line.encoding, line.evidence), (row.encoding, row.evidence));
            prop_assert_eq!((line.score, line.malformed), (row.score, row.malformed));
            let same = line.encoding == Encoding::UTF_8 && line.malformed == 0;
            prop_assert_eq!(matches!(line.text, std::borrow::Cow::Borrowed(_)), same);
        }
    }

    #[test]
    fn nothing_that_is_declared_changes_utf8(text in "[a-zа-яé一-龥 +~{}\n]{1,60}", encoding in encoding()) {
        let lines = |declared| {
            let hints = Hints { declared, ..Hints::default() };
            paragraphs(text.as_bytes(), &hints).map(|l| (l.raw, l.text.into_owned())).collect::<Vec<_>>()
        };
        prop_assert_eq!(lines(Some(encoding)), lines(None));
    }

    #[test]
    fn decoding_appends(bytes in bytes(), encoding in encoding()) {
        let (mut alone, mut after) = (String::new(), "before \u{10ffff}".to_owned());
        prop_assert_eq!(encoding.decode_into(&bytes, &mut alone), encoding.decode_into(&bytes, &mut after));
        prop_assert_eq!(after, format!("before \u{10ffff}{alone}"));
    }

    #[test]
    fn offsets_of_decoded_text_lead_to_bytes(bytes in bytes(), encoding in encoding()) {
        let mut text = String::new();
        let malformed = encoding.decode_into(&bytes, &mut text);
        let mut cursor = encoding.cursor(&bytes, malformed);
        let mut last = 0;
        for at in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
            let source = cursor.source_offset(at);
            prop_assert!((last..=bytes.len()).contains(&source), "{at} leads to {source} after {last}");
            last = source;
            if malformed == 0 {
                let mut before = String::new();
                let cut = encoding.decode_into(&bytes[..source], &mut before);
                // A stray byte that may lead a character of UTF-8 is the half of one where the bytes end.
                let is_half = encoding == Encoding::UTF_8_STRAY && cut > 0;
                prop_assert!(is_half || before.starts_with(&text[..at]), "{at}: {before:?}");
            }
        }
    }

    #[test]
    fn written_text_is_read_again(text in text(), encoding in encoding()) {
        let text: String = text.chars().filter(|c| encoding.encode(c.encode_utf8(&mut [0; 4])).is_some()).collect();
        let bytes = encoding.encode(&text).unwrap();
        let mut back = String::new();
        prop_assert_eq!(encoding.decode_into(&bytes, &mut back), 0);
        // Some Vietnamese encodings write letter and mark apart, and some compose what was apart.
        prop_assert!(text.nfc().eq(back.nfc()), "{:?}: {:?} became {:?}", encoding, text, back);
    }

    #[test]
    fn lines_are_split_as_told(bytes in bytes(), start in 0..4usize, encoding in encoding()) {
        let start = start.min(bytes.len());
        let found: Vec<_> = split::lines(&bytes, start, encoding).map(|l| (l.start, l.end, l.next)).collect();
        prop_assert_eq!(found, naive(&bytes, start, encoding));
    }

    #[test]
    fn marks_tell_the_shape(text in text()) {
        for (label, mark) in [("utf-16le", 2), ("utf-16be", 2), ("utf-8", 3)] {
            let bytes = encode(label, &format!("\u{feff}{text}"));
            let want = match Encoding::for_label(label) {
                Some(encoding) if mark == 2 => Shape::Units { encoding, bom: 2 },
                _ => Shape::Lines { bom: 3 },
            };
            prop_assert_eq!(sniff(&bytes), want);
        }
    }
}

/// Lines, one byte or unit after the other.
fn naive(bytes: &[u8], start: usize, encoding: Encoding) -> Vec<(usize, usize, usize)> {
    let end_of = |c: &str| encoding.encode(c).unwrap_or_default();
    let (returns, feeds) = match encoding.is_ebcdic() {
        true => (vec![0x0D], vec![vec![0x25], vec![0x15]]),
        false if encoding.splits_at_bytes() => (vec![0x0D], vec![vec![0x0A]]),
        false => (end_of("\r"), vec![end_of("\n")]),
    };
    let unit = returns.len();
    let feed = |at: usize| feeds.iter().any(|end| bytes[at.min(bytes.len())..].starts_with(end));
    let (mut found, mut line, mut at) = (Vec::new(), start, start);
    while at < bytes.len() {
        let end = at;
        let carriage = bytes[at..].starts_with(&returns);
        if carriage && feed(at + unit) {
            at += 2 * unit;
        } else if carriage || feed(at) {
            at += unit;
        } else {
            at = (at + unit).min(bytes.len());
            continue;
        }
        found.push((line, end, at));
        line = at;
    }
    if line < bytes.len() {
        found.push((line, bytes.len(), bytes.len()));
    }
    found
}

/// Fast paths look at many bytes at once: every odd piece must be seen wherever it stands among plain ones.
#[test]
fn odd_pieces_at_every_padding() {
    let pieces: [&[u8]; 22] = [
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\r",
        b"\0",
        b"\x1b",
        b"\x7f",
        b"\x80",
        b"\xff",
        b"\xc3\xa9",
        b"\xe2\x82",
        b"\xe2\x82\xac",
        b"\xf0\x9f\x98\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xc0\xaf",
        b"\x1b$B0!\x1b(B",
        b"\x1b$B0",
        b"\x81\x30\x81\x30",
        b"\x81\x30",
        b"\xa1\xa1",
        b"\x8e\xa1",
    ];
    for piece in pieces {
        for before in 0..=32 {
            for after in [0, 1, 7, 31] {
                let bytes = [&b"a".repeat(before)[..], piece, &b"b".repeat(after)].concat();
                for label in ["utf-8", "windows-1252", "shift_jis", "gb18030", "euc-jp", "iso-2022-jp", "utf-16le"] {
                    let [found, want] = both(label, &bytes);
                    assert_eq!(found, want, "{label} {}", bytes.escape_ascii());
                }
                for encoding in [Encoding::UTF_8, Encoding::UTF_16LE, Encoding::UTF_16BE] {
                    let found: Vec<_> = split::lines(&bytes, 0, encoding).map(|l| (l.start, l.end, l.next)).collect();
                    assert_eq!(found, naive(&bytes, 0, encoding), "{encoding:?} {}", bytes.escape_ascii());
                }
            }
        }
    }
}

#[test]
fn every_label_is_its_own_name() {
    for label in LABELS {
        assert_eq!(Encoding::for_label(label).unwrap().name(), label);
    }
}
