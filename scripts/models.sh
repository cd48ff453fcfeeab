#!/usr/bin/env bash
# Train the built-in models again. The folder given holds parallel/, lexicon/,
# more/ and teacher/ as docs/train-your-own.md describes them. On one
# architecture the files come out bit for bit the same.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 1 ] || { echo "usage: make models DATA=DIR"; exit 2; }
data=$1
go build -o bin/dalil-train ./cmd/dalil-train
bin/dalil-train lexicon --parallel "$data/parallel" --parallel "$data/more/parallel" \
	--lexicon "$data/lexicon" --lexicon "$data/more/lexicon" --out lexical/lexicon/en-ar.lex
bin/dalil-train static --parallel "$data/parallel" --lexicon "$data/lexicon" \
	--teacher "$data/teacher/minilm-l6-v2.safetensors" --out embedder/static/default
