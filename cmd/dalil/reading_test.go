package main

import (
	"strings"
	"testing"
)

// The flags for how a question is read reach the answer, and a wrong time is named.
func TestFlagsOfReading(t *testing.T) {
	data := t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatal(errs)
	}
	const week = `"interpreted_time":{"from":"2024-05-06T00:00:00Z","until":"2024-05-13T00:00:00Z"}`
	for _, test := range []struct {
		flags   []string
		has     string
		without string
	}{
		{[]string{"--at", "2024-05-15"}, week, ""},
		{[]string{"--at", "2024-05-15T23:00:00+03:00"}, week, ""},
		{[]string{"--at", "2024-05-15", "--no-time"}, `"interpreted_query":"poverty last week"`, "interpreted_time"},
	} {
		code, out, errs := dalil(t, data, "", nil, append([]string{"search", "--json", "poverty last week"}, test.flags...)...)
		if code != 0 || !strings.Contains(out, test.has) || test.without != "" && strings.Contains(out, test.without) {
			t.Errorf("%q: %d\n%s%s", test.flags, code, out, errs)
		}
	}
	for _, test := range []struct {
		arguments []string
		want      string
	}{
		{[]string{`"poverty reduction" -climate`}, `"interpreted_query":"poverty reduction (\"poverty reduction\", -climate)"`},
		{[]string{"--plain", `"poverty reduction" -climate`}, `"interpreted_query":"\"poverty reduction\" -climate"`},
	} {
		code, out, errs := dalil(t, data, "", nil, append([]string{"search", "--json"}, test.arguments...)...)
		if code != 0 || !strings.Contains(out, test.want) {
			t.Errorf("%q: %d\n%s%s", test.arguments, code, out, errs)
		}
	}
	if code, _, errs := dalil(t, data, "", nil, "search", "--", "-climate"); code == 0 || !strings.Contains(errs, "left out by a minus") {
		t.Errorf("nothing but a minus: %d %s", code, errs)
	}
	if code, _, errs := dalil(t, data, "", nil, "search", "--at", "last week", "poverty"); code == 0 || !strings.Contains(errs, "--at: must be a date") {
		t.Errorf("a wrong --at: %d %s", code, errs)
	}
	if _, out, _ := dalil(t, data, "", nil, "search", "--debug", "--at", "2024-05-15", "poverty last week"); !strings.Contains(out, "searched for: poverty last week (2024-05-06 to 2024-05-12)") {
		t.Errorf("--debug does not show the time:\n%s", out)
	}
}
