#!/usr/bin/env bash
# Print the numbers of docs/performance.md and docs/roadmap.md. Each benchmark stops by itself.
set -euo pipefail
cd "$(dirname "$0")/.."
go test -count 1 -timeout 60m -v -run '^$' -bench Questions -benchtime 1x ./internal/ratio
go test -run '^$' -bench . -benchtime 1s ./vector ./chunker ./lexical ./embedder/... ./store/local ./searcher ./indexer ./server ./server/gateway ./internal/app
