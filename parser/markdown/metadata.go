package markdown

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"dalil/corpus"
	"dalil/parser/format"
)

// named are the keys that say something else than metadata, in lower case. Those that
// tools use for one thing stand together.
var named = [][]string{
	{"title"},
	{"author", "authors"},
	{"lang", "language", "locale"},
	{"url", "canonical", "canonical_url"},
	{"tags", "keywords"},
	{"date", "published", "published_at", "pubdate", "publishdate"},
	{"expires_at"},
	{"visible_from"},
	{"source_version"},
	{"groups"},
	{"metadata"},
}

// maxMetadata bounds the metadata of front matter, in bytes. It is below what a
// document may have, so that long front matter does not make a document fail.
const maxMetadata = 32 << 10

// written is a scalar of YAML: as it stands there, and as its type reads it.
type written struct {
	text  string
	value any
}

func (w written) String() string { return w.text }

// metadata takes the keys that have no other meaning, with the types of their values,
// and those below the key "metadata", which win. What metadata cannot hold is left out,
// and a warning says so.
func metadata(in *format.Input, d *corpus.Document, fields map[string]any) {
	m := &collected{}
	for key, value := range fields {
		if below, is := value.(map[string]any); is && strings.EqualFold(key, "metadata") {
			m.take(below)
		}
	}
	m.take(fields)
	if m.large > 0 {
		in.Warn("the metadata in the front matter has more than %d bytes; %d keys were left out", maxMetadata, m.large)
	}
	if m.wrong > 0 {
		in.Warn("%d keys of the front matter have numbers that are not finite, or control characters; they were left out", m.wrong)
	}
	if m.nested > 0 {
		in.Warn("%d keys of the front matter have no name, or contain objects, nested lists or lists with null; they were left out", m.nested)
	}
	if m.mixed > 0 {
		in.Warn("%d keys of the front matter have lists with items that are no strings; these items were kept as strings", m.mixed)
	}
	if m.long > 0 {
		in.Warn("%d keys of the front matter have whole numbers beyond 2^53; they were kept as strings", m.long)
	}
	d.Metadata = m.values
}

type collected struct {
	values                            map[string]corpus.Value
	bytes                             int
	large, wrong, long, nested, mixed int // keys
}

func (m *collected) take(fields map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if _, held := m.values[key]; held || slices.ContainsFunc(named, func(names []string) bool { return slices.Contains(names, strings.ToLower(key)) }) {
			continue
		}
		if key == "" {
			m.nested++
			continue
		}
		v, ok := m.value(fields[key])
		if !ok {
			continue
		}
		if corpus.KeyProblem(key) != "" || slices.ContainsFunc(v.Items(), controlled) {
			m.wrong++
			continue
		}
		size := len(key) + v.Bytes() + 2
		if m.bytes+size > maxMetadata {
			m.large++
			continue
		}
		m.bytes += size
		if m.values == nil {
			m.values = map[string]corpus.Value{}
		}
		m.values[key] = v
	}
}

// value gives a scalar or a list of scalars its type; false for what metadata cannot
// hold.
func (m *collected) value(raw any) (v corpus.Value, ok bool) {
	text := fmt.Sprint(raw)
	if w, is := raw.(written); is {
		text, raw = w.text, w.value
	}
	switch raw := raw.(type) {
	case string:
		return corpus.String(raw), true
	case bool:
		return corpus.Boolean(raw), true
	case int, int64, uint64, float64, json.Number:
		return m.number(fmt.Sprint(raw), text)
	case time.Time:
		return corpus.String(timeText(raw, text)), true
	case nil: // as in a record
		return v, false
	case []any:
		items, mixed := make([]string, 0, len(raw)), false
		for _, item := range raw {
			switch item := item.(type) {
			case nil, map[string]any, []any:
				m.nested++
				return v, false
			case string:
				items = append(items, item)
			case time.Time:
				items = append(items, timeText(item, ""))
			default:
				w, is := item.(written)
				_, text := w.value.(string)
				_, at := w.value.(time.Time)
				mixed = mixed || !is || !text && !at
				items = append(items, fmt.Sprint(item))
			}
		}
		if mixed {
			m.mixed++
		}
		return corpus.List(items...), true
	}
	m.nested++
	return v, false
}

func (m *collected) number(decimal, text string) (v corpus.Value, ok bool) {
	if v, problem := corpus.ParseNumber(decimal); problem == "" {
		return v, true
	}
	if x, err := strconv.ParseFloat(decimal, 64); err == nil && corpus.Finite(x) {
		m.long++
		return corpus.String(text), true
	}
	m.wrong++
	return v, false
}

// timeText is a time as it is written where filters can read that, otherwise in RFC
// 3339. TOML marks dates and times without a zone by the name of their zone.
func timeText(t time.Time, text string) string {
	if _, is := corpus.Moment(text); is {
		return text
	}
	switch t.Location().String() {
	case "date-local":
		return t.Format(time.DateOnly)
	case "time-local":
		return t.Format("15:04:05.999999999")
	case "datetime-local":
		return t.Format("2006-01-02T15:04:05.999999999")
	}
	return t.Format(time.RFC3339Nano)
}

// controlled reports whether a value has a control character other than those of
// lines and tabs.
func controlled(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t\f\v\u0085", r) })
}
