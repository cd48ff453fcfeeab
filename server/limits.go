package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/text/language"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/value"
)

// limitUnary refuses requests beyond the limits before the handler runs.
func (r *serving) limitUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if foreign(info.FullMethod) { // other messages were checked before they were read
		if err := headerFits(ctx); err != nil {
			return nil, err
		}
	}
	if err := check(req, &r.options.Limits); err != nil {
		if one, ok := req.(*dalilv1.UpsertDocumentRequest); ok {
			r.record(ctx, one.GetDocument(), &corpus.Receipt{Outcome: corpus.Failed, Err: err})
		}
		return nil, err
	}
	r.chargeBatch(ctx, req)
	return handler(ctx, req)
}

// check returns an InvalidError with all violations of a request.
func check(req any, limits *corpus.Limits) error {
	c := &checker{limits: limits}
	switch req := req.(type) {
	case unreadable:
		return req.err
	case *dalilv1.SearchRequest:
		c.search(req)
	case *dalilv1.BatchSearchRequest:
		c.batch(len(req.GetRequests()))
	case *dalilv1.BuildContextRequest:
		c.context(req)
	case *dalilv1.CheckGroundingRequest:
		c.grounding(req)
	case *dalilv1.ExplainDocumentRequest:
		c.explained(req)
	case *dalilv1.FindSimilarRequest:
		c.similar(req)
	case *dalilv1.GetPassagesRequest:
		c.passages(req)
	case *dalilv1.UpsertDocumentRequest:
		c.document("document", req.GetDocument())
		c.condition(req.GetIfMatch(), req.GetIfNoneMatch())
	case *dalilv1.IngestDocumentsRequest:
		c.document("document", req.GetDocument())
		c.condition(req.GetIfMatch(), req.GetIfNoneMatch())
	case *dalilv1.PreviewDocumentRequest:
		c.document("document", req.GetDocument())
		c.pageSize(req.GetPageSize())
	case *dalilv1.GetDocumentRequest:
		c.documentID("document_id", req.GetDocumentId())
	case *dalilv1.DeleteDocumentRequest:
		c.documentID("document_id", req.GetDocumentId())
		c.condition(req.GetIfMatch(), "")
		c.version("source_version", req.SourceVersion)
	case *dalilv1.ListDocumentsRequest:
		c.list(req)
	case *dalilv1.ListFacetsRequest:
		c.listFacets(req)
	case *dalilv1.ListFailuresRequest:
		c.pageSize(req.GetPageSize())
	case *dalilv1.UpdateDocumentRequest:
		c.update(req)
	case *dalilv1.UpsertDocumentsRequest:
		c.batch(len(req.GetRequests()))
	case *dalilv1.DeleteDocumentsRequest:
		c.deletion(req)
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

// mostViolations limits the size of the answer to a hostile request.
const mostViolations = 20

// refuse records what is wrong with a field that has no numeric limit.
func (c *checker) refuse(field, format string, args ...any) {
	c.violate(corpus.Violation{Field: field, Description: fmt.Sprintf(format, args...)})
}

func (c *checker) violate(v corpus.Violation) {
	if len(c.violations) < mostViolations {
		c.violations = append(c.violations, v)
	}
}

func (c *checker) between(field string, v *int32, low, high int) {
	if v != nil && (int(*v) < low || int(*v) > high) {
		c.outside(field, fmt.Sprintf("%d to %d", low, high), fmt.Sprint(*v))
	}
}

// pageSize refuses what is outside of the limits; 0 means the default.
func (c *checker) pageSize(n int32) {
	if n != 0 {
		c.between("page_size", &n, 1, c.limits.PageSize)
	}
}

func (c *checker) outside(field, limit, got string) {
	c.violate(corpus.Outside(field, limit, got))
}

// atMost refuses a value of more than limit bytes.
func (c *checker) atMost(field string, n, most int) {
	if n > most {
		c.violate(corpus.TooLong(field, n, most))
	}
}

// search checks what the translation loses, and then the query.
func (c *checker) search(req *dalilv1.SearchRequest) {
	c.view(req.GetView())
	for i, arm := range req.GetArms() {
		if _, known := arms[arm]; !known {
			c.outside(fmt.Sprintf("arms[%d]", i), "DENSE or LEXICAL", fmt.Sprint(arm))
		}
	}
	if f := req.GetFusion(); f != nil {
		if _, known := fusions[f.GetMethod()]; !known {
			c.outside("fusion.method", "MIX or RRF", fmt.Sprint(f.GetMethod()))
		}
		c.notZero("fusion.k", f.K, corpus.MaxFusionK)
	}
	c.notZero("effort", req.Effort, corpus.MaxEffort)
	c.arrangement(req)
	q, err := query(req)
	c.query(req.GetQuery(), &q, err)
	c.history(req.GetHistory())
}

// query checks a translated query; err is why its filter or its page token could not
// be translated. written is its text before it was cleaned.
func (c *checker) query(written string, q *corpus.Query, err error) {
	limits := *c.limits
	if len(written) > limits.QueryBytes {
		q.Text = written
	}
	for _, v := range q.Violations(limits) {
		c.violate(v)
	}
	var invalid *corpus.InvalidError
	if errors.As(err, &invalid) {
		c.violations = append(c.violations, invalid.Violations...)
	}
}

// notZero refuses a 0 that was written: what is left out has a default.
func (c *checker) notZero(field string, v *int32, high int) {
	if v != nil && *v == 0 {
		c.between(field, v, 1, high)
	}
}

func (c *checker) passages(req *dalilv1.GetPassagesRequest) {
	if n := len(req.GetPassageIds()); n < 1 || n > c.limits.PageSize {
		c.violate(corpus.Violation{
			Field: "passage_ids", Description: fmt.Sprintf("must have 1 to %d ids, has %d", c.limits.PageSize, n),
			Limit: fmt.Sprintf("1 to %d", c.limits.PageSize), Got: fmt.Sprint(n),
		})
	}
	for i, id := range req.GetPassageIds() {
		var invalid *corpus.InvalidError
		if _, err := corpus.ParseChunkID(id); errors.As(err, &invalid) {
			c.refuse(fmt.Sprintf("passage_ids[%d]", i), "%s", invalid.Violations[0].Description)
		}
	}
	c.view(req.GetView())
	c.between("neighbours", req.Neighbours, 0, c.limits.Neighbours)
}

func (c *checker) view(v dalilv1.View) {
	if _, known := views[v]; !known {
		c.outside("view", "IDS, SNIPPET or FULL", fmt.Sprint(v))
	}
}

func (c *checker) documentID(field, id string) {
	for _, v := range corpus.IDViolations(field, id, c.limits.DocumentIDBytes) {
		c.violate(v)
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
	c.time(field+".published_at", d.GetPublishedAt())
	c.life(field, d)
	c.metadata(field+".metadata", d.GetMetadata())
	c.language(field+".language", d.GetLanguage())
	c.groups(field+".groups", d.GetGroups())
	if n := metadataBytes(d); n > c.limits.MetadataBytes {
		c.violate(corpus.TooMuchMetadata(field, n, c.limits.MetadataBytes))
	}
}

func (c *checker) time(field string, t *timestamppb.Timestamp) {
	if t != nil && t.CheckValid() != nil {
		c.refuse(field, "is not a time between the years 1 and 9999")
	}
}

func (c *checker) groups(field string, groups []string) {
	for _, v := range corpus.GroupViolations(field, groups) {
		c.violate(v)
	}
}

func (c *checker) language(field, tag string) {
	if tag == "" {
		return
	}
	if _, err := language.Parse(tag); err != nil {
		c.violate(corpus.Violation{
			Field: field, Description: fmt.Sprintf("must be a BCP 47 language tag such as ar or en-GB, is %.40q", tag),
			Limit: "a BCP 47 language tag", Got: fmt.Sprintf("%.40q", tag),
		})
	}
}

func (c *checker) metadata(field string, metadata map[string]*structpb.Value) {
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		if problem := corpus.KeyProblem(key); problem != "" {
			c.refuse(field, "%s", problem)
			continue
		}
		if _, problem := value.From(metadata[key]); problem != "" {
			c.refuse(fmt.Sprintf("%s.%.80s", field, key), "%s", problem)
		}
	}
}

func (c *checker) bytes(field string, n int) {
	if n == 0 {
		c.refuse(field, "is empty")
	}
	c.atMost(field, n, c.limits.DocumentBytes)
}

// limited returns the error of a field whose value is not allowed.
func limited(field, description, limit string, got any) error {
	return &corpus.InvalidError{Violations: []corpus.Violation{{
		Field: field, Description: description, Limit: limit, Got: fmt.Sprint(got),
	}}}
}

// metadataBytes returns the bytes of a document's fields other than text and body.
func metadataBytes(d *dalilv1.DocumentInput) int {
	n := len(d.GetTitle()) + len(d.GetUrl()) + len(d.GetRoot()) + len(d.GetSource()) + len(d.GetLanguage()) + len(d.GetAuthor()) +
		len(d.GetBody().GetMediaType())
	for _, tag := range d.GetTags() {
		n += len(tag) + 2
	}
	for _, group := range d.GetGroups() {
		n += len(group) + 2
	}
	for k, v := range d.GetMetadata() {
		n += len(k) + valueBytes(v) + 2
	}
	return n
}

func valueBytes(wire *structpb.Value) int {
	v, _ := value.From(wire)
	return v.Bytes()
}
