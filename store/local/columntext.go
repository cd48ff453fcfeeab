package local

import (
	"encoding/binary"

	"dalil/corpus"
	"dalil/store"
)

// appendTo encodes what a page shows of a passage: the span, and then the length of the
// headings as uvarints, the headings and the text. A passage without text encodes as
// nothing.
func (p *preparedPassage) appendTo(b []byte) []byte {
	if len(p.text) == 0 {
		return b
	}
	b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(p.span.Start)), uint64(p.span.End))
	b = append(binary.AppendUvarint(b, uint64(len(p.headings))), p.headings...)
	return append(b, p.text...)
}

// most is at least the size of what appendTo encodes.
func (p *preparedPassage) most() int { return 3*binary.MaxVarintLen64 + len(p.headings) + len(p.text) }

// decodeText sets what appendTo encoded.
func decodeText(b []byte, c *corpus.Chunk, withText bool) bool {
	r := reader{b: b}
	first, last := r.uvarint(), r.uvarint()
	headings := r.bytes()
	if r.bad || len(r.b) == 0 {
		return false
	}
	c.Span = corpus.Span{Start: int(first), End: int(last)}
	if withText {
		c.Headings, c.Text = decodeHeadings(headings), string(r.b)
	}
	return true
}

// encodeFields puts the content hash of a document, which its fingerprint begins with,
// before its fields.
func encodeFields(fingerprint string, fields []byte) []byte {
	etag := store.Content(fingerprint)
	b := binary.AppendUvarint(make([]byte, 0, len(etag)+len(fields)+2), uint64(len(etag)))
	return append(append(b, etag...), fields...)
}

// decodeFields decodes what encodeFields encoded.
func decodeFields(id string, b []byte) (*corpus.Document, bool) {
	r := reader{b: b, whole: string(b)}
	etag := r.text()
	d, err := r.document(id)
	d.ETag = etag
	return &d, err == nil
}

// fromColumn reads points without their vectors from the column, unless the caller needs no copies. Those that it does not have stay without an
// id; missing are their numbers in found.
func (s *Store) fromColumn(found []located, with store.Fields) (points []store.Point, missing []int) {
	points = make([]store.Point, len(found))
	c := s.column.Load()
	if c == nil || with&store.WithoutCopies != 0 {
		for i := range found {
			missing = append(missing, i)
		}
		return points, missing
	}
	var r columnReader
	c.mu.RLock()
	for i := range found {
		if e, held := c.find(found[i].key); held {
			c.prefetch(e, prefetchedTexts)
		}
	}
	for i := range found {
		if !r.point(c, &found[i], &points[i], with) {
			points[i] = store.Point{}
			missing = append(missing, i)
		}
	}
	c.mu.RUnlock()
	c.heal(&r)
	return points, missing
}

// point reads one point. The caller holds the column's mu.
func (r *columnReader) point(c *column, at *located, p *store.Point, with store.Fields) bool {
	e, held := c.find(at.key)
	if !held {
		r.missing = true
		return false
	}
	var ok bool
	if r.record, ok = r.append(c, r.record[:0], e, textRecord, at); !ok {
		return false
	}
	p.Chunk = corpus.Chunk{ID: at.id, DocumentID: at.document, Revision: at.revision, Ordinal: at.ordinal}
	if !decodeText(r.record, &p.Chunk, with&store.WithText != 0) {
		return false
	}
	if with&store.WithDocument == 0 {
		return true
	}
	if r.record, ok = r.append(c, r.record[:0], e, fieldsRecord, at); !ok {
		return false
	}
	p.Document, ok = decodeFields(at.document, r.record)
	return ok
}
