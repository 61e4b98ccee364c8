//! Hard-wrapped text: lines that a mail program or a book scan broke at a fixed width, joined again to paragraphs.
//!
//! The evidence is that the first word of the next line would not have fitted on this one. Verses, lists, headers and
//! code break lines long before the width is reached, so they fail the test and keep their lines.

/// Widths (in columns) that people wrap at.
const WIDTH: std::ops::RangeInclusive<usize> = 50..=100;
/// Line ends inside blocks that are needed as evidence.
const EVIDENCE: usize = 4;
/// One line of so many may be longer than the width.
const LONG: usize = 20;

/// What the joining needs to know of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// Columns, wide characters counted as two; of long lines only that they are longer than [`WIDTH`].
    width: usize,
    /// Columns of the first word.
    first: usize,
    /// Nothing but white space.
    pub(super) blank: bool,
    /// Begins with a quotation or list mark, or with a word and a colon as headers do.
    marked: bool,
}

impl Shape {
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim_matches(is_space);
        let word = || text.split(is_space).next().unwrap_or_default();
        let first = match text.chars().next() {
            Some(c) if is_wide(c) => 2,
            _ => columns(word()),
        };
        let header = memchr::memchr(b':', text.as_bytes()).is_some() && word().ends_with(':');
        let marked = header || text.starts_with(['>', '*', '•', '|', '#', '-', '–', '—']);
        Self { width: columns(text), first, blank: text.is_empty(), marked }
    }
}

/// Measures lines and finds the width they were wrapped at. Text that has too many long lines is not measured to its end.
pub(super) fn measure<'a>(lines: impl ExactSizeIterator<Item = &'a str>, shapes: &mut Vec<Shape>) -> Option<usize> {
    shapes.clear();
    let count = lines.len();
    if count < EVIDENCE {
        return None;
    }
    let mut long = 0;
    for line in lines {
        let shape = Shape::of(line);
        long += usize::from(shape.width > *WIDTH.end());
        if long * LONG >= count {
            return None;
        }
        shapes.push(shape);
    }
    width(shapes)
}

/// Width at which the text was wrapped, when it was.
pub(super) fn width(lines: &[Shape]) -> Option<usize> {
    // Headers and lists among the text say nothing about its width.
    let inside = |pair: &&[Shape]| pair.iter().all(|line| !line.blank && !line.marked);
    let pairs = || lines.windows(2).filter(inside);
    let mut inner: Vec<usize> = pairs().map(|pair| pair[0].width).collect();
    let long = lines.iter().filter(|line| line.width > *WIDTH.end()).count();
    if inner.len() < EVIDENCE || long * LONG > inner.len() {
        return None;
    }
    inner.sort_unstable();
    let width = inner[(inner.len() - 1) * 19 / 20];
    let full = pairs().filter(|pair| is_full(pair, width)).count();
    (WIDTH.contains(&width) && full * 10 >= inner.len() * 6).then_some(width)
}

/// True when the line end between two lines was put there by wrapping at `width`.
pub(super) fn is_full(pair: &[Shape], width: usize) -> bool {
    !pair[0].blank && !pair[1].blank && !pair[1].marked && pair[0].width + 1 + pair[1].first + 1 >= width
}

/// What stands between two joined lines: nothing between characters that are written without spaces, nor before an
/// indented line.
pub(super) fn glue(before: &str, after: &str) -> &'static str {
    if after.starts_with(is_space) {
        return "";
    }
    let unspaced = |c: Option<char>| {
        c.is_some_and(|c| is_wide(c) && !matches!(c, '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7FF}'))
    };
    if unspaced(before.trim_end_matches(is_space).chars().next_back()) || unspaced(after.chars().next()) {
        ""
    } else {
        " "
    }
}

/// White space that may be trimmed from a line.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// Columns, counted up to the first that is too many.
fn columns(text: &str) -> usize {
    let most = *WIDTH.end() + 1;
    // No character has more than four bytes.
    if text.len() > 4 * most || text.is_ascii() {
        return text.len().min(most);
    }
    if text.bytes().fold(0, u8::max) < WIDE {
        return text.bytes().map(|b| usize::from(b & 0xC0 != 0x80)).sum::<usize>().min(most);
    }
    // Long lines of wide characters are known for that by their first bytes.
    let least = |b: u8| u16::from(b & 0xC0 != 0x80) + u16::from(SURELY_WIDE.contains(&b));
    if usize::from(text.bytes().map(least).sum::<u16>()) >= most {
        return most;
    }
    let mut columns = 0;
    for c in text.chars() {
        columns += 1 + usize::from(is_wide(c));
        if columns >= most {
            break;
        }
    }
    columns.min(most)
}

/// The least first byte of wide characters, and those of which all are wide.
const WIDE: u8 = 0xE1;
const SURELY_WIDE: std::ops::RangeInclusive<u8> = 0xE3..=0xE9;

/// The East Asian wide blocks (UAX #11), coarsely; those of most text first.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}')
        || (c >= '\u{1100}'
            && matches!(c, '\u{1100}'..='\u{115F}' | '\u{F900}'..='\u{FAFF}'
                | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFD}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<usize> {
        width(&text.lines().map(Shape::of).collect::<Vec<_>>())
    }

    #[test]
    fn wrapped_prose_is_seen() {
        let mail = "Dear Anna,\n\nthe boat leaves at seven from the small pier behind the market,\nso we should be there a little earlier if we want to sit outside.\nBring a warm coat, because the wind on the water is colder than you\nwould think in June, and something to read for the long way back in\nthe evening.\n\nYours\nTom\n";
        assert_eq!(found(mail), Some(67));
    }

    #[test]
    fn verses_lists_and_long_lines_are_not() {
        let poem = "Мороз и солнце спорят у крыльца,\nА дом ещё молчит и видит сны,\nИ нет у этой улицы конца,\nИ нет у этой улицы весны.\n\nПойдём туда, где лёд ещё звенит,\nГде лодки спят под снегом у реки,\nГде каждый камень помнит и молчит\nТепло твоей оставленной руки.\n";
        assert_eq!(found(poem), None);
        let list = "Apples\nPears, yellow\nOne loaf of bread\nMilk\nSugar\nTea\nSalt\n";
        assert_eq!(found(list), None);
        let page = format!("{}\n", "word ".repeat(60)).repeat(8);
        assert_eq!(found(&page), None);
    }

    #[test]
    fn the_end_need_not_be_measured() {
        // Of 41 lines three are too many; two are not, and the last of them is at the end.
        for (longs, measured, want) in [(2, 41, Some(62)), (3, 2, None)] {
            let full = format!("{} end", "ü".repeat(58));
            let long = "word ".repeat(21);
            let lines: Vec<&str> = (0..41).map(|i| if i < longs { &*long } else { &*full }).collect();
            let mut shapes = Vec::new();
            assert_eq!(measure(lines.iter().copied(), &mut shapes), want);
            assert_eq!(shapes.len(), measured);
            let all: Vec<Shape> = lines.iter().map(|l| Shape::of(l)).collect();
            assert_eq!(width(&all), want, "as when all are measured");
        }
    }

    #[test]
    fn columns_of_long_lines_are_not_counted() {
        for (text, width) in [("日本語", 6), ("ñandú", 5), (&*"語".repeat(51), 101), (&*"é".repeat(500), 101)] {
            assert_eq!(columns(text), width);
        }
        assert_eq!(columns(&"a".repeat(500)), 101);
        for c in ('\u{3000}'..'\u{A000}').step_by(97) {
            assert!(is_wide(c) && SURELY_WIDE.contains(&c.to_string().as_bytes()[0]), "{c}");
            for count in [1, 49, 50, 51, 99] {
                let text = format!("{}, {}", c.to_string().repeat(count), "é".repeat(7));
                assert_eq!(columns(&text), (2 * count + 2 + 7).min(101), "{text}");
            }
        }
    }

    #[test]
    fn no_space_between_han() {
        assert_eq!(glue("日本", "語"), "");
        assert_eq!(glue("한국", "말"), " ");
        assert_eq!(glue("one", "two"), " ");
    }
}
