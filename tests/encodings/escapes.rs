//! Escapes that stay in force beyond the end of a line, as no standard of mail allows and some programs write.

use babelsift::decode::{Encoding, Evidence, Hints, paragraphs};

/// Label; a way into its characters and the way out, as its encoder writes them; what stands in front of the document; lines.
const TEXTS: [(&str, &str, &str, &str, [&str; 3]); 4] = [
    ("iso-2022-jp", "\x1B$B", "\x1B(B", "", ["昨日はお手紙を", "ありがとうございました。", "また書きます。"]),
    ("iso-2022-kr", "\x0E", "\x0F", "\x1B$)C", ["어제편지를", "받았습니다", "고맙습니다"]),
    ("iso-2022-cn", "\x1B$)A\x0E", "\x0F", "", ["昨天收到了", "你的来信", "非常感谢"]),
    ("hz-gb-2312", "~{", "~}", "", ["昨天收到了", "你的来信", "非常感谢"]),
];

/// The bytes of the lines, without any escapes.
fn bare(label: &str, into: &str, out: &str, line: &str) -> Vec<u8> {
    let encoded = Encoding::for_label(label).unwrap().encode(line).unwrap();
    let header = if label == "iso-2022-kr" { "\x1B$)C" } else { "" };
    let inside = encoded.strip_prefix(header.as_bytes()).unwrap().strip_prefix(into.as_bytes()).unwrap();
    inside.strip_suffix(out.as_bytes()).unwrap().to_vec()
}

fn texts(bytes: &[u8]) -> Vec<String> {
    paragraphs(bytes, &Hints::default()).map(|line| line.text.into_owned()).filter(|text| !text.is_empty()).collect()
}

#[test]
fn escapes_stay_in_force() {
    for (label, into, out, header, lines) in TEXTS {
        for pad in 0..32 {
            let bare = lines.map(|line| bare(label, into, out, line));
            let before = "x".repeat(pad + 1);
            let bytes = [
                format!("{header}{before}\n{before} {into}").as_bytes(),
                &bare[0],
                b"\n",
                &bare[1],
                b"\r\n\n",
                &bare[2],
                format!("{out} {before}\nthe end, in ASCII\n").as_bytes(),
            ]
            .concat();
            let want = [
                before.clone(),
                format!("{before} {}", lines[0]),
                lines[1].to_owned(),
                format!("{} {before}", lines[2]),
                "the end, in ASCII".to_owned(),
            ];
            assert_eq!(texts(&bytes), want, "{label} {pad}");
            let found: Vec<_> = paragraphs(&bytes, &Hints::default()).collect();
            for line in &found[1..4] {
                assert_eq!((line.encoding.name(), line.evidence, line.malformed), (label, Evidence::Escapes, 0));
            }
            // The stage reads the same.
            let batch = super::decoded(&bytes);
            let stage: Vec<&str> = batch.paragraphs.iter().map(|p| &batch.text[p.text.range()]).collect();
            assert_eq!(stage.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>(), want, "{label} {pad}");
        }
    }
}

#[test]
fn offsets_lead_into_lines_that_go_on() {
    let bytes = [&b"\x1B$B"[..], &bare("iso-2022-jp", "\x1B$B", "\x1B(B", "手紙"), b"\n", b"\x1B(Bend of it"].concat();
    assert_eq!(texts(&bytes), ["手紙", "end of it"], "the way back stands in front of a line");
    let bytes = [
        &b"\x1B$B"[..],
        &bare("iso-2022-jp", "\x1B$B", "\x1B(B", "手紙"),
        b"\n",
        &bare("iso-2022-jp", "\x1B$B", "\x1B(B", "返事"),
        b"\x1B(B",
    ]
    .concat();
    let second = paragraphs(&bytes, &Hints::default()).nth(1).unwrap();
    let mut cursor = second.encoding.cursor(&bytes[second.raw.clone()], second.malformed);
    assert_eq!([0, 3, 6].map(|offset| cursor.source_offset(offset)), [0, 2, 4]);
    assert_ne!(Some(second.encoding), Encoding::for_label("iso-2022-jp"), "bytes that begin anew");
}

#[test]
fn ascii_behind_a_line_that_was_cut_is_ascii() {
    for (label, into, out, header, lines) in TEXTS {
        if label == "hz-gb-2312" {
            continue;
        }
        let [first, second, _] = lines.map(|line| bare(label, into, out, line));
        let whole = [into.as_bytes(), &second, out.as_bytes()].concat();
        for after in ["OK", "See you next week then.", "--", "* * *"] {
            let bytes =
                [header.as_bytes(), into.as_bytes(), &first, b"\n", after.as_bytes(), b"\n", &whole, b"\n"].concat();
            assert_eq!(texts(&bytes), [lines[0], after, lines[1]], "{label}");
            let bytes = [header.as_bytes(), into.as_bytes(), &first, b"\n", after.as_bytes()].concat();
            if after.len() < 16 || after.contains(' ') {
                assert_eq!(texts(&bytes), [lines[0], after], "{label}, cut");
            }
        }
    }
}

#[test]
fn a_tilde_and_a_brace_are_no_escape_without_the_way_back() {
    for code in ["mask = ~{abcd", "mask = ~{abcd\nnext line of code\n", "x = ~{ab\ny = ~{cd\n"] {
        assert_eq!(texts(code.as_bytes()).join("\n"), code.trim_end());
    }
    let lines = ["昨天收到了", "你的来信"].map(|line| bare("hz-gb-2312", "~{", "~}", line));
    // A tilde at the end of a line only says that it goes on.
    let bytes = [b"~{", &lines[0][..], b"~}~\n~{", &lines[1], b"~}\n"].concat();
    assert_eq!(texts(&bytes), ["昨天收到了", "你的来信"]);
}
