"""A Python peer on the bytes of BABELSIFT_DATA/encoding.

    encodings.py answer PEER DATA OUT    writes OUT/PEER/*.txt, a label a line
    encodings.py speed PEER DATA         prints a row of the table of speeds: MB/s of processor time on legacy paragraphs

`benches/peers/encodings` calls it in the environment that it made.
"""
import base64
import json
import sys
import time
from pathlib import Path


def chardet():
    import chardet

    return lambda raw: chardet.detect(raw)["encoding"]


def charset_normalizer():
    from charset_normalizer import from_bytes

    def ask(raw):
        best = from_bytes(raw).best()
        return best and best.encoding

    return ask


def cchardet():
    import cchardet

    return lambda raw: cchardet.detect(raw)["encoding"]


def resiliparse():
    from resiliparse.parse.encoding import detect_encoding

    return lambda raw: detect_encoding(raw, from_html_meta=False)


PEERS = {
    "chardet": chardet,
    "charset-normalizer": charset_normalizer,
    "faust-cchardet": cchardet,
    "resiliparse": resiliparse,
}


def paragraphs(folder):
    """Bytes and encoding of each."""
    with open(folder / "paragraphs_dev.tsv", encoding="utf8", newline="\n") as rows:
        next(rows)
        for row in rows:
            _, raw, _, encoding, _ = row.split("\t", 4)
            yield base64.b64decode(raw), encoding


def mixed(folder):
    """Each file and the places of its paragraphs."""
    for about in sorted((folder / "mixed_dev").glob("*.json")):
        places = [(p["start"], p["end"]) for p in json.loads(about.read_text(encoding="utf8"))["paras"]]
        yield about.with_suffix(".bin").read_bytes(), places


def answer(ask, folder, out):
    out.mkdir(parents=True, exist_ok=True)
    files = list(mixed(folder))
    sets = {
        "paragraphs": (raw for raw, _ in paragraphs(folder)),
        "files": (raw for raw, _ in files),
        "parts": (raw[start:end] for raw, places in files for start, end in places),
    }
    for name, items in sets.items():
        labels = "".join(f"{ask(raw) or ''}\n" for raw in items)
        (out / f"{name}.txt").write_text(labels, encoding="utf8")


def speed(ask, texts):
    size = sum(map(len, texts))
    for text in texts[::20]:
        ask(text)
    start, passes = time.process_time(), 0
    while time.process_time() - start < 0.2:
        for text in texts:
            ask(text)
        passes += 1
    return size * passes / 1e6 / (time.process_time() - start)


if __name__ == "__main__":
    what, peer, data = sys.argv[1:4]
    folder = Path(data) / "encoding"
    if what == "answer":
        answer(PEERS[peer](), folder, Path(sys.argv[4]) / peer)
    else:
        seven_bits_and_utf = ("utf", "iso2022", "iso-2022", "hz", "cp037", "cp273", "cp424", "cp500", "cp1026")
        legacy = [raw for raw, encoding in paragraphs(folder) if not encoding.startswith(seven_bits_and_utf)]
        found = speed(PEERS[peer](), legacy[:: len(legacy) // 1000][:1000])
        print(f"| {peer} (Python) | – | {found:.2f} | – | – |")
