#!/bin/sh
# Seed corpora from the repository's corpus/ and test models: each file behind the bytes that a target takes its settings
# from.
set -eu
cd "$(dirname "$0")"
for target in decode repair pipeline segment jsonl fasttext html warc tar zip mbox wiki csv parquet arrow packed; do
    mkdir -p "corpus/$target"
done
find ../corpus -type f -size -8k | while read -r file; do
    name=$(echo "$file" | tr -c 'A-Za-z0-9\n' '-')
    { printf '\0'; cat "$file"; } > "corpus/decode/$name"
    { printf '\0\0'; cat "$file"; } > "corpus/repair/$name"
    { printf '\0\0\4\0'; cat "$file"; } > "corpus/pipeline/$name"
    { printf "\0"; cat "$file"; } > "corpus/segment/$name"
done
{ printf '\0'; cat ../corpus/archives/records.jsonl; } > corpus/jsonl/records
# One record a seed is easier to change than all of them.
split -l 1 ../corpus/archives/records.jsonl corpus/jsonl/record-
for file in corpus/jsonl/record-*; do
    { printf '\0'; cat "$file"; } > "$file.seed"
    mv "$file.seed" "$file"
done
for model in ../tests/fasttext/*.bin ../tests/fasttext/*.ftz; do
    { printf '\020the sea </s> und'; cat "$model"; } > "corpus/fasttext/$(basename "$model")"
done
# Small archives and records, made here.
text='WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n'
printf "\\0$text$text" > corpus/warc/text
http='HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n5\r\nhello\r\n0\r\n\r\n'
printf "\\0WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: 87\r\n\r\n$http\r\n\r\n" > corpus/warc/http
{ printf '\0'; tar -cf - -C ../corpus/web news-en.txt; } > corpus/tar/one
{ printf '\0'; tar -cf - --format=pax -C ../corpus archives/zapis-cs.txt.gz; } > corpus/tar/pax
if command -v zip > /dev/null; then
    (cd ../corpus/web && zip -q - news-en.txt | { printf '\0'; cat; }) > corpus/zip/one
fi
{ printf '\0'; cat ../corpus/mail/thread.mbox; } > corpus/mbox/thread
printf '\0<mediawiki><page><title>a</title><ns>0</ns><revision><text>[[a|b]] {{c}}</text></revision></page>' > corpus/wiki/page
printf '\0a,text\n1,"b ""c"""\n' > corpus/csv/table
{ printf '\0'; cat ../tests/encodings/files/page.html; } > corpus/html/page
printf '\1<ul><li>a<li><a href=x>b</a></ul><table><tr><td>c<td>d</table><pre>e\nf</pre><p>g &amp; h<br>i' > corpus/html/kinds
printf '\2<title>a</title><script>b<!--<script></script>--></script><svg><title>c</title></svg><template><p>d' > corpus/html/unseen
# Tables, as our own program writes them.
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
${BABELSIFT:-cargo run --quiet --manifest-path ../Cargo.toml --} run ../corpus/mail ../corpus/archives --out "$made/out" --format parquet --quiet
for file in "$made"/out/data/*/*.parquet; do
    { printf '\0'; cat "$file"; } > "corpus/parquet/$(basename "$(dirname "$file")")"
done
# Tables of Arrow, where there is somebody to write them: a stream and a file, plain and packed, with lists and dictionaries.
if "${PYTHON:-python3}" -c 'import pyarrow' 2> /dev/null; then
    "${PYTHON:-python3}" - << 'PYTHON'
import pyarrow as pa

text = pa.array(["one line", None, "ημέρα\nand more", ""])
table = pa.table({"text": text, "n": pa.array([1, 2, None, 4]), "tags": pa.array([["a"], [], None, ["b", "c"]]),
                  "kind": pa.array(["x", "y", "x", "x"]).dictionary_encode()})
for pack in [None, "lz4", "zstd"]:
    for name, new in [("stream", pa.ipc.new_stream), ("file", pa.ipc.new_file)]:
        with open(f"corpus/arrow/{name}-{pack}", "wb") as out:
            out.write(b"\0")
            sink = pa.BufferOutputStream()
            with new(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=pack)) as writer:
                writer.write_table(table, max_chunksize=3)
            out.write(sink.getvalue())
PYTHON
fi
for pack in gzip bzip2 zstd xz lz4; do
    if command -v $pack > /dev/null; then
        { printf '\0'; printf 'one line\nand another\n' | $pack -c; printf 'more\n' | $pack -c; } > corpus/packed/$pack
    fi
done
