//! Messages as mail has them: what parts they have, and the bytes of those that are text.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::http::{mime_of, split_head};
use crate::decode::Encoding;
use crate::decode::prescan;

/// Multiparts in each other.
const DEPTH: u32 = 10;
/// Bytes of a field that are looked at.
const VALUE: usize = 4 << 10;
/// Parts of one message.
const PARTS: usize = 1000;

/// A message.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) subject: String,
    pub(super) date: String,
    pub(super) id: String,
    /// Its text, in the order in which it is read.
    pub(super) parts: Vec<Part>,
    /// Parts that are no text, or sent along as files, and their bytes as they stand in the message.
    pub(super) attachments: u64,
    pub(super) attached: u64,
}

/// Text of a message, as bytes in its encoding.
#[derive(Debug, PartialEq)]
pub(super) struct Part {
    pub(super) bytes: Vec<u8>,
    pub(super) mime: String,
    pub(super) declared: Option<Encoding>,
    /// It is in so many others that it was not looked at.
    pub(super) too_deep: bool,
    /// The end of its base64 is missing.
    pub(super) breaks_off: bool,
}

/// What the header of a message or part says.
#[derive(Default)]
struct Fields {
    content_type: String,
    transfer: String,
    disposition: String,
}

/// Takes a message apart.
pub(super) fn parse(bytes: &[u8]) -> Message {
    let mut message = Message::default();
    let (fields, body) = header(bytes, Some(&mut message));
    message.add(&fields, body, "text/plain", DEPTH);
    message
}

impl Message {
    /// Adds the text of a part, and what is in it that is none.
    fn add(&mut self, fields: &Fields, body: &[u8], otherwise: &str, depth: u32) {
        let mut mime = mime_of(&fields.content_type).into_owned();
        if mime.is_empty() {
            otherwise.clone_into(&mut mime);
        }
        if depth == 0 {
            self.parts.push(Part { bytes: body.to_vec(), mime, declared: None, too_deep: true, breaks_off: false });
            return;
        }
        if let Some(kind) = mime.strip_prefix("multipart/")
            && let Some(boundary) = parameter(&fields.content_type, "boundary")
        {
            return self.multipart(kind, &boundary, body, depth);
        }
        if mime == "message/rfc822" {
            let (decoded, breaks_off) = transfer(&fields.transfer, body);
            let (fields, body) = header(&decoded, None);
            let first = self.parts.len();
            self.add(&fields, body, "text/plain", depth - 1);
            if let Some(last) = self.parts[first..].last_mut() {
                last.breaks_off |= breaks_off;
            }
            return;
        }
        let text = mime.starts_with("text/")
            && !matches!(mime.as_str(), "text/calendar" | "text/css" | "text/x-vcard" | "text/vcard");
        let whole = mime.starts_with("multipart/");
        if !(text || whole) || fields.disposition.starts_with("attachment") {
            self.attachments += 1;
            self.attached += body.len() as u64;
            return;
        }
        let declared = prescan::content_type(&fields.content_type);
        let (mut bytes, breaks_off) = transfer(&fields.transfer, body);
        let says = |name, value: &str| {
            parameter(&fields.content_type, name).is_some_and(|own| own.eq_ignore_ascii_case(value))
        };
        if mime == "text/plain" && says("format", "flowed") {
            bytes = unflowed(&bytes, says("delsp", "yes"));
        }
        if breaks_off || !bytes.trim_ascii().is_empty() {
            self.parts.push(Part { bytes, mime, declared, too_deep: false, breaks_off });
        }
    }

    /// Adds the text of several parts; of those that say the same, plain text before others.
    fn multipart(&mut self, kind: &str, boundary: &str, body: &[u8], depth: u32) {
        let otherwise = if kind == "digest" { "message/rfc822" } else { "text/plain" };
        let first = self.parts.len();
        let mut best: Option<(bool, Vec<Part>)> = None;
        for part in between(boundary, body).into_iter().take(PARTS) {
            let (fields, body) = header(part, None);
            self.add(&fields, body, otherwise, depth - 1);
            if kind != "alternative" {
                continue;
            }
            let own = self.parts.split_off(first);
            let plain = own.iter().any(|p| p.mime == "text/plain");
            if !own.is_empty() && best.as_ref().is_none_or(|(was_plain, _)| plain || !was_plain) {
                best = Some((plain, own));
            }
        }
        self.parts.extend(best.map(|b| b.1).unwrap_or_default());
    }
}

/// The fields of a header that the bytes begin with, and what is behind it.
fn header<'a>(bytes: &'a [u8], mut message: Option<&mut Message>) -> (Fields, &'a [u8]) {
    // A blank line at once: no header.
    if let [b'\n', body @ ..] | [b'\r', b'\n', body @ ..] = bytes {
        return (Fields::default(), body);
    }
    let (head, body) = split_head(bytes).unwrap_or((bytes, &[]));
    let mut fields = Fields::default();
    each_field(head, |name, value| match (name, &mut message) {
        ("content-type", _) => fields.content_type = value,
        ("content-transfer-encoding", _) => fields.transfer = value.trim().to_ascii_lowercase(),
        ("content-disposition", _) => fields.disposition = value.trim().to_ascii_lowercase(),
        ("subject", Some(message)) => message.subject = words(&value),
        ("date", Some(message)) => message.date = value,
        ("message-id", Some(message)) => message.id = value,
        _ => {}
    });
    (fields, body)
}

/// Calls back with each field, its name in lower case and its lines joined.
fn each_field(head: &[u8], mut each: impl FnMut(&str, String)) {
    let mut name = String::new();
    let mut value = Vec::new();
    for line in head.split(|b| *b == b'\n').chain([&b""[..]]) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            value.push(b' ');
            value.extend_from_slice(line.trim_ascii());
            continue;
        }
        if !name.is_empty() {
            each(&name, String::from_utf8_lossy(&value[..value.len().min(VALUE)]).trim().to_owned());
        }
        name.clear();
        value.clear();
        if let Some((field, text)) = super::http::field(line) {
            name = String::from_utf8_lossy(field).to_ascii_lowercase();
            value.extend_from_slice(text);
        }
    }
}

/// What stands between the boundaries; the last part may break off.
fn between<'a>(boundary: &str, body: &'a [u8]) -> Vec<&'a [u8]> {
    let mark = [b"--", boundary.as_bytes()].concat();
    let mut found = Vec::new();
    let mut start = None;
    for at in memchr::memmem::find_iter(body, &mark) {
        if at > 0 && body[at - 1] != b'\n' {
            continue;
        }
        let behind = &body[at + mark.len()..];
        let line = &behind[..memchr::memchr(b'\n', behind).map_or(behind.len(), |i| i + 1)];
        let last = line.starts_with(b"--");
        if !last && !line.trim_ascii().is_empty() {
            continue;
        }
        if let Some(start) = start {
            // The line end in front belongs to the boundary.
            let part: &[u8] = &body[start..at.max(start)];
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            found.push(part.strip_suffix(b"\r").unwrap_or(part));
        }
        start = (!last).then(|| at + mark.len() + line.len());
        if last {
            return found;
        }
    }
    found.extend(start.map(|start| &body[start.min(body.len())..]));
    found
}

/// A parameter of a field, without its quotes.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.rsplit(';').next().unwrap_or(name).trim();
        let after = after.trim_start();
        let (text, behind) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_at(quoted.find('"').unwrap_or(quoted.len())),
            None => after.split_at(after.find([';', ' ', '\t']).unwrap_or(after.len())),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(text.to_owned()).filter(|t| !t.is_empty());
        }
        rest = behind.trim_start_matches('"');
    }
}

/// Bytes as they were before they were encoded for the way, and whether the end of them is missing.
fn transfer(encoding: &str, body: &[u8]) -> (Vec<u8>, bool) {
    match encoding {
        "quoted-printable" => (quoted_printable(body), false),
        "base64" => from_base64(body),
        _ => (body.to_vec(), false),
    }
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|b| *b == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let end = &line[text.len()..];
        // Space at the end of a line was put there on the way.
        let text = text.trim_ascii_end();
        let (text, soft) = text.strip_suffix(b"=").map_or((text, false), |text| (text, true));
        escapes(text, &mut out);
        if !soft {
            out.extend_from_slice(end);
        }
    }
    out
}

/// Joins what was divided at spaces to fit into lines (RFC 3676), each quotation by itself; `delete`: those spaces are none of the
/// text.
fn unflowed(body: &[u8], delete: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    // How deep the quotation is that goes on in the next line.
    let mut open = None;
    for line in body.split_inclusive(|b| *b == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let (marks, own) = text.split_at(text.iter().take_while(|b| **b == b'>').count());
        // A space in front was put there so that the line does not look like something else.
        let own = own.strip_prefix(b" ").unwrap_or(own);
        let is_signature = own == b"-- ";
        match open {
            Some(depth) if depth == marks.len() && !is_signature => out.extend_from_slice(own),
            other => {
                // Where the depth changes, the line ends all the same.
                out.extend_from_slice(if other.is_some() { b"\n" } else { b"" });
                out.extend_from_slice(if marks.is_empty() { own } else { text });
            }
        }
        open = (own.ends_with(b" ") && !is_signature).then_some(marks.len());
        if open.is_none() {
            out.extend_from_slice(&line[text.len()..]);
        } else if delete {
            out.truncate(out.len() - 1);
        }
    }
    out
}

/// Undoes `=E9`; what is no such thing stays.
fn escapes(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(&rest[..at]);
        let digit = |i: usize| rest.get(at + i).and_then(|b| char::from(*b).to_digit(16));
        match (digit(1), digit(2)) {
            (Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                rest = &rest[at + 3..];
            }
            _ => {
                out.push(b'=');
                rest = &rest[at + 1..];
            }
        }
    }
    out.extend_from_slice(rest);
}

/// Lenient: line ends and other bytes that do not belong there are passed over, and the end may be missing, which is told where it
/// shows: digits come in fours, filled up with signs of their own.
fn from_base64(body: &[u8]) -> (Vec<u8>, bool) {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let digits: Vec<u8> =
        body.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    let breaks_off = !digits.len().is_multiple_of(4) && !body.contains(&b'=');
    // One digit alone is no byte.
    let digits = if digits.len() % 4 == 1 { &digits[..digits.len() - 1] } else { &digits };
    (GeneralPurpose::new(&STANDARD, LENIENT).decode(digits).unwrap_or_default(), breaks_off)
}

/// A value with its encoded words (`=?utf-8?Q?...?=`) decoded.
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let Some((word, behind)) = word(&rest[at + 2..]) else {
            out.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            after_word = false;
            continue;
        };
        // Space between two words is none.
        if !(after_word && rest[..at].trim().is_empty()) {
            out.push_str(&rest[..at]);
        }
        out.push_str(&word);
        (rest, after_word) = (behind, true);
    }
    out.push_str(rest);
    out
}

/// An encoded word behind its first two characters, and what follows it.
fn word(text: &str) -> Option<(String, &str)> {
    let (charset, rest) = text.split_once('?')?;
    let (kind, rest) = rest.split_once('?')?;
    let (text, rest) = rest.split_once("?=")?;
    let encoding = Encoding::for_label(charset.split('*').next()?)?;
    let bytes = match kind {
        "b" | "B" => from_base64(text.as_bytes()).0,
        "q" | "Q" => {
            let mut bytes = Vec::new();
            escapes(text.replace('_', " ").as_bytes(), &mut bytes);
            bytes
        }
        _ => return None,
    };
    let mut out = String::new();
    encoding.decode_into(&bytes, &mut out);
    Some((out, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(message: &str) -> (Vec<String>, u64) {
        let message = parse(message.as_bytes());
        let text = |p: &Part| String::from_utf8_lossy(&p.bytes).into_owned();
        (message.parts.iter().map(text).collect(), message.attachments)
    }

    #[test]
    fn headers() {
        let message = parse(
            b"Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?ISO-8859-1?q?_aus_K=F6ln?=\r\n\tund mehr\r\nDate: today\r\nMessage-ID: <1@x>\r\n\r\nbody",
        );
        assert_eq!(
            (message.subject.as_str(), message.date.as_str(), message.id.as_str()),
            ("Grüße aus Köln und mehr", "today", "<1@x>")
        );
        assert_eq!(words("=?utf-8?B?0L/RgNC40LLQtdGC?= =?x"), "привет =?x");
        assert_eq!(message.parts[0].bytes, b"body");
    }

    #[test]
    fn transfer_encodings() {
        for (encoding, body, text, cut) in [
            ("quoted-printable", "a=20b=\r\nc =3D=zz  \r\nd=", "a bc ==zz\r\nd", false),
            ("base64", "SGVs\r\nbG8g d29ybGQ=\r\n", "Hello world", false),
            ("base64", "SGVsbG8g", "Hello ", false),
            ("base64", "SGVsbG8gd29ybG", "Hello worl", true),
            ("base64", "SGVsb", "Hel", true),
            ("base64", "S", "", true),
            ("8bit", "as it is", "as it is", false),
        ] {
            let (bytes, breaks_off) = transfer(encoding, body.as_bytes());
            assert_eq!((String::from_utf8(bytes).unwrap().as_str(), breaks_off), (text, cut), "{encoding} {body}");
        }
    }

    #[test]
    fn flowed_lines_are_joined() {
        for (body, delete, text) in [
            (
                "The old mill \r\nstands by \r\nthe river.\r\nNew line\r\n",
                false,
                "The old mill stands by the river.\r\nNew line\r\n",
            ),
            (
                "> quoted and \n> longer\n>> deeper \n>> still\nown\n",
                false,
                "> quoted and longer\n>> deeper still\nown\n",
            ),
            ("> ends \nown words\n", false, "> ends \nown words\n"),
            (" From here\n > no mark\n  two\n", false, "From here\n> no mark\n two\n"),
            ("words \n-- \nAnna\n", false, "words \n-- \nAnna\n"),
            ("子供たちは \n庭で遊んで \nいます。\n", true, "子供たちは庭で遊んでいます。\n"),
            ("ends here ", false, "ends here "),
            ("", false, ""),
        ] {
            assert_eq!(String::from_utf8(unflowed(body.as_bytes(), delete)).unwrap(), text, "{body:?}");
        }
        let mail = "Content-Type: text/plain; charset=utf-8; Format=Flowed; DelSp=yes\n\nzusam \nmen\n";
        assert_eq!(texts(mail).0, ["zusammen\n"]);
        assert_eq!(texts("Content-Type: text/plain\n\nas it \nis\n").0, ["as it \nis\n"]);
    }

    #[test]
    fn multiparts() {
        let head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b 1\"\n\npreamble\n";
        let plain = "--b 1\n\nplain\n";
        let html = "--b 1\nContent-Type: text/html\n\n<p>page\n";
        let image = "--b 1\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBOR\n";
        let file = "--b 1\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x\n\nfile\n";
        assert_eq!(
            texts(&format!("{head}{plain}{image}{html}{file}--b 1--\nepilogue")),
            (vec!["plain".into(), "<p>page".into()], 2)
        );
        assert_eq!(
            parse(format!("{head}{image}{file}").as_bytes()).attached,
            "iVBOR".len() as u64 + "file\n".len() as u64
        );
        let alternative = head.replace("mixed", "alternative");
        assert_eq!(texts(&format!("{alternative}{plain}{html}--b 1--")).0, ["plain"]);
        assert_eq!(texts(&format!("{alternative}{html}{plain}")).0, ["plain\n"]);
        assert_eq!(texts(&format!("{alternative}{html}--b 1--")).0, ["<p>page"]);
        // A message that breaks off, and one without what it announces.
        assert_eq!(texts(&format!("{head}{plain}--b 1\nContent-Type: text/plain\n\ncut o")).0, ["plain", "cut o"]);
        assert_eq!(texts("Content-Type: multipart/mixed; boundary=zz\n\nno parts").0, Vec::<String>::new());
        let mut deep = "end".to_owned();
        for i in 0..100 {
            deep = format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n{deep}\n--b{i}--\n");
        }
        let deep = parse(deep.as_bytes());
        assert!(matches!(&deep.parts[..], [part] if part.too_deep), "{deep:?}");
    }
}
