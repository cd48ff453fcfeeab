#!/usr/bin/env bash
# Judge the ranking on the seeds and, when a folder of BEIR sets is given, on
# every set in it: both arms, then each arm alone. The tests of quality get the
# same folder.
set -euo pipefail
if [ $# -gt 0 ]; then
	[ -d "$1" ] || { echo "DATA: there is no folder $1" >&2; exit 2; }
	set -- "$(cd "$1" && pwd)" # as the caller wrote it, before the folder changes
	export DALIL_TEST_DATA=$1
fi
cd "$(dirname "$0")/.."
sets=(seeds)
if [ $# -gt 0 ]; then
	for set in "$1"/*/; do
		[ -f "$set/corpus.jsonl" ] && sets+=("$set")
	done
fi
echo "both arms"
bin/dalil eval --against docs/figures.json ${SAVE:+--save "$SAVE"} "${sets[@]}"
for arm in lexical dense; do
	printf '\n%s arm alone\n' "$arm"
	bin/dalil eval --arms "$arm" "${sets[@]}"
done
printf '\nbars\n'
go test ./internal/app ./lexical -count 1 -v -run 'Bars|Twins|OffTopic|Mixed|Quality' | { grep -vE '^(=== |PASS|ok)' || true; }
