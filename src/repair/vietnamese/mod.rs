//! Vietnamese: where tones are written, and text of the VNI fonts.

mod syllable;
mod tones;
mod vni;

pub(super) use tones::VietnameseTones;
pub(super) use vni::Vni;

/// Words of a text: where letters and marks in a row begin and end.
fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphabetic)?;
        at = text[start..].find(|c: char| !c.is_alphabetic()).map_or(text.len(), |end| start + end);
        Some((start, at))
    })
}
