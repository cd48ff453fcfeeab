package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The command line writes under conditions, and says what was stale.
func TestIndexUnderConditions(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "trains.txt")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	index := func(want int, says string, stdin string, args ...string) {
		t.Helper()
		if code, out, errs := dalil(t, data, stdin, hashed, append([]string{"index"}, args...)...); code != want || !strings.Contains(out+errs, says) {
			t.Errorf("index %v: %d, want %d and %q\n%s%s", args, code, want, says, out, errs)
		}
	}
	etag := func() string {
		t.Helper()
		_, out, _ := dalil(t, data, "", hashed, "search", "--json", "trains carry")
		var answer struct {
			Passages []struct{ Document struct{ ETag string } }
		}
		if err := json.Unmarshal([]byte(out), &answer); err != nil || len(answer.Passages) == 0 || len(answer.Passages[0].Document.ETag) != 32 {
			t.Fatalf("no etag, error %v:\n%s", err, out)
		}
		return answer.Passages[0].Document.ETag
	}
	write("Trains carry grain.")
	index(1, "does not exist", "", "--if-match", "*", file)
	index(0, "1 indexed", "", "--if-none-match", file)
	first := etag()
	write("Trains carry steel.")
	index(1, "it exists", "", "--if-none-match", file)
	index(0, "1 indexed", "", "--if-match", first, file)
	write("Trains carry coal.")
	index(1, "etag", "", "--if-match", first, file)
	if now := etag(); now == first {
		t.Errorf("the etag is still %s", now)
	}
	index(1, "exclude each other", "", "--if-match", first, "--if-none-match", file)

	index(0, "1 indexed", `{"id":"v","text":"Ships carry grain.","source_version":5}`, "-")
	index(0, "1 stale", `{"id":"v","text":"Ships carry salt.","source_version":4}`, "-")
	index(0, "1 unchanged", `{"id":"v","text":"Ships carry grain.","source_version":6}`, "-")
	index(0, "1 stale", `{"id":"v","text":"Ships carry salt.","source_version":5}`, "-")
	index(0, "1 indexed", `{"id":"v","text":"Ships carry salt.","source_version":6}`, "-")
}
