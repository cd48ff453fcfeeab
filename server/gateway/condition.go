package gateway

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// operator is a comparison of a product. It keeps the documents that the comparison fits, or, if negated, the others.
type operator struct {
	compare comparison
	negated bool
}

type comparison int

const (
	equal  comparison = iota // to one of the values
	above                    // numbers, and published_at
	from                     // the same, with the value itself
	below                    // numbers, and published_at
	upTo                     // the same, with the value itself
	after                    // times
	before                   // times
	begins                   // strings
	exists                   // any value
)

// operators are the comparisons of both products.
var operators = map[string]operator{
	"eq": {equal, false}, "in": {equal, false}, "ne": {equal, true}, "nin": {equal, true},
	"is": {equal, false}, "=": {equal, false}, "is not": {equal, true}, "≠": {equal, true}, "not in": {equal, true},
	"gt": {above, false}, ">": {above, false}, "gte": {from, false}, "≥": {from, false},
	"lt": {below, false}, "<": {below, false}, "lte": {upTo, false}, "≤": {upTo, false},
	"after": {after, false}, "before": {before, false},
	"start with": {begins, false}, "empty": {exists, true}, "not empty": {exists, false},
}

// documentFields are the names that mean a field of the document, as products see it. Other names are keys of its
// metadata.
var documentFields = map[string]dalilv1.FilterField{
	"author":      dalilv1.FilterField_FILTER_FIELD_AUTHOR,
	"source":      dalilv1.FilterField_FILTER_FIELD_SOURCE,
	"language":    dalilv1.FilterField_FILTER_FIELD_LANGUAGE,
	"tags":        dalilv1.FilterField_FILTER_FIELD_TAG,
	"document_id": dalilv1.FilterField_FILTER_FIELD_DOCUMENT_ID,
}

// condition translates a comparison. Its error names the condition.
func condition(field, operator, name string, value any) (*dalilv1.Filter, error) {
	o, ok := operators[operator]
	if !ok {
		return nil, corpus.Invalid(field, fmt.Sprintf("the operator %.20q is not supported", operator))
	}
	var filter *dalilv1.Filter
	var err error
	named, isField := documentFields[name]
	switch {
	case isField && o.compare != equal:
		err = fmt.Errorf("the operator %q is not supported for %s, which can only be equal to a value or not", operator, name)
	case isField:
		filter, err = onField(named, value)
	case name == "published_at":
		filter, err = onPublished(o.compare, operator, value)
	case name == "title", name == "url", name == "passage_id":
		err = fmt.Errorf("%s cannot be filtered; author, source, language, tags, published_at, document_id and keys of the metadata can", name)
	default:
		m := &dalilv1.MetadataFilter{Key: name}
		filter, err = &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{Metadata: m}}, onMetadata(m, o.compare, value)
	}
	if err != nil {
		return nil, corpus.Invalid(field, err.Error())
	}
	if o.negated {
		filter = &dalilv1.Filter{Clause: &dalilv1.Filter_Not{Not: filter}}
	}
	return filter, nil
}

// onField keeps documents whose field equals the value or one of the values.
func onField(field dalilv1.FilterField, value any) (*dalilv1.Filter, error) {
	in := &dalilv1.FieldFilter{Field: field}
	for _, item := range list(value) {
		text, ok := item.(string)
		if !ok {
			return nil, fmt.Errorf("the value must be a string or a list of strings")
		}
		in.Values = append(in.Values, text)
	}
	if len(in.Values) == 0 {
		return nil, fmt.Errorf("the value must not be an empty list")
	}
	return &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: in}}, nil
}

// onMetadata sets what the filter keeps.
func onMetadata(m *dalilv1.MetadataFilter, compare comparison, value any) (err error) {
	var n float64
	var at time.Time
	switch compare {
	case above, from, below, upTo:
		n, err = number(value)
	case after, before:
		at, err = moment(value)
	}
	if err != nil {
		return err
	}
	switch compare {
	case equal:
		m.Values, err = values(value)
	case above:
		m.Min = proto.Float64(math.Nextafter(n, math.Inf(1)))
	case from:
		m.Min = &n
	case below:
		m.Max = proto.Float64(math.Nextafter(n, math.Inf(-1)))
	case upTo:
		m.Max = &n
	case after:
		m.From = timestamppb.New(at.Add(time.Microsecond)) // times are compared to the microsecond
	case before:
		m.Until = timestamppb.New(at)
	case begins:
		text, ok := value.(string)
		if !ok {
			return fmt.Errorf("the value must be a string")
		}
		m.Prefix = &text
	case exists:
		m.Exists = proto.Bool(true)
	}
	return err
}

// onPublished keeps documents by their time of publication. A date is equal to every moment of its day in UTC.
func onPublished(compare comparison, operator string, value any) (*dalilv1.Filter, error) {
	var all []*dalilv1.Filter
	keep := func(from, until *timestamppb.Timestamp) {
		all = append(all, &dalilv1.Filter{Clause: &dalilv1.Filter_Published{Published: &dalilv1.PublishedFilter{From: from, Until: until}}})
	}
	switch compare {
	case exists:
		keep(timestamppb.New(time.Time{}.Add(time.Microsecond)), nil) // a filter's zero time is no bound
		return all[0], nil
	case begins:
		return nil, fmt.Errorf("the operator %q is not supported for published_at", operator)
	case equal:
		for _, item := range list(value) {
			at, err := moment(item)
			if err != nil {
				return nil, err
			}
			end := at.Add(time.Microsecond)
			if len(item.(string)) == len(time.DateOnly) {
				end = at.AddDate(0, 0, 1)
			}
			keep(timestamppb.New(at), timestamppb.New(end))
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("the value must not be an empty list")
		}
		return joined(all, true), nil
	}
	at, err := moment(value)
	if err != nil {
		return nil, err
	}
	next := at.Add(time.Microsecond)
	switch compare {
	case above, after:
		keep(timestamppb.New(next), nil)
	case from:
		keep(timestamppb.New(at), nil)
	case below, before:
		keep(nil, timestamppb.New(at))
	case upTo:
		keep(nil, timestamppb.New(next))
	}
	return all[0], nil
}

// list is a list of one value, or the list that the value is.
func list(value any) []any {
	if items, ok := value.([]any); ok {
		return items
	}
	return []any{value}
}

// values are the values to compare with. Dify's form sends every value as text, so text that is a number or a boolean
// is that one too, and a number or a boolean is its text too.
func values(value any) ([]*structpb.Value, error) {
	var all []*structpb.Value
	for _, item := range list(value) {
		v, err := structpb.NewValue(item)
		if err != nil || item == nil {
			return nil, fmt.Errorf("the value must be a string, a number, a boolean or a list of them")
		}
		all = append(all, v)
		switch item := item.(type) {
		case float64:
			all = append(all, structpb.NewStringValue(strconv.FormatFloat(item, 'f', -1, 64)))
		case bool:
			all = append(all, structpb.NewStringValue(strconv.FormatBool(item)))
		case string:
			if n, err := number(item); err == nil {
				all = append(all, structpb.NewNumberValue(n))
			} else if item == "true" || item == "false" {
				all = append(all, structpb.NewBoolValue(item == "true"))
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("the value must not be an empty list")
	}
	return all, nil
}

// number is a finite number, or the one that is written in decimal digits.
func number(value any) (float64, error) {
	switch value := value.(type) {
	case float64:
		return value, nil
	case string:
		if n, err := strconv.ParseFloat(value, 64); err == nil && strings.Trim(value, "+-.eE0123456789") == "" {
			return n, nil
		}
	}
	return 0, fmt.Errorf("the value must be a number")
}

func moment(value any) (time.Time, error) {
	text, _ := value.(string)
	at, ok := corpus.Moment(text)
	if !ok {
		return at, fmt.Errorf("the value must be a time of RFC 3339, or a date")
	}
	return at, nil
}
