package endpoint

import (
	"encoding/json"
	"maps"

	"dalil/embedder"
)

// Parameters are fields of the request that say whether its texts are questions or
// passages, such as input_type or task. A nil value removes a field of the adapter.
type Parameters struct{ Query, Passage map[string]any }

// With adds the role's parameters to a question that marshals as a JSON object.
func (p Parameters) With(role embedder.Role, question any) any {
	set := p.Passage
	if role == embedder.Query {
		set = p.Query
	}
	if len(set) == 0 {
		return question
	}
	return merged{question, set}
}

type merged struct {
	question any
	set      map[string]any
}

// MarshalJSON returns the question's object with the parameters.
func (m merged) MarshalJSON() ([]byte, error) {
	raw, err := json.Marshal(m.question)
	if err != nil {
		return nil, err
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, err
	}
	whole := make(map[string]any, len(object)+len(m.set))
	for name, value := range object {
		whole[name] = value
	}
	maps.Copy(whole, m.set)
	maps.DeleteFunc(whole, func(_ string, value any) bool { return value == nil })
	return json.Marshal(whole)
}
