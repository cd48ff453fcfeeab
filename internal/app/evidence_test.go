//go:build !race

package app_test

import (
	"testing"

	"dalil/internal/config"
	"dalil/internal/task"
)

// The bars of the evidence of answers in the hard case: half of the passages are indexed, and the questions about the
// other half are off-topic. docs/scores.md has the figures.
func TestEvidenceBars(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	for _, set := range []string{"xquad-en-ar", "xquad-ar-en", "tydiqa-goldp-dev-ar-ar"} {
		t.Run(set, func(t *testing.T) {
			reports, err := task.Evidence(operator(t), config.Default(), quiet, []string{judgedSet(t, set)})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range reports {
				t.Logf("%s: %+v", r.Case, r)
				if r.AUC < .9 || r.OffTopicSufficient > .1 || r.AnsweredSufficient < .65 || r.AnsweredNone > .05 || r.OffTopicNone < .45 || r.CalibrationError > .05 {
					t.Error("the bars are AUC .90, SUFFICIENT .65 of answered and .10 of off-topic questions, NONE .05 and .45, calibration error .05")
				}
			}
		})
	}
}
