use std::collections::BTreeSet;

use super::registry::CODECS;
use crate::decode::Encoding;

fn encoding(label: &str) -> Encoding {
    Encoding::for_label(label).unwrap_or_else(|| panic!("{label}"))
}

fn decode(encoding: Encoding, raw: &[u8]) -> (String, u32) {
    let mut text = String::new();
    let malformed = encoding.decode_into(raw, &mut text);
    (text, malformed)
}

/// The text when all of it is well-formed.
fn whole(encoding: Encoding, raw: &[u8]) -> Option<String> {
    Some(decode(encoding, raw)).filter(|(_, malformed)| *malformed == 0).map(|(text, _)| text)
}

#[test]
fn constants_and_names() {
    let constants = [
        (Encoding::UTF_8, "utf-8"),
        (Encoding::UTF_16LE, "utf-16le"),
        (Encoding::UTF_16BE, "utf-16be"),
        (Encoding::ISO_2022_JP, "iso-2022-jp"),
        (Encoding::KOI8_R, "koi8-r"),
        (Encoding::KOI8_U, "koi8-u"),
        (Encoding::WINDOWS_1252, "windows-1252"),
        (Encoding::UTF_32LE, "utf-32le"),
        (Encoding::UTF_32BE, "utf-32be"),
        (Encoding::IBM037, "ibm037"),
        (Encoding::UTF_8_STRAY, "utf-8-windows-1252"),
        (Encoding::CESU_8, "cesu-8"),
    ];
    for (constant, name) in constants {
        assert_eq!(constant.name(), name);
    }
    assert!(CODECS.len() <= 256, "an encoding is a byte");
    for e in Encoding::all() {
        assert_eq!(Encoding::for_label(e.name()), Some(e), "{e:?}");
        assert_eq!(e.name(), e.name().to_lowercase());
    }
}

/// No alias may mean one encoding here and another to the web, nor belong to two.
#[test]
fn aliases_lead_to_their_row() {
    let mut seen = BTreeSet::new();
    for (e, codec) in Encoding::all().zip(CODECS) {
        for alias in codec.aliases.split(' ').filter(|a| !a.is_empty()) {
            assert_eq!(Encoding::for_label(alias), Some(e), "{alias}");
            assert!(seen.insert(alias), "{alias} twice");
        }
    }
}

#[test]
fn labels_of_others() {
    for (label, name) in [
        ("latin_1", "windows-1252"),
        ("iso8859_9", "windows-1254"),
        ("iso8859_16", "iso-8859-16"),
        ("utf_16_be", "utf-16be"),
        ("UTF_8", "utf-8"),
        ("mac_latin2", "x-mac-ce"),
        ("MacGreek", "x-mac-greek"),
        ("mac_iceland", "x-mac-icelandic"),
        ("IBM-037", "ibm037"),
        ("37", "ibm037"),
        ("cp858", "ibm00858"),
        ("CP_1140", "ibm01140"),
        ("koi8_t", "koi8-t"),
        ("euc_jp", "euc-jp"),
        ("shift-jis", "shift_jis"),
        ("iso2022_kr", "iso-2022-kr"),
        ("iso-2022-cn", "iso-2022-cn"),
        ("big5hkscs", "big5"),
        ("hz", "hz-gb-2312"),
        ("tcvn5712-1", "tcvn5712-1"),
        ("x-mac-ukrainian", "x-mac-cyrillic"),
        ("tis_620", "windows-874"),
    ] {
        assert_eq!(encoding(label).name(), name, "{label}");
    }
    for nonsense in ["", "-", "utf-9", "cp", "replacement", "iso-8859-12"] {
        assert_eq!(Encoding::for_label(nonsense), None, "{nonsense}");
    }
}

/// Bytes as Python or glibc writes them.
const KNOWN: &[(&str, &str, &[u8])] = &[
    ("ibm437", "¿Qué añadió Åse? ½", b"\xA8Qu\x82 a\xA4adi\xA2 \x8Fse? \xAB"),
    ("cp720", "هل تسمح", b"\xEC\xE9 \xA2\xAB\xEA\xA5"),
    ("cp737", "Καλημέρα", b"\x89\x98\xA2\x9E\xA3\xE2\xA8\x98"),
    ("ibm775", "Žvirblių ąžuolas", b"\xCFvirbli\xD6 \xD0\xD8uolas"),
    ("ibm850", "Größe façade", b"Gr\x94\xE1e fa\x87ade"),
    ("ibm852", "Příliš žluťoučký", b"P\xFD\xA1li\xE7 \xA7lu\x9Cou\x9Fk\xEC"),
    ("ibm855", "Добро јутро", b"\xA7\xD6\xA2\xE1\xD6 \x8E\xE7\xE5\xE1\xD6"),
    ("ibm857", "Şığınak İzmir", b"\x9E\x8D\xA7\x8Dnak \x98zmir"),
    ("ibm00858", "5 € für", b"5 \xD5 f\x81r"),
    ("ibm860", "coração", b"cora\x87\x84o"),
    ("ibm861", "Þórður á", b"\x8D\xA2r\x8Cur \xA0"),
    ("ibm862", "שלום", b"\x99\x8C\x85\x8D"),
    ("ibm863", "garçon à Noël", b"gar\x87on \x85 No\x89l"),
    ("ibm864", "ﺏﺓ٪", b"\xA9\xC9%"),
    ("ibm865", "blåbærsyltetøj", b"bl\x86b\x91rsyltet\x9Bj"),
    ("ibm866", "Привет", b"\x8F\xE0\xA8\xA2\xA5\xE2"),
    ("ibm869", "Ώρα καλή", b"\x98\xEB\xD6 \xE4\xD6\xE5\x9E"),
    ("cp1125", "Її ґанок", b"\xF8\xF9 \xF3\xA0\xAD\xAE\xAA"),
    ("macintosh", "Größe", b"Gr\x9A\xA7e"),
    ("x-mac-ce", "Źdźbło čeština", b"\x8Fd\x90b\xB8o \x8Be\xE4tina"),
    ("x-mac-croatian", "Ćevapčići đak", b"\xC6evap\xE8i\xE6i \xF0ak"),
    ("x-mac-romanian", "Țară și ștrengar", b"\xDEar\xBE \xBFi \xBFtrengar"),
    ("x-mac-turkish", "Iğdır şişe", b"I\xDBd\xDDr \xDFi\xDFe"),
    ("x-mac-greek", "Καλημέρα", b"\xBA\xE1\xEC\xE8\xED\xDB\xF2\xE1"),
    ("x-mac-cyrillic", "Привет ґ", b"\x8F\xF0\xE8\xE2\xE5\xF2 \xB6"),
    ("x-mac-icelandic", "Þýðing", b"\xDE\xE0\xDDing"),
    ("x-mac-arabic", "سلام", b"\xD3\xE4\xC7\xE5"),
    ("x-mac-farsi", "سلام۱۲", b"\xD3\xE4\xC7\xE5\xB1\xB2"),
    ("x-mac-hebrew", "שלום", b"\xF9\xEC\xE5\xED"),
    ("ibm037", "Hello, World!", b"\xC8\x85\x93\x93\x96k@\xE6\x96\x99\x93\x84Z"),
    ("ibm273", "Größe Ä", b"\xC7\x99j\xA1\x85@J"),
    ("ibm424", "שלום", b"iTFU"),
    ("ibm500", "Hello, Wörld!", b"\xC8\x85\x93\x93\x96k@\xE6\xCC\x99\x93\x84O"),
    ("cp875", "Καλημέρα", b"Q\x8A\x9E\x9A\x9F\xB2\xAE\x8A"),
    ("ibm1026", "İşçi", b"[j\xC0\x89"),
    ("ibm01140", "5 €", b"\xF5@\x9F"),
    ("kz-1048", "Қазақ тілі әңгіме", b"\x8D\xE0\xE7\xE0\x9D \xF2\xB3\xEB\xB3 \xBC\xBE\xE3\xB3\xEC\xE5"),
    ("ptcp154", "Қазақ тілі ӯ", b"\x8D\xE0\xE7\xE0\x9D \xF2\xB3\xEB\xB3 \xAD"),
    ("koi8-t", "тоҷикӣ ғ", b"\xD4\xCF\x8D\xC9\xCB\xA5 \x81"),
    ("koi8-ru-strict", "Ґанок ў", b"\xBD\xC1\xCE\xCF\xCB \xAE"),
    ("hp-roman8", "Ångström é", b"\xD0ngstr\xCEm \xC5"),
    ("armscii-8", "Հայերեն", b"\xD0\xB3\xDB\xBB\xF1\xBB\xDD"),
    ("georgian-ps", "ქართული", b"\xD8\xC0\xD2\xC8\xD6\xCB\xC9"),
    ("georgian-academy", "ქართული ჱ", b"\xD5\xC0\xD0\xC7\xD3\xCA\xC8 \xE1"),
    ("viscii", "Tiếng Việt ẲỴ", b"Ti\xAAng Vi\xAEt \x02\x1E"),
    ("tcvn5712-1", "Tiếng Việt ỨÚ", b"Ti\xD5ng Vi\xD6t \x11\x01"),
    ("x-viet-vps", "Tiếng Việt Ữ", b"Ti\x89ng Vi\x8Ct \x1D"),
    ("iso-8859-1-strict", "\u{85}é", b"\x85\xE9"),
    ("iso-8859-9-strict", "\u{80}ğ", b"\x80\xF0"),
    ("iso-8859-11-strict", "\u{80}ก", b"\x80\xA1"),
    ("tis-620-strict", "สวัสดี", b"\xCA\xC7\xD1\xCA\xB4\xD5"),
    ("utf-7", "Hi ü + 漢字 𝒳.", b"Hi +APw- +- +byJbVw- +2DXcsw-."),
    ("utf-8-windows-1252", "ü “漢” é!", b"\xC3\xBC \xE2\x80\x9C\xE6\xBC\xA2\xE2\x80\x9D \xC3\xA9!"),
    ("utf-32le", "ü𝒳", b"\xFC\0\0\0\xB3\xD4\x01\0"),
    ("utf-32be", "ü𝒳", b"\0\0\0\xFC\0\x01\xD4\xB3"),
    ("utf-16le", "ü𝒳", b"\xFC\0\x35\xD8\xB3\xDC"),
    ("cesu-8", "ü漢𝒳", b"\xC3\xBC\xE6\xBC\xA2\xED\xA0\xB5\xED\xB2\xB3"),
    ("hz-gb-2312", "你好~世界 a", b"~{Dc:C~}~~~{J@=g~} a"),
    ("iso-2022-kr", "한국어 ab", b"\x1B$)C\x0EGQ19>n\x0F ab"),
    ("iso-2022-cn", "中文说沒乂 a", b"\x1B$)A\x0EVPNDK5\x1B$)GJt\x1B$*H\x1BN!!\x0F a"),
    ("iso-2022-jp-2", "日本丂", b"\x1B$BF|K\\\x1B$(D0!\x1B(B"),
    ("johab", "똠방각하 ㅋㅋ 漢字、", b"\x99\xB1\xA4w\x88b\xD0a \xC4A\xC4A \xF7\xD3\xF1\xAE\xD92"),
    ("euc-tw", "中文沒有乂丌丨", b"\xC4\xE3\xC5\xC6\xCA\xF4\xC8\xB4\x8E\xA2\xA1\xA1\x8E\xA2\xA1\xA7\x8E\xA3\xA1\xA1"),
];

#[test]
fn known_strings() {
    for (label, text, raw) in KNOWN {
        assert_eq!(decode(encoding(label), raw), ((*text).to_owned(), 0), "{label}");
        assert_eq!(encoding(label).encode(text).as_deref(), Some(*raw), "{label}");
    }
    let own = CODECS.iter().filter(|codec| !matches!(codec.kind, super::Kind::Whatwg(_)));
    for codec in own {
        assert!(KNOWN.iter().any(|(label, ..)| *label == codec.name), "{} has no example", codec.name);
    }
}

/// Every byte of every table, with the properties that the detector takes for granted.
#[test]
fn single_bytes_come_back() {
    for e in Encoding::all() {
        let Some(table) = e.single_byte() else { continue };
        for (byte, unit) in (0..=255u8).zip(table) {
            let text = whole(e, &[byte]);
            assert_eq!(text.as_ref().map(|t| t.encode_utf16().collect::<Vec<_>>()).unwrap_or(vec![0xFFFF]), [*unit]);
            if let Some(text) = text {
                let back = e.encode(&text).unwrap_or_else(|| panic!("{e:?} {byte:#X}"));
                assert_eq!(whole(e, &back), Some(text), "{e:?} {byte:#X}");
            }
        }
        let plain = |b: &u8| matches!(b, b' '..=b'~' | b'\t' | b'\n' | b'\r') && !(*b == b'%' && e.name() == "ibm864");
        let ascii = (0..128u8).filter(plain).all(|b| table[usize::from(b)] == u16::from(b));
        assert_eq!(ascii, e.is_ascii_compatible(), "{e:?}");
        assert_eq!(e.is_ebcdic(), !ascii, "{e:?}");
        assert_eq!(e.is_ebcdic(), !e.splits_at_bytes(), "{e:?}");
    }
}

/// All that two bytes, or two bytes in a frame, can mean; returns how many mean something.
fn pairs_come_back(label: &str, frame: impl Fn([u8; 2]) -> Vec<u8>, bytes: std::ops::RangeInclusive<u8>) -> usize {
    let e = encoding(label);
    let mut known = 0;
    for lead in bytes.clone() {
        for trail in if *bytes.end() < 0x80 { bytes.clone() } else { 0..=255 } {
            let raw = frame([lead, trail]);
            let Some(text) = whole(e, &raw).filter(|t| t.chars().count() == 1) else { continue };
            // The web's encoders write no private use.
            if ("\u{E000}".."\u{F900}").contains(&text.as_str()) {
                continue;
            }
            let back = e.encode(&text).unwrap_or_else(|| panic!("{label} {text} {}", raw.escape_ascii()));
            assert_eq!(whole(e, &back).as_ref(), Some(&text), "{label} {text}");
            known += 1;
        }
    }
    known
}

#[test]
fn double_bytes_come_back() {
    let plain = |pair: [u8; 2]| pair.to_vec();
    let framed = |before: &'static [u8], after: &'static [u8]| move |pair: [u8; 2]| [before, &pair, after].concat();
    // 11172 syllables, 51 letters, 4888 Hanja and symbols: as many as Python has, but for its empty syllable.
    assert_eq!(pairs_come_back("johab", plain, 0x80..=0xFF), 17064);
    assert_eq!(pairs_come_back("euc-tw", plain, 0x80..=0xFF), 5867);
    assert_eq!(pairs_come_back("euc-tw", framed(b"\x8E\xA2", b""), 0x80..=0xFF), 7650);
    assert!(pairs_come_back("euc-tw", framed(b"\x8E\xA3", b""), 0x80..=0xFF) > 6000);
    assert_eq!(pairs_come_back("iso-2022-cn", framed(b"\x1B$)G\x0E", b"\x0F"), 0x21..=0x7E), 5867);
    assert_eq!(pairs_come_back("iso-2022-cn", framed(b"\x1B$*H\x1BN", b""), 0x21..=0x7E), 7650);
    // 7445 of GB 2312 and those that Windows added to its rows.
    let chinese = pairs_come_back("iso-2022-cn", framed(b"\x1B$)A\x0E", b"\x0F"), 0x21..=0x7E);
    assert!((7445..7500).contains(&chinese), "{chinese}");
    assert_eq!(pairs_come_back("hz-gb-2312", framed(b"~{", b"~}"), 0x21..=0x7E), chinese);
    // KS X 1001 of 1992 has 8224, that of 1998 the euro and registered signs too.
    assert_eq!(pairs_come_back("iso-2022-kr", framed(b"\x0E", b"\x0F"), 0x21..=0x7E), 8226);
    for set in [&b"\x1B$B"[..], b"\x1B$(D", b"\x1B$A", b"\x1B$(C"] {
        let known = pairs_come_back("iso-2022-jp-2", |pair| [set, &pair, b"\x1B(B"].concat(), 0x21..=0x7E);
        assert!(known > 6000, "{known} of {}", set.escape_ascii());
    }
    for label in ["gbk", "gb18030", "shift_jis", "euc-jp", "euc-kr"] {
        assert!(pairs_come_back(label, plain, 0x80..=0xFF) > 6000, "{label}");
    }
    // The standard writes no Big5 below 0xA1, which are the additions of Hong Kong.
    assert!(pairs_come_back("big5", plain, 0xA1..=0xFE) > 13_000);
}

#[test]
fn all_of_unicode_comes_back() {
    let all: String = (0..=char::MAX as u32).filter_map(char::from_u32).collect();
    for label in ["utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be", "utf-7", "cesu-8"] {
        let raw = encoding(label).encode(&all).unwrap();
        assert!(whole(encoding(label), &raw).as_ref() == Some(&all), "{label}");
    }
}

#[test]
fn what_cannot_be_written() {
    for (label, text) in
        [("ibm437", "Ж"), ("johab", "ü"), ("euc-tw", "한"), ("hz-gb-2312", "한"), ("iso-2022-kr", "é"), ("koi8-r", "é")]
    {
        assert_eq!(encoding(label).encode(text), None, "{label}");
    }
    // Letter and mark apart, where there is no whole.
    assert_eq!(encoding("windows-1258").encode("ếệ").unwrap(), b"\xEA\xEC\xEA\xF2");
}

#[test]
fn tone_marks_are_composed() {
    let tcvn = encoding("tcvn");
    assert_eq!(decode(tcvn, b"Ti\xAA\xB3ng Vi\xAA\xB4t"), ("Tiếng Việt".to_owned(), 0));
    assert_eq!(decode(tcvn, b"\xB3 x\xB3"), ("\u{301} x\u{301}".to_owned(), 0));
}

/// What is wrong is counted, and no more than it is lost.
#[test]
fn malformed() {
    for (label, raw, text, malformed) in [
        ("ibm857", &b"a\xD5b"[..], "a\u{FFFD}b", 1),
        ("johab", b"\x88bx\x88", "각x\u{FFFD}", 1),
        ("johab", b"\xD9 x", "\u{FFFD} x", 1),
        ("johab", b"\xFF\xFFx", "\u{FFFD}x", 1),
        ("euc-tw", b"\xC4", "\u{FFFD}", 1),
        ("euc-tw", b"\xC4a", "\u{FFFD}a", 1),
        ("euc-tw", b"\x8E\xA2\xA1", "\u{FFFD}", 1),
        ("euc-tw", b"\x8E\xA2\xA1a", "\u{FFFD}a", 1),
        ("euc-tw", b"\x8E\xAF\xA1\xA1a", "\u{FFFD}a", 1),
        ("hz-gb-2312", b"a~b", "a\u{FFFD}b", 1),
        ("hz-gb-2312", b"~{Dc\nab", "你\nab", 0),
        ("hz-gb-2312", b"~{D", "\u{FFFD}", 1),
        ("hz-gb-2312", b"a~\nb", "ab", 0),
        ("hz-gb-2312", b"\xC4\xE3", "\u{FFFD}\u{FFFD}", 2),
        ("iso-2022-kr", b"\x0EGQ\nab", "한\nab", 0),
        ("iso-2022-kr", b"\x1B$)Bx", "\u{FFFD}$)Bx", 1),
        ("iso-2022-kr", b"\x0EG", "\u{FFFD}", 1),
        ("iso-2022-kr", b"a\x80", "a\u{FFFD}", 1),
        ("iso-2022-cn", b"\x0EVP", "\u{FFFD}\u{FFFD}", 2),
        ("iso-2022-cn", b"\x1BN!!", "\u{FFFD}!!", 1),
        ("iso-2022-cn", b"\x1B$)A\x0EVP\nVP", "中\nVP", 0),
        ("iso-2022-jp-2", b"\x1B$BF\n", "\u{FFFD}\n", 1),
        ("iso-2022-jp-2", b"\x1B.A\x1BNi\x1BN", "é\u{FFFD}", 1),
        ("utf-32le", b"a\0\0\0b\0", "a\u{FFFD}", 1),
        ("utf-32be", b"\0\0\xD8\0\0\x11\0\0", "\u{FFFD}\u{FFFD}", 2),
        ("cesu-8", b"\xED\xA0\xB5a", "\u{FFFD}a", 1),
        ("cesu-8", "𝒳a".as_bytes(), "𝒳a", 0),
        ("cesu-8", b"\xFFa\xE2\x82", "\u{FFFD}a\u{FFFD}", 2),
    ] {
        assert_eq!(decode(encoding(label), raw), (text.to_owned(), malformed), "{label} {}", raw.escape_ascii());
    }
}

#[test]
fn utf7_is_strict() {
    for (raw, text) in [
        (&b"+AOk-"[..], Some("é")),
        (b"+AOk", Some("é")),
        (b"+AOk.", Some("é.")),
        (b"+AOkA6Q-", Some("éé")),
        (b"+-", Some("+")),
        (b"1 +- 1", Some("1 + 1")),
        (b"+2DXcsw-", Some("𝒳")),
        (b"x = a + b;", None),
        (b"i++;", None),
        (b"+A-", None),
        (b"+AOl-", None),
        (b"+AOl", None),
        (b"+AOkA-", None),
        (b"+2DU-", None),
        (b"+3LPYNQ-", None),
        (b"\xE9", None),
        (b"+", None),
    ] {
        assert_eq!(whole(encoding("utf-7"), raw).as_deref(), text, "{}", raw.escape_ascii());
    }
    assert_eq!(decode(encoding("utf-7"), b"a+AOl-b"), ("aé\u{FFFD}b".to_owned(), 1));
}

/// Bytes without sense, and with the escapes that make some.
#[test]
fn any_bytes_by_every_codec() {
    const PIECES: [&[u8]; 12] = [
        b"\x1B$)A",
        b"\x1B$)C",
        b"\x1B$*H",
        b"\x1BN",
        b"\x1B$B",
        b"\x0E",
        b"\x0F",
        b"~{",
        b"~}",
        b"+2D",
        b"\x8E\xA2",
        b"\n",
    ];
    let mut state = 1u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize
    };
    for round in 0..60 {
        let mut raw = Vec::new();
        for _ in 0..random() % 200 {
            match round % 3 {
                0 => raw.push(random() as u8),
                1 => raw.push(random() as u8 & 0x7F),
                _ => raw.extend_from_slice(PIECES[random() % PIECES.len()]),
            }
        }
        for e in Encoding::all() {
            let (text, malformed) = decode(e, &raw);
            assert!(text.matches('\u{FFFD}').count() >= malformed as usize, "{e:?}");
            let mut cursor = e.cursor(&raw, malformed);
            let mut last = 0;
            for (at, _) in text.char_indices() {
                let source = cursor.source_offset(at);
                assert!((last..=raw.len()).contains(&source), "{e:?}");
                last = source;
            }
            // What is left behind the last character is escapes.
            let end = cursor.source_offset(usize::MAX);
            assert_eq!(end, raw.len(), "{e:?}");
            if malformed == 0 && round % 3 < 2 && e.is_single_byte() {
                assert!(e.encode(&text).is_some(), "{e:?}");
            }
        }
    }
}

#[test]
fn the_web_is_read_as_encoding_rs_does() {
    let mut state = 7u32;
    for round in 0..40 {
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let raw: Vec<u8> = (0..300).map(|_| if round % 2 == 0 { next() } else { next() | 0x80 }).collect();
        for (e, codec) in Encoding::all().zip(CODECS) {
            let super::Kind::Whatwg(inner) = codec.kind else { continue };
            let (text, malformed) = decode(e, &raw);
            let (want, bad) = inner.decode_without_bom_handling(&raw);
            assert_eq!((text.as_str(), malformed > 0), (&*want, bad), "{e:?}");
        }
    }
}

#[test]
fn stray_bytes_in_utf8() {
    for (raw, text, malformed) in [
        (&b"don\x92t, \x93na\xEFve\x94 \xC3\xA9t\xC3\xA9"[..], "don’t, “naïve” été", 0),
        (b"cut \xE2\x82 short, \xE2\x82", "cut \u{FFFD} short, \u{FFFD}", 2),
        (b"\x81 and \xFF", "\u{FFFD} and \u{FFFD}", 2),
        (b"\xC3\xA9\xA9", "é\u{A9}", 0),
        (b"\x93\xED\xA0\xBD\xED\xB8\x80\x94 \xED\xA0\xBD", "“😀” \u{FFFD}", 1),
        // What is left of a character, at the ends and before what was put behind a cut, is no letter.
        ("Привет".as_bytes().split_last().unwrap().1, "Приве\u{FFFD}", 1),
        (b"\xA9sum\xC3\xA9", "\u{FFFD}sumé", 1),
        (b"\xD0\xB4\xD0... \xD0\xB4", "д\u{FFFD}... д", 1),
        (b"Fuchs und Gef\xC3", "Fuchs und Gef\u{FFFD}", 1),
        (b"\xC3\xA9t\xE9, \xE0 \xC9tienne, caf\xE9", "été, à Étienne, café", 0),
        (b"\x93Caf\xC3\xA9\x94 CAF\xC9", "“Café” CAFÉ", 0),
    ] {
        assert_eq!(decode(Encoding::UTF_8_STRAY, raw), (text.to_owned(), malformed));
    }
}
