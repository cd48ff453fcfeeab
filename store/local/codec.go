package local

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"dalil/corpus"
)

// Vectors lie in the database as little-endian numbers: a dense one as its
// float32s, a sparse one as its uint32 dimensions and then its float32 weights.

func encodeDense(v corpus.Vector) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
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

func encodeSparse(s corpus.Sparse) []byte {
	b := make([]byte, 0, 8*s.Len())
	for _, d := range s.Dimensions {
		b = binary.LittleEndian.AppendUint32(b, d)
	}
	for _, w := range s.Weights {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(w))
	}
	return b
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

// encodeDocument writes all fields but id and text. Each string follows its length.
// The date is Unix seconds and nanoseconds after a byte that says whether there is
// one. Metadata is in the order of its keys. The root, if any, is last, because
// older databases have none.
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
	b = binary.AppendUvarint(b, uint64(len(d.Metadata)))
	for _, key := range slices.Sorted(maps.Keys(d.Metadata)) {
		text(key)
		text(d.Metadata[key])
	}
	if d.PublishedAt.IsZero() {
		b = append(b, 0)
	} else {
		b = binary.AppendVarint(append(b, 1), d.PublishedAt.Unix())
		b = binary.AppendUvarint(b, uint64(d.PublishedAt.Nanosecond()))
	}
	if d.Root != "" {
		text(d.Root)
	}
	return b
}

func decodeDocument(id string, b []byte) (corpus.Document, error) {
	r := reader{b: b}
	d := corpus.Document{ID: id, Title: r.text(), URL: r.text(), Source: r.text(), Language: r.text(), Author: r.text()}
	if n := r.count(); n > 0 {
		d.Tags = make([]string, n)
		for i := range d.Tags {
			d.Tags[i] = r.text()
		}
	}
	if n := r.count(); n > 0 {
		d.Metadata = make(map[string]string, n)
		for range n {
			key := r.text()
			d.Metadata[key] = r.text()
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
	if r.bad || len(r.b) > 0 {
		return d, fmt.Errorf("%w: the fields of document %q can't be read", corpus.ErrCorrupt, id)
	}
	return d, nil
}

// reader takes a document's fields from bytes; after a mistake it gives zeroes.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) skip(n int) {
	if r.bad = r.bad || n <= 0 || n > len(r.b); r.bad {
		r.b = nil
		return
	}
	r.b = r.b[n:]
}

// count reads a number of things of a byte at least.
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
	s := string(r.b[:n])
	r.skip(n)
	return s
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
