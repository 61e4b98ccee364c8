//! Messages of HTTP, as web archives hold them: headers, and the body without its transfer and content encodings.

use std::borrow::Cow;
#[cfg(feature = "compress")]
use std::io::Read;

/// A response, taken apart.
pub(super) struct Response<'a> {
    pub(super) status: u16,
    /// Value of `Content-Type`.
    pub(super) content_type: Cow<'a, str>,
    chunked: bool,
    encodings: Cow<'a, str>,
    pub(super) body: &'a [u8],
}

/// What a body holds.
pub(super) struct Body<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Bytes of the message that are packed in it, if it was compressed.
    pub(super) packed: usize,
    /// It breaks off: its chunks or its stream have no end.
    pub(super) truncated: bool,
}

/// Why a body can't be had.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "nothing is unpacked without decompressors"))]
pub(super) enum Failure {
    /// It unpacks to more bytes than are wanted.
    TooLong,
    /// It does not unpack.
    Damaged(String),
    /// A content encoding that is not known.
    Unknown(String),
}

impl<'a> Response<'a> {
    /// Takes a message apart; `None` when it is no response.
    pub(super) fn parse(message: &'a [u8]) -> Option<Self> {
        let (head, body) = split_head(message)?;
        let mut lines = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
        let status = std::str::from_utf8(lines.next()?.strip_prefix(b"HTTP/")?.split(|b| *b == b' ').nth(1)?).ok()?;
        let status = status.parse().ok()?;
        let mut response = Self { status, content_type: "".into(), chunked: false, encodings: "".into(), body };
        for (name, value) in lines.filter_map(field) {
            let value = String::from_utf8_lossy(value);
            if name.eq_ignore_ascii_case(b"content-type") {
                response.content_type = value;
            } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
                response.chunked = value.to_ascii_lowercase().contains("chunked");
            } else if name.eq_ignore_ascii_case(b"content-encoding") {
                response.encodings = value;
            }
        }
        Some(response)
    }

    /// The body as it was meant, at most so many bytes of it. Crawlers that took an encoding off often leave its header, so
    /// a body that is not encoded is taken as it is.
    pub(super) fn decoded(&self, most: usize) -> Result<Body<'a>, Failure> {
        let (mut bytes, mut packed, mut truncated) = (Cow::Borrowed(self.body), 0, false);
        if self.chunked
            && let Some((joined, whole)) = unchunked(self.body)
        {
            (bytes, truncated) = (Cow::Owned(joined), !whole);
        }
        for encoding in self.encodings.rsplit(',').map(|e| e.trim().to_ascii_lowercase()) {
            if let Some((unpacked, whole)) = unpack(&bytes, &encoding, most)? {
                packed = if packed == 0 { bytes.len() } else { packed };
                (bytes, truncated) = (Cow::Owned(unpacked), truncated || !whole);
            }
        }
        if bytes.len() > most { Err(Failure::TooLong) } else { Ok(Body { bytes, packed, truncated }) }
    }
}

/// Header and body of a message: what is before and behind the first blank line.
pub(super) fn split_head(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'\n', &message[from..]) {
        from += at + 1;
        let rest = &message[from..];
        match rest {
            [b'\n', body @ ..] | [b'\r', b'\n', body @ ..] => return Some((&message[..from], body)),
            _ => {}
        }
    }
    None
}

/// Name and value of a header line.
pub(super) fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(b':', line)?;
    Some((line[..at].trim_ascii(), line[at + 1..].trim_ascii()))
}

/// A MIME type without its parameters, in lower case.
pub(super) fn mime_of(content_type: &str) -> Cow<'_, str> {
    let mime = content_type.split(';').next().unwrap_or_default().trim();
    if mime.bytes().any(|b| b.is_ascii_uppercase()) { mime.to_ascii_lowercase().into() } else { mime.into() }
}

/// The chunks of a body, joined, and whether the last of them is there; `None` when it does not begin with one. One that breaks off is
/// taken as far as it goes.
fn unchunked(body: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut joined = Vec::with_capacity(body.len());
    let mut rest = body;
    let mut first = true;
    while !rest.is_empty() {
        let line_end = memchr::memchr(b'\n', &rest[..rest.len().min(4096)]);
        let size = line_end.and_then(|end| {
            let digits = rest[..end].split(|b| *b == b';').next()?.trim_ascii();
            usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
        });
        let (Some(end), Some(size)) = (line_end, size) else {
            return (!first).then_some((joined, false));
        };
        first = false;
        if size == 0 {
            return Some((joined, true));
        }
        rest = &rest[end + 1..];
        let chunk = &rest[..size.min(rest.len())];
        joined.extend_from_slice(chunk);
        rest = &rest[chunk.len()..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
    Some((joined, first))
}

/// Unpacks a body and says whether it has an end; `None` when it is not packed.
#[cfg(feature = "compress")]
fn unpack(body: &[u8], encoding: &str, most: usize) -> Result<Option<(Vec<u8>, bool)>, Failure> {
    let stream: Box<dyn Read + '_> = match (encoding, body) {
        ("" | "identity" | "none" | "utf-8", _) | (_, []) => return Ok(None),
        ("gzip" | "x-gzip", [0x1F, 0x8B, ..]) => Box::new(flate2::bufread::MultiGzDecoder::new(body)),
        ("gzip" | "x-gzip", _) => return Ok(None),
        // These have no magic bytes, but what they pack is no text.
        ("br" | "deflate", _) if simdutf8::basic::from_utf8(body).is_ok() => return Ok(None),
        // Zlib by its name, bare deflate by custom.
        ("deflate", [method, flags, ..])
            if method & 15 == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0 =>
        {
            Box::new(flate2::bufread::ZlibDecoder::new(body))
        }
        ("deflate", _) => Box::new(flate2::bufread::DeflateDecoder::new(body)),
        ("br", _) => Box::new(brotli_decompressor::Decompressor::new(body, 16 << 10)),
        ("zstd", [0x28, 0xB5, 0x2F, 0xFD, ..]) => {
            Box::new(zstd::stream::read::Decoder::with_buffer(body).map_err(|e| Failure::Damaged(e.to_string()))?)
        }
        ("zstd", _) => return Ok(None),
        (other, _) => return Err(Failure::Unknown(other.to_owned())),
    };
    let mut unpacked = Vec::new();
    let read = stream.take(most as u64 + 1).read_to_end(&mut unpacked);
    match read {
        Ok(_) if unpacked.len() > most => Err(Failure::TooLong),
        Ok(_) => Ok(Some((unpacked, true))),
        // What does not unpack at all was no such thing.
        Err(_) if unpacked.is_empty() && matches!(encoding, "br" | "deflate") => Ok(None),
        // A body that breaks off is taken as far as it goes, as a browser does.
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof && !unpacked.is_empty() => Ok(Some((unpacked, false))),
        Err(e) => Err(Failure::Damaged(format!("{encoding}: {e}"))),
    }
}

#[cfg(not(feature = "compress"))]
fn unpack(body: &[u8], encoding: &str, _: usize) -> Result<Option<(Vec<u8>, bool)>, Failure> {
    match (encoding, body) {
        ("" | "identity" | "none" | "utf-8", _) | (_, []) => Ok(None),
        (other, _) => Err(Failure::Unknown(other.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks() {
        for (body, joined) in [
            ("5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n", Some(("hello world", true))),
            ("5\nhello\n0\n", Some(("hello", true))),
            ("5\r\nhel", Some(("hel", false))),
            ("5\r\nhello\r\n", Some(("hello", false))),
            ("5\r\nhello\r\nzz\r\n", Some(("hello", false))),
            ("FFFFFFFFFFFFFFFFFF\r\nx", None),
            ("fffffffffffffff\r\nx", Some(("x", false))),
            ("<p>not chunked", None),
            ("", Some(("", true))),
        ] {
            assert_eq!(unchunked(body.as_bytes()), joined.map(|(j, whole)| (j.as_bytes().to_vec(), whole)), "{body:?}");
        }
    }

    #[test]
    fn responses() {
        let message = b"HTTP/1.1 404 Not Found\r\nContent-TYPE: text/html; charset=koi8-r\r\nX: y\r\n\r\nbody\r\n\r\n";
        let response = Response::parse(message).unwrap();
        assert_eq!((response.status, &*response.content_type), (404, "text/html; charset=koi8-r"));
        assert_eq!(&*response.decoded(100).unwrap().bytes, b"body\r\n\r\n");
        assert_eq!(response.decoded(3).err(), Some(Failure::TooLong));
        for bad in ["", "HTTP/1.1 200 OK", "HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 99999 x\r\n\r\n"] {
            assert!(Response::parse(bad.as_bytes()).is_none(), "{bad:?}");
        }
    }
}
