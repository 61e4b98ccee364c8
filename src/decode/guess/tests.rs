use super::*;

fn encode(label: &str, text: &str) -> Vec<u8> {
    Encoding::for_label(label).unwrap().encode(text).unwrap()
}

fn guess(lines: &[Vec<u8>]) -> Vec<&'static str> {
    declared(lines, None)
}

fn declared(lines: &[Vec<u8>], declared: Option<&str>) -> Vec<&'static str> {
    let mut guesser = Guesser::default();
    guesser.read(lines.iter().map(Vec::as_slice), Family::Ascii, declared.and_then(Encoding::for_label));
    (0..lines.len()).map(|i| guesser.found(i).encoding.name()).collect()
}

const RUSSIAN: &str = "Вечером на набережной снова зажгли старые фонари, и люди вышли гулять.";

#[test]
fn a_short_line_takes_its_neighbours_encoding() {
    let lines = [encode("koi8-r", RUSSIAN), encode("koi8-r", "Да, Анна"), encode("windows-1251", RUSSIAN)];
    assert_eq!(guess(&lines), ["koi8-r", "koi8-r", "windows-1251"]);
}

#[test]
fn a_short_line_that_objects_does_not() {
    let lines = [encode("koi8-r", RUSSIAN), encode("windows-1252", "in a café there")];
    assert_eq!(guess(&lines), ["koi8-r", "windows-1252"]);
}

#[test]
fn a_bad_byte_does_not_undo_utf8() {
    let mut line = "Größere Änderungen für Österreich und die Schweiz".as_bytes().to_vec();
    line.insert(2, 0x92);
    assert_eq!(guess(&[line]), ["utf-8"]);
}

#[test]
fn half_a_character_does_not_undo_utf8() {
    for text in [
        "größere Häuser",
        "déjà à l’école",
        "řekla žába",
        "ağaçların gölgesi",
        "trẻ đang chơi",
        RUSSIAN,
        "Їжак і ґава",
        "Η γάτα κοιμάται",
        "הילדים משחקים",
        "كان الأولاد",
        "เด็กเล่นอยู่",
        "बच्चे खेलते",
        "შავი ზღვა",
        "子供たちは庭で",
        "孩子们在花园里",
        "아이들이 정원에서",
        "so good 😀 today 🎉 and 🌊",
    ] {
        let bytes = text.as_bytes();
        for at in (text.len() / 2..bytes.len()).filter(|at| bytes[*at] & 0xC0 == 0x80) {
            let (head, tail) = bytes.split_at(at);
            assert_eq!(guess(&[head.to_vec()]), ["utf-8"], "{text} up to {at}");
            if tail.len() * 3 >= bytes.len() {
                assert_eq!(guess(&[tail.to_vec()]), ["utf-8"], "{text} from {at}");
            }
        }
    }
}

#[test]
fn two_bytes_a_character_are_not_utf8_that_was_cut() {
    for (label, text) in [
        ("shift_jis", "教室の窓"),
        ("euc-jp", "夕方の散歩はたのしい"),
        ("gbk", "大家好"),
        ("big5", "我們回家"),
        ("euc-kr", "가을 바람"),
        ("ibm866", "была зима"),
        ("windows-874", "แขกมา"),
    ] {
        assert_eq!(guess(&[encode(label, text)]), [label], "{text}");
    }
}

/// A text in every encoding that has its letters, of which no other reading makes sense.
#[test]
fn texts_in_their_encodings() {
    let german = "Die schönen Häuser am Fluß müssen größer werden";
    let polish = "Zażółć gęślą jaźń, powiedział chłopiec do sąsiada";
    let turkish = "Güneş doğudan yükselir ve akşam batıdan gider";
    for (text, labels) in [
        (german, "windows-1252 ibm850 macintosh"),
        ("Les élèves français étaient déjà à l'école", "windows-1252 ibm850 macintosh ibm863"),
        (polish, "windows-1250 iso-8859-2 ibm852 x-mac-ce"),
        (turkish, "windows-1254 ibm857 x-mac-turkish"),
        (RUSSIAN, "windows-1251 koi8-r iso-8859-5 ibm866 ibm855 x-mac-cyrillic"),
        ("Η γάτα κοιμάται στο παλιό σπίτι", "windows-1253 cp737 ibm869 x-mac-greek"),
        ("הילדים משחקים בגן ליד הבית", "windows-1255 iso-8859-8 ibm862"),
        ("كان الأولاد يلعبون قرب النهر", "windows-1256 iso-8859-6 cp720"),
        ("Երեխաները խաղում են այգում", "armscii-8"),
        ("ბავშვები თამაშობენ ბაღში", "georgian-ps"),
        ("เด็กเล่นอยู่ในสวนใกล้บ้าน", "windows-874"),
        ("Những đứa trẻ đang chơi ở trong vườn", "viscii tcvn5712-1"),
        ("子供たちは庭で遊んでいます。", "shift_jis euc-jp"),
        ("孩子们在花园里玩得很高兴。", "gbk"),
        ("孩子們在花園裡玩得很高興。", "big5 euc-tw"),
        ("아이들이 정원에서 놀고 있습니다.", "euc-kr johab"),
    ] {
        for label in labels.split(' ') {
            let raw = encode(label, text);
            let found = guess(std::slice::from_ref(&raw))[0];
            let mut read = String::new();
            Encoding::for_label(found).unwrap().decode_into(&raw, &mut read);
            assert_eq!(read, text, "{label} read as {found}");
        }
    }
}

#[test]
fn what_is_declared_is_a_prior() {
    // Two bytes that say nothing.
    let short = vec![vec![b'2', b'2', 0xB0]];
    assert_eq!(declared(&short, Some("iso-8859-15")), ["iso-8859-15"]);
    let russian = [encode("koi8-r", RUSSIAN)];
    assert_eq!(declared(&russian, Some("windows-1251")), ["koi8-r"], "void when the bytes contradict it");
    assert_eq!(declared(&russian, Some("utf-8")), ["koi8-r"]);
}

#[test]
fn lines_of_a_few_letters_in_a_document_of_one_encoding() {
    for label in ["ibm866", "koi8-r", "x-mac-cyrillic", "iso-8859-5"] {
        let mut lines = vec![encode(label, RUSSIAN)];
        lines.extend(["Да.", "Нет, я", "Кто там?", "Ох"].map(|text| encode(label, text)));
        lines.push(encode(label, "Вечер наступил рано, и в окнах зажглись огни."));
        assert_eq!(guess(&lines), vec![label; lines.len()]);
    }
}

#[test]
fn a_stray_byte_does_not_change_the_encoding() {
    let mut raw = encode("shift_jis", "子供たちは庭で遊んでいます。雨が降っても、また明日遊びましょう。");
    raw.truncate(raw.len() - 1);
    assert_eq!(guess(&[raw]), ["shift_jis"], "half a character at the end");
    let mut raw = encode("windows-1252", &"Größere Häuser für die Bürger der schönen Stadt. ".repeat(8));
    raw.insert(40, 0x81);
    assert_eq!(guess(&[raw]), ["windows-1252"], "a byte that means nothing");
}

#[test]
fn candidates_come_with_margins() {
    let found = Guesser::default().candidates(&encode("koi8-r", RUSSIAN), Family::Ascii);
    assert_eq!(found[0].encoding, Encoding::KOI8_R);
    assert!(found[0].margin > 20.0 && found[1].margin < -20.0, "{found:?}");
    assert!(found[1..].is_sorted_by(|a, b| a.margin >= b.margin));
    assert_eq!(found[0].margin, -found[1].margin);
}

/// Any bytes at all: nothing panics, and long texts take no longer than linear time.
#[test]
fn any_bytes() {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    let mut guesser = Guesser::default();
    for len in (0..200).chain([5000, 100_000]) {
        let raw: Vec<u8> = (0..len).map(|_| next()).collect();
        for family in [Family::Ascii, Family::Ebcdic, Family::Any, Family::Seven] {
            guesser.candidates(&raw, family);
            guesser.read([&raw[..], &raw[..len / 2]].into_iter(), family, Some(Encoding::KOI8_R));
            assert!((0.0..=1.0).contains(&guesser.found(0).score));
        }
    }
}
