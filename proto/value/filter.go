package value

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

var fields = map[dalilv1.FilterField]corpus.Field{
	dalilv1.FilterField_FILTER_FIELD_LANGUAGE:    corpus.FieldLanguage,
	dalilv1.FilterField_FILTER_FIELD_SOURCE:      corpus.FieldSource,
	dalilv1.FilterField_FILTER_FIELD_AUTHOR:      corpus.FieldAuthor,
	dalilv1.FilterField_FILTER_FIELD_TAG:         corpus.FieldTag,
	dalilv1.FilterField_FILTER_FIELD_DOCUMENT_ID: corpus.FieldDocumentID,
}

// Filter reads a filter of the wire; path names its place in the request. Errors are
// InvalidErrors. Empty parts stay
// empty, so that corpus.Filter.Validate refuses them.
func Filter(path string, wire *dalilv1.Filter) (f corpus.Filter, err error) {
	switch clause := wire.GetClause().(type) {
	case *dalilv1.Filter_All:
		f.All, err = filters(path+".all", clause.All)
	case *dalilv1.Filter_Any:
		f.Any, err = filters(path+".any", clause.Any)
	case *dalilv1.Filter_Not:
		not, err := Filter(path+".not", clause.Not)
		return corpus.Filter{Not: &not}, err
	case *dalilv1.Filter_In:
		field, known := fields[clause.In.GetField()]
		if !known {
			return f, corpus.Invalid(path+".in.field", fmt.Sprintf("unknown field %d", clause.In.GetField()))
		}
		f.In = &corpus.In{Field: field, Values: clause.In.GetValues()}
	case *dalilv1.Filter_Published:
		p := &corpus.Published{}
		if p.From, err = Time(path+".published.from", clause.Published.GetFrom()); err != nil {
			return f, err
		}
		p.Until, err = Time(path+".published.until", clause.Published.GetUntil())
		f.Published = p
	case *dalilv1.Filter_Metadata:
		return metadataFilter(path+".metadata", clause.Metadata)
	}
	return f, err
}

func metadataFilter(path string, wire *dalilv1.MetadataFilter) (f corpus.Filter, err error) {
	m := &corpus.MetadataMatch{Key: wire.GetKey(), Prefix: wire.GetPrefix()}
	f.Metadata = m
	if wire == nil {
		return f, nil // the validation refuses it
	}
	for i, w := range wire.GetValues() {
		v, problem := From(w)
		if problem != "" {
			return f, corpus.Invalid(fmt.Sprintf("%s.values[%d]", path, i), problem)
		}
		m.Values = append(m.Values, v)
	}
	if wire.Prefix != nil && *wire.Prefix == "" {
		return f, corpus.Invalid(path+".prefix", "is empty")
	}
	m.Min, m.Max = wire.Min, wire.Max
	if m.From, err = Time(path+".from", wire.GetFrom()); err != nil {
		return f, err
	}
	if m.Until, err = Time(path+".until", wire.GetUntil()); err != nil {
		return f, err
	}
	if wire.Exists == nil {
		return f, nil
	}
	if len(m.Values) > 0 || m.Prefix != "" || m.HasRange() || m.HasPeriod() {
		return f, corpus.Invalid(path+".exists", "must not be set together with values, min, max, prefix, from or until")
	}
	if !*wire.Exists && m.Key != "" {
		return corpus.Filter{Not: &corpus.Filter{Metadata: m}}, nil
	}
	return f, nil
}

func filters(path string, list *dalilv1.FilterList) ([]corpus.Filter, error) {
	all := make([]corpus.Filter, len(list.GetFilters())) // never nil, so that the validation finds an empty list
	for i, wire := range list.GetFilters() {
		var err error
		if all[i], err = Filter(fmt.Sprintf("%s.filters[%d]", path, i), wire); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Time reads a time of the wire, which may be unset; field names it in the error.
func Time(field string, t *timestamppb.Timestamp) (time.Time, error) {
	if t == nil {
		return time.Time{}, nil
	}
	if t.CheckValid() != nil {
		return time.Time{}, corpus.Invalid(field, "is not a time between the years 1 and 9999")
	}
	return t.AsTime(), nil
}
