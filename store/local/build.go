package local

import (
	"maps"
	"math"
	"slices"
	"sync"

	"dalil/corpus"
	"dalil/radix"
)

// record is one document that is being added to the index.
type record struct {
	key      int64
	document corpus.Document
	revision string
	points   []recordPoint
}

type recordPoint struct {
	id     corpus.ChunkID
	dense  corpus.Vector
	sparse corpus.Sparse
}

func (r *record) postings() int {
	n := 0
	for i := range r.points {
		n += r.points[i].sparse.Len()
	}
	return n
}

// maxPostings limits a segment whose passages have very many terms.
const maxPostings = 1 << 28

// buildAll builds the smallest number of segments that the records fit into.
func buildAll(width int, records []*record) []*segment {
	var built []*segment
	for len(records) > 0 {
		rows, postings, n := 0, 0, 0
		for ; n < len(records); n++ {
			r, p := len(records[n].points), records[n].postings()
			if n > 0 && (rows+r > maxRows || postings+p > maxPostings) {
				break
			}
			rows, postings = rows+r, postings+p
		}
		built = append(built, build(width, records[:n]))
		records = records[n:]
	}
	return built
}

// building is the memory that building a segment needs: of each posting its place in the
// order of dimensions, its row, and its weight.
type building struct {
	order   []uint64
	rows    []uint16
	codes   []uint16
	weights []float32
}

// buildings keeps the memory for the next segment.
var buildings = sync.Pool{New: func() any { return new(building) }}

// build makes a segment from records in the order of their keys.
func build(width int, records []*record) *segment {
	z := sizes{documents: len(records)}
	for _, r := range records {
		z.rows += len(r.points)
		z.postings += r.postings()
		z.idText += len(r.document.ID)
		z.revisionText += len(r.revision)
	}
	// Sorted by dimension and then in the order of insertion, which is by row.
	held := buildings.Get().(*building)
	defer buildings.Put(held)
	order, rows := slices.Grow(held.order[:0], 2*z.postings), slices.Grow(held.rows[:0], z.postings)
	codes, weights := slices.Grow(held.codes[:0], z.postings), slices.Grow(held.weights[:0], z.postings)
	held.order, held.rows, held.codes, held.weights = order, rows, codes, weights
	row := 0
	for _, r := range records {
		for i := range r.points {
			sparse := r.points[i].sparse
			for j, d := range sparse.Dimensions {
				order = append(order, uint64(d)<<32|uint64(len(order)))
				rows, weights = append(rows, uint16(row)), append(weights, sparse.Weights[j])
			}
			row++
		}
	}
	order = radix.Sort(order, order[z.postings:2*z.postings])
	for i, o := range order {
		if i == 0 || o>>32 != order[i-1]>>32 {
			z.dimensions++
		}
	}
	distinct := newDictionary()
	for _, w := range weights {
		codes = append(codes, distinct.add(w))
	}
	z.coded, z.weights = distinct.fits(), len(distinct.weights)
	terms := collectTerms(records)
	z.terms, z.termText, z.termDocs = terms.sizes()

	s := allocate(width, z)
	s.fillDocuments(records)
	d := -1
	for i, o := range order {
		if i == 0 || o>>32 != order[i-1]>>32 {
			d++
			s.dimensions[d], s.starts[d] = uint32(o>>32), uint32(i)
		}
		s.rows[i] = rows[uint32(o)]
		if z.coded {
			s.codes[i] = codes[uint32(o)]
		} else {
			s.weights[i] = weights[uint32(o)]
		}
	}
	s.starts[z.dimensions] = uint32(z.postings)
	if z.coded {
		copy(s.weights, distinct.weights)
	}
	terms.fill(s)
	s.finish(nil)
	return s
}

func allocate(width int, z sizes) *segment {
	counts := z.counts(width)
	return lay(width, counts, newBlock(blockSize(counts), signsSize(width, counts)), nil)
}

func (s *segment) fillDocuments(records []*record) {
	row, idAt, revisionAt := 0, 0, 0
	for i, r := range records {
		s.keys[i], s.firsts[i] = r.key, uint32(row)
		idAt += copy(s.idText[idAt:], r.document.ID)
		revisionAt += copy(s.revisionText[revisionAt:], r.revision)
		s.idStarts[i+1], s.revisionStarts[i+1] = uint32(idAt), uint32(revisionAt)
		s.seconds[i] = unpublished
		if t := r.document.PublishedAt; !t.IsZero() {
			s.seconds[i], s.nanos[i] = t.Unix(), int32(t.Nanosecond())
		}
		for j := range r.points {
			s.ids[row], s.owners[row] = r.points[j].id, uint32(i)
			at := row * s.stride
			s.scales[row] = quantise(s.high[at:at+s.stride], s.low[at:at+s.stride], r.points[j].dense)
			row++
		}
	}
	s.firsts[len(records)] = uint32(row)
}

// dictionary assigns codes to the distinct weights. BM25 weights depend only on a
// count and a length, so many passages have only a few thousand different ones.
type dictionary struct {
	codes   map[float32]uint16
	weights []float32
	full    bool
	// recent has weights that were looked up before, at a place that depends on their
	// bits: it saves most look-ups in the map.
	recent [1 << 10]codedWeight
}

type codedWeight struct {
	weight float32 // 0: none
	code   uint16
}

func newDictionary() *dictionary { return &dictionary{codes: map[float32]uint16{}} }

// add returns the code of a weight, which has no meaning if the dictionary is full.
func (d *dictionary) add(w float32) uint16 {
	recent := &d.recent[math.Float32bits(w)*0x9e3779b1>>22]
	if recent.weight == w && w != 0 {
		return recent.code
	}
	code, known := d.codes[w]
	switch {
	case known:
	case d.full:
		return 0
	case len(d.weights) == 1<<16:
		d.full = true
		return 0
	default:
		code = uint16(len(d.weights))
		d.codes[w] = code
		d.weights = append(d.weights, w)
	}
	*recent = codedWeight{w, code}
	return code
}

func (d *dictionary) fits() bool { return !d.full }

// termSets returns the terms of records, each with its documents.
type termSets struct {
	sets  map[string][]uint32
	terms []string
}

func collectTerms(records []*record) *termSets {
	t := &termSets{sets: map[string][]uint32{}}
	for i, r := range records {
		eachTerm(&r.document, func(term []byte) {
			set := t.sets[string(term)]
			if len(set) == 0 || set[len(set)-1] != uint32(i) { // a tag may appear twice
				t.sets[string(term)] = append(set, uint32(i))
			}
		})
	}
	t.terms = slices.Sorted(maps.Keys(t.sets))
	return t
}

func (t *termSets) sizes() (terms, text, docs int) {
	for term, set := range t.sets {
		text += len(term)
		docs += len(set)
	}
	return len(t.terms), text, docs
}

func (t *termSets) fill(s *segment) {
	text, docs := 0, 0
	for i, term := range t.terms {
		text += copy(s.termText[text:], term)
		docs += copy(s.termDocs[docs:], t.sets[term])
		s.termStarts[i+1], s.termLists[i+1] = uint32(text), uint32(docs)
	}
}
