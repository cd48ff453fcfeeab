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
