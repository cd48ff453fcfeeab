package local_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// BenchmarkMetadataFilter asks one question of 20,000 documents under filters of each
// kind. Every document has another number, time and string, which is the dearest case.
// The filters keep a tenth, but "value", which keeps one.
func BenchmarkMetadataFilter(b *testing.B) {
	const documents = 20_000
	s, err := local.Open(b.Context(), local.Options{Dir: b.TempDir(), Pipeline: smallPipeline()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	if _, err := s.Create(b.Context(), store.Settings{Pipeline: smallPipeline(), AverageLength: 10}); err != nil {
		b.Fatal(err)
	}
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	var batch []store.Entry
	for i := range documents {
		e := smallEntry(fmt.Sprint("d", i), "1", 1)
		e.Document.Metadata = map[string]corpus.Value{
			"n": corpus.Number(float64(i)), "at": corpus.String(day.Add(time.Duration(i) * time.Minute).Format(time.RFC3339)), "s": corpus.String(fmt.Sprintf("%d/%d", i%10, i)),
		}
		if batch = append(batch, e); len(batch) == 2000 {
			if err := s.Put(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
			batch = nil
		}
	}
	least, most := 5000.0, 6999.0
	vector := smallVector(rand.New(rand.NewPCG(1, 1)))
	for _, test := range []struct {
		name  string
		match *corpus.MetadataMatch
	}{
		{"none", nil},
		{"value", &corpus.MetadataMatch{Key: "n", Values: []corpus.Value{corpus.Number(7)}}},
		{"range", &corpus.MetadataMatch{Key: "n", Min: &least, Max: &most}},
		{"period", &corpus.MetadataMatch{Key: "at", From: day.Add(5000 * time.Minute), Until: day.Add(7000 * time.Minute)}},
		{"prefix", &corpus.MetadataMatch{Key: "s", Prefix: "7/"}},
		{"exists", &corpus.MetadataMatch{Key: "n"}},
	} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				hits, err := s.Search(b.Context(), []store.ArmQuery{{Dense: vector, Limit: 10, Filter: corpus.Filter{Metadata: test.match}}})
				if err != nil || len(hits[0]) == 0 {
					b.Fatalf("%d hits, error %v", len(hits[0]), err)
				}
			}
		})
	}
}
