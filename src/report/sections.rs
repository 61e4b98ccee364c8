//! Sections of the page: encodings, repairs, rejects, samples, inputs, configuration.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::chart;
use super::examples::{Example, Origin};
use super::markup::{Markup, grouped, names, percent, plural};
use super::page::{language, section, size};
use super::{Count, Paper, Report};
use crate::config::Config;
use crate::reason::REASONS;
use crate::repair::REPAIRS;
use crate::sink::Ledger;

/// Inputs that are told one by one.
const INPUTS: usize = 20;

/// By bytes, most first.
fn sorted(counts: &BTreeMap<String, Count>) -> Vec<(&str, Count)> {
    let mut rows: Vec<_> = counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    rows.sort_by_key(|(name, count)| (Reverse(count.bytes), *name));
    rows
}

/// Encodings found, and found where another was declared.
pub(super) fn encodings(out: &mut Markup, report: &Report) {
    if report.encodings.is_empty() {
        return;
    }
    section(out, "encodings", "Encodings", "Each line is decoded from its own encoding. ASCII counts as UTF-8.");
    let whole: u64 = report.encodings.values().map(|c| c.bytes).sum();
    table(out, "encoding", "lines", &sorted(&report.encodings), whole);
    if report.malformed > 0 {
        out.raw("<p>").value(grouped(report.malformed));
        out.raw(" byte sequences that their encoding does not explain became U+FFFD.</p>\n");
    }
    if !report.declared.is_empty() {
        out.raw("<h3>Declared and found</h3>\n<p class=\"about\">Of documents that name their encoding, without lines of ASCII.</p>\n<table class=\"plain\">\n<thead><tr><th>declared</th><th>found</th>");
        out.raw("<th class=\"n\">lines</th><th class=\"n\">bytes</th></tr></thead>\n<tbody>\n");
        for (declared, found) in &report.declared {
            for (name, count) in sorted(found) {
                let class = if name == declared { "same" } else { "differs" };
                out.raw("<tr class=\"").raw(class).raw("\"><td><code>").text(declared).raw("</code></td><td><code>");
                out.text(name).raw("</code></td><td class=\"n\">").value(grouped(count.count));
                out.raw("</td><td class=\"n\">").value(grouped(count.bytes)).raw("</td></tr>\n");
            }
        }
        out.raw("</tbody>\n</table>\n");
    }
    out.raw("</section>\n");
}

/// A table of names with bars.
fn table(out: &mut Markup, what: &str, unit: &str, rows: &[(&str, Count)], whole: u64) {
    let most = rows.iter().map(|r| r.1.bytes).max().unwrap_or(0);
    out.raw("<table class=\"flow\">\n<thead><tr><th>").text(what).raw("</th><th></th><th class=\"n\">").text(unit);
    out.raw("</th><th class=\"n\">bytes</th><th class=\"n\">share</th></tr></thead>\n<tbody>\n");
    for (name, count) in rows {
        out.raw("<tr><th scope=\"row\">").text(name).raw("</th><td class=\"chart\">");
        chart::bar(out, &[("kept", 0, count.bytes)], most);
        out.raw("</td><td class=\"n\">").value(grouped(count.count)).raw("</td><td class=\"n\">");
        out.value(grouped(count.bytes)).raw("</td><td class=\"n\">").value(percent(count.bytes, whole));
        out.raw("</td></tr>\n");
    }
    out.raw("</tbody>\n</table>\n");
}

/// Repairs by kind, with examples.
pub(super) fn repairs(out: &mut Markup, report: &Report) {
    if report.repairs.is_empty() && report.flags.is_empty() {
        return;
    }
    let about = format!(
        "{} of {} paragraphs were repaired. Each kind with the first examples of the input.",
        grouped(report.repaired),
        grouped(report.paragraphs)
    );
    section(out, "repairs", "Repairs", &about);
    let mut kinds: Vec<_> = report.repairs.iter().collect();
    kinds.sort_by_key(|(name, count)| (Reverse(**count), name.as_str()));
    for (name, count) in kinds {
        let about = REPAIRS.iter().find(|r| r.repair.name() == name).map_or("", |r| r.repair.about());
        kind(out, name, about, &plural(*count, "paragraph"));
        for example in report.examples.repairs.get(name).into_iter().flatten() {
            out.raw("<li><p class=\"change\"><bdi dir=\"auto\">");
            out.visible(&example.lead).raw("<del>").visible(&example.before).raw("</del><ins>").visible(&example.after);
            out.raw("</ins>").visible(&example.tail).raw("</bdi></p>");
            origin(out, &example.origin);
            out.raw("</li>\n");
        }
        out.raw("</ul>\n</article>\n");
    }
    if !report.flags.is_empty() {
        let flags: Vec<_> = report.flags.iter().map(|(name, n)| format!("{name} in {}", grouped(*n))).collect();
        out.raw("<p>Found and left as it was, in paragraphs: ").text(&flags.join(", ")).raw(".</p>\n");
    }
    out.raw("</section>\n");
}

/// Reasons of rejection, with examples.
pub(super) fn rejects(out: &mut Markup, report: &Report) {
    if report.reasons.is_empty() && report.skipped.is_empty() {
        return;
    }
    section(out, "rejects", "Rejects", "All of it is in rejects/, each with its reason and where it came from.");
    for (name, count) in sorted(&report.reasons) {
        let about = REASONS.iter().find(|r| r.1 == name).map_or("", |r| r.3);
        kind(out, name, about, &format!("{}, {}", plural(count.count, "time"), size(count.bytes)));
        for example in report.examples.reasons.get(name).into_iter().flatten() {
            reject(out, example);
        }
        out.raw("</ul>\n</article>\n");
    }
    if !report.skipped.is_empty() {
        out.raw(
            "<h3>Passed over</h3>\n<p class=\"about\">Records that were not wanted. Their bytes are structure.</p>\n",
        );
        let whole: u64 = report.skipped.values().map(|c| c.bytes).sum();
        table(out, "reason", "records", &sorted(&report.skipped), whole);
    }
    out.raw("</section>\n");
}

fn reject(out: &mut Markup, example: &Example) {
    out.raw("<li>");
    if !example.before.is_empty() {
        out.raw("<p class=\"change\">").foreign(&example.before, "").raw("</p>");
    }
    origin(out, &example.origin);
    out.raw("</li>\n");
}

fn kind(out: &mut Markup, name: &str, about: &str, count: &str) {
    out.raw("<article class=\"kind\">\n<h3>")
        .text(name)
        .raw(" <span class=\"count\">")
        .text(count)
        .raw("</span></h3>\n");
    if !about.is_empty() {
        out.raw("<p class=\"about\">").text(about).raw("</p>\n");
    }
    out.raw("<ul>\n");
}

fn origin(out: &mut Markup, origin: &Origin) {
    out.raw("<p class=\"origin\">").foreign(&origin.file_path, "").raw(", record ").value(origin.record);
    if origin.part > 0 {
        out.raw(", part ").value(origin.part);
    }
    out.raw("</p>");
}

/// Documents before and after.
pub(super) fn samples(out: &mut Markup, report: &Report) {
    if report.examples.documents.is_empty() {
        return;
    }
    section(
        out,
        "samples",
        "Before and after",
        "The first documents of the input that changed, no two with the same encoding and repairs. Before: their bytes, \
         taken for UTF-8.",
    );
    for sample in &report.examples.documents {
        let (.., tag) = names(&sample.label);
        out.raw("<article class=\"sample\">\n<h3>");
        language(out, &sample.label);
        out.raw(" <span class=\"count\">").text(&sample.encoding);
        if !sample.repairs.is_empty() {
            out.raw(", ").text(&sample.repairs.join(", "));
        }
        out.raw("</span></h3>\n<div class=\"pair\"><div><h4>before</h4><p>").foreign(&sample.before, "");
        out.raw("</p></div><div><h4>after</h4><p>").foreign(&sample.after, &tag).raw("</p></div></div>\n");
        origin(out, &sample.origin);
        out.raw("\n</article>\n");
    }
    out.raw("</section>\n");
}

/// The largest inputs and what became of them.
pub(super) fn inputs(out: &mut Markup, ledger: &Ledger) {
    let mut rows: Vec<_> = ledger.inputs.iter().collect();
    rows.sort_by_key(|input| (Reverse(input.sums.read), input.path.as_str()));
    let more = rows.len().saturating_sub(INPUTS);
    let about = if more > 0 {
        format!("The largest {INPUTS}; ledger.json has the other {}.", grouped(more as u64))
    } else {
        String::new()
    };
    section(out, "inputs", "Inputs", &about);
    out.raw("<p class=\"legend\"><i class=\"kept\"></i>kept <i class=\"rejected\"></i>rejected <i class=\"structure\"></i>structure</p>\n");
    out.raw("<table class=\"flow\">\n<thead><tr><th>input</th><th></th><th class=\"n\">bytes</th><th class=\"n\">kept</th></tr></thead>\n<tbody>\n");
    let most = rows.first().map_or(0, |input| input.sums.read);
    for input in rows.iter().take(INPUTS) {
        let sums = &input.sums;
        let (kept, rejected) = (sums.kept_bytes(), sums.kept_bytes() + sums.rejected_bytes());
        out.raw("<tr><th scope=\"row\">").foreign(&input.path, "").raw("</th><td class=\"chart\">");
        let rest = rejected + sums.structure;
        chart::bar(out, &[("kept", 0, kept), ("rejected", kept, rejected), ("structure", rejected, rest)], most);
        out.raw("</td><td class=\"n\">").value(grouped(sums.read)).raw("</td><td class=\"n\">");
        out.value(percent(kept, sums.read)).raw("</td></tr>\n");
    }
    out.raw("</tbody>\n</table>\n</section>\n");
}

/// The settings, and a command that makes the folder again.
pub(super) fn configuration(out: &mut Markup, paper: &Paper) {
    let about = "Settings that differ from their defaults are in the command; the number of threads and the size of batches \
                 change nothing in the output. The words of the call and how long each input took are not part of the folder, \
                 which is the same however it was made: --status-file and --log-format json tell them.";
    section(out, "configuration", "Command and configuration", about);
    let settings = serde_json::to_value(&paper.configuration).unwrap_or_default();
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    let settings: Vec<(&String, &serde_json::Value)> = settings.as_object().into_iter().flatten().collect();
    let changed = |name: &str, value: &serde_json::Value| defaults.get(name) != Some(value);
    let shown = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        // A single-precision number shows its own digits.
        serde_json::Value::Number(n) if n.is_f64() => (n.as_f64().unwrap_or_default() as f32).to_string(),
        other => other.to_string(),
    };
    let mut command = "babelsift run INPUT... --out DIR".to_owned();
    for (name, value) in settings.iter().filter(|(name, value)| changed(name, value)) {
        command += &match value {
            serde_json::Value::Bool(true) => format!(" --{name}"),
            value => format!(" --{name} {}", quoted(&shown(value))),
        };
    }
    out.raw("<pre>").visible(&command).raw("</pre>\n<table class=\"plain settings\">\n<tbody>\n");
    for (name, value) in settings {
        let class = if changed(name, value) { "differs" } else { "same" };
        out.raw("<tr class=\"").raw(class).raw("\"><th scope=\"row\"><code>").text(name).raw("</code></th><td>");
        out.visible(Some(shown(value)).filter(|v| !v.is_empty()).as_deref().unwrap_or("none")).raw("</td></tr>\n");
    }
    out.raw("</tbody>\n</table>\n</section>\n");
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=%+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
