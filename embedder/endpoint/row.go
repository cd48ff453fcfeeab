package endpoint

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Row is a vector in JSON: a list of numbers or of numbers as strings, a list with
// one such list in it, or base64 of little-endian float32. A null, which some
// servers write for numbers that are not finite, becomes NaN, so that [Fit] names
// the text.
type Row []float32

// UnmarshalJSON reads one of the forms.
func (r *Row) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case string(data) == "null":
		return nil
	case len(data) > 1 && data[0] == '"':
		return r.base64(data[1 : len(data)-1])
	case len(data) > 1 && data[0] == '[':
		rest := data[1 : len(data)-1]
		if rest = bytes.TrimLeft(rest, " \t\r\n"); len(rest) > 0 && rest[0] == '[' {
			return r.nested(rest)
		}
		return r.numbers(rest)
	}
	return fmt.Errorf("a vector is %s, not a list of numbers", clip(string(data)))
}

// nested reads a list in a list. Several lists are the vectors of a text's tokens,
// which the server should have pooled.
func (r *Row) nested(list []byte) error {
	end := bytes.IndexByte(list, ']')
	if end < 0 || len(bytes.TrimSpace(list[end+1:])) > 0 {
		return errors.New("a vector is a list of several lists: the server must pool the tokens of a text into one vector")
	}
	return r.numbers(list[1:end])
}

func (r *Row) base64(text []byte) error {
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(raw, bytes.ReplaceAll(text, []byte(`\/`), []byte("/")))
	if err != nil || n == 0 || n%4 != 0 {
		return fmt.Errorf("a vector is the text %q, which is not base64 of float32", clip(string(text[:min(len(text), 40)])))
	}
	row := make(Row, n/4)
	for i := range row {
		row[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	*r = row
	return nil
}

// numbers reads what is between the brackets of a flat list. The decoder has
// seen that it is valid JSON.
func (r *Row) numbers(list []byte) error {
	row := make(Row, 0, bytes.Count(list, []byte(","))+1)
	for len(list) > 0 {
		var word []byte
		word, list, _ = bytes.Cut(list, []byte(","))
		word = bytes.TrimSpace(word)
		if len(word) == 0 && len(row) == 0 && len(list) == 0 {
			break // an empty list
		}
		if string(word) == "null" {
			row = append(row, float32(math.NaN()))
			continue
		}
		if len(word) > 1 && word[0] == '"' {
			word = bytes.TrimSpace(word[1 : len(word)-1])
		}
		x, err := strconv.ParseFloat(string(word), 32)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return fmt.Errorf("a vector contains %s, which is not a number", clip(string(word[:min(len(word), 40)])))
		}
		row = append(row, float32(x))
	}
	*r = row
	return nil
}
