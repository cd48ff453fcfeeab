package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/store/qdrant/standin"
)

// onBothStores runs a test with flags of the embedded store and of Qdrant.
func onBothStores(t *testing.T, test func(t *testing.T, flags []string)) {
	t.Run("local", func(t *testing.T) { test(t, []string{"--data", t.TempDir()}) })
	t.Run("qdrant", func(t *testing.T) {
		test(t, []string{"--data", t.TempDir(), "--set", "store.name=qdrant", "--set", "store.address=" + standin.Start(t, standin.Options{}).Address()})
	})
}

// Every local command with --tenant works on the documents of that tenant.
func TestTenantOfLocalCommands(t *testing.T) {
	onBothStores(t, func(t *testing.T, flags []string) {
		command := func(want int, says, stdin string, args ...string) string {
			t.Helper()
			code, out, errs := dalil(t, "", stdin, hashed, append(append([]string{}, flags...), args...)...)
			if code != want || !strings.Contains(out+errs, says) {
				t.Errorf("%v: exit %d, want %d and %q:\n%s%s", args, code, want, says, out, errs)
			}
			return out
		}
		lines := `{"id":"wheat","text":"Wheat prices rose in the north."}` + "\n" + `{"id":"fish","text":"Fish swim in the river."}`
		command(0, "2 indexed", lines, "index", "--tenant", "news", "-")
		command(0, "1 indexed", `{"id":"wheat","text":"Wheat grows here."}`, "index", "-")
		command(0, "1 indexed", `{"id":"ball","text":"The ball is round."}`, "index", "--tenant", "sport", "-")
		command(0, "wheat: indexed", "Wheat is cheap.", "docs", "put", "--tenant", "sport", "wheat")

		command(0, "prices rose", "", "docs", "get", "--tenant", "news", "wheat")
		command(0, "grows here", "", "docs", "get", "wheat")
		command(1, `there is no document "ball"`, "", "docs", "get", "--tenant", "news", "ball")
		for tenant, want := range map[string]string{"": "grows here", "news": "prices rose", "sport": "is cheap"} {
			args := []string{"search", "wheat"}
			if tenant != "" {
				args = []string{"search", "--tenant", tenant, "wheat"}
			}
			out := command(0, want, "", args...)
			for _, other := range []string{"grows here", "prices rose", "is cheap"} {
				if other != want && strings.Contains(out, other) {
					t.Errorf("tenant %q finds the passage of another:\n%s", tenant, out)
				}
			}
		}
		if out := command(0, "Fish swim", "", "export", "--tenant", "news"); strings.Contains(out, "ball") || strings.Contains(out, "grows") {
			t.Errorf("the export has documents of others:\n%s", out)
		}
		for _, args := range [][]string{{"search", "--tenant", "No Name", "x"}, {"index", "--tenant", "No Name", "-"}, {"export", "--tenant", "No Name"}, {"eval", "--tenant", "No Name", "x"}} {
			command(1, "--tenant: must have only", lines, args...)
		}
		command(1, "--rebuild cannot be combined with --tenant", "", "index", "--rebuild", "--tenant", "news")

		if out := command(0, "news\n", "", "tenants", "list"); out != "news\nsport\n" {
			t.Errorf("tenants: %q", out)
		}
		command(0, `"usage":{"documents":2,"passages":2,"text_bytes":54,"deleted_versions":0}`, "", "tenants", "usage", "--json", "news")
		command(0, "of 2", "", "--set", `quota.tenants={"news":{"documents":2}}`, "tenants", "usage", "news")
		command(1, "the limit is 2 documents", `{"id":"third","text":"One too many."}`, "--set", "quota.documents=2", "index", "--tenant", "news", "-")

		archive := filepath.Join(t.TempDir(), "news.tar")
		command(0, "2 documents, ", "", "backup", "create", "--tenant", "news", archive)
		command(1, "delete them first", "", "restore", "--tenant", "news", archive)
		command(1, "--yes is missing", "", "tenants", "delete", "news")
		command(0, "2 documents of tenant news would be deleted", "", "tenants", "delete", "--dry-run", "news")
		command(0, "2 documents of tenant news were deleted; nothing is left", "", "tenants", "delete", "--yes", "news")
		command(1, "no documents", "", "export", "--tenant", "news", filepath.Join(t.TempDir(), "x"))
		command(0, "grows here", "", "docs", "get", "wheat")
		if out := command(0, "sport\n", "", "tenants", "list"); out != "sport\n" {
			t.Errorf("tenants after the deletion: %q", out)
		}
		command(0, "2 documents, ", "", "restore", "--tenant", "news", archive)
		command(0, "prices rose", "", "docs", "get", "--tenant", "news", "wheat")
	})
}

// A server lists, counts and deletes tenants, and --tenant names one.
func TestTenantsOnAServer(t *testing.T) {
	address := serving(t)
	file := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(file, []byte("Rivers cross the old city."), 0o600); err != nil {
		t.Fatal(err)
	}
	command := func(want int, says string, args ...string) string {
		t.Helper()
		code, out, errs := dalil(t, "", "", nil, args...)
		if code != want || !strings.Contains(out+errs, says) {
			t.Errorf("%v: exit %d, want %d and %q:\n%s%s", args, code, want, says, out, errs)
		}
		return out
	}
	command(0, "1 indexed", "index", "--server", address, "--tenant", "news", file)
	if out := command(0, "news", "tenants", "list", "--server", address, "--json"); strings.TrimSpace(out) != `{"tenants":[{"tenant":"news"}],"next_page_token":"","total_size":1}` {
		t.Errorf("as JSON: %s", out)
	}
	command(0, "documents      1", "tenants", "usage", "--server", address, "news")
	command(0, "nothing is left", "tenants", "delete", "--server", address, "--yes", "news")
	command(0, "has no documents: check the name", "tenants", "delete", "--server", address, "--yes", "newz")
	for _, args := range [][]string{
		{"search", "--tenant", "", "rivers"},
		{"backup", "create", "--tenant=", "a.tar"},
		{"restore", "--tenant", "", "a.tar"},
		{"docs", "delete", "--tenant", "", "a"},
		{"keys", "create", "--name", "x", "--scope", "search", "--filter", ""},
		{"keys", "create", "--name", "x", "--scope", "search", "--group", ""},
	} {
		command(2, "is empty; give a value, or leave the flag out", args...)
	}
	command(0, "documents      0", "tenants", "usage", "--server", address, "news")
}
