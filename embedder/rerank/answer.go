package rerank

import (
	"bytes"
	"encoding/json"

	"dalil/embedder/endpoint"
)

// answer is the part of a reply that is read: "results" (Jina, Cohere, vLLM),
// "data" (Voyage) or a bare list (text-embeddings-inference).
type answer struct{ results []result }

// result is one text's score.
type result struct {
	Index     *endpoint.Int `json:"index"`
	Relevance *float64      `json:"relevance_score"`
	Score     *float64      `json:"score"`
}

// UnmarshalJSON finds the results.
func (a *answer) UnmarshalJSON(data []byte) error {
	if data = bytes.TrimSpace(data); len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, &a.results)
	}
	var whole struct{ Results, Data []result }
	if err := json.Unmarshal(data, &whole); err != nil {
		return err
	}
	a.results = whole.Results
	if len(a.results) == 0 {
		a.results = whole.Data
	}
	return nil
}

// Empty makes the client look for an error object.
func (a *answer) Empty() bool { return len(a.results) == 0 }
