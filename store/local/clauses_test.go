//go:build !race

// The race detector makes these much slower, and they start no goroutine.

package local

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dalil/corpus"
)

// TestKeptClausesEqualMatch asks one cache for many filters, whose values are chosen so that
// careless keys would be equal, in turn and again, and compares each document with
// corpus.Filter.Match.
func TestKeptClausesEqualMatch(t *testing.T) {
	values := []string{"", "a", "b", "ab", "a\x01b", "1", "i", "p", "m", "\x00", "2024-01-02T00:00:00Z"}
	metadata := []corpus.Value{
		corpus.String("a"), corpus.String("1"), corpus.Number(1), corpus.Number(0), corpus.Boolean(true), corpus.Boolean(false),
		corpus.String("2024-01-02T00:00:00Z"), corpus.Untyped("1"),
	}
	day := func(n int) time.Time { return time.Date(2024, 1, n, 0, 0, 0, n, time.UTC) }
	records := make([]*record, 2*fewDocuments)
	for i := range records {
		d := corpus.Document{ID: fmt.Sprintf("d%05d", i), Author: values[i%len(values)], Source: values[i/3%len(values)]}
		if i%5 != 0 {
			d.PublishedAt = day(1 + i%9)
		}
		d.Metadata = map[string]corpus.Value{"k": metadata[i%len(metadata)], "a": metadata[i/7%len(metadata)]}
		records[i] = &record{key: int64(i + 1), document: d, revision: "r"}
	}
	s := build(8, records)
	documents := make(map[string]*corpus.Document, len(records))
	for _, r := range records {
		documents[r.document.ID] = &r.document
	}
	number := func(x float64) *float64 { return &x }
	leaves := rapid.Custom(func(t *rapid.T) corpus.Filter {
		some := rapid.SliceOfN(rapid.SampledFrom(values), 1, 3)
		time0 := rapid.SampledFrom([]time.Time{{}, day(2), day(3), day(7)})
		bound := rapid.SampledFrom([]*float64{nil, number(0), number(1), number(-1)})
		key := rapid.SampledFrom([]string{"k", "a"}).Draw(t, "key")
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			field := rapid.SampledFrom([]corpus.Field{corpus.FieldAuthor, corpus.FieldSource}).Draw(t, "field")
			return corpus.Filter{In: &corpus.In{Field: field, Values: some.Draw(t, "values")}}
		case 1:
			return corpus.Filter{Published: &corpus.Published{From: time0.Draw(t, "from"), Until: time0.Draw(t, "until")}}
		case 2:
			return corpus.Filter{Metadata: &corpus.MetadataMatch{Key: key, Values: rapid.SliceOfN(rapid.SampledFrom(metadata[:7]), 1, 3).Draw(t, "values")}}
		case 3:
			return corpus.Filter{Metadata: &corpus.MetadataMatch{Key: key, Min: bound.Draw(t, "min"), Max: bound.Draw(t, "max")}}
		case 4:
			return corpus.Filter{Metadata: &corpus.MetadataMatch{Key: key, Prefix: rapid.SampledFrom(values[1:]).Draw(t, "prefix")}}
		}
		return corpus.Filter{Metadata: &corpus.MetadataMatch{Key: key, From: time0.Draw(t, "from"), Until: time0.Draw(t, "until")}}
	})
	rapid.Check(t, func(t *rapid.T) {
		c := newClauses()
		filters := rapid.SliceOfN(leaves, 2, 6).Draw(t, "filters")
		filters = append(filters, corpus.Filter{All: []corpus.Filter{filters[0], {Not: &filters[1]}}}, corpus.Filter{Any: filters[:2]})
		for turn := range 2 {
			for i := range filters {
				v := newView(s).without(uint32(7+turn), 20) // what was deleted is not kept
				p := newPassing(&v, &filters[i], day(1), c).ready()
				for d := range uint32(len(s.keys)) {
					want := !v.dead.has(d) && filters[i].Match(documents[fmt.Sprintf("d%05d", d)])
					if got := !p.some || p.kept.has(d); got != want {
						t.Fatalf("turn %d, filter %+v, document %+v: found %v, want %v", turn, filters[i], documents[fmt.Sprintf("d%05d", d)], got, want)
					}
				}
			}
		}
	})
}

// TestATenantsClausesAreItsOwn proves that a clause is matched again for another tenant.
func TestATenantsClausesAreItsOwn(t *testing.T) {
	records := make([]*record, fewDocuments)
	for i := range records {
		records[i] = &record{key: int64(i + 1), document: corpus.Document{ID: fmt.Sprint(i), Author: "a"}, revision: "r"}
	}
	s, c := build(8, records), newClauses()
	author := corpus.Filter{In: &corpus.In{Field: corpus.FieldAuthor, Values: []string{"a"}}}
	matched := 0
	match := func(bitmap) { matched++ }
	for _, tenant := range []string{"one", "one", "two"} {
		c.of(s, tenant, &author, match)
	}
	c.of(build(8, records), "one", &author, match) // and for another segment
	if matched != 3 {
		t.Errorf("the clause was matched %d times, want 3: for each tenant and segment", matched)
	}
}

// TestClausesDiffer proves that clauses with the same letters in other places have other keys.
func TestClausesDiffer(t *testing.T) {
	in := func(values ...string) corpus.Filter {
		return corpus.Filter{In: &corpus.In{Field: corpus.FieldAuthor, Values: values}}
	}
	match := func(m corpus.MetadataMatch) corpus.Filter { return corpus.Filter{Metadata: &m} }
	zero, day := 0.0, time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
	all := []corpus.Filter{
		in("a", "b"), in("ab"), in("a\x01b"), in("b", "a"), in("a", "b", ""),
		{In: &corpus.In{Field: corpus.FieldSource, Values: []string{"ab"}}},
		{Published: &corpus.Published{From: day}},
		{Published: &corpus.Published{Until: day}},
		{Published: &corpus.Published{From: day, Until: day.Add(1)}},
		{Published: &corpus.Published{From: day, Until: day.Add(2)}},
		match(corpus.MetadataMatch{Key: "k"}), match(corpus.MetadataMatch{Key: "k", Prefix: "a"}), match(corpus.MetadataMatch{Key: "ka"}),
		match(corpus.MetadataMatch{Key: "k", Min: &zero}), match(corpus.MetadataMatch{Key: "k", Max: &zero}),
		match(corpus.MetadataMatch{Key: "k", From: day}), match(corpus.MetadataMatch{Key: "k", Until: day}),
		match(corpus.MetadataMatch{Key: "k", Values: []corpus.Value{corpus.String("a"), corpus.String("b")}}),
		match(corpus.MetadataMatch{Key: "k", Values: []corpus.Value{corpus.String("ab")}}),
		match(corpus.MetadataMatch{Key: "k", Values: []corpus.Value{corpus.Number(1)}}),
		match(corpus.MetadataMatch{Key: "k", Values: []corpus.Value{corpus.Boolean(true)}}),
	}
	seen := map[string]int{}
	for i := range all {
		key := string(appendClause(nil, &all[i]))
		if j, twice := seen[key]; twice {
			t.Errorf("%+v and %+v have one key", all[j], all[i])
		}
		seen[key] = i
	}
}
