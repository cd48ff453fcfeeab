package tokenizer

import (
	"encoding/json"
	"fmt"
)

// framing is what a post-processor sets around the ids of one text.
type framing struct{ before, after []int32 }

func (f framing) empty() bool { return len(f.before)+len(f.after) == 0 }

// framingJSON has the fields of the post-processors that set tokens around a
// text.
type framingJSON struct {
	Type       string            `json:"type"`
	Processors []json.RawMessage `json:"processors"`
	Single     []struct {
		SpecialToken *struct {
			ID string `json:"id"`
		} `json:"SpecialToken"`
		Sequence *struct {
			ID string `json:"id"`
		} `json:"Sequence"`
	} `json:"single"`
	SpecialTokens map[string]struct {
		IDs []int32 `json:"ids"`
	} `json:"special_tokens"`
	CLS, SEP *namedID
}

// namedID is the pair ["[CLS]", 101].
type namedID struct{ id int32 }

func (n *namedID) UnmarshalJSON(data []byte) error {
	var name string
	pair := []any{&name, &n.id}
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("%d values, not a token and its id", len(pair))
	}
	return nil
}

func parseFraming(raw json.RawMessage, depth int) (framing, error) {
	if isNull(raw) {
		return framing{}, nil
	}
	var j framingJSON
	if err := json.Unmarshal(raw, &j); err != nil {
		return framing{}, fmt.Errorf("%w: post_processor: %w", ErrFormat, err)
	}
	switch j.Type {
	case "ByteLevel": // it only moves offsets
		return framing{}, nil
	case "BertProcessing", "RobertaProcessing":
		if j.CLS == nil || j.SEP == nil {
			return framing{}, fmt.Errorf("%w: %s needs cls and sep", ErrFormat, j.Type)
		}
		return framing{[]int32{j.CLS.id}, []int32{j.SEP.id}}, nil
	case "TemplateProcessing":
		return j.template()
	case "Sequence":
		if depth == maxDepth || len(j.Processors) > maxSteps {
			return framing{}, fmt.Errorf("%w: post_processors nested deeper than %d or more than %d", ErrFormat, maxDepth, maxSteps)
		}
		var all framing
		for _, p := range j.Processors {
			f, err := parseFraming(p, depth+1)
			if err != nil {
				return framing{}, err
			}
			if f.empty() {
				continue
			}
			if !all.empty() {
				return framing{}, fmt.Errorf("%w: two post_processors that set tokens", ErrFormat) // nor can the reference
			}
			all = f
		}
		return all, nil
	}
	return framing{}, fmt.Errorf("%w: post_processor type %q is not known", ErrFormat, clip(j.Type))
}

func (j *framingJSON) template() (framing, error) {
	var f framing
	seen := false
	for _, part := range j.Single {
		switch {
		case part.Sequence != nil && !seen:
			seen = true
		case part.SpecialToken != nil:
			token, ok := j.SpecialTokens[part.SpecialToken.ID]
			if !ok {
				return f, fmt.Errorf("%w: the template names %q, which is not in special_tokens", ErrFormat, clip(part.SpecialToken.ID))
			}
			if seen {
				f.after = append(f.after, token.IDs...)
			} else {
				f.before = append(f.before, token.IDs...)
			}
		default:
			return f, fmt.Errorf("%w: the template for one text must hold it once, and special tokens", ErrFormat)
		}
	}
	return f, nil
}
