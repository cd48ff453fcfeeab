package openai

import (
	"bytes"
	"encoding/json"
	"fmt"

	"dalil/corpus"
	"dalil/embedder/endpoint"
)

// answer is the part of a reply that is read. In addition to the format of OpenAI's
// reference, it accepts a bare list of items, and "embeddings" with a list of
// vectors.
type answer struct {
	items []item
	usage struct {
		Prompt *endpoint.Int `json:"prompt_tokens"`
		Total  *endpoint.Int `json:"total_tokens"`
	}
}

// item is one vector and the index of its text, or nil if the reply does not give
// it.
type item struct {
	Index     *endpoint.Int `json:"index"`
	Embedding endpoint.Row  `json:"embedding"`
}

// UnmarshalJSON reads the items. Its errors name the place in the reply.
func (a *answer) UnmarshalJSON(data []byte) error {
	var whole struct {
		Data       json.RawMessage `json:"data"`
		Embeddings json.RawMessage `json:"embeddings"`
		Usage      json.RawMessage `json:"usage"`
	}
	if first(data) == '[' {
		whole.Data = data
	} else if err := json.Unmarshal(data, &whole); err != nil {
		return err
	}
	if len(whole.Usage) > 0 {
		if err := json.Unmarshal(whole.Usage, &a.usage); err != nil {
			return fmt.Errorf("usage: %w", err)
		}
	}
	name, list := "data", whole.Data
	if len(list) == 0 {
		name, list = "embeddings", whole.Embeddings
	}
	if len(list) == 0 {
		return nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(list, &items); err != nil {
		return fmt.Errorf("%s is not a list", name)
	}
	a.items = make([]item, len(items))
	for i, raw := range items {
		into := any(&a.items[i])
		if first(raw) != '{' {
			into = &a.items[i].Embedding
		}
		if err := json.Unmarshal(raw, into); err != nil {
			return fmt.Errorf("%s[%d]: %w", name, i, err)
		}
	}
	return nil
}

func first(data []byte) byte {
	if data = bytes.TrimLeft(data, " \t\r\n"); len(data) > 0 {
		return data[0]
	}
	return 0
}

// Empty reports whether there are no vectors; the client then looks for an error object.
func (a *answer) Empty() bool { return len(a.items) == 0 }

// tokens returns the tokens that the endpoint billed, or 0 if it does not say.
func (a *answer) tokens() int {
	switch {
	case a.usage.Prompt != nil:
		return int(*a.usage.Prompt)
	case a.usage.Total != nil:
		return int(*a.usage.Total)
	}
	return 0
}

// ordered returns the vectors in the order of the texts, because an endpoint may
// return them in another order with their indexes.
func (a *answer) ordered(n int) ([]endpoint.Row, error) {
	if len(a.items) != n {
		return nil, corpus.Errorf(corpus.ErrUnavailable, "the reply has %d vectors for %d texts", len(a.items), n)
	}
	rows := make([]endpoint.Row, n)
	for i, one := range a.items {
		at := i
		if one.Index != nil {
			at = int(*one.Index)
		}
		if at >= n || rows[at] != nil {
			return nil, corpus.Errorf(corpus.ErrUnavailable, "the reply has index %d twice or out of range, of %d texts", at, n)
		}
		rows[at] = one.Embedding
		if one.Embedding == nil {
			rows[at] = endpoint.Row{}
		}
	}
	return rows, nil
}
