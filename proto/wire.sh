#!/bin/sh
# Checks and generates the wire. Run it from anywhere in the clone. Its tools are pinned in tools/go.mod; it fetches nothing
# but Go modules.
#   proto/wire.sh generate   write the Go code again after a .proto file changed
#   proto/wire.sh check      lint, compare with the released wire, prove that the committed code is fresh
#   proto/wire.sh accept     make today's wire the released one that later changes are compared with
set -eu
cd "$(dirname "$0")/.."
buf() { go tool -modfile=tools/go.mod buf "$@"; }
image=proto/dalil/v1.binpb

case "${1:-}" in
generate)
	buf generate
	;;
check)
	buf format proto --exit-code --diff
	buf lint
	buf breaking proto --against "$image"
	fresh=$(mktemp -d)
	trap 'rm -rf "$fresh"' EXIT
	# The plugins must run beside tools/go.mod, so only the output goes elsewhere.
	buf generate --output "$fresh"
	stale=0
	for file in $(cd "$fresh/proto" && find . -name '*.go' -o -name openapi.json) $(cd proto && find . -name '*.pb*.go'); do
		cmp -s "$fresh/proto/$file" "proto/$file" || { echo "proto/${file#./} is stale: run proto/wire.sh generate" >&2; stale=1; }
	done
	exit $stale
	;;
accept)
	buf build proto --exclude-source-info -o "$image"
	;;
*)
	sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
