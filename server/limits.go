package server

import (
	"context"
	"fmt"
	"math"
	"strings"
	"unicode"

	"google.golang.org/grpc"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// limitUnary refuses requests beyond the limits before anything is asked.
func (r *serving) limitUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if foreign(info.FullMethod) { // others were checked before they were read
		if err := headerFits(ctx); err != nil {
			return nil, err
		}
	}
	if err := check(req, &r.options.Limits); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

// check returns an InvalidError with all that is wrong with a request.
func check(req any, limits *corpus.Limits) error {
	c := &checker{limits: limits}
	switch req := req.(type) {
	case unreadable:
		return req.err
	case *dalilv1.SearchRequest:
		c.search(req)
	case *dalilv1.GetPassagesRequest:
		c.passages(req)
	case *dalilv1.UpsertDocumentRequest:
		c.document("document", req.GetDocument())
	case *dalilv1.IngestDocumentsRequest:
		c.document("document", req.GetDocument())
	case *dalilv1.GetDocumentRequest:
		c.documentID("document_id", req.GetDocumentId())
	case *dalilv1.DeleteDocumentRequest:
		c.documentID("document_id", req.GetDocumentId())
	case *dalilv1.ListDocumentsRequest:
		c.between("page_size", req.PageSize, 1, limits.PageSize)
	}
	if len(c.violations) > 0 {
		return &corpus.InvalidError{Violations: c.violations}
	}
	return nil
}

type checker struct {
	limits     *corpus.Limits
	violations []corpus.Violation
}

// mostViolations keeps the answer to a hostile request small.
const mostViolations = 20

func (c *checker) refuse(field, format string, args ...any) {
	if len(c.violations) < mostViolations {
		c.violations = append(c.violations, corpus.Violation{Field: field, Description: fmt.Sprintf(format, args...)})
	}
}

func (c *checker) between(field string, v *int32, low, high int) {
	if v != nil && (int(*v) < low || int(*v) > high) {
		c.refuse(field, "must be %d to %d, is %d", low, high, *v)
	}
}

func (c *checker) within(field string, v *float32, low, high float32) {
	if v != nil && !(*v >= low && *v <= high) { // NaN is in no range
		c.refuse(field, "must be %g to %g, is %g", low, high, *v)
	}
}

func (c *checker) search(req *dalilv1.SearchRequest) {
	switch n := len(req.GetQuery()); {
	case n > c.limits.QueryBytes:
		c.refuse("query", "must be at most %d bytes, has %d", c.limits.QueryBytes, n)
	case strings.TrimSpace(req.GetQuery()) == "":
		c.refuse("query", "is empty")
	}
	c.between("page_size", req.PageSize, 1, c.limits.PageSize)
	c.between("neighbours", req.Neighbours, 0, c.limits.Neighbours)
	c.between("effort", req.Effort, 1, 10_000)
	c.within("min_dense_similarity", req.MinDenseSimilarity, -1, 1)
	c.within("min_lexical_coverage", req.MinLexicalCoverage, 0, 1)
	for i, arm := range req.GetArms() {
		if _, known := arms[arm]; !known {
			c.refuse(fmt.Sprintf("arms[%d]", i), "%d is no arm", arm)
		}
	}
	if f := req.GetFusion(); f != nil {
		if _, known := fusions[f.GetMethod()]; !known {
			c.refuse("fusion.method", "%d is no method", f.GetMethod())
		}
		c.within("fusion.dense_weight", f.DenseWeight, 0, math.MaxFloat32)
		c.within("fusion.lexical_weight", f.LexicalWeight, 0, math.MaxFloat32)
		if f.DenseWeight != nil && f.LexicalWeight != nil && *f.DenseWeight == 0 && *f.LexicalWeight == 0 {
			c.refuse("fusion", "both weights are 0")
		}
		c.between("fusion.k", f.K, 1, 1000)
	}
	c.filter(req.GetFilter())
}

func (c *checker) filter(wire *dalilv1.Filter) {
	if wire == nil {
		return
	}
	f, err := filter("filter", wire)
	if err == nil {
		err = f.Validate(c.limits.FilterClauses)
	}
	if invalid, ok := err.(*corpus.InvalidError); ok {
		c.violations = append(c.violations, invalid.Violations...)
	}
}

func (c *checker) passages(req *dalilv1.GetPassagesRequest) {
	if n := len(req.GetPassageIds()); n < 1 || n > c.limits.PageSize {
		c.refuse("passage_ids", "must be 1 to %d, are %d", c.limits.PageSize, n)
	}
	for i, id := range req.GetPassageIds() {
		if _, err := corpus.ParseChunkID(id); err != nil {
			c.refuse(fmt.Sprintf("passage_ids[%d]", i), "is not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
		}
	}
	c.between("neighbours", req.Neighbours, 0, c.limits.Neighbours)
}

func (c *checker) documentID(field, id string) {
	switch {
	case id == "":
		c.refuse(field, "is empty")
	case len(id) > c.limits.DocumentIDBytes:
		c.refuse(field, "must be at most %d bytes, has %d", c.limits.DocumentIDBytes, len(id))
	case strings.ContainsFunc(id, unicode.IsControl):
		c.refuse(field, "has control characters")
	}
}

func (c *checker) document(field string, d *dalilv1.DocumentInput) {
	if d == nil {
		c.refuse(field, "is missing")
		return
	}
	c.documentID(field+".document_id", d.GetDocumentId())
	switch content := d.GetContent().(type) {
	case *dalilv1.DocumentInput_Text:
		c.bytes(field+".text", len(content.Text))
	case *dalilv1.DocumentInput_Body:
		c.bytes(field+".body.data", len(content.Body.GetData()))
	default:
		c.refuse(field, "has neither text nor body")
	}
	if t := d.GetPublishedAt(); t != nil && t.CheckValid() != nil {
		c.refuse(field+".published_at", "is not a time between the years 1 and 9999")
	}
	if _, set := d.GetMetadata()[""]; set {
		c.refuse(field+".metadata", "has an empty key")
	}
	if n := metadataBytes(d); n > c.limits.MetadataBytes {
		c.refuse(field, "has %d bytes beside its text or body, must be at most %d", n, c.limits.MetadataBytes)
	}
}

func (c *checker) bytes(field string, n int) {
	switch {
	case n == 0:
		c.refuse(field, "is empty")
	case n > c.limits.DocumentBytes:
		c.refuse(field, "must be at most %d bytes, has %d", c.limits.DocumentBytes, n)
	}
}

// metadataBytes is the size of a document's fields beside text and body.
func metadataBytes(d *dalilv1.DocumentInput) int {
	n := len(d.GetTitle()) + len(d.GetUrl()) + len(d.GetSource()) + len(d.GetLanguage()) + len(d.GetAuthor()) +
		len(d.GetBody().GetMediaType())
	for _, tag := range d.GetTags() {
		n += len(tag) + 2
	}
	for k, v := range d.GetMetadata() {
		n += len(k) + len(v) + 2
	}
	return n
}
