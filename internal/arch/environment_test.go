package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// checkEnvironment refuses what only programs and internal/config may do: reading
// the environment.
func checkEnvironment(t *testing.T, file, pkg string) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, parser.ParseComments)
	if err != nil {
		t.Error(err)
		return
	}
	if ast.IsGenerated(parsed) {
		return
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "os" {
				switch n.Sel.Name {
				case "Getenv", "LookupEnv", "Environ", "Args":
					t.Errorf("%v: %q reads os.%s; only programs and internal/config may", set.Position(n.Pos()), pkg, n.Sel.Name)
				}
			}
		}
		return true
	})
}
