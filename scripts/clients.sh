#!/usr/bin/env bash
# Tests the clients for Python and TypeScript, and the README's quick start, against a
# server with the articles of seeds/, on ports of its own. What is missing on this machine is said in one line, and
# is no error. PYTHON names a Python whose packages are those of
# clients/python/requirements-test.txt; without it, they are installed into a folder
# that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x bin/dalil ] || make build
work=$(mktemp -d)
server=
finish() {
	[ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

bin/dalil --data "$work/data" index seeds >/dev/null
bin/dalil --data "$work/data" --listen 127.0.0.1:0 --http 127.0.0.1:0 --admin 127.0.0.1:0 --set log.format=text serve 2>"$work/log" &
server=$!
until grep -q 'msg=serving' "$work/log"; do
	kill -0 "$server" 2>/dev/null || { cat "$work/log"; exit 1; }
	sleep 0.1
done
DALIL_TEST_GRPC=$(sed -nE 's/.*msg=serving grpc=([^ ]+).*/\1/p' "$work/log")
DALIL_TEST_HTTP=http://$(sed -nE 's/.*msg=serving .*http=([^ ]+).*/\1/p' "$work/log")
export DALIL_TEST_GRPC DALIL_TEST_HTTP

python=${PYTHON:-}
if [ -z "$python" ] && python3 -m venv "$work/python" >/dev/null 2>&1 &&
	"$work/python/bin/pip" install -q -r clients/python/requirements-test.txt -r clients/python/requirements-stubs.txt >"$work/pip" 2>&1; then
	python=$work/python/bin/python
fi
if [ -n "$python" ]; then
	# The package is copied, because building it leaves files beside it.
	cp -r clients/python "$work/client"
	"$python" -m pip install -q --no-deps --force-reinstall "$work/client"
	PYTHON=$python scripts/python-stubs.sh check
	(cd clients/python && "$python" -m mypy && "$python" -m unittest discover -t . -s tests)
	export DALIL_TEST_CLIENT_PYTHON=$python
	echo "clients: python: tested with grpcio, LangChain and LlamaIndex"
else
	echo "clients: python: not tested: no python3 with venv here, or its packages cannot be installed"
fi

if command -v node >/dev/null && command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; then
	cp -r clients/typescript "$work/typescript"
	rm -rf "$work/typescript/dist"
	if [ -d "$work/typescript/node_modules" ] || (cd "$work/typescript" && npm ci --ignore-scripts --no-audit --no-fund) >"$work/npm" 2>&1; then
		node clients/typescript/scripts/generate.mjs --check
		(cd "$work/typescript" && npm run --silent build && npm test --silent)
		export DALIL_TEST_CLIENT_NODE=$work/typescript
		echo "clients: typescript: tested with Node $(node -p process.versions.node)"
	else
		echo "clients: typescript: not tested: its compiler cannot be installed"
	fi
else
	echo "clients: typescript: not tested: no Node 20 or newer with npm here"
fi

# grpcurl is built outside of this module, which it would give the modules of Google Cloud and Envoy.
if ! command -v grpcurl >/dev/null && GOFLAGS= GOBIN=$work/bin go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4 >/dev/null 2>&1; then
	PATH=$work/bin:$PATH
fi
go test -count 1 -v -run '^TestQuickStart$' ./cmd/dalil >"$work/quick" || { cat "$work/quick"; exit 1; }
ran=$(sed -nE 's/^ +--- PASS: TestQuickStart\/([^ ]+).*/\1/p' "$work/quick" | paste -sd' ')
skipped=$(sed -nE 's/^ +--- SKIP: TestQuickStart\/([^ ]+).*/\1/p' "$work/quick" | paste -sd' ')
echo "clients: quick start: ran ${ran//_/ }${skipped:+; not here: ${skipped//_/ }}"
