package searcher

import "dalil/corpus"

// explain returns the features of a candidate, and how much each changed the
// learned ranker's score.
func (r *run) explain(c *candidate) []corpus.Feature {
	features := make([]corpus.Feature, len(featureTable))
	moved := make([]float32, len(featureTable))
	if r.learned([]candidate{*c}) {
		r.options.Ranker.Explain(c.features[:], moved)
		moved[featureFused] += c.features[featureFused]
		moved[featureDense] += float32(r.denseTrust) * c.features[featureDense]
	}
	for i, name := range featureTable {
		features[i] = corpus.Feature{Name: name, Value: c.features[i], Moved: moved[i]}
	}
	return features
}
