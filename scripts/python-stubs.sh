#!/usr/bin/env bash
# Generates clients/python/src/dalil/v1 from proto/, or checks that it is current.
#   scripts/python-stubs.sh generate
#   scripts/python-stubs.sh check
# PYTHON (python3) needs the package of clients/python/requirements-stubs.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
to=clients/python/src/dalil/v1

stubs() {
	local protoc=("$python" -m grpc_tools.protoc -Iproto -Ithird_party/googleapis)
	mkdir -p "$1"
	"${protoc[@]}" --python_out="$1" --pyi_out="$1" proto/dalil/v1/*.proto
	# Only files with services need a second module.
	grep -lE '^service ' proto/dalil/v1/*.proto | xargs "${protoc[@]}" --grpc_python_out="$1"
	echo '"""The messages and services of the API. Generated from proto/dalil/v1 by scripts/python-stubs.sh; do not edit."""' >"$1/dalil/v1/__init__.py"
}

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
stubs "$fresh"
case "${1:-}" in
generate)
	rm -rf "$to"
	cp -r "$fresh/dalil/v1" "$to"
	;;
check)
	diff -rq --exclude __pycache__ "$fresh/dalil/v1" "$to" || { echo "$to is stale: run make stubs" >&2; exit 1; }
	;;
*)
	sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
