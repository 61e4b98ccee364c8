//! JSON strings, appended piece by piece.

/// Appends text as the inside of a JSON string.
pub(super) fn escape(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut kept = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let short = match byte {
            b'"' => b'"',
            b'\\' => b'\\',
            b'\n' => b'n',
            b'\t' => b't',
            b'\r' => b'r',
            0..0x20 => b'u',
            _ => continue,
        };
        out.extend_from_slice(&bytes[kept..at]);
        kept = at + 1;
        out.extend_from_slice(&[b'\\', short]);
        if short == b'u' {
            out.extend_from_slice(format!("{byte:04x}").as_bytes());
        }
    }
    out.extend_from_slice(&bytes[kept..]);
}

/// Appends `,"name":` (the first member of an object is written by the caller).
pub(super) fn key(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Appends a JSON string.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escape(out, text);
    out.push(b'"');
}

/// Appends a number.
pub(super) fn number(out: &mut Vec<u8>, value: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = value;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a score of 0 to 1 with four decimals at most.
pub(super) fn score(out: &mut Vec<u8>, value: f32) {
    let scaled = scaled(value);
    number(out, scaled / 10_000);
    let mut rest = scaled % 10_000;
    out.push(b'.');
    loop {
        out.push(b'0' + (rest / 1000) as u8);
        rest = rest % 1000 * 10;
        if rest == 0 {
            break;
        }
    }
}

/// A score in ten-thousandths.
pub(super) fn scaled(value: f32) -> u64 {
    (f64::from(value).clamp(0.0, 1.0) * 1e4).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_agree_with_serde_json() {
        for text in ["", "plain", "\"quoted\" \\ back", "tab\tnew\nline\r\u{1}\u{1f}\u{7f}", "жё 漢字 😀 \u{2028}"]
        {
            let mut out = Vec::new();
            string(&mut out, text);
            assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
            assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(text).unwrap());
        }
    }

    #[test]
    fn numbers() {
        let shown = |write: &dyn Fn(&mut Vec<u8>)| {
            let mut out = Vec::new();
            write(&mut out);
            String::from_utf8(out).unwrap()
        };
        for n in [0, 7, 10, 12345, u64::MAX] {
            assert_eq!(shown(&|o| number(o, n)), n.to_string());
        }
        for (value, text) in
            [(0.0, "0.0"), (1.0, "1.0"), (0.5, "0.5"), (0.98766, "0.9877"), (0.0001, "0.0001"), (0.30, "0.3")]
        {
            assert_eq!(shown(&|o| score(o, value)), text);
        }
    }
}
