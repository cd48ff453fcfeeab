#!/usr/bin/env bash
# Print the numbers of docs/roadmap.md. Each benchmark stops by itself.
set -euo pipefail
cd "$(dirname "$0")/.."
go test -run '^$' -bench . -benchtime 1s ./vector ./chunker ./lexical ./embedder/... ./store/local ./searcher ./indexer ./server ./server/gateway ./internal/app
