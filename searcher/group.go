package searcher

import "context"

// group puts the passages of each document together, at the place of its first one, and
// leaves out those beyond the query's number of passages for one document.
func (r *run) group(_ context.Context, candidates []candidate) ([]candidate, error) {
	groups := map[string]int{}
	var members [][]int
	for i := range candidates {
		g, known := groups[candidates[i].hit.DocumentID]
		if !known {
			g = len(members)
			groups[candidates[i].hit.DocumentID] = g
			members = append(members, nil)
		}
		if len(members[g]) < r.query.PerDocument {
			members[g] = append(members[g], i)
			candidates[i].group = g
		}
	}
	order := make([]int, 0, len(candidates))
	for _, m := range members {
		order = append(order, m...)
	}
	return r.reorder(candidates, order), nil
}

// reach returns the end of the next n passages from a place in the order, or with groups
// of the next n groups.
func (r *run) reach(from, n int) int {
	if r.query.PerDocument == 0 {
		return min(from+n, len(r.candidates))
	}
	end := from
	for ; end < len(r.candidates); end++ {
		if end == from || r.candidates[end].group != r.candidates[end-1].group {
			if n--; n < 0 {
				break
			}
		}
	}
	return end
}
