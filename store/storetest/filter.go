package storetest

import (
	"fmt"
	"math"
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
		{Language: "en", Source: "feed", Tags: []string{"sport", "sport"}, Metadata: values("price", 10, "draft", true)},
		{Language: "en", Metadata: values("price", 10.5, "draft", false), PublishedAt: day(1969, 12, 31)},
		{Language: "EN", Metadata: values("price", "ten", "at", "2024-05-01T12:00:00+02:00"), PublishedAt: day(1, 1, 1).Add(time.Second)},
		{Author: "Omar", Metadata: values("price", -300, "desk", "x", "at", "2024-05-01T10:00:00.000001Z"), PublishedAt: day(9999, 12, 31)},
		{Author: "é", Metadata: values("price", "", "desk", "y", "at", "2024-05-01"), PublishedAt: day(2024, 1, 1).Add(time.Nanosecond)},
		{Author: "e\u0301", Metadata: values("price", "10", "مفتاح", "قيمة", "draft", "true"), PublishedAt: day(2024, 1, 1).Add(-time.Nanosecond)},
		{Source: "s", Tags: []string{""}, Metadata: values("", "x", "price", list("10", "", "tenfold"), "at", list("1999-12-31t23:59:59.9999999z", "soon"))},
		{Tags: []string{"news", "أخبار", "أخبار/عاجل"}, Metadata: values("price", 1<<53, "desk", "", "at", "0001-01-01T00:00:00Z")},
		{Tags: []string{"new"}, Metadata: values("pric", 10, "pricey", 10, "price", 1<<53-1, "at", "9999-12-31T23:59:59.999999999Z"), PublishedAt: day(2500, 5, 5)},
		{Metadata: values("price", list(), "draft", 1, "at", 2024)},
		{Metadata: values("price", true, "desk", list("x", "إقليم"), "at", "2024-02-30T00:00:00Z")},
		{Metadata: values("price", 0, "a=b", "c", "a", "b=c", `a\`, "d", "\x01", "\x01\x02", "at", "2024-05-01T10:00:00.0000019Z")},
		{Metadata: values("price", 1e-9, "desk", "price=tent", "at", "2024-05-01 10:00:00Z", "سعر x", 7.5)},
		{Metadata: values("price", corpus.Untyped(" 10.5 "), "desk", corpus.Untyped("xy"), "at", corpus.Untyped("2024-05-01T10:00:00Z"))},
		{Metadata: values("price", corpus.Untyped("NaN"), "draft", corpus.Untyped("0x10"))},
		{Metadata: values("price", corpus.Untyped("Inf"), "draft", corpus.Untyped("1"))},
	}
}

func leafFilters() []corpus.Filter {
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	cairo := time.FixedZone("", 2*60*60)
	published := func(from, until time.Time) corpus.Filter {
		return corpus.Filter{Published: &corpus.Published{From: from, Until: until}}
	}
	leaves := []corpus.Filter{
		in(corpus.FieldLanguage, "ar"), in(corpus.FieldLanguage, "ar", "EN"), in(corpus.FieldLanguage, "xx"), in(corpus.FieldLanguage, ""),
		in(corpus.FieldSource, "feed"), in(corpus.FieldAuthor, "ليلى"), in(corpus.FieldAuthor, "\u00e9"), in(corpus.FieldAuthor, "é", "Omar"),
		in(corpus.FieldTag, "اقتصاد"), in(corpus.FieldTag, "sport", "news"), in(corpus.FieldTag, "new"), in(corpus.FieldTag, ""),
		in(corpus.FieldDocumentID, "d1", "d7", "nothing"), in(corpus.FieldDocumentID, "d"),
		published(day, time.Time{}), published(time.Time{}, day), published(day, day.Add(time.Nanosecond)), published(day, day.AddDate(0, 0, 1)),
		published(day.In(cairo), day.AddDate(0, 0, 2).In(cairo)), published(time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}),
		published(time.Time{}, time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC)), published(time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}),
	}
	return append(leaves, metadataFilters()...)
}

// metadataFilters are of every kind: the existence of a key, values of each type
// beside those that look alike, ranges of numbers and of times, and prefixes.
func metadataFilters() (leaves []corpus.Filter) {
	add := func(m corpus.MetadataMatch) { leaves = append(leaves, corpus.Filter{Metadata: &m}) }
	for _, key := range []string{"price", "pri", "absent", "at", "a", "a=b"} {
		add(corpus.MetadataMatch{Key: key})
	}
	for _, value := range []any{
		10, "10", 10.5, " 10.5 ", "10.5", "ten", "", 0, "0", -300, 1 << 53, 1<<53 - 1, 9007199254740992.0, 1e-9, "NaN", "Inf",
		true, false, "true", 1, "tenfold", "9007199254740992",
	} {
		add(corpus.MetadataMatch{Key: "price", Values: []corpus.Value{valueOf(value)}})
		add(corpus.MetadataMatch{Key: "draft", Values: []corpus.Value{valueOf(value)}})
	}
	add(corpus.MetadataMatch{Key: "price", Values: []corpus.Value{valueOf(10), valueOf("ten"), valueOf(true), valueOf("tenfold")}})
	add(corpus.MetadataMatch{Key: "مفتاح", Values: []corpus.Value{valueOf("قيمة")}})
	add(corpus.MetadataMatch{Key: "absent", Values: []corpus.Value{valueOf("x")}})
	add(corpus.MetadataMatch{Key: "desk", Values: []corpus.Value{valueOf("إقليم")}})
	add(corpus.MetadataMatch{Key: "a", Values: []corpus.Value{valueOf("b=c")}})
	add(corpus.MetadataMatch{Key: "a=b", Values: []corpus.Value{valueOf("c")}})
	for _, bounds := range [][2]*float64{
		{pointer(10.0), nil},
		{nil, pointer(10.0)},
		{pointer(10.0), pointer(10.0)},
		{pointer(-1e3), pointer(0.0)},
		{pointer(0.0), pointer(math.Copysign(0, -1))},
		{pointer(1e-9), pointer(1.0)},
		{pointer(float64(1 << 53)), nil},
		{nil, pointer(-300.0)},
		{pointer(10.1), pointer(11.0)},
		{pointer(1e300), nil},
	} {
		add(corpus.MetadataMatch{Key: "price", Min: bounds[0], Max: bounds[1]})
		add(corpus.MetadataMatch{Key: "draft", Min: bounds[0], Max: bounds[1]})
	}
	add(corpus.MetadataMatch{Key: "سعر x", Min: pointer(7.0), Max: pointer(8.0)})
	for _, prefix := range []string{"t", "te", "ten", "tenf", "1", "10", "é", " ", "x"} {
		add(corpus.MetadataMatch{Key: "price", Prefix: prefix})
		add(corpus.MetadataMatch{Key: "desk", Prefix: prefix})
	}
	add(corpus.MetadataMatch{Key: "desk", Prefix: "إق"})
	add(corpus.MetadataMatch{Key: "desk", Prefix: "price="})
	add(corpus.MetadataMatch{Key: "\x01", Prefix: "\x01"})
	add(corpus.MetadataMatch{Key: "a", Prefix: "b="})
	at := time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)
	cairo := time.FixedZone("", 2*60*60)
	for _, period := range [][2]time.Time{
		{at, {}},
		{{}, at},
		{at, at.Add(time.Microsecond)},
		{at.Add(time.Microsecond), at.Add(2 * time.Microsecond)},
		{at.Add(900 * time.Nanosecond), at.Add(time.Second)},
		{at.In(cairo), at.In(cairo).Add(time.Nanosecond)},
		{time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC), at},
		{{}, time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)},
		{{}, time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC)},
		{time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), {}},
		{time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC), {}},
		{{}, time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		add(corpus.MetadataMatch{Key: "at", From: period[0], Until: period[1]})
	}
	return leaves
}

// values are keys with their values, in pairs.
func values(pairs ...any) map[string]corpus.Value {
	m := map[string]corpus.Value{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = valueOf(pairs[i+1])
	}
	return m
}

func valueOf(x any) corpus.Value {
	switch x := x.(type) {
	case string:
		return corpus.String(x)
	case int:
		return corpus.Number(float64(x))
	case float64:
		return corpus.Number(x)
	case bool:
		return corpus.Boolean(x)
	case corpus.Value:
		return x
	}
	panic(fmt.Sprintf("no value: %T", x))
}

func list(items ...string) corpus.Value { return corpus.List(items...) }

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
