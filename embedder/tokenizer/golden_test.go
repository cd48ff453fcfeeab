package tokenizer_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/embedder/tokenizer"
)

// golden is a small tokenizer and what the reference library makes of odd
// texts with it; testdata/golden.py writes the files.
type golden struct {
	Tokenizer json.RawMessage
	Cases     []struct {
		Text         string
		IDs, Special []int32
	}
}

func readGolden(t testing.TB, path string) golden {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func goldenFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 11 {
		t.Fatalf("%d golden files (%v), want 11 at least", len(files), err)
	}
	return files
}

func TestIDsAreTheReferences(t *testing.T) {
	for _, path := range goldenFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			g := readGolden(t, path)
			tok, err := tokenizer.Load(g.Tokenizer)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 { // the second and third time words are remembered
				for _, c := range g.Cases {
					got := tok.AppendIDs(nil, c.Text)
					if diff := cmp.Diff(c.IDs, got, cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("ids of %+q (-want +got):\n%s", c.Text, diff)
					}
					if diff := cmp.Diff(c.Special, tok.AppendIDsSpecial(nil, c.Text), cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("ids with special tokens of %+q (-want +got):\n%s", c.Text, diff)
					}
					if n := tok.Count(c.Text); n != len(c.IDs) {
						t.Errorf("Count(%+q) = %d, want %d", c.Text, n, len(c.IDs))
					}
				}
			}
		})
	}
}
