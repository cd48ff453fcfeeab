package evaluation

import (
	"cmp"
	"slices"

	"dalil/corpus"
)

// Compare looks at the first ten different documents of each answer.
func Compare(questions []string, before, after [][]string) corpus.Comparison {
	c := corpus.Comparison{Questions: len(questions)}
	changes := make([]corpus.Change, len(questions))
	for i, question := range questions {
		changes[i] = change(question, firstTen(before[i]), firstTen(after[i]))
		c.Overlap += changes[i].Overlap / float64(len(questions))
		c.Moved += changes[i].Moved / float64(len(questions))
		if changes[i].First {
			c.SameFirst += 1 / float64(len(questions))
		}
	}
	slices.SortStableFunc(changes, func(a, b corpus.Change) int { return cmp.Compare(a.Overlap, b.Overlap) })
	c.Most = slices.DeleteFunc(changes[:min(len(changes), 10)], func(one corpus.Change) bool { return one.Overlap == 1 && one.Moved == 0 })
	return c
}

func change(question string, before, after []string) corpus.Change {
	c := corpus.Change{Question: question, Overlap: 1, First: len(before) == len(after)}
	if len(before) > 0 && len(after) > 0 {
		c.First = before[0] == after[0]
	}
	both, moved := 0, 0
	for i, id := range before {
		if j := slices.Index(after, id); j >= 0 {
			both++
			moved += max(i-j, j-i)
		}
	}
	if most := max(len(before), len(after)); most > 0 {
		c.Overlap = float64(both) / float64(most)
	}
	if both > 0 {
		c.Moved = float64(moved) / float64(both)
	}
	return c
}

func firstTen(ranked []string) []string {
	var ids []string
	for _, id := range ranked {
		if len(ids) == 10 {
			break
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
