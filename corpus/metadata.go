package corpus

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// MetadataMatch keeps documents by the value of one metadata key. At most one of
// these is set: Values, Min and Max, Prefix, or From and Until. If none is set, it
// keeps documents that have the key. Of a list, one item must match.
type MetadataMatch struct {
	Key    string
	Values []Value // strings, numbers and booleans; the types must be equal too
	// Min and Max are the bounds of a number, both inclusive. nil: no bound.
	Min, Max *float64
	Prefix   string // prefix of a string, byte for byte; "": not set
	// From and Until are the bounds [From, Until) of strings that are times; see
	// [Moment]. Times are compared to the microsecond. Zero: no bound.
	From, Until time.Time
}

// HasRange reports whether the match is a range of numbers.
func (m *MetadataMatch) HasRange() bool { return m.Min != nil || m.Max != nil }

// HasPeriod reports whether the match is a period of time.
func (m *MetadataMatch) HasPeriod() bool { return !m.From.IsZero() || !m.Until.IsZero() }

func (m *MetadataMatch) validate(path string) error {
	if m.Key == "" {
		return Invalid(path+".key", "is empty")
	}
	var set []string
	for _, part := range []struct {
		name string
		set  bool
	}{{"values", len(m.Values) > 0}, {"min and max", m.HasRange()}, {"prefix", m.Prefix != ""}, {"from and until", m.HasPeriod()}} {
		if part.set {
			set = append(set, part.name)
		}
	}
	if len(set) > 1 {
		return Invalid(path, fmt.Sprintf("must set one of values, min and max, prefix, from and until; has %s", strings.Join(set, ", and ")))
	}
	for i, v := range m.Values {
		if v.Kind() == ListKind {
			return Invalid(fmt.Sprintf("%s.values[%d]", path, i), "must be a string, a number or a boolean, is a list")
		}
	}
	for _, bound := range []struct {
		name  string
		value *float64
	}{{".min", m.Min}, {".max", m.Max}} {
		if bound.value != nil && !Finite(*bound.value) {
			return Invalid(path+bound.name, "must be a finite number")
		}
	}
	if m.Min != nil && m.Max != nil && *m.Min > *m.Max {
		return bounds(path+".min", "must be at most max", fmt.Sprint(*m.Max), fmt.Sprint(*m.Min))
	}
	if !m.From.IsZero() && !m.Until.IsZero() && !m.From.Before(m.Until) {
		return bounds(path+".from", "must be before until", m.Until.Format(time.RFC3339Nano), m.From.Format(time.RFC3339Nano))
	}
	return nil
}

func (m *MetadataMatch) bytes() int {
	n := len(m.Key) + len(m.Prefix)
	for _, v := range m.Values {
		n += v.Bytes()
	}
	return n
}

func (m *MetadataMatch) match(metadata map[string]Value) bool {
	v, ok := metadata[m.Key]
	switch {
	case !ok:
		return false
	case len(m.Values) > 0:
		return v.hasOne(m.Values)
	case m.HasRange():
		return v.inRange(m.Min, m.Max)
	case m.Prefix != "":
		return slices.ContainsFunc(v.Items(), func(s string) bool { return strings.HasPrefix(s, m.Prefix) })
	case m.HasPeriod():
		return slices.ContainsFunc(v.Items(), m.during)
	}
	return true
}

// has reports whether the value, or one of its items, equals w, which is not a list.
func (v Value) has(w Value) bool {
	if w.kind == StringKind {
		return slices.Contains(v.Items(), w.text)
	}
	return v.Equal(w)
}

func (v Value) inRange(least, most *float64) bool {
	x, is := v.number, v.kind == NumberKind
	if !is {
		x, is = v.Decimal()
	}
	return is && (least == nil || x >= *least) && (most == nil || x <= *most)
}

func (m *MetadataMatch) during(s string) bool {
	t, is := Moment(s)
	return is && (m.From.IsZero() || !t.Before(m.From.Truncate(time.Microsecond))) &&
		(m.Until.IsZero() || t.Before(m.Until.Truncate(time.Microsecond)))
}
