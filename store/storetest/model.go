package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"dalil/corpus"
	"dalil/store"
)

// model takes thousands of random steps and compares every answer with a map.
// The seed is fixed; a failure names the step.
func model(c *collection) {
	c.create()
	steps := cmp.Or(c.harness.Steps, 2_000)
	m := &walk{collection: c, held: oracle{}, random: rand.New(rand.NewPCG(2026, 11))}
	for m.step = range steps {
		m.take()
		if c.Failed() {
			c.Fatalf("after step %d", m.step)
		}
	}
}

type walk struct {
	*collection
	held   oracle
	random *rand.Rand
	step   int
}

func (m *walk) id() string { return fmt.Sprintf("d%02d", m.random.IntN(60)) }

// some returns a document that is held, if any is.
func (m *walk) some() (store.Entry, bool) {
	ids := slices.Sorted(maps.Keys(m.held))
	if len(ids) == 0 {
		return store.Entry{}, false
	}
	return m.held[ids[m.random.IntN(len(ids))]], true
}

func (m *walk) take() {
	switch n := m.random.IntN(1000); {
	case n < 60:
		entries := make([]store.Entry, 1+m.random.IntN(3))
		for i := range entries {
			entries[i] = entry(m.id(), fmt.Sprint(m.random.IntN(5)), m.random.IntN(5))
		}
		m.put(entries...)
		m.held.put(entries...)
	case n < 85:
		ids := []string{m.id(), m.id()}
		m.delete(ids...)
		for _, id := range ids {
			delete(m.held, id)
		}
	case n < 87 && m.step%50 == 0 && !m.harness.Forgets:
		m.reopen()
	case n < 350:
		m.ask(store.ArmQuery{Dense: direction(m.random)})
	case n < 600:
		m.ask(store.ArmQuery{Sparse: terms(m.random, 1+m.random.IntN(8))})
	case n < 750:
		m.readChunks()
	case n < 850:
		m.readDocument()
	case n < 930:
		m.readPage()
	default:
		m.readCounts()
	}
}

func (m *walk) ask(arm store.ArmQuery) {
	arm.Limit = 1 + m.random.IntN(40)
	if m.random.IntN(3) == 0 {
		arm.Filter = nested(m.random, leafFilters(), 2)
	}
	if m.random.IntN(5) == 0 {
		arm.Min = pointer(m.random.Float32())
	}
	if m.random.IntN(5) == 0 {
		arm.IDs = []corpus.ChunkID{}
		for range m.random.IntN(20) {
			arm.IDs = append(arm.IDs, corpus.NewChunkID(m.id(), fmt.Sprint(m.random.IntN(5)), m.random.IntN(4)))
		}
	}
	m.check(m.held, arm, m.search(arm))
}

func (m *walk) readChunks() {
	var ids []corpus.ChunkID
	want := map[corpus.ChunkID]store.Point{}
	for range 1 + m.random.IntN(6) {
		if e, ok := m.some(); ok && len(e.Points) > 0 && m.random.IntN(3) > 0 {
			p := e.Points[m.random.IntN(len(e.Points))]
			if _, twice := want[p.Chunk.ID]; !twice {
				want[p.Chunk.ID] = p
				ids = append(ids, p.Chunk.ID)
			}
			continue
		}
		ids = append(ids, corpus.NewChunkID(m.id(), "never", 0))
	}
	with := store.Fields(m.random.IntN(16))
	points := m.chunks(with, ids...)
	ids = slices.DeleteFunc(ids, func(id corpus.ChunkID) bool { _, held := want[id]; return !held })
	if len(points) != len(ids) {
		m.Fatalf("step %d: %d points, want %d", m.step, len(points), len(ids))
	}
	for i, p := range points {
		document := m.held[want[ids[i]].Chunk.DocumentID].Document
		samePoint(m.T, with, p, want[ids[i]], &document)
	}
}

func (m *walk) readDocument() {
	id := m.id()
	info, err := m.Document(m.ctx, id)
	e, held := m.held[id]
	fingerprints, fpErr := m.Fingerprints(m.ctx, []string{id, "never"})
	if fpErr != nil || len(fingerprints) > 1 || fingerprints[id] != e.Fingerprint {
		m.Errorf("fingerprint of %q: got %v, %v, want %q", id, fingerprints, fpErr, e.Fingerprint)
	}
	if !held {
		if !errors.Is(err, corpus.ErrNotFound) {
			m.Errorf("document %q: got %+v, %v, want ErrNotFound", id, info, err)
		}
		return
	}
	if err != nil || info.Chunks != len(e.Points) || info.Fingerprint != e.Fingerprint {
		m.Fatalf("document %q: got %+v, %v", id, info, err)
	}
	sameDocument(m.T, info.Document, e.Document)
}

func (m *walk) readPage() {
	after, limit := m.id(), 1+m.random.IntN(9)
	page, err := m.Documents(m.ctx, after, limit)
	if err != nil {
		m.Fatalf("documents: %v", err)
	}
	want := slices.Sorted(maps.Keys(m.held))
	want = slices.DeleteFunc(want, func(id string) bool { return id <= after })
	want = want[:min(limit, len(want))]
	got := make([]string, len(page))
	for i, info := range page {
		got[i] = info.Document.ID
	}
	if !slices.Equal(got, want) {
		m.Errorf("documents after %q: got %v, want %v", after, got, want)
	}
}

func (m *walk) readCounts() {
	m.settle()
	passages, frequency := 0, map[uint32]int{}
	languages := map[string]int{}
	for _, e := range m.held {
		languages[e.Document.Language]++
		passages += len(e.Points)
		for _, p := range e.Points {
			for _, d := range p.Sparse.Dimensions {
				frequency[d]++
			}
		}
	}
	got, err := m.Stats(m.ctx)
	if err != nil || got.Documents != len(m.held) || got.Passages != passages || got.Terms != len(frequency) {
		m.Errorf("stats: got %+v, %v, want %d documents, %d passages, %d terms", got, err, len(m.held), passages, len(frequency))
	}
	for language, n := range languages {
		if got.Languages[language] != n {
			m.Errorf("documents in %q: got %d, want %d", language, got.Languages[language], n)
		}
	}
	v, err := m.Vocabulary(m.ctx)
	if err != nil {
		m.Fatal(err)
	}
	for d, n := range frequency {
		if v.Frequency(d) != n {
			m.Errorf("frequency of %d: got %d, want %d", d, v.Frequency(d), n)
		}
	}
	m.checkBatch(v, frequency)
}

// checkBatch compares frequencies that are looked up together, half of them of dimensions
// that no passage has.
func (m *walk) checkBatch(v store.Vocabulary, frequency map[uint32]int) {
	batch, is := v.(store.BatchVocabulary)
	if !is {
		return
	}
	var dimensions []uint32
	for d := range frequency {
		dimensions = append(dimensions, d, ^d)
	}
	got := make([]int, len(dimensions))
	for i := range got {
		got[i] = -1 // it is replaced, not added to
	}
	batch.Frequencies(dimensions, got)
	for i, d := range dimensions {
		if got[i] != frequency[d] {
			m.Errorf("frequency of %d among %d: got %d, want %d", d, len(dimensions), got[i], frequency[d])
		}
	}
}
