package local

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"dalil/corpus"
)

// fields finds documents by what filters name. A set is a slice of document
// places, ascending: new documents always get the highest place.
type fields struct {
	values   map[corpus.Field]map[string][]uint32
	metadata map[string]map[string][]uint32
	keys     map[uint32][]fieldKey // what to take out when a document goes
}

type fieldKey struct {
	field corpus.Field // 0: metadata
	key   string
	value string
}

func newFields() *fields {
	return &fields{values: map[corpus.Field]map[string][]uint32{}, metadata: map[string]map[string][]uint32{}, keys: map[uint32][]fieldKey{}}
}

func (f *fields) add(slot uint32, d *corpus.Document) {
	var keys []fieldKey
	for field, values := range map[corpus.Field][]string{
		corpus.FieldLanguage: {d.Language}, corpus.FieldSource: {d.Source}, corpus.FieldAuthor: {d.Author},
		corpus.FieldTag: d.Tags, corpus.FieldDocumentID: {d.ID},
	} {
		for _, value := range values {
			if value != "" && !slices.Contains(keys, fieldKey{field, "", value}) {
				keys = append(keys, fieldKey{field, "", value})
			}
		}
	}
	for key, value := range d.Metadata {
		keys = append(keys, fieldKey{0, key, value})
	}
	for _, k := range keys {
		set := f.table(k)
		set[k.value] = append(set[k.value], slot)
	}
	f.keys[slot] = keys
}

func (f *fields) table(k fieldKey) map[string][]uint32 {
	if k.field != 0 {
		if f.values[k.field] == nil {
			f.values[k.field] = map[string][]uint32{}
		}
		return f.values[k.field]
	}
	if f.metadata[k.key] == nil {
		f.metadata[k.key] = map[string][]uint32{}
	}
	return f.metadata[k.key]
}

func (f *fields) remove(slot uint32) {
	for _, k := range f.keys[slot] {
		table := f.table(k)
		set := table[k.value]
		if at, found := slices.BinarySearch(set, slot); found {
			set = slices.Delete(set, at, at+1)
		}
		if len(set) > 0 {
			table[k.value] = set
			continue
		}
		delete(table, k.value)
		if k.field == 0 && len(table) == 0 {
			delete(f.metadata, k.key)
		}
	}
	delete(f.keys, slot)
}

// move renames documents after compaction; their order stays.
func (f *fields) move(place []uint32) {
	tables := make([]map[string][]uint32, 0, len(f.values)+len(f.metadata))
	for _, t := range f.values {
		tables = append(tables, t)
	}
	for _, t := range f.metadata {
		tables = append(tables, t)
	}
	for _, t := range tables {
		for _, set := range t {
			for i, slot := range set {
				set[i] = place[slot]
			}
		}
	}
	keys := make(map[uint32][]fieldKey, len(f.keys))
	for slot, k := range f.keys {
		keys[place[slot]] = k
	}
	f.keys = keys
}

// bitmap has one bit a document.
type bitmap []uint64

func (b bitmap) has(slot uint32) bool { return b[slot>>6]>>(slot&63)&1 == 1 }
func (b bitmap) set(slot uint32)      { b[slot>>6] |= 1 << (slot & 63) }

// allowed is the set of documents that a filter keeps; nil: all.
func (m *memory) allowed(f corpus.Filter) bitmap {
	if f.IsZero() {
		return nil
	}
	return m.bits(f)
}

func (m *memory) none() bitmap { return make(bitmap, (len(m.documents)+63)/64) }

// bits agrees with corpus.Filter.Match on every document. Places of dropped
// documents may be set by a negation: no living row belongs to them.
func (m *memory) bits(f corpus.Filter) bitmap {
	out := m.none()
	mark := func(set []uint32) {
		for _, slot := range set {
			out.set(slot)
		}
	}
	switch {
	case f.All != nil:
		for i := range out {
			out[i] = math.MaxUint64
		}
		for _, c := range f.All {
			for i, word := range m.bits(c) {
				out[i] &= word
			}
		}
	case f.Any != nil:
		for _, c := range f.Any {
			for i, word := range m.bits(c) {
				out[i] |= word
			}
		}
	case f.Not != nil:
		for i, word := range m.bits(*f.Not) {
			out[i] = ^word
		}
	case f.In != nil:
		for _, value := range f.In.Values {
			mark(m.fields.values[f.In.Field][value])
		}
	case f.Published != nil:
		for slot := range m.documents {
			t := m.documents[slot].published
			if !t.IsZero() && (f.Published.From.IsZero() || !t.Before(f.Published.From)) &&
				(f.Published.Until.IsZero() || t.Before(f.Published.Until)) {
				out.set(uint32(slot))
			}
		}
	case f.Metadata != nil:
		m.metadataBits(f.Metadata, mark)
	default:
		for i := range out {
			out[i] = math.MaxUint64
		}
	}
	return out
}

func (m *memory) metadataBits(f *corpus.MetadataMatch, mark func([]uint32)) {
	table := m.fields.metadata[f.Key]
	if len(f.Values) > 0 {
		for _, value := range f.Values {
			mark(table[value])
		}
		return
	}
	for value, set := range table {
		if f.Min == nil && f.Max == nil {
			mark(set)
			continue
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err == nil && (f.Min == nil || cmp.Compare(x, *f.Min) >= 0) && (f.Max == nil || x <= *f.Max) && x == x {
			mark(set)
		}
	}
}
