package local

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
	"unsafe"

	"dalil/corpus"
)

// Vectors are little-endian numbers in the database: a dense vector is its float32
// values, a sparse one is its uint32 dimensions followed by its float32 weights.

// encodeDense may return the memory of the vector itself.
func encodeDense(v corpus.Vector) []byte {
	if littleEndian() {
		return bytesOf(v)
	}
	return appendNumbers(make([]byte, 0, 4*len(v)), v)
}

// bytesOf gives the memory of numbers as bytes.
func bytesOf[T uint32 | float32](numbers []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(numbers))), 4*len(numbers))
}

// appendNumbers appends numbers of four bytes.
func appendNumbers[T uint32 | float32](b []byte, numbers []T) []byte {
	if littleEndian() {
		return append(b, bytesOf(numbers)...)
	}
	for i := range numbers {
		b = binary.LittleEndian.AppendUint32(b, *(*uint32)(unsafe.Pointer(&numbers[i])))
	}
	return b
}

func decodeDense(b []byte, dimensions int) (corpus.Vector, error) {
	if len(b) != 4*dimensions {
		return nil, fmt.Errorf("%w: a dense vector of %d bytes, not %d", corpus.ErrCorrupt, len(b), 4*dimensions)
	}
	v := make(corpus.Vector, dimensions)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v, nil
}

// appendSparse appends a sparse vector as it is in the database.
func appendSparse(b []byte, s corpus.Sparse) []byte {
	return appendNumbers(appendNumbers(b, s.Dimensions), s.Weights)
}

func decodeSparse(b []byte) (corpus.Sparse, error) {
	if len(b)%8 != 0 {
		return corpus.Sparse{}, fmt.Errorf("%w: a sparse vector of %d bytes", corpus.ErrCorrupt, len(b))
	}
	n := len(b) / 8
	s := corpus.Sparse{Dimensions: make([]uint32, n), Weights: make([]float32, n)}
	for i := range n {
		s.Dimensions[i] = binary.LittleEndian.Uint32(b[4*i:])
		s.Weights[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*(n+i):]))
	}
	return s, nil
}

// encodeDocument encodes all fields but id and text. Each string is preceded by its
// length. The date is a byte that says whether there is one, followed by Unix seconds
// and nanoseconds. Metadata is in the order of its keys. The untyped values come
// first, then the root, then the typed values, because older databases do not have
// those, and then the document's life and its groups. Empty parts at the end are left
// out.
func encodeDocument(d *corpus.Document) []byte {
	var b []byte
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	for _, s := range []string{d.Title, d.URL, d.Source, d.Language, d.Author} {
		text(s)
	}
	b = binary.AppendUvarint(b, uint64(len(d.Tags)))
	for _, tag := range d.Tags {
		text(tag)
	}
	var untyped, typed []string
	for _, key := range slices.Sorted(maps.Keys(d.Metadata)) {
		if d.Metadata[key].IsUntyped() {
			untyped = append(untyped, key)
		} else {
			typed = append(typed, key)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(untyped)))
	for _, key := range untyped {
		text(key)
		text(d.Metadata[key].Text())
	}
	if d.PublishedAt.IsZero() {
		b = append(b, 0)
	} else {
		b = binary.AppendVarint(append(b, 1), d.PublishedAt.Unix())
		b = binary.AppendUvarint(b, uint64(d.PublishedAt.Nanosecond()))
	}
	life := encodeLife(d)
	if life == nil && len(d.Groups) > 0 {
		life = []byte{0}
	}
	if d.Root != "" || len(typed) > 0 || len(life) > 0 {
		text(d.Root)
	}
	if len(typed) > 0 || len(life) > 0 {
		b = binary.AppendUvarint(b, uint64(len(typed)))
	}
	for _, key := range typed {
		text(key)
		b = appendValue(b, d.Metadata[key])
	}
	b = append(b, life...)
	if len(d.Groups) > 0 {
		b = binary.AppendUvarint(b, uint64(len(d.Groups)))
	}
	for _, group := range d.Groups {
		text(group)
	}
	return b
}

// The parts of a document's life, as bits of its first byte.
const (
	lifeExpires = 1 << iota
	lifeVisible
	lifeVersion
)

// encodeLife encodes a document's times and source version: a byte that says which of
// them follow, then the expiry and the time of appearance in Unix microseconds, then
// the source version. If there are none of them, it encodes nothing.
func encodeLife(d *corpus.Document) []byte {
	b := []byte{0}
	if !d.ExpiresAt.IsZero() {
		b[0] |= lifeExpires
		b = binary.AppendVarint(b, d.ExpiresAt.UnixMicro())
	}
	if !d.VisibleFrom.IsZero() {
		b[0] |= lifeVisible
		b = binary.AppendVarint(b, d.VisibleFrom.UnixMicro())
	}
	if d.SourceVersion != nil {
		b[0] |= lifeVersion
		b = binary.AppendVarint(b, *d.SourceVersion)
	}
	if b[0] == 0 {
		return nil
	}
	return b
}

// appendValue encodes the kind as a byte, followed by the text, the number, the
// boolean as a byte, or the number of items and the items.
func appendValue(b []byte, v corpus.Value) []byte {
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	b = append(b, byte(v.Kind()))
	switch v.Kind() {
	case corpus.StringKind:
		text(v.Text())
	case corpus.NumberKind:
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Float()))
	case corpus.BooleanKind:
		b = append(b, byte(v.Float()))
	case corpus.ListKind:
		b = binary.AppendUvarint(b, uint64(len(v.Items())))
		for _, item := range v.Items() {
			text(item)
		}
	}
	return b
}

func (r *reader) life(d *corpus.Document) {
	parts := r.byte()
	if parts&lifeExpires != 0 {
		d.ExpiresAt = time.UnixMicro(r.varint()).UTC()
	}
	if parts&lifeVisible != 0 {
		d.VisibleFrom = time.UnixMicro(r.varint()).UTC()
	}
	if parts&lifeVersion != 0 {
		version := r.varint()
		d.SourceVersion = &version
	}
}

func decodeDocument(id string, b []byte) (corpus.Document, error) {
	r := reader{b: b, whole: string(b)}
	return r.document(id)
}

func (r *reader) document(id string) (corpus.Document, error) {
	d := corpus.Document{ID: id, Title: r.text(), URL: r.text(), Source: r.text(), Language: r.text(), Author: r.text()}
	if n := r.count(); n > 0 {
		d.Tags = make([]string, n)
		for i := range d.Tags {
			d.Tags[i] = r.text()
		}
	}
	if n := r.count(); n > 0 {
		d.Metadata = make(map[string]corpus.Value, n)
		for range n {
			key := r.text()
			d.Metadata[key] = corpus.Untyped(r.text())
		}
	}
	if r.byte() == 1 {
		seconds, n := binary.Varint(r.b)
		r.skip(n)
		nanos, n := binary.Uvarint(r.b)
		r.skip(n)
		d.PublishedAt = time.Unix(seconds, int64(nanos)).UTC()
	}
	if !r.bad && len(r.b) > 0 {
		d.Root = r.text()
	}
	if !r.bad && len(r.b) > 0 {
		n := r.count()
		if d.Metadata == nil && n > 0 {
			d.Metadata = make(map[string]corpus.Value, n)
		}
		for range n {
			key := r.text()
			d.Metadata[key] = r.value()
		}
	}
	if !r.bad && len(r.b) > 0 {
		r.life(&d)
	}
	if !r.bad && len(r.b) > 0 {
		d.Groups = make([]string, r.count())
		for i := range d.Groups {
			d.Groups[i] = r.text()
		}
	}
	if r.bad || len(r.b) > 0 {
		return d, fmt.Errorf("%w: the fields of document %q cannot be read", corpus.ErrCorrupt, id)
	}
	return d, nil
}

// reader decodes a document's fields. After an error it returns zero values.
type reader struct {
	b     []byte
	whole string // ends with what b has; texts are parts of it
	bad   bool
}

func (r *reader) skip(n int) {
	if r.bad = r.bad || n <= 0 || n > len(r.b); r.bad {
		r.b = nil
		return
	}
	r.b = r.b[n:]
}

// count reads the number of items, each of which has at least one byte.
func (r *reader) count() int {
	n, size := binary.Uvarint(r.b)
	r.skip(size)
	if n > uint64(len(r.b)) {
		r.bad = true
		return 0
	}
	return int(n)
}

func (r *reader) text() string {
	n := r.count()
	if n == 0 {
		return ""
	}
	at := len(r.whole) - len(r.b)
	r.skip(n)
	return r.whole[at : at+n]
}

// bytes are valid as long as what is decoded.
func (r *reader) bytes() []byte {
	n := r.count()
	if n == 0 {
		return nil
	}
	b := r.b[:n]
	r.skip(n)
	return b
}

func (r *reader) uvarint() uint64 {
	x, n := binary.Uvarint(r.b)
	r.skip(n)
	return x
}

func (r *reader) varint() int64 {
	x, n := binary.Varint(r.b)
	r.skip(n)
	return x
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.bad = true
		return 0
	}
	b := r.b[0]
	r.b = r.b[1:]
	return b
}

func (r *reader) value() corpus.Value {
	switch kind := corpus.ValueKind(r.byte()); kind {
	case corpus.StringKind:
		return corpus.String(r.text())
	case corpus.NumberKind:
		if len(r.b) < 8 {
			r.bad = true
			return corpus.Value{}
		}
		x := math.Float64frombits(binary.LittleEndian.Uint64(r.b))
		r.skip(8)
		return corpus.Number(x)
	case corpus.BooleanKind:
		return corpus.Boolean(r.byte() == 1)
	case corpus.ListKind:
		items := make([]string, r.count())
		for i := range items {
			items[i] = r.text()
		}
		return corpus.List(items...)
	}
	r.bad = true
	return corpus.Value{}
}
