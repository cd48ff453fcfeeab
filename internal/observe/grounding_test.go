package observe_test

import (
	"context"
	"errors"
	"testing"

	"dalil/corpus"
	"dalil/internal/observe"
)

// checked answers with what it is.
type checked corpus.Grounding

func (c checked) CheckClaims(_ context.Context, answer string, _ []corpus.Source) (corpus.Grounding, error) {
	if answer == "" {
		return corpus.Grounding{}, errors.New("nothing to check")
	}
	return corpus.Grounding(c), nil
}

func TestClaimsAreCountedByOutcome(t *testing.T) {
	m := observe.New(build())
	support := float32(0.6)
	c := m.Claims(checked{Support: &support, Claims: []corpus.Claim{
		{NeedsSupport: true, Support: 0.9},
		{NeedsSupport: true, Support: 0.8},
		{NeedsSupport: true, Support: 0.8, CitedWrongly: true},
		{NeedsSupport: true, Support: 0.3},
		{NeedsSupport: true, Support: 0.6, Mismatches: []corpus.Mismatch{{Kind: corpus.MismatchNumber}, {Kind: corpus.MismatchName}}},
		{},
	}})
	if _, err := c.CheckClaims(t.Context(), "answer", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CheckClaims(t.Context(), "", nil); err == nil {
		t.Error("the error is lost")
	}
	families := scrape(t, m)
	for outcome, want := range map[string]float64{"supported": 2, "cited_wrongly": 1, "unsupported": 1, "mismatched": 1, "needs_no_support": 1} {
		if got := value(families, "dalil_grounding_claims_total", "outcome="+outcome); got != want {
			t.Errorf("%v claims are %s, want %v", got, outcome, want)
		}
	}
	for kind, want := range map[string]float64{"number": 1, "date": 0, "name": 1} {
		if got := value(families, "dalil_grounding_mismatches_total", "kind="+kind); got != want {
			t.Errorf("%v mismatches of a %s, want %v", got, kind, want)
		}
	}
	for _, name := range []string{"dalil_grounding_duration_seconds", "dalil_grounding_support"} {
		if got := families[name].GetMetric()[0].GetHistogram().GetSampleCount(); got != 1 { // not of the failure
			t.Errorf("%s counts %d answers, want 1", name, got)
		}
	}
}

func TestQuestionsWithAHistoryAreCounted(t *testing.T) {
	m := observe.New(build())
	m.Answer(corpus.Answer{})
	history := []corpus.Timing{{Stage: corpus.StageConversation}}
	m.Answer(corpus.Answer{Timings: history, FollowsUp: true})
	m.Answer(corpus.Answer{Timings: history})
	m.Context(corpus.ContextAnswer{Answer: corpus.Answer{Timings: history}})
	families := scrape(t, m)
	for read, want := range map[string]float64{"follow_up": 1, "standalone": 2} {
		if got := value(families, "dalil_conversation_questions_total", "read_as="+read); got != want {
			t.Errorf("%v questions were read as %s, want %v", got, read, want)
		}
	}
}
