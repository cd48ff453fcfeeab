package searcher

import "dalil/corpus"

// trace follows the passages of one document through the steps after the ranking. A
// nil trace does nothing.
type trace struct {
	document string
	ranked   []candidate // its passages after the ranking, best first
	left     map[corpus.ChunkID]corpus.ExplainCause
}

// begin notes which of the candidates belong to the document.
func (t *trace) begin(candidates []candidate) {
	if t == nil {
		return
	}
	t.left = map[corpus.ChunkID]corpus.ExplainCause{}
	for i := range candidates {
		if h := &candidates[i].hit; h.DocumentID == t.document {
			t.ranked = append(t.ranked, candidates[i])
		}
	}
}

// after notes which passages a step left out.
func (t *trace) after(cause corpus.ExplainCause, candidates []candidate) {
	if t == nil {
		return
	}
	remaining := map[corpus.ChunkID]bool{}
	for i := range candidates {
		remaining[candidates[i].hit.ID] = true
	}
	for i := range t.ranked {
		id := t.ranked[i].hit.ID
		if _, left := t.left[id]; !left && !remaining[id] {
			t.left[id] = cause
		}
	}
}
