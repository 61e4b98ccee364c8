//! HTML's character references left in text: by name (all of the WHATWG's), decimal, hexadecimal, escaped more than once.
//!
//! They are left alone where a text speaks about markup or is a program:
//! - in a line with a tag (`<b>`), which is a source, only letters are decoded: it means the same afterwards;
//! - in a line of code nothing is, nor between backticks;
//! - a reference between quotes of one kind, backticks or slashes, or in parentheses, is mentioned and not meant.

mod backticks;
mod reference;

use backticks::Backticks;
pub(crate) use reference::{Value, digits, open, reference};

use super::rewrite::Patch;
use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Entities;

impl Repair for Entities {
    fn name(&self) -> &'static str {
        "entities"
    }

    fn about(&self) -> &'static str {
        "HTML's character references are decoded, also those escaped twice, but not in code"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("caf&eacute; &amp;amp; th&#233; &#150; 5&nbspkg", "café & thé – 5\u{a0}kg")
    }

    fn signs(&self) -> Signs {
        Signs::AMPERSAND
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let ftfy = context.profile.ftfy;
        out.patch(text, |patch| {
            let (mut line, mut done) = (Line::default(), 0);
            let mut code = Backticks::of(text.as_bytes());
            for at in memchr::memchr_iter(b'&', text.as_bytes()) {
                if at < done {
                    continue;
                }
                if at >= line.end {
                    line = Line::around(text, at, line.end, ftfy);
                }
                // ftfy decodes nothing from the first line on that has a `<`.
                if ftfy && line.kind == Kind::Markup {
                    break;
                }
                if !ftfy && let Some(end) = code.around(at) {
                    done = end;
                    continue;
                }
                done = decode(patch, text, at, &line, ftfy).unwrap_or(at + 1);
            }
        });
    }
}

/// Decodes the reference at `at`, if there is one that is to be decoded; where it ends.
fn decode(patch: &mut Patch<'_>, text: &str, at: usize, line: &Line, ftfy: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    if line.kind == Kind::Code {
        return None;
    }
    // What was escaped more than once stands for `&` and the rest.
    let (mut end, mut found) = (at + 1, None);
    while let Some((value, length)) = reference(&bytes[end..line.end], ftfy) {
        end += length;
        let escaped = matches!(value, Value::Text("&") | Value::Char('&'));
        found = Some(value);
        if !escaped {
            break;
        }
    }
    let value = found?;
    let mut utf8 = [0; 4];
    let meant = value.as_str(&mut utf8);
    let letter = meant.chars().all(char::is_alphabetic);
    let stays = !ftfy && (line.kind == Kind::Markup && !letter || is_mentioned(bytes, at, end))
        || meant.chars().nth(1).is_none() && completes(meant, patch.written(at));
    if stays {
        return Some(end);
    }
    patch.replace(at, end, meant);
    Some(end)
}

/// True between quotes, backticks or slashes, and in parentheses.
fn is_mentioned(bytes: &[u8], start: usize, end: usize) -> bool {
    let pair = (start.checked_sub(1).map(|before| bytes[before]), bytes.get(end));
    matches!(pair, (Some(b'\'' | b'"' | b'`' | b'/'), Some(after)) if pair.0 == Some(*after))
        || matches!(pair, (Some(b'('), Some(b')')))
}

/// True when what is decoded would be part of a reference that what is before it begins: such text was made to be decoded
/// without end.
fn completes(meant: &str, before: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '#';
    // Other repairs remove what is invisible.
    if !meant.chars().all(|c| part(c) || c == ';' || Signs::of(c.encode_utf8(&mut [0; 4])).meets(Signs::INVISIBLE)) {
        return false;
    }
    let open = before.bytes().rev().take(40).find(|b| !part(char::from(*b)));
    open == Some(b'&')
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Prose,
    /// With a tag; for ftfy, with a `<` in it or in a line before it.
    Markup,
    Code,
}

#[derive(Clone, Copy, Debug, Default)]
struct Line {
    end: usize,
    kind: Kind,
}

impl Line {
    /// The line around an offset; the lines from `from` on were not looked at yet.
    fn around(text: &str, at: usize, from: usize, ftfy: bool) -> Self {
        let bytes = text.as_bytes();
        let start = memchr::memrchr(b'\n', &bytes[from..at]).map_or(from, |i| from + i + 1);
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i + 1);
        let kind = if ftfy {
            let less = memchr::memchr(b'<', &bytes[from..end]).is_some();
            if less { Kind::Markup } else { Kind::Prose }
        } else if has_tag(&bytes[start..end]) {
            Kind::Markup
        } else if is_code(text[start..end].trim()) {
            Kind::Code
        } else {
            Kind::Prose
        };
        Self { end, kind }
    }
}

/// True for a line with `<`, a name and `>` after it.
fn has_tag(line: &[u8]) -> bool {
    let Some(last) = memchr::memrchr(b'>', line) else { return false };
    let begins = |at: usize| match line[at + 1..] {
        [b'/', name, ..] | [name, ..] if name.is_ascii_alphabetic() => true,
        [b'!' | b'?', ..] => true,
        _ => false,
    };
    memchr::memchr_iter(b'<', &line[..last]).any(begins)
}

/// True for a line of a program: two of its signs are needed, prose may have one.
fn is_code(line: &str) -> bool {
    // The `;` of a reference is none of a statement.
    let ends_so =
        |at: usize| reference(&line.as_bytes()[at + 1..], true).is_some_and(|(_, n)| at + 1 + n == line.len());
    let statement = line.ends_with(';') && !line.rfind('&').is_some_and(ends_so);
    let block = line.ends_with('{') || line.starts_with('}');
    let comment = line.starts_with("//") || line.starts_with("/*") || line.starts_with("#include");
    let call = line.contains("();") || line.contains(");") || line.contains(") {");
    let assigned = line.contains(" = ") || line.contains("==") || line.contains("=\"") || line.contains("=>");
    let dollar = line.starts_with('$') || line.contains("->") || line.contains("::");
    [statement, block, comment, call, assigned, dollar].iter().filter(|sign| **sign).count() >= 2
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn references_are_decoded() {
        let profile = Profile::none().with("entities", Setting::On).unwrap();
        for (broken, right) in [
            ("R&D at AT&T", "R&D at AT&T"),
            ("R&amp;D &lt;3", "R&D <3"),
            ("1 &amp;lt; 2 &amp;amp;amp;gt; 0", "1 < 2 > 0"),
            ("caf&amp;eacute; &amp;#233;t&#38;#233;", "café été"),
            ("&laquo;Bien s&ucirc;r&raquo;", "«Bien sûr»"),
            ("https://example.org/?a=1&copy=2&lt=3&amp=4", "https://example.org/?a=1&copy=2&lt=3&amp=4"),
            ("&l&#116;;", "&l&#116;;"),
            ("&a&#8203;mp;", "&a&#8203;mp;"),
            ("first\n<b>t&ecirc;te &lt; &amp;</b>\n&eacute;", "first\n<b>tête &lt; &amp;</b>\né"),
            ("write '&nbsp;' or `&lt;` (&amp;) for it", "write '&nbsp;' or `&lt;` (&amp;) for it"),
            ("`&lt;div&gt;` &amp; ``a ` &amp;``, it`s Q&amp;A", "`&lt;div&gt;` & ``a ` &amp;``, it`s Q&A"),
            ("```\na &lt; b\n``` &lt; `c\n&lt; d`", "```\na &lt; b\n``` < `c\n< d`"),
            ("a.text = b.replace(x, y &amp;&amp; z);", "a.text = b.replace(x, y &amp;&amp; z);"),
            ("if (a &lt; b &amp;&amp; c == d) {", "if (a &lt; b &amp;&amp; c == d) {"),
            ("3 &lt; 4 &amp; 5 &gt; 4;", "3 < 4 & 5 > 4;"),
            ("Tom &amp; Jerry &copy; 2020;", "Tom & Jerry © 2020;"),
            ("&", "&"),
            ("&&&amp;", "&&&"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }

    #[test]
    fn as_ftfy_does() {
        for (broken, right) in [
            ("caf&eacute; &nbsp &amp;lt;", "café &nbsp <"),
            ("&eacute;\na < b &eacute;\n&eacute;", "é\na < b &eacute;\n&eacute;"),
            ("'&lt;'", "'<'"),
            ("a &#59; b", "a &#59; b"),
        ] {
            assert_eq!(repair(broken, &Profile::ftfy()), right, "{broken:?}");
        }
    }
}
