package json

import (
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// tokens gives the tokens of a record as [json.Decoder] does. Those of a plain record come
// from gjson, which takes a fifth of the time; any other is left to the decoder, so that all
// errors are its own.
type tokens struct {
	text    string
	all     []json.Token // of a plain record
	at      int
	decoder *json.Decoder // of any other
}

// gjson reads what is within brackets again for each bracket around it, and calls itself for
// each. So a plain record has at most so many brackets, and so many for its length.
const (
	plainBrackets = 10_000
	plainReading  = 1 << 28 // bytes that may be read again
)

// newTokens gives the tokens of a text. valid says that it is known to be UTF-8.
func newTokens(text string, valid bool) *tokens {
	t := &tokens{text: text}
	if isPlain(text, valid) {
		t.add(gjson.Parse(text))
		return t
	}
	t.decoder = json.NewDecoder(strings.NewReader(text))
	t.decoder.UseNumber()
	return t
}

// isPlain reports whether gjson reads a record as the decoder does. The decoder replaces
// halves of surrogate pairs, which are escapes that begin with \ud.
func isPlain(text string, valid bool) bool {
	brackets := strings.Count(text, "{") + strings.Count(text, "[")
	return brackets <= plainBrackets && brackets*len(text) <= plainReading && (valid || utf8.ValidString(text)) &&
		!strings.Contains(text, `\ud`) && !strings.Contains(text, `\uD`) && gjson.Valid(text)
}

// add appends the tokens of a value.
func (t *tokens) add(value gjson.Result) {
	switch value.Type {
	case gjson.Null:
		t.all = append(t.all, nil)
	case gjson.False, gjson.True:
		t.all = append(t.all, value.Type == gjson.True)
	case gjson.Number:
		t.all = append(t.all, json.Number(strings.Clone(value.Raw)))
	case gjson.String:
		t.all = append(t.all, t.owned(value.Str))
	case gjson.JSON:
		object := value.IsObject()
		first, last := json.Delim('['), json.Delim(']')
		if object {
			first, last = '{', '}'
		}
		t.all = append(t.all, first)
		value.ForEach(func(name, value gjson.Result) bool {
			if object {
				t.all = append(t.all, t.owned(name.Str))
			}
			t.add(value)
			return true
		})
		t.all = append(t.all, last)
	}
}

// owned copies a short string, which would hold the whole record in memory.
func (t *tokens) owned(s string) string {
	if 2*len(s) < len(t.text) {
		return strings.Clone(s)
	}
	return s
}

// Token is that of [json.Decoder] with numbers as they are written.
func (t *tokens) Token() (json.Token, error) {
	if t.decoder != nil {
		return t.decoder.Token()
	}
	if t.at == len(t.all) {
		return nil, io.EOF
	}
	t.at++
	return t.all[t.at-1], nil
}

// More is that of [json.Decoder].
func (t *tokens) More() bool {
	if t.decoder != nil {
		return t.decoder.More()
	}
	return t.at < len(t.all) && t.all[t.at] != json.Delim(']') && t.all[t.at] != json.Delim('}')
}
