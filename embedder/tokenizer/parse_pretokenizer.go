package tokenizer

import (
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// preTokenizerJSON has the fields of every type of pre-tokenizer; pointers
// where the default is not the zero value.
type preTokenizerJSON struct {
	Type           string            `json:"type"`
	PreTokenizers  []json.RawMessage `json:"pretokenizers"`
	Replacement    string            `json:"replacement"`
	Scheme         *string           `json:"prepend_scheme"`
	AddPrefixSpace *bool             `json:"add_prefix_space"`
	Split          *bool             `json:"split"`
	UseRegex       *bool             `json:"use_regex"`
	Pattern        *patternJSON      `json:"pattern"`
	Behavior       behavior          `json:"behavior"`
	Invert         bool              `json:"invert"`
	Individual     bool              `json:"individual_digits"`
	Delimiter      string            `json:"delimiter"`
	Length         *int              `json:"length"`
}

// parsePreTokenizer gives the steps of a pre-tokenizer, flattened.
func parsePreTokenizer(raw json.RawMessage) ([]preTokenizer, error) {
	return preTokenizerSteps(nil, raw, 0)
}

func preTokenizerSteps(steps []preTokenizer, raw json.RawMessage, depth int) ([]preTokenizer, error) {
	if isNull(raw) {
		return steps, nil
	}
	var j preTokenizerJSON
	if err := json.Unmarshal(raw, &j); err != nil {
		return nil, fmt.Errorf("%w: pre_tokenizer: %w", ErrFormat, err)
	}
	if j.Type == "Sequence" {
		if depth == maxDepth {
			return nil, fmt.Errorf("%w: pre_tokenizers nested deeper than %d", ErrFormat, maxDepth)
		}
		var err error
		for _, step := range j.PreTokenizers {
			if steps, err = preTokenizerSteps(steps, step, depth+1); err != nil {
				return nil, err
			}
		}
		return steps, nil
	}
	if len(steps) >= maxSteps {
		return nil, fmt.Errorf("%w: more than %d pre_tokenizers", ErrFormat, maxSteps)
	}
	more, err := j.steps()
	if err != nil {
		return nil, err
	}
	return append(steps, more...), nil
}

func (j *preTokenizerJSON) steps() ([]preTokenizer, error) {
	one := func(p preTokenizer) ([]preTokenizer, error) { return []preTokenizer{p}, nil }
	switch j.Type {
	case "WhitespaceSplit":
		return one(letterSplit{unicode.IsSpace, removed})
	case "Whitespace":
		return one(wordSplit{})
	case "BertPreTokenizer":
		return []preTokenizer{letterSplit{unicode.IsSpace, removed}, letterSplit{isPunctuation, isolated}}, nil
	case "Punctuation":
		b, err := j.Behavior.checked(isolated)
		return []preTokenizer{letterSplit{isPunctuation, b}}, err
	case "Digits":
		if j.Individual {
			return one(letterSplit{isNumeric, isolated})
		}
		return one(letterSplit{isNumeric, contiguous})
	case "CharDelimiterSplit":
		r, n := utf8.DecodeRuneInString(j.Delimiter)
		if n == 0 || n != len(j.Delimiter) {
			return nil, fmt.Errorf("%w: CharDelimiterSplit needs one letter, not %q", ErrFormat, clip(j.Delimiter))
		}
		return one(letterSplit{func(c rune) bool { return c == r }, removed})
	case "FixedLength":
		n := 5 // the reference's default
		if j.Length != nil {
			n = *j.Length
		}
		if n < 1 {
			return nil, fmt.Errorf("%w: FixedLength of %d", ErrFormat, n)
		}
		return one(fixedLength{n})
	case "Metaspace":
		return j.metaspace()
	case "ByteLevel":
		return one(byteLevel{prefix: orTrue(j.AddPrefixSpace), cut: orTrue(j.UseRegex)})
	case "Split":
		return j.split()
	}
	return nil, fmt.Errorf("%w: pre_tokenizer type %q is not known", ErrFormat, j.Type)
}

func (j *preTokenizerJSON) metaspace() ([]preTokenizer, error) {
	if _, n := utf8.DecodeRuneInString(j.Replacement); n == 0 || n != len(j.Replacement) {
		return nil, fmt.Errorf("%w: Metaspace needs one letter as replacement, not %q", ErrFormat, clip(j.Replacement))
	}
	// Files of old versions have add_prefix_space instead of the scheme.
	scheme := "always"
	if j.Scheme != nil {
		scheme = *j.Scheme
	}
	if j.AddPrefixSpace != nil && !*j.AddPrefixSpace {
		if j.Scheme != nil && *j.Scheme != "never" {
			return nil, fmt.Errorf("%w: Metaspace with add_prefix_space false and prepend_scheme %q", ErrFormat, clip(*j.Scheme))
		}
		scheme = "never"
	}
	if scheme != "always" && scheme != "first" && scheme != "never" {
		return nil, fmt.Errorf("%w: Metaspace with prepend_scheme %q", ErrFormat, clip(scheme))
	}
	return []preTokenizer{metaspace{j.Replacement, scheme, orTrue(j.Split)}}, nil
}

func (j *preTokenizerJSON) split() ([]preTokenizer, error) {
	b, err := j.Behavior.checked("")
	if err != nil {
		return nil, err
	}
	p := j.Pattern
	switch {
	case p == nil || (p.String == nil) == (p.Regex == nil):
		return nil, fmt.Errorf("%w: Split needs one pattern, String or Regex", ErrFormat)
	case p.String != nil && *p.String == "":
		return nil, fmt.Errorf("%w: Split has an empty pattern", ErrFormat)
	case p.String != nil:
		return []preTokenizer{stringSplit{*p.String, j.Invert, b}}, nil
	}
	re, err := translatePattern(*p.Regex)
	if err != nil {
		return nil, err
	}
	return []preTokenizer{patternSplit{re, j.Invert, b}}, nil
}

// checked refuses a behavior that is none; an absent one is otherwise.
func (b behavior) checked(otherwise behavior) (behavior, error) {
	if b == "" {
		b = otherwise
	}
	switch b {
	case removed, isolated, mergedWithPrevious, mergedWithNext, contiguous:
		return b, nil
	}
	return "", fmt.Errorf("%w: behavior %q is not known", ErrFormat, clip(string(b)))
}

func orTrue(b *bool) bool { return b == nil || *b }
