package searcher

import (
	"context"
	"math"
	"slices"

	"dalil/lexical"
)

// Features are the learned ranker's inputs for one candidate, in the order of
// [FeatureNames].
type Features [len(featureTable)]float32

// FeatureNames returns the names of the features, in their order.
func FeatureNames() []string { return slices.Clone(featureTable[:]) }

// featureTable has the names of the features. Scores of the arms are relative to
// the other candidates, so that a feature means the same for every model.
var featureTable = [...]string{
	featureFused: "fused", featureDense: "dense", featureLexical: "lexical", featureLate: "late", featureSentence: "sentence",
	featureDenseGap: "dense_gap", featureLexicalShare: "lexical_share", featureLateShare: "late_share", featureSentenceShare: "sentence_share",
	featureDenseRank: "dense_rank", featureLexicalRank: "lexical_rank",
	featureCoverage: "coverage", featureRarest: "rarest", featureTouched: "touched", featureAdjacent: "adjacent", featureOrdered: "ordered",
	featureDensity: "density", featureTitle: "title", featureNumbers: "numbers", featureNames: "names", featureLanguage: "language",
	featureMatched: "matched", featureWords: "words", featureLanguages: "languages", featureWindow: "window",
	featureCoverageGap: "coverage_gap", featureAdjacentGap: "adjacent_gap", featureWindowGap: "window_gap",
}

const (
	featureFused = iota
	featureDense
	featureLexical
	featureLate
	featureSentence
	featureDenseGap
	featureLexicalShare
	featureLateShare
	featureSentenceShare
	featureDenseRank
	featureLexicalRank
	featureCoverage
	featureRarest
	featureTouched
	featureAdjacent
	featureOrdered
	featureDensity
	featureTitle
	featureNumbers
	featureNames
	featureLanguage
	featureMatched
	featureWords
	featureLanguages
	featureWindow
	featureCoverageGap
	featureAdjacentGap
	featureWindowGap
)

// describe computes the features of the best candidates.
func (r *run) describe(_ context.Context, candidates []candidate) ([]candidate, error) {
	best := r.best(candidates)
	r.script = lexical.ScriptOf(r.query.Text)
	same := 0
	for i := range best {
		f := &best[i].features
		if best[i].script == r.script {
			f[featureLanguage] = 1
			same++
		}
		f[featureDenseRank], f[featureLexicalRank] = r.rankOf(best[i].scores.DenseRank), r.rankOf(best[i].scores.LexicalRank)
		n := best[i].near
		f[featureAdjacent], f[featureOrdered], f[featureDensity], f[featureTitle] = n.adjacent, n.ordered, n.dense, n.title
		f[featureMatched], f[featureWindow] = n.matched, n.window
		f[featureWords] = float32(min(len(r.question.Groups), mostWords))
		if c := best[i].scores.Coverage; c != nil {
			f[featureCoverage] = *c
		}
		r.describeWords(f, best[i].held)
	}
	for i := range best {
		best[i].features[featureLanguages] = float32(same) / float32(len(best))
	}
	for i := range best {
		best[i].fused = float32(best[i].final)
	}
	m := r.memory()
	m.spread(best, featureFused, func(c *candidate) *float32 { return &c.fused })
	m.spread(best, featureDense, func(c *candidate) *float32 { return c.scores.Dense })
	m.spread(best, featureLexical, func(c *candidate) *float32 { return c.scores.Lexical })
	m.spread(best, featureLate, func(c *candidate) *float32 { return c.scores.Rerank })
	m.spread(best, featureSentence, func(c *candidate) *float32 { return c.sentence })
	gap(best, featureDenseGap, featureDense)
	gap(best, featureCoverageGap, featureCoverage)
	gap(best, featureAdjacentGap, featureAdjacent)
	gap(best, featureWindowGap, featureWindow)
	share(best, featureLexicalShare, func(c *candidate) *float32 { return c.scores.Lexical })
	share(best, featureLateShare, func(c *candidate) *float32 { return c.scores.Rerank })
	share(best, featureSentenceShare, func(c *candidate) *float32 { return c.sentence })
	return candidates, nil
}

// mostWords is the largest value of the feature with the number of words.
const mostWords = 12

// rankOf returns the logarithm of a rank. A candidate that an arm did not find
// ranks after all that it found.
func (r *run) rankOf(rank int) float32 {
	if rank == 0 {
		rank = r.options.Depth + 1
	}
	return float32(math.Log(float64(rank)))
}

// describeWords compares the question's words with those of the passage.
func (r *run) describeWords(f *Features, words []float64) {
	if words == nil {
		return
	}
	var all, touched, rarest, holds float64
	var numbers, numbersHeld, names, namesHeld int
	for i := range r.question.Groups {
		g := &r.question.Groups[i]
		held := words[i]
		all += g.IDF
		if held > 0 {
			touched += g.IDF
		}
		if g.IDF > rarest {
			rarest, holds = g.IDF, held
		}
		count := func(is bool, of, found *int) {
			if is {
				*of++
				if held > 0 {
					*found++
				}
			}
		}
		count(g.Number, &numbers, &numbersHeld)
		count(g.Name, &names, &namesHeld)
	}
	if all > 0 {
		f[featureTouched] = float32(touched / all)
	}
	f[featureRarest] = float32(holds)
	f[featureNumbers], f[featureNames] = agree(numbersHeld, numbers), agree(namesHeld, names)
}

// agree returns the share of words that the passage contains, or 1 if there are none.
func agree(held, asked int) float32 {
	if asked == 0 {
		return 1
	}
	return float32(held) / float32(asked)
}

// spread standardises a score over the candidates.
func (m *memory) spread(best []candidate, feature int, score func(*candidate) *float32) {
	for i, x := range m.mix(len(best), m.signalOf(best, 1, score)) {
		best[i].features[feature] = float32(x)
	}
}

// gap sets a feature to the difference between another feature and its highest value among the candidates.
func gap(best []candidate, feature, of int) {
	highest := float32(math.Inf(-1))
	for i := range best {
		highest = max(highest, best[i].features[of])
	}
	for i := range best {
		best[i].features[feature] = highest - best[i].features[of]
	}
}

// share sets a feature to a score divided by the highest one.
func share(best []candidate, feature int, score func(*candidate) *float32) {
	var highest float32
	for i := range best {
		if x := score(&best[i]); x != nil {
			highest = max(highest, *x)
		}
	}
	for i := range best {
		if x := score(&best[i]); x != nil && highest > 0 {
			best[i].features[feature] = *x / highest
		}
	}
}
