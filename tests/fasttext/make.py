"""Trains the models of this folder with the reference implementation and writes down what it answers.

    python3 -m venv VENV && VENV/bin/pip install 'numpy<2' fasttext-wheel==0.9.2
    VENV/bin/python tests/fasttext/make.py                 # the models of this folder
    VENV/bin/python tests/fasttext/make.py --every DIR     # every loss with every option, some 100 MB
    FASTTEXT_MODELS=DIR cargo test --test fasttext         # compares those

The texts are those of tests/cases/identify.toml.
"""

import itertools
import json
import pathlib
import sys
import tempfile
import tomllib

import fasttext

fasttext.FastText.eprint = lambda *_: None
HERE = pathlib.Path(__file__).parent
CASES = tomllib.loads((HERE.parent / "cases/identify.toml").read_text("utf-8"))["case"]
CASES = [case for case in CASES if not case["label"].startswith(("und", "zxx"))]

# What the reader must divide into words as the reference does.
ODD = [
    "", " ", "\t\r", "a", "ж", "漢字", "🎉 🎉", "the the the the", "the\u00a0the", "the\vthe\fder\rdie\0und\tles",
    "the </s> und die", "</s>", "the </s>the", "__label__en the", "__label__nothing the", "the __label__", "<the>",
    "x" * 500, "ab" * 300 + " the", "É é ÿ \u07ff \u0800 \uffff \U0010ffff",
]

# Name, languages to train with, options of training, options of quantization.
SMALL = dict(dim=4, bucket=300, epoch=300, lr=0.5)
COMMITTED = [
    ("softmax.bin", 24, dict(loss="softmax", minn=1, maxn=3), None),
    ("tree.bin", 24, dict(loss="hs", minn=2, maxn=4, wordNgrams=2), None),
    ("each.bin", 12, dict(loss="ova", wordNgrams=3), None),
    ("words.bin", 12, dict(loss="ns"), None),
    ("pruned.ftz", 24, dict(loss="hs", minn=2, maxn=4), dict(cutoff=300, retrain=True, qnorm=True)),
    ("codes.ftz", 0, dict(loss="softmax", minn=2, maxn=2, dim=5), dict(qnorm=True, qout=True, dsub=2)),
]


def training(languages):
    """Lines for that many languages; 0 for a made-up language a line, so many that their matrix can be quantized."""
    if languages == 0:
        words = " ".join(case["text"] for case in CASES).split()
        codes = ("q" + a + b for a, b in itertools.product("abcdefghijklmnopqrst", "abcdefghijklmno"))
        return [f"__label__{code}_Latn {' '.join(words[i::300][:1])}" for i, code in enumerate(codes)]
    # Some labels with a script and some without.
    chosen = sorted({case["label"] for case in CASES})[::2][:languages]
    stored = {label: label if i % 3 else label[:3] for i, label in enumerate(chosen)}
    return [f"__label__{stored[case['label']]} {case['text']}" for case in CASES if case["label"] in stored]


def make(path, languages, options, quantization):
    with tempfile.TemporaryDirectory() as folder:
        lines = pathlib.Path(folder, "lines.txt")
        lines.write_text("\n".join(training(languages)) + "\n", "utf-8")
        model = fasttext.train_supervised(str(lines), thread=1, minCount=1, verbose=0, **{**SMALL, **options})
        if quantization is not None:
            model.quantize(input=str(lines), thread=1, verbose=0, **quantization)
        model.save_model(str(path))


def answers(path, best, texts):
    """What the reference says: labels and scores, best first."""
    model = fasttext.load_model(str(path))
    for text in texts:
        found = model.f.predict(text + "\n", best, 0.0, "strict")
        yield {"model": path.name, "text": text, "answers": [[label, round(score, 6)] for score, label in found]}


def write(folder, models, best, texts):
    with open(folder / "expected.jsonl", "w", encoding="utf-8") as out:
        for name, *how in models:
            make(folder / name, *how)
            for answer in answers(folder / name, best, texts):
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")


def every():
    """Every loss with every option."""
    letters = [{}, dict(minn=1, maxn=1), dict(minn=2, maxn=5), dict(minn=0, maxn=3)]
    trained = [{}, *letters[1:], *({**l, "wordNgrams": n} for l in letters for n in (2, 3))]
    quantized = [
        None, {}, dict(qnorm=True), dict(dsub=3), dict(cutoff=400), dict(cutoff=400, retrain=True, qnorm=True),
        dict(qout=True), dict(qout=True, qnorm=True, dsub=4), dict(qout=True, cutoff=300, qnorm=True),
    ]
    shapes = [dict(dim=7, bucket=1000), dict(dim=16, bucket=20000)]
    for number, (loss, options, how, shape) in enumerate(
        itertools.product(("softmax", "hs", "ova", "ns"), trained, quantized, shapes)
    ):
        languages = 0 if how and "qout" in how else 60
        yield (f"{number}.bin", languages, dict(loss=loss, epoch=10, **shape, **options), how)


if __name__ == "__main__":
    texts = [case["text"] for case in CASES]
    if sys.argv[1:2] == ["--every"]:
        target = pathlib.Path(sys.argv[2])
        target.mkdir(parents=True, exist_ok=True)
        write(target, every(), -1, texts[::4] + ODD)
    else:
        write(HERE, COMMITTED, 3, texts[::16] + ODD)
