//! Generators: bytes and texts of the kinds that go wrong.

use babelsift::config::{Config, Fragments, Paragraphs};
use babelsift::decode::Encoding;
use proptest::char::range;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// All encodings of the WHATWG standard but `replacement`.
pub const LABELS: [&str; 39] = [
    "utf-8",
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
    "utf-16be",
    "utf-16le",
    "x-user-defined",
];

/// Sentences and odd pieces of many scripts.
const PIECES: [&str; 28] = [
    "The boat leaves at seven. ",
    "café, naïve — „quoted“ ",
    "Привет, как дела? ",
    "Заголовок открываемого материала",
    "Καλημέρα σε όλους ",
    "שלום לכולם ",
    "مرحبا بكم في المدينة ",
    "हिन्दी में लिखा गया ",
    "ภาษาไทยไม่มีช่องว่าง",
    "漢字と仮名が混じる。",
    "中文没有空格，",
    "中文沒有空格，",
    "한국어 문장입니다. ",
    "Ωmega αβγ abc где ",
    "12:30 — 45 % ",
    "https://example.org/a?b=c ",
    "e\u{301}\u{323}\u{327} ",
    "\u{feff}",
    "\u{a0}\u{3000}\u{2003} ",
    "\u{200d}\u{200c}",
    "\u{2028}",
    "\u{85}",
    "\t",
    "\u{fffd}\u{fffd} ",
    "😀👨\u{200d}👩 ",
    "ﬁ ① ㌀ ",
    "\u{1b}$B",
    "x",
];

/// What repairs are for, and what looks like it.
const DAMAGE: [&str; 92] = [
    "&",
    "&amp;",
    "&amp;amp;",
    "&lt;b&gt;",
    "&eacute;",
    "&EACUTE;",
    "&nbsp",
    "&#150;",
    "&#x1F600;",
    "&#55357;",
    "&#56832;",
    "&#8203;",
    "l&#116;;",
    "&#",
    "amp;",
    "lt;",
    ";",
    "#",
    "<b>",
    "();",
    " = ",
    "{",
    "}",
    "'",
    "\u{1b}[31m",
    "\u{1b}[",
    "\u{1b}]0;t",
    "\u{7}",
    "\u{9b}31m",
    "\u{9b}",
    "\u{1b}",
    "\\u00e9",
    "\\ud83d",
    "\\xc3\\xa9",
    "\\",
    "\u{80}",
    "\u{85}",
    "\u{92}",
    "\u{9d}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{2060}",
    "\u{34f}",
    "\u{180e}",
    "\u{200e}",
    "\u{200f}",
    "\u{202a}",
    "\u{202b}",
    "\u{202c}",
    "\u{2067}",
    "\u{2069}",
    "\u{ad}",
    "-\n",
    "exam-\nple ",
    "well-known ",
    "10",
    "ﬁ",
    "ﬗ",
    "ŉ",
    "ĳ",
    "ǅ",
    "１",
    "Ａ",
    "！",
    "，",
    "￥",
    "ｶ",
    "ﾞ",
    "ﾡ",
    "ￂ",
    "ￎ",
    "～",
    "〜",
    "“",
    "ʼ",
    "!!!!",
    "?",
    "\u{301}",
    "\u{301}\u{301}",
    "\u{334}\u{335}\u{336}",
    "\u{301}\u{302}\u{303}\u{304}\u{306}",
    "ﺳ",
    "ﻼ",
    "ﷺ",
    "ㅎ",
    "ㅏ",
    "ㄴ",
    "⾼",
    "⻳",
    "Თ",
    "ᠮ\u{202f}ᠤ",
];

/// Damage among letters.
pub fn damaged() -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => select(DAMAGE.to_vec()), 1 => select(PIECES.to_vec()), 1 => select(vec!["a", "é", "я", "ب", "क", " ", "\n"])];
    vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn line_end() -> impl Strategy<Value = &'static str> {
    select(vec!["\n", "\n", "\n", "\r\n", "\r", "\n\n", "\n \n", ""])
}

/// Text of many scripts.
pub fn text() -> impl Strategy<Value = String> {
    let line = (vec(select(PIECES.to_vec()), 0..8), line_end()).prop_map(|(pieces, end)| pieces.concat() + end);
    vec(line, 0..8).prop_map(|lines| lines.concat())
}

pub fn encoding() -> impl Strategy<Value = Encoding> {
    select(Encoding::all().collect::<Vec<_>>())
}

/// A text in an encoding, as far as it goes there.
pub fn encode(label: &str, text: &str) -> Vec<u8> {
    match label {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned(),
    }
}

/// Text in any encoding; what that cannot write is left out.
fn encoded() -> impl Strategy<Value = Vec<u8>> {
    (encoding(), text()).prop_map(|(encoding, text)| {
        let text: String = text.chars().filter(|c| encoding.encode(c.encode_utf8(&mut [0; 4])).is_some()).collect();
        encoding.encode(&text).unwrap()
    })
}

/// Bytes that decoders stumble over: line ends, escapes, zeros, high bytes, torn sequences.
fn rich() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => select(b"abz AZ09.,<{}\"\\".to_vec()).prop_map(|b| vec![b]),
        3 => select(b"\n\n\n\r\0\x1b\t\x0b\x0c".to_vec()).prop_map(|b| vec![b]),
        4 => (0x80..=0xFFu8).prop_map(|b| vec![b]),
        1 => select(vec![
            &b"\x1b$B"[..], b"\x1b(J", b"\x1b$@", b"\x1b(I", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF", b"\xE2\x82",
            b"\xF0\x9F\x98", b"\xED\xA0\x80", b"\xC0\x80", b"\n\0", b"\0\n", b"\r\n", b"\x84\x31\xA4\x37",
            b"\x1b$)C", b"\x1b$)A", b"\x1b$*H", b"\x1bN", b"\x0e", b"\x0f", b"~{", b"~}", b"~\n", b"+", b"+2", b"\x8e\xa2",
        ]).prop_map(<[u8]>::to_vec),
    ];
    vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

/// Bytes of every kind, and one kind after the other.
pub fn bytes() -> impl Strategy<Value = Vec<u8>> {
    // Twice the same is what roles cut.
    let twice = (rich(), rich()).prop_map(|(text, rest)| [&text[..], &text[..], &rest[..]].concat());
    let one = prop_oneof![vec(any::<u8>(), 0..200), rich(), rich(), encoded(), encoded(), twice];
    prop_oneof![3 => one.clone().boxed(), 2 => vec(one, 1..6).prop_map(|parts| parts.concat()).boxed()]
}

/// Settings that change what is done with text; the engine is one that is fast, mostly.
pub fn settings() -> impl Strategy<Value = Config> {
    let paragraphs = select(vec![Paragraphs::Auto, Paragraphs::Line, Paragraphs::Blank]);
    let fragments = select(vec![Fragments::Separate, Fragments::Separate, Fragments::Keep, Fragments::Drop]);
    let repairs = select(vec!["conservative", "standard", "ftfy", "none", "all", "normalize", "spaces,controls"]);
    let roles = select(vec!["default", "none", "noise,foreign"]);
    let identifier = select(vec!["script", "script", "script", "ngram"]);
    (paragraphs, fragments, repairs, roles, 0..5usize, 0..4usize, identifier).prop_map(
        |(paragraphs, fragments, repairs, roles, min_fragment, min_letters, identifier)| Config {
            paragraphs,
            fragments,
            repairs: repairs.parse().unwrap(),
            roles: roles.parse().unwrap(),
            min_fragment,
            min_letters,
            identifier: identifier.to_owned(),
            ..Config::default()
        },
    )
}

/// Text where normalization has much to do.
pub fn marked() -> impl Strategy<Value = String> {
    let marks = prop_oneof![
        range('\u{300}', '\u{36f}'),
        range('\u{1dc0}', '\u{1dff}'),
        select(vec![
            '\u{5b0}', '\u{5c1}', '\u{64b}', '\u{93c}', '\u{9be}', '\u{e38}', '\u{f71}', '\u{3099}', '\u{345}'
        ]),
        select(vec![
            '\u{16d63}',
            '\u{16d67}',
            '\u{113c2}',
            '\u{11930}',
            '\u{1d165}',
            '\u{20d0}',
            '\u{302a}',
            '\u{cc2}'
        ]),
    ];
    let hangul = prop_oneof![
        range('\u{1100}', '\u{1112}'),
        range('\u{1161}', '\u{1175}'),
        range('\u{11a7}', '\u{11c2}'),
        range('가', '힣')
    ];
    let compatible = prop_oneof![
        range('\u{a0}', '\u{ff}'),
        range('\u{fb00}', '\u{fb4f}'),
        range('\u{fe70}', '\u{fefc}'),
        range('\u{2100}', '\u{218b}'),
        range('\u{3200}', '\u{33ff}'),
        range('\u{ff01}', '\u{ffee}'),
        range('\u{f900}', '\u{fad9}'),
        range('\u{1d400}', '\u{1d7ff}'),
        range('\u{1f00}', '\u{1fff}'),
        range('\u{1e00}', '\u{1eff}'),
    ];
    let plain = select("aeiouAEOU sxkμωаіבשकカガ \u{a0}\u{3000}\t".chars().collect::<Vec<_>>());
    let any = prop_oneof![4 => plain, 4 => marks, 2 => hangul, 2 => compatible, 1 => any::<char>()];
    vec(any, 0..60).prop_map(|chars| chars.into_iter().collect())
}

/// Syllables of scripts in which marks have an order, with the marks in any order.
pub fn syllables() -> impl Strategy<Value = String> {
    let script = |letters: std::ops::RangeInclusive<char>, marks: &'static str| {
        let mark = select(marks.chars().collect::<Vec<_>>());
        let syllable = (range(*letters.start(), *letters.end()), vec(mark, 0..6));
        vec(syllable, 1..8).prop_map(|syllables| {
            let text = syllables.into_iter().flat_map(|(letter, marks)| std::iter::once(letter).chain(marks));
            text.collect::<String>()
        })
    };
    let one = prop_oneof![
        script(
            '\u{1000}'..='\u{1021}',
            "\u{102b}\u{102c}\u{102d}\u{102e}\u{102f}\u{1030}\u{1031}\u{1032}\u{1036}\u{1037}\u{1038}\u{1039}\u{103a}\u{103b}\u{103c}\u{103d}\u{103e}\u{1025}\u{1040}\u{1047} "
        ),
        script(
            '\u{1060}'..='\u{1097}',
            "\u{1031}\u{1033}\u{1039}\u{103a}\u{103b}\u{1004}\u{1010}\u{1025}\u{106a}\u{102e}\u{1038}\u{1040}\u{1044}\u{104e} "
        ),
        script(
            '\u{1780}'..='\u{17b3}',
            "\u{17b6}\u{17b7}\u{17b8}\u{17bb}\u{17bc}\u{17be}\u{17c1}\u{17c4}\u{17c6}\u{17c9}\u{17ca}\u{17cc}\u{17d0}\u{17d2}\u{17d2}\u{179a}\u{178a}\u{1794}\u{17dd}\u{17c7}\u{200c}\u{200d}"
        ),
        script(
            '\u{e01}'..='\u{e2e}',
            "\u{e31}\u{e32}\u{e33}\u{e34}\u{e38}\u{e3a}\u{e40}\u{e47}\u{e48}\u{e49}\u{e4c}\u{e4d}"
        ),
        script(
            '\u{e94}'..='\u{eae}',
            "\u{eb1}\u{eb2}\u{eb3}\u{eb4}\u{eb8}\u{eba}\u{ebc}\u{ec0}\u{ec8}\u{ec9}\u{ecc}\u{ecd}"
        ),
        script(
            '\u{905}'..='\u{939}',
            "\u{900}\u{902}\u{903}\u{93c}\u{93e}\u{93f}\u{945}\u{947}\u{94d}\u{951}\u{200c}\u{200d}"
        ),
        script(
            '\u{985}'..='\u{9b9}',
            "\u{981}\u{982}\u{9bc}\u{9be}\u{9bf}\u{9c7}\u{9cd}\u{9d7}\u{9c3}\u{200c}\u{200d}"
        ),
        script('\u{a05}'..='\u{a39}', "\u{a02}\u{a3c}\u{a3e}\u{a3f}\u{a41}\u{a47}\u{a4d}\u{a70}\u{a71}\u{a72}\u{a73}"),
        script('\u{a85}'..='\u{ab9}', "\u{a82}\u{abc}\u{abe}\u{ac5}\u{ac7}\u{ac8}\u{acd}"),
        script('\u{c92}'..='\u{cb9}', "\u{c82}\u{cbc}\u{cbe}\u{cc6}\u{cc2}\u{ccc}\u{ccd}\u{cd5}\u{cd6}"),
        script('\u{d05}'..='\u{d39}', "\u{d02}\u{d3e}\u{d3f}\u{d46}\u{d4d}\u{d57}\u{200c}\u{200d}"),
        script('\u{d85}'..='\u{dc6}', "\u{d82}\u{dca}\u{dcf}\u{dd0}\u{dd8}\u{dd9}\u{ddf}\u{200d}"),
        script('\u{627}'..='\u{64a}', "\u{640}\u{640}\u{64b}\u{64e}\u{651}\u{653}\u{654}\u{670}\u{200c} "),
    ];
    vec(one, 1..3).prop_map(|parts| parts.join(" "))
}
