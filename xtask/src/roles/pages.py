#!/usr/bin/env python3
"""pages.py FOLDER > MORE.jsonl: lines of pages of which only some phrases are known to be content, or not.

FOLDER has manifest.jsonl: objects with `url`, `file`, `detected` (an encoding), `with` and `without` (phrases). Lines are
cut at block elements; one with a phrase of `with` is content (1), one with a phrase of `without` is none (0), the others
are undecided (-1). For `cargo xtask roles ... more=MORE.jsonl`.
"""
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

BLOCK = set(
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu meta nav ol optgroup option p "
    "pre section select source summary table tbody td textarea tfoot th thead title tr ul video".split()
)
SKIP = set("script style noscript template svg".split())


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


class Lines(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines, self.line, self.skipped = [], [], 0

    def end_line(self):
        line = squeezed("".join(self.line))
        self.line = []
        if line:
            self.lines.append(line)

    def handle_starttag(self, tag, _):
        self.skipped += tag in SKIP
        if tag in BLOCK:
            self.end_line()

    def handle_endtag(self, tag):
        if tag in SKIP:
            self.skipped = max(0, self.skipped - 1)
        if tag in BLOCK:
            self.end_line()

    def handle_data(self, data):
        if not self.skipped:
            self.line.append(data)


def main(folder):
    for row in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(row)
        if not page["with"] and not page["without"]:
            continue
        parser = Lines()
        parser.feed((folder / page["file"]).read_bytes().decode(page["detected"] or "utf-8", "replace"))
        parser.end_line()
        inside = [squeezed(p) for p in page["with"] or [] if squeezed(p)]
        outside = [squeezed(p) for p in page["without"] or [] if squeezed(p)]

        def gold(line):
            content, other = any(p in line for p in inside), any(p in line for p in outside)
            return -1 if content == other else int(content)

        lines = [[line, gold(line)] for line in parser.lines]
        print(json.dumps({"url": page["url"], "lines": lines}, ensure_ascii=False))


main(Path(sys.argv[1]))
