package evaluation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dalil/corpus"
)

// ContextBuilder is what makes the contexts that are judged.
type ContextBuilder interface {
	BuildContext(ctx context.Context, q corpus.ContextQuery) (corpus.ContextAnswer, error)
}

// ContextReport is how often a context has what answers the question.
type ContextReport struct {
	Name     string                  `json:"name"`
	Budget   int                     `json:"budget"` // tokens
	Counter  string                  `json:"token_counter"`
	Overall  ContextShare            `json:"overall"`
	Tags     map[string]ContextShare `json:"tags,omitempty"` // of the questions that carry each tag
	Tokens   float64                 `json:"mean_tokens"`
	Blocks   float64                 `json:"mean_blocks"`
	Over     int                     `json:"over_budget"` // contexts with more tokens than the budget
	Degraded int                     `json:"degraded"`    // contexts that were made without an arm or a stage
	Missing  []string                `json:"missing"`     // questions whose answer is not inside
}

// ContextShare is a share of questions.
type ContextShare struct {
	Questions int     `json:"questions"`
	Inside    float64 `json:"inside"` // share whose answer is in the context, 0 to 1
}

// JudgeContexts makes a context for every question of the set. A context has the
// answer if a block has all of one of Judged.Answers, white space aside; without
// Answers, if a block is of a relevant document.
func JudgeContexts(ctx context.Context, set Set, tokens int, b ContextBuilder) (ContextReport, error) {
	report := ContextReport{Name: set.Name, Budget: tokens, Missing: []string{}}
	inside := make([]bool, len(set.Queries))
	for i, q := range set.Queries {
		answer, err := b.BuildContext(ctx, corpus.ContextQuery{Query: corpus.Query{Text: q.Text}, MaxTokens: tokens})
		if err != nil {
			return report, fmt.Errorf("%s: query %s: %w", set.Name, q.ID, err)
		}
		report.Counter = answer.Counter
		report.Tokens += float64(answer.Tokens) / float64(len(set.Queries))
		report.Blocks += float64(len(answer.Blocks)) / float64(len(set.Queries))
		if answer.Tokens > tokens {
			report.Over++
		}
		if len(answer.Degraded)+len(answer.DegradedStages) > 0 {
			report.Degraded++
		}
		if inside[i] = slices.ContainsFunc(answer.Blocks, q.answeredBy); !inside[i] {
			report.Missing = append(report.Missing, q.ID)
		}
	}
	places := map[string][]bool{}
	for i, q := range set.Queries {
		for _, tag := range q.Tags {
			places[tag] = append(places[tag], inside[i])
		}
	}
	report.Overall = shareOf(inside)
	for _, tag := range slices.Sorted(maps.Keys(places)) {
		if report.Tags == nil {
			report.Tags = map[string]ContextShare{}
		}
		report.Tags[tag] = shareOf(places[tag])
	}
	return report, nil
}

// answeredBy reports whether a block has the answer.
func (q *Judged) answeredBy(b corpus.ContextBlock) bool {
	if len(q.Answers) == 0 {
		return q.Relevant[b.Document.ID] > 0
	}
	text := strings.Join(strings.Fields(b.Text), " ")
	return slices.ContainsFunc(q.Answers, func(answer string) bool {
		return strings.Contains(text, strings.Join(strings.Fields(answer), " "))
	})
}

func shareOf(inside []bool) ContextShare {
	s := ContextShare{Questions: len(inside)}
	for _, in := range inside {
		if in {
			s.Inside += 1 / float64(len(inside))
		}
	}
	return s
}
