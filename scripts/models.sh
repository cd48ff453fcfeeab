#!/usr/bin/env bash
# Train the built-in models again. The folder given holds parallel/, lexicon/,
# more/ and teacher/ as docs/train-your-own.md describes them.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 1 ] || { echo "usage: make models DATA=DIR"; exit 2; }
