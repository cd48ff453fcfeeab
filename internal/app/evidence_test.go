//go:build !race

package app_test

import (
	"testing"

	"dalil/internal/config"
	"dalil/internal/task"
)

// The bars of the evidence of answers. In the hard case, half of the passages are indexed, and the questions about the
// other half are off-topic. In the far case, the off-topic questions are about other things: of Arabic questions for
// English passages fewer are recognised, because there a question with an answer often has no word that the lexicon
// translates as the passage does. docs/scores.md has the figures.
func TestEvidenceBars(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	dirs := []string{judgedSet(t, "xquad-en-ar"), judgedSet(t, "xquad-ar-en"), judgedSet(t, "tydiqa-goldp-dev-ar-ar")}
	far := map[string]struct{ auc, none float64 }{"xquad-ar-en": {.92, .53}, "tydiqa-goldp-dev-ar-ar": {.97, .78}}
	reports, err := task.Evidence(operator(t), config.Default(), quiet, dirs)
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, r := range reports {
		t.Logf("%s, %s: %+v", r.Set, r.Case, r)
		switch {
		case r.Set == "all":
		case r.Case == "hard":
			cases++
			if r.AUC < .905 || r.OffTopicSufficient > .1 || r.AnsweredSufficient < .65 || r.AnsweredNone > .05 || r.OffTopicNone < .5 || r.CalibrationError > .05 {
				t.Errorf("%s: the bars are AUC .905, SUFFICIENT .65 of answered and .10 of off-topic questions, NONE .05 and .50, calibration error .05", r.Set)
			}
		default:
			cases++
			if bar := far[r.Set]; r.AUC < bar.auc || r.OffTopicNone < bar.none {
				t.Errorf("%s, questions about other things: the bars are AUC %.2f and NONE %.2f", r.Set, bar.auc, bar.none)
			}
		}
	}
	if want := len(dirs) + len(far); cases != want {
		t.Errorf("%d reports of single sets, want %d", cases, want)
	}
}
