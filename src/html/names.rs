//! Words by which authors of many languages name what a line is.

/// Letters of a line that names a picture's author, at most.
const CREDIT: u32 = 100;

/// True for a line that says whose picture it is: `Photo: ...`, `... (Image: ...)`, `© ...`.
pub(super) fn is_credit(text: &str, letters: u32) -> bool {
    letters < CREDIT
        && (text.starts_with('©')
            || names_author(text)
            || text.rfind(['(', '（', '[']).is_some_and(|at| names_author(&text[at..])))
}

/// True where the first word is one for a picture, and its author follows.
fn names_author(part: &str) -> bool {
    let part = part.trim_start_matches(['(', '（', '[', '©', ' ']);
    let Some(end) = part.find([':', '：', '/', '|', ' ']) else { return false };
    let (word, rest) = part.split_at(end);
    let said = rest.starts_with([':', '：', '/', '|'])
        || rest.trim_start().starts_with([':', '：', '/', '|'])
        || BY.iter().any(|by| rest.trim_start().starts_with(by));
    let word = word.to_lowercase();
    said && CREDITS.contains(&word.trim_end_matches(['s', '.']))
}

const BY: [&str; 6] = ["by ", "via ", "courtesy ", "von ", "par ", "de "];

#[rustfmt::skip]
const CREDITS: [&str; 47] = [
    "photo", "foto", "image", "imagen", "imagem", "immagine", "bild", "titelbild", "symbolbild", "picture", "pic", "credit",
    "photocredit", "fotocredit", "photograph", "fotografía", "fotografia", "fotografie", "crédit", "crédito", "quelle",
    "bildquelle", "fotoquelle", "fot", "zdjęcie", "фото", "снимок", "снимка", "φωτογραφία", "fotoğraf", "kép", "fotó", "kuva",
    "ảnh", "gambar", "写真", "画像", "图片", "图", "圖", "사진", "صورة", "عکس", "תמונה", "फोटो", "ছবি", "ภาพ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_are_told_from_text() {
        for (text, credit) in [
            ("Photo: Ada Example", true),
            ("The bridge at night (Foto: A. Example)", true),
            ("© Example Agency", true),
            ("Bild via Example", true),
            ("写真：例", true),
            ("Photo albums are back in fashion.", false),
            ("Images of the bridge", false),
            ("We took a photo: it was dark.", false),
            ("", false),
        ] {
            assert_eq!(is_credit(text, 20), credit, "{text}");
        }
        assert!(!is_credit("Photo: Ada Example", 200));
    }
}
