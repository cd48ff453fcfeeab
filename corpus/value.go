package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ValueKind is the type of a metadata value.
type ValueKind uint8

// The types of metadata values.
const (
	StringKind ValueKind = iota
	NumberKind
	BooleanKind
	ListKind // of strings
)

var valueKinds = [...]string{StringKind: "string", NumberKind: "number", BooleanKind: "boolean", ListKind: "list of strings"}

func (k ValueKind) String() string {
	if int(k) < len(valueKinds) {
		return valueKinds[k]
	}
	return "unknown"
}

// MaxExact is 2^53. Up to it, a metadata number represents every whole number
// exactly.
const MaxExact = 1 << 53

// Value is a metadata value: a string, a finite number, a boolean or a list of
// strings. The zero Value is the empty string. In JSON it is plain: "a", 5, true,
// ["a"]. A Value does not change; Items returns its own memory, which must not be
// written to.
type Value struct {
	kind    ValueKind
	untyped bool // from Untyped
	text    string
	number  float64 // of a boolean: 0 or 1
	items   []string
}

// String returns a string value.
func String(s string) Value { return Value{text: s} }

// Number returns a number value. x must be finite; see [Finite].
func Number(x float64) Value {
	if x == 0 {
		x = 0 // plus zero instead of minus zero, which would be another key in an index
	}
	return Value{kind: NumberKind, number: x}
}

// Finite reports whether x may be a metadata number: it is neither infinite nor
// NaN.
func Finite(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) }

// Boolean returns a boolean value.
func Boolean(b bool) Value {
	v := Value{kind: BooleanKind}
	if b {
		v.number = 1
	}
	return v
}

// List returns a list of strings, which may be empty. The caller must not write to
// items afterwards.
func List(items ...string) Value { return Value{kind: ListKind, items: items} }

// Untyped returns a string value of a document that was written before values had
// types. It equals the string. If it is a decimal number, ranges of numbers also
// match it, because numbers were written as strings then.
func Untyped(s string) Value { return Value{text: s, untyped: true} }

// Kind returns the type of the value.
func (v Value) Kind() ValueKind { return v.kind }

// IsUntyped reports whether the value comes from [Untyped].
func (v Value) IsUntyped() bool { return v.untyped }

// Text returns the string, or "" for other kinds.
func (v Value) Text() string { return v.text }

// Float returns the number, or 0 for strings and lists.
func (v Value) Float() float64 { return v.number }

// Bool returns the boolean, or false for strings and lists.
func (v Value) Bool() bool { return v.number != 0 }

// Items returns the items of a list, or the string itself as the only item. It
// returns nil for numbers and booleans.
func (v Value) Items() []string {
	switch v.kind {
	case ListKind:
		return v.items
	case StringKind:
		return []string{v.text}
	}
	return nil
}

// Equal reports whether both values have the same type and content.
func (v Value) Equal(w Value) bool {
	return v.kind == w.kind && v.text == w.text && v.number == w.number && slices.Equal(v.items, w.items)
}

// Bytes returns the size that limits count: 8 for a number, 1 for a boolean, and
// for a list the bytes of its items plus 2 for each.
func (v Value) Bytes() int {
	switch v.kind {
	case NumberKind:
		return 8
	case BooleanKind:
		return 1
	}
	n := len(v.text)
	for _, item := range v.items {
		n += len(item) + 2
	}
	return n
}

// Decimal returns the number of an untyped string. It returns false for other
// values and for strings that are not numbers.
func (v Value) Decimal() (float64, bool) {
	if !v.untyped {
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(v.text), 64)
	return x, err == nil && x == x
}

// String returns the value as JSON.
func (v Value) String() string {
	b, err := v.MarshalJSON()
	if err != nil {
		return fmt.Sprint(v.number)
	}
	return string(b)
}

// MarshalJSON returns the plain JSON value.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case NumberKind:
		return json.Marshal(v.number)
	case BooleanKind:
		return json.Marshal(v.Bool())
	case ListKind:
		if len(v.items) == 0 {
			return []byte("[]"), nil // not null
		}
		return json.Marshal(v.items)
	}
	return json.Marshal(v.text)
}

// UnmarshalJSON reads a plain value; see [ParseValue].
func (v *Value) UnmarshalJSON(b []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber()
	var raw any
	if err := decoder.Decode(&raw); err != nil {
		return err
	}
	read, problem := ParseValue(raw)
	if problem != "" {
		return Errorf(ErrInvalid, "a metadata value %s", problem)
	}
	*v = read
	return nil
}

// ParseValue converts a value that encoding/json decoded with UseNumber. problem is
// "" or says what is wrong, in a form that follows a field's name: "must be …".
func ParseValue(raw any) (v Value, problem string) {
	switch raw := raw.(type) {
	case string:
		return String(raw), ""
	case bool:
		return Boolean(raw), ""
	case json.Number:
		return ParseNumber(raw.String())
	case []any:
		items := make([]string, len(raw))
		for i, item := range raw {
			s, is := item.(string)
			if !is {
				return v, fmt.Sprintf("must be a list of strings; item %d is %s", i, jsonKind(item))
			}
			items[i] = s
		}
		return List(items...), ""
	}
	return v, "must be a string, a number, a boolean or a list of strings, is " + jsonKind(raw)
}

func jsonKind(raw any) string {
	switch raw.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number, float64:
		return "a number"
	case []any:
		return "a list"
	case string:
		return "a string"
	}
	return "an object"
}

// ParseNumber parses a decimal number. It refuses a whole number that a double
// cannot represent exactly, because another number would replace it silently.
func ParseNumber(written string) (v Value, problem string) {
	x, err := strconv.ParseFloat(written, 64)
	switch {
	case err != nil || !Finite(x):
		return v, "must be a finite number that fits a double"
	case math.Abs(x) >= MaxExact && !strings.ContainsAny(written, ".eE") && exactly(x) != strings.TrimPrefix(written, "+"):
		return v, "is a whole number beyond 2^53 that a double cannot hold exactly; write it as a string"
	}
	return Number(x), ""
}

func exactly(x float64) string { return strconv.FormatFloat(x, 'f', 0, 64) }

// Moment returns the time of a string value: a time of RFC 3339, or a date, which
// means its midnight in UTC. The time is truncated to the microsecond, because
// ranges compare microseconds. It returns false if the string is not a time between
// the years 1 and 9999.
func Moment(s string) (time.Time, bool) {
	// No time is shorter than a date or longer than this; most values end here.
	if len(s) < len(time.DateOnly) || len(s) > 64 || s[4] != '-' || s[7] != '-' {
		return time.Time{}, false
	}
	var t time.Time
	if len(s) == len(time.DateOnly) {
		day, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return t, false
		}
		t = day
	} else if len(s) < len("2006-01-02T15:04:05Z") || s[13] != ':' || s[16] != ':' || strings.Contains(s, ",") || t.UnmarshalText([]byte(upper(s))) != nil {
		return time.Time{}, false // package time would accept T1:00:00 and a comma
	}
	t = t.UTC().Truncate(time.Microsecond)
	return t, t.Year() >= 1 && t.Year() <= 9999
}

// upper converts the T and the Z of a time to capitals, because RFC 3339 allows small letters.
func upper(s string) string {
	if s[10] == 't' {
		s = s[:10] + "T" + s[11:]
	}
	if rest, cut := strings.CutSuffix(s, "z"); cut {
		s = rest + "Z"
	}
	return s
}
