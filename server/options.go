package server

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

var passageOrders = map[dalilv1.OrderBy]corpus.Order{
	dalilv1.OrderBy_ORDER_BY_UNSPECIFIED: corpus.ByRelevance,
	dalilv1.OrderBy_ORDER_BY_RELEVANCE:   corpus.ByRelevance,
	dalilv1.OrderBy_ORDER_BY_NEWEST:      corpus.NewestFirst,
	dalilv1.OrderBy_ORDER_BY_OLDEST:      corpus.OldestFirst,
}

// arrangement translates the options that arrange an answer. Its errors are InvalidErrors.
func arrangement(req *dalilv1.SearchRequest, q *corpus.Query) (err error) {
	q.Diversity, q.Collapse, q.Order = req.GetDiversity(), req.GetCollapseDuplicates(), passageOrders[req.GetOrderBy()]
	if r := req.GetRecency(); r != nil {
		q.Recency = &corpus.Recency{HalfLife: r.GetHalfLife().AsDuration(), Weight: corpus.DefaultRecencyWeight}
		if r.Weight != nil {
			q.Recency.Weight = *r.Weight
		}
		if q.Now.IsZero() {
			q.Now = moment()
		}
	}
	if g := req.GetGroupBy(); g != nil {
		q.PerDocument = 1
		if g.PassagesPerDocument != nil {
			q.PerDocument = int(*g.PassagesPerDocument)
		}
	}
	q.Facets, err = facets(req.GetFacets())
	return err
}

// arrangement checks what the translation loses.
func (c *checker) arrangement(req *dalilv1.SearchRequest) {
	if _, known := passageOrders[req.GetOrderBy()]; !known {
		c.outside("order_by", "RELEVANCE, NEWEST or OLDEST", fmt.Sprint(req.GetOrderBy()))
	}
	if r := req.GetRecency(); r != nil && r.GetHalfLife() != nil && !r.GetHalfLife().IsValid() {
		c.refuse("recency.half_life", "is not a valid duration")
	}
	if g := req.GetGroupBy(); g != nil {
		c.notZero("group_by.passages_per_document", g.PassagesPerDocument, corpus.MaxPerDocument)
	}
}

// pageTime returns the time that the page token of an answer carries, so that all pages
// have one order; zero: the answer does not depend on the time, or the request names it.
func pageTime(a *dalilv1.SearchResponse, req *dalilv1.SearchRequest, q *corpus.Query) time.Time {
	switch {
	case req.GetReferenceTime() != nil || q.Recency == nil && a.GetInterpretedTime() == nil:
		return time.Time{}
	case q.Now.IsZero():
		return moment()
	}
	return q.Now
}

// moment is the time now, as page tokens have it.
func moment() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// units returns how many passages, or groups, an answer has: what page_size counts.
func units(a *dalilv1.SearchResponse) int { return len(a.GetPassages()) + len(a.GetGroups()) }

// unit returns a passage or a group of an answer.
func unit(a *dalilv1.SearchResponse, i int) proto.Message {
	if len(a.GetGroups()) > 0 {
		return a.GetGroups()[i]
	}
	return a.GetPassages()[i]
}

// cut keeps the first n passages or groups of an answer, which is that of q, and sets the
// token of the next page if there are others; more says whether there are others after the
// answer.
func cut(a *dalilv1.SearchResponse, n int, req *dalilv1.SearchRequest, q *corpus.Query, more bool) {
	if a.NextPageToken = ""; more || n < units(a) {
		a.NextPageToken = nextPage(req, q.Offset+n, pageTime(a, req, q))
	}
	if len(a.GetGroups()) > 0 {
		a.Groups = a.GetGroups()[:n]
	} else {
		a.Passages = a.GetPassages()[:n]
	}
}

// fitting returns how many passages or groups fit into an answer, at least one.
func fitting(a *dalilv1.SearchResponse) int {
	if len(a.GetGroups()) > 0 {
		return fits(a.GetGroups())
	}
	return fits(a.GetPassages())
}

// grouped puts the passages of each document, which follow each other, in a group.
func grouped(passages []*dalilv1.Passage) []*dalilv1.Group {
	var groups []*dalilv1.Group
	for _, p := range passages {
		if n := len(groups); n == 0 || groups[n-1].GetDocumentId() != p.GetDocumentId() {
			groups = append(groups, &dalilv1.Group{DocumentId: p.GetDocumentId(), Document: p.GetDocument()})
		}
		p.Document = nil
		last := groups[len(groups)-1]
		last.Passages = append(last.Passages, p)
	}
	return groups
}
