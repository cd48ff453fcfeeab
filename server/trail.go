package server

import (
	"context"

	"dalil/audit"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// receipts records what became of documents of a stream. It returns when that is
// written; if it cannot be written, it is kept and written later.
func (t *trail) receipts(answers []*dalilv1.IngestDocumentsResponse) {
	for len(answers) > 0 {
		n := min(len(answers), audit.MostDocuments)
		r := t.call
		r.Event, r.Outcomes = audit.Written, audit.Outcomes{}
		for _, a := range answers[:n] {
			r.Documents = append(r.Documents, a.GetReceipt().GetDocumentId())
			r.Outcomes[outcomeName(a.GetReceipt().GetOutcome())]++
		}
		answers = answers[n:]
		if len(answers) > 0 { // it is written together with the last one
			t.log.Post(r)
			continue
		}
		if t.log.Write(r) != nil {
			t.log.Post(r)
		}
	}
}

// mayChange returns why a document of a stream must not be written: the audit log cannot
// be written. A unary call is refused by begin.
func (r *serving) mayChange() error {
	if r.options.Audit == nil || !r.options.AuditRequired {
		return nil
	}
	if r.options.Audit.Err() != nil {
		return errUnaudited
	}
	return nil
}

// bytesPerToken is about how many bytes a token has; Arabic has fewer.
const bytesPerToken = 4

// chargeDocument waits until the caller of a stream may embed a document of this many
// bytes.
func (r *serving) chargeDocument(ctx context.Context, bytes int64) (settled func(), err error) {
	p, known := corpus.PrincipalOf(ctx)
	if r.options.Rates == nil || !known {
		return func() {}, nil
	}
	return r.options.Rates.Wait(ctx, p, int(bytes/bytesPerToken)+1)
}
