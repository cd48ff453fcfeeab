#!/usr/bin/env bash
# Index the seeds, serve, ask the example question and its Arabic twin through
# gRPC, and stay up until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."

bin/dalil index seeds
bin/dalil serve &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
trap 'exit 0' INT TERM

alive() { kill -0 "$server" 2>/dev/null || { echo "the server has ended; see above" >&2; exit 1; }; }
address=$(bin/dalil config --json | sed -E 's/.*"listen":"([^"]*)".*/\1/')
for question in "poverty reduction cooperation" "التعاون للحد من الفقر"; do
	printf '\n? %s\n' "$question"
	alive
	bin/dalil search --server "$address" --limit 3 "$question"
done
alive
printf '\nServing on %s until Ctrl-C. Ask more:\n  bin/dalil search --server %s "digital cooperation between cities"\n' "$address" "$address"
wait "$server"
