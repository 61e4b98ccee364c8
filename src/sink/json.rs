//! JSON strings, appended piece by piece.

/// Appends text as the inside of a JSON string.
pub(super) fn escape(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let Some(at) = special(rest) {
        out.extend_from_slice(&rest[..at]);
        let short = match rest[at] {
            b'\n' => b'n',
            b'\t' => b't',
            b'\r' => b'r',
            byte @ 0..0x20 => {
                out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                rest = &rest[at + 1..];
                continue;
            }
            other => other,
        };
        out.extend_from_slice(&[b'\\', short]);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

/// Where the first byte is that can't stand in a JSON string as it is.
fn special(bytes: &[u8]) -> Option<usize> {
    let is = |byte: &u8| (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\');
    let (blocks, rest) = bytes.as_chunks::<16>();
    // All of a block without a branch, so that the compiler makes vector code of it.
    for (i, block) in blocks.iter().enumerate() {
        if block.iter().fold(false, |any, byte| any | is(byte)) {
            return block.iter().position(is).map(|at| 16 * i + at);
        }
    }
    rest.iter().position(is).map(|at| bytes.len() - rest.len() + at)
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

/// Appends a JSON string that has nothing to escape: a name of ours, hexadecimal digits.
pub(super) fn name(out: &mut Vec<u8>, name: &str) {
    debug_assert!(special(name.as_bytes()).is_none());
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.push(b'"');
}

/// Appends a JSON string of 16 hexadecimal digits.
pub(super) fn hexadecimal(out: &mut Vec<u8>, value: u64) {
    let digit = |place: u32| b"0123456789abcdef"[(value >> (4 * place) & 15) as usize];
    out.push(b'"');
    out.extend((0..16).rev().map(digit));
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
        let long = format!("{}\"{}\\{}\u{1}", "a".repeat(15), "ж".repeat(40), "b".repeat(33));
        for text in
            [&*long, "", "plain", "\"quoted\" \\ back", "tab\tnew\nline\r\u{1}\u{1f}\u{7f}", "жё 漢字 😀 \u{2028}"]
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
            assert_eq!(shown(&|o| hexadecimal(o, n)), format!("\"{n:016x}\""));
        }
        for (value, text) in
            [(0.0, "0.0"), (1.0, "1.0"), (0.5, "0.5"), (0.98766, "0.9877"), (0.0001, "0.0001"), (0.30, "0.3")]
        {
            assert_eq!(shown(&|o| score(o, value)), text);
        }
    }
}
