package main

import (
	"encoding/json"
	"strings"
	"testing"

	"dalil/evaluation"
)

func TestEvalEvidenceOnTheSeeds(t *testing.T) {
	code, out, errs := dalil(t, "", "", nil, "eval", "--evidence", "--json", "../../seeds")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var got struct{ Evidence []evaluation.EvidenceReport }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if len(got.Evidence) != 2 || got.Evidence[0].Case != "hard" || got.Evidence[1].Case != "far" {
		t.Fatalf("reports %+v, want the hard and the far case", got.Evidence)
	}
	far := got.Evidence[1]
	if far.OffTopic < 80 || far.AUC < .93 || far.OffTopicNone < .7 || far.OffTopicSufficient > .1 || far.AnsweredSufficient < .7 || far.Unknown > 0 {
		t.Errorf("questions about other things: %+v", far)
	}
	code, out, _ = dalil(t, "", "", nil, "eval", "--evidence", "../../seeds")
	if code != 0 || !strings.Contains(out, "off-topic") || !strings.Contains(out, "seeds") {
		t.Errorf("exit %d, %s; want a table", code, out)
	}
}

func TestSearchShowsTheEvidence(t *testing.T) {
	data := t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for question, want := range map[string]string{
		"poverty reduction cooperation":        "Evidence: sufficient.",
		"How do I change the oil of a tractor": "Evidence: none.",
	} {
		if code, out, errs := dalil(t, data, "", nil, "search", question); code != 0 || !strings.Contains(out, want) || !strings.Contains(out, "relevance") {
			t.Errorf("%q: exit %d, %s%s; want %q and the relevance of passages", question, code, out, errs, want)
		}
	}
	if _, out, _ := dalil(t, data, "", nil, "search", "--json", "poverty reduction cooperation"); !strings.Contains(out, `"SUFFICIENT"`) || !strings.Contains(out, `"relevance"`) {
		t.Errorf("JSON without evidence: %.300s", out)
	}
}
