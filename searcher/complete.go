package searcher

import (
	"context"
	"slices"
	"strings"
)

// A topic is a short phrase that is not a question: topicLeast to topicMost words.
// Two words are left to the ranker, which sees them side by side or not.
const (
	topicLeast = 3
	topicMost  = 4
)

// missingPenalty is subtracted from the score of a passage that has none of a
// topic's words in any form; a passage without some of them loses a part of it.
// docs/decisions/006-ranker.md says how it was chosen.
const missingPenalty = 8

// everyWord is the share of a passage that has every word, less what rounding
// may take off.
const everyWord = 0.999

// complete ranks passages with every word of a topic, in any form, before those
// without one of them: "poverty reduction cooperation" asks for all three. Where
// no candidate has every word, the question is no topic of this index, and the
// order stays.
func (r *run) complete(_ context.Context, candidates []candidate) ([]candidate, error) {
	best := r.best(candidates)
	if !r.learned(best) || !r.topical() {
		return candidates, nil
	}
	if !slices.ContainsFunc(best, func(c candidate) bool { return c.features[featureTouched] >= everyWord }) {
		return candidates, nil
	}
	for i := range best {
		best[i].final -= missingPenalty * float64(1-best[i].features[featureTouched])
	}
	sortCandidates(best)
	below(best, candidates[len(best):])
	return candidates, nil
}

// topical reports whether the question names a topic: few words, no question
// mark, and no word before them that only asks (who, when, من, كيف).
func (r *run) topical() bool {
	if n := len(r.question.Groups); n < topicLeast || n > topicMost || strings.ContainsAny(r.query.Text, "?؟") {
		return false
	}
	words := r.deps.Analyzer.Words(r.query.Text)
	return len(words) > 0 && !words[0].Stop
}
