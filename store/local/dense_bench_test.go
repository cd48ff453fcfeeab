package local

import (
	"math/rand/v2"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/vector"
)

// BenchmarkDenseScan scans 65,536 rows: with two bits first, and with eight.
func BenchmarkDenseScan(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	const width = 256
	direction := func() corpus.Vector {
		v := make(corpus.Vector, width)
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		return v
	}
	var records []*record
	for i := range maxRows / 64 {
		r := &record{key: int64(i + 1), document: corpus.Document{ID: string(rune(i + 1000))}}
		for range 64 {
			r.points = append(r.points, recordPoint{dense: direction()})
			rng.Uint64()
		}
		for j := range r.points {
			r.points[j].id = corpus.NewChunkID(r.document.ID, "r", j)
		}
		records = append(records, r)
	}
	v := newView(build(width, records))
	rotation := vector.NewRotation(width)
	var s Store
	for name, exact := range map[string]bool{"two bits": false, "eight bits": true} {
		b.Run(name, func(b *testing.B) {
			arm := &store.ArmQuery{Dense: direction(), Limit: 100, Exact: exact}
			state := &snapshot{views: []view{v}, passages: len(v.ids)}
			for b.Loop() {
				a := &armSearch{arm: arm, state: state, found: make([][]scored, 1), q: newQuestion(arm.Dense, rotation)}
				a.filter = []*passing{newPassing(&v, &arm.Filter, time.Time{}, clauses{})}
				n := &nearest{armSearch: a, pool: &s.tops}
				for _, task := range n.tasks() {
					task()
				}
				a.end(&s)
			}
		})
	}
}
