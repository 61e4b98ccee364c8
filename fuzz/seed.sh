#!/bin/sh
# Seed corpora from the repository's corpus/ and test models: each file behind the bytes that a target takes its settings
# from.
set -eu
cd "$(dirname "$0")"
for target in decode repair pipeline segment jsonl fasttext html; do
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
{ printf '\0'; cat ../tests/encodings/files/page.html; } > corpus/html/page
printf '\1<ul><li>a<li><a href=x>b</a></ul><table><tr><td>c<td>d</table><pre>e\nf</pre><p>g &amp; h<br>i' > corpus/html/kinds
printf '\2<title>a</title><script>b<!--<script></script>--></script><svg><title>c</title></svg><template><p>d' > corpus/html/unseen
