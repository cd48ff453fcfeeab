package main

import (
	"strings"
	"testing"
)

func TestExplainOnTheSeeds(t *testing.T) {
	data := t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	const document = "001_9b34745794db2986"
	for want, args := range map[string][]string{
		"The document is in the answer, at rank ":       {document, "poverty reduction cooperation"},
		"poverty: in the document":                      {document, "poverty reduction cooperation"},
		"The index has no document \"none\".":           {"none", "poverty"},
		"The filter leaves the document out: filter.in": {"--language", "en", document, "poverty"},
		"zebra: not in the index":                       {"--arms", "lexical", document, "zebra"},
	} {
		if code, out, errs := dalil(t, data, "", nil, append([]string{"explain"}, args...)...); code != 0 || !strings.Contains(out, want) {
			t.Errorf("%v: exit %d, %s%s; want %q", args, code, out, errs, want)
		}
	}
	if code, out, errs := dalil(t, data, "", nil, "explain", "--json", document, "poverty"); code != 0 || !strings.Contains(out, `"cause":"RANKED"`) {
		t.Errorf("--json: exit %d, %s%s", code, out, errs)
	}
	for want, args := range map[string][]string{
		"--min-dense: ":         {"--min-dense", "7", document, "poverty"},
		"the question: ":        {document, " "},
		"the document's id: is": {"", "poverty"},
	} {
		if code, _, errs := dalil(t, data, "", nil, append([]string{"explain"}, args...)...); code == 0 || !strings.Contains(errs, want) {
			t.Errorf("%v: exit %d, %s; want an error with %q", args, code, errs, want)
		}
	}
}
