//! Mail, wikis, tables and subtitles.

use super::common::{Made, Scratch};
use super::pack::{Zipped, tar, zip};

fn run(name: &str, bytes: &[u8], flags: &str) -> Made {
    let scratch = Scratch::new();
    scratch.write(name, bytes);
    scratch.run(format!("{name} --out out --format jsonl --identifier script {flags}").trim_end())
}

#[test]
fn files_that_are_not_read_say_so() {
    let files = [
        ("a.pdf", &b"%PDF-1.7\n1 0 obj\n"[..], "PDF"),
        ("a.7z", b"7z\xBC\xAF\x27\x1C\0\x04", "7z"),
        ("a", b"Rar!\x1A\x07\x01\0", "RAR"),
        ("a.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0", "office"),
        ("a.rtf", br"{\rtf1\ansi Some text.\par}", "RTF"),
        ("a.arc", b"filedesc://a.arc 0.0.0.0 20010203040506 text/plain 9\n1 0 Nobody", "ARC"),
    ];
    let types = ("[Content_Types].xml", &b"<Types/>"[..], Zipped::Deflated);
    let rels = ("_rels/.rels", &b"<Relationships/>"[..], Zipped::Streamed);
    let content = |name| (name, &b"<x>Some text of a document.</x>"[..], Zipped::Deflated);
    let kind = |kind: &'static [u8]| ("mimetype", kind, Zipped::Stored);
    let packages = [
        ("a.docx", zip(&[types, rels, content("word/document.xml")]), "Word"),
        ("b.docx", zip(&[rels, content("docProps/app.xml"), content("word/document.xml"), types]), "Word"),
        ("a.xlsx", zip(&[types, rels, content("xl/workbook.xml")]), "Excel"),
        ("a.pptx", zip(&[types, content("ppt/presentation.xml")]), "PowerPoint"),
        (
            "a.odt",
            zip(&[kind(b"application/vnd.oasis.opendocument.text"), content("content.xml")]),
            "OpenDocument text",
        ),
        (
            "a.ods",
            zip(&[kind(b"application/vnd.oasis.opendocument.spreadsheet"), content("content.xml")]),
            "spreadsheet",
        ),
    ];
    let packages = packages.iter().map(|(name, bytes, word)| (*name, &bytes[..], *word));
    for (name, bytes, word) in files.into_iter().chain(packages) {
        let made = run(name, bytes, "");
        assert_eq!(made.strings("rejects", "reason"), ["unsupported"], "{name}");
        assert!(made.strings("rejects", "detail")[0].contains(word), "{name}");
        assert!(made.labels().is_empty(), "{name}");
        // A form that the user names is believed.
        let made = run(name, bytes, "--input-format text");
        assert!(!made.strings("rejects", "reason").contains(&"unsupported".to_owned()), "{name}");
    }
}

/// What has such files in it is an archive like any other.
#[test]
fn archives_of_office_documents_are_opened() {
    let types = ("[Content_Types].xml", &b"<Types/>"[..], Zipped::Stored);
    let document = zip(&[types, ("word/document.xml", b"<x/>", Zipped::Stored)]);
    let text = "Κείμενο".as_bytes();
    let many = zip(&[("a.docx", &document, Zipped::Stored), ("word/a.txt", text, Zipped::Stored)]);
    let made = run("a.zip", &many, "");
    assert_eq!(made.strings("rejects", "entry"), ["a.docx"]);
    assert_eq!(made.strings("data/ell_Grek", "entry"), ["word/a.txt"]);
    assert_eq!(run("a.zip", &zip(&[("word/a.txt", text, Zipped::Stored)]), "").labels(), ["ell_Grek"]);
}

#[test]
fn what_a_mailbox_holds_besides_text() {
    let head = "From a@b.example Wed Mar  4 05:06:07 2026\nFrom: a@b.example\nMIME-Version: 1.0\n";
    let file = "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n";
    let mixed = format!("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nΚείμενο\n--x\n{file}--x\n{file}--x--\n");
    let mut deep = "\nΒαθιά\n".to_owned();
    for i in 0..30 {
        deep = format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n{deep}\n--b{i}--\n");
    }
    let quoted = "\n>From εδώ και πέρα\n>>From εκεί και πίσω\n";
    let mailbox = [&mixed, file, &deep, quoted].map(|mail| format!("{head}{mail}\n")).concat();
    let made = run("inbox", mailbox.as_bytes(), "--roles none");
    let report = made.json("report.json");
    assert_eq!((&report["documents"], &report["skipped"]["attachment"]["count"]), (&3.into(), &3.into()));
    assert_eq!(made.strings("rejects", "reason"), ["too-deep"]);
    assert!(made.strings("rejects", "text")[0].contains("Βαθιά"));
    assert_eq!(made.strings("data/ell_Grek", "text"), ["Κείμενο", "From εδώ και πέρα\n>From εκεί και πίσω"]);
}

#[test]
fn a_mailbox() {
    let mailbox = b"From ana@post.example Mon Mar  2 10:00:00 2026\n\
From: Ana <ana@post.example>\nTo: b@post.example\nSubject: =?utf-8?B?zqPPh86tzrTOuc6/?=\nDate: Mon, 2 Mar 2026 10:00:00 +0200\nMessage-ID: <1@post.example>\n\
MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=-x\"\n\n\
--=-x\nContent-Type: text/plain; charset=iso-8859-7\nContent-Transfer-Encoding: quoted-printable\n\n=CA=E1=EB=E7=EC=DD=F1=E1\n\
--=-x\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n8NLJ18XU\n\
--=-x\nContent-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--=-x--\n\n\
From b@post.example Mon Mar  2 11:00:00 2026\nFrom: b@post.example\nDate: Mon, 2 Mar 2026 11:00:00 +0200\nSubject: no text\nContent-Type: application/pdf\n\n%PDF\n\n\
From c@post.example Mon Mar  2 12:00:00 2026\nFrom: c@post.example\nDate: Mon, 2 Mar 2026 12:00:00 +0200\n\n\xD0\xA2\xD0\xB5\xD0\xBA\xD1\x81\xD1\x82 \xD0\xBF\xD0\xB8\xD1\x81\xD1\x8C\xD0\xBC\xD0\xB0.\n\nFrom here on it goes on without an empty address.\n";
    let made = run("inbox", mailbox, "");
    let greek = &made.records("data/ell_Grek")[0];
    assert_eq!((&greek["text"], &greek["encoding"]), (&"Καλημέρα".into(), &"iso-8859-7".into()));
    assert_eq!(greek["metadata"]["subject"], "Σχέδιο");
    assert_eq!(
        (&greek["metadata"]["attachments"], &greek["date"]),
        (&1.into(), &"Mon, 2 Mar 2026 10:00:00 +0200".into())
    );
    let russian = made.records("data/und_Cyrl");
    assert_eq!((&russian[0]["text"], &russian[0]["part"]), (&"Привет".into(), &1.into()));
    assert_eq!(russian[0]["document_id"], greek["document_id"]);
    assert_eq!(russian[1]["text"], "Текст письма.");
    assert_eq!(made.json("report.json")["skipped"]["attachment"]["count"], 2);
    assert_eq!(made.strings("data/und_Latn", "text"), ["From here on it goes on without an empty address."]);
}

#[test]
fn a_folder_of_mails() {
    let scratch = Scratch::new();
    let mail = "Return-Path: <a@post.example>\r\nFrom: a@post.example\r\nSubject: x\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nΚείμενο\r\n";
    scratch.write("Mail/cur/1772445600.M1P2.host:2,S", mail);
    scratch.write("Mail/new/1772445601.M1P3.host", mail);
    let made = scratch.run("Mail --out out --format jsonl --identifier script");
    assert_eq!(made.strings("data/ell_Grek", "text"), ["Κείμενο", "Κείμενο"]);
    assert_eq!(made.labels(), ["ell_Grek"], "headers are no text");
}

#[test]
fn a_wiki() {
    let page = |title: &str, ns: u32, text: &str| {
        format!(
            "<page><title>{title}</title><ns>{ns}</ns><id>1</id><revision><timestamp>2026-01-01T00:00:00Z</timestamp><text>{text}</text></revision></page>\n"
        )
    };
    let dump = format!(
        "<mediawiki xml:lang=\"el\"><siteinfo><base>https://el.wiki.example/wiki/Αρχή</base></siteinfo>\n{}{}</mediawiki>\n",
        page("Βουνό", 0, "Το '''βουνό''' είναι [[ύψωμα|ψηλό]].{{πρότυπο}}&lt;ref&gt;βιβλίο&lt;/ref&gt;"),
        page("Συζήτηση", 1, "Σχόλιο"),
    );
    let made = run("dump.xml", dump.as_bytes(), "");
    assert_eq!(made.strings("data/ell_Grek", "text"), ["Το βουνό είναι ψηλό."]);
    assert_eq!(made.strings("data/ell_Grek", "url"), ["https://el.wiki.example/wiki/Βουνό"]);
    assert_eq!(run("dump.xml", dump.as_bytes(), "--wiki 0,1").records("data/ell_Grek").len(), 2);
}

#[test]
fn tables_and_subtitles() {
    let made = run("a.tsv", "url\tcontent\nhttps://a.example\tΚείμενο ένα\n\tΚείμενο δύο\n\t\n".as_bytes(), "");
    assert_eq!(made.strings("data/ell_Grek", "text"), ["Κείμενο ένα", "Κείμενο δύο"]);
    assert_eq!(made.strings("data/ell_Grek", "url")[0], "https://a.example");
    let made = run("b.csv", "n;σχόλιο\n1;Κείμενο\n2;Άλλο\n".as_bytes(), "--input-format csv --text-field σχόλιο");
    assert_eq!(made.strings("data/ell_Grek", "text"), ["Κείμενο", "Άλλο"]);
    let subtitles =
        "1\n00:00:01,000 --> 00:00:02,500\n<i>Πού πας;</i>\n\n2\n00:00:03,000 --> 00:00:04,000\nΣτο λιμάνι.\n";
    let made = run("a.srt", subtitles.as_bytes(), "");
    assert_eq!(made.strings("data/ell_Grek", "text"), ["Πού πας;\nΣτο λιμάνι."]);
    assert_eq!(made.labels(), ["ell_Grek"], "numbers and times are no text");
}

#[test]
fn what_only_looks_like_a_container_is_text() {
    for bytes in [
        &b"PK is the abbreviation"[..],
        b"From here to there: it is far\nand so on\n",
        b"1\n2\n3\n",
        b"<mediawik",
        b"WARCRAFT",
    ] {
        let made = run("a.txt", bytes, "--roles none");
        let text: String = made.labels().iter().flat_map(|l| made.strings(&format!("data/{l}"), "text")).collect();
        assert!(!text.is_empty(), "{}", bytes.escape_ascii());
    }
    // Only zeros: an archive without entries has nothing to say, neither has a file of them.
    run("a.tar", &tar(&[]), "");
}

/// What Windows programs save as "Unicode": tables, records and subtitles are read as in UTF-8, and say what they were.
#[test]
fn formats_in_utf16() {
    let files = [
        ("a.csv", "id,text\r\n7,\"Καλημέρα, κόσμε\"\r\n8,Καληνύχτα\r\n", &["Καλημέρα, κόσμε", "Καληνύχτα"][..]),
        ("a.jsonl", "{\"id\":7,\"text\":\"Καλημέρα\"}\n{\"text\":\"Καληνύχτα\"}\n", &["Καλημέρα", "Καληνύχτα"]),
        ("a.srt", "1\r\n00:00:01,000 --> 00:00:02,000\r\nΚαλημέρα, κόσμε\r\n\r\n", &["Καλημέρα, κόσμε"]),
    ];
    for (name, text, want) in files {
        for (mark, to_bytes) in [("\u{FEFF}", u16::to_le_bytes as fn(u16) -> [u8; 2]), ("", u16::to_be_bytes)] {
            let bytes: Vec<u8> = format!("{mark}{text}").encode_utf16().flat_map(to_bytes).collect();
            let made = run(name, &bytes, "");
            assert_eq!(made.strings("data", "text"), want, "{name}");
            let metadata = &made.records("data")[0]["metadata"];
            let from = if mark.is_empty() { "utf-16be" } else { "utf-16le" };
            assert_eq!(metadata["transcoded_from"], from, "{name}");
            if name != "a.srt" {
                assert!(metadata["id"] == 7 || metadata["id"] == "7", "{name}: {metadata}");
            }
        }
    }
    // Plain text leads back to the bytes of the file.
    let bytes: Vec<u8> = "\u{FEFF}Καλημέρα".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let record = &run("a.txt", &bytes, "").records("data")[0];
    assert_eq!((&record["encoding"], &record["spans"][0]["source"]), (&"utf-16le".into(), &serde_json::json!([2, 18])));
}
