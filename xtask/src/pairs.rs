//! `src/repair/mojibake/pairs.bin`: the bytes of each character in the encodings of many bytes a character that text is
//! wrongly read as, as `encoding_rs` maps them.

use anyhow::{Context, Result, bail};
use babelsift::decode::Encoding;
use babelsift::repair::mojibake::wrong_encodings;

const PATH: &str = "src/repair/mojibake/pairs.bin";
/// Characters of the basic plane.
const CHARS: usize = 0x1_0000;

/// Writes the file.
pub fn write() -> Result<()> {
    std::fs::write(PATH, render()).with_context(|| format!("could not write {PATH}; run this from the repository root"))
}

/// Fails when the file in the tree is not the one this program makes.
pub fn check() -> Result<()> {
    if std::fs::read(PATH).with_context(|| format!("could not read {PATH}"))? != render() {
        bail!("{PATH} is not what `cargo xtask pairs` makes");
    }
    Ok(())
}

/// Character after character, and for each encoding after encoding, the high byte first.
fn render() -> Vec<u8> {
    let encodings: Vec<Encoding> = wrong_encodings().filter(|encoding| !encoding.is_single_byte()).collect();
    let all: Vec<Vec<u16>> = encodings.into_iter().map(pairs).collect();
    (0..CHARS).flat_map(|c| all.iter().flat_map(move |pairs| pairs[c].to_be_bytes())).collect()
}

/// The bytes of each character that has one or two above ASCII, 0 for none. Of several the first counts, and those of the
/// standard before those of later additions, which have lower leads in Big5.
fn pairs(encoding: Encoding) -> Vec<u16> {
    let mut pairs = vec![0; CHARS];
    let mut add = |c: char, code: u16| match pairs.get_mut(c as usize) {
        Some(slot) if *slot == 0 && c != char::REPLACEMENT_CHARACTER => *slot = code,
        _ => {}
    };
    let mut text = String::new();
    for byte in 0x80..=0xFF {
        text.clear();
        encoding.decode_into(&[byte], &mut text);
        text.chars().for_each(|c| add(c, byte.into()));
    }
    let is_lead = |lead: &u16| match encoding.name() {
        "shift_jis" => matches!(lead, 0x81..=0x9F | 0xE0..=0xFC),
        "euc-jp" => matches!(lead, 0x8E | 0xA1..=0xFE),
        _ => matches!(lead, 0x81..=0xFE),
    };
    let is_trail = |trail: &u8| match encoding.name() {
        "euc-jp" => *trail >= 0xA1,
        "big5" => matches!(trail, ..0x7F | 0xA1..),
        _ => *trail != 0x7F,
    };
    let trails: Vec<u8> = (0x40..=0xFE).filter(is_trail).collect();
    let low = if encoding.name() == "big5" { 0xA1 } else { 0x80 };
    let mut bytes = Vec::with_capacity(2 * trails.len());
    for lead in (low..=0xFF).chain(0x80..low).filter(|lead| is_lead(lead)) {
        bytes.clear();
        trails.iter().for_each(|trail| bytes.extend([lead as u8, *trail]));
        text.clear();
        encoding.decode_into(&bytes, &mut text);
        let mut chars = text.chars();
        for trail in &trails {
            let Some(c) = chars.next() else { break };
            // A byte of ASCII behind a lead that it does not go with is itself, and some codes of Big5 are a letter and a mark.
            let after = chars.clone().next();
            if after == Some(char::from(*trail & 0x7F)) || matches!(after, Some('\u{304}' | '\u{30C}')) {
                chars.next();
            } else {
                add(c, lead << 8 | u16::from(*trail));
            }
        }
    }
    if encoding.name() == "shift_jis" {
        // Microsoft's code page 932 has private characters for the bytes that mean nothing.
        for (unit, byte) in [(0xF8F0, 0xA0), (0xF8F1, 0xFD), (0xF8F2, 0xFE), (0xF8F3, 0xFF)] {
            if let Some(slot) = pairs.get_mut(unit) {
                *slot = byte;
            }
        }
    }
    pairs
}
