#!/usr/bin/env bash
# Train the built-in models again. The folder given holds parallel/, lexicon/,
# more/ and teacher/ as docs/train-your-own.md describes them. On one
# architecture the files come out bit for bit the same.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 1 ] || { echo "usage: make models DATA=DIR"; exit 2; }
data=$1
go build -o bin/dalil-train ./cmd/dalil-train
# Text of user interfaces and program docs has senses of its own (press is the
# key); a fifth of the word net's members are loose; lists of names hold words.
trust=""
for file in ui-libreoffice aosp-settings frappe superset scratch osm-id-tagging; do trust+="$file=0.3;"; done
for file in mozilla-www dhis2 kolibri react-docs ms-azd ms-ai-agents ethereum-org debian-handbook graph-docs bitcoin-org \
	arabic-wordnet wikidata-person-names google-translit; do trust+="$file=0.4;"; done
trust+="ms-edgeai=0.5;ms-iot=0.5"
bin/dalil-train lexicon --parallel "$data/parallel" --parallel "$data/more/parallel" \
	--lexicon "$data/lexicon" --lexicon "$data/more/lexicon" --trust "$trust" --out lexical/lexicon/en-ar.lex
bin/dalil-train static --parallel "$data/parallel" --lexicon "$data/lexicon" \
	--teacher "$data/teacher/minilm-l6-v2.safetensors" --out embedder/static/default
