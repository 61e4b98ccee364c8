"""Loads output folders with pandas, Polars, DuckDB and `datasets`, and compares what comes out.

    load.py FOLDER_OF_OUTPUT_FOLDERS

Each is named FORMAT-SCHEMA. A folder loads when each of its labels has as many records as ledger.json says, with the same
texts in all programs, and when the dataset card makes `datasets` find them by their label.
"""
import functools
import gzip
import io
import json
import sys
from pathlib import Path

import datasets
import duckdb
import pandas
import polars
import pyarrow

DATASETS = 3


def lines(path):
    """The records of JSON lines."""
    raw = path.read_bytes()
    if path.suffix == ".zst":
        # One frame after the other, which is why a stream is read.
        raw = pyarrow.input_stream(io.BytesIO(raw), compression="zstd").read()
    elif path.suffix == ".gz":
        raw = gzip.decompress(raw)
    return [json.loads(line) for line in raw.decode().splitlines()]


def readers(path):
    """Programs that read a file, and the texts they find."""
    file = str(path)
    if path.suffix == ".parquet":
        yield "pandas", lambda: pandas.read_parquet(file)["text"].tolist()
        yield "polars", lambda: polars.read_parquet(file)["text"].to_list()
        yield "polars, lazy", lambda: polars.scan_parquet(file).select("text").collect()["text"].to_list()
        yield "duckdb", lambda: [t for t, in duckdb.sql(f"select text from '{file}'").fetchall()]
    else:
        yield "python", lambda: [r["text"] for r in lines(path)]
        yield "pandas", lambda: pandas.read_json(file, lines=True)["text"].tolist()
        yield "duckdb", lambda: [t for t, in duckdb.sql(f"select text from read_json('{file}')").fetchall()]


def check(folder):
    """What is wrong with a folder, and how many times it was loaded."""
    wrong, times = [], 0
    outputs = json.loads((folder / "ledger.json").read_text())["outputs"]
    outputs = sorted((o for o in outputs if o["path"].startswith("data/")), key=lambda o: -o["bytes"])
    for number, output in enumerate(outputs):
        path, label = folder / output["path"], output["path"].split("/")[1]
        found = {}
        loaders = list(readers(path))
        # It takes a second to load a corpus whatever its size: the largest will do.
        if number < DATASETS:
            corpus = functools.partial(datasets.load_dataset, str(folder), label, split="train")
            loaders.append(("datasets", lambda: corpus()["text"][:]))
            loaders.append(("datasets, streaming", lambda: [row["text"] for row in corpus(streaming=True)]))
        for name, load in loaders:
            times += 1
            try:
                found[name] = list(load())
            except Exception as error:  # whatever a program throws, it does not load
                wrong.append(f"{path}: {name}: {type(error).__name__}: {str(error)[:300]}")
                continue
            if len(found[name]) != output["records"]:
                wrong.append(f"{path}: {name}: {len(found[name])} records, not {output['records']}")
        if len({tuple(texts) for texts in found.values()}) > 1:
            wrong.append(f"{path}: other texts in {', '.join(found)}")
    return wrong, times


def main():
    datasets.disable_progress_bars()
    failed = False
    for folder in sorted(p for p in Path(sys.argv[1]).iterdir() if (p / "ledger.json").is_file()):
        wrong, times = check(folder)
        print(f"{folder.name}: loaded {times} times, {len(wrong)} of them wrong")
        for line in wrong[:5]:
            print(f"    {line}")
        failed |= bool(wrong)
    sys.exit(failed)


main()
