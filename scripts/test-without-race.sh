#!/usr/bin/env bash
# Runs the tests of the files that begin with "//go:build !race": the race detector makes
# them much slower, and they share no memory between goroutines that other tests don't.
set -euo pipefail
cd "$(dirname "$0")/.."
files=$(grep -rlE --include='*_test.go' '^//go:build !race' .)
tests=$(grep -hoE '^func (Test|Fuzz)\w+' $files | sed 's/^func //' | paste -sd'|')
packages=$(dirname $files | sort -u)
go test -vet=off -run "^($tests)\$" $packages
