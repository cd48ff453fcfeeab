#!/usr/bin/env bash
# All static checks of the code.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0 # like the program, so that each package is compiled once
tool() { go tool -modfile=tools/go.mod "$@"; }

echo "gofumpt"
unformatted=$(git ls-files '*.go' | grep -vE '\.pb(\.gw)?\.go$' | xargs go tool -modfile=tools/go.mod gofumpt -l)
[ -z "$unformatted" ] || { echo "not formatted (make fmt):"; echo "$unformatted"; exit 1; }
echo "go.mod tidy"
(go mod tidy -diff && cd deploy && go mod tidy -diff && cd ../tools && go mod tidy -diff && cd compare && go mod tidy -diff && cd ../../cmd/dalil-onnx && go mod tidy -diff) >/dev/null || { echo "go.mod is not tidy: go mod tidy"; exit 1; }
echo "staticcheck"
tool staticcheck ./...
(cd deploy && go tool -modfile=../tools/go.mod staticcheck ./...)
(cd tools && go tool staticcheck -tests=false ./...) # go vet checks the only test, whose libraries take minutes here
(cd tools/compare && go tool -modfile=../go.mod staticcheck ./...)
(cd cmd/dalil-onnx && go tool -modfile=../../tools/go.mod staticcheck ./...)
echo "wire: lint, breaking changes, generated code"
proto/wire.sh check
echo "static binary without cgo"
go build -o /dev/null ./cmd/...
(cd cmd/dalil-onnx && go build -o /dev/null .)
echo "lint: ok"
