//! Links of wikis that are no text: those to files and categories, by the names that their namespaces have in many languages,
//! and those to the same page in another language.

/// What files and categories are called, in all languages of MediaWiki that are written much; older names too, which no dump
/// tells.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "file", "image", "media", "category",
    // Latin
    "datei", "bild", "kategorie", "fichier", "catégorie", "archivo", "imagen", "categoría", "immagine", "categoria",
    "ficheiro", "arquivo", "imagem", "imaxe", "fitxer", "imatge", "fitxategi", "irudi", "kategoria", "bestand",
    "afbeelding", "categorie", "lêer", "beeld", "fil", "kategori", "bilde", "billede", "mynd", "flokkur", "tiedosto", "kuva",
    "luokka", "pilt", "fail", "kategooria", "attēls", "kategorija", "vaizdas", "plik", "grafika", "soubor", "súbor",
    "obrázok", "kategória", "fájl", "kép", "fișier", "fişier", "imagine", "datoteka", "slika", "skeda", "figura",
    "dosya", "resim", "şəkil", "fayl", "kateqoriya", "turkum", "tập tin", "hình", "thể loại", "berkas", "gambar", "picha",
    "faili", "jamii", "dosiero", "kategorio", "fasciculus", "imago", "delwedd", "categori", "íomhá", "catagóir",
    // Greek, Cyrillic, Armenian, Georgian
    "αρχείο", "εικόνα", "κατηγορία", "файл", "изображение", "категория", "зображення", "категорія", "выява", "катэгорыя",
    "картинка", "датотека", "слика", "категорија", "податотека", "сурет", "санат", "պատկեր", "կատեգորիա", "ფაილი",
    "სურათი", "კატეგორია",
    // Arabic, Hebrew
    "ملف", "صورة", "تصنيف", "پرونده", "تصویر", "رده", "فائل", "زمرہ", "קובץ", "תמונה", "קטגוריה",
    // India, Thailand
    "चित्र", "श्रेणी", "वर्ग", "চিত্র", "বিষয়শ্রেণী", "படிமம்", "பகுப்பு", "దస్త్రం", "బొమ్మ", "వర్గం", "പ്രമാണം",
    "ചിത്രം", "വർഗ്ഗം", "ไฟล์", "ภาพ", "หมวดหมู่",
    // China, Japan, Korea
    "文件", "檔案", "档案", "图像", "圖像", "图片", "圖片", "分类", "分類", "ファイル", "画像", "カテゴリ", "파일", "그림", "분류",
];

/// Namespaces whose links are not text: those that are known, and those that the dump names.
#[derive(Debug, Default)]
pub(super) struct Dropped(Vec<String>);

impl Dropped {
    /// Adds a name.
    pub(super) fn add(&mut self, name: &str) {
        let name = name.to_lowercase();
        if !name.is_empty() && !KNOWN.contains(&name.as_str()) {
            self.0.push(name);
        }
    }

    /// True for the target of a link that is not text.
    pub(super) fn is_dropped(&self, target: &str) -> bool {
        let Some((namespace, _)) = target.split_once(':') else { return false };
        let namespace = namespace.trim();
        // Links to the same page in other languages: `de:`, `zh-min-nan:`.
        if is_language(namespace) {
            return true;
        }
        let namespace = namespace.to_lowercase().replace('_', " ");
        KNOWN.contains(&namespace.as_str()) || self.0.contains(&namespace)
    }
}

/// True for what looks like the code of a language, or of a way to write one.
pub(super) fn is_language(code: &str) -> bool {
    (2..=12).contains(&code.len())
        && code.split('-').next().is_some_and(|code| matches!(code.len(), 2 | 3))
        && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_categories_are_known_without_being_told() {
        let mut dropped = Dropped::default();
        dropped.add("Wiki-Bild");
        for target in
            ["Datei:a.jpg", "wiki-bild:a", " Catégorie : Ours", "Tập_tin:a", "분류:곰", "de:Bär", "zh-min-nan:a"]
        {
            assert!(dropped.is_dropped(target), "{target}");
        }
        for target in ["Bär", "Hilfe:Bild", "Alien: Covenant", "Wikipedia:File"] {
            assert!(!dropped.is_dropped(target), "{target}");
        }
        assert!(KNOWN.iter().all(|name| *name == name.to_lowercase()));
    }
}
