package evaluation

import "fmt"

// Halves returns the set twice, each time with every second of its documents and
// all of its questions. What is judged relevant stays only where it is there: a
// question without a relevant document is off-topic, although the documents around
// its own are there. It is the hard case of evidence.
func Halves(set Set) [2]Set {
	var halves [2]Set
	for n := range halves {
		half := Set{Name: fmt.Sprintf("%s/%d", set.Name, n)}
		held := map[string]bool{}
		for i, d := range set.Documents {
			if i%2 == n {
				half.Documents = append(half.Documents, d)
				held[d.ID] = true
			}
		}
		for _, q := range set.Queries {
			relevant := map[string]int{}
			for id, gain := range q.Relevant {
				if held[id] {
					relevant[id] = gain
				}
			}
			q.Relevant = relevant
			half.Queries = append(half.Queries, q)
		}
		halves[n] = half
	}
	return halves
}
