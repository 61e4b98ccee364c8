"""Runs over a bucket and over the same files, and compares: what `tests/store/s3` calls.

    s3.py MOTO_SERVER BABELSIFT
"""
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import time

import boto3

server, program = sys.argv[1:]
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
address = f"http://127.0.0.1:{port}"
environment = dict(
    os.environ,
    AWS_ACCESS_KEY_ID="key",
    AWS_SECRET_ACCESS_KEY="secret",
    AWS_REGION="eu-central-1",
    AWS_ENDPOINT_URL=address,
    AWS_ALLOW_HTTP="true",
)


def texts(out):
    """File and text of all records, and the sums of the ledger."""
    records = []
    for path in sorted(out.glob("data/*/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            records.append((record["file_path"].rsplit("/", 1)[1], record["language"], record["text"]))
    total = json.loads((out / "ledger.json").read_text())["total"]
    return sorted(records), total["read"]


def run(folder, out, *inputs):
    words = [program, "run", *inputs, "--out", out, "--format", "jsonl", "--identifier", "script", "--quiet"]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "in").mkdir()
    random.seed(1)
    letters = "абвгдежзиклмнопрстуфхцчшэюя"
    word = lambda: "".join(random.choice(letters) for _ in range(random.randint(2, 9)))
    for name, lines in [("large.txt", 90_000), ("small one.txt", 3), ("ημέρα.txt", 5)]:
        text = "".join(" ".join(word() for _ in range(12)) + ".\n" for _ in range(lines))
        (folder / "in" / name).write_text(text, "utf-8")
    store = boto3.client("s3", endpoint_url=address, region_name="eu-central-1", aws_access_key_id="key", aws_secret_access_key="secret")
    for _ in range(100):
        try:
            store.create_bucket(Bucket="texts", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
            break
        except Exception:  # it is starting
            time.sleep(0.2)
    for path in (folder / "in").iterdir():
        store.upload_file(str(path), "texts", f"crawl/{path.name}")
    store.put_object(Bucket="texts", Key="crawling/other.txt", Body=b"other")

    done = run(folder, "local", "in")
    assert done.returncode == 0, done.stderr
    wanted = texts(folder / "local")
    for out, address_ in [("all", "s3://texts/crawl/"), ("folder", "s3://texts/crawl"), ("glob", "s3://texts/crawl/*.txt")]:
        done = run(folder, out, address_)
        assert done.returncode == 0, done.stderr
        assert texts(folder / out) == wanted, f"{address_} gives other texts than the files"
        print(f"{address_}: {len(wanted[0])} records of {wanted[1]} bytes, as from files")
    done = run(folder, "one", "s3://texts/crawl/small one.txt")
    assert done.returncode == 0 and len(texts(folder / "one")[0]) == 1, done.stderr
    done = run(folder, "none", "s3://texts/nothing")
    assert done.returncode == 2 and "s3://texts/nothing" in done.stderr and not (folder / "none").exists(), done.stderr
    print("one object, and none: as told")
    upload(folder, store)


def upload(folder, store):
    """What is put into the bucket is what stands in the folder; what is there is not replaced unasked."""
    options = ["--upload", "s3://texts/made/here"]
    done = run(folder, "put", "in", *options)
    assert done.returncode == 0, done.stderr
    files = {str(path.relative_to(folder / "put")): path.read_bytes() for path in (folder / "put").rglob("*") if path.is_file()}
    assert max(map(len, files.values())) > 9 << 20, "one file must take several parts"

    def there():
        listed = store.list_objects_v2(Bucket="texts", Prefix="made/here/")["Contents"]
        body = lambda key: store.get_object(Bucket="texts", Key=key)["Body"].read()
        return {entry["Key"].removeprefix("made/here/"): body(entry["Key"]) for entry in listed}

    assert there() == files
    done = run(folder, "again", "in", *options)
    assert done.returncode == 2 and "s3://texts/made/here" in done.stderr and not (folder / "again").exists(), done.stderr
    store.delete_object(Bucket="texts", Key="made/here/ledger.json")
    store.put_object(Bucket="texts", Key="made/here/data/old_Latn/part-00000.jsonl", Body=b"{}")
    store.put_object(Bucket="texts", Key="made/here.txt", Body=b"other")
    done = run(folder, "put", "in", *options, "--resume")
    assert done.returncode == 0 and there() == files, done.stderr
    assert store.get_object(Bucket="texts", Key="made/here.txt")["Body"].read() == b"other"
    print(f"s3://texts/made/here: {len(files)} files, as in the folder; not replaced unasked")


moto = subprocess.Popen([server, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    main()
finally:
    moto.terminate()
