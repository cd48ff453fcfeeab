package server

import (
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
	f, err := value.Filter("filter", wire)
	if err != nil {
		return corpus.Filter{}, err
	}
	return f, nil
}
