package evaluation_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/evaluation"
)

func TestEvidenceIsMeasured(t *testing.T) {
	on := func(p float64, e corpus.Evidence, right bool) evaluation.Graded {
		return evaluation.Graded{Answerable: true, Evidence: e, Best: p, First: p, FirstRight: right}
	}
	off := func(p float64, e corpus.Evidence) evaluation.Graded {
		return evaluation.Graded{Evidence: e, Best: p, First: p}
	}
	got := evaluation.MeasureEvidence("s", "hard", []evaluation.Graded{
		on(.9, corpus.EvidenceSufficient, true), on(.3, corpus.EvidenceWeak, true), on(.05, corpus.EvidenceNone, false), on(.5, corpus.EvidenceSufficient, true),
		off(.5, corpus.EvidenceSufficient), off(.05, corpus.EvidenceNone), off(.01, corpus.EvidenceNone), off(.02, corpus.EvidenceUnknown),
	})
	want := evaluation.EvidenceReport{
		Set: "s", Case: "hard", Answered: 4, OffTopic: 4, Unknown: 1,
		// .9 is above all 4, .5 above 3 and equal to one, .3 above 3, .05 above 2 and equal to one.
		AUC:                (4 + 3.5 + 3 + 2.5) / 16,
		AnsweredSufficient: .5, OffTopicSufficient: .25, AnsweredNone: .25, OffTopicNone: .5,
		// Bins: 0 to .1 says .13 of 4, none right; .3 says .3, one right; .5 says 1, one right; .9 says .9, one right.
		CalibrationError: (.13 + .7 + 0 + .1) / 8,
	}
	near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if got := evaluation.MeasureEvidence("s", "far", nil); got.AUC != 0 || got.CalibrationError != 0 {
		t.Errorf("without questions: %+v", got)
	}
}

func TestHalvesLeaveOutWhatAnswers(t *testing.T) {
	set := evaluation.Set{Name: "s", Documents: []corpus.Document{{ID: "a"}, {ID: "b"}, {ID: "c"}}, Queries: []evaluation.Judged{
		{ID: "1", Relevant: map[string]int{"a": 2}}, {ID: "2", Relevant: map[string]int{"b": 1, "c": 1}},
	}}
	halves := evaluation.Halves(set)
	want := [2]evaluation.Set{
		{Name: "s/0", Documents: []corpus.Document{{ID: "a"}, {ID: "c"}}, Queries: []evaluation.Judged{
			{ID: "1", Relevant: map[string]int{"a": 2}}, {ID: "2", Relevant: map[string]int{"c": 1}},
		}},
		{Name: "s/1", Documents: []corpus.Document{{ID: "b"}}, Queries: []evaluation.Judged{
			{ID: "1", Relevant: map[string]int{}}, {ID: "2", Relevant: map[string]int{"b": 1}},
		}},
	}
	if diff := cmp.Diff(want, halves); diff != "" {
		t.Errorf("halves (-want +got):\n%s", diff)
	}
	if len(set.Queries[1].Relevant) != 2 {
		t.Error("the set itself was changed")
	}
}
