package server

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"dalil/corpus"
)

// The table of docs/security.md is that of rights.
func TestTheTableOfScopes(t *testing.T) {
	services := []string{"SearchService", "DocumentService", "AdminService"}
	var want strings.Builder
	fmt.Fprintf(&want, "| scope | %s |\n|---|---|---|---|\n", strings.Join(services, " | "))
	counted := 0
	for _, scope := range []corpus.Scope{corpus.ScopeSearch, corpus.ScopeWrite, corpus.ScopeAdmin} {
		fmt.Fprintf(&want, "| `%v` |", scope)
		for _, service := range services {
			var methods []string
			for method, needs := range rights {
				if name, ok := strings.CutPrefix(method, "/dalil.v1."+service+"/"); ok && needs.scope == scope && !needs.open {
					methods = append(methods, name)
				}
			}
			counted += len(methods)
			slices.Sort(methods)
			fmt.Fprintf(&want, " %s |", strings.Join(methods, ", "))
		}
		want.WriteString("\n")
	}
	text, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), want.String()) {
		t.Errorf("docs/security.md must have this table:\n%s", want.String())
	}
	for method := range rights {
		if !strings.HasPrefix(method, "/dalil.v1.") {
			counted++
		}
	}
	if counted != len(rights) {
		t.Errorf("%d of %d methods are in the table or are of the gRPC library", counted, len(rights))
	}
}
