// Package arch proves the layers of docs/architecture.md.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "dalil/"

// allowed lists, for each package, the packages that its code may import. A name
// that ends in /* stands for the folders below it, each one a package.
var allowed = map[string][]string{
	// base
	"corpus":                {},
	"fair":                  {},
	"proto/dalil/v1":        {},
	"proto/routes/dalil/v1": {"proto/dalil/v1"},
	"proto/openapi":         {},
	"proto/value":           {"proto/dalil/v1", "corpus"},
	"proto/wirejson":        {"proto/value", "corpus"},
	"proto/codec":           {"proto/dalil/v1"},
	"embedder/tokenizer":    {},
	"vector":                {},
	"radix":                 {},
	"pages":                 {},
	"embedder/safetensors":  {},
	"logistic":              {"corpus"},
	// contracts
	"parser":              {"parser/*", "parser/format", "parser/markdown", "corpus"},
	"chunker":             {"corpus"},
	"lexical":             {"radix", "vector", "corpus"},
	"embedder":            {"corpus"},
	"store":               {"fair", "corpus"},
	"evaluation":          {"corpus"},
	"access":              {"corpus"},
	"access/files":        {"access", "corpus"},
	"access/keys":         {"access", "access/files", "proto/dalil/v1", "proto/value", "proto/wirejson", "corpus"},
	"access/jwt":          {"access", "access/files", "corpus"},
	"server":              {"access", "access/rates", "audit", "fair", "corpus", "proto/dalil/v1", "proto/codec", "proto/value"},
	"server/mcp":          {"searcher/snippet", "corpus", "proto/dalil/v1"},
	"server/certificates": {"corpus"},
	"server/gateway":      {"server", "server/mcp", "client", "parser", "corpus", "proto/dalil/v1", "proto/routes/dalil/v1", "proto/codec", "proto/openapi", "proto/wirejson"},
	"client":              {"corpus", "proto/dalil/v1", "proto/codec", "proto/value", "proto/wirejson"},
	"audit":               {"corpus"},
	"access/rates":        {"corpus"},
	// adapters
	"parser/format":     {"corpus"},
	"parser/*":          {"parser/format", "corpus"},
	"parser/markdown":   {"parser/format", "parser/html", "corpus"}, // it becomes HTML first
	"embedder/endpoint": {"embedder", "corpus"},
	"embedder/*":        {"embedder", "embedder/endpoint", "embedder/tokenizer", "vector", "embedder/safetensors", "pages", "corpus"},
	"store/*":           {"store", "fair", "vector", "radix", "pages", "corpus"},
	// The Qdrant server that tests have in their own process.
	"store/qdrant/standin": {},
	// paths
	"indexer":            {"fair", "parser", "chunker", "lexical", "embedder", "store", "corpus"},
	"conversation":       {"chunker", "lexical", "logistic", "corpus"},
	"timex":              {},
	"syntax":             {},
	"searcher":           {"conversation", "syntax", "timex", "searcher/trees", "searcher/relevance", "searcher/shingle", "searcher/snippet", "chunker", "lexical", "embedder", "store", "vector", "corpus"},
	"searcher/trees":     {"vector", "corpus"},
	"searcher/relevance": {"searcher/trees", "corpus"},
	"searcher/shingle":   {},
	"searcher/snippet":   {"corpus"},
	"grounding/claims":   {"searcher", "chunker", "lexical", "logistic", "corpus"},
	"grounding":          {"searcher", "searcher/shingle", "chunker", "store", "corpus"},
	"backup":             {"store", "corpus"},
	"documents":          {"indexer", "store", "corpus"},
	"quota":              {"store", "corpus"},
	"tenants":            {"quota", "store", "corpus"},
	"reindex":            {"store", "evaluation", "corpus"},
	// assembly
	"internal/config":        {"corpus"},
	"internal/authn":         {"access", "access/files", "access/keys", "access/jwt", "internal/config", "internal/doctor", "corpus"},
	"internal/chaos":         {},
	"internal/expiry":        {"corpus"},
	"internal/failures":      {"corpus"},
	"internal/ratio":         {},
	"internal/ratio/natural": {},
	"internal/ratio/nearest": {"vector", "corpus"},
	"internal/tlstest":       {},
	"internal/growth":        {},
	"internal/observe":       {"embedder", "store", "searcher", "indexer", "quota", "server", "corpus"},
	"internal/model": {
		"corpus", "chunker", "lexical", "embedder", "embedder/*", "embedder/endpoint", "embedder/tokenizer", "store", "searcher", "searcher/trees", "searcher/relevance", "grounding", "grounding/claims",
		"internal/config", "internal/observe",
	},
	"internal/serving":            {"access", "access/rates", "audit", "server", "server/certificates", "server/gateway", "grounding", "internal/authn", "internal/config", "internal/observe", "corpus"},
	"internal/stores":             {"store", "store/*", "quota", "internal/config"},
	"internal/task":               {"internal/app", "internal/authn", "internal/config", "internal/observe", "internal/stores", "internal/model", "internal/doctor", "embedder", "client", "backup", "evaluation", "indexer", "searcher", "store", "lexical", "corpus"},
	"internal/doctor":             {"embedder", "store", "corpus"},
	"internal/training":           {"lexical", "embedder", "embedder/tokenizer", "vector", "embedder/safetensors", "corpus"},
	"internal/training/ranker":    {"internal/training", "searcher/trees", "evaluation", "lexical", "corpus"},
	"internal/training/claims":    {"internal/training", "grounding/claims", "logistic", "corpus"},
	"internal/training/followups": {"internal/training", "internal/training/relevance", "conversation", "embedder", "evaluation", "lexical", "logistic", "corpus"},
	"internal/training/relevance": {"internal/training", "internal/training/ranker", "searcher/relevance", "evaluation", "corpus"},
	"internal/app": {
		"access/rates", "corpus", "fair", "parser", "lexical", "embedder", "store", "indexer", "documents", "tenants", "searcher", "grounding", "reindex", "backup",
		"server", "server/gateway", "client", "evaluation", "internal/config", "internal/observe", "internal/serving", "internal/expiry", "internal/failures", "internal/model", "internal/stores", "internal/doctor", "proto/dalil/v1",
	},
	// programs
	"cmd/dalil":        {"access/keys", "audit", "internal/app", "internal/config", "internal/stores", "internal/doctor", "internal/observe", "internal/task", "indexer", "reindex", "backup", "evaluation", "store", "client", "server/mcp", "grounding", "proto/dalil/v1", "proto/wirejson", "corpus"},
	"examples/chatbot": {"client", "proto/dalil/v1"},
	"cmd/dalil-train":  {"internal/training", "internal/training/ranker", "internal/training/relevance", "internal/training/claims", "internal/training/followups", "conversation", "logistic", "embedder/*", "searcher/relevance", "internal/app", "internal/task", "internal/model", "internal/config", "evaluation", "lexical", "corpus"},
}

// layers order the packages from the base to the programs. A package imports its
// own layer and those below.
var layers = [][]string{
	{"corpus", "fair", "proto/dalil/v1", "proto/routes/dalil/v1", "proto/openapi", "proto/value", "proto/wirejson", "proto/codec", "embedder/tokenizer", "embedder/safetensors", "vector", "radix", "pages", "logistic"},
	{"parser", "parser/format", "parser/*", "parser/markdown", "parser/html", "chunker", "lexical", "embedder", "store", "evaluation", "embedder/endpoint", "embedder/*", "store/*", "store/qdrant/standin", "searcher/trees", "searcher/relevance", "searcher/shingle", "searcher/snippet"},
	{"access", "access/files", "access/keys", "access/jwt", "access/rates", "audit", "server", "client", "server/mcp", "server/gateway", "server/certificates"},
	{"indexer", "conversation", "syntax", "timex", "searcher", "grounding", "grounding/claims", "documents", "quota", "tenants", "reindex", "backup"},
	{"internal/config", "internal/authn", "internal/chaos", "internal/expiry", "internal/failures", "internal/ratio", "internal/ratio/natural", "internal/ratio/nearest", "internal/tlstest", "internal/growth", "internal/observe", "internal/serving", "internal/model", "internal/serving", "internal/stores", "internal/doctor", "internal/training", "internal/training/ranker", "internal/training/relevance", "internal/training/claims", "internal/training/followups", "internal/app", "internal/task"},
	{"cmd/dalil", "cmd/dalil-train", "examples/chatbot"},
}

func layer(pkg string) int {
	for i, packages := range layers {
		if slices.Contains(packages, pkg) {
			return i
		}
	}
	return -1
}

func TestNoImportGoesUp(t *testing.T) {
	for pkg, imports := range allowed {
		from := layer(pkg)
		if from < 0 {
			t.Errorf("%s has no layer", pkg)
		}
		for _, target := range imports {
			if to := layer(target); to < 0 || to > from {
				t.Errorf("%s (layer %d) may import %s (layer %d)", pkg, from, target, to)
			}
		}
	}
}

// bans name libraries that one package alone may import.
var bans = map[string][]string{
	"github.com/qdrant/":          {"store/qdrant", "store/qdrant/standin"},
	"github.com/prometheus/":      {"internal/observe"},
	"go.opentelemetry.io/":        {"internal/observe"},
	"modernc.org/sqlite":          {"store/local"},
	"github.com/knadh/koanf":      {"internal/config"},
	"google.golang.org/grpc":      {"proto/dalil/v1", "proto/routes/dalil/v1", "proto/codec", "server", "server/gateway", "server/mcp", "client", "internal/observe", "internal/app", "internal/task", "cmd/dalil", "store/qdrant", "store/qdrant/standin"},
	"google.golang.org/protobuf/": {"proto/dalil/v1", "proto/routes/dalil/v1", "proto/codec", "proto/openapi", "proto/value", "proto/wirejson", "server", "server/gateway", "server/mcp", "client", "internal/app", "cmd/dalil", "store/qdrant", "store/qdrant/standin"},
}

// environmentReaders may read flags and the environment.
var environmentReaders = []string{"cmd/dalil", "cmd/dalil-train", "examples/chatbot", "internal/config"}

func TestImports(t *testing.T) {
	files := 0
	err := filepath.WalkDir("../..", func(p string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && len(entry.Name()) > 2 || entry.Name() == "testdata" || entry.Name() == "tools") {
			return filepath.SkipDir
		}
		if entry.IsDir() && p != "../.." {
			if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil {
				return filepath.SkipDir // a module of its own
			}
		}
		if entry.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		relative, err := filepath.Rel("../..", p)
		if err != nil {
			return err
		}
		files++
		checkFile(t, p, path.Dir(filepath.ToSlash(relative)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d files were read", files)
	}
}

func checkFile(t *testing.T, file, pkg string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	conformance := isConformance(pkg)
	imports, known := allowed[key(pkg)]
	if !known && !conformance {
		t.Errorf("%s: no row of the import table names the package %q", file, pkg)
		return
	}
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		if target, ours := strings.CutPrefix(name, module); ours {
			// A conformance suite may import the contract that it tests.
			fine := slices.Contains(imports, target) || slices.Contains(imports, key(target)) ||
				within(target, pkg) || conformance && (target == path.Dir(pkg) || target == "corpus")
			if !fine || isConformance(target) {
				t.Errorf("%s: %q must not import %q", file, pkg, target)
			}
			continue
		}
		for library, keepers := range bans {
			if strings.HasPrefix(name, library) && !slices.Contains(keepers, pkg) {
				t.Errorf("%s: %q must not import %q; only %v may", file, pkg, name, keepers)
			}
		}
		if (name == "flag" || name == "github.com/alecthomas/kong") && !slices.Contains(environmentReaders, pkg) {
			t.Errorf("%s: %q must not import %q", file, pkg, name)
		}
	}
	if !slices.Contains(environmentReaders, pkg) {
		checkEnvironment(t, file, pkg)
	}
}

// isConformance reports whether the package is a suite such as store/storetest.
func isConformance(pkg string) bool {
	return strings.HasSuffix(pkg, "test") && path.Base(pkg) == path.Base(path.Dir(pkg))+"test" || pkg == "embedder/embedtest"
}

// within reports whether target is a subfolder of the package, inside an adapter
// or a program.
func within(target, pkg string) bool {
	return strings.HasPrefix(target, pkg+"/") && key(target) == key(pkg)
}

// key is the row of the table for a package.
func key(pkg string) string {
	if _, ok := allowed[pkg]; ok {
		return pkg
	}
	for parent := path.Dir(pkg); parent != "."; parent = path.Dir(parent) {
		if _, ok := allowed[parent+"/*"]; ok {
			return parent + "/*"
		}
		if _, ok := allowed[parent]; ok && strings.HasPrefix(parent, "internal/training") {
			return parent
		}
	}
	return pkg
}

// internal/app assembles; what it assembles is in packages of its own.
func TestAppStaysSmall(t *testing.T) {
	const most = 1500
	lines := 0
	files, err := filepath.Glob(filepath.Join(root, "internal/app/*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines += strings.Count(string(text), "\n")
	}
	if lines == 0 || lines > most {
		t.Errorf("internal/app has %d lines, more than %d: give the new part a package of its own", lines, most)
	}
}
