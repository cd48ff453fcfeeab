package store

import "dalil/corpus"

// ScoreUnion adds to found, the results of arms, what [ArmQuery.Union] asks for, by a
// second search. It is for stores that cannot do it in the first one.
func ScoreUnion(arms []ArmQuery, found [][]Hit, search func(arms []ArmQuery) ([][]Hit, error)) error {
	var named []ArmQuery
	var at []int
	for i := range arms {
		if !arms[i].Union {
			continue
		}
		if ids := othersOf(found, i); len(ids) > 0 {
			arm := arms[i]
			arm.IDs, arm.Limit, arm.Union = ids, len(ids), false
			named, at = append(named, arm), append(at, i)
		}
	}
	if len(named) == 0 {
		return nil
	}
	scored, err := search(named)
	if err != nil {
		return err
	}
	for k, hits := range scored {
		for i := range hits {
			hits[i].Other = true
		}
		found[at[k]] = append(found[at[k]], hits...)
	}
	return nil
}

// othersOf returns what other arms found and arm i did not, each passage once.
func othersOf(found [][]Hit, i int) (ids []corpus.ChunkID) {
	seen := map[corpus.ChunkID]bool{}
	for _, h := range found[i] {
		seen[h.ID] = true
	}
	for k, hits := range found {
		if k == i {
			continue
		}
		for _, h := range hits {
			if !seen[h.ID] {
				seen[h.ID] = true
				ids = append(ids, h.ID)
			}
		}
	}
	return ids
}
