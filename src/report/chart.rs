//! Charts as inline SVG. Places are in per cent of the width, so that a chart is as wide as there is room, and no text is
//! in it that could become too small.

use super::markup::Markup;

/// A bar of stretches one behind the other: `(class, start, end)` of a whole.
pub(super) fn bar(out: &mut Markup, stretches: &[(&str, u64, u64)], whole: u64) {
    let place = |at: u64| at as f64 * 100.0 / whole.max(1) as f64;
    out.raw("<svg class=\"bar\" aria-hidden=\"true\">");
    for &(class, start, end) in stretches.iter().filter(|s| s.2 > s.1) {
        // What is there can be seen, however little it is.
        let width = (place(end) - place(start)).max(0.25);
        let x = place(start).min(100.0 - width);
        out.raw("<rect class=\"").raw(class);
        out.value(format_args!("\" x=\"{x:.2}%\" width=\"{width:.2}%\" height=\"100%\"/>"));
    }
    out.raw("</svg>");
}

/// Height of a histogram, in its own units.
const HEIGHT: f64 = 24.0;

/// A small histogram; `title` says in words what it shows.
pub(super) fn histogram(out: &mut Markup, counts: &[u64], title: &str) {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let width = counts.len() * 6;
    out.value(format_args!("<svg class=\"histogram\" role=\"img\" viewBox=\"0 0 {width} {HEIGHT}\"><title>"));
    out.text(title).raw("</title>");
    out.value(format_args!("<rect class=\"ground\" y=\"{:.1}\" width=\"{width}\" height=\"0.5\"/>", HEIGHT - 0.5));
    for (i, &count) in counts.iter().enumerate().filter(|(_, c)| **c > 0) {
        let tall = (count as f64 / most * (HEIGHT - 1.0)).max(1.0);
        let (x, y) = (i * 6, HEIGHT - tall);
        out.value(format_args!("<rect class=\"kept\" x=\"{x}\" y=\"{y:.1}\" width=\"5\" height=\"{tall:.1}\"/>"));
    }
    out.raw("</svg>");
}
