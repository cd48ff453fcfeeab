package server

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// UpsertDocuments writes several documents. A document beyond the limits fails alone.
func (s *documentService) UpsertDocuments(ctx context.Context, req *dalilv1.UpsertDocumentsRequest) (*dalilv1.UpsertDocumentsResponse, error) {
	requests := req.GetRequests()
	receipts := make([]corpus.Receipt, len(requests))
	done := make([]bool, len(requests))
	var places []int // of the documents that the write path gets
	var raws []corpus.Raw
	weight := int64(0)
	for i, one := range requests {
		if err := check(one, &s.options.Limits); err != nil {
			receipts[i], done[i] = corpus.Receipt{Outcome: corpus.Failed, Err: err}, true
			continue
		}
		r := raw(one.GetDocument())
		r.If = condition(one.GetIfMatch(), one.GetIfNoneMatch())
		places, raws, weight = append(places, i), append(raws, r), weight+s.weight(r)
	}
	if weight = min(weight, s.options.IngestBytes); weight > 0 {
		if err := s.budget.Acquire(ctx, weight); err != nil {
			return nil, err
		}
		defer s.budget.Release(weight)
		feed := make(chan corpus.Raw, len(raws))
		for _, r := range raws {
			feed <- r
		}
		close(feed)
		err := s.deps.Ingester.Ingest(ctx, feed, func(i int, r corpus.Receipt) { receipts[places[i]], done[places[i]] = r, true })
		if err != nil {
			return nil, err
		}
	}
	answer := &dalilv1.UpsertDocumentsResponse{}
	for i, r := range receipts {
		if !done[i] {
			return nil, errors.New("the write path returned no receipt")
		}
		d := requests[i].GetDocument()
		r.Err = inDocument(d, r.Err)
		s.record(ctx, d, &r)
		answer.Receipts = append(answer.Receipts, s.toReceipt(d.GetDocumentId(), r))
	}
	return answer, nil
}

// weighBatch returns an error for a batch whose documents would need far more memory than
// they have bytes, or that has far more requests than a batch may have.
func (b *inbox) weighBatch(data []byte, requests, document protowire.Number) error {
	n, most := 0, b.options.Limits.MetadataBytes
	for rest := data; len(rest) > 0; {
		number, kind, head := protowire.ConsumeTag(rest)
		if head < 0 {
			return nil // the decoder reports it
		}
		body := protowire.ConsumeFieldValue(number, kind, rest[head:])
		if body < 0 {
			return nil
		}
		if number == requests && kind == protowire.BytesType {
			inner, _ := protowire.ConsumeBytes(rest[head:])
			if beside, _ := documentBeside(inner, document); beside > besideTimes*most {
				return &corpus.InvalidError{Violations: []corpus.Violation{corpus.TooMuchMetadata(fmt.Sprintf("requests[%d].document", n), beside, most)}}
			}
			if n++; n > messageFields {
				return limited("requests", fmt.Sprintf("must have 1 to %d requests", b.options.Limits.Batch), fmt.Sprintf("1 to %d", b.options.Limits.Batch), fmt.Sprintf("more than %d", messageFields))
			}
		}
		rest = rest[head+body:]
	}
	return nil
}
