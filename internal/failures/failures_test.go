package failures

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
)

func open(t *testing.T, path string) *List {
	t.Helper()
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// lines describes a list.
func lines(l *List) string {
	page, total := l.List("", "", "", Most)
	var all []string
	for _, f := range page {
		all = append(all, fmt.Sprintf("%s %s %s×%d", f.DocumentID, f.Source, f.Reason, f.Tries))
	}
	return fmt.Sprintf("%d: %s", total, strings.Join(all, ", "))
}

func TestFailuresSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "failures.jsonl")
	l := open(t, path)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	l.now = func() time.Time { now = now.Add(time.Second); return now }
	l.Note(corpus.DocumentFailure{DocumentID: "b", Source: "b.txt", Reason: "INVALID", Message: "m"})
	l.Note(corpus.DocumentFailure{DocumentID: "a", Reason: "EXHAUSTED", Retryable: true})
	l.Note(corpus.DocumentFailure{DocumentID: "b", Reason: "UNAVAILABLE"})
	l.Note(corpus.DocumentFailure{DocumentID: "c", Reason: "INVALID"})
	l.Clear("c", "")
	l.Clear("never there", "")
	const want = "2: a  EXHAUSTED×1, b b.txt UNAVAILABLE×2"
	for range 2 {
		if got := lines(l); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		l = open(t, path)
	}
	page, _ := l.List("", "", "a", 5)
	if f := page[0]; len(page) != 1 || !f.First.Equal(time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC)) || !f.Last.Equal(time.Date(2026, 1, 2, 3, 4, 8, 0, time.UTC)) {
		t.Errorf("after a restart: %+v", page)
	}
}

// Whatever a crash or a disk leaves of the file, the lines before it count, and the list goes on.
func TestATornFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "failures.jsonl")
	l := open(t, path)
	for i := range 5 {
		l.Note(corpus.DocumentFailure{DocumentID: fmt.Sprint("d", i), Reason: "INVALID"})
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) + 1 {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		l := open(t, path)
		_, held := l.List("", "", "", Most)
		if want := strings.Count(string(whole[:cut]), "\n"); held != want && held != want+1 {
			t.Fatalf("cut at %d: %d failures, want %d", cut, held, want)
		}
		l.Note(corpus.DocumentFailure{DocumentID: "new", Reason: "INVALID"})
		if _, total := open(t, path).List("", "", "", Most); total != held+1 {
			t.Fatalf("cut at %d: %d failures after another one, want %d", cut, total, held+1)
		}
	}
	if err := os.WriteFile(path, []byte("\x00\x01garbage\n{}\n"+string(whole)+"{\"id\":"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, total := open(t, path).List("", "", "", Most); total != 5 {
		t.Errorf("%d failures beside garbage, want 5", total)
	}
}

func TestTheListIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "failures.jsonl")
	l := open(t, path)
	id := func(i int) string { return fmt.Sprintf("d%06d", i) }
	for i := range Most + 500 {
		l.Note(corpus.DocumentFailure{DocumentID: id(i), Reason: "INVALID", Message: strings.Repeat("م", 600)})
	}
	page, total := l.List("", "", "", 1)
	if total != Most || page[0].DocumentID != id(500) || len(page[0].Message) > longest {
		t.Errorf("%d failures, the first %s", total, page[0].DocumentID)
	}
	for i := range Most + 500 {
		l.Clear(id(i), "")
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 64<<10 {
		t.Errorf("the file of an empty list: %v, %v", info.Size(), err)
	}
	if _, total := open(t, path).List("", "", "", 1); total != 0 {
		t.Errorf("%d failures after all were cleared", total)
	}
}

// A folder that cannot be written to keeps the list in memory.
func TestAFolderThatRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := Open(filepath.Join(path, "failures.jsonl"))
	if err == nil {
		t.Error("a path below a file was opened")
	}
	l.Note(corpus.DocumentFailure{DocumentID: "a", Reason: "INVALID"})
	if _, total := l.List("", "", "", 1); total != 1 {
		t.Errorf("%d failures, want 1", total)
	}
}

// Each tenant has its own list, and does not drop what others have.
func TestTenantsHaveTheirOwnFailures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "failures.jsonl")
	l := open(t, path)
	for i := range 20 {
		l.Note(corpus.DocumentFailure{DocumentID: corpus.TenantKey([]string{"", "a"}[i%2], fmt.Sprint("d", i/2)), Reason: "INVALID"})
	}
	for i := range Most {
		l.Note(corpus.DocumentFailure{DocumentID: corpus.TenantKey("b", fmt.Sprint(i)), Reason: "INVALID"})
	}
	l.Clear(corpus.TenantKey("a", "d3"), "")
	l.Clear(corpus.TenantKey("b", "d4"), "")
	for range 2 {
		for tenant, want := range map[string]int{"": 10, "a": 9, "b": Most - 20, "c": 0} {
			page, total := l.List(tenant, "", "", 3)
			if total != want || len(page) != min(want, 3) {
				t.Errorf("%q has %d failures, %d on a page, want %d", tenant, total, len(page), want)
			}
		}
		if page, _ := l.List("a", "", "d2", 1); page[0].DocumentID != "d4" {
			t.Errorf("after d2 comes %+v", page)
		}
		l = open(t, path)
	}
}

// A credential that does not see all documents of its tenant has failures of its own.
func TestFailuresOfOneCredential(t *testing.T) {
	path := filepath.Join(t.TempDir(), "failures.jsonl")
	l := open(t, path)
	l.Note(corpus.DocumentFailure{DocumentID: "hidden", Source: "secret.txt", Reason: "INVALID"})
	l.Note(corpus.DocumentFailure{DocumentID: "own", By: "k1", Reason: "INVALID"})
	l.Note(corpus.DocumentFailure{DocumentID: "both", Source: "secret.txt", Reason: "INVALID"})
	l.Note(corpus.DocumentFailure{DocumentID: "both", By: "k1", Reason: "INVALID"})
	l.Clear("hidden", "k1")
	for range 2 {
		if page, total := l.List("", "k1", "", 9); total != 2 || page[0].DocumentID != "both" || page[0].Source != "" || page[0].Tries != 1 || page[1].DocumentID != "own" {
			t.Errorf("of k1: %d, %+v", total, page)
		}
		if _, total := l.List("", "", "", 9); total != 3 {
			t.Errorf("%d failures, want 3", total)
		}
		l = open(t, path)
	}
	l.Clear("own", "k1")
	if _, total := l.List("", "k1", "", 9); total != 1 {
		t.Errorf("%d failures of k1 are left, want 1", total)
	}
}

func TestAnErasedTenant(t *testing.T) {
	path := filepath.Join(t.TempDir(), "failures.jsonl")
	l := open(t, path)
	for _, tenant := range []string{"a", "b"} {
		l.Note(corpus.DocumentFailure{DocumentID: corpus.TenantKey(tenant, "d"), Source: "of " + tenant, Reason: "INVALID"})
		l.Note(corpus.DocumentFailure{DocumentID: corpus.TenantKey(tenant, "cleared"), Source: "of " + tenant, Reason: "INVALID"})
		l.Clear(corpus.TenantKey(tenant, "cleared"), "")
	}
	l.Erase("a")
	raw, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(raw), "of a") || !strings.Contains(string(raw), "of b") {
		t.Errorf("the file has %q, error %v", raw, err)
	}
	for range 2 {
		for tenant, want := range map[string]int{"a": 0, "b": 1} {
			if _, total := l.List(tenant, "", "", 9); total != want {
				t.Errorf("%q has %d failures, want %d", tenant, total, want)
			}
		}
		l = open(t, path)
	}
}
