package qdrant

import (
	"slices"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
)

// fieldKeys maps the fields of filters to payload keys.
var fieldKeys = map[corpus.Field]string{
	corpus.FieldLanguage: keyLanguage, corpus.FieldSource: keySource, corpus.FieldAuthor: keyAuthor,
	corpus.FieldTag: keyTags, corpus.FieldDocumentID: keyDocumentID, corpus.FieldTenant: keyTenant, corpus.FieldReader: keyGroups,
}

// filterOf translates a valid filter; nil keeps everything.
func filterOf(f corpus.Filter) *sdk.Filter {
	if f.IsZero() {
		return nil
	}
	return must(condition(f))
}

func must(c ...*sdk.Condition) *sdk.Filter   { return &sdk.Filter{Must: c} }
func should(c ...*sdk.Condition) *sdk.Filter { return &sdk.Filter{Should: c} }

// nothing is a condition that no point meets.
func nothing() *sdk.Condition { return sdk.NewHasID() }

func condition(f corpus.Filter) *sdk.Condition {
	switch {
	case f.All != nil:
		return sdk.NewFilterAsCondition(must(conditions(f.All)...))
	case f.Any != nil:
		return sdk.NewFilterAsCondition(should(conditions(f.Any)...))
	case f.Not != nil:
		return sdk.NewFilterAsCondition(&sdk.Filter{MustNot: conditions([]corpus.Filter{*f.Not})})
	case f.In != nil:
		values := slices.DeleteFunc(slices.Clone(f.In.Values), func(v string) bool { return v == "" })
		if len(values) == 0 {
			return nothing()
		}
		if f.In.Field == corpus.FieldTenant || f.In.Field == corpus.FieldReader {
			return oneOf(fieldKeys[f.In.Field], values)
		}
		return sdk.NewMatchKeywords(fieldKeys[f.In.Field], values...)
	case f.Published != nil:
		return published(*f.Published)
	}
	return metadataCondition(f.Metadata)
}

func conditions(filters []corpus.Filter) []*sdk.Condition {
	parts := make([]*sdk.Condition, len(filters))
	for i, f := range filters {
		parts[i] = condition(f)
	}
	return parts
}

// The index has a resolution of microseconds. The nanoseconds below that are a
// field of their own. The index cannot have times outside the years 1 to 9999.
var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
)

// published returns the condition for [From, Until).
func published(p corpus.Published) *sdk.Condition {
	var parts []*sdk.Condition
	switch from := p.From; {
	case from.IsZero():
	case from.After(latest):
		return nothing()
	default:
		parts = append(parts, notBefore(from))
	}
	switch until := p.Until; {
	case until.IsZero() || until.After(latest):
	case !until.After(earliest):
		return nothing()
	default:
		parts = append(parts, sdk.NewFilterAsCondition(&sdk.Filter{MustNot: []*sdk.Condition{notBefore(until)}}))
	}
	// With MustNot, a document without a date would match.
	parts = append(parts, sdk.NewDatetimeRange(keyPublished, &sdk.DatetimeRange{Gte: timestamppb.New(earliest)}))
	return sdk.NewFilterAsCondition(must(parts...))
}

// notBefore returns the condition t ≤ published.
func notBefore(t time.Time) *sdk.Condition {
	if t.Before(earliest) {
		t = earliest
	}
	floor := t.Truncate(time.Microsecond)
	rest := t.Nanosecond() % 1000
	at := micros(t)
	if rest == 0 {
		return sdk.NewDatetimeRange(keyPublished, &sdk.DatetimeRange{Gte: at})
	}
	return sdk.NewFilterAsCondition(should(
		sdk.NewDatetimeRange(keyPublished, &sdk.DatetimeRange{Gte: timestamppb.New(floor.Add(time.Microsecond))}),
		sdk.NewFilterAsCondition(must(
			sdk.NewDatetimeRange(keyPublished, &sdk.DatetimeRange{Gte: at}),
			sdk.NewRange(keyNanoseconds, &sdk.Range{Gte: sdk.PtrOf(float64(rest))}),
		)),
	))
}

// micros returns a time truncated to the microsecond, but not before the earliest.
func micros(t time.Time) *timestamppb.Timestamp {
	if t.Before(earliest) {
		t = earliest
	}
	return timestamppb.New(t.Truncate(time.Microsecond))
}
