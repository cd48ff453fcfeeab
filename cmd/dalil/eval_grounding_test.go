//go:build !race

// The race detector makes this ten times slower and finds nothing here that the other
// tests of eval don't; make test runs it without it.

package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestEvalGrounding(t *testing.T) {
	sets, _ := filepath.Glob("../../../shared/data/eval/ntrex-en-ar")
	if len(sets) == 0 {
		t.Skip("the judged sets are not here")
	}
	code, out, errs := dalil(t, "", "", nil, "eval", "--grounding", "--json", sets[0])
	var got struct {
		Grounding []struct {
			AUC         float64
			Detected    float64
			FalseAlarms float64 `json:"false_alarms"`
		}
	}
	if err := json.Unmarshal([]byte(out), &got); code != 0 || err != nil {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, errs)
	}
	if !strings.Contains(out, `"detected":`) || !strings.Contains(out, `"detected_numbers":`) || !strings.Contains(out, `"detected_names":`) {
		t.Errorf("the names of the measures: %s", out)
	}
	if r := got.Grounding[0]; r.AUC < .94 || r.Detected < .93 || r.FalseAlarms > .05 {
		t.Errorf("claims over translations: %+v", r)
	}
}
