#!/usr/bin/env bash
# Judge the ranking on the seeds and, when a folder of BEIR sets is given, on
# every set in it: both arms, then each arm alone.
set -euo pipefail
cd "$(dirname "$0")/.."
sets=(seeds)
if [ $# -gt 0 ]; then
	for set in "$1"/*/; do
		[ -f "$set/corpus.jsonl" ] && sets+=("$set")
	done
fi
echo "both arms"
bin/dalil eval "${sets[@]}"
for arm in lexical dense; do
	printf '\n%s arm alone\n' "$arm"
	bin/dalil eval --arms "$arm" "${sets[@]}"
done
printf '\nbars\n'
go test ./internal/app -count 1 -v -run 'Bars|Twins|OffTopic' | grep -vE '^(=== |PASS|ok)'
