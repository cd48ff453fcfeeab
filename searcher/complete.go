package searcher

import (
	"context"
	"slices"
	"strings"
)

// A topic is a short phrase that is not a question, with topicLeast to topicMost
// words. For two words the ranker is enough, because it has a feature for
// neighbouring words.
const (
	topicLeast = 3
	topicMost  = 4
)

// missingPenalty is subtracted from the score of a passage that has none of a
// topic's words in any form. A passage without some of them loses a part of it. 4 to 16
// give the same figures within .002 (docs/decisions/006-ranker.md).
const missingPenalty = 8

// everyWord is the share of a passage that has every word, minus a tolerance for
// rounding.
const everyWord = 0.999

// complete ranks passages with every word of a topic, in any form, before those
// without one of the words: a passage for "poverty reduction cooperation" should be
// about all three. If no candidate has every word, the order does not change.
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

// topical reports whether the question names a topic: it has few words, no question
// mark, and does not begin with a question word (who, when, من, كيف).
func (r *run) topical() bool {
	if n := len(r.question.Groups); n < topicLeast || n > topicMost || strings.ContainsAny(r.query.Text, "?؟") {
		return false
	}
	words := r.deps.Analyzer.Words(r.query.Text)
	return len(words) > 0 && !words[0].Stop
}
