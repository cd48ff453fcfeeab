#!/usr/bin/env bash
# Train the built-in models again. The folder given holds parallel/, lexicon/,
# more/ and teacher/ as docs/train-your-own.md describes them. A second folder holds
# the judged sets; the ranker, the model of claims, the
# gate of follow-up questions and the table of relevance are made only if it is given. On one architecture the files
# come out bit for bit the same, but for the ranker: the built-in
# one was trained with the vectors before (docs/decisions/003-static-model.md).
# The table of relevance is fitted to what the ranker finds, so it differs with it.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 1 ] || [ $# -eq 2 ] || { echo "usage: make models DATA=DIR [SETS=DIR]"; exit 2; }
data=$1
sets=${2:-}
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
	--teacher "$data/teacher/minilm-l6-v2.safetensors" --by-file --seed 3 --out embedder/static/default
# The gate of follow-up questions knows which words all subjects share, and which ones rarely end a clause.
words=()
for file in parallel/{mmlu-gpt35,tatoeba,tico19,ud-pud,ms-iot} more/parallel/opensource-guide; do words+=(--subject "$data/$file.tsv.gz"); done
for file in parallel/{debian-handbook,mintaka-dev,ms-edgeai,ms-security-101} more/parallel/{ethereum-org,graph-docs,ms-ai-agents,ms-azd,react-docs}; do
	words+=(--pairs "$data/$file.tsv.gz")
done
bin/dalil-train words "${words[@]}" --out conversation/words
[ -n "$sets" ] || exit 0
# The ranker learns from what the new models make of the questions. Only numbers are
# taken from the judged sets, and of the topical sets nothing.
go build -o bin/dalil-train ./cmd/dalil-train
judged=()
for set in ntrex-en-ar tydiqa-goldp-dev-ar-ar xquad-ar-ar xquad-ar-en xquad-en-ar xquad-en-en; do judged+=(--sets "$sets/$set"); done
bin/dalil-train ranker --pairs "$data/parallel/tico19.tsv.gz" --pairs "$data/parallel/ud-pud.tsv.gz" --pairs "$data/parallel/tatoeba.tsv.gz" \
	"${judged[@]}" --questions internal/training/ranker/questions.txt --out searcher/trees/default.json
# The model of claims compares sentences with the lexicon and the vectors.
claims=()
for file in parallel/tico19 parallel/ud-pud parallel/debian-handbook more/parallel/opensource-guide more/parallel/ethereum-org more/parallel/bitcoin-org; do
	claims+=(--pairs "$data/$file.tsv.gz")
done
bin/dalil-train claims "${claims[@]}" --out grounding/claims/model.json
# So does the gate of follow-up questions, with the questions of the table of relevance.
followups=()
for file in parallel/tico19 parallel/debian-handbook parallel/ms-iot parallel/mintaka-dev more/parallel/opensource-guide more/parallel/ethereum-org; do
	followups+=(--pairs "$data/$file.tsv.gz")
done
bin/dalil-train followups "${followups[@]}" --out conversation
# The table of relevance comes last: it is fitted to what the ranker finds. Its
# questions are about the training text. The built-in lexicon was learned from that
# text and knows its words too well, so the questions are asked with a lexicon that was
# learned without it.
asked=(tico19 debian-handbook ms-iot opensource-guide ethereum-org)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for part in parallel more/parallel lexicon more/lexicon; do
	mkdir -p "$work/$part"
	cp "$data/$part"/*.tsv.gz "$work/$part/"
	for name in "${asked[@]}" tico19-terms; do rm -f "$work/$part/$name.tsv.gz"; done
done
for name in "${asked[@]}"; do trust=$(tr ';' '\n' <<<"$trust" | grep -v "^$name=" | paste -sd ';'); done
bin/dalil-train lexicon --parallel "$work/parallel" --parallel "$work/more/parallel" \
	--lexicon "$work/lexicon" --lexicon "$work/more/lexicon" --trust "$trust" --out "$work/other.lex"
printf 'search:\n  lexicon: %s\n' "$work/other.lex" >"$work/dalil.yaml"
bin/dalil-train calibrate --config "$work/dalil.yaml" --pairs "$data/parallel/tico19.tsv.gz" --pairs "$data/parallel/debian-handbook.tsv.gz" \
	--pairs "$data/parallel/ms-iot.tsv.gz" --pairs "$data/parallel/mintaka-dev.tsv.gz" --pairs "$data/more/parallel/opensource-guide.tsv.gz" \
	--pairs "$data/more/parallel/ethereum-org.tsv.gz" --out searcher/relevance/tables/static.json
