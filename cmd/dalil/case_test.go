package main

import (
	"strings"
	"testing"
)

func TestValuesOfFlagsMayBeInUpperCase(t *testing.T) {
	folder := t.TempDir()
	if code, _, errs := dalil(t, folder, `{"id":"a","text":"The bridge over the river was opened."}`, nil, "index", "-"); code != 0 {
		t.Fatal(errs)
	}
	for _, flags := range [][]string{{"--view", "ids"}, {"--fusion", "rrf"}, {"--rerank", "off"}, {"--arms", "dense"}} {
		answers := map[string]string{}
		for _, value := range []string{flags[1], strings.ToUpper(flags[1])} {
			code, out, errs := dalil(t, folder, "", nil, "search", flags[0], value, "bridge")
			if code != 0 {
				t.Errorf("%s %s: exit %d, %s", flags[0], value, code, errs)
			}
			answers[out] = value
		}
		if len(answers) != 1 {
			t.Errorf("%s: upper case changes the answer: %v", flags[0], answers)
		}
	}
}

func TestErrorsListEachValueOnce(t *testing.T) {
	for _, test := range []struct{ command, flag, want string }{
		{"search", "--rerank", `--rerank must be one of "auto","on","off" but got "foo"`},
		{"search", "--view", `--view must be one of "full","snippet","ids" but got "foo"`},
		{"context", "--format", `--format must be one of "blocks","markdown","xml","search_results" but got "foo"`},
		{"context", "--min-evidence", `--min-evidence must be one of "none","weak","sufficient" but got "foo"`},
		{"eval", "--fusion", `--fusion must be one of "mix","rrf" but got "foo"`},
	} {
		code, _, errs := dalil(t, "", "", nil, test.command, test.flag, "foo", "x")
		if code != 2 || !strings.Contains(errs, test.want) {
			t.Errorf("%s %s: exit %d, %s; want %s", test.command, test.flag, code, errs, test.want)
		}
	}
}
