package tokenizer

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of the parts of a description.
const (
	maxSteps = 1024 // of all nested sequences together
	maxDepth = 8
)

// normalizerJSON has the fields of every type of normalizer.
type normalizerJSON struct {
	Type        string            `json:"type"`
	Normalizers []json.RawMessage `json:"normalizers"`
	Pattern     *patternJSON      `json:"pattern"`
	Content     string            `json:"content"`
	Prepend     string            `json:"prepend"`
	StripLeft   bool              `json:"strip_left"`
	StripRight  bool              `json:"strip_right"`
	bertJSON
	Charsmap []byte `json:"precompiled_charsmap"`
}

type patternJSON struct {
	String *string `json:"String"`
	Regex  *string `json:"Regex"`
}

// parseNormalizer gives the steps of a normalizer, flattened and fused.
func parseNormalizer(raw json.RawMessage) ([]normalizer, error) {
	steps, err := normalizerSteps(nil, raw, 0)
	if err != nil {
		return nil, err
	}
	return fused(steps), nil
}

func normalizerSteps(steps []normalizer, raw json.RawMessage, depth int) ([]normalizer, error) {
	if isNull(raw) {
		return steps, nil
	}
	var j normalizerJSON
	if err := json.Unmarshal(raw, &j); err != nil {
		return nil, fmt.Errorf("%w: normalizer: %w", ErrFormat, err)
	}
	if j.Type == "Sequence" {
		if depth == maxDepth {
			return nil, fmt.Errorf("%w: normalizers nested deeper than %d", ErrFormat, maxDepth)
		}
		var err error
		for _, step := range j.Normalizers {
			if steps, err = normalizerSteps(steps, step, depth+1); err != nil {
				return nil, err
			}
		}
		return steps, nil
	}
	if len(steps) >= maxSteps {
		return nil, fmt.Errorf("%w: more than %d normalizers", ErrFormat, maxSteps)
	}
	switch j.Type {
	case "NFC":
		return append(steps, unicodeForm(norm.NFC)), nil
	case "NFD":
		return append(steps, unicodeForm(norm.NFD)), nil
	case "NFKC":
		return append(steps, unicodeForm(norm.NFKC)), nil
	case "NFKD":
		return append(steps, unicodeForm(norm.NFKD)), nil
	case "Lowercase":
		return append(steps, lowercase{}), nil
	case "StripAccents":
		return append(steps, stripAccents{}), nil
	case "Nmt":
		return append(steps, nmt{}), nil
	case "ByteLevel":
		return append(steps, byteLetters{}), nil
	case "Prepend":
		return append(steps, prepend{j.Prepend}), nil
	case "Strip":
		return append(steps, strip{j.StripLeft, j.StripRight}), nil
	case "BertNormalizer":
		return append(steps, j.bertJSON.steps()...), nil
	case "Precompiled":
		m, err := newCharsmap(j.Charsmap)
		if err != nil {
			return nil, err
		}
		return append(steps, m), nil
	case "Replace":
		step, err := newReplace(j.Pattern, j.Content)
		if err != nil {
			return nil, err
		}
		return append(steps, step), nil
	}
	return nil, fmt.Errorf("%w: normalizer type %q is not known", ErrFormat, j.Type)
}

func newReplace(p *patternJSON, content string) (normalizer, error) {
	switch {
	case p == nil || (p.String == nil) == (p.Regex == nil):
		return nil, fmt.Errorf("%w: Replace needs one pattern, String or Regex", ErrFormat)
	case p.String != nil && *p.String == "":
		return nil, fmt.Errorf("%w: Replace has an empty pattern", ErrFormat)
	case p.String != nil:
		if r, n := utf8.DecodeRuneInString(*p.String); n == len(*p.String) {
			return replaceLetters{func(c rune) bool { return c == r }, content}, nil
		}
		return replaceString{*p.String, content}, nil
	}
	re, err := translatePattern(*p.Regex)
	if err != nil {
		return nil, err
	}
	if re.letter != nil {
		return replaceLetters{re.letter, content}, nil
	}
	if re.lookahead {
		return nil, fmt.Errorf("%w: Replace pattern %q looks ahead", ErrFormat, clip(*p.Regex))
	}
	return replaceRegexp{re.Regexp, content}, nil
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}

// clip shortens a stranger's string before an error quotes it.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
