package main

import (
	"strings"
	"testing"
)

func TestSimilarOnTheSeeds(t *testing.T) {
	data := t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	code, out, errs := dalil(t, data, "", nil, "similar", "--json", "000_e41e520a2c6b968b")
	if code != 0 || strings.Contains(out, `"document_id":"000_e41e520a2c6b968b"`) || !strings.Contains(out, `"document_id":"001_9b34745794db2986"`) {
		t.Errorf("exit %d, %s%s; want the other article of the network, and not the article itself", code, out, errs)
	}
	code, out, errs = dalil(t, data, "A forum of Arab and Chinese cities about development.", nil, "similar", "-n", "1", "-")
	if code != 0 || !strings.Contains(out, "المدن العربية") {
		t.Errorf("a text in English: exit %d, %s%s; want the forum of the cities", code, out, errs)
	}
	for want, args := range map[string][]string{
		"--passage":             {"similar"},
		"there is no document":  {"similar", "none"},
		"--passage: ":           {"similar", "--passage", "x"},
		"--limit: must be":      {"similar", "-n", "0", "none"},
		"--per-document: must ": {"similar", "--per-document", "0", "none"},
	} {
		if code, _, errs := dalil(t, data, "", nil, args...); code == 0 || !strings.Contains(errs, want) {
			t.Errorf("%v: exit %d, %s; want an error with %q", args, code, errs, want)
		}
	}
}
