#!/usr/bin/env bash
# Index the seeds, serve, ask the example question in English and Arabic through
# gRPC, and stay up until Ctrl-C. If another program uses the ports, this one
# takes free ones and says so.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
server= follower=
finish() {
	[ -z "$follower" ] || kill "$follower" 2>/dev/null || true
	[ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
	rm -f "$log"
}
trap finish EXIT
trap 'exit 0' INT TERM

# serve starts a server with the flags given and sets address and web to its
# addresses of gRPC and HTTP, as its log gives them. It fails if the server ends.
serve() {
	: >"$log"
	bin/dalil --set log.format=text "$@" serve 2>"$log" &
	server=$!
	until address=$(sed -nE 's/.*msg=serving grpc=([^ ]+).*/\1/p' "$log") && [ -n "$address" ]; do
		kill -0 "$server" 2>/dev/null || return 1
		sleep 0.1
	done
	web=$(sed -nE 's/.*msg=serving .* http=([^ ]+).*/\1/p' "$log")
}
alive() { kill -0 "$server" 2>/dev/null || { cat "$log" >&2; echo "the server has ended; see above" >&2; exit 1; }; }

# index writes the seeds to ./data. If another version built the index there, it is
# built again first, from its own texts.
index() {
	bin/dalil index seeds 2>"$log" && cat "$log" >&2 && return
	grep -q 'model mismatch' "$log" || { cat "$log" >&2; exit 1; }
	echo "The index in ./data was built by another version of Dalil. It is built again from the texts in it:"
	bin/dalil index --rebuild
	bin/dalil index seeds
}

index
if ! serve --http 127.0.0.1:7812; then
	grep -q 'address already in use' "$log" || { cat "$log" >&2; exit 1; }
	echo "Another program has the port, so this server takes a free one:"
	grep 'address already in use' "$log" | tail -n 1
	serve --listen 127.0.0.1:0 --admin 127.0.0.1:0 --http 127.0.0.1:0 || { cat "$log" >&2; exit 1; }
fi
cat "$log"
for question in "poverty reduction cooperation" "التعاون للحد من الفقر"; do
	printf '\n? %s\n' "$question"
	alive
	bin/dalil search --server "$address" --limit 3 "$question"
done
alive
printf '\nServing on %s until Ctrl-C. Ask more:\n  bin/dalil search --server %s "digital cooperation between cities"\n' "$address" "$address"
printf '  curl "http://%s/v1/search?q=digital+cooperation&limit=3"\nor open http://%s/docs\n' "$web" "$web"
tail -n 0 -f "$log" >&2 & # what the server logs from here on
follower=$!
wait "$server"
