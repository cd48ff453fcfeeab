package qdrant

import (
	"fmt"
	"slices"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
)

// fieldKeys are the payload keys of the fields that filters name.
var fieldKeys = map[corpus.Field]string{
	corpus.FieldLanguage: keyLanguage, corpus.FieldSource: keySource, corpus.FieldAuthor: keyAuthor,
	corpus.FieldTag: keyTags, corpus.FieldDocumentID: keyDocumentID,
}

// filter translates a filter that validates; nil keeps everything.
func (s *Store) filter(f corpus.Filter) (*sdk.Filter, error) {
	if f.IsZero() {
		return nil, nil
	}
	c, err := s.condition(f)
	if err != nil {
		return nil, err
	}
	return must(c), nil
}

func must(c ...*sdk.Condition) *sdk.Filter   { return &sdk.Filter{Must: c} }
func should(c ...*sdk.Condition) *sdk.Filter { return &sdk.Filter{Should: c} }

// nothing holds for no point.
func nothing() *sdk.Condition { return sdk.NewHasID() }

func (s *Store) condition(f corpus.Filter) (*sdk.Condition, error) {
	switch {
	case f.All != nil:
		parts, err := s.conditions(f.All)
		return sdk.NewFilterAsCondition(must(parts...)), err
	case f.Any != nil:
		parts, err := s.conditions(f.Any)
		return sdk.NewFilterAsCondition(should(parts...)), err
	case f.Not != nil:
		part, err := s.condition(*f.Not)
		return sdk.NewFilterAsCondition(&sdk.Filter{MustNot: []*sdk.Condition{part}}), err
	case f.In != nil:
		values := slices.DeleteFunc(slices.Clone(f.In.Values), func(v string) bool { return v == "" })
		if len(values) == 0 {
			return nothing(), nil
		}
		return sdk.NewMatchKeywords(fieldKeys[f.In.Field], values...), nil
	case f.Published != nil:
		return published(*f.Published), nil
	}
	return s.metadata(f.Metadata)
}

func (s *Store) conditions(filters []corpus.Filter) ([]*sdk.Condition, error) {
	parts := make([]*sdk.Condition, len(filters))
	for i, f := range filters {
		var err error
		if parts[i], err = s.condition(f); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

func (s *Store) metadata(m *corpus.MetadataMatch) (*sdk.Condition, error) {
	if m.Min == nil && m.Max == nil {
		if len(m.Values) == 0 {
			return sdk.NewMatchKeyword(keyMetaKeys, m.Key), nil
		}
		pairs := make([]string, len(m.Values))
		for i, v := range m.Values {
			pairs[i] = pair(m.Key, v)
		}
		return sdk.NewMatchKeywords(keyMetadata, pairs...), nil
	}
	if !slices.Contains(s.options.Numbers, m.Key) {
		return nil, corpus.Invalid("filter.metadata", fmt.Sprintf("%q can't be asked for by range; ranges are over the keys that store.numbers declares: %q", m.Key, s.options.Numbers))
	}
	return sdk.NewRange(numberPath(m.Key), &sdk.Range{Gte: m.Min, Lte: m.Max}), nil
}

// The index counts microseconds; nanoseconds below that are a field of their
// own. Times outside of years 1 to 9999 can't be written there.
var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
)

// published asks for [From, Until).
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
	// Under MustNot a document without a date would match.
	parts = append(parts, sdk.NewDatetimeRange(keyPublished, &sdk.DatetimeRange{Gte: timestamppb.New(earliest)}))
	return sdk.NewFilterAsCondition(must(parts...))
}

// notBefore is t ≤ published.
func notBefore(t time.Time) *sdk.Condition {
	if t.Before(earliest) {
		t = earliest
	}
	floor := t.Truncate(time.Microsecond)
	rest := t.Nanosecond() % 1000
	at := timestamppb.New(floor)
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
