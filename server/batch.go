package server

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// BatchSearch answers several questions. A request that cannot be answered gets its
// own error.
func (s *searchService) BatchSearch(ctx context.Context, req *dalilv1.BatchSearchRequest) (*dalilv1.BatchSearchResponse, error) {
	began := time.Now()
	requests := req.GetRequests()
	p := &packing{left: answerBytes, results: make([]*dalilv1.BatchSearchResult, len(requests)), queries: make([]corpus.Query, len(requests)), requests: requests}
	refuse := func(i int, err error) {
		err = toStatus(err)
		s.log(ctx, dalilv1.SearchService_BatchSearch_FullMethodName, began, err)
		p.refuse(i, err)
	}
	var queries []corpus.Query
	var places []int // of the queries among the requests
	for i, one := range requests {
		err := check(one, &s.options.Limits)
		q, translated := query(one)
		if err == nil {
			err = translated
		}
		if err != nil {
			refuse(i, err)
			continue
		}
		queries, places = append(queries, q), append(places, i)
		p.queries[i] = q
	}
	if len(queries) > 0 {
		if err := s.deps.Searcher.SearchAll(ctx, queries, func(n int, a corpus.Answer, err error) {
			if err != nil {
				refuse(places[n], err)
				return
			}
			p.answer(places[n], toAnswer(a, &queries[n]), a.More)
		}); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil { // some requests were not answered
		return nil, err
	}
	return &dalilv1.BatchSearchResponse{Responses: p.results}, nil
}

// batch checks the number of requests of a batch. Each of them is checked alone.
func (c *checker) batch(n int) {
	if n < 1 || n > c.limits.Batch {
		limit := fmt.Sprintf("1 to %d", c.limits.Batch)
		c.violate(corpus.Violation{Field: "requests", Description: fmt.Sprintf("must have %s requests, has %d", limit, n), Limit: limit, Got: fmt.Sprint(n)})
	}
}

// packing puts the results of a batch into one answer of limited size. It packs them
// in the order of the requests, so that equal requests give equal answers. Each may
// use an equal share of what the results before it have left.
type packing struct {
	requests []*dalilv1.SearchRequest
	results  []*dalilv1.BatchSearchResult
	queries  []corpus.Query // of the requests
	packed   int            // number of results that are packed
	left     int            // bytes
}

// refuse sets the error of a request.
func (p *packing) refuse(i int, err error) {
	p.results[i] = &dalilv1.BatchSearchResult{Result: &dalilv1.BatchSearchResult_Status{Status: status.Convert(err).Proto()}}
	p.pack()
}

// answer sets the answer of a request. Its passages beyond what a single answer may
// have are dropped at once.
func (p *packing) answer(i int, a *dalilv1.SearchResponse, more bool) {
	cut(a, fitting(a), p.requests[i], &p.queries[i], more)
	p.results[i] = &dalilv1.BatchSearchResult{Result: &dalilv1.BatchSearchResult_Response{Response: a}}
	p.pack()
}

// pack packs the results up to the first that is missing.
func (p *packing) pack() {
	for ; p.packed < len(p.results) && p.results[p.packed] != nil; p.packed++ {
		share := p.left / (len(p.results) - p.packed)
		if proto.Size(p.results[p.packed]) > share {
			p.shorten(p.packed, share)
		}
		p.left = max(p.left-proto.Size(p.results[p.packed])-messageOverhead, 0)
	}
}

// messageOverhead is the largest number of bytes of a message's tag and length.
const messageOverhead = 8

// shorten drops passages of an answer until it fits. An answer that does not fit
// without any becomes an error.
func (p *packing) shorten(i, share int) {
	a := p.results[i].GetResponse()
	if a == nil {
		return // an error is small
	}
	whole, more := &dalilv1.SearchResponse{Passages: a.GetPassages(), Groups: a.GetGroups()}, a.GetNextPageToken() != ""
	cut(a, 0, p.requests[i], &p.queries[i], true)
	left, n := share-proto.Size(p.results[i])-2*messageOverhead, 0
	if left < 0 {
		err := toStatus(tooLarge("the answers of the batch are too large together; send this request alone"))
		p.results[i].Result = &dalilv1.BatchSearchResult_Status{Status: status.Convert(err).Proto()}
		return
	}
	for n < units(whole) {
		if left -= proto.Size(unit(whole, n)) + messageOverhead; left < 0 {
			break
		}
		n++
	}
	a.Passages, a.Groups = whole.GetPassages(), whole.GetGroups()
	cut(a, n, p.requests[i], &p.queries[i], more)
}
