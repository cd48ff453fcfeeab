package storetest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// filters compares every form, alone and nested at random, with
// corpus.Filter.Match.
func filters(c *collection) {
	c.create()
	want := oracle{}
	var entries []store.Entry
	for i, d := range filterable() {
		e := entry(fmt.Sprintf("d%d", i), "1", 1+i%2)
		d.ID = e.Document.ID
		e.Document = d
		entries = append(entries, e)
	}
	c.put(entries...)
	want.put(entries...)
	agree := func(f corpus.Filter) {
		c.Helper()
		for _, arm := range []store.ArmQuery{everything(f), {Sparse: entries[3].Points[0].Sparse, Limit: 4, Filter: f}} {
			c.check(want, arm, c.search(arm))
		}
	}
	leaves := leafFilters()
	for _, f := range leaves {
		agree(f)
		agree(not(f))
		agree(not(not(f)))
	}
	random := rand.New(rand.NewPCG(8, 9))
	for range 150 {
		agree(nested(random, leaves, 3))
	}
	// Filters must follow what changes.
	for i := range entries {
		if i%3 == 0 {
			c.delete(entries[i].Document.ID)
			delete(want, entries[i].Document.ID)
		} else if i%3 == 1 {
			e := entry(entries[i].Document.ID, "2", 1)
			e.Document = entries[(i+5)%len(entries)].Document
			e.Document.ID = entries[i].Document.ID
			c.put(e)
			want.put(e)
		}
	}
	for _, f := range leaves {
		agree(f)
		agree(not(f))
	}
}

func filterable() []corpus.Document {
	day := func(year, month, d int) time.Time { return time.Date(year, time.Month(month), d, 0, 0, 0, 0, time.UTC) }
	return []corpus.Document{
		{},
		{Language: "ar", Source: "feed", Author: "ليلى", Tags: []string{"اقتصاد"}, PublishedAt: day(2024, 1, 1)},
		{Language: "ar", Source: "Feed", Author: "Layla", Tags: []string{"اقتصاد", "sport"}, PublishedAt: day(2024, 1, 2)},
		{Language: "en", Source: "feed", Tags: []string{"sport", "sport"}, Metadata: map[string]string{"price": "10"}},
		{Language: "en", Metadata: map[string]string{"price": " 10.5 "}, PublishedAt: day(1969, 12, 31)},
		{Language: "EN", Metadata: map[string]string{"price": "ten"}, PublishedAt: day(1, 1, 1).Add(time.Second)},
		{Author: "Omar", Metadata: map[string]string{"price": "-3e2", "desk": "x"}, PublishedAt: day(9999, 12, 31)},
		{Author: "é", Metadata: map[string]string{"price": "", "desk": "y"}, PublishedAt: day(2024, 1, 1).Add(time.Nanosecond)},
		{Author: "e\u0301", Metadata: map[string]string{"price": "NaN", "مفتاح": "قيمة"}, PublishedAt: day(2024, 1, 1).Add(-time.Nanosecond)},
		{Source: "s", Tags: []string{""}, Metadata: map[string]string{"": "x", "price": "Inf"}},
		{Tags: []string{"news", "أخبار", "أخبار/عاجل"}, Metadata: map[string]string{"price": "0x10", "desk": ""}},
		{Tags: []string{"new"}, Metadata: map[string]string{"pric": "10", "pricey": "10", "price": "10.0"}, PublishedAt: day(2500, 5, 5)},
	}
}

func leafFilters() []corpus.Filter {
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	cairo := time.FixedZone("", 2*60*60)
	meta := func(m corpus.MetadataMatch) corpus.Filter { return corpus.Filter{Metadata: &m} }
	published := func(from, until time.Time) corpus.Filter {
		return corpus.Filter{Published: &corpus.Published{From: from, Until: until}}
	}
	return []corpus.Filter{
		in(corpus.FieldLanguage, "ar"), in(corpus.FieldLanguage, "ar", "EN"), in(corpus.FieldLanguage, "xx"), in(corpus.FieldLanguage, ""),
		in(corpus.FieldSource, "feed"), in(corpus.FieldAuthor, "ليلى"), in(corpus.FieldAuthor, "\u00e9"), in(corpus.FieldAuthor, "é", "Omar"),
		in(corpus.FieldTag, "اقتصاد"), in(corpus.FieldTag, "sport", "news"), in(corpus.FieldTag, "new"), in(corpus.FieldTag, ""),
		in(corpus.FieldDocumentID, "d1", "d7", "nothing"), in(corpus.FieldDocumentID, "d"),
		published(day, time.Time{}), published(time.Time{}, day), published(day, day.Add(time.Nanosecond)), published(day, day.AddDate(0, 0, 1)),
		published(day.In(cairo), day.AddDate(0, 0, 2).In(cairo)), published(time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}),
		published(time.Time{}, time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC)), published(time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}),
		meta(corpus.MetadataMatch{Key: "price"}), meta(corpus.MetadataMatch{Key: "pri"}), meta(corpus.MetadataMatch{Key: "absent"}),
		meta(corpus.MetadataMatch{Key: "price", Values: []string{"10"}}), meta(corpus.MetadataMatch{Key: "price", Values: []string{"", "ten"}}),
		meta(corpus.MetadataMatch{Key: "مفتاح", Values: []string{"قيمة"}}), meta(corpus.MetadataMatch{Key: "absent", Values: []string{"x"}}),
		meta(corpus.MetadataMatch{Key: "price", Min: pointer(10.0)}), meta(corpus.MetadataMatch{Key: "price", Max: pointer(10.0)}),
		meta(corpus.MetadataMatch{Key: "price", Min: pointer(10.0), Max: pointer(10.0)}),
		meta(corpus.MetadataMatch{Key: "price", Min: pointer(-1e3), Max: pointer(0.0)}),
	}
}

func nested(random *rand.Rand, leaves []corpus.Filter, depth int) corpus.Filter {
	if depth == 0 || random.IntN(4) == 0 {
		return leaves[random.IntN(len(leaves))]
	}
	parts := make([]corpus.Filter, 1+random.IntN(3))
	for i := range parts {
		parts[i] = nested(random, leaves, depth-1)
	}
	switch random.IntN(3) {
	case 0:
		return corpus.Filter{All: parts}
	case 1:
		return corpus.Filter{Any: parts}
	}
	return not(parts[0])
}
