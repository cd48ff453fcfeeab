package server

import (
	"fmt"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/value"
)

var arms = map[dalilv1.Arm]corpus.Arm{
	dalilv1.Arm_ARM_DENSE:   corpus.Dense,
	dalilv1.Arm_ARM_LEXICAL: corpus.Lexical,
}

var fusions = map[dalilv1.FusionMethod]corpus.FusionMethod{
	dalilv1.FusionMethod_FUSION_METHOD_UNSPECIFIED: corpus.Mix,
	dalilv1.FusionMethod_FUSION_METHOD_MIX:         corpus.Mix,
	dalilv1.FusionMethod_FUSION_METHOD_RRF:         corpus.RRF,
}

var fields = map[dalilv1.FilterField]corpus.Field{
	dalilv1.FilterField_FILTER_FIELD_LANGUAGE:    corpus.FieldLanguage,
	dalilv1.FilterField_FILTER_FIELD_SOURCE:      corpus.FieldSource,
	dalilv1.FilterField_FILTER_FIELD_AUTHOR:      corpus.FieldAuthor,
	dalilv1.FilterField_FILTER_FIELD_TAG:         corpus.FieldTag,
	dalilv1.FilterField_FILTER_FIELD_DOCUMENT_ID: corpus.FieldDocumentID,
}

// defaultPage is the default page size of a search.
const defaultPage = 10

// query translates a request. Its errors are InvalidErrors.
func query(req *dalilv1.SearchRequest) (corpus.Query, error) {
	q := corpus.Query{
		Text: question(req.GetQuery()), History: history(req.GetHistory()), Limit: defaultPage,
		MinDense: req.MinDenseSimilarity, MinCoverage: req.MinLexicalCoverage,
		Neighbours: int(req.GetNeighbours()), Rerank: req.Rerank, AnyLanguage: req.PreferQueryLanguage != nil && !*req.PreferQueryLanguage,
		Exact: req.GetExact(), Effort: int(req.GetEffort()), Debug: req.GetDebug(), View: views[req.GetView()],
	}
	if n := int(req.GetPageSize()); n != 0 {
		q.Limit = n
	}
	for _, arm := range req.GetArms() {
		if known, ok := arms[arm]; ok { // the check refuses others
			q.Arms = append(q.Arms, known)
		}
	}
	if f := req.GetFusion(); f != nil {
		q.Fusion = corpus.Fusion{
			Method: fusions[f.GetMethod()], DenseWeight: f.DenseWeight, LexicalWeight: f.LexicalWeight, K: int(f.GetK()),
		}
	}
	q.Syntax = req.QuerySyntax == nil || *req.QuerySyntax
	q.AnyTime = req.InterpretTime != nil && !*req.InterpretTime
	var err error
	if q.Now, err = referenceTime(req); err != nil {
		return q, err
	}
	if err = arrangement(req, &q); err != nil {
		return q, err
	}
	if q.Filter, err = filterOf(req.GetFilter()); err != nil {
		return q, err
	}
	if q.Since, err = openMark("min_index_token", req.GetMinIndexToken()); err != nil {
		return q, err
	}
	q.Offset, q.Now, err = pageOf(req, q.Now)
	return q, err
}

// filterOf translates the filter of a request; with an error it is empty.
func filterOf(wire *dalilv1.Filter) (corpus.Filter, error) {
	f, err := filter("filter", wire)
	if err != nil {
		return corpus.Filter{}, err
	}
	return f, nil
}

// filter translates a filter; path names its place in the request. Empty parts stay
// empty, so that corpus.Filter.Validate refuses them.
func filter(path string, wire *dalilv1.Filter) (f corpus.Filter, err error) {
	switch clause := wire.GetClause().(type) {
	case *dalilv1.Filter_All:
		f.All, err = filters(path+".all", clause.All)
	case *dalilv1.Filter_Any:
		f.Any, err = filters(path+".any", clause.Any)
	case *dalilv1.Filter_Not:
		not, err := filter(path+".not", clause.Not)
		return corpus.Filter{Not: &not}, err
	case *dalilv1.Filter_In:
		field, known := fields[clause.In.GetField()]
		if !known {
			return f, corpus.Invalid(path+".in.field", fmt.Sprintf("unknown field %d", clause.In.GetField()))
		}
		f.In = &corpus.In{Field: field, Values: clause.In.GetValues()}
	case *dalilv1.Filter_Published:
		p := &corpus.Published{}
		if p.From, err = timeOf(path+".published.from", clause.Published.GetFrom()); err != nil {
			return f, err
		}
		p.Until, err = timeOf(path+".published.until", clause.Published.GetUntil())
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
		v, problem := value.From(w)
		if problem != "" {
			return f, corpus.Invalid(fmt.Sprintf("%s.values[%d]", path, i), problem)
		}
		m.Values = append(m.Values, v)
	}
	if wire.Prefix != nil && *wire.Prefix == "" {
		return f, corpus.Invalid(path+".prefix", "is empty")
	}
	m.Min, m.Max = wire.Min, wire.Max
	if m.From, err = timeOf(path+".from", wire.GetFrom()); err != nil {
		return f, err
	}
	if m.Until, err = timeOf(path+".until", wire.GetUntil()); err != nil {
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
		if all[i], err = filter(fmt.Sprintf("%s.filters[%d]", path, i), wire); err != nil {
			return nil, err
		}
	}
	return all, nil
}
