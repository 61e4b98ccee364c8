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

/// Those of them that are not of ASCII alone.
fn high_words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let high = at + text.as_bytes()[at..].iter().position(|byte| !byte.is_ascii())?;
            // All between is ASCII.
            let start = text[at..high].rfind(|c: char| !c.is_alphabetic()).map_or(at, |before| at + before + 1);
            let end = text[high..].find(|c: char| !c.is_alphabetic()).map_or(text.len(), |end| high + end);
            at = if end > high { end } else { text.ceil_char_boundary(high + 1) };
            if end > high {
                return Some((start, end));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_words_are_the_words_that_are_not_ascii() {
        for text in
            ["", "é", "abc", "a é ba", "xé—y—ß z", "«ñ» on, naïve façade", "— – …", "a😀b é😀", "日本語 and 한국"]
        {
            let high: Vec<_> = words(text).filter(|(start, end)| !text[*start..*end].is_ascii()).collect();
            assert_eq!(high_words(text).collect::<Vec<_>>(), high, "{text}");
        }
    }
}
