package ranker

// Directions returns which way each feature may move the score: more of it is never
// worse (1) or never better (-1). Features that are not here may do either.
func Directions() map[string]int {
	return map[string]int{
		"fused": 1, "dense": 1, "lexical": 1, "late": 1, "sentence": 1, "dense_gap": -1, "lexical_share": 1, "late_share": 1, "sentence_share": 1,
		"dense_rank": -1, "lexical_rank": -1, "coverage": 1, "rarest": 1, "touched": 1, "adjacent": 1, "ordered": 1, "density": 1, "title": 1,
		"numbers": 1, "names": 1, "window": 1, "coverage_gap": -1, "adjacent_gap": -1, "window_gap": -1,
	}
}
