//! What a document says of its own encoding: `<meta>`, the XML declaration, and the charset of a `Content-Type`.
//!
//! [`prescan`] is the HTML standard's "prescan a byte stream to determine its encoding", step by step, with one addition:
//! a label may be of any [`Encoding`], not only of those of the web.

use super::Encoding;

/// How many bytes of a page are looked at.
pub const PRESCAN: usize = 1024;

/// How many bytes of the header of a mail are looked at.
const HEADER: usize = 16 << 10;

/// The encoding that the first [`PRESCAN`] bytes of a page declare: in a `<meta>`, else in an XML declaration.
///
/// A page that can be read as ASCII so far is not UTF-16, whatever it says, so `utf-16` means UTF-8 here.
///
/// ```
/// use babelsift::decode::prescan::prescan;
///
/// let page = b"<!doctype html><title>a</title><meta charset=koi8-r>";
/// assert_eq!(prescan(page).unwrap().name(), "koi8-r");
/// ```
pub fn prescan(page: &[u8]) -> Option<Encoding> {
    let page = &page[..page.len().min(PRESCAN)];
    if page.starts_with(b"<\0?\0x\0") {
        return Some(Encoding::UTF_16LE);
    }
    if page.starts_with(b"\0<\0?\0x") {
        return Some(Encoding::UTF_16BE);
    }
    tags(page).or_else(|| xml_declaration(page))
}

/// The encoding in `<?xml ... encoding="..."?>` at the front: the standard's "get an XML encoding".
pub fn xml_declaration(page: &[u8]) -> Option<Encoding> {
    let declaration = page.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..declaration.iter().position(|b| *b == b'>')?];
    let at = declaration.windows(8).position(|w| w == b"encoding")? + 8;
    let rest = skip_controls(&declaration[at..]).strip_prefix(b"=")?;
    let (quote, rest) = skip_controls(rest).split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    let label = &rest[..rest.iter().position(|b| b == quote)?];
    if label.iter().any(|b| *b <= b' ') {
        return None;
    }
    for_label(label).map(without_utf16)
}

/// What a document says of its own encoding: as a page, or as a mail.
pub fn declared(document: &[u8]) -> Option<Encoding> {
    prescan(document).or_else(|| mail_header(document))
}

/// The encoding in the `Content-Type` of the header that a mail, a message of HTTP or the like begins with.
///
/// ```
/// use babelsift::decode::prescan::mail_header;
///
/// let mail = b"Subject: news\r\nContent-Type: text/plain;\r\n charset=\"koi8-r\"\r\n\r\nbody";
/// assert_eq!(mail_header(mail).unwrap().name(), "koi8-r");
/// ```
pub fn mail_header(mail: &[u8]) -> Option<Encoding> {
    let head = &mail[..mail.len().min(HEADER)];
    let lines = head.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut lines = lines.enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        // A mailbox and HTTP have a line of their own in front.
        if at == 0 && (line.starts_with(b"From ") || line.starts_with(b"HTTP/")) {
            continue;
        }
        let name = &line[..line.iter().position(|b| *b == b':' || !b.is_ascii_graphic())?];
        let value = line[name.len()..].strip_prefix(b":")?;
        let is_type = name.eq_ignore_ascii_case(b"content-type");
        let mut value = if is_type { value.to_owned() } else { Vec::new() };
        while let Some((_, more)) = lines.next_if(|(_, next)| next.starts_with(b" ") || next.starts_with(b"\t")) {
            if is_type {
                value.extend_from_slice(more);
            }
        }
        if is_type {
            return content_type(&String::from_utf8_lossy(&value));
        }
    }
    None
}

/// The encoding that a `Content-Type` names.
pub fn content_type(value: &str) -> Option<Encoding> {
    for_label(content_type_charset(value)?.as_bytes()).map(without_utf16)
}

/// The value of the charset parameter of a `Content-Type`: `text/html; charset="utf-8"`.
pub fn content_type_charset(value: &str) -> Option<&str> {
    let mut rest = value.split_once(';')?.1;
    loop {
        rest = rest.trim_start_matches(is_http_space);
        let name_end = rest.find([';', '='])?;
        let name = &rest[..name_end];
        if rest[name_end..].starts_with(';') {
            rest = &rest[name_end + 1..];
            continue;
        }
        let (parameter, after) = parameter(&rest[name_end + 1..]);
        if name.eq_ignore_ascii_case("charset") && !parameter.is_empty() {
            return Some(parameter);
        }
        rest = after;
    }
}

/// A value and what follows its semicolon.
fn parameter(text: &str) -> (&str, &str) {
    let after = |text: &'_ str| text.find(';').map_or(text.len(), |at| at + 1);
    if let Some(quoted) = text.strip_prefix('"') {
        let mut escaped = false;
        let close = quoted.find(|c| {
            let close = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            close
        });
        let (value, rest) = quoted.split_at(close.unwrap_or(quoted.len()));
        return (value, &rest[after(rest)..]);
    }
    let end = text.find(';').unwrap_or(text.len());
    (text[..end].trim_end_matches(is_http_space), &text[after(text)..])
}

fn is_http_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// The loop over tags and comments.
fn tags(page: &[u8]) -> Option<Encoding> {
    let mut scan = Scan { page, at: 0 };
    while scan.at < page.len() {
        let rest = &page[scan.at..];
        match rest {
            [b'<', b'!', b'-', b'-', ..] => {
                // The dashes may be those of the beginning: `<!-->`.
                scan.at += 2 + rest[2..].windows(3).position(|w| w == b"-->")? + 2;
            }
            [b'<', name @ ..] if is_meta(name) => {
                scan.at += 5;
                if let Some(encoding) = scan.meta()? {
                    return Some(encoding);
                }
            }
            [b'<', b'/', letter, ..] | [b'<', letter, ..] if letter.is_ascii_alphabetic() => {
                scan.at += rest.iter().position(|b| is_space(*b) || *b == b'>')?;
                while scan.attribute()?.is_some() {}
            }
            [b'<', b'!' | b'/' | b'?', ..] => scan.at += rest.iter().position(|b| *b == b'>')?,
            _ => {}
        }
        scan.at += 1;
    }
    None
}

fn is_meta(name: &[u8]) -> bool {
    name.len() > 4 && name[..4].eq_ignore_ascii_case(b"meta") && (is_space(name[4]) || name[4] == b'/')
}

/// A place in the page. `None` of its methods: the page ended, and the scan with it.
struct Scan<'a> {
    page: &'a [u8],
    at: usize,
}

/// Name and value, in lower case.
type Attribute = (Vec<u8>, Vec<u8>);

impl Scan<'_> {
    /// What a `<meta>` says, with the place at its attributes.
    fn meta(&mut self) -> Option<Option<Encoding>> {
        let mut names: Vec<Vec<u8>> = Vec::new();
        let mut got_pragma = false;
        let mut need_pragma = None;
        // What was found, which may be a label that nobody knows.
        let mut charset: Option<Option<Encoding>> = None;
        while let Some((name, value)) = self.attribute()? {
            if names.contains(&name) {
                continue;
            }
            match &name[..] {
                b"http-equiv" => got_pragma |= value == b"content-type",
                b"content" if charset.is_none() => {
                    if let Some(encoding) = in_content(&value) {
                        (charset, need_pragma) = (Some(Some(encoding)), Some(true));
                    }
                }
                b"charset" => (charset, need_pragma) = (Some(for_label(&value)), Some(false)),
                _ => {}
            }
            names.push(name);
        }
        let counts = need_pragma.is_some_and(|need| !need || got_pragma);
        let encoding = charset.flatten().filter(|_| counts).map(without_utf16);
        Some(encoding.map(|e| if e.name() == "x-user-defined" { Encoding::WINDOWS_1252 } else { e }))
    }

    /// The standard's "get an attribute".
    fn attribute(&mut self) -> Option<Option<Attribute>> {
        while is_space(self.byte()?) || self.byte()? == b'/' {
            self.at += 1;
        }
        if self.byte()? == b'>' {
            return Some(None);
        }
        let mut name = Vec::new();
        loop {
            match self.byte()? {
                b'=' if !name.is_empty() => break,
                b if is_space(b) => {
                    self.skip_space()?;
                    if self.byte()? != b'=' {
                        return Some(Some((name, Vec::new())));
                    }
                    break;
                }
                b'/' | b'>' => return Some(Some((name, Vec::new()))),
                b => name.push(b.to_ascii_lowercase()),
            }
            self.at += 1;
        }
        self.at += 1;
        self.skip_space()?;
        let value = self.value()?;
        Some(Some((name, value)))
    }

    fn value(&mut self) -> Option<Vec<u8>> {
        let first = self.byte()?;
        let quote = Some(first).filter(|b| matches!(b, b'"' | b'\''));
        self.at += usize::from(quote.is_some());
        let mut value = Vec::new();
        loop {
            match (self.byte()?, quote) {
                (b, Some(quote)) if b == quote => {
                    self.at += 1;
                    return Some(value);
                }
                (b, None) if is_space(b) || b == b'>' => return Some(value),
                (b, _) => value.push(b.to_ascii_lowercase()),
            }
            self.at += 1;
        }
    }

    fn skip_space(&mut self) -> Option<()> {
        while is_space(self.byte()?) {
            self.at += 1;
        }
        Some(())
    }

    fn byte(&self) -> Option<u8> {
        self.page.get(self.at).copied()
    }
}

/// The standard's "extracting a character encoding from a `meta` element", of a value in lower case.
fn in_content(value: &[u8]) -> Option<Encoding> {
    let mut rest = value;
    loop {
        rest = &rest[rest.windows(7).position(|w| w == b"charset")? + 7..];
        rest = skip_spaces(rest);
        if let Some(after) = rest.strip_prefix(b"=") {
            rest = skip_spaces(after);
            break;
        }
    }
    let label = match rest.split_first()? {
        (quote @ (b'"' | b'\''), rest) => &rest[..rest.iter().position(|b| b == quote)?],
        _ => &rest[..rest.iter().position(|b| is_space(*b) || *b == b';').unwrap_or(rest.len())],
    };
    for_label(label)
}

/// The web's encodings by the labels of the standard alone, the others by theirs if ASCII is readable in them.
fn for_label(label: &[u8]) -> Option<Encoding> {
    let encoding = Encoding::for_label(std::str::from_utf8(label).ok()?)?;
    let known = match encoding.inner() {
        Some(_) => encoding_rs::Encoding::for_label(label).is_some(),
        None => encoding.splits_at_bytes(),
    };
    known.then_some(encoding)
}

fn without_utf16(encoding: Encoding) -> Encoding {
    if encoding == Encoding::UTF_16LE || encoding == Encoding::UTF_16BE { Encoding::UTF_8 } else { encoding }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn skip_spaces(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|b| is_space(**b)).count()..]
}

fn skip_controls(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|b| **b <= b' ').count()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metas() {
        for (page, name) in [
            // The charset attribute.
            ("<meta charset=koi8-r>", Some("koi8-r")),
            ("<meta charset=\"koi8-r\">", Some("koi8-r")),
            ("<meta charset='koi8-r'>", Some("koi8-r")),
            ("<META CHARSET=KOI8-R>", Some("koi8-r")),
            ("<meta\tcharset\n=\x0C \"koi8-r\"\r>", Some("koi8-r")),
            ("<meta/charset=koi8-r>", Some("koi8-r")),
            ("<meta / / charset=koi8-r/>", None),
            ("<meta charset=utf_8>", None),
            ("<meta charset=koi8-r />", Some("koi8-r")),
            ("<meta charset=\" koi8-r \">", Some("koi8-r")),
            ("<meta a b=c charset=koi8-r>", Some("koi8-r")),
            ("<meta =x charset=koi8-r>", Some("koi8-r")),
            ("<meta charset=\"koi8-r>", None),
            ("<meta charset=koi8-r", None),
            ("<meta charset=>", None),
            ("<meta charset>", None),
            ("<metacharset=koi8-r>", None),
            ("<meta>charset=koi8-r>", None),
            ("< meta charset=koi8-r>", None),
            // The first of two attributes counts, the first meta that says something too.
            ("<meta charset=koi8-r charset=gbk>", Some("koi8-r")),
            ("<meta charset=nonsense charset=gbk>", None),
            ("<meta charset=nonsense><meta charset=gbk>", Some("gbk")),
            ("<meta charset=koi8-r><meta charset=gbk>", Some("koi8-r")),
            // What UTF-16 and x-user-defined mean in a page that is ASCII so far.
            ("<meta charset=utf-16>", Some("utf-8")),
            ("<meta charset=utf-16be>", Some("utf-8")),
            ("<meta charset=x-user-defined>", Some("windows-1252")),
            ("<meta charset=iso-8859-1>", Some("windows-1252")),
            // http-equiv.
            ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", Some("koi8-r")),
            ("<meta content='text/html; charset=koi8-r' http-equiv='content-type'>", Some("koi8-r")),
            ("<meta content='text/html; charset=koi8-r'>", None),
            ("<meta http-equiv=refresh content='text/html; charset=koi8-r'>", None),
            ("<meta http-equiv='content-type ' content='text/html; charset=koi8-r'>", None),
            ("<meta http-equiv=content-type content='charset = \"koi8-r\"x'>", Some("koi8-r")),
            ("<meta http-equiv=content-type content=\"charset='koi8-r\">", None),
            ("<meta http-equiv=content-type content='charset=koi8-r;x'>", Some("koi8-r")),
            ("<meta http-equiv=content-type content='charset=koi8-r x'>", Some("koi8-r")),
            ("<meta http-equiv=content-type content='charset charset=koi8-r'>", Some("koi8-r")),
            ("<meta http-equiv=content-type content='charset='>", None),
            ("<meta http-equiv=content-type content='xcharset=koi8-r'>", Some("koi8-r")),
            ("<meta http-equiv=content-type content='charset=utf-16le'>", Some("utf-8")),
            // Both: charset wins, wherever it stands.
            ("<meta http-equiv=content-type content='charset=gbk' charset=koi8-r>", Some("koi8-r")),
            ("<meta charset=koi8-r http-equiv=content-type content='charset=gbk'>", Some("koi8-r")),
            ("<meta charset=nonsense http-equiv=content-type content='charset=gbk'>", None),
            ("<meta content='charset=gbk' charset=koi8-r>", Some("koi8-r")),
            // Encodings that the web does not have.
            ("<meta charset=cp437>", Some("ibm437")),
            ("<meta charset=iso-2022-kr>", Some("iso-2022-kr")),
            ("<meta charset=utf-32>", None),
            ("<meta charset=ibm500>", None),
        ] {
            assert_eq!(prescan(page.as_bytes()).map(Encoding::name), name, "{page}");
        }
    }

    #[test]
    fn what_stands_before() {
        for (before, seen) in [
            ("<!doctype html>\n<html lang=ru>", true),
            ("<!-- a comment -->", true),
            ("<!-- > -- >", false),
            ("<!-->", true),
            ("<!--->", true),
            ("<!-- <meta charset=gbk> -->", true),
            ("<! <meta charset=gbk>", true),
            ("</ <meta charset=gbk>", true),
            ("<? <meta charset=gbk>", true),
            ("<a title='<meta charset=gbk>'>", true),
            ("<a title=\"", false),
            ("<a <meta charset=gbk>", true),
            ("</p x=\">\">", true),
            ("<script>'<' < 1</script>", true),
            ("<1 x='", true),
            ("<<<", true),
            ("Б\u{FFFD}\0", true),
        ] {
            let page = format!("{before}<meta charset=koi8-r>");
            let want = Some("koi8-r").filter(|_| seen);
            assert_eq!(prescan(page.as_bytes()).map(Encoding::name), want, "{page}");
        }
    }

    #[test]
    fn no_more_than_1024_bytes() {
        let meta = "<meta charset=koi8-r>";
        for (pad, seen) in [(PRESCAN - meta.len(), true), (PRESCAN - meta.len() + 1, false)] {
            let page = format!("{}{meta}", " ".repeat(pad));
            assert_eq!(prescan(page.as_bytes()).is_some(), seen);
        }
        let whole = format!("<?xml encoding='koi8-r'?>{}", "<a b='".repeat(PRESCAN));
        assert_eq!(prescan(whole.as_bytes()), Some(Encoding::KOI8_R));
    }

    #[test]
    fn xml_declarations() {
        for (page, name) in [
            (&b"<?xml version=\"1.0\" encoding=\"koi8-r\"?>"[..], Some("koi8-r")),
            (b"<?xml version='1.0' encoding='KOI8-R' standalone='yes'?>", Some("koi8-r")),
            (b"<?xml encoding \n=\t'koi8-r'?>", Some("koi8-r")),
            (b"<?xmlencoding='koi8-r'>", Some("koi8-r")),
            (b"<?xml encoding=koi8-r?>", None),
            (b"<?xml encoding=\"koi8-r'?>", None),
            (b"<?xml encoding=' koi8-r'?>", None),
            (b"<?xml encoding='koi8-r'", None),
            (b"<?xml version='1.0'?><p encoding='koi8-r'>", None),
            (b" <?xml encoding='koi8-r'?>", None),
            (b"<?XML encoding='koi8-r'?>", None),
            (b"<?xml encoding='utf-16'?>", Some("utf-8")),
            (b"<?xml encoding='nonsense'?>", None),
            (b"<?xml encoding='koi8-r'?><meta charset=gbk>", Some("gbk")),
            (b"<?xml encoding='koi8-r'?><meta charset=nonsense>", Some("koi8-r")),
            (b"<\0?\0x\0m\0l\0", Some("utf-16le")),
            (b"\0<\0?\0x\0m\0l", Some("utf-16be")),
            (b"<\0?\0y\0", None),
            (b"\0<\0m\0e\0t\0a", None),
            (b"", None),
        ] {
            assert_eq!(prescan(page).map(Encoding::name), name, "{}", page.escape_ascii());
        }
    }

    #[test]
    fn content_types() {
        for (value, charset) in [
            ("text/html; charset=utf-8", Some("utf-8")),
            ("text/html;charset=UTF-8", Some("UTF-8")),
            ("text/html; Charset=\"koi8-r\"", Some("koi8-r")),
            ("text/plain; format=flowed; charset=koi8-r ; x=y", Some("koi8-r")),
            ("text/html; a=\"; charset=gbk\"; charset=koi8-r", Some("koi8-r")),
            ("text/html; a=\"\\\"; charset=gbk\"; charset=koi8-r", Some("koi8-r")),
            ("text/html; charset=gbk; charset=koi8-r", Some("gbk")),
            ("text/html; charset=; charset=koi8-r", Some("koi8-r")),
            ("text/html; charset; charset=koi8-r", Some("koi8-r")),
            ("text/html; charset=\"koi8-r", Some("koi8-r")),
            ("text/html; xcharset=koi8-r", None),
            ("text/html; charset", None),
            ("text/html; charset =koi8-r", None),
            ("text/html", None),
            ("charset=koi8-r", None),
            ("", None),
            (";;;", None),
        ] {
            assert_eq!(content_type_charset(value), charset, "{value}");
        }
    }

    #[test]
    fn mail_headers() {
        for (mail, name) in [
            ("Content-Type: text/plain; charset=koi8-r\n\n", Some("koi8-r")),
            ("content-type:text/plain;charset=KOI8-R", Some("koi8-r")),
            (
                "From a@b.example Sat Jan  1\nSubject: x\n\ty\nContent-Type: text/html;\n\tcharset=\"gbk\"\n",
                Some("gbk"),
            ),
            ("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n\r\n", Some("gbk")),
            ("Subject: \u{fffd}\nContent-Type: text/plain; charset=cp437\n", Some("ibm437")),
            ("Content-Type: text/plain; charset=utf-16\n", Some("utf-8")),
            ("Content-Type: text/plain; charset=nonsense\n", None),
            ("Content-Type: text/plain\n\n charset=gbk", None),
            ("Subject: x\n\nContent-Type: text/plain; charset=gbk\n", None),
            ("A text about\nContent-Type: text/plain; charset=gbk\n", None),
            ("Two words: x\nContent-Type: text/plain; charset=gbk\n", None),
            ("From here on\nit is a text", None),
            ("", None),
        ] {
            assert_eq!(mail_header(mail.as_bytes()).map(Encoding::name), name, "{mail}");
        }
    }

    /// Every beginning of a page is one too.
    #[test]
    fn torn_pages() {
        let page =
            b"<?xml encoding='x'?><!-- --><a b=c d='e'><meta http-equiv=\"content-type\" content='charset=\"gbk\"'>";
        for end in 0..page.len() {
            assert_eq!(prescan(&page[..end]), None);
        }
        assert_eq!(prescan(page).map(Encoding::name), Some("gbk"));
    }
}
