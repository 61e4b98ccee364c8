#!/bin/sh
# Seed corpora from the repository's corpus/ and test models: each file behind the bytes that a target takes its settings
# from.
set -eu
cd "$(dirname "$0")"
for target in decode pipeline segment jsonl fasttext; do
    mkdir -p "corpus/$target"
done
find ../corpus -type f -size -8k | while read -r file; do
    name=$(echo "$file" | tr -c 'A-Za-z0-9\n' '-')
    { printf '\0'; cat "$file"; } > "corpus/decode/$name"
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
