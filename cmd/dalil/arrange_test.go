package main

import (
	"strings"
	"testing"
)

func TestOptionsOfASearch(t *testing.T) {
	data := t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatal(errs)
	}
	for _, test := range []struct {
		flags []string
		want  string // in the answer
	}{
		{[]string{"--facet", "language,metadata.none"}, "\nlanguage: ar 5\nmetadata.none: no document has it\n"},
		{[]string{"--facet", "year", "--facet", "tag", "--json"}, `"facets":[{"field":"year","values":[],"complete":true},{"field":"tag","values":[],"complete":true}]`},
		{[]string{"--group", "1", "--limit", "100"}, "\n  5  "},
		{[]string{"--group", "2", "--limit", "100", "--json"}, `"groups":[{"document_id":`},
		{[]string{"--diversity", "0.5", "--recency", "30d", "--recency-weight", "0.1", "--collapse"}, "\n 10  "},
		{[]string{"--order", "newest"}, "\n 10  "},
	} {
		code, out, errs := dalil(t, data, "", nil, append([]string{"search", "poverty reduction cooperation"}, test.flags...)...)
		if code != 0 || !strings.Contains(out, test.want) {
			t.Errorf("%v: exit %d, does not contain %q:\n%s%s", test.flags, code, test.want, out, errs)
		}
	}
	for _, test := range []struct {
		flags []string
		want  string
	}{
		{[]string{"--diversity", "2"}, "--diversity: must be 0 to 1, is 2"},
		{[]string{"--recency", "soon"}, `--recency: must be an age such as 12h, 30d or 2y, is "soon"`},
		{[]string{"--recency", "NaNd"}, `--recency: must be an age such as 12h, 30d or 2y, is "NaNd"`},
		{[]string{"--recency", "101y"}, "--recency: must be 1s to 3153600000s"},
		{[]string{"--recency", "1y", "--recency-weight", "3"}, "--recency-weight: must be 0 to 1, is 3"},
		{[]string{"--recency-weight", "1"}, "--recency-weight: needs --recency"},
		{[]string{"--group", "0"}, "--group: must be 1 to 10, is 0"},
		{[]string{"--order", "newest", "--diversity", "1"}, "--diversity: must not be set together"},
		{[]string{"--facet", "tags"}, "--facet: must be language, source, author, tag, year or metadata.KEY"},
		{[]string{"--order", "random"}, "--order"},
	} {
		code, _, errs := dalil(t, data, "", nil, append([]string{"search", "poverty"}, test.flags...)...)
		if code == 0 || !strings.Contains(errs, test.want) {
			t.Errorf("%v: exit %d, %q does not contain %q", test.flags, code, errs, test.want)
		}
	}
}
