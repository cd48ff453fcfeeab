package local

import (
	"math"
	"slices"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/internal/simd"
	"dalil/store"
)

// memory is everything that a search looks at. Rows and documents are named by
// their place in the slices; what is deleted stays as a gap until compaction.
type memory struct {
	dimensions, stride int

	ids      []corpus.ChunkID
	owner    []uint32 // document of each row
	record   []int64  // row in the database
	alive    []bool
	quantum  []int8 // rows × stride
	scale    []float32
	full     []float32 // rows × dimensions
	live     int       // rows that are alive
	rowOf    map[corpus.ChunkID]uint32
	postings map[uint32]*posting

	documents []document
	byID      map[string]uint32
	fields    *fields
	updated   int64 // Unix microseconds of the newest write
	nextRow   int64
	nextSlot  int64
	sums      *sync.Pool // of accumulators
}

// document is what filters and hits need of one.
type document struct {
	id, revision, fingerprint, language string
	slot                                int64 // in the database
	rows                                []uint32
	published                           time.Time // zero: unknown
	alive                               bool
}

// posting lists the rows that hold one dimension, ascending; live counts those
// that are alive.
type posting struct {
	entries []entry
	live    int
}

type entry struct {
	row    uint32
	weight float32
}

func newMemory(dimensions int) *memory {
	return &memory{
		dimensions: dimensions, stride: simd.Stride(dimensions), rowOf: map[corpus.ChunkID]uint32{},
		postings: map[uint32]*posting{}, byID: map[string]uint32{}, fields: newFields(), nextRow: 1, nextSlot: 1,
		sums: &sync.Pool{New: func() any { return new(accumulator) }},
	}
}

// reserve makes room for rows that are about to be added.
func (m *memory) reserve(rows int) {
	m.ids = make([]corpus.ChunkID, 0, rows)
	m.owner = make([]uint32, 0, rows)
	m.record = make([]int64, 0, rows)
	m.alive = make([]bool, 0, rows)
	m.scale = make([]float32, 0, rows)
	m.quantum = make([]int8, 0, rows*m.stride)
	m.full = make([]float32, 0, rows*m.dimensions)
	m.rowOf = make(map[corpus.ChunkID]uint32, rows)
}

// stored is one document as it lies in the database, ready for memory.
type stored struct {
	slot        int64
	fields      corpus.Document
	fingerprint string
	revision    string
	updated     int64
	points      []storedPoint
	previous    []corpus.Sparse // of the rows that it replaces
}

type storedPoint struct {
	row    int64
	id     corpus.ChunkID
	dense  corpus.Vector
	sparse corpus.Sparse
}

// put replaces a document.
func (m *memory) put(d *stored) {
	m.drop(d.fields.ID, d.previous)
	slot := uint32(len(m.documents))
	added := document{
		id: d.fields.ID, revision: d.revision, fingerprint: d.fingerprint, language: d.fields.Language,
		slot: d.slot, published: d.fields.PublishedAt, alive: true,
	}
	for i := range d.points {
		added.rows = append(added.rows, m.addRow(&d.points[i], slot))
	}
	m.documents = append(m.documents, added)
	m.byID[added.id] = slot
	m.fields.add(slot, &d.fields)
	m.updated = max(m.updated, d.updated)
	m.nextSlot = max(m.nextSlot, d.slot+1)
}

func (m *memory) addRow(p *storedPoint, slot uint32) uint32 {
	row := uint32(len(m.ids))
	m.ids = append(m.ids, p.id)
	m.owner = append(m.owner, slot)
	m.record = append(m.record, p.row)
	m.alive = append(m.alive, true)
	m.full = append(m.full, p.dense...)
	start := len(m.quantum)
	m.quantum = slices.Grow(m.quantum, m.stride)[:start+m.stride]
	m.scale = append(m.scale, quantise(m.quantum[start:], p.dense))
	m.rowOf[p.id] = row
	m.nextRow = max(m.nextRow, p.row+1)
	m.live++
	for i, dimension := range p.sparse.Dimensions {
		list := m.postings[dimension]
		if list == nil {
			list = &posting{}
			m.postings[dimension] = list
		}
		list.entries = append(list.entries, entry{row, p.sparse.Weights[i]})
		list.live++
	}
	return row
}

// quantise writes v as int8 multiples of the scale it returns.
func quantise(to []int8, v []float32) float32 {
	var most float32
	for _, x := range v {
		most = max(most, x, -x)
	}
	clear(to)
	if most == 0 {
		return 0
	}
	scale := most / 127
	inverse := 127 / most
	for i, x := range v {
		// Adding and taking away 1.5·2²³ rounds to the nearest, ties to even.
		const magic = 12582912
		to[i] = int8(x*inverse + magic - magic)
	}
	return scale
}

// drop takes a document out; previous are the sparse vectors of its rows.
func (m *memory) drop(id string, previous []corpus.Sparse) {
	slot, held := m.byID[id]
	if !held {
		return
	}
	dropped := &m.documents[slot]
	for _, row := range dropped.rows {
		m.alive[row] = false
		delete(m.rowOf, m.ids[row])
		m.live--
	}
	for _, sparse := range previous {
		for _, dimension := range sparse.Dimensions {
			list := m.postings[dimension]
			if list.live--; list.live == 0 {
				delete(m.postings, dimension)
			}
		}
	}
	m.fields.remove(slot)
	delete(m.byID, id)
	*dropped = document{}
}

// leastGaps keeps small stores from compacting at every write.
const leastGaps = 4096

// gone marks a row that compaction leaves out.
const gone = math.MaxUint32

// compact closes the gaps once they are more than a quarter of the rows.
func (m *memory) compact() {
	if gaps := len(m.ids) - m.live; gaps < leastGaps || gaps*4 < len(m.ids) {
		return
	}
	moved := make([]uint32, len(m.ids))
	next := uint32(0)
	for row, alive := range m.alive {
		if !alive {
			moved[row] = gone
			continue
		}
		moved[row] = next
		n := int(next)
		m.ids[n], m.owner[n], m.record[n], m.scale[n], m.alive[n] = m.ids[row], m.owner[row], m.record[row], m.scale[row], true
		copy(m.full[n*m.dimensions:], m.full[row*m.dimensions:(row+1)*m.dimensions])
		copy(m.quantum[n*m.stride:], m.quantum[row*m.stride:(row+1)*m.stride])
		m.rowOf[m.ids[n]] = next
		next++
	}
	for _, list := range m.postings {
		n := 0
		for _, e := range list.entries {
			if to := moved[e.row]; to != gone {
				list.entries[n] = entry{to, e.weight}
				n++
			}
		}
		list.entries = list.entries[:n]
	}
	n := int(next)
	m.ids, m.owner, m.record, m.scale, m.alive = m.ids[:n], m.owner[:n], m.record[:n], m.scale[:n], m.alive[:n]
	m.full, m.quantum = m.full[:n*m.dimensions], m.quantum[:n*m.stride]
	m.compactDocuments(moved)
}

func (m *memory) compactDocuments(moved []uint32) {
	place := make([]uint32, len(m.documents))
	kept := m.documents[:0]
	for slot, d := range m.documents {
		if !d.alive {
			continue
		}
		place[slot] = uint32(len(kept))
		for i, row := range d.rows {
			d.rows[i] = moved[row]
		}
		m.byID[d.id] = place[slot]
		kept = append(kept, d)
	}
	clear(m.documents[len(kept):])
	m.documents = kept
	for row, slot := range m.owner {
		m.owner[row] = place[slot]
	}
	m.fields.move(place)
}

// Frequency and Passages answer from the newest state.
func (v vocabulary) Frequency(dimension uint32) int {
	v.s.mu.RLock()
	defer v.s.mu.RUnlock()
	if list := v.s.mem.postings[dimension]; list != nil {
		return list.live
	}
	return 0
}

func (v vocabulary) Passages() int {
	v.s.mu.RLock()
	defer v.s.mu.RUnlock()
	return v.s.mem.live
}

// vocabulary is the store's own memory: it never lags.
type vocabulary struct{ s *Store }

var _ store.Vocabulary = vocabulary{}
