package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// source is one file of the module that is neither a test nor generated.
type source struct {
	pkg  string // its folder
	name string // its path
	set  *token.FileSet
	file *ast.File
}

// sources are all of them.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			hidden := strings.HasPrefix(d.Name(), ".") && name != root
			if _, err := os.Stat(filepath.Join(name, "go.mod")); hidden || d.Name() == "testdata" || err == nil && name != root {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		s := source{name: filepath.ToSlash(relative), set: token.NewFileSet()}
		s.pkg = path.Dir(s.name)
		if s.file, err = parser.ParseFile(s.set, name, nil, parser.ParseComments); err != nil {
			return err
		}
		if !ast.IsGenerated(s.file) {
			all = append(all, s)
		}
		return nil
	})
	if err != nil || len(all) < 200 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	return all
}

// rules are what no file may contain, each with a sample that it must refuse.
var rules = []struct {
	name   string
	sample string
	find   func(source) []ast.Node
}{
	{
		"only the table of openers names a store in a comparison",
		`func f(name string) bool { return name == "qdrant" }`, namesAStore,
	},
	{
		"only the table of openers names a store in a switch",
		`func f(name string) { switch name { case "local": } }`, namesAStore,
	},
	{
		"an interface has a name, so that its fallback can be documented",
		`func f(v any) bool { _, ok := v.(interface{ Close() }); return ok }`, anonymousInterfaces,
	},
	{
		"package variables that other packages see are sentinel errors",
		`var Defaults = map[string]int{}`, exportedVariables,
	},
	{
		"a context carries nothing but its end and the principal",
		`func f(ctx context.Context) any { return ctx.Value(0) }`, contextValues,
	},
	{
		"nothing runs before main",
		`func init() {}`, initFunctions,
	},
	{
		"a goroutine belongs to a group that somebody waits for, or to an owner that owners lists",
		`func f() { go f() }`, ownerless,
	},
	{
		"a parameter is read, or has no name",
		`func f(a, b int) int { return a }`, unreadParameters,
	},
}

func TestRules(t *testing.T) {
	all := sources(t)
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			sample := source{pkg: "sample", name: "sample.go", set: token.NewFileSet()}
			var err error
			if sample.file, err = parser.ParseFile(sample.set, sample.name, "package sample\n"+rule.sample, 0); err != nil {
				t.Fatal(err)
			}
			if len(rule.find(sample)) == 0 {
				t.Error("the rule does not refuse its sample")
			}
			for _, s := range all {
				for _, n := range rule.find(s) {
					t.Errorf("%s:%d", s.name, s.set.Position(n.Pos()).Line)
				}
			}
		})
	}
}

// openers is the file with the table of openers.
const openers = "internal/stores/stores.go"

// storeNames are the names in the table of openers, in quotes.
var storeNames = sync.OnceValue(func() (names []string) {
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, openers), nil, 0)
	if err != nil {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if table, ok := n.(*ast.CompositeLit); ok {
			if _, is := table.Type.(*ast.MapType); is {
				for _, row := range table.Elts {
					names = append(names, row.(*ast.KeyValueExpr).Key.(*ast.BasicLit).Value)
				}
			}
		}
		return true
	})
	return names
})

// namesAStore finds the names of stores where a decision follows from them.
func namesAStore(s source) (found []ast.Node) {
	name := func(e ast.Expr) bool {
		literal, ok := e.(*ast.BasicLit)
		return ok && slices.Contains(storeNames(), literal.Value)
	}
	if s.name == openers {
		return nil
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if name(n.X) || name(n.Y) {
				found = append(found, n)
			}
		case *ast.CaseClause:
			if slices.ContainsFunc(n.List, name) {
				found = append(found, n)
			}
		case *ast.IndexExpr:
			if name(n.Index) {
				found = append(found, n)
			}
		case *ast.CallExpr: // strings.HasPrefix, slices.Contains, …
			if slices.ContainsFunc(n.Args, name) {
				found = append(found, n)
			}
		case *ast.CompositeLit:
			for _, element := range n.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok && name(pair.Key) || name(element) {
					found = append(found, element)
				}
			}
		case *ast.ValueSpec: // a constant to compare with
			if slices.ContainsFunc(n.Values, name) {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

// anonymousInterfaces finds interfaces with methods that no type declaration names.
func anonymousInterfaces(s source) (found []ast.Node) {
	named := map[ast.Node]bool{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.TypeSpec:
			named[n.Type] = true
			if n.TypeParams != nil {
				ast.Inspect(n.TypeParams, func(inner ast.Node) bool { named[inner] = true; return true })
			}
		case *ast.FuncType:
			if n.TypeParams != nil {
				ast.Inspect(n.TypeParams, func(inner ast.Node) bool { named[inner] = true; return true })
			}
		case *ast.InterfaceType:
			if !named[n] && len(n.Methods.List) > 0 {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

// exportedVariables finds exported variables at package level that are not errors
// named Err…, made by a call.
func exportedVariables(s source) (found []ast.Node) {
	for _, d := range s.file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			for i, name := range v.Names {
				made := false
				if i < len(v.Values) {
					_, made = v.Values[i].(*ast.CallExpr)
				}
				if name.IsExported() && !(strings.HasPrefix(name.Name, "Err") && made) {
					found = append(found, name)
				}
			}
		}
	}
	return found
}

// principalFiles hold the one value that may travel in a context: who asks.
var principalFiles = []string{"corpus/principal.go", "server/entry.go"}

// contextValues finds other values that travel in a context.
func contextValues(s source) (found []ast.Node) {
	if slices.Contains(principalFiles, s.name) {
		return nil
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		selected, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, _ := selected.X.(*ast.Ident)
		switch {
		case selected.Sel.Name == "WithValue" && of != nil && of.Name == "context":
			found = append(found, call)
		case selected.Sel.Name == "Value" && len(call.Args) == 1 && isContext(selected.X):
			found = append(found, call)
		}
		return true
	})
	return found
}

// owners lists the files with a go statement, and who waits for what it starts.
var owners = map[string]string{
	"audit/log.go":                    "Close, by ended",
	"indexer/paths.go":                "feed receives the group's error from it",
	"indexer/prepare.go":              "the reader of the channel that prepareAll returns; it is closed after all workers",
	"indexer/stdin.go":                "nobody: a read from a silent pipe cannot be ended; only the program reads standard input",
	"server/gateway/gateway.go":       "serve receives its error",
	"server/mcp/pipe.go":              "nobody: a read from a silent pipe cannot be ended; it ends with its input",
	"server/serve.go":                 "Serve receives its error, unless it gives up on handlers that never end",
	"store/local/cleanup.go":          "finish, when the store closes",
	"store/local/commit.go":           "transact receives what it builds",
	"store/local/load.go":             "loadRest receives its error",
	"store/local/local.go":            "Close, by stopped",
	"store/qdrant/standin/standin.go": "the test's cleanup",
}

// ownerless finds go statements in other files.
func ownerless(s source) (found []ast.Node) {
	if owners[s.name] != "" {
		return nil
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if _, is := n.(*ast.GoStmt); is {
			found = append(found, n)
		}
		return true
	})
	return found
}

// isContext reports whether an expression reads as a context: ctx, or x.Context().
func isContext(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return strings.HasSuffix(strings.ToLower(e.Name), "ctx") || strings.HasSuffix(strings.ToLower(e.Name), "context")
	case *ast.CallExpr:
		selected, ok := e.Fun.(*ast.SelectorExpr)
		return ok && selected.Sel.Name == "Context"
	case *ast.SelectorExpr:
		return isContext(e.Sel)
	}
	return false
}

func initFunctions(s source) (found []ast.Node) {
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			found = append(found, f)
		}
	}
	return found
}

// unreadParameters finds parameters with a name that the body never mentions. A
// method may have to take one because of an interface: there it is called _.
func unreadParameters(s source) (found []ast.Node) {
	check := func(kind *ast.FuncType, body *ast.BlockStmt) {
		if body == nil {
			return // assembly
		}
		read := map[string]bool{}
		ast.Inspect(body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				read[id.Name] = true
			}
			return true
		})
		for _, field := range kind.Params.List {
			for _, name := range field.Names {
				if name.Name != "_" && !read[name.Name] {
					found = append(found, name)
				}
			}
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			check(n.Type, n.Body)
		case *ast.FuncLit:
			check(n.Type, n.Body)
		}
		return true
	})
	return found
}

// Every file that owners lists has a go statement.
func TestOwnersAreNeeded(t *testing.T) {
	left := maps.Clone(owners)
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if _, is := n.(*ast.GoStmt); is {
				delete(left, s.name)
			}
			return true
		})
	}
	for name := range left {
		t.Errorf("%s has no go statement any more", name)
	}
}
