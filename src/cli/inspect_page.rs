//! `inspect --html`: the objects of `inspect --json` as a page for people.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::reason::REASONS;
use crate::report::markup::{Markup, names};

/// Candidates that are told.
const RUNNERS_UP: usize = 4;

/// The page up to the first document.
pub(super) fn head(name: &str) -> String {
    let mut out = Markup::page(&format!("{name} – babelsift inspect"));
    out.raw("<header>\n<h1>").foreign(name, "").raw("</h1>\n<p class=\"about\">What babelsift ");
    out.text(env!("CARGO_PKG_VERSION")).raw(" would do with it, paragraph by paragraph.</p>\n</header>\n");
    out.0
}

/// The end of the page.
pub(super) fn foot() -> String {
    let mut out = Markup::default();
    out.end();
    out.0
}

/// One document, as `inspect --json` tells it.
pub(super) fn document(object: &Value) -> String {
    let mut out = Markup::default();
    out.raw("<section>\n<h2>Record ").text(&word(&object["record"]));
    if object["part"] != 0 {
        out.raw(", part ").text(&word(&object["part"]));
    }
    out.raw(" <span class=\"count\">bytes ").text(&range(&object["source"])).raw("</span></h2>\n");
    if object["found"].is_object() {
        out.raw("<p class=\"notes\">").text(&word(&object["found"]["record"]["id"])).raw(" in <code>");
        out.text(&word(&object["found"]["file"])).raw("</code>, from <code>");
        out.visible(&word(&object["file_path"])).raw("</code>");
        out.raw(if object["found"]["agrees"] == true { "" } else { ", which has another text" }).raw("</p>\n");
    }
    if !object["entry"].is_null() {
        out.raw("<p class=\"notes\">entry <code>").visible(&word(&object["entry"])).raw("</code></p>\n");
    }
    if let Some(reason) = object["reason"].as_str() {
        out.raw("<p class=\"verdict\">rejected: ").text(reason).raw("</p>\n");
        why(&mut out, reason);
        out.raw("<p class=\"about\">").visible(&word(&object["detail"])).raw("</p>\n");
        bytes(&mut out, &object["bytes"]);
    }
    for paragraph in list(&object["paragraphs"]) {
        out.raw("<div class=\"paragraph\">\n");
        decoding(&mut out, paragraph);
        out.raw("<div>\n");
        list(&paragraph["fragments"]).iter().for_each(|f| fragment(&mut out, f));
        changes(&mut out, paragraph);
        out.raw("</div>\n</div>\n");
    }
    out.raw("</section>\n");
    out.0
}

/// How the paragraph was decoded, and what else its bytes may be.
fn decoding(out: &mut Markup, paragraph: &Value) {
    let encoding = word(&paragraph["encoding"]);
    out.raw("<aside>\n<p><code>").text(&encoding).raw("</code> ").text(&word(&paragraph["encoding_score"]));
    out.raw("</p>\n<p>").text(&word(&paragraph["evidence"])).raw("</p>\n");
    let others = list(&paragraph["candidates"]).iter().filter(|c| c[0] != paragraph["encoding"]);
    for candidate in others.take(RUNNERS_UP) {
        out.raw("<p>or <code>")
            .text(&word(&candidate[0]))
            .raw("</code> ")
            .text(&word(&candidate[1]).replace('-', "\u{2212}"))
            .raw(" bits</p>\n");
    }
    for (name, least, what) in [("lines", 2, "lines joined"), ("malformed", 1, "malformed")] {
        if paragraph[name].as_u64() >= Some(least) {
            out.raw("<p>").text(&word(&paragraph[name])).raw(" ").raw(what).raw("</p>\n");
        }
    }
    out.raw("</aside>\n");
}

fn fragment(out: &mut Markup, fragment: &Value) {
    let (label, verdict) = (word(&fragment["label"]), word(&fragment["verdict"]));
    let (name, _, tag) = names(&label);
    let kept = verdict == "keep";
    out.raw("<div class=\"fragment").raw(if kept { "" } else { " drop" }).raw("\"");
    if kept && !name.is_empty() && !label.starts_with("und") && !label.starts_with("zxx") {
        out.value(format_args!(" style=\"--hue: hsl({} 55% 50%)\"", hue(&label)));
    }
    out.raw(">\n<p>").foreign(word(&fragment["text"]).trim(), &tag).raw("</p>\n<p class=\"notes\">");
    out.text(name).raw(" <code>").text(&label).raw("</code> ").text(&word(&fragment["score"]));
    if let Some(alone) = fragment["alone"]["label"].as_str().filter(|alone| *alone != label) {
        out.raw(", by itself <code>").text(alone).raw("</code> ").text(&word(&fragment["alone"]["score"]));
    }
    out.raw(" · ").text(&word(&fragment["role"])).raw(" · bytes ").text(&range(&fragment["source"])).raw("</p>\n");
    if !kept {
        out.raw("<p class=\"verdict\">dropped: ").text(&verdict).raw("</p>\n");
        why(out, &verdict);
    }
    bytes(out, &fragment["bytes"]);
    out.raw("</div>\n");
}

/// Source bytes, those that are no ASCII as `\xFF`.
fn bytes(out: &mut Markup, base64: &Value) {
    let Some(bytes) = base64.as_str().and_then(|text| STANDARD.decode(text).ok()) else { return };
    out.raw("<p class=\"notes\"><code class=\"bytes\" dir=\"ltr\">");
    out.text(&bytes.escape_ascii().to_string()).raw("</code></p>\n");
}

fn changes(out: &mut Markup, paragraph: &Value) {
    for change in list(&paragraph["changes"]) {
        out.raw("<p class=\"notes\">").text(&word(&change["repair"])).raw(": <bdi dir=\"auto\"><del>");
        out.visible(&word(&change["before"])).raw("</del> \u{2192} <ins>").visible(&word(&change["after"]));
        out.raw("</ins></bdi></p>\n");
    }
    if !list(&paragraph["flags"]).is_empty() {
        let flags: Vec<String> = list(&paragraph["flags"]).iter().map(word).collect();
        out.raw("<p class=\"notes\">flagged: ").text(&flags.join(", ")).raw("</p>\n");
    }
}

/// What a reason means, with the setting that it depends on.
fn why(out: &mut Markup, reason: &str) {
    if let Some((.., about)) = REASONS.iter().find(|r| r.1 == reason) {
        out.raw("<p class=\"notes\">").text(about).raw("</p>\n");
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn range(value: &Value) -> String {
    format!("{}\u{2013}{}", word(&value[0]), word(&value[1]))
}

/// A colour that is the same for all fragments of a label.
fn hue(label: &str) -> u32 {
    let hash = label.bytes().fold(2_166_136_261, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    (hash >> 16) % 360
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let fragment = serde_json::json!({
            "text": "<script>\u{202e}x</script>", "source": [0, 9], "label": "eng_Latn", "score": 0.9, "role": "content",
            "verdict": "too-short",
        });
        let page = document(&serde_json::json!({
            "record": 0, "part": 0, "source": [0, 9], "paragraphs": [{
                "encoding": "windows-1252", "encoding_score": 0.8, "evidence": "letters", "lines": 1, "malformed": 0,
                "candidates": [["windows-1252", 3.5], ["windows-1250", -3.5]], "flags": [], "fragments": [fragment],
                "changes": [{"repair": "entities", "before": "&lt;", "after": "<"}],
            }],
        }));
        for part in [
            "&lt;script&gt;<b class=\"u\">U+202E</b>x",
            "<del>&amp;lt;</del> \u{2192} <ins>&lt;</ins>",
            "or <code>windows-1250</code> \u{2212}3.5 bits",
            "dropped: too-short",
            "fewer letters than --min-letters",
        ] {
            assert!(page.contains(part), "{part} is not in {page}");
        }
        assert!(!page.contains("<script") && !page.contains('\u{202e}'));
    }
}
