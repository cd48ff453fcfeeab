#!/usr/bin/env bash
# Renames the Go module, for whoever publishes it: imports, the modules that
# belong to it, go_package of the wire, the linker flag of the version, and the
# generated code. Run it once, in a clean clone: make module MODULE=example.org/you/dalil
set -euo pipefail
cd "$(dirname "$0")/.."
new=${1:-}
old=$(awk '$1 == "module" { print $2; exit }' go.mod)
if ! [[ $new =~ ^[a-z0-9.-]+\.[a-z]+(/[A-Za-z0-9._~-]+)+$ ]]; then
	echo "module: MODULE=\"$new\" is not a module path that can be published; give a host and a path, such as MODULE=example.org/you/dalil" >&2
	exit 2
fi
if [ "$new" = "$old" ]; then
	echo "module: the module is called $old already"
	exit 0
fi
# An import is a line of its own: perhaps a name, then the quoted path.
git ls-files '*.go' README.md | grep -v '\.pb\.go$' | xargs sed -i -E \
	"s#^(\s*(import )?([A-Za-z_0-9.]+ )?\")$old/#\1$new/#; s#^const module = \"$old/\"#const module = \"$new/\"#"
git ls-files 'proto/*.proto' | xargs sed -i "s#go_package = \"$old/#go_package = \"$new/#"
sed -i "s#-X $old/#-X $new/#" Makefile
for mod in $(git ls-files 'go.mod' '*/go.mod'); do
	sed -i -E "s#^module $old\b#module $new#; s#^(replace |\s*)$old( v| =>)#\1$new\2#; s#^require $old #require $new #" "$mod"
done
git ls-files '*.go' | grep -v '\.pb\.go$' | xargs go tool -modfile=tools/go.mod gofumpt -w
proto/wire.sh generate
echo "module: renamed $old to $new; now run make stubs, make test, and proto/wire.sh accept, as go_package is part of the wire's description"
