package gateway

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Products that search in a store of others have interfaces of their own. A door translates such a request into a Search
// and its answer back. It ignores fields that it does not know, because products add fields.

// productBytes is the largest request of a product.
const productBytes = 256 << 10

// found is a passage with its score for products: 0 to 1.
type found struct {
	*dalilv1.Passage
	score float64
}

// ask reads the request of a product and searches. translate makes a Search of the request, and says from which score on
// passages are wanted; its error is a corpus.InvalidError. names has the fields of Search that the product calls
// something else.
func (g *gateway) ask(a *answer, r *http.Request, request any, names map[string]string, translate func() (*dalilv1.SearchRequest, float64, error)) ([]found, *status.Status) {
	data, free, problem := g.read(a, r, productBytes)
	defer free()
	if problem != nil {
		return nil, problem.status()
	}
	if !utf8.Valid(data) {
		return nil, invalid("request", "is not UTF-8").status()
	}
	if err := json.Unmarshal(data, request); err != nil {
		return nil, invalid("request", "is not the JSON of this request: "+unjson(err)).status()
	}
	q, threshold, err := translate()
	if err != nil {
		return nil, invalidOf(err).status()
	}
	response, err := dalilv1.NewSearchServiceClient(g.calls).Search(outgoing(r.Context(), r), q)
	if err != nil {
		return nil, renamed(detailed(status.Convert(err)), names)
	}
	all := []found{}
	for _, p := range response.GetPassages() {
		if one := (found{p, scoreOf(p)}); one.score >= threshold {
			all = append(all, one)
		}
	}
	return all, nil
}

// scoreOf is the probability that a passage answers the question, or, if the server has no calibration, the cosine
// similarity.
func scoreOf(p *dalilv1.Passage) float64 {
	if p.Relevance != nil {
		return float64(p.GetRelevance())
	}
	return max(0, min(1, float64(p.GetScores().GetDense())))
}

// unjson says where a request is wrong, without quoting it.
func unjson(err error) string {
	switch err := err.(type) {
	case *json.UnmarshalTypeError:
		return fmt.Sprintf("%s must not be a %s", err.Field, err.Value)
	case *json.SyntaxError:
		return fmt.Sprintf("there is a mistake near byte %d", err.Offset)
	}
	return "a value has another type"
}

func invalidOf(err error) *refusal {
	field, description, _ := strings.Cut(err.Error(), ": ")
	return invalid(field, description)
}

func writeJSON(a *answer, code int, v any) {
	a.Header().Set("Content-Type", jsonType)
	a.WriteHeader(code)
	e := json.NewEncoder(a)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // into memory
}

// operators are the comparisons of both products.
var operators = map[string]func(key string, value any) (*dalilv1.Filter, error){
	"eq": oneOf, "in": oneOf, "is": oneOf, "=": oneOf,
	"ne": negated(oneOf), "nin": negated(oneOf), "is not": negated(oneOf), "≠": negated(oneOf), "not in": negated(oneOf),
	"gt": above(true), ">": above(true), "gte": above(false), "≥": above(false),
	"lt": below(true), "<": below(true), "lte": below(false), "≤": below(false),
	"after": when(true), "before": when(false),
	"start with": begins, "empty": negated(exists), "not empty": exists,
}

// condition translates a comparison with one key of the metadata.
func condition(field, operator, key string, value any) (*dalilv1.Filter, error) {
	translate, ok := operators[operator]
	if !ok {
		return nil, corpus.Invalid(field, fmt.Sprintf("the operator %.20q is not supported", operator))
	}
	filter, err := translate(key, value)
	if err != nil {
		return nil, corpus.Invalid(field, err.Error())
	}
	return filter, nil
}

func onMetadata(m *dalilv1.MetadataFilter) *dalilv1.Filter {
	return &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{Metadata: m}}
}

func oneOf(key string, value any) (*dalilv1.Filter, error) {
	items, list := value.([]any)
	if !list {
		items = []any{value}
	}
	m := &dalilv1.MetadataFilter{Key: key}
	for _, item := range items {
		v, err := structpb.NewValue(item)
		if err != nil || item == nil {
			return nil, fmt.Errorf("the value must be a string, a number, a boolean or a list of them")
		}
		m.Values = append(m.Values, v)
	}
	return onMetadata(m), nil
}

func exists(key string, _ any) (*dalilv1.Filter, error) {
	return onMetadata(&dalilv1.MetadataFilter{Key: key, Exists: proto.Bool(true)}), nil
}

func begins(key string, value any) (*dalilv1.Filter, error) {
	text, ok := value.(string)
	if !ok {
		return nil, fmt.Errorf("the value must be a string")
	}
	return onMetadata(&dalilv1.MetadataFilter{Key: key, Prefix: &text}), nil
}

func negated(of func(string, any) (*dalilv1.Filter, error)) func(string, any) (*dalilv1.Filter, error) {
	return func(key string, value any) (*dalilv1.Filter, error) {
		inner, err := of(key, value)
		return &dalilv1.Filter{Clause: &dalilv1.Filter_Not{Not: inner}}, err
	}
}

// above keeps numbers from the value on, without the value itself if strict.
func above(strict bool) func(string, any) (*dalilv1.Filter, error) {
	return func(key string, value any) (*dalilv1.Filter, error) {
		n, err := number(value)
		if strict {
			n = math.Nextafter(n, math.Inf(1))
		}
		return onMetadata(&dalilv1.MetadataFilter{Key: key, Min: &n}), err
	}
}

func below(strict bool) func(string, any) (*dalilv1.Filter, error) {
	return func(key string, value any) (*dalilv1.Filter, error) {
		n, err := number(value)
		if strict {
			n = math.Nextafter(n, math.Inf(-1))
		}
		return onMetadata(&dalilv1.MetadataFilter{Key: key, Max: &n}), err
	}
}

func number(value any) (float64, error) {
	switch value := value.(type) {
	case float64:
		return value, nil
	case string:
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			return n, nil
		}
	}
	return 0, fmt.Errorf("the value must be a number")
}

// when keeps times before or after the value.
func when(after bool) func(string, any) (*dalilv1.Filter, error) {
	return func(key string, value any) (*dalilv1.Filter, error) {
		text, _ := value.(string)
		at, ok := corpus.Moment(text)
		if !ok {
			return nil, fmt.Errorf("the value must be a time of RFC 3339, or a date")
		}
		m := &dalilv1.MetadataFilter{Key: key}
		if after {
			m.From = timestamppb.New(at.Add(1000)) // times are compared to the microsecond
		} else {
			m.Until = timestamppb.New(at)
		}
		return onMetadata(m), nil
	}
}

// joined combines filters; nil if there is none.
func joined(all []*dalilv1.Filter, anyOf bool) *dalilv1.Filter {
	switch {
	case len(all) == 0:
		return nil
	case len(all) == 1:
		return all[0]
	case anyOf:
		return &dalilv1.Filter{Clause: &dalilv1.Filter_Any{Any: &dalilv1.FilterList{Filters: all}}}
	}
	return &dalilv1.Filter{Clause: &dalilv1.Filter_All{All: &dalilv1.FilterList{Filters: all}}}
}

// plainValues are the values of metadata as JSON has them.
func plainValues(metadata map[string]*structpb.Value) map[string]any {
	plain := make(map[string]any, len(metadata))
	for key, value := range metadata {
		plain[key] = value.AsInterface()
	}
	return plain
}
