package ranker

import "dalil/searcher/trees"

// Line is the nDCG@10 of one set's questions before the trees and with them.
type Line struct {
	Set           string
	Questions     int
	Before, After float64
}

// Report measures the examples, set by set in the order in which they come.
func Report(examples []Example, model *trees.Model) []Line {
	var lines []Line
	for i := range examples {
		e := &examples[i]
		if len(lines) == 0 || lines[len(lines)-1].Set != e.Set {
			lines = append(lines, Line{Set: e.Set})
		}
		before, after := make([]float64, len(e.Features)), make([]float64, len(e.Features))
		for k, row := range e.Features {
			before[k] = float64(row[0])
			after[k] = before[k] + float64(model.Score(row))
		}
		l := &lines[len(lines)-1]
		l.Questions++
		l.Before += e.NDCG(before)
		l.After += e.NDCG(after)
	}
	for i := range lines {
		lines[i].Before /= float64(lines[i].Questions)
		lines[i].After /= float64(lines[i].Questions)
	}
	return lines
}
