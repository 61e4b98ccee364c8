#!/usr/bin/env python3
"""Opens the pages of babelsift in headless Chromium: takes pictures, and fails where something is not as it should be.

usage: shots.py BABELSIFT OUT    (the program; a folder for the pictures)

Runs the program over corpus/, opens report.html and inspect --html, wide, narrow, light, dark and as it is printed, and looks
for text that overflows, labels that are cut, contrast that is too weak, right-to-left text that is turned around, requests to
anywhere, and numbers that are not those of report.json. Needs Python 3.9 and `chromium`, nothing else; ends with status 77 where
there is no browser.
"""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe"]
WIDTHS = {"wide": 1280, "middle": 800, "narrow": 360}
# A page higher than this is photographed in part.
HIGHEST = 12000


class Browser:
    """Chromium, spoken to through a pipe: JSON messages with a zero byte behind each."""

    def __init__(self, program, profile):
        to_browser, self.write = os.pipe()
        self.read, from_browser = os.pipe()

        def connect():
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        # Descriptors are moved out of the way of 3 and 4 first.
        to_browser, from_browser = (self.high(fd) for fd in (to_browser, from_browser))
        self.process = subprocess.Popen([program, *FLAGS, f"--user-data-dir={profile}", "about:blank"], close_fds=False,
                                        preexec_fn=connect, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.rest, self.number, self.session, self.events = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    @staticmethod
    def high(fd):
        import fcntl
        moved = fcntl.fcntl(fd, fcntl.F_DUPFD, 10)
        os.close(fd)
        os.set_inheritable(moved, True)
        return moved

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.read, 1 << 20)
            if not piece:
                raise SystemExit("the browser ended")
            self.rest += piece
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def ask(self, script):
        answer = self.call("Runtime.evaluate", expression=f"JSON.stringify((() => {{ {script} }})())", returnByValue=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"{answer['exceptionDetails']}")
        return json.loads(answer["result"]["value"])

    def look(self, width, scheme, media="screen"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def shoot(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], HIGHEST), "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        os.write(self.write, json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
        self.process.wait(20)


# What is wider than the page, or than the cell or box that it is in; text that is cut off.
OVERFLOW = """
const found = [], width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width) found.push('the page is ' + document.documentElement.scrollWidth + ' wide');
for (const e of document.querySelectorAll('body *')) {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  if (box.width === 0 || e.closest('svg')) continue;
  const name = e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 40);
  if (box.right > width + 1 || box.left < -1) found.push('beyond the page: ' + name);
  if (style.display !== 'inline' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0) found.push('overflows: ' + name);
  if (style.textOverflow === 'ellipsis' && e.scrollWidth > e.clientWidth) found.push('cut: ' + name);
}
return found.slice(0, 10);
"""

# Contrast of every text with what is behind it (WCAG 2: 4.5, large text 3).
CONTRAST = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgba = color => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255);
};
const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
const light = c => { const f = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  return .2126 * f(c[0]) + .7152 * f(c[1]) + .0722 * f(c[2]); };
const ground = e => { const own = rgba(getComputedStyle(e).backgroundColor);
  return own[3] === 1 ? own : over(own, e.parentElement ? ground(e.parentElement) : [1, 1, 1, 1]); };
const found = new Map();
for (const e of document.querySelectorAll('body *')) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length) continue;
  const style = getComputedStyle(e), back = ground(e), front = rgba(style.color);
  front[3] *= Number(style.opacity);
  const pair = [light(over(front, back)), light(back)].sort((a, b) => b - a);
  const ratio = (pair[0] + .05) / (pair[1] + .05), size = parseFloat(style.fontSize);
  if (ratio < (size >= 24 ? 3 : 4.5)) found.set(e.tagName + '.' + e.className, ratio.toFixed(2) + ' ' + e.textContent.slice(0, 30));
}
return [...found].slice(0, 10);
"""

# Letters that no font of the system has: they are drawn as boxes of one and the same look.
FONTS = """
const canvas = document.createElement('canvas'), pen = canvas.getContext('2d', {willReadFrequently: true});
canvas.width = canvas.height = 40;
const draw = (text, font) => { pen.clearRect(0, 0, 40, 40); pen.font = '24px ' + font; pen.fillText(text, 4, 30);
  return pen.getImageData(0, 0, 40, 40).data.join(); };
const font = getComputedStyle(document.body).fontFamily, missing = draw('\\u{10FFFE}', font);
return Object.entries({Thai: 'ก', Devanagari: 'क', Han: '漢', Kana: 'あ', Hangul: '한', Arabic: 'ع', Hebrew: 'ש', Cyrillic: 'ж'})
  .filter(([_, letter]) => draw(letter, font) === missing).map(([script]) => script);
"""

# Text of right-to-left scripts: its first letter is at the right of its last in a line.
RIGHT_TO_LEFT = """
let seen = 0; const wrong = [];
for (const e of document.querySelectorAll('bdi')) {
  const node = e.firstChild;
  if (!node || node.nodeType !== 3 || !/^[\\u0590-\\u07ff]{3}/.test(node.data)) continue;
  const range = document.createRange(), at = i => { range.setStart(node, i); range.setEnd(node, i + 1); return range.getBoundingClientRect(); };
  const [a, b] = [at(0), at(2)];
  if (Math.abs(a.top - b.top) > 4) continue;
  seen++;
  if (a.left < b.left) wrong.push(node.data.slice(0, 20));
}
return {seen, wrong};
"""


def checks(browser, name, problems):
    problems += [f"{name}: {what}" for what in browser.ask(OVERFLOW)]
    problems += [f"{name}: contrast of {what[0]} is {what[1]}" for what in browser.ask(CONTRAST)]
    turned = browser.ask(RIGHT_TO_LEFT)
    problems += [f"{name}: turned around: {what}" for what in turned["wrong"]]
    for event in browser.events:
        url = event.get("params", {}).get("request", {}).get("url", "file:")
        if event.get("method") == "Network.requestWillBeSent" and not url.startswith("file:"):
            problems.append(f"{name}: asks for {url}")
        if event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
            problems.append(f"{name}: {event['params']['entry']['text']}")
    return turned["seen"]


def content(browser, folder, problems):
    """The page says what report.json and ledger.json say."""
    report, ledger = (json.loads((folder / name).read_text()) for name in ("report.json", "ledger.json"))
    text = browser.ask("return document.body.innerText")
    for label in report["labels"]:
        if label not in text:
            problems.append(f"report: {label} is not told")
    for name in [*report["encodings"], *report["reasons"], *report["repairs"]]:
        if name not in text:
            problems.append(f"report: {name} is not told")
    plain = text.replace("\u202f", "").replace("\u00a0", "").replace(",", "").replace(" ", "")
    for number in [report["documents"], ledger["total"]["read"], sum(ledger["total"]["kept"].values())]:
        if str(number) not in plain:
            problems.append(f"report: the number {number} is not told")
    headings = browser.ask("return [...document.querySelectorAll('h2')].map(h => h.textContent)")
    if len(headings) < 6:
        problems.append(f"report: only {headings}")


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    program, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        print("no chromium: no pictures", file=sys.stderr)
        sys.exit(77)
    out.mkdir(parents=True, exist_ok=True)
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        folder = scratch / "out"
        subprocess.run([program, "run", "corpus", "--out", folder, "--quiet"], cwd=ROOT, check=True)
        pages = {"report": folder / "report.html"}
        for name, file in [("page", "web/travel-en.txt"), ("urdu", "scripts/ur.txt"), ("mixed", "mixed/ru-three-encodings.txt")]:
            pages[name] = scratch / f"{name}.html"
            with pages[name].open("wb") as to:
                subprocess.run([program, "inspect", f"corpus/{file}", "--html"], cwd=ROOT, check=True, stdout=to)
        mails = scratch / "mails"
        subprocess.run([program, "run", "corpus/mail", "--out", mails, "--format", "jsonl", "--quiet"], cwd=ROOT, check=True)
        record = json.loads(next(mails.glob("data/rus_Cyrl/*")).read_text().splitlines()[0])
        pages["record"] = scratch / "record.html"
        with pages["record"].open("wb") as to:
            words = [program, "inspect", mails, "--html", "--id", record["id"]]
            subprocess.run(words, cwd=ROOT, check=True, stdout=to)
        try:
            browser = Browser(chromium, scratch / "profile")
        except (OSError, SystemExit) as error:
            print(f"chromium does not start: {error}", file=sys.stderr)
            sys.exit(77)
        turned = 0
        for name, page in pages.items():
            browser.open(page)
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    browser.look(WIDTHS[width], scheme)
                    turned += checks(browser, f"{name} {width} {scheme}", problems)
                    if (width, scheme) != ("middle", "dark"):
                        browser.shoot(out / f"{name}-{width}-{scheme}.png")
            browser.look(720, "light", media="print")
            checks(browser, f"{name} print", problems)
            browser.shoot(out / f"{name}-print.png")
            pdf = browser.call("Page.printToPDF", printBackground=True)["data"]
            (out / f"{name}.pdf").write_bytes(base64.b64decode(pdf))
        browser.look(1280, "light")
        browser.open(pages["report"])
        content(browser, folder, problems)
        missing = browser.ask(FONTS)
        browser.close()
    if turned == 0:
        problems.append("no right-to-left text was seen")
    if missing:
        print(f"no font of this system has: {', '.join(missing)}")
    for problem in problems:
        print(problem)
    print(f"{len(pages)} pages, {len(problems)} problems; pictures in {sys.argv[2]}")
    sys.exit(1 if problems else 0)


main()
